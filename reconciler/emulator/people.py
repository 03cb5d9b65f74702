"""What a person does in NetSuite's user interface to employees and integration records, under the same rules."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, EDIT, World
from reconciler.emulator.employee_writes import CHANGED, set_access, set_active
from reconciler.emulator.wire import ActError

_ID: Final = re.compile(r"0|[1-9][0-9]{0,17}")
STATES: Final = ("Enabled", "Blocked", "Waiting for Approval")
ENTITY_RECORD_TYPE: Final = -9
INTEGRATION_RECORD_TYPE: Final = -255  # the real one is not known (part 2, 6)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the screen, with everything their roles allow together."""

    id: int
    name: str
    roles: frozenset[int]
    levels: dict[str, int]

    @property
    def is_administrator(self) -> bool:
        return ADMINISTRATOR in self.roles

    def may(self, permission: str, level: int = EDIT) -> bool:
        return self.is_administrator or self.levels.get(permission, 0) >= level


def find_employee(world: World, account: str, key: str) -> sqlite3.Row:
    """An employee by e-mail (in any case), internal id, or name."""
    # Each way has its index; one condition for all three would look at every employee.
    rows = world.database.rows(
        "SELECT * FROM employees WHERE account = ? AND id IN (SELECT ?"
        " UNION SELECT id FROM employees WHERE account = ? AND LOWER(email) = ?"
        " UNION SELECT id FROM employees WHERE account = ? AND entityid = ?)",
        *(account, int(key) if _ID.fullmatch(key) else None),
        *(account, key.lower()),
        *(account, key),
    )
    if len(rows) != 1:
        found = "There is no employee" if not rows else "There are several employees"
        raise ActError(404, f"{found} {key!r} in account {account}. Name one by e-mail or internal id.")
    return rows[0]


def find_role(world: World, account: str, key: str) -> sqlite3.Row:
    rows = world.database.rows(
        "SELECT * FROM roles WHERE account = ? AND (name = ? OR scriptid = ? OR CAST(id AS TEXT) = ?)",
        account,
        key,
        key,
        key,
    )
    if len(rows) != 1:
        raise ActError(
            404, f"There is no role {key!r} in account {account}. Name one by name, script id or internal id."
        )
    return rows[0]


def find_integration(world: World, account: str, key: str) -> sqlite3.Row:
    rows = world.database.rows("SELECT * FROM integrations WHERE account = ? AND name = ?", account, key)
    if len(rows) != 1:
        names = [row["name"] for row in world.database.rows("SELECT name FROM integrations WHERE account = ?", account)]
        raise ActError(404, f"There is no integration {key!r} in account {account}. There are: {', '.join(names)}.")
    return rows[0]


def actor(world: World, account: str, key: object) -> Actor:
    """The person who acts: they must be able to log in to the user interface."""
    if not isinstance(key, str) or not key:
        raise ActError(400, 'Say who does it: "as" must be the e-mail of an employee.')
    row = find_employee(world, account, key)
    roles = [role for role in accounts.roles_of(world, account, row["id"]) if not role["inactive"]]
    if not (row["active"] and row["access"] and roles):
        raise ActError(403, f"{row['entityid']} cannot log in: inactive, without access, or without an active role.")
    levels: dict[str, int] = {}
    for role in roles:
        for permission, level in accounts.permissions(world, account, role["id"]).items():
            levels[permission] = max(level, levels.get(permission, 0))
    return Actor(row["id"], row["entityid"], frozenset(role["id"] for role in roles), levels)


def describe(world: World, account: str, row: sqlite3.Row) -> dict[str, object]:
    fresh = accounts.employee(world, account, row["id"])
    if fresh is None:
        raise ActError(404, f"The employee {row['entityid']!r} is gone.")
    roles = [{"id": str(role["id"]), "name": role["name"]} for role in accounts.roles_of(world, account, row["id"])]
    return {
        "id": str(fresh["id"]),
        "entityid": fresh["entityid"],
        "firstname": fresh["firstname"] or "",
        "lastname": fresh["lastname"] or "",
        "email": fresh["email"],
        "title": fresh["title"] or "",
        "external_id": fresh["external_id"],
        "time_zone": fresh["time_zone"],
        "active": bool(fresh["active"]),
        "access": bool(fresh["access"]),
        "roles": roles,
    }


