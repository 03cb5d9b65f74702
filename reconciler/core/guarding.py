"""What a guard is, what it looks at, and how steps are held back by what guards say."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.directory import Directory
from reconciler.core.handover import Handover
from reconciler.core.live import LiveState
from reconciler.core.step import (
    DeactivateToken,
    Inactivate,
    Operation,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What guards look at."""

    desired: DesiredState
    live: LiveState
    directory: Directory
    judged: tuple[Handover, ...]
    steps: tuple[Step, ...]
    last_declared: frozenset[str] = frozenset()
    """What the file declared when it was last applied; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Held:
    """Steps that a guard holds back, and why."""

    steps: tuple[str, ...]
    detail: str
    hint: str


@dataclass(frozen=True, slots=True)
class Guard:
    """`rule` is its name in diagnostics and in overrides; `is_final`: no reason is good enough to override it."""

    rule: str
    summary: str
    check: Callable[[Situation], Iterator[Held]]
    is_final: bool = False


EVERY_ROLE = "*"
"""In place of a role id: all that the person has."""


def taken_from(operation: Operation | None) -> tuple[str, str] | None:
    """The ids of employee and role that lose something by the operation, or None when it takes nothing away."""
    match operation:
        case DeactivateToken(token=token) | RevokeToken(token=token):
            return token.owner_id, token.role_id
        case RemoveRole(employee=employee, role=role):
            return employee.id, role.id
        case RemoveAccess(employee=employee) | Inactivate(employee=employee):
            return employee.id, EVERY_ROLE
    return None


Removal = tuple[Step, tuple[str, str]]
"""A step with the ids of employee and role that lose something by it."""


def removals_of(situation: Situation) -> list[Removal]:
    """Of the steps that are not done."""
    found = ((step, taken_from(step.operation)) for step in situation.steps if step.status is not Status.DONE)
    return [(step, taken) for step, taken in found if taken is not None]


def ids_of(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(step.id for step in steps)


def guarded(
    situation: Situation,
    guards: Sequence[Guard],
    overrides: Mapping[str, str] = MappingProxyType({}),
    wanted: Collection[str] | None = None,
) -> tuple[tuple[Step, ...], tuple[Diagnostic, ...]]:
    """The same steps with those that a guard holds back marked as blocked, and what the guards say.

    A guard's diagnostic is an error when it holds back a step that would be ready now, else a warning of what is to
    come, or of what an override lets happen.

    Args:
        situation: what the guards look at.
        guards: those that are asked.
        overrides: by the rule of a guard the reason why it shall not hold anything back now; a final one does anyway.
        wanted: the ids of the steps of which something is told, where others are not shown; all are looked at, for a
            guard counts what is due, and not what is asked for.
    """
    held: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    wanted = {step.id for step in situation.steps} if wanted is None else wanted
    ready = {step.id for step in situation.steps if step.status is Status.READY and step.id in wanted}
    by_id = {step.id: step for step in situation.steps}
    for guard in guards:
        reason = None if guard.is_final else overrides.get(guard.rule)
        for verdict in guard.check(situation):
            due = ready.intersection(verdict.steps) if reason is None else set()
            for step_id in verdict.steps if reason is None else ():
                held.setdefault(step_id, guard.rule)
            if not any(step_id in wanted for step_id in verdict.steps):
                continue
            outcome = "Held back" if reason is None else f"Overridden ({reason}), so not held back"
            first = by_id[min(due, default=verdict.steps[0])]
            names = "; ".join(by_id[step_id].summary for step_id in verdict.steps)
            diagnostics.append(
                Diagnostic(
                    Severity.ERROR if due else Severity.WARNING,
                    guard.rule,
                    guard.summary,
                    f"{verdict.detail} {outcome}: {names}.",
                    first.address,
                    situation.desired.guards.positions.get(guard.rule.replace("-", "_")),
                    verdict.hint,
                )
            )
    return tuple(_held_back(step, held) for step in situation.steps), tuple(diagnostics)


def _held_back(step: Step, held: dict[str, str]) -> Step:
    rule = held.get(step.id)
    if rule is None or step.status is not Status.READY:
        return step
    return replace(step, status=Status.BLOCKED, instructions=(), note=f"held back by guard {rule}")
