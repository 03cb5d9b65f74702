"""What the YAML file of one environment asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from reconciler.core.diagnostics import Position

_PLAIN_KEY: Final = re.compile(r'[^."*\\\s]+')


class PersonKey(StrEnum):
    """By what a file names a person; never by internal id, which differs between accounts."""

    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    ENTITY_ID = "entity_id"


@dataclass(frozen=True, slots=True, order=True)
class PersonRef:
    """A person as the file names them. E-mail addresses are compared without case."""

    by: PersonKey
    value: str

    def __str__(self) -> str:
        return self.value if self.by is PersonKey.EMAIL else f"{self.by}:{self.value}"


@dataclass(frozen=True, slots=True)
class ActsAs:
    """Who a login is declared to be: planning trusts it, apply checks it."""

    employee: PersonRef
    role: str
    position: Position | None = None


class PreviousOwner(StrEnum):
    RETIRE = "retire"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class DesiredIntegration:
    """Who shall own the token of one application, and with which roles.

    `positions` holds the place of each declared key by its name (`owner`, `token_role`, `required_roles.0`, ...);
    `position` is the place of the address itself. Durations are positive.
    """

    key: str
    application: str
    owner: PersonRef
    token_role: str
    required_roles: tuple[str, ...]
    position: Position
    previous_owner: PreviousOwner = PreviousOwner.RETIRE
    standby: tuple[PersonRef, ...] = ()
    token_not_before: date | None = None
    quiet_period: timedelta = timedelta(hours=24)
    seen_within: timedelta | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"integrations.{quoted(self.key)}"

    def at(self, *keys: str) -> Position:
        """The place of the first of these keys that is declared, else of the integration itself."""
        return next((self.positions[key] for key in keys if key in self.positions), self.position)


@dataclass(frozen=True, slots=True)
class DesiredEmployee:
    """What one person shall have beyond token ownership; None leaves a thing as it is.

    `exactly` says that `roles` is the complete set; else the person may hold others too. `positions` holds the places
    of `active`, `access`, `roles`, and of each role as `roles.0`, ...; `position` is the place of the key.
    """

    key: str
    person: PersonRef
    position: Position
    active: bool | None = None
    access: bool | None = None
    roles: tuple[str, ...] = ()
    exactly: bool = False
    positions: Mapping[str, Position] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"employees.{quoted(self.key)}"

    def at(self, *keys: str) -> Position:
        """The place of the first of these keys that is declared, else of the person itself."""
        return next((self.positions[key] for key in keys if key in self.positions), self.position)


@dataclass(frozen=True, slots=True)
class FreezeWindow:
    """From `start` to before `end` (both with a zone) nothing is taken away and nobody becomes an Administrator."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Limits of one environment; `positions` holds the place of each key that is declared."""

    max_removals: int = 3
    min_administrators: int = 2
    protected_employees: tuple[PersonRef, ...] = ()
    freeze: tuple[FreezeWindow, ...] = ()
    positions: Mapping[str, Position] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """From when on a review reports a token: older than `token_age`, or without a login for longer than `unused`."""

    token_age: timedelta = timedelta(days=365)
    unused: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding of the review that is accepted for a time; `expires` is the first day on which it no longer holds."""

    finding: str
    address: str
    reason: str
    owner: str
    expires: date
    position: Position


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Everything one environment file asks for.

    `reader` and `writer` say who the two logins are declared to be; `can_write` is whether there is a writing login at
    all.
    """

    environment: str
    file: str
    account: str
    emulator: bool
    integrations: tuple[DesiredIntegration, ...]
    employees: tuple[DesiredEmployee, ...] = ()
    guards: GuardSettings = GuardSettings()
    reader: ActsAs | None = None
    writer: ActsAs | None = None
    can_write: bool = False
    review: ReviewSettings = ReviewSettings()
    waivers: tuple[Waiver, ...] = ()


def declared(desired: DesiredState) -> frozenset[str]:
    """What a file is about, by names that stay when an address is renamed: its applications and people."""
    return frozenset(
        {f"application {one.application}" for one in desired.integrations}
        | {f"employee {str(one.person).casefold()}" for one in desired.employees}
    )


def quoted(key: str) -> str:
    """A key as it stands in an address: in quotes when it holds a dot, a quote, a star or white space."""
    if _PLAIN_KEY.fullmatch(key):
        return key
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
