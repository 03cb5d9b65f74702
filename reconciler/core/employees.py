"""Access beyond token ownership: what differs for the people that a file lists, and the operations it takes.

What takes something away from a person waits until none of their tokens, declared or not, has logged in for as long as
the file calls recent (design section 5).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reconciler.core.change import Action, Change, HeldRole, Reason, RecordState
from reconciler.core.desired import DesiredEmployee, DesiredState
from reconciler.core.diagnostics import Diagnostic, Position
from reconciler.core.directory import Directory
from reconciler.core.evidence import length_shown, shown
from reconciler.core.live import Employee, Gapped, LiveState, Role
from reconciler.core.resolve import Resolved
from reconciler.core.search import Search
from reconciler.core.step import Activate, GiveAccess, GrantRole, Inactivate, Item, RemoveAccess, RemoveRole

# Without the permissions of the own role, nobody knows whether the trail shows all its rows: silence proves nothing.
_NEEDED_TO_TAKE_AWAY = (Gapped.TOKENS, Gapped.LOGINS, Gapped.AUDIT_CLOCK, Gapped.PERMISSIONS)
USUALLY_RECENT = timedelta(days=7)
"""How long a person's tokens must have been silent where no integration of the file says `seen_within`."""


@dataclass(frozen=True, slots=True)
class ResolvedEmployee:
    """A listed person with their record and the roles they shall hold.

    `surplus` are the roles they hold beyond an exact list, without those that an integration needs from them.
    """

    desired: DesiredEmployee
    person: Employee
    roles: tuple[tuple[Role, Position], ...]
    surplus: tuple[Role, ...]


def recent(desired: DesiredState) -> timedelta:
    """How long a login counts as recent in this environment: the longest `seen_within` of its integrations."""
    declared = [one.seen_within for one in desired.integrations if one.seen_within is not None]
    return max(declared, default=USUALLY_RECENT)


def resolve_employees(
    desired: DesiredState, directory: Directory, integrations: Sequence[Resolved]
) -> tuple[tuple[ResolvedEmployee, ...], tuple[Diagnostic, ...]]:
    """Every listed person who was found with all their roles, and why the others were not."""
    needed = needed_by_integrations(integrations)
    owners = _owners(desired, directory)
    searches = [Search(entry, directory) for entry in desired.employees]
    found = [_found(entry, search, needed) for entry, search in zip(desired.employees, searches, strict=True)]
    entries: dict[str, list[str]] = {}
    for one in found:
        if one is not None:
            entries.setdefault(one.person.id, []).append(one.desired.address)
    for one, search in zip(found, searches, strict=True):
        if one is not None:
            _refuse_contradictions(one, search, owners, entries[one.person.id])
    kept = [one for one, search in zip(found, searches, strict=True) if one is not None and not search.problems]
    return tuple(kept), tuple(problem for search in searches for problem in search.problems)


def _owners(desired: DesiredState, directory: Directory) -> Mapping[str, str]:
    """By employee id the key of an integration that they are declared to own, whether or not it can be planned."""
    return {
        person.id: integration.key
        for integration in desired.integrations
        for person in directory.active_people(integration.owner) or directory.people(integration.owner)
    }


def _refuse_contradictions(
    one: ResolvedEmployee, search: Search, owners: Mapping[str, str], entries: Sequence[str]
) -> None:
    """What files are checked for by the names they use is checked here by who is meant (design section 3)."""
    entry, key = one.desired, owners.get(one.person.id)
    if key is not None and (entry.active is False or entry.access is False):
        search.complain(
            "owner-contradicts-employees",
            "An owner is to lose access",
            f"{one.person.label} is declared to own the token of integrations.{key}, and here to lose access or to "
            "become inactive: no token of theirs could log in.",
            "active" if entry.active is False else "access",
            "name another owner first, in a change of its own",
        )
    if len(entries) > 1:
        search.complain(
            "duplicate-person",
            "Somebody is listed twice",
            f"{one.person.label} is meant by {' and '.join(entries)}: what is asked of them cannot be told.",
            "",
            "put the entries into one",
        )


def _found(entry: DesiredEmployee, search: Search, needed: set[tuple[str, str]]) -> ResolvedEmployee | None:
    if search.undecided(str(entry.person)):
        return None
    person = search.anybody(entry.person, "")
    roles = [
        (role, entry.at(f"roles.{index}", "roles"))
        for index, name in enumerate(entry.roles)
        if (role := search.role(name, f"roles.{index}"))
    ]
    if person is None or search.problems:
        return None
    live = search.directory.live
    wanted = {role.id for role, _ in roles}
    held = live.roles_of.get(person.id, frozenset()) if entry.exactly else frozenset()
    surplus = sorted(
        live.roles_by_id.get(role_id) or Role(role_id, f"role {role_id}", None, active=False)
        for role_id in held - wanted
        if (person.id, role_id) not in needed
    )
    return ResolvedEmployee(entry, person, tuple(roles), tuple(surplus))


