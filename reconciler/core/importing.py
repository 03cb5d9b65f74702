"""From an account to the file that would declare it as it is; what is not clear is left for a person to decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reconciler.core.desired import (
    DesiredIntegration,
    DesiredState,
    PreviousOwner,
    quoted,
)
from reconciler.core.diagnostics import Position, Severity
from reconciler.core.directory import Directory
from reconciler.core.import_doubts import doubts, is_own
from reconciler.core.import_facts import ImportedEmployee, ImportedIntegration, day
from reconciler.core.live import ADMINISTRATOR, Employee, Gapped, LiveState, Scope, Token
from reconciler.core.naming import address_of, can_be_written, name_of_person, name_of_role, names_of
from reconciler.core.plan import build_plan
from reconciler.core.selection import selected

CONNECTORS = frozenset({"NetSuite Connector", "FarApp"})
"""Applications whose owner has to be an Administrator (netsuite.md 1.1; the second name: netsuite-2.md 4)."""

# How long an integration may be silent before that is drift: the first that is twice its longest silence so far.
_SILENCES = (timedelta(days=7), timedelta(days=30), timedelta(days=90))


@dataclass(frozen=True, slots=True)
class Choice:
    """What of an account shall be written.

    `without_tokens` also takes applications that no token was ever made for; `employees` declares who owns a token
    with access and roles; `globs` select addresses; `known` is what the file declares already, whose addresses and
    settings are kept; `elsewhere` are applications that another file declares.
    """

    without_tokens: bool = False
    employees: bool = False
    globs: tuple[str, ...] = ()
    known: tuple[DesiredIntegration, ...] = ()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file for this account would say, in order; `left_out` are sentences on what it does not mention."""

    integrations: tuple[ImportedIntegration, ...] = ()
    employees: tuple[ImportedEmployee, ...] = ()
    left_out: tuple[str, ...] = ()


def first_scope() -> Scope:
    """Tokens, records, roles and administrators are read whatever the scope; they say what to read next."""
    return Scope((), (), ())


def scope_to_import(first: LiveState, choice: Choice, logins: DesiredState) -> Scope:
    """What else has to be read: the logins of every application, and everybody who has a name of somebody met."""
    owners = {token.owner_id for token in first.tokens if not token.revoked}
    people = {ref for person in first.employees if person.id in owners for ref in names_of(person)}
    people |= {one.employee for one in (logins.reader, logins.writer) if one is not None}
    applications = {token.application for token in first.tokens if can_be_written(token.application)}
    named = tuple(sorted(people))
    return Scope(tuple(sorted(applications)), named, (), watched=named if choice.employees else ())


def unreadable(live: LiveState) -> tuple[Gapped, ...]:
    """What is missing without which no file can be written at all."""
    needed = (Gapped.TOKENS, Gapped.ROLES, Gapped.EMPLOYEES, Gapped.GRANTS)
    return tuple(what for what in needed if live.unread(what))


def drafted(live: LiveState, choice: Choice, logins: DesiredState) -> Imported:
    """The file for this account: planning it with these facts shows no changes.

    Args:
        live: the account, read within `scope_to_import`.
        choice: what shall be taken.
        logins: a state without integrations, for who this tool itself logs in as.

    Raises:
        UsageError: a glob selects nothing.
    """
    directory = Directory(live)
    names = sorted(_applications(live, choice))
    own = {name for name in names if is_own(name, directory, logins)}
    asked = [name for name in names if name not in own and name not in choice.elsewhere]
    keys = _keys(asked, choice.known)
    people = _owners(asked, directory) if choice.employees else []
    addresses = [f"integrations.{quoted(key)}" for key in keys.values()]
    addresses += [f"employees.{quoted(_key_of(person, directory))}" for person in people]
    chosen = selected(addresses, choice.globs)
    integrations = [
        _integration(name, keys[name], directory, choice, logins)
        for name in asked
        if f"integrations.{quoted(keys[name])}" in chosen
    ]
    employees = [
        _employee(person, directory) for person in people if f"employees.{quoted(_key_of(person, directory))}" in chosen
    ]
    left_out = tuple(_left_out(own, choice, names))
    return _checked(Imported(tuple(integrations), tuple(employees), left_out), live, logins)


def _applications(live: LiveState, choice: Choice) -> set[str]:
    with_tokens = {token.application for token in live.tokens if token.application}
    return with_tokens | ({record.name for record in live.integrations} if choice.without_tokens else set())


