"""Setup > Users/Roles > Manage Users: who has access, once for each role."""

from typing import Final

from reconciler.emulator.pages.paging import SIZE, page_of
from reconciler.emulator.pages.visit import Shown, Visit

# CROSS JOIN keeps SQLite from reading every grant first: people come from the index, in the order of their names.
USERS: Final = (
    "FROM employees e CROSS JOIN grants g ON g.account = e.account AND g.employee = e.id"
    " CROSS JOIN roles r ON r.account = g.account AND r.id = g.role"
    " WHERE e.account = ? AND e.access = 1 AND e.active = 1 AND (? IS NULL OR g.role = ?)"
)
ORDERS: Final = {
    "name": "e.entityid COLLATE NOCASE, e.id, r.name",
    "email": "e.email COLLATE NOCASE, e.id, r.name",
    "role": "r.name COLLATE NOCASE, r.id, e.entityid COLLATE NOCASE, e.id",
}


def show(visit: Visit) -> Shown:
    role = visit.query.number("role")
    order = visit.query.text("sort") if visit.query.text("sort") in ORDERS else "name"
    page = page_of(visit.query, visit.number(f"SELECT COUNT(*) {USERS}", role, role))
    rows = visit.rows(
        f"SELECT e.*, r.name AS role_name {USERS} ORDER BY {ORDERS[order]} LIMIT {SIZE} OFFSET ?",
        role,
        role,
        page.offset,
    )
    roles = visit.rows("SELECT id, name FROM roles WHERE account = ? ORDER BY name COLLATE NOCASE, id")
    return Shown("users.html", {"rows": rows, "page": page, "roles": roles, "role": role, "sort": order})
