"""Save on the employee record: everything a person entered there takes effect at once, or nothing does."""

import re
import sqlite3
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import accounts, people
from reconciler.emulator.accounts import World
from reconciler.emulator.employee_writes import TEXT_FIELDS, update_text
from reconciler.emulator.people import ENTITY_RECORD_TYPE, Actor
from reconciler.emulator.wire import ActError

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class EmployeeForm:
    """The record as it stands in the form."""

    firstname: str
    lastname: str
    email: str
    title: str
    inactive: bool
    access: bool
    roles: frozenset[int]


def saved(world: World, account: str, row: sqlite3.Row) -> EmployeeForm:
    """The record as it is."""
    return EmployeeForm(
        firstname=row["firstname"] or "",
        lastname=row["lastname"] or "",
        email=row["email"] or "",
        title=row["title"] or "",
        inactive=not row["active"],
        access=bool(row["access"]),
        roles=frozenset(role["id"] for role in accounts.roles_of(world, account, row["id"])),
    )


def save(world: World, account: str, by: Actor, row: sqlite3.Row, form: EmployeeForm) -> None:
    """Carry out what differs from the record; ActError, and the caller's transaction with it, undoes all of it."""
    before = saved(world, account, row)
    people.check_may_edit(world, account, by, row)
    _write_texts(world, account, by, row, form)
    fresh = people.find_employee(world, account, str(row["id"]))
    if form.access != before.access and not form.access:
        people.change_employee(world, account, by, fresh, active=None, access=False)
        fresh = people.find_employee(world, account, str(row["id"]))
    if form.roles != before.roles:
        added, removed = form.roles - before.roles, before.roles - form.roles
        people.change_roles(world, account, by, fresh, [str(key) for key in added], [str(key) for key in removed])
    active = not form.inactive if form.inactive != before.inactive else None
    access = True if form.access and not before.access else None
    if active is not None or access is not None:
        people.change_employee(world, account, by, fresh, active=active, access=access)


def _write_texts(world: World, account: str, by: Actor, row: sqlite3.Row, form: EmployeeForm) -> None:
    if not (form.firstname or form.lastname) and (row["firstname"] or row["lastname"]):
        raise ActError(400, "Please enter value(s) for: Name.")
    if form.email and not _EMAIL.fullmatch(form.email):
        raise ActError(400, f"{form.email!r} is no e-mail address.")
    if not form.email and form.access:
        raise ActError(400, "Please enter value(s) for: Email.")
    values = {"firstname": form.firstname, "lastname": form.lastname, "email": form.email, "title": form.title}
    if row["entityid"] == _full_name(row["firstname"], row["lastname"]):
        values["entityid"] = _full_name(form.firstname, form.lastname)
    for name, value in values.items():
        column, note = TEXT_FIELDS[name]
        old = row[column] or ""
        if value != old:
            update_text(world, account, row["id"], column, value or None)
            people.note(world, account, by, (ENTITY_RECORD_TYPE, row["id"], row["entityid"]), (note, old, value))


def _full_name(first: str | None, last: str | None) -> str:
    return f"{first or ''} {last or ''}".strip()
