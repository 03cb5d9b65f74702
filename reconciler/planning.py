"""Looking at an account and planning; nothing that it loads can write."""

from dataclasses import dataclass, replace

from reconciler.core.desired import DesiredState
from reconciler.core.live import LiveState
from reconciler.core.permissions import permission_differences, roles_to_read
from reconciler.core.plan import NO_OVERRIDES, Overrides, Plan, build_plan, scope_of
from reconciler.core.selection import EVERYTHING, Selection
from reconciler.ports import LiveReader, PermissionReader


@dataclass(frozen=True, slots=True)
class Look:
    """What one read of the account gave, and the plan that follows from it."""

    live: LiveState
    plan: Plan
    whole: Plan
    """The same but for a selection, which `plan` is the part of."""


def look(
    desired: DesiredState,
    reader: LiveReader,
    overrides: Overrides = NO_OVERRIDES,
    selection: Selection = EVERYTHING,
) -> Look:
    """Read the account and plan; the only way to a plan, for planning and applying alike.

    Raises:
        NetSuiteError: the login was refused, or the account could not be reached.
        UsageError: the selection names an address that is not there.
    """
    live = reader.read(scope_of(desired))
    whole = build_plan(desired, live, overrides=overrides)
    part = build_plan(desired, live, overrides=overrides, selection=selection) if selection.globs else whole
    return Look(live, part, whole)


def with_permissions(seen: Look, reader: PermissionReader) -> Plan:
    """The plan with what its role changes mean for what people may do; asks only about the roles concerned."""
    plan = seen.plan
    roles = roles_to_read(plan.steps, seen.live)
    permissions = reader.permissions(roles) if roles else {}
    return replace(plan, permissions=permission_differences(plan.steps, seen.live, permissions))
