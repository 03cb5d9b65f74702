"""Steps that people and time do, from one apply to the next: when each was asked for, and when it was seen done.

NetSuite does not tell when a token was made inactive or revoked (netsuite.md 6.4); what applies see sets bounds to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.core.desired import DesiredState
from reconciler.core.live import IntegrationState, LiveState
from reconciler.core.outcome import Outcome
from reconciler.core.plan import Plan
from reconciler.core.step import Actor, Status, Step

NO_LONGER: Final = "no longer asked for"
SEEN: Final = "seen in NetSuite"


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that waits for a person or for time."""

    id: str
    kind: str
    address: str
    summary: str

    @classmethod
    def of(cls, step: Step) -> "Asked":
        return cls(step.id, step.kind, step.address, step.summary)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a fresh read shows of it: it waits, is done, or is no longer asked for (skipped)."""

    step: Asked
    outcome: Outcome
    message: str = ""


def news(told: Mapping[str, Asked], desired: DesiredState, plan: Plan, live: LiveState) -> Iterator[Seen]:
    """What the journal does not know yet.

    Args:
        told: by their ids the steps of which the journal says that they wait.
        desired: the file.
        plan: the whole plan that a fresh read gave.
        live: what was read.
    """
    steps = {step.id: step for step in plan.steps}
    of_others = {key for key, one in told.items() if key in steps and _is_for_somebody_else(one, steps[key])}
    for one in told.values():
        step = None if one.id in of_others else steps.get(one.id)
        if (step is not None and step.status is Status.DONE) or (step is None and _is_done(one, desired, plan, live)):
            yield Seen(one, Outcome.DONE, SEEN)
        elif step is None and plan.complete:
            yield Seen(one, Outcome.SKIPPED, NO_LONGER)
    known = told.keys() - of_others
    for step in plan.steps:
        waits = step.actor is not Actor.RECONCILER and step.status in {Status.READY, Status.WAITING}
        if waits and step.id not in known:
            yield Seen(Asked.of(step), Outcome.WAITING)


def _is_for_somebody_else(one: Asked, step: Step) -> bool:
    """These two are named by their application alone, and the file may name another owner by now."""
    return one.kind in {"create-token", "enter-credentials"} and one.summary != step.summary


def _is_done(one: Asked, desired: DesiredState, plan: Plan, live: LiveState) -> bool:
    """Whether a step that the plan has no more is so because what it asked for is there."""
    if not plan.complete:
        return False
    subject, _, role_id = one.id.removeprefix(f"{one.kind}/").partition("/")
    token = next((token for token in live.tokens if token.id == subject), None)
    person = live.employees_by_id.get(subject)
    match one.kind:
        case "revoke-token":
            return token is not None and token.revoked
        case "deactivate-token":
            return token is not None and not token.live
        case "create-token" | "enter-credentials":
            declared = any(one.address.startswith(f"{each.address}.") for each in desired.integrations)
            return declared and all(change.address != one.address for change in plan.changes)
        case "enable-integration":
            application = one.id.removeprefix(f"{one.kind}/")
            records = [record for record in live.integrations if record.name == application]
            return any(record.state is IntegrationState.ENABLED for record in records)
        case "grant-role":
            return live.holds(subject, role_id)
        case "remove-role":
            return person is not None and not live.holds(subject, role_id)
        case "activate" | "inactivate":
            return person is not None and person.active is (one.kind == "activate")
        case "give-access" | "remove-access":
            return person is not None and person.access is (one.kind == "give-access")
    return False
