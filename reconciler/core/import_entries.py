"""One entry of an imported file: what the account shows of an application, or of a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from reconciler.core.desired import DesiredIntegration, PreviousOwner
from reconciler.core.directory import Directory
from reconciler.core.import_doubts import doubts
from reconciler.core.import_facts import ImportedEmployee, ImportedIntegration, day
from reconciler.core.live import ADMINISTRATOR, CONNECTORS, Employee, Gapped, Token
from reconciler.core.naming import name_of_person, name_of_role, names_of

# How long an integration may be silent before that is drift: the first that is twice its longest silence so far.
_SILENCES = (timedelta(days=7), timedelta(days=30), timedelta(days=90))


def integration_entry(
    name: str, key: str, directory: Directory, known: DesiredIntegration | None
) -> ImportedIntegration:
    """What import says of one application, with the settings that the file has for it already."""
    live = directory.live
    tokens = [token for token in directory.tokens(name) if not token.revoked]
    candidates = [token for token in tokens if token.live] or tokens
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
        seen_within=_seen_within(name, directory, known),
        found=tuple(_found(newest, directory, name, missing)),
        doubts=tuple(doubts(name, directory)),
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


def _seen_within(name: str, directory: Directory, known: DesiredIntegration | None) -> timedelta | None:
    if known:
        return known.seen_within
    live = directory.live
    times = sorted({one for group in directory.logins(name) if group.success for one in (group.first, group.last)})
    if not times or live.unread(Gapped.LOGINS, Gapped.AUDIT_CLOCK):
        return None
    longest = max(later - earlier for earlier, later in zip(times, [*times[1:], live.read_at], strict=True))
    return next((limit for limit in _SILENCES if 2 * longest <= limit), None)


def employee_entry(person: Employee, directory: Directory) -> ImportedEmployee:
    """What import says of one person: access and all roles."""
    live = directory.live
    held = sorted(live.roles_by_id[one] for one in live.roles_of.get(person.id, ()) if one in live.roles_by_id)
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
        key=key_of(person, directory),
        person=ref,
        active=person.active,
        access=person.access,
        roles=tuple(sorted(name for name in names.values() if name is not None)),
        doubts=tuple(why),
    )


def key_of(person: Employee, directory: Directory) -> str:
    """The key that a file has for a person, where it has one."""
    ref = name_of_person(person, directory)
    return str(ref) if ref else person.label
