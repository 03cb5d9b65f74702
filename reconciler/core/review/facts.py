"""The facts of a review: who may do what, in a form that is the same whenever the facts are.

No time of the run is part of it, and nothing that looking changes: of the login that reads, its last use is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.access import people_of
from reconciler.core.diagnostics import Position
from reconciler.core.live import Employee, Identity, Token
from reconciler.core.review.subject import Subject


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds; `declared_at` is the line that asks for it, None where none does."""

    role_id: str
    role: str
    declared_at: Position | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has access, or owns a token; `last_login` is by hand or with a token (UTC)."""

    id: str
    name: str
    email: str | None
    active: bool
    access: bool
    roles: tuple[HeldRole, ...]
    last_login: datetime | None
    reads_now: bool
    declared_at: Position | None

    @property
    def label(self) -> str:
        return self.email or self.name or f"employee {self.id}"


@dataclass(frozen=True, slots=True)
class TokenFact:
    """A token that is not revoked; it stops when its owner leaves, loses access or loses its role."""

    id: str
    name: str
    application: str
    owner_id: str
    owner: str
    role_id: str
    role: str
    created: datetime | None
    active: bool
    last_used: datetime | None
    reads_now: bool
    declared_at: Position | None


@dataclass(frozen=True, slots=True)
class ApplicationFact:
    """An integration record, or an application that only tokens or logins tell of; `state` is None then."""

    name: str
    state: str | None
    live_tokens: int
    last_login: datetime | None
    declared_at: Position | None


@dataclass(frozen=True, slots=True)
class QueryAsked:
    """One query of the extract, and how many rows answered it."""

    text: str
    params: tuple[str | int, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a review rests on, in a fixed order."""

    read_as: Identity | None
    people: tuple[Person, ...]
    tokens: tuple[TokenFact, ...]
    applications: tuple[ApplicationFact, ...]
    queries: tuple[QueryAsked, ...]


def facts(subject: Subject) -> Facts:
    """The facts of a whole account, with the lines that declare them."""
    declared = _declared_roles(subject)
    entries = _declared_people(subject)
    return Facts(
        read_as=subject.live.reader,
        people=tuple(_person(subject, one, declared, entries) for one in people_of(subject.live)),
        tokens=tuple(_token(subject, token) for token in subject.live.tokens if not token.revoked),
        applications=tuple(_applications(subject)),
        queries=tuple(_queries(subject)),
    )


def _person(
    subject: Subject,
    one: Employee,
    declared: Mapping[tuple[str, str], Position],
    entries: Mapping[str, Position],
) -> Person:
    live = subject.live
    reads = live.reader is not None and live.reader.employee_id == one.id
    ids = sorted(live.roles_of.get(one.id, frozenset()), key=int)
    return Person(
        id=one.id,
        name=one.entity_id,
        email=one.email,
        active=one.active,
        access=one.access,
        roles=tuple(HeldRole(role, live.role_name(role), declared.get((one.id, role))) for role in ids),
        last_login=None if reads else subject.access.last_seen.get(one.id),
        reads_now=reads,
        declared_at=entries.get(one.id),
    )


def _token(subject: Subject, token: Token) -> TokenFact:
    live = subject.live
    reads = live.reader == token.identity
    declared = subject.by_token.get(token.id)
    return TokenFact(
        id=token.id,
        name=token.name,
        application=token.application,
        owner_id=token.owner_id,
        owner=live.person(token.owner_id),
        role_id=token.role_id,
        role=live.role_name(token.role_id),
        created=token.created,
        active=token.live,
        last_used=None if reads else subject.live.last_use(token),
        reads_now=reads,
        declared_at=declared.desired.position if declared else None,
    )


def _applications(subject: Subject) -> Iterator[ApplicationFact]:
    live = subject.live
    states = {record.name: str(record.state) for record in live.integrations}
    lines = {one.desired.application: one.desired.position for one in subject.integrations}
    tokens: dict[str, int] = {}
    for token in live.tokens:
        tokens[token.application] = tokens.get(token.application, 0) + token.live
    last: dict[str, datetime] = {}
    for group in live.logins:
        if group.success and group.application not in live.applications_of_reader:
            last[group.application] = max(group.last, last.get(group.application, group.last))
    for name in sorted({*states, *tokens, *last, *lines}):
        yield ApplicationFact(name, states.get(name), tokens.get(name, 0), last.get(name), lines.get(name))


def _queries(subject: Subject) -> Iterator[QueryAsked]:
    """Without those about this run alone, which are other ones each time."""
    for one in subject.access.queries:
        if not is_about_the_run(one.text):
            yield QueryAsked(one.text, one.params, one.rows)


def is_about_the_run(text: str) -> bool:
    """Whether a query asks for the rows of this very run in the login audit trail."""
    return "useragent" in text


def _declared_people(subject: Subject) -> Mapping[str, Position]:
    """By employee id the first line that names them: their own entry before all others."""
    named: dict[str, Position] = {}
    directory, desired = subject.directory, subject.desired
    for entry in desired.employees:
        named.update((person.id, entry.position) for person in directory.people(entry.person))
    for one in desired.integrations:
        refs = [(one.owner, one.at("owner"))]
        refs += [(ref, one.at(f"standby.{index}", "standby")) for index, ref in enumerate(one.standby)]
        for ref, position in refs:
            for person in directory.people(ref):
                named.setdefault(person.id, position)
    for login in (desired.reader, desired.writer):
        for person in directory.people(login.employee) if login and login.position else ():
            named.setdefault(person.id, login.position)  # type: ignore[union-attr,arg-type]  # both are there, see above
    return named


def _declared_roles(subject: Subject) -> Mapping[tuple[str, str], Position]:
    """By employee and role id the line that asks for it."""
    found: dict[tuple[str, str], Position] = {}
    directory, desired = subject.directory, subject.desired

    def note(employee_ids: Sequence[str], role_name: str, position: Position | None) -> None:
        for role in directory.roles(role_name) if position else ():
            for employee_id in employee_ids:
                found.setdefault((employee_id, role.id), position)  # type: ignore[arg-type]  # see above

    for entry in desired.employees:
        people = [person.id for person in directory.people(entry.person)]
        for index, name in enumerate(entry.roles):
            note(people, name, entry.at(f"roles.{index}", "roles"))
    for one in desired.integrations:
        owners = [person.id for person in directory.people(one.owner)]
        note(owners, one.token_role, one.at("token_role"))
        for index, name in enumerate(one.required_roles):
            note(owners, name, one.at(f"required_roles.{index}", "required_roles"))
        for index, ref in enumerate(one.standby):
            note([person.id for person in directory.people(ref)], one.token_role, one.at(f"standby.{index}", "standby"))
    for login in (desired.reader, desired.writer):
        if login is not None:
            note([person.id for person in directory.people(login.employee)], login.role, login.position)
    return found
