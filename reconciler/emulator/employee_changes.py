"""What changes about an employee, whoever changes it: fields, access, and being gone."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from reconciler.emulator import accounts, system_notes
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import Value
from reconciler.emulator.employee_fields import Field, Kind

_TAKEN: Final[Mapping[str, str]] = {
    "entityid": "This entity already exists.",
    "external_id": "This record already exists.",
}
_NAMES: Final[Mapping[str, str]] = {
    "employee": "SELECT entityid FROM employees WHERE account = ? AND id = ?",
    "department": "SELECT name FROM classifications WHERE account = ? AND id = ? AND kind = 'department'",
    "classification": "SELECT name FROM classifications WHERE account = ? AND id = ? AND kind = 'class'",
    "location": "SELECT name FROM classifications WHERE account = ? AND id = ? AND kind = 'location'",
    # An account has one subsidiary, which bears its name.
    "subsidiary": "SELECT name FROM accounts WHERE id = ? AND ? = 1",
}


def name_of(world: World, account: str, target: str, key: int) -> str | None:
    """The name of a referenced record, or None when there is no such record."""
    row = world.database.row(_NAMES[target], account, key)
    return str(row[0]) if row is not None else None


def problem_of(world: World, account: str, values: Mapping[Field, Value], own: int | None) -> str:
    """What an employee cannot have because another has it, in NetSuite's words, or nothing.

    Args:
        world: where it happens.
        account: the account.
        values: what the employee is to have.
        own: the employee's id, if there is one yet.
    """
    sentences = dict(_TAKEN)
    if world.switches.value("email-unique") == "yes":
        sentences["email"] = "This email address is already in use."
    for field, text in values.items():
        if field.column not in sentences or not text:
            continue
        # A column's name stands in employee_fields.py, never in a request.
        statement = f"SELECT id FROM employees WHERE account = ? AND {field.column} = ? COLLATE NOCASE"  # noqa: S608
        if any(row["id"] != own for row in world.database.rows(statement, account, text)):
            return sentences[field.column]
    return ""


def set_active(world: World, account: str, employee: int, *, active: bool) -> None:
    """Role assignments are kept on an inactive employee."""
    world.database.run("UPDATE employees SET active = ? WHERE account = ? AND id = ?", int(active), account, employee)


def set_access(world: World, account: str, employee: int, *, access: bool, actor: int) -> None:
    """Giving and taking access goes into the access history; account provisioning leaves no system note."""
    world.database.run("UPDATE employees SET access = ? WHERE account = ? AND id = ?", int(access), account, employee)
    accounts.remember_access(world, account, employee, actor, "Access given" if access else "Access removed")


def set_fields(world: World, account: str, employee: int, values: Mapping[Field, Value]) -> None:
    for field, value in values.items():
        # A column's name stands in employee_fields.py, never in a request.
        statement = f"UPDATE employees SET {field.column} = ? WHERE account = ? AND id = ?"  # noqa: S608 - see above
        world.database.run(statement, value, account, employee)


def remove(world: World, account: str, employee: int) -> None:
    """Deleting an employee deletes their tokens and mappings; who had them as superior has none.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_4249078810.html
    """
    accounts.remember_token_ids(world, account)
    for statement in (
        "DELETE FROM tokens WHERE account = ? AND employee = ?",
        "DELETE FROM certificates WHERE account = ? AND employee = ?",
        "DELETE FROM request_tokens WHERE account = ? AND employee = ?",
        "DELETE FROM grants WHERE account = ? AND employee = ?",
        "UPDATE employees SET supervisor = NULL WHERE account = ? AND supervisor = ?",
        "UPDATE employees SET approver = NULL WHERE account = ? AND approver = ?",
        "DELETE FROM employees WHERE account = ? AND id = ?",
    ):
        world.database.run(statement, account, employee)
    accounts.remember_employee_id(world, account, employee)


def shown(world: World, account: str, field: Field, value: Value) -> str:
    """A value as a system note shows it: flags as T and F, references by name."""
    if value is None:
        return ""
    if field.kind is Kind.FLAG:
        return accounts.flag(value)
    if field.kind is Kind.REFERENCE:
        return name_of(world, account, field.target, int(value)) or str(value)
    return dict(field.options).get(str(value)) or str(value)


def note_change(world: World, caller: Caller, row: sqlite3.Row, field: Field, new: Value) -> None:
    old = row[field.column]
    if field.inverted:
        old, new = not old, not new
    prefix = world.switches.value("employee-note-prefix")
    texts = (shown(world, caller.account.id, field, old), shown(world, caller.account.id, field, new))
    _note(world, caller, row, (f"{prefix}.{field.note}", *texts), system_notes.CHANGED)


def note_creation(world: World, caller: Caller, row: sqlite3.Row) -> None:
    """One note without values: Log System Notes on Update Only is on by default.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_1117125619.html
    """
    _note(world, caller, row, system_notes.NOTHING, system_notes.CREATED)


def _note(world: World, caller: Caller, row: sqlite3.Row, change: system_notes.Change, kind: int) -> None:
    author = system_notes.Author(caller.employee, caller.role, world.switches.value("web-services-context"))
    record = (system_notes.EMPLOYEE, row["id"], row["entityid"])
    system_notes.write(world, caller.account.id, author, record, change, kind)
