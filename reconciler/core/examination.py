"""What doctor saw of an account, before anybody judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from reconciler.core.live import Identity

LEVELS: Mapping[int, str] = {1: "View", 2: "Create", 3: "Edit", 4: "Full"}
VIEW, CREATE, EDIT, FULL = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class HeldPermission:
    """One permission of a role; `level` is 1 (View) to 4 (Full)."""

    key: str
    name: str
    level: int

    def __str__(self) -> str:
        return f"{self.name or self.key} ({LEVELS.get(self.level, self.level)})"


class TableState(StrEnum):
    """What came of asking a table for one row; the value is the word in the report."""

    ROWS = "rows"
    EMPTY = "empty"
    HIDDEN = "hidden"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Limits:
    """Concurrency limits of the account (netsuite.md 5.3); `kind` is NetSuite's word for which of them holds here."""

    account: int
    unallocated: int | None
    integration: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a login does not work, as far as it can be told; `rule` is one word for the cause, `todo` what to do."""

    rule: str
    summary: str
    detail: str
    todo: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoginLook:
    """One login of this tool.

    `declared` is who `acts_as` says it is and `identity` who it turned out to be, both as ids; `person` and `role` name
    the one that counts. `permissions` are those of that role, None where they are not to be seen. `limits` are what
    hides rows from it.
    """

    key: str
    method: str
    failure: Failure | None = None
    declared: Identity | None = None
    identity: Identity | None = None
    person: str | None = None
    role: str | None = None
    role_id: str | None = None
    permissions: tuple[HeldPermission, ...] | None = None
    limits: tuple[str, ...] = ()
    certificate_ends: datetime | None = None

    @property
    def works(self) -> bool:
        return self.failure is None

    def level_of(self, *keys: str) -> int | None:
        """The highest level at which the role holds one of these, 0 for none, None where that is not to be seen."""
        if self.permissions is None:
            return None
        return max((one.level for one in self.permissions if one.key in keys or one.name in keys), default=0)


@dataclass(frozen=True, slots=True)
class TrailLook:
    """What the login audit trail shows of this tool itself.

    `found` says whether own rows were there, `after` how long after the first request they were looked for, `offset`
    how far the trail's times are ahead of UTC.
    """

    readable: bool = False
    found: bool = False
    after: timedelta = timedelta()
    offset: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything doctor saw. What could not be asked is None or absent, never a default.

    `account_known` is what NetSuite says to anybody who asks for the account's addresses; `hosts_differ` are those of
    the file that it does not name. `roles_described` is whether the metadata catalog describes the roles of an
    employee for the writing login. `seen` holds, by the name of a doubt, what the account does.
    """

    environment: str
    account: str
    emulator: bool
    server_time: datetime | None = None
    clock_ahead: timedelta | None = None
    account_known: bool | None = None
    hosts_differ: tuple[str, ...] = ()
    login: LoginLook = field(default_factory=lambda: LoginLook("login", ""))
    apply_login: LoginLook | None = None
    concurrency: int = 0
    limits: Limits | None = None
    tables: Mapping[str, TableState] = field(default_factory=dict)
    trail: TrailLook = field(default_factory=TrailLook)
    features: Mapping[str, bool] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    roles_described: bool | None = None
    sysdate_offset: timedelta | None = None
    seen: Mapping[str, str] = field(default_factory=dict)


_TYPES = {"_SB": "sandbox", "_RP": "Release Preview"}


def account_type(account: str) -> str:
    """What kind of account an id is of, which it says itself (netsuite.md 2.1)."""
    kind = next((name for mark, name in _TYPES.items() if mark in account.upper()), None)
    if kind:
        return kind
    return (
        "development or test drive" if account.upper().startswith("TD") or "TSTDRV" in account.upper() else "production"
    )
