"""Transactions > Sales > Enter Sales Orders > List, and a sales order with its System Notes."""

from typing import Final

from reconciler.emulator import system_notes
from reconciler.emulator.pages import notes
from reconciler.emulator.pages.paging import SIZE, page_of
from reconciler.emulator.pages.visit import Shown, Visit

ORDER: Final = (
    "SELECT t.*, COALESCE(e.entityid, '-System-') AS author FROM transactions t"
    " LEFT JOIN employees e ON e.account = t.account AND e.id = t.created_by"
    " WHERE t.account = ? AND t.type = 'SalesOrd'"
)
STATES: Final = {"A": "Pending Approval", "B": "Pending Fulfillment"}


def show_list(visit: Visit) -> Shown:
    page = page_of(
        visit.query, visit.number("SELECT COUNT(*) FROM transactions WHERE account = ? AND type = 'SalesOrd'")
    )
    rows = visit.rows(f"{ORDER} ORDER BY t.id DESC LIMIT {SIZE} OFFSET ?", page.offset)
    return Shown("orders.html", {"rows": rows, "page": page, "states": STATES})


def show(visit: Visit) -> Shown:
    row = visit.row(f"{ORDER} AND t.id = ?", visit.query.number("id"))
    values = {"row": row, "notes": notes.of(visit, system_notes.TRANSACTION, row["id"]), "note_types": notes.TYPES}
    return Shown("order.html", {**values, "states": STATES})
