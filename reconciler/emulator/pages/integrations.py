"""Setup > Integration > Manage Integrations."""

from typing import Final

from reconciler.emulator import people, system_notes
from reconciler.emulator.accounts import EDIT
from reconciler.emulator.pages import notes
from reconciler.emulator.pages.visit import Moved, Shown, Visit
from reconciler.emulator.people import STATES

RECORD: Final = "/app/common/integration/integrapp.nl"


def show_list(visit: Visit) -> Shown:
    has_inactive = "inactive" in visit.query
    rows = visit.rows(
        "SELECT * FROM integrations WHERE account = ? AND (state <> 'Blocked' OR ?) ORDER BY name COLLATE NOCASE, id",
        int(has_inactive),
    )
    return Shown("integrations.html", {"rows": rows, "has_inactive": has_inactive})


def show(visit: Visit) -> Shown:
    row = visit.row("SELECT * FROM integrations WHERE account = ? AND id = ?", visit.query.number("id"))
    found = notes.of(visit, system_notes.INTEGRATION, row["id"])
    values = {
        "row": row,
        "notes": found,
        "note_types": notes.TYPES,
        "changed": next((note for note in found if note["new"] in STATES), None),
        "states": STATES,
        "has_saved": "saved" in visit.query,
        "may_edit": visit.by.may("ADMI_INTEGRAPP", EDIT),
    }
    edits = visit.query.text("e") == "T"
    return Shown("integration_form.html" if edits else "integration.html", values)


def save(visit: Visit) -> Moved:
    row = visit.row("SELECT * FROM integrations WHERE account = ? AND id = ?", visit.query.number("id"))
    state, note = visit.form.text("state"), visit.form.text("note")
    people.change_integration(visit.world, visit.account.id, visit.by, row, state, note)
    return Moved(visit.link(RECORD, id=row["id"], saved="T"))
