"""From an account to the file that would declare it as it is; what is not clear is left for a person to decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.core.desired import DesiredIntegration, DesiredState, quoted
from reconciler.core.diagnostics import Position, Severity
from reconciler.core.directory import Directory
from reconciler.core.findings import NOT_SEEN
from reconciler.core.import_doubts import why_own
from reconciler.core.import_entries import employee_entry, integration_entry, key_of
from reconciler.core.import_facts import ImportedEmployee, ImportedIntegration
from reconciler.core.live import Employee, Gapped, LiveState, Scope
from reconciler.core.naming import address_of, can_be_written, names_of
from reconciler.core.plan_building import build_plan
from reconciler.core.selection import Selection


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
    """What a file for this account would say, in order; `left_out` are sentences on what nobody asked to leave out."""

    integrations: tuple[ImportedIntegration, ...] = ()
    employees: tuple[ImportedEmployee, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[ImportedIntegration | ImportedEmployee, ...]:
        return (*self.integrations, *self.employees)


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
    own = {name: why for name in names if (why := why_own(name, directory, logins))}
    asked = [name for name in names if name not in own and name not in choice.elsewhere]
    keys = _keys(asked, choice.known)
    people = _owners(asked, directory) if choice.employees else []
    addresses = [f"integrations.{quoted(key)}" for key in keys.values()]
    addresses += [f"employees.{quoted(key_of(person, directory))}" for person in people]
    chosen = Selection.of(choice.globs)
    if choice.globs:
        chosen.require_matches(logins.environment, addresses)
    known = {one.application: one for one in choice.known}
    integrations = [
        integration_entry(name, keys[name], directory, known.get(name))
        for name in asked
        if chosen.covers(f"integrations.{quoted(keys[name])}")
    ]
    employees = [
        employee_entry(person, directory)
        for person in people
        if chosen.covers(f"employees.{quoted(key_of(person, directory))}")
    ]
    left_out = () if choice.globs else (*own.values(), *_declared_elsewhere(choice, names))
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


def _declared_elsewhere(choice: Choice, names: Sequence[str]) -> Iterator[str]:
    for name in sorted(choice.elsewhere & set(names)):
        yield f"{name}: declared by a file that this one extends."


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
    taken = [one for one in imported.entries if not one.doubts]
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
        if item.position and item.position.file == _FILE and (item.severity is Severity.ERROR or item.rule == NOT_SEEN):
            against.setdefault(item.position, []).append(item.detail)
    for key, place in places.items():
        if place in against:
            yield key, tuple(dict.fromkeys(against[place]))
