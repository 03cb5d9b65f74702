"""From one row of an answer to the type it stands for; what does not fit is an error, never a default."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reconciler.core.errors import UnreadableAnswerError
from reconciler.core.live import Employee, Grant, IntegrationRecord, IntegrationState, LoginGroup, Role, Token, TokenUse
from reconciler.core.permissions import Level
from reconciler.netsuite.audit_clock import AuditClock
from reconciler.netsuite.suiteql import Row

_ID = re.compile(r"-?[0-9]{1,18}")
_SLACK = timedelta(minutes=5)
_LEVELS = dict(zip("01234", Level, strict=True))  # netsuite.md 6.4
_YEARS = range(1998, 2200)  # NetSuite was founded in 1998
_STATES = {
    "enabled": IntegrationState.ENABLED,
    "blocked": IntegrationState.BLOCKED,
    "waiting for approval": IntegrationState.WAITING_FOR_APPROVAL,
    # One client of the table accepts these beside the words (netsuite-2.md 6).
    "t": IntegrationState.ENABLED,
    "f": IntegrationState.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token whose time of creation has no zone yet."""

    token: Token
    created: datetime | None

    def at(self, clock: AuditClock, read_at: datetime) -> Token:
        """The token in UTC; without a calibrated clock its age stays unknown, for nobody would see the mistake.

        The same goes for one that would come from the future: then its column is in another zone than the trail's.
        """
        created = clock.utc(self.created) if self.created and clock.calibrated else None
        if created is not None and created > read_at + _SLACK:
            created = None
        return replace(self.token, created=created)

    @property
    def complete(self) -> bool:
        """False when the row of a token that is not revoked does not say whose, for what or in which role."""
        held = self.token
        return held.revoked or bool(held.application and held.owner_id and held.role_id)


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A group of the login audit trail whose times have no zone yet."""

    application: str
    user_id: str
    role_id: str
    token_name: str
    success: bool
    detail: str
    first: datetime
    last: datetime
    by_day: bool
    number: int

    def at(self, clock: AuditClock) -> LoginGroup:
        return LoginGroup(
            self.application,
            self.user_id,
            self.role_id,
            self.token_name,
            self.success,
            self.detail,
            clock.utc(self.first),
            clock.utc(self.last),
            self.first.date() if self.by_day else None,
            self.number,
        )


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """An employee, and the role ids that the record itself lists; None when it does not say.

    `complete` is False where the row does not say whether the person has access.
    """

    employee: Employee
    roles: frozenset[str] | None
    complete: bool


@dataclass(frozen=True, slots=True)
class OwnRole:
    """What the row of the login's own role says about the rows that it hides."""

    subsidiaries: str
    employees: str


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of a role, by id and name; `level` is 1 (View) to 4 (Full)."""

    key: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class RolePermission:
    """One permission of one role."""

    role_id: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class OwnLogin:
    """Own rows of one user and role."""

    user_id: str
    role_id: str
    first: datetime


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a token; `user_id` is empty where NetSuite does not say."""

    token_id: str
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class LastLogin:
    """The last login of one user, without its zone yet."""

    user_id: str
    last: datetime


@dataclass(frozen=True, slots=True)
class UseRow:
    """When tokens of one name last logged in, without its zone yet."""

    owner_id: str
    application: str
    role_id: str
    token_name: str
    last: datetime

    def at(self, clock: AuditClock) -> TokenUse:
        return TokenUse(self.owner_id, self.application, self.role_id, self.token_name, clock.utc(self.last))


def employee(row: Row) -> EmployeeRow:
    found = Employee(
        id=id_in(row, "id"),
        entity_id=row.get("entityid", ""),
        email=row.get("email"),
        active=not _flag(row, "isinactive"),
        access=_flag(row, "giveaccess"),
        external_id=row.get("externalid"),
    )
    return EmployeeRow(found, _ids_or_unknown(row.get("rolesforsearch", "")), "giveaccess" in row)


def own_role(row: Row) -> OwnRole:
    return OwnRole(row.get("subsidiaryoption", ""), row.get("employeerestriction", ""))


def permission(row: Row) -> Permission:
    return Permission(row.get("permkey", ""), row.get("name", ""), row.get("permlevel", ""))


def role_permission(row: Row) -> RolePermission:
    key, level = row.get("permkey", ""), row.get("permlevel", "")
    if level not in _LEVELS:
        raise UnreadableAnswerError("A row came with a column permlevel that is not 0 to 4.")
    return RolePermission(id_in(row, "role"), row.get("name") or key, _LEVELS[level])


