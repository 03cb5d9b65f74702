"""What a person types into records: a new employee, changed fields, their own preferences, and sales orders."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, LEVELS, World
from reconciler.emulator.connector import record_order
from reconciler.emulator.employee_changes import problem_of, set_fields
from reconciler.emulator.employee_fields import BY_NAME, Field
from reconciler.emulator.employee_values import is_email
from reconciler.emulator.people import Actor, check_may_edit, note
from reconciler.emulator.system_notes import CREATED, EMPLOYEE, NOTHING, USER_INTERFACE
from reconciler.emulator.wire import ActError

CREATE: Final = LEVELS["Create"]
_FIELDS: Final[Mapping[str, Field]] = {
    BY_NAME[name].column: BY_NAME[name]
    for name in ("firstname", "lastname", "email", "entityid", "title", "externalid")
}
DETAILS: Final = tuple(_FIELDS)


def create_employee(world: World, account: str, by: Actor, details: Mapping[str, str | None]) -> int:
    """A new employee: active, without access and without roles, which are given afterwards.

    Args:
        world: where it happens.
        account: the account.
        by: who creates it; needs the permission Employees with the level Create.
        details: values of the columns in DETAILS; at least `entityid`.

    Raises:
        ActError: it is not allowed, or the name is taken.
    """
    if not by.may("LIST_EMPLOYEE", CREATE):
        raise ActError(403, f"{by.name} lacks the permission Employees with the level Create.")
    name = details.get("entityid")
    if not name:
        raise ActError(400, "entityid is missing.")
    _check(world, account, details, None)
    key, now = accounts.next_employee_id(world, account), world.clock.now()
    world.database.insert(
        "employees", account=account, id=key, **details, active=1, access=0, created=now, modified=now
    )  # fmt: skip
    note(world, account, by, (EMPLOYEE, key, name), NOTHING, CREATED)
    return key


def change_details(
    world: World, account: str, by: Actor, row: sqlite3.Row, details: Mapping[str, str | None]
) -> None:  # fmt: skip
    """Change fields of an employee; each that gets another value leaves a note."""
    check_may_edit(world, account, by, row)
    if "email" in details and not details["email"] and row["access"]:
        raise ActError(409, f"{row['entityid']} has access, which needs an e-mail address.")
    if "entityid" in details and not details["entityid"]:
        raise ActError(409, "An employee needs an entityid.")
    _check(world, account, details, row["id"])
    changed = {_FIELDS[column]: text for column, text in details.items() if text != (row[column] or None)}
    set_fields(world, account, row["id"], changed)
    record = (EMPLOYEE, row["id"], row["entityid"])
    prefix = world.switches.value("employee-note-prefix")
    for field, text in changed.items():
        note(world, account, by, record, (f"{prefix}.{field.note}", row[field.column] or "", text or ""))
    accounts.touch(world, account, row["id"])


def _check(world: World, account: str, details: Mapping[str, str | None], own: int | None) -> None:
    email = details.get("email")
    if email and not is_email(email):
        raise ActError(400, f"{email!r} is no e-mail address.")
    if problem := problem_of(world, account, {_FIELDS[column]: text for column, text in details.items()}, own):
        raise ActError(409, problem)


def set_time_zone(world: World, account: str, by: Actor, row: sqlite3.Row, zone: str | None) -> None:
    """Home > Set Preferences: everybody's own, and nobody else's; without a zone the company's holds."""
    if by.id != row["id"]:
        raise ActError(403, f"Preferences are everybody's own: {by.name} cannot set those of {row['entityid']}.")
    world.database.run("UPDATE employees SET time_zone = ? WHERE account = ? AND id = ?", zone, account, row["id"])


def enter_orders(world: World, account: str, by: Actor, number: int) -> list[dict[str, str]]:
    """Sales orders that a person types in, one note each with the context of the user interface."""
    role = _role_with(world, account, by, "TRAN_SALESORD", CREATE)
    if role is None:
        raise ActError(403, f"{by.name} lacks the permission Sales Order with the level Create.")
    return [
        record_order(world, account, (by.id, role), world.clock.now(), USER_INTERFACE) for _ in range(number)
    ]  # fmt: skip


def _role_with(world: World, account: str, by: Actor, permission: str, level: int) -> int | None:
    """The role a person is in while they do something: one that allows it."""
    if by.is_administrator:
        return ADMINISTRATOR
    allowing = (role for role in by.roles if accounts.permissions(world, account, role).get(permission, 0) >= level)
    return min(allowing, default=None)
