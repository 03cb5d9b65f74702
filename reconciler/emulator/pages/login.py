"""Who a person is, and in which role they act: a choice kept in a cookie, for nobody has a password here."""

import re
from typing import Final
from urllib.parse import quote

from reconciler.emulator import accounts, audit, people
from reconciler.emulator.pages.finding import listed
from reconciler.emulator.pages.visit import HOME, LOGIN, Guest, Moved, Shown, Visit
from reconciler.emulator.wire import ActError

# As people.roles_to_log_in has it, so that nobody is counted who is not offered.
WITH_ACCESS: Final = (
    "account = ? AND access = 1 AND active = 1 AND EXISTS (SELECT 1 FROM grants g JOIN roles r ON r.account = g.account"
    " AND r.id = g.role WHERE g.account = employees.account AND g.employee = employees.id AND NOT r.inactive"
    " AND NOT r.web_services_only)"
)
PERSON: Final = "person"
_CHOICE: Final = re.compile(r"(-?[0-9]{1,15})\.(-?[0-9]{1,15})")


def visit(guest: Guest) -> Visit | None:
    """The person of the cookie in their role, or nothing where they may not log in (any more)."""
    choice = _CHOICE.fullmatch(guest.cookie(PERSON))
    return _as(guest, int(choice.group(1)), int(choice.group(2))) if choice else None


def _as(guest: Guest, employee: int, role_id: int) -> Visit | None:
    row = accounts.employee(guest.world, guest.account.id, employee)
    role = accounts.role(guest.world, guest.account.id, role_id)
    if row is None or role is None:
        return None
    try:
        by = people.acting(guest.world, guest.account.id, row, role_id)
    except ActError:
        return None
    return Visit(guest.world, guest.account, guest.request, guest.query, guest.form, guest.once, by, role)


def show(guest: Guest) -> Shown:
    """Everybody who can log in, once for each role."""
    found = listed(guest, WITH_ACCESS)
    values = {
        "people": [(row, people.roles_to_log_in(guest.world, guest.account.id, row)) for row in found.rows],
        "q": found.text,
        "page": found.page,
        "next": guest.query.text("next") or None,
    }
    return Shown("login.html", values)


def choose(guest: Guest) -> Moved:
    """Log in as somebody in one of their roles; a change of role is the end of the session before it."""
    choice = _CHOICE.fullmatch(guest.form.text("as"))
    person = _as(guest, int(choice.group(1)), int(choice.group(2))) if choice else None
    if person is None:
        raise ActError(409, "Nobody can log in like that: choose a person and a role from the list.")
    before = visit(guest)
    if before is not None:
        has_switched = before.by.id == person.by.id
        _leave_row(before, "RoleSwitchLogout" if has_switched else "ExplicitLogout")
    _leave_row(person, "")
    wanted = guest.form.text("next")
    to = wanted if _is_inside(guest, wanted) else guest.link(HOME)
    return Moved(to, guest.set_cookie(PERSON, f"{person.by.id}.{person.role['id']}"))


def show_roles(person: Visit) -> Shown:
    row = person.row("SELECT * FROM employees WHERE account = ? AND id = ?", person.by.id)
    return Shown("my_roles.html", {"roles": people.roles_to_log_in(person.world, person.account.id, row)})


def log_out(person: Visit) -> Moved:
    _leave_row(person, "ExplicitLogout")
    return Moved(person.link(LOGIN), person.set_cookie(PERSON, ""))


def _leave_row(person: Visit, detail: str) -> None:
    audit.record_interface(person.world, person.account.id, person.request, (person.by.id, person.role["id"]), detail)


def _is_inside(guest: Guest, target: str) -> bool:
    """Whether an address is one of this account's pages, and of nobody else's."""
    return target.startswith(f"/{quote(guest.account.id)}/") and target.isascii() and target.isprintable()