def role(row: Row) -> Role:
    return Role(id_in(row, "id"), _text(row, "name"), row.get("scriptid"), not _flag(row, "isinactive"))


def grant(row: Row) -> Grant:
    return Grant(id_in(row, "employeeid"), id_in(row, "role"))


def token(row: Row) -> TokenRow:
    found = Token(
        id=id_in(row, "id"),
        name=row.get("tba_token_name", ""),
        application_id=row.get("tba_app_name"),
        application=row.get("application", ""),
        owner_id=id_or_nothing(row, "entity_name"),
        role_id=id_or_nothing(row, "role_name"),
        created=None,
        inactive=_flag(row, "binactive"),
        revoked=_flag(row, "brevoked"),
    )
    return TokenRow(found, time_in(row, "created") if "created" in row else None)


def maker(row: Row) -> Maker:
    user_id = id_or_nothing(row, "createdby")
    return Maker(id_in(row, "id"), user_id, row.get("createdbyname") or f"employee {user_id}")


def integration(row: Row) -> IntegrationRecord:
    words = (row.get("statetext", ""), row.get("state", ""))
    state = next((_STATES[word.lower()] for word in words if word.lower() in _STATES), IntegrationState.UNKNOWN)
    return IntegrationRecord(id_in(row, "id"), _text(row, "name"), state)


def login(row: Row) -> LoginRow:
    status = _text(row, "status").lower()
    if status not in {"success", "failure"}:
        raise UnreadableAnswerError("The login audit trail has a status that is neither Success nor Failure.")
    return LoginRow(
        application=_text(row, "oauthappname"),
        user_id=id_or_nothing(row, "userid"),
        role_id=id_or_nothing(row, "role"),
        token_name=row.get("oauthaccesstokenname", ""),
        success=status == "success",
        detail=row.get("detail", ""),
        first=time_in(row, "firstat"),
        last=time_in(row, "lastat"),
        by_day="day" in row,
        number=count_in(row, "number"),
    )


def own_login(row: Row) -> OwnLogin:
    return OwnLogin(id_or_nothing(row, "userid"), id_or_nothing(row, "role"), time_in(row, "firstat"))


def last_login(row: Row) -> LastLogin:
    return LastLogin(id_in(row, "userid"), time_in(row, "lastat"))


def token_use(row: Row) -> UseRow:
    return UseRow(
        owner_id=id_in(row, "userid"),
        application=_text(row, "oauthappname"),
        role_id=id_or_nothing(row, "role"),
        token_name=row.get("oauthaccesstokenname", ""),
        last=time_in(row, "lastat"),
    )


def _text(row: Row, column: str) -> str:
    if not row.get(column):
        raise UnreadableAnswerError(f"A row came without its column {column}.")
    return row[column]


def id_in(row: Row, column: str) -> str:
    if not _ID.fullmatch(_text(row, column)):
        raise UnreadableAnswerError(f"A row came with a column {column} that is not an internal id.")
    return row[column]


def id_or_nothing(row: Row, column: str) -> str:
    return id_in(row, column) if row.get(column) else ""


def _ids_or_unknown(text: str) -> frozenset[str] | None:
    """Ids such as `1, 3`; None for nothing, and for what is not a list of ids (netsuite.md 6.4 has one sample)."""
    parts = [part.strip() for part in text.split(",")]
    return frozenset(parts) if all(_ID.fullmatch(part) for part in parts) else None


def count_in(row: Row, column: str) -> int:
    """A number of rows; 0 where NetSuite does not say one."""
    text = row.get(column, "0")
    if not text.isdecimal():
        raise UnreadableAnswerError(f"A row came with a column {column} that is not a number of rows.")
    return int(text)


def _flag(row: Row, column: str) -> bool:
    """`T` or `F`; an absent one is a null, which is not true (netsuite.md 6.2)."""
    value = row.get(column, "F")
    if value not in {"T", "F"}:
        raise UnreadableAnswerError(f"A row came with a column {column} that is neither T nor F.")
    return value == "T"


def time_in(row: Row, column: str) -> datetime:
    try:
        found = datetime.strptime(_text(row, column), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - NetSuite sends no zone
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise UnreadableAnswerError(f"A row came with a column {column} that is not a time.")
    return found