def _keys(names: Sequence[str], known: Sequence[DesiredIntegration]) -> Mapping[str, str]:
    """An address for each application: the one it has already, else one made of its name."""
    keys = {one.application: one.key for one in known if one.application in names}
    taken = set(keys.values())
    for name in names:
        number, key = 1, address_of(name)
        while name not in keys and key in taken:
            number += 1
            key = f"{address_of(name)[:60]}-{number}"
        taken.add(keys.setdefault(name, key))
    return keys


def _owners(names: Sequence[str], directory: Directory) -> list[Employee]:
    owners = {token.owner_id for name in names for token in directory.tokens(name) if not token.revoked}
    known = directory.live.employees_by_id
    return sorted((known[one] for one in owners if one in known), key=lambda person: int(person.id))


def _key_of(person: Employee, directory: Directory) -> str:
    ref = name_of_person(person, directory)
    return str(ref) if ref else person.label


def _left_out(own: Iterable[str], choice: Choice, names: Sequence[str]) -> Iterator[str]:
    for name in sorted(own):
        yield f"{name}: this tool itself logs in with it."
    for name in sorted(choice.elsewhere & set(names)):
        yield f"{name}: declared by a file that this one extends."


def _integration(
    name: str, key: str, directory: Directory, choice: Choice, logins: DesiredState
) -> ImportedIntegration:
    live = directory.live
    tokens = [token for token in directory.tokens(name) if not token.revoked]
    candidates = [token for token in tokens if token.live] or tokens
    known = next((one for one in choice.known if one.application == name), None)
    newest = _used_last(candidates, directory, name)
    owner = live.employees_by_id.get(newest.owner_id) if newest else None
    role = live.roles_by_id.get(newest.role_id) if newest else None
    required, missing = _required(name, owner, directory, known)
    return ImportedIntegration(
        key=key,
        application=name,
        owner=name_of_person(owner, directory) if owner else None,
        token_role=name_of_role(role, directory) if role else None,
        required_roles=tuple(one for one in required if not role or one not in {role.name, role.script_id}),
        previous_owner=_previous_owner(name, newest, directory, known),
        known=known,
        seen_within=_seen_within(name, live, known),
        found=tuple(_found(newest, directory, name, missing)),
        doubts=tuple(doubts(name, directory, logins)),
        tokens=tuple(_told(token, directory, name) for token in tokens),
    )


def _used_last(tokens: Sequence[Token], directory: Directory, name: str) -> Token | None:
    """The token with the newest login, else the youngest."""

    def rank(token: Token) -> tuple[str, int]:
        last = _last_login(token, directory, name)
        return last.isoformat() if last else "", int(token.id)

    return max(tokens, key=rank, default=None)


def _last_login(token: Token, directory: Directory, name: str) -> datetime | None:
    times = (
        group.last
        for group in directory.logins(name)
        if group.success
        and (group.token_name, group.user_id) == (token.name, token.owner_id)
        and group.role_id in {token.role_id, ""}
    )
    return max(times, default=None)


def _told(token: Token, directory: Directory, name: str) -> str:
    live = directory.live
    made = f", made on {day(token.created)}" if token.created else ""
    last = _last_login(token, directory, name)
    used = f"last login on {day(last)}" if last else "no login seen"
    state = "" if token.live else ", inactive"
    who = f"{live.person(token.owner_id)} ({live.role_name(token.role_id)})"
    return f'token "{token.name}" of {who}{made}, {used}{state}'


def _found(token: Token | None, directory: Directory, name: str, missing: Sequence[str]) -> Iterator[str]:
    if token is None:
        return
    told = _told(token, directory, name)
    yield f"{told[0].upper()}{told[1:]}."
    owner = directory.live.employees_by_id.get(token.owner_id)
    sharing = [one for ref in names_of(owner)[:1] for one in directory.people(ref) if one != owner] if owner else []
    if owner and owner.email and sharing:
        yield (
            f"{len(sharing)} more with the e-mail address of {owner.entity_id}: "
            "decide whether they are one person; an external id would be the steadier name."
        )
    for role in missing:
        yield f"The owner does not hold {role}, which this integration needs: give it, and add it to required_roles."


