"""Lists > Employees > Employees, and the employee record with its subtab Access."""

import sqlite3
from dataclasses import dataclass, replace
from typing import Final

from reconciler.emulator import accounts, employee_form, people, system_notes
from reconciler.emulator.accounts import EDIT
from reconciler.emulator.employee_form import EmployeeForm
from reconciler.emulator.pages import notes
from reconciler.emulator.pages.finding import listed
from reconciler.emulator.pages.visit import Fields, Moved, Reply, Shown, Visit
from reconciler.emulator.wire import ActError

RECORD: Final = "/app/common/entity/employee.nl"
MOST_HISTORY: Final = 200


def show_list(visit: Visit) -> Shown:
    has_inactive = "inactive" in visit.query
    condition = "account = ?" if has_inactive else "account = ? AND active = 1"
    found = listed(visit, condition)
    values = {"rows": found.rows, "q": found.text, "page": found.page, "has_inactive": has_inactive}
    return Shown("employees.html", values)


def show(visit: Visit) -> Shown:
    row = _record(visit)
    if visit.query.text("e") == "T":
        people.check_may_edit(visit.world, visit.account.id, visit.by, row)
        return _form(visit, row, _Draft(employee_form.saved(visit.world, visit.account.id, row)))
    form = employee_form.saved(visit.world, visit.account.id, row)
    values = {"has_saved": "saved" in visit.query, "has_notified": "notified" in visit.query}
    return Shown("employee.html", {**_record_values(visit, row), "form": form, **values})


def _record(visit: Visit) -> sqlite3.Row:
    return visit.row("SELECT * FROM employees WHERE account = ? AND id = ?", visit.query.number("id"))


def _record_values(visit: Visit, row: sqlite3.Row) -> dict[str, object]:
    history = visit.rows(
        "SELECT h.*, COALESCE(e.entityid, '-System-') AS user FROM access_history h"
        " LEFT JOIN employees e ON e.account = h.account AND e.id = h.actor"
        " WHERE h.account = ? AND h.employee = ? ORDER BY h.rowid DESC LIMIT ?",
        row["id"],
        MOST_HISTORY,
    )
    return {
        "row": row,
        "names": {role["id"]: role["name"] for role in _roles(visit)},
        "history": history,
        "notes": notes.of(visit, system_notes.EMPLOYEE, row["id"]),
        "note_types": notes.TYPES,
        "may_edit": visit.by.may("LIST_EMPLOYEE", EDIT),
    }


def _roles(visit: Visit) -> list[sqlite3.Row]:
    return visit.rows("SELECT * FROM roles WHERE account = ? ORDER BY name COLLATE NOCASE, id")


@dataclass(frozen=True, slots=True)
class _Draft:
    """What stands in the form and is not saved yet."""

    form: EmployeeForm
    chosen: int | None = None  # the role in the list that was clicked
    to_add: int | None = None  # the role in the field Role
    notifies: bool = False
    error: str = ""


def _form(visit: Visit, row: sqlite3.Row, draft: _Draft) -> Shown:
    offered = [role for role in _roles(visit) if not role["inactive"] and role["id"] not in draft.form.roles]
    values = {"form": draft.form, "draft": draft, "offered": offered}
    return Shown("employee_form.html", {**_record_values(visit, row), **values})


def act(visit: Visit) -> Reply:
    """Add and Remove change what stands in the form; only Save changes the record."""
    row = _record(visit)
    people.check_may_edit(visit.world, visit.account.id, visit.by, row)
    draft = _entered(visit.form)
    if "select" in visit.form:
        return _form(visit, row, replace(draft, chosen=visit.form.number("select")))
    match visit.form.text("action"):
        case "add":
            return _form(visit, row, _added(visit, draft))
        case "remove":
            left = draft.form.roles - {draft.chosen}
            return _form(visit, row, replace(draft, form=replace(draft.form, roles=left), chosen=None))
        case _:
            return _saved(visit, row, draft)


def _entered(form: Fields) -> _Draft:
    roles = frozenset(role for text in form.all("role") if (role := accounts.internal_id(text)) is not None)
    entered = EmployeeForm(
        firstname=form.text("firstname"),
        lastname=form.text("lastname"),
        email=form.text("email"),
        title=form.text("title"),
        inactive="inactive" in form,
        access="access" in form,
        roles=roles,
    )
    return _Draft(entered, form.number("chosen"), form.number("to_add"), "notify" in form)


def _added(visit: Visit, draft: _Draft) -> _Draft:
    role = accounts.role(visit.world, visit.account.id, draft.to_add) if draft.to_add is not None else None
    if role is None or role["inactive"]:
        return replace(draft, error="Please choose a value for: Role.")
    form = replace(draft.form, roles=draft.form.roles | {role["id"]})
    return replace(draft, form=form, to_add=None, chosen=None)


def _saved(visit: Visit, row: sqlite3.Row, draft: _Draft) -> Moved:
    if draft.to_add is not None:
        raise ActError(400, "A role is chosen in the field Role, but not added. Click Add, or clear the field.")
    employee_form.save(visit.world, visit.account.id, visit.by, row, draft.form)
    notified = "T" if draft.notifies and draft.form.access and not row["access"] else None
    return Moved(visit.link(RECORD, id=row["id"], saved="T", notified=notified))


def again(visit: Visit, error: str) -> Shown:
    row = _record(visit)
    return _form(visit, row, replace(_entered(visit.form), error=error))
