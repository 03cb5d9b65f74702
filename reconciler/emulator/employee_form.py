"""Save on the employee record: everything a person entered there takes effect at once, or nothing does."""

import sqlite3
from dataclasses import dataclass

from reconciler.emulator import accounts, people
from reconciler.emulator.accounts import World
from reconciler.emulator.employee_changes import problem_of, set_fields
from reconciler.emulator.employee_fields import BY_NAME
from reconciler.emulator.employee_values import is_email
from reconciler.emulator.people import Actor
from reconciler.emulator.system_notes import EMPLOYEE
from reconciler.emulator.wire import ActError


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
    loses_access, gains_access = before.access and not form.access, form.access and not before.access
    # Without access the last role may go; with it, there must be one.
    if loses_access:
        people.change_employee(world, account, by, _fresh(world, account, row), active=None, access=False)
    if form.roles != before.roles:
        added, removed = form.roles - before.roles, before.roles - form.roles
        fresh = _fresh(world, account, row)
        people.change_roles(world, account, by, fresh, [str(key) for key in added], [str(key) for key in removed])
    active = not form.inactive if form.inactive != before.inactive else None
    if active is not None or gains_access:
        fresh = _fresh(world, account, row)
        people.change_employee(world, account, by, fresh, active=active, access=gains_access or None)


def _fresh(world: World, account: str, row: sqlite3.Row) -> sqlite3.Row:
    found = accounts.employee(world, account, row["id"])
    if found is None:
        raise ActError(404, f"The employee {row['entityid']!r} is gone.")
    return found


def _write_texts(world: World, account: str, by: Actor, row: sqlite3.Row, form: EmployeeForm) -> None:
    if not (form.firstname or form.lastname) and (row["firstname"] or row["lastname"]):
        raise ActError(400, "Please enter value(s) for: Name.")
    if form.email and not is_email(form.email):
        raise ActError(400, f"{form.email!r} is no e-mail address.")
    if not form.email and form.access:
        raise ActError(400, "Please enter value(s) for: Email.")
    values = {"firstname": form.firstname, "lastname": form.lastname, "email": form.email, "title": form.title}
    if row["entityid"] == _full_name(row["firstname"], row["lastname"]):
        values["entityid"] = _full_name(form.firstname, form.lastname)
    changed = {BY_NAME[name]: value for name, value in values.items() if value != (row[BY_NAME[name].column] or "")}
    if problem := problem_of(world, account, changed, row["id"]):
        raise ActError(409, problem)
    set_fields(world, account, row["id"], {field: value or None for field, value in changed.items()})
    prefix = world.switches.value("employee-note-prefix")
    for field, value in changed.items():
        texts = (f"{prefix}.{field.note}", row[field.column] or "", value)
        people.note(world, account, by, (EMPLOYEE, row["id"], row["entityid"]), texts)


def _full_name(first: str | None, last: str | None) -> str:
    return f"{first or ''} {last or ''}".strip()
