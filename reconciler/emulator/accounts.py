"""Who is asking and what they may do: accounts, people, roles and permission levels."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.emulator.behaviours import Switches
from reconciler.emulator.database import Clock, Database

STORY_ACCOUNT: Final = "1234567"  # the one that the built-in seed is about
ADMINISTRATOR: Final = 3
LEVELS: Final[Mapping[str, int]] = {"View": 1, "Create": 2, "Edit": 3, "Full": 4}
VIEW: Final = LEVELS["View"]
EDIT: Final = LEVELS["Edit"]

_INTERNAL_ID: Final = re.compile(r"-?[0-9]{1,15}")

REST_WEB_SERVICES: Final = "ADMI_RESTWEBSERVICES"
TOKEN_LOGIN: Final = "ADMI_LOGIN_OAUTH"
OWN_TOKENS: Final = "ADMI_MANAGE_OWN_OAUTH_TOKENS"
MANAGE_TOKENS: Final = "ADMI_MANAGE_OAUTH_TOKENS"
OAUTH2_LOGIN: Final = "ADMI_LOGIN_OAUTH2"
# Neither id is known; the names are.
MANAGE_OAUTH2: Final = "ADMI_MANAGE_OAUTH2_APPLICATIONS"
OWN_CERTIFICATES: Final = "ADMI_MANAGE_OWN_OAUTH2_CERTIFICATES"

PERMISSION_NAMES: Final[Mapping[str, str]] = {
    REST_WEB_SERVICES: "REST Web Services",
    TOKEN_LOGIN: "Log in using Access Tokens",
    OAUTH2_LOGIN: "Log in using OAuth 2.0 Access Tokens",
    OWN_TOKENS: "User Access Tokens",
    MANAGE_TOKENS: "Access Token Management",
    MANAGE_OAUTH2: "OAuth 2.0 Authorized Applications Management",
    OWN_CERTIFICATES: "Manage own OAuth 2.0 Client Credentials certificates",
    "ADMI_MANAGEROLES": "Bulk Manage Roles",
    "ADMI_MANAGEUSERS": "Manage Users",
    "ADMI_COMPANY": "Company Information",
    "ADMI_AUDITLOGIN": "View Login Audit Trail",
    "ADMI_INTEGRAPP": "Integration Application",
    "ADMI_KERNEL": "Core Administration Permissions",
    "LIST_INTEGRAPP": "Integration Applications",
    "LIST_EMPLOYEE": "Employees",
    "LIST_EMPLOYEE_RECORD": "Employee Record",
    "LIST_EMPLOYEE_ACCESS": "Employee Access Tab",
    "LIST_FIND": "Perform Search",
    "LIST_SYSTEMNOTES": "System Notes for Analytics and REST",
    "REPO_ANALYTICS": "SuiteAnalytics Workbook",
    "TRAN_FIND": "Find Transaction",
    "TRAN_SALESORD": "Sales Order",
    "TRAN_AUDIT": "Audit Trail",
}


@dataclass(frozen=True, slots=True)
class Account:
    """One emulated account, with the features that are on."""

    id: str
    name: str
    time_zone: str
    features: Mapping[str, bool]

    def has(self, feature: str) -> bool:
        return self.features.get(feature, True)


@dataclass(frozen=True, slots=True)
class Caller:
    """An employee in one role, as the login check let them in."""

    account: Account
    employee: int
    name: str
    email: str
    time_zone: str
    role: int
    role_name: str
    permissions: Mapping[str, int]
    application: str
    token_name: str  # empty for OAuth 2.0

    @property
    def is_administrator(self) -> bool:
        return self.role == ADMINISTRATOR

    def may(self, permission: str, level: int = VIEW) -> bool:
        return self.is_administrator or self.permissions.get(permission, 0) >= level


@dataclass(frozen=True, slots=True)
class World:
    """What every part of the server works on."""

    database: Database
    clock: Clock
    switches: Switches


def internal_id(text: str) -> int | None:
    """The number that such a text stands for, or None where it is no internal id."""
    return int(text) if _INTERNAL_ID.fullmatch(text) else None


def account(world: World, account_id: str) -> Account | None:
    row = world.database.row("SELECT * FROM accounts WHERE id = ?", account_id)
    if row is None:
        return None
    return Account(row["id"], row["name"], row["time_zone"], json.loads(row["features"]))


def permissions(world: World, account_id: str, role: int) -> dict[str, int]:
    rows = world.database.rows("SELECT key, level FROM permissions WHERE account = ? AND role = ?", account_id, role)
    return {row["key"]: row["level"] for row in rows}


def employee(world: World, account_id: str, employee_id: int) -> sqlite3.Row | None:
    return world.database.row("SELECT * FROM employees WHERE account = ? AND id = ?", account_id, employee_id)


def next_employee_id(world: World, account_id: str) -> int:
    """An id that nobody has or had."""
    last = world.database.number("SELECT MAX(id) FROM employees WHERE account = ?", account_id)
    return max(last, int(world.database.setting(_last_employee(account_id)) or 0)) + 1


def remember_employee_id(world: World, account_id: str, employee_id: int) -> None:
    """The id of a deleted employee, so that it is never given again."""
    last = int(world.database.setting(_last_employee(account_id)) or 0)
    world.database.set(_last_employee(account_id), str(max(last, employee_id)))


def next_token_id(world: World, account_id: str) -> int:
    """An id that no token has or had."""
    last = world.database.number("SELECT MAX(id) FROM tokens WHERE account = ?", account_id)
    return max(last, int(world.database.setting(_last_token(account_id)) or 0)) + 1


def remember_token_ids(world: World, account_id: str) -> None:
    """Before tokens are deleted: none of their ids is ever given again."""
    world.database.set(_last_token(account_id), str(next_token_id(world, account_id) - 1))


def _last_token(account_id: str) -> str:
    return f"last token deleted from {account_id}"


def _last_employee(account_id: str) -> str:
    return f"last employee deleted from {account_id}"


def role(world: World, account_id: str, role_id: int) -> sqlite3.Row | None:
    return world.database.row("SELECT * FROM roles WHERE account = ? AND id = ?", account_id, role_id)


def with_consumer_key(world: World, account_id: str, key: str) -> sqlite3.Row | None:
    return world.database.row("SELECT * FROM integrations WHERE account = ? AND consumer_key = ?", account_id, key)


def is_for_web_services_only(world: World, caller: Caller) -> bool:
    of_role = role(world, caller.account.id, caller.role)
    return of_role is not None and bool(of_role["web_services_only"])


def holds(world: World, account_id: str, employee_id: int, role_id: int) -> bool:
    return bool(
        world.database.number(
            "SELECT COUNT(*) FROM grants WHERE account = ? AND employee = ? AND role = ?",
            account_id,
            employee_id,
            role_id,
        )
    )


def caller(
    world: World, account: Account, owner: tuple[int, int], login: Sequence[str], application: str, token_name: str = ""
) -> Caller | None:
    """The employee and role that own a token or certificate, if both may log in by one of these permissions."""
    person = employee(world, account.id, owner[0])
    of_role = role(world, account.id, owner[1])
    if person is None or of_role is None:
        return None
    found = Caller(
        account=account,
        employee=person["id"],
        name=person["entityid"],
        email=person["email"] or "",
        time_zone=person["time_zone"] or account.time_zone,
        role=of_role["id"],
        role_name=of_role["name"],
        permissions=permissions(world, account.id, of_role["id"]),
        application=application,
        token_name=token_name,
    )
    is_held = holds(world, account.id, found.employee, found.role) and not of_role["inactive"]
    may_log_in = person["active"] and person["access"] and any(found.may(permission) for permission in login)
    return found if is_held and may_log_in else None


def roles_of(world: World, account_id: str, employee_id: int) -> list[sqlite3.Row]:
    return world.database.rows(
        "SELECT r.* FROM grants g JOIN roles r ON r.account = g.account AND r.id = g.role"
        " WHERE g.account = ? AND g.employee = ? ORDER BY r.id",
        account_id,
        employee_id,
    )


def set_roles(world: World, account_id: str, employee_id: int, wanted: set[int], actor: int) -> None:
    """Give exactly these roles. Grants leave no system note; they go into the employee's access history."""
    held = {row["id"] for row in roles_of(world, account_id, employee_id)}
    names = {row["id"]: row["name"] for row in world.database.rows("SELECT * FROM roles WHERE account = ?", account_id)}
    for added in sorted(wanted - held):
        world.database.insert("grants", account=account_id, employee=employee_id, role=added)
        remember_access(world, account_id, employee_id, actor, f"Role {names[added]} added")
    for removed in sorted(held - wanted):
        world.database.run(
            "DELETE FROM grants WHERE account = ? AND employee = ? AND role = ?", account_id, employee_id, removed
        )
        remember_access(world, account_id, employee_id, actor, f"Role {names[removed]} removed")
    touch(world, account_id, employee_id)


def remember_access(world: World, account_id: str, employee_id: int, actor: int, description: str) -> None:
    world.database.insert(
        "access_history",
        account=account_id,
        at=world.clock.now(),
        employee=employee_id,
        actor=actor,
        description=description,
    )


def touch(world: World, account_id: str, employee_id: int) -> None:
    world.database.run(
        "UPDATE employees SET modified = ? WHERE account = ? AND id = ?", world.clock.now(), account_id, employee_id
    )


def flag(value: object) -> str:
    return "T" if value else "F"
