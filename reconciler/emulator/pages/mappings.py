"""Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) Setup."""

from typing import Final

from reconciler.emulator import certificates
from reconciler.emulator.accounts import ADMINISTRATOR, EDIT, MANAGE_OAUTH2, OAUTH2_LOGIN
from reconciler.emulator.pages.finding import named
from reconciler.emulator.pages.paging import SIZE, page_of
from reconciler.emulator.pages.visit import Moved, Shown, Visit
from reconciler.emulator.wire import ActError

LIST: Final = "/app/setup/oauth2mappings.nl"


def show_list(visit: Visit) -> Shown:
    page = page_of(visit.query, visit.number("SELECT COUNT(*) FROM certificates WHERE account = ?"))
    rows = visit.rows(f"{certificates.NAMED} ORDER BY c.created DESC, c.id LIMIT {SIZE} OFFSET ?", page.offset)
    values = {"may_edit": visit.by.may(MANAGE_OAUTH2, EDIT), "saved": visit.query.text("saved")}
    return Shown("mappings.html", {"rows": rows, "page": page, **values})


def show_new(visit: Visit) -> Shown:
    return again(visit, "")


def again(visit: Visit, error: str) -> Shown:
    applications = visit.rows(
        "SELECT name FROM integrations WHERE account = ? AND client_credentials = 1 ORDER BY name COLLATE NOCASE, id"
    )
    roles = visit.rows(
        "SELECT id, name FROM roles r WHERE account = ? AND inactive = 0 AND (id = ? OR EXISTS (SELECT 1"
        " FROM permissions p WHERE p.account = r.account AND p.role = r.id AND p.key = ?))"
        " ORDER BY name COLLATE NOCASE, id",
        ADMINISTRATOR,
        OAUTH2_LOGIN,
    )
    values = {"applications": [row["name"] for row in applications], "roles": roles}
    return Shown("mapping_new.html", {**values, "entered": visit.form, "error": error})


def create(visit: Visit) -> Moved:
    form = visit.form
    for name, label in (("role", "Role"), ("application", "Application"), ("certificate", "Certificate")):
        if not form.text(name):
            raise ActError(400, f"Please enter value(s) for: {label}.")
    wanted = certificates.MappingRequest(
        application=form.text("application"),
        employee=str(named(visit, form.text("entity"), "Entity")["id"]),
        role=form.text("role"),
        certificate=form.text("certificate") + "\n",
    )
    certificates.create(visit.world, visit.account.id, visit.by, wanted)
    return Moved(visit.link(LIST, saved="created"))


def revoke(visit: Visit) -> Moved:
    certificates.revoke_as(visit.world, visit.account.id, visit.by, visit.form.text("revoke"))
    return Moved(visit.link(LIST, saved="revoked"))