def change_roles(
    world: World, account: str, by: Actor, row: sqlite3.Row, add: Sequence[str], remove: Sequence[str]
) -> None:
    check_may_edit(world, account, by, row, "Employee Access Tab", "LIST_EMPLOYEE_ACCESS")
    held = {role["id"] for role in accounts.roles_of(world, account, row["id"])}
    added = {find_role(world, account, name)["id"] for name in add}
    removed = {find_role(world, account, name)["id"] for name in remove}
    if ADMINISTRATOR in added | removed and not by.is_administrator:
        raise ActError(403, f"{by.name} is no Administrator, and only an Administrator can give or take that role.")
    wanted = (held | added) - removed
    if row["access"] and not wanted:
        raise ActError(409, f"{row['entityid']} has access, so at least one role must stay.")
    accounts.set_roles(world, account, row["id"], wanted, by.id)


def change_employee(
    world: World, account: str, by: Actor, row: sqlite3.Row, *, active: bool | None, access: bool | None
) -> None:
    check_may_edit(world, account, by, row, "Employees", "LIST_EMPLOYEE")
    if access and not row["email"]:
        raise ActError(409, f"{row['entityid']} has no e-mail address, which access needs.")
    if access and not accounts.roles_of(world, account, row["id"]):
        raise ActError(409, f"{row['entityid']} has no role, which access needs.")
    if active is not None and active != bool(row["active"]):
        set_active(world, account, row["id"], active=active)
        old, new = accounts.flag(not row["active"]), accounts.flag(not active)
        note(world, account, by, (ENTITY_RECORD_TYPE, row["id"], row["entityid"]), ("ENTITY.BINACTIVE", old, new))
    if access is not None and access != bool(row["access"]):
        set_access(world, account, row["id"], access=access, actor=by.id)
    accounts.touch(world, account, row["id"])


def delete_employee(world: World, account: str, by: Actor, row: sqlite3.Row) -> None:
    """Deleting an employee deletes their tokens and mappings."""
    check_may_edit(world, account, by, row, "Employees", "LIST_EMPLOYEE")
    if by.id == row["id"]:
        raise ActError(409, "Nobody can delete their own record.")
    for statement in (
        "DELETE FROM tokens WHERE account = ? AND employee = ?",
        "DELETE FROM certificates WHERE account = ? AND employee = ?",
        "DELETE FROM grants WHERE account = ? AND employee = ?",
        "DELETE FROM employees WHERE account = ? AND id = ?",
    ):
        world.database.run(statement, account, row["id"])


def check_may_edit(world: World, account: str, by: Actor, row: sqlite3.Row, name: str, permission: str) -> None:
    if not by.may(permission):
        raise ActError(403, f"{by.name} lacks the permission {name}.")
    if accounts.holds(world, account, row["id"], ADMINISTRATOR) and not by.is_administrator:
        raise ActError(
            403,
            f"Only an administrator is allowed to edit an administrator record, and {by.name} is none.",
        )


def change_integration(world: World, account: str, by: Actor, row: sqlite3.Row, state: object) -> None:
    if state not in STATES:
        raise ActError(400, f"state must be one of: {', '.join(STATES)}.")
    if not by.may("ADMI_INTEGRAPP"):
        raise ActError(403, f"{by.name} lacks the permission Integration Application.")
    world.database.run("UPDATE integrations SET state = ? WHERE account = ? AND id = ?", str(state), account, row["id"])
    record = (INTEGRATION_RECORD_TYPE, row["id"], row["name"])
    note(world, account, by, record, ("INTEGRATION.KSTATE", row["state"], str(state)))


def note(
    world: World,
    account: str,
    by: Actor,
    record: tuple[int, int, str],
    change: tuple[str, str, str],
    kind: int = CHANGED,
) -> None:
    """A system note of what a person did: of which record (type, id, name), and of which field with both values."""
    record_type, record_id, record_name = record
    field_code, old, new = change
    world.database.insert(
        "system_notes",
        account=account,
        at=world.clock.now(),
        record_type=record_type,
        record_id=record_id,
        record=record_name,
        field=field_code,
        type=kind,
        name=by.id,
        role=ADMINISTRATOR if by.is_administrator else min(by.roles),
        context="UIF",
        old=old,
        new=new,
    )
