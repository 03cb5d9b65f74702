"""Whatever NetSuite answers: no traceback, a published exit code, and no removal that the truth forbids."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

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
from tests.reliability.mutations import MAY_BE_NULL, Mutation, is_another_truth, mutated, mutations
from tests.reliability.people import People
from tests.support.in_process import Handler, in_process, response

USUALLY = 300
EXAMPLES = int(os.environ.get("MUTATED_ANSWERS", str(USUALLY)))
TOWN = Path(__file__).with_name("town.yaml")
MOST_STAGES = 20
STAGES = 8
# No plan of this account sends more.
MOST_REQUESTS = 15
usual = settings(max_examples=EXAMPLES, derandomize=False, suppress_health_check=list(HealthCheck))


@dataclass
class Handover:
    """One account at every stage of a handover, from where nothing was done to where nothing is left."""

    town: Everything
    seconds: list[int] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def __repr__(self) -> str:
        # Hypothesis tells with what it failed, and stops at a text as long as that of all these plans.
        return "handover"

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
        if is_another_truth(true.content, body):
            return true
        return response(request, true.status_code, body, true.headers)

    return Disturbance(at, happens)


@pytest.mark.parametrize("stage", range(STAGES))
def test_a_row_without_one_of_its_columns_takes_nothing_away_that_the_truth_does_not(
    handover: Handover, stage: int
) -> None:
    """Every column of every row of every answer, one at a time."""
    assert len(handover.plans) == STAGES
    wrong = []
    for at in range(1, MOST_REQUESTS):
        _, answered = planned(handover, stage, at, lambda _: None)
        for number, column in cells(answered):
            plan, _ = planned(handover, stage, at, partial(without, number, column))
            more = removals(plan) - removals(handover.plans[stage])
            # A flag that is not there is a null, and a null is not true: what was done is asked for once more.
            again = {f"{kind}-token/{answered[number].get('id')}" for kind in ("deactivate", "revoke")}
            if more - (again if column in MAY_BE_NULL else set()):
                wrong.append((at, column, answered[number], more))

    assert wrong == []


def without(number: int, column: str, rows: list[dict[str, Any]]) -> None:
    del rows[number][column]


def cells(rows: Sequence[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(number, column) for number, row in enumerate(rows) for column in row]


def planned(
    handover: Handover, stage: int, at: int, change: Callable[[list[dict[str, Any]]], object]
) -> tuple[Plan | None, list[dict[str, Any]]]:
    """The plan where the rows of one answer are changed, and those rows as they were."""
    were: list[dict[str, Any]] = []

    def happens(_: Frame, request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        true = pass_on(request)
        document = json.loads(true.content)
        were.extend(json.loads(true.content).get("items", ()))
        change(document.get("items", []))
        return response(request, true.status_code, json.dumps(document).encode(), true.headers)

    handover.at(stage)
    _, frame = handover.town.command("north", "plan", "north", disturbance=Disturbance(at, happens))
    return frame.plan, were


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
