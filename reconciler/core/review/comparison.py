"""What changed from one review to the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The value is the word in every output."""

    ACCESS_GAINED = "access gained"
    ACCESS_LOST = "access lost"
    ROLE_GAINED = "role gained"
    ROLE_LOST = "role lost"
    TOKEN_MADE = "token made"
    TOKEN_GONE = "token gone"
    TOKEN_CHANGED = "token changed"
    APPLICATION_CHANGED = "application changed"
    FINDING_NEW = "finding new"
    FINDING_GONE = "finding gone"


@dataclass(frozen=True, slots=True, order=True)
class SeenToken:
    """A token as two reviews are compared by it: found again by its id."""

    application: str
    name: str
    owner: str
    role: str
    active: bool

    def __str__(self) -> str:
        state = "" if self.active else ", inactive"
        return f'"{self.name}" of {self.application}, owned by {self.owner} in role {self.role}{state}'


@dataclass(frozen=True)
class Snapshot:
    """What of a review is compared.

    Args:
        environment: of which environment.
        account: of which account.
        sha256: the checksum of its extract.
        read_at: when it was read, as the file says.
        people: by employee id, the label of everybody who has access.
        roles: by employee id, the names of their roles.
        tokens: by token id.
        states: by application, the state of its record.
        findings: rule and address of each finding that counts.
    """

    environment: str
    account: str
    sha256: str
    read_at: str
    people: Mapping[str, str]
    roles: Mapping[str, frozenset[str]]
    tokens: Mapping[str, SeenToken]
    states: Mapping[str, str]
    findings: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One thing that two reviews do not agree about."""

    kind: Kind
    what: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against which review, and what differs from it; the same review when the checksums are equal."""

    file: str
    sha256: str
    read_at: str
    differences: tuple[Difference, ...]


def compare(before: Snapshot, after: Snapshot, file: str) -> Comparison:
    """What changed, people first. Somebody who gained access is told with every role they hold."""
    differences = [
        *_people(before, after),
        *_roles(before, after),
        *_tokens(before, after),
        *_states(before, after),
        *_findings(before, after),
    ]
    return Comparison(file, before.sha256, before.read_at, tuple(differences))


def _people(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    for one in sorted(after.people.keys() - before.people.keys(), key=int):
        yield Difference(Kind.ACCESS_GAINED, after.people[one])
    for one in sorted(before.people.keys() - after.people.keys(), key=int):
        yield Difference(Kind.ACCESS_LOST, before.people[one])


def _roles(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    for one in sorted(after.people.keys() | before.people.keys(), key=int):
        label = after.people.get(one) or before.people[one]
        was, is_now = before.roles.get(one, frozenset()), after.roles.get(one, frozenset())
        yield from (Difference(Kind.ROLE_GAINED, f"{role}: {label}") for role in sorted(is_now - was))
        # Whoever lost access lost the use of every role; each is told by that.
        gone = was - is_now if one in after.people else frozenset()
        yield from (Difference(Kind.ROLE_LOST, f"{role}: {label}") for role in sorted(gone))


def _tokens(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    for one in sorted(after.tokens.keys() | before.tokens.keys(), key=int):
        was, is_now = before.tokens.get(one), after.tokens.get(one)
        if was is None and is_now is not None:
            yield Difference(Kind.TOKEN_MADE, str(is_now))
        elif was is not None and is_now is None:
            yield Difference(Kind.TOKEN_GONE, str(was))
        elif was != is_now:
            yield Difference(Kind.TOKEN_CHANGED, f"{was} -> {is_now}")


def _states(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    for name in sorted(after.states.keys() | before.states.keys()):
        was, is_now = before.states.get(name, "not there"), after.states.get(name, "not there")
        if was != is_now:
            yield Difference(Kind.APPLICATION_CHANGED, f"{name}: {was} -> {is_now}")


def _findings(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    yield from (Difference(Kind.FINDING_NEW, _told(one)) for one in sorted(after.findings - before.findings))
    yield from (Difference(Kind.FINDING_GONE, _told(one)) for one in sorted(before.findings - after.findings))


def _told(finding: tuple[str, str]) -> str:
    rule, address = finding
    return f"{rule} at {address}" if address else rule
