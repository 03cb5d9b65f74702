"""What one account looks like now, as far as it could be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from reconciler.core.desired import PersonRef

ADMINISTRATOR = "3"
"""The internal id of the Administrator role in every account (netsuite.md 5.4)."""
CONNECTORS = frozenset({"NetSuite Connector", "FarApp"})
"""Names of the Connector's integration record, whose owner and role Oracle asks more of.

Its owner has to be an Administrator (netsuite.md 1.1, 1.3; the second name: netsuite-2.md 4).
"""


@dataclass(frozen=True, slots=True, order=True)
class Employee:
    """An employee record; `access` is whether they may log in at all."""

    id: str
    entity_id: str
    email: str | None
    active: bool
    access: bool
    external_id: str | None = None

    @property
    def label(self) -> str:
        """How people know them: e-mail, else name, else internal id."""
        return self.email or self.entity_id or f"employee {self.id}"


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """A role; `script_id` is what files may call it by beside its name."""

    id: str
    name: str
    script_id: str | None
    active: bool


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """Somebody holds a role."""

    employee_id: str
    role_id: str


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """As whom a login acts: what a token was made for, and what a row of the login audit trail shows."""

    employee_id: str
    role_id: str


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """One row of `oauthtoken`. `created` is in UTC, or None when its zone could not be told (netsuite-2.md 2)."""

    id: str
    name: str
    application_id: str | None
    application: str
    owner_id: str
    role_id: str
    created: datetime | None
    inactive: bool
    revoked: bool

    @property
    def live(self) -> bool:
        """Neither inactive nor revoked; both are tested, for a revoked row may or may not be inactive too."""
        return not self.inactive and not self.revoked

    @property
    def identity(self) -> Identity:
        """As whom a login with it acts."""
        return Identity(self.owner_id, self.role_id)


class IntegrationState(StrEnum):
    ENABLED = "Enabled"
    BLOCKED = "Blocked"
    WAITING_FOR_APPROVAL = "Waiting for Approval"
    UNKNOWN = "unknown"


NOT_ENABLED = frozenset({IntegrationState.BLOCKED, IntegrationState.WAITING_FOR_APPROVAL})
"""States in which no token of an integration record can log in."""


@dataclass(frozen=True, slots=True, order=True)
class IntegrationRecord:
    """An integration record: what NetSuite knows an application by."""

    id: str
    name: str
    state: IntegrationState


@dataclass(frozen=True, slots=True)
class LoginGroup:
    """Rows of the login audit trail that share application, user, role, token name, status, detail and day.

    `first` and `last` are the earliest and the latest of them in UTC; they are equal when only one instant is known.
    Empty strings stand for columns that NetSuite left out. `day` is the day by the trail's own clock, None where rows
    of many days are taken together. `number` is how many rows NetSuite counts, 0 where it does not say.
    """

    application: str
    user_id: str
    role_id: str
    token_name: str
    success: bool
    detail: str
    first: datetime
    last: datetime
    day: date | None = None
    number: int = 0

    @property
    def least(self) -> int:
        """How many rows there are at least: a count of this table was once seen to be 0 (netsuite.md 6.4)."""
        return max(self.number, 1 if self.first == self.last else 2)


class Gapped(StrEnum):
    """What may be incomplete. The value is the word in messages and in JSON."""

    EMPLOYEES = "employees"
    ROLES = "roles"
    GRANTS = "role grants"
    TOKENS = "tokens"
    INTEGRATIONS = "integration records"
    LOGINS = "login audit trail"
    AUDIT_CLOCK = "zone of the login audit trail"
    IDENTITY = "own identity"
    PERMISSIONS = "permissions of the own role"
    ORDERS = "orders"
    NOTES = "system notes"


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Something that could not be read, or not in full. What rests on it is not planned."""

    what: Gapped
    detail: str
    hint: str


