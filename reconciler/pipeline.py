"""The product's verbs, each readable from top to bottom: look at an account, plan, apply."""

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.core.desired import DesiredState
from reconciler.core.errors import NetSuiteError
from reconciler.core.identity import require_declared_login
from reconciler.core.live import LiveState
from reconciler.core.outcome import ApplyReport, StepResult, settled
from reconciler.core.plan import Plan, build_plan, scope_of
from reconciler.core.step import Actor
from reconciler.executor import execute
from reconciler.ports import LiveReader, RoleWriter


@dataclass(frozen=True, slots=True)
class Look:
    """What one read of the account gave, and the plan that follows from it."""

    live: LiveState
    plan: Plan


def look(desired: DesiredState, reader: LiveReader) -> Look:
    """Read the account and plan; the only way to a plan, for planning and applying alike.

    Raises:
        NetSuiteError: the login was refused, or the account could not be reached.
    """
    live = reader.read(scope_of(desired))
    return Look(live, build_plan(desired, live))


def apply(
    desired: DesiredState,
    reader: LiveReader,
    open_writer: Callable[[], RoleWriter],
    approve: Callable[[Plan], bool],
    tell: Callable[[StepResult], None],
) -> ApplyReport:
    """Carry out what can be done now, look again, and go on until only people and time are left.

    Args:
        desired: the file.
        reader: reads the account; cannot write.
        open_writer: makes the writing login; called only when there is something to write.
        approve: asked once, with the plan, before the first write.
        tell: told of each step as it ends.

    Raises:
        NetSuiteError: a login was refused or is not who the file says, or the account could not be reached; nothing
            was written.
    """
    first = now = look(desired, reader)
    if first.plan.not_carried_out or not first.plan.ready(Actor.RECONCILER):
        return ApplyReport(first.plan, first.plan)
    if not approve(first.plan):
        return ApplyReport(first.plan, first.plan, declined=True)
    writer = open_writer()
    require_declared_login(desired, first.live, writer.identity())
    results: list[StepResult] = []
    tried: set[str] = set()
    while steps := [step for step in now.plan.ready(Actor.RECONCILER) if step.id not in tried]:
        for result in execute(steps, now.live, writer):
            tell(result)
            results.append(result)
        tried.update(step.id for step in steps)
        try:
            now = look(desired, reader)
        except NetSuiteError as error:
            return ApplyReport(first.plan, now.plan, tuple(results), unverified=error.message)
    return ApplyReport(first.plan, now.plan, settled(tuple(results), now.plan))