def needed_by_integrations(integrations: Sequence[Resolved]) -> set[tuple[str, str]]:
    """Who needs which role as an owner or standby; an exact list never takes it away."""
    needed: set[tuple[str, str]] = set()
    for one in integrations:
        needed |= {(person.id, one.token_role.id) for person in (one.owner, *one.standby)}
        needed |= {(one.owner.id, role.id) for role, _ in one.required}
    return needed


def employee_changes(one: ResolvedEmployee, live: LiveState) -> Iterator[Change]:
    """What differs for one person."""
    entry, person = one.desired, one.person
    for key, wanted, is_so, words in (
        ("active", entry.active, person.active, ("active", "inactive")),
        ("access", entry.access, person.access, ("access", "no access")),
    ):
        if wanted is not None and wanted != is_so:
            before, after = (RecordState(words[0] if value else words[1]) for value in (is_so, wanted))
            reason = Reason.ACTIVE_DIFFERS if key == "active" else Reason.ACCESS_DIFFERS
            yield Change(f"{entry.address}.{key}", Action.UPDATE, before, after, reason, entry.at(key))
    for role, position in one.roles:
        if not live.holds(person.id, role.id):
            after_role = HeldRole(role.name, "declared")
            yield Change(f"{entry.address}.roles", Action.CREATE, None, after_role, Reason.ROLE_MISSING, position)
    for role in one.surplus:
        before_role = HeldRole(role.name, "not declared")
        position = entry.at("roles")
        yield Change(f"{entry.address}.roles", Action.DELETE, before_role, None, Reason.ROLE_NOT_DECLARED, position)


def employee_items(
    one: ResolvedEmployee, live: LiveState, within: timedelta, owners_in_doubt: Mapping[str, str]
) -> Iterator[Item]:
    """The operations for one person, with why one that takes something away has to wait.

    Args:
        one: the person.
        live: the account.
        within: how long a login counts as recent.
        owners_in_doubt: by employee id, an application that could not be planned and of which they own a token.
    """
    entry, person = one.desired, one.person
    used = _why_still_used(person, live, within)
    if used is None and person.id in owners_in_doubt:
        used = f"they own a token of {owners_in_doubt[person.id]}, which could not be planned"
    if entry.active and not person.active:
        yield Item(Activate(person), f"{entry.address}.active")
    for role, _ in one.roles:
        if not live.holds(person.id, role.id):
            yield Item(GrantRole(person, role, for_token=False), f"{entry.address}.roles")
    if entry.access and not person.access:
        yield Item(GiveAccess(person), f"{entry.address}.access")
    for role in one.surplus:
        yield Item(RemoveRole(person, role, ()), f"{entry.address}.roles", hold=used)
    if entry.access is False and person.access:
        yield Item(RemoveAccess(person), f"{entry.address}.access", hold=used)
    if entry.active is False and person.active:
        yield Item(Inactivate(person), f"{entry.address}.active", hold=used)


def _why_still_used(person: Employee, live: LiveState, within: timedelta) -> str | None:
    if is_silent(person.id, live, within):
        return None
    last = live.last_token_logins.get(person.id)
    if last is None or live.unread(*_NEEDED_TO_TAKE_AWAY):
        return "cannot be judged: whether a token of theirs logged in lately could not be read"
    return f"a token of theirs logged in at {shown(last)}; waits until {length_shown(within)} have passed without one"


def is_silent(employee_id: str, live: LiveState, within: timedelta) -> bool:
    """True only when it is known that no token of a watched person has logged in for so long."""
    if employee_id not in live.last_token_logins or live.unread(*_NEEDED_TO_TAKE_AWAY):
        return False
    last = live.last_token_logins[employee_id]
    return last is None or live.read_at - last >= within


def owners_in_doubt(desired: DesiredState, integrations: Sequence[Resolved], directory: Directory) -> Mapping[str, str]:
    """Who owns a token of an application that is declared and could not be planned: nobody knows what follows it."""
    planned = {one.desired.key for one in integrations}
    return {
        token.owner_id: integration.application
        for integration in desired.integrations
        if integration.key not in planned
        for token in directory.tokens(integration.application)
        if not token.revoked
    }


def losing_something(desired: DesiredState) -> Iterator[DesiredEmployee]:
    """The listed people from whom something may be taken, whose tokens therefore have to be watched."""
    return (one for one in desired.employees if one.active is False or one.access is False or one.exactly)