def _required(
    name: str, owner: Employee | None, directory: Directory, known: DesiredIntegration | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles to require that the owner holds, and those that are missing."""
    roles = directory.active_roles
    wanted = list(known.required_roles) if known else []
    administrator = directory.live.roles_by_id.get(ADMINISTRATOR)
    if name in CONNECTORS and administrator and (spelt := name_of_role(administrator, directory)) and not known:
        wanted.append(spelt)
    held = directory.live.roles_of.get(owner.id, frozenset()) if owner else frozenset()
    missing = [one for one in wanted if not any(role.id in held for role in roles(one))]
    return tuple(one for one in wanted if one not in missing), tuple(missing)


def _previous_owner(
    name: str, token: Token | None, directory: Directory, known: DesiredIntegration | None
) -> tuple[PreviousOwner, str] | None:
    """`keep` where somebody from before still holds the role, for taking it away would be a change."""
    if known:
        return known.previous_owner, ""
    if token is None:
        return None
    before = {one.owner_id for one in directory.tokens(name)}
    before |= {one.user_id for one in directory.logins(name) if one.success and one.role_id == token.role_id}
    holders = sorted(
        directory.live.person(one) for one in before - {token.owner_id, ""} if directory.live.holds(one, token.role_id)
    )
    why = f"{', '.join(holders)} had a token of it and still has the role; retire would take it away"
    return (PreviousOwner.KEEP, why) if holders else None


def _seen_within(name: str, live: LiveState, known: DesiredIntegration | None) -> timedelta | None:
    if known:
        return known.seen_within
    times = sorted(
        {
            one
            for group in live.logins
            if group.application == name and group.success
            for one in (group.first, group.last)
        }
    )
    if not times or live.unread(Gapped.LOGINS, Gapped.AUDIT_CLOCK):
        return None
    longest = max(later - earlier for earlier, later in zip(times, [*times[1:], live.read_at], strict=True))
    return next((limit for limit in _SILENCES if 2 * longest <= limit), None)


def _employee(person: Employee, directory: Directory) -> ImportedEmployee:
    live = directory.live
    held = sorted((live.roles_by_id[one] for one in live.roles_of.get(person.id, ()) if one in live.roles_by_id))
    unseen = live.roles_of.get(person.id, frozenset()) - live.roles_by_id.keys()
    names = {role: name_of_role(role, directory) if role.active else None for role in held}
    ref = name_of_person(person, directory)
    why = []
    if ref is None:
        why.append("No name of this person is theirs alone: give them an e-mail address of their own.")
    why += [
        f'Role "{role.name}" is inactive: take it away or activate it.'
        if not role.active
        else f'Role "{role.name}" has no name that a file could use: rename it.'
        for role, name in names.items()
        if name is None
    ]
    if unseen:
        why.append(f"Roles that cannot be seen: internal ids {', '.join(sorted(unseen, key=int))}.")
    if not names:
        why.append("This person holds no role.")
    return ImportedEmployee(
        key=_key_of(person, directory),
        person=ref,
        active=person.active,
        access=person.access,
        roles=tuple(sorted(name for name in names.values() if name is not None)),
        doubts=tuple(why),
    )


_FILE = "import"


def _checked(imported: Imported, live: LiveState, logins: DesiredState) -> Imported:
    """Without what a plan of it would change: planning is the judge of whether a file says what is true.

    One that is left out can be what another one rested on, so it is asked again until nothing is left to say.
    """
    while True:
        said = dict(_objections(imported, live, logins))
        if not said:
            return imported
        imported = replace(
            imported,
            integrations=tuple(replace(one, doubts=said.get(one.key, one.doubts)) for one in imported.integrations),
            employees=tuple(replace(one, doubts=said.get(one.key, one.doubts)) for one in imported.employees),
        )


def _objections(imported: Imported, live: LiveState, logins: DesiredState) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The key of an entry that is taken, and what a plan says against it."""
    taken = [one for one in (*imported.integrations, *imported.employees) if not one.doubts]
    places = {one.key: Position(_FILE, number, 1) for number, one in enumerate(taken, 1)}
    desired = replace(
        logins,
        integrations=tuple(one.desired(places[one.key]) for one in imported.integrations if not one.doubts),
        employees=tuple(one.desired(places[one.key]) for one in imported.employees if not one.doubts),
    )
    plan = build_plan(desired, live)
    against: dict[Position, list[str]] = {}
    for change in plan.changes:
        sentence = f"A plan would {change.action} {change.address} ({change.reason})."
        against.setdefault(change.declared_at, []).append(sentence)
    for item in plan.diagnostics:
        if item.position in places.values() and (item.severity is Severity.ERROR or item.rule == "not-seen"):
            against.setdefault(item.position, []).append(item.detail)
    for key, place in places.items():
        if place in against:
            yield key, tuple(dict.fromkeys(against[place]))
