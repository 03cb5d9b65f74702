"""What a person does in NetSuite's user interface to employees and integration records, under the same rules."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import accounts, employee_changes, system_notes
from reconciler.emulator.accounts import ADMINISTRATOR, EDIT, LEVELS, World
from reconciler.emulator.employee_changes import set_access, set_active
from reconciler.emulator.wire import ActError

STATES: Final = ("Enabled", "Blocked", "Waiting for Approval")


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
    # Each by an index of its own; one condition with OR would look at every employee.
    rows = world.database.rows(
        "SELECT * FROM employees WHERE account = ? AND email COLLATE NOCASE = ?"
        " UNION SELECT * FROM employees WHERE account = ? AND id = ?"
        " UNION SELECT * FROM employees WHERE account = ? AND entityid COLLATE NOCASE = ? AND entityid = ?",
        account,
        key,
        account,
        accounts.internal_id(key),
        account,
        key,
        key,
    )
    if len(rows) != 1:
        found = "There are several employees" if rows else "There is no employee"
        ways = "internal id" if rows else "e-mail, internal id or whole name"
        raise ActError(404, f"{found} {key!r} in account {account}. Name one by {ways}.")
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
    """The person who acts, by e-mail, in all their roles together."""
    if not isinstance(key, str) or not key:
        raise ActError(400, 'Say who does it: "as" must be the e-mail of an employee.')
    return acting(world, account, find_employee(world, account, key))


def acting(world: World, account: str, row: sqlite3.Row, role: int | None = None) -> Actor:
    """An employee at the screen, in the role they chose; without one in all their roles together.

    They must be able to log in to the user interface, which is closed to a role for web services only.
    """
    roles = [each for each in roles_to_log_in(world, account, row) if role in (None, each["id"])]
    if not roles:
        raise ActError(403, f"{row['entityid']} cannot log in: inactive, without access, or without a role for it.")
    levels: dict[str, int] = {}
    for each in roles:
        for permission, level in accounts.permissions(world, account, each["id"]).items():
            levels[permission] = max(level, levels.get(permission, 0))
    return Actor(row["id"], row["entityid"], frozenset(each["id"] for each in roles), levels)


def roles_to_log_in(world: World, account: str, row: sqlite3.Row) -> list[sqlite3.Row]:
    """The roles in which a person may use the user interface."""
    if not (row["active"] and row["access"]):
        return []
    roles = accounts.roles_of(world, account, row["id"])
    return [role for role in roles if not (role["inactive"] or role["web_services_only"])]


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
    check_may_edit(world, account, by, row, "LIST_EMPLOYEE_ACCESS")
    held = {role["id"] for role in accounts.roles_of(world, account, row["id"])}
    to_add = [find_role(world, account, name) for name in add]
    for role in to_add:
        if role["inactive"] and role["id"] not in held:
            raise ActError(409, f"The role {role['name']!r} is inactive, so it is not in the list.")
    added = {role["id"] for role in to_add}
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
    check_may_edit(world, account, by, row)
    if access is not None:
        check_may_edit(world, account, by, row, "LIST_EMPLOYEE_ACCESS")
    if access and not row["email"]:
        raise ActError(409, f"{row['entityid']} has no e-mail address, which access needs.")
    if access and not accounts.roles_of(world, account, row["id"]):
        raise ActError(409, f"{row['entityid']} has no role, which access needs.")
    if active is not None and active != bool(row["active"]):
        set_active(world, account, row["id"], active=active)
        old, new = accounts.flag(not row["active"]), accounts.flag(not active)
        prefix = world.switches.value("employee-note-prefix")
        note(world, account, by, (system_notes.EMPLOYEE, row["id"], row["entityid"]), (f"{prefix}.BINACTIVE", old, new))
    if access is not None and access != bool(row["access"]):
        set_access(world, account, row["id"], access=access, actor=by.id)
    accounts.touch(world, account, row["id"])


def delete_employee(world: World, account: str, by: Actor, row: sqlite3.Row) -> None:
    """Deleting an employee deletes their tokens and mappings; it needs the level Full, as in the record service."""
    check_may_edit(world, account, by, row)
    if not by.may("LIST_EMPLOYEE", LEVELS["Full"]):
        raise ActError(403, f"{by.name} lacks the permission Employees with the level Full.")
    if by.id == row["id"]:
        raise ActError(409, "Nobody can delete their own record.")
    employee_changes.remove(world, account, row["id"])


def check_may_edit(world: World, account: str, by: Actor, row: sqlite3.Row, permission: str = "LIST_EMPLOYEE") -> None:
    """Employees, and Employee Access Tab for what gives access, where the account has that permission."""
    of_account = accounts.account(world, account)
    if permission == "LIST_EMPLOYEE_ACCESS" and of_account and not of_account.has("advanced_employee_permissions"):
        permission = "LIST_EMPLOYEE"
    if not by.may(permission):
        raise ActError(403, f"{by.name} lacks the permission {accounts.PERMISSION_NAMES[permission]}.")
    if accounts.holds(world, account, row["id"], ADMINISTRATOR) and not by.is_administrator:
        raise ActError(
            403,
            f"Only an administrator is allowed to edit an administrator record, and {by.name} is none.",
        )


def change_integration(
    world: World, account: str, by: Actor, row: sqlite3.Row, state: object, remark: str | None = None
) -> None:
    """Edit an integration record; a remark of None leaves the field Note as it is."""
    if state not in STATES:
        raise ActError(400, f"state must be one of: {', '.join(STATES)}.")
    if not by.may("ADMI_INTEGRAPP"):
        raise ActError(403, f"{by.name} lacks the permission Integration Application.")
    if remark is not None:
        world.database.run("UPDATE integrations SET note = ? WHERE account = ? AND id = ?", remark, account, row["id"])
    if state == row["state"]:
        return
    world.database.run("UPDATE integrations SET state = ? WHERE account = ? AND id = ?", str(state), account, row["id"])
    record = (system_notes.INTEGRATION, row["id"], row["name"])
    note(world, account, by, record, ("INTEGRATION.KSTATE", row["state"], str(state)))


def note(
    world: World,
    account: str,
    by: Actor,
    record: system_notes.Record,
    change: system_notes.Change,
    kind: int = system_notes.CHANGED,
) -> None:
    """A system note of what a person did at the screen."""
    role = ADMINISTRATOR if by.is_administrator else min(by.roles)
    author = system_notes.Author(by.id, role, system_notes.USER_INTERFACE)
    system_notes.write(world, account, author, record, change, kind)
