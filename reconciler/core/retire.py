"""Previous owners: who may lose the role of a token, and what still needs it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.core.change import Action, Change, HeldRole, Reason
from reconciler.core.desired import DesiredState, PreviousOwner
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.employees import ResolvedEmployee, needed_by_integrations
from reconciler.core.handover import Handover, address_of_roles
from reconciler.core.live import ADMINISTRATOR, Employee, LiveState, Role, Token
from reconciler.core.step import Item, RemoveRole, RevokeToken


@dataclass(frozen=True, slots=True)
class Retirement:
    """A previous owner who still holds the role of a token; `handovers` are those they are the previous owner of."""

    employee: Employee
    role: Role
    handovers: tuple[Handover, ...]


@dataclass(frozen=True, slots=True)
class Retirements:
    """What is to be taken from previous owners, in which steps, and what keeps some of it."""

    changes: tuple[Change, ...]
    items: tuple[Item, ...]
    diagnostics: tuple[Diagnostic, ...]


def retirements(
    desired: DesiredState,
    live: LiveState,
    judged: Sequence[Handover],
    people: Sequence[ResolvedEmployee],
    items: Sequence[Item],
) -> Retirements:
    """Plan the removal of token roles from previous owners, where nothing declared or undeclared still needs them.

    Args:
        desired: the file.
        live: the account.
        judged: every integration that could be resolved.
        people: every listed person who could be; what the file asks them to hold is never taken away here.
        items: the operations planned so far; a token that they revoke does not stand in the way.
    """
    to_be_revoked = {item.operation.token.id for item in items if isinstance(item.operation, RevokeToken)}
    needed = _tokens_that_need(live, to_be_revoked)
    doubtful = _roles_of_unresolved(desired, judged, people)
    changes: list[Change] = []
    removals: list[Item] = []
    diagnostics: list[Diagnostic] = []
    for retirement in _candidates(live, judged, people):
        employee, role = retirement.employee, retirement.role
        stays = needed.get((employee.id, role.id), [])
        if stays:
            diagnostics.append(_still_needed(retirement, stays))
        elif not doubtful & {role.name, (role.script_id or role.name).lower()}:
            changes.append(_change(retirement))
            removals.append(_item(retirement))
    return Retirements(tuple(changes), tuple(removals), tuple(diagnostics))


def _candidates(
    live: LiveState, judged: Sequence[Handover], people: Sequence[ResolvedEmployee]
) -> Iterator[Retirement]:
    staying = needed_by_integrations([one.resolved for one in judged])
    staying |= {(one.person.id, role.id) for one in people for role, _ in one.roles}
    kept: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], list[Handover]] = {}
    for one in judged:
        for employee_id in _previous_owners(one):
            key = employee_id, one.resolved.token_role.id
            if one.resolved.desired.previous_owner is PreviousOwner.KEEP:
                kept.add(key)
            elif _may_lose(key, live, one) and key not in staying:
                found.setdefault(key, []).append(one)
    for key in sorted(found.keys() - kept):
        handovers = tuple(found[key])
        yield Retirement(live.employees_by_id[key[0]], handovers[0].resolved.token_role, handovers)


def _may_lose(key: tuple[str, str], live: LiveState, one: Handover) -> bool:
    """Whether a previous owner holds the role at all; Administrator is never taken away as the role of a token."""
    employee_id, role_id = key
    return (
        one.removes
        and one.resolved.standby_known
        and role_id != ADMINISTRATOR
        and employee_id in live.employees_by_id
        and live.holds(*key)
    )


def _previous_owners(one: Handover) -> set[str]:
    """The owners of any token row of the application, revoked ones included, and whoever logged in for it."""
    role = one.resolved.token_role.id
    owners = {token.owner_id for token in one.resolved.tokens}
    users = {group.user_id for group in one.resolved.logins if group.success and group.role_id == role}
    return (owners | users) - {one.resolved.owner.id, ""}


def _tokens_that_need(live: LiveState, to_be_revoked: set[str]) -> dict[tuple[str, str], list[Token]]:
    needed: dict[tuple[str, str], list[Token]] = {}
    for token in live.tokens:
        if token.live and token.id not in to_be_revoked:
            needed.setdefault((token.owner_id, token.role_id), []).append(token)
    return needed


def _roles_of_unresolved(
    desired: DesiredState, judged: Sequence[Handover], people: Sequence[ResolvedEmployee]
) -> set[str]:
    """Roles that an entry with a problem needs from somebody who could not be told."""
    resolved = {one.resolved.desired.key for one in judged} | {one.desired.key for one in people}
    integrations = [one for one in desired.integrations if one.key not in resolved]
    employees = [one for one in desired.employees if one.key not in resolved]
    names = {name for one in integrations for name in (one.token_role, *one.required_roles)}
    names.update(name for one in employees for name in one.roles)
    return names | {name.lower() for name in names}


def _still_needed(retirement: Retirement, tokens: Sequence[Token]) -> Diagnostic:
    names = ", ".join(f'"{token.name}" of {token.application}' for token in sorted(tokens))
    desired = retirement.handovers[0].resolved.desired
    return Diagnostic(
        Severity.INFO,
        "role-still-needed",
        "Role is still needed",
        f"{retirement.employee.label} keeps {retirement.role.name}: without it their token {names} would stop working.",
        address_of_roles(retirement.employee.label),
        desired.at("previous_owner", "owner"),
    )


def _change(retirement: Retirement) -> Change:
    return Change(
        address_of_roles(retirement.employee.label),
        Action.DELETE,
        HeldRole(retirement.role.name, "previous owner"),
        None,
        Reason.PREVIOUS_OWNER,
        retirement.handovers[0].resolved.desired.at("previous_owner", "owner"),
    )


def _item(retirement: Retirement) -> Item:
    applications = tuple(sorted(one.resolved.desired.application for one in retirement.handovers))
    held_back = next((why for one in retirement.handovers if (why := _why_held_back(one))), None)
    return Item(
        RemoveRole(retirement.employee, retirement.role, applications),
        address_of_roles(retirement.employee.label),
        hold=held_back,
    )


def _why_held_back(one: Handover) -> str | None:
    if one.evidence.indistinguishable():
        return "two live tokens of the application cannot be told apart"
    if one.keep is not None and not one.evidence.can_log_in(one.keep):
        return "the token that shall stay cannot log in yet"
    return None
