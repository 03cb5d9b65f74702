"""What the rules of a review look at: a file and a whole account, with what belongs together looked up once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from reconciler.core.access import Access, RoleDetail
from reconciler.core.desired import DesiredIntegration, DesiredState, quoted
from reconciler.core.diagnostics import Position
from reconciler.core.directory import Directory
from reconciler.core.identity import declared_identity
from reconciler.core.live import CONNECTORS, Employee, Identity, LiveState, Role, Token


@dataclass(frozen=True, slots=True)
class Place:
    """What a finding is about, and the line that declares it; None where no file does."""

    address: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Declared:
    """An integration of the file with what was found of it in the account; None for what is not there exactly once."""

    desired: DesiredIntegration
    owner: Employee | None
    standby: frozenset[str]
    role: Role | None
    tokens: tuple[Token, ...]

    @property
    def live_tokens(self) -> tuple[Token, ...]:
        return tuple(token for token in self.tokens if token.live)

    def at(self, *keys: str) -> Place:
        return Place(self.desired.address, self.desired.at(*keys))

    @property
    def is_connector(self) -> bool:
        return self.desired.application in CONNECTORS


@dataclass(frozen=True)
class Subject:
    """A file and a whole account."""

    desired: DesiredState
    access: Access

    @property
    def live(self) -> LiveState:
        return self.access.live

    @property
    def now(self) -> datetime:
        return self.live.read_at

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.live)

    @cached_property
    def integrations(self) -> tuple[Declared, ...]:
        return tuple(self._declared(one) for one in self.desired.integrations)

    def _declared(self, one: DesiredIntegration) -> Declared:
        directory = self.directory
        return Declared(
            one,
            directory.person(one.owner),
            frozenset(person.id for ref in one.standby for person in directory.people(ref)),
            directory.role(one.token_role),
            directory.tokens(one.application),
        )

    @cached_property
    def by_token(self) -> Mapping[str, Declared]:
        """By token id the integration of the file that its application belongs to."""
        return {token.id: one for one in self.integrations for token in one.tokens}

    @cached_property
    def own(self) -> frozenset[Identity]:
        """As whom this tool logs in, as far as the account or the file tells."""
        desired = self.desired
        found = (
            self.live.reader,
            declared_identity(desired.reader, self.directory),
            declared_identity(desired.writer, self.directory),
        )
        return frozenset(one for one in found if one is not None)

    def is_own(self, token: Token) -> bool:
        """Whether it is a token of this tool; one of a declared integration is not."""
        return token.identity in self.own and token.id not in self.by_token

    @cached_property
    def own_applications(self) -> frozenset[str]:
        """Those that have a live token of this tool."""
        return frozenset(token.application for token in self.live_tokens if self.is_own(token))

    @cached_property
    def live_tokens(self) -> tuple[Token, ...]:
        return tuple(token for token in self.live.tokens if token.live)

    @cached_property
    def foreign_tokens(self) -> tuple[Token, ...]:
        """Live tokens of anything but this tool."""
        return tuple(token for token in self.live_tokens if not self.is_own(token))

    def detail_of(self, role_id: str) -> RoleDetail:
        return self.access.role_details.get(role_id, RoleDetail(None, None))

    def place_of_token(self, token: Token, *keys: str) -> Place:
        declared = self.by_token.get(token.id)
        return declared.at(*keys) if declared else self.place_of_application(token.application)

    def place_of_application(self, name: str) -> Place:
        declared = next((one for one in self.integrations if one.desired.application == name), None)
        return declared.at("application") if declared else Place(f"applications.{quoted(name)}", None)

    def place_of_person(self, employee_id: str) -> Place:
        """The person's entry of the file, by the key that stands there; else the address they would have."""
        entry = self._entries.get(employee_id)
        if entry is not None:
            return entry
        return Place(f"employees.{quoted(self.live.person(employee_id))}", None)

    def declared_holders(self, role_id: str) -> frozenset[str]:
        """Ids of the people whom the file asks to hold a role: listed employees, owners and standbys."""
        asked: set[str] = set()
        for entry in self.desired.employees:
            if any(role.id == role_id for name in entry.roles for role in self.directory.roles(name)):
                asked |= {person.id for person in self.directory.people(entry.person)}
        for one in self.integrations:
            if one.role is not None and one.role.id == role_id:
                asked |= one.standby | ({one.owner.id} if one.owner else set())
        return frozenset(asked)

    def holders_without_live_token(self, role_id: str) -> Iterator[Employee]:
        """Active people with access who hold a role and own no live token that was made for it, by name."""
        owners = {token.owner_id for token in self.live_tokens if token.role_id == role_id}
        people = self.live.employees_by_id
        found = {grant.employee_id for grant in self.live.grants if grant.role_id == role_id} - owners
        holders = (people[one] for one in found if one in people and people[one].active and people[one].access)
        yield from sorted(holders, key=lambda person: (person.label, person.id))

    @cached_property
    def _entries(self) -> Mapping[str, Place]:
        return {
            person.id: Place(entry.address, entry.position)
            for entry in self.desired.employees
            for person in self.directory.people(entry.person)
        }

    def token_first(self, token: Token) -> str:
        """The same as `token_told`, at the beginning of a sentence."""
        told = self.token_told(token)
        return told[:1].upper() + told[1:]

    def token_told(self, token: Token) -> str:
        return f'token "{token.name}" of {token.application}'
