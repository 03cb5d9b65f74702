"""What was approved is what is applied: a saved plan against the one that was made anew."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from reconciler.core.change import Change, Side
from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.digest import digest
from reconciler.core.directory import Directory
from reconciler.core.employees import resolve_employees
from reconciler.core.errors import StalePlanError
from reconciler.core.handover import handover
from reconciler.core.live import LiveState
from reconciler.core.plan import Plan
from reconciler.core.progress import Moved, Prediction
from reconciler.core.resolve import resolve
from reconciler.core.step import Actor, Step

RULE = "stale-plan"
AGAIN = "make a new plan, have it approved, and apply that one"


@dataclass(frozen=True, slots=True)
class Approval:
    """A saved plan, which approves the whole handover: it may be applied until its changes are gone.

    Its steps are only compared, never carried out.
    """

    plan: Plan

    def require_unmoved(self, desired: DesiredState, live: LiveState, now: Plan) -> None:
        """Nothing but predicted progress lies between the approved plan and the one made now.

        Raises:
            StalePlanError: something else does; it names each fact that moved.
        """
        problems = tuple(self._problems(desired, live, now))
        if problems:
            raise StalePlanError(problems)

    def covers(self, step: Step) -> bool:
        """Whether the approved plan lists this very step."""
        return any((one.id, one.kind, one.address) == (step.id, step.kind, step.address) for one in self.plan.steps)

    def _problems(self, desired: DesiredState, live: LiveState, now: Plan) -> Iterator[Diagnostic]:
        approved = self.plan
        for what, then, is_now in (
            ("account", approved.account, now.account),
            ("emulator", str(approved.emulator).lower(), str(now.emulator).lower()),
            ("--only", _part(approved), _part(now)),
        ):
            if then != is_now:
                yield _stale(f"The plan was made for {what} {then}, and {desired.file} says {is_now}.")
                return
        if digest(desired, approved.observed, approved.only) != approved.digest:
            yield _stale(
                f"{desired.file} is not what it was when the plan was made, or the plan was changed by hand: its "
                "digest does not fit."
            )
            return
        moved = _prediction(desired, live).moved(approved.observed, now.observed)
        yield from (_stale(_told(one)) for one in moved)
        if moved:
            return
        uncovered = [step for step in now.ready(Actor.RECONCILER) if not self.covers(step)]
        yield from (_stale(f"The plan has no step to {step.summary}, which would be next.") for step in uncovered)
        if not uncovered and frozenset(approved.observed) == frozenset(now.observed):
            yield from map(_stale, _edited(approved, now))


def _edited(approved: Plan, now: Plan) -> Iterator[str]:
    """Where nothing has moved, whoever read the file must have read what the facts lead to, whatever is next."""
    then, is_now = _read(approved), _read(now)
    yield from (f"The plan says: {what}; the facts that it rests on do not lead to that." for what in then - is_now)
    yield from (f"The plan does not say: {what}; the facts that it rests on lead to that." for what in is_now - then)


def _read(plan: Plan) -> Counter[str]:
    """What a plan says to its reader, in no order: that is the order of the file, which may change."""
    steps = (
        f"{one.actor}: {one.summary} ({one.kind} {one.id}, {one.address}, after {_after(one)})" for one in plan.steps
    )
    return Counter([*steps, *(_told_of_change(one) for one in plan.changes)])


def _after(step: Step) -> str:
    return ", ".join(step.needs) or "nothing"


def _told_of_change(one: Change) -> str:
    return f"{one.action} {one.address} from {_side(one.before)} to {_side(one.after)} ({one.reason})"


def _side(side: Side | None) -> str:
    return " ".join(value for value in asdict(side).values() if value) if side is not None else "nothing"


def _prediction(desired: DesiredState, live: LiveState) -> Prediction:
    directory = Directory(live)
    resolved, _ = resolve(desired, directory)
    people, _ = resolve_employees(desired, directory, resolved)
    return Prediction((handover(one, live) for one in resolved), people)


def _part(plan: Plan) -> str:
    return " ".join(plan.only) or "everything"


def _told(one: Moved) -> str:
    if one.approved is None:
        return f"{one.fact} was not there when the plan was made; now: {one.now}."
    if one.now is None:
        return f"{one.fact} is no longer there; when the plan was made: {one.approved}."
    return f"{one.fact} was: {one.approved}; is now: {one.now}."


def _stale(detail: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, RULE, "The approved plan is stale", detail, hint=AGAIN)