@dataclass(frozen=True, slots=True, order=True)
class TokenUse:
    """When tokens of one name, application, owner and role last logged in (UTC)."""

    owner_id: str
    application: str
    role_id: str
    token_name: str
    last: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """What a plan needs to know of an account.

    Of `roles`, those of tokens, and of Administrator everybody who holds them is read. `watched` are those of `people`
    from whom something may be taken away: of them it has to be known when any of their tokens, of whatever application,
    last logged in. With `whole` everybody who has access is read as well, and the logins of all applications, those of
    all days together.
    """

    applications: tuple[str, ...]
    people: tuple[PersonRef, ...]
    roles: tuple[str, ...]
    watched: tuple[PersonRef, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class LiveState:
    """Live facts of one account within a `Scope`.

    `grants` holds every role of each employee in `employees`, and every holder of each role of the scope and of
    Administrator; `tokens` holds the tokens of all applications; `logins` those of the scope's applications only.
    `last_token_logins` holds, by employee id, when any token of a watched person last logged in (UTC), and None for a
    watched person of whom no such login is known; `token_uses` tells the same of each of their tokens. `read_at` is the
    server's time (UTC). `certificate_ends` is when the certificate that the reading login rests on ends (UTC); None
    when it rests on none, or when that could not be told. `clock_ahead` is how far NetSuite's clock is ahead of this
    machine's; None when no answer was dated.
    """

    account: str
    read_at: datetime
    employees: tuple[Employee, ...] = ()
    roles: tuple[Role, ...] = ()
    grants: tuple[Grant, ...] = ()
    tokens: tuple[Token, ...] = ()
    integrations: tuple[IntegrationRecord, ...] = ()
    logins: tuple[LoginGroup, ...] = ()
    reader: Identity | None = None
    certificate_ends: datetime | None = None
    clock_ahead: timedelta | None = None
    last_token_logins: Mapping[str, datetime | None] = field(default_factory=dict)
    token_uses: tuple[TokenUse, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def unread(self, *what: Gapped) -> bool:
        """True when any of these could not be read in full."""
        return any(gap.what in what for gap in self.gaps)

    @cached_property
    def employees_by_id(self) -> Mapping[str, Employee]:
        return {employee.id: employee for employee in self.employees}

    @cached_property
    def roles_by_id(self) -> Mapping[str, Role]:
        return {role.id: role for role in self.roles}

    @cached_property
    def roles_of(self) -> Mapping[str, frozenset[str]]:
        """Role ids by employee id."""
        found: dict[str, set[str]] = {}
        for grant in self.grants:
            found.setdefault(grant.employee_id, set()).add(grant.role_id)
        return {employee: frozenset(roles) for employee, roles in found.items()}

    @cached_property
    def holders_without_token(self) -> Mapping[str, Mapping[str, str]]:
        """By role id: who holds it without owning a token that was issued for it; names by employee id, in their order.

        Built once, for every integration asks and a role may have thousands of holders.
        """
        owners = {(token.role_id, token.owner_id) for token in self.tokens}
        found: dict[str, set[str]] = {}
        for grant in self.grants:
            if (grant.role_id, grant.employee_id) not in owners:
                found.setdefault(grant.role_id, set()).add(grant.employee_id)
        return {
            role: dict(sorted(((one, self.person(one)) for one in holders), key=lambda holder: holder[::-1]))
            for role, holders in found.items()
        }

    @cached_property
    def live_tokens_of(self) -> Mapping[str, tuple[Token, ...]]:
        """Live tokens by the id of their owner."""
        found: dict[str, list[Token]] = {}
        for token in self.tokens:
            if token.live:
                found.setdefault(token.owner_id, []).append(token)
        return {owner: tuple(tokens) for owner, tokens in found.items()}

    @cached_property
    def applications_seen(self) -> frozenset[str]:
        """Those that have a row in the login audit trail, of whatever status."""
        return frozenset(group.application for group in self.logins)

    @cached_property
    def _last_uses(self) -> Mapping[tuple[str, str, str, str], datetime]:
        """By owner, application, role and name of a token; the role is "" where rows lack it (netsuite-2.md 5)."""
        uses = [((one.owner_id, one.application, one.role_id, one.token_name), one.last) for one in self.token_uses]
        uses += [
            ((group.user_id, group.application, group.role_id, group.token_name), group.last)
            for group in self.logins
            if group.success
        ]
        found: dict[tuple[str, str, str, str], datetime] = {}
        for key, last in uses:
            found[key] = max(last, found.get(key, last))
        return found

    def last_use(self, token: Token) -> datetime | None:
        """The last login that may have been made with this token (UTC), None where none is known."""
        keys = ((token.owner_id, token.application, role, token.name) for role in ("", token.role_id))
        return max((self._last_uses[key] for key in keys if key in self._last_uses), default=None)

    @cached_property
    def applications_of_reader(self) -> frozenset[str]:
        """Those that the reading login has tokens of, revoked ones included."""
        reader = self.reader
        if reader is None:
            return frozenset()
        return frozenset(token.application for token in self.tokens if token.identity == reader)

    @cached_property
    def looks_refreshed(self) -> bool:
        """A sandbox without any token row, revoked ones included, but those that this tool logs in with.

        A refresh takes all of them away (netsuite.md 1.4); nothing else removes the rows of revoked ones.
        """
        if self.unread(Gapped.TOKENS) or "_SB" not in self.account.upper():
            return False
        return all(token.application in self.applications_of_reader for token in self.tokens)

    def holds(self, employee_id: str, role_id: str) -> bool:
        return role_id in self.roles_of.get(employee_id, frozenset())

    def person(self, employee_id: str) -> str:
        """How to name an employee id in a message."""
        employee = self.employees_by_id.get(employee_id)
        return employee.label if employee else f"employee {employee_id}" if employee_id else "an unknown user"

    def role_name(self, role_id: str) -> str:
        role = self.roles_by_id.get(role_id)
        return role.name if role else f"role {role_id}"
