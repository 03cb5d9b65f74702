"""Whatever NetSuite answers: no traceback, a published exit code, and no removal that the truth forbids."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.cli.exit_codes import ExitCode
from reconciler.core.guarding import taken_from
from reconciler.core.plan import Plan
from reconciler.core.step import Actor, Status
from tests.reliability.applying import Disturbance, Everything, Frame, everything
from tests.reliability.files import CONNECTOR, LAST_WORD
from tests.reliability.mutations import Mutation, mutated, mutations
from tests.reliability.people import People
from tests.support.in_process import Handler, in_process, response

USUALLY = 300
EXAMPLES = int(os.environ.get("MUTATED_ANSWERS", str(USUALLY)))
TOWN = Path(__file__).with_name("town.yaml")
MOST_STAGES = 20
usual = settings(max_examples=EXAMPLES, derandomize=False, suppress_health_check=list(HealthCheck))


@dataclass(repr=False)  # Hypothesis tells with what it failed, and stops at texts as long as all these plans
class Handover:
    """One account at every stage of a handover, from where nothing was done to where nothing is left."""

    town: Everything
    seconds: list[int] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def at(self, stage: int) -> int:
        number = stage % len(self.plans)
        self.town.account.door(f"snapshots/stage-{number}/restore", {})
        self.town.account.seconds = self.seconds[number]
        shutil.rmtree(self.town.account.folder / ".reconciler", ignore_errors=True)
        return number

    def carry_out(self) -> None:
        people = People(self.town.account)
        for number in range(MOST_STAGES):
            self.town.account.door(f"snapshots/stage-{number}", {})
            self.seconds.append(self.town.account.seconds)
            _, frame = self.town.command("north", "plan", "north")
            assert frame.plan is not None
            self.plans.append(frame.plan)
            ready = frame.plan.ready(Actor.PERSON)
            if frame.plan.ready(Actor.RECONCILER):
                self.town.command("north", "apply", "north", "--auto-approve")
            elif ready:
                people.follow(ready[0])
            elif not any(step.status is Status.WAITING for step in frame.plan.steps):
                return
            for _ in range(2):
                self.town.account.seconds += 1800
                people.order(CONNECTOR)
        raise AssertionError("the handover did not come to its end")


@pytest.fixture(scope="module")
def handover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handover]:
    with in_process(tmp_path_factory.mktemp("answers"), TOWN) as account, everything(account) as town:
        town.begin()
        account.write("north", LAST_WORD["north"])
        made = Handover(town)
        made.carry_out()
        yield made


def removals(plan: Plan | None) -> set[str]:
    steps = plan.steps if plan is not None else ()
    return {step.id for step in steps if step.status is Status.READY and taken_from(step.operation) is not None}


def garbled(mutation: Mutation, at: int) -> Disturbance:
    """One answer with a mutation in it."""

    def happens(_: Frame, request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        true = pass_on(request)
        body = mutated(true.content, mutation) if true.content else b"null"
        return response(request, true.status_code, body, true.headers)

    return Disturbance(at, happens)


@usual
@given(stage=st.integers(0, MOST_STAGES), at=st.integers(1, 14), mutation=mutations)
def test_a_plan_from_a_garbled_answer_takes_nothing_away_that_the_truth_does_not(
    handover: Handover, stage: int, at: int, mutation: Mutation
) -> None:
    number = handover.at(stage)
    _, frame = handover.town.command("north", "plan", "north", disturbance=garbled(mutation, at))

    assert removals(frame.plan) <= removals(handover.plans[number])


@usual
@given(stage=st.integers(0, MOST_STAGES), at=st.integers(1, 35), mutation=mutations)
def test_an_apply_among_garbled_answers_is_repaired_by_running_again(
    handover: Handover, stage: int, at: int, mutation: Mutation
) -> None:
    handover.at(stage)
    handover.town.command("north", "apply", "north", "--auto-approve", disturbance=garbled(mutation, at))
    said, frame = handover.town.command("north", "apply", "north", "--auto-approve")

    assert said.code in {ExitCode.OK, ExitCode.GUARDED}, said.err
    assert frame.plan is not None
    assert not frame.plan.ready(Actor.RECONCILER)
