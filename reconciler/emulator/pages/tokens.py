"""Access Tokens and My Access Tokens: listing, making, making inactive and revoking them."""

import sqlite3
from typing import Final

from reconciler.emulator import tokens
from reconciler.emulator.accounts import (
    ADMINISTRATOR,
    EDIT,
    MANAGE_TOKENS,
    OWN_TOKENS,
    PERMISSION_NAMES,
    TOKEN_LOGIN,
    VIEW,
)
from reconciler.emulator.pages.finding import label, named
from reconciler.emulator.pages.once import NewToken
from reconciler.emulator.pages.paging import SIZE, page_of
from reconciler.emulator.pages.visit import SHOWN, Fields, Moved, Reply, Shown, ViolationError, Visit
from reconciler.emulator.wire import ActError

LIST: Final = "/app/setup/accesstokens.nl"
OWN_LIST: Final = "/app/setup/myaccesstokens.nl"
RECORD: Final = "/app/setup/accesstoken.nl"
REVOKED: Final = {"T": " AND t.revoked = 1", "F": " AND t.revoked = 0"}
MOST_OFFERED: Final = 100
_SEARCHED: Final = {
    "application": " AND i.name LIKE ? ESCAPE '\\'",
    "user": " AND e.entityid LIKE ? ESCAPE '\\'",
    "role": " AND r.name LIKE ? ESCAPE '\\'",
    "name": " AND t.name LIKE ? ESCAPE '\\'",
}


def show_list(visit: Visit) -> Shown:
    return _listed(visit, "tokens.html", "", ())


def show_own(visit: Visit) -> Shown:
    """The tokens of the person in the role they act in."""
    condition = " AND t.employee = ? AND t.role = ?"
    return _listed(visit, "own_tokens.html", condition, (visit.by.id, visit.role["id"]))


def _listed(visit: Visit, template: str, condition: str, values: tuple[str | int, ...]) -> Shown:
    revoked = visit.query.text("revoked")
    if revoked not in {"ALL", *REVOKED}:
        revoked = "ALL" if visit.world.switches.value("page-revoked-filter") == "all" else "F"
    searched = {name: visit.query.text(name) for name in _SEARCHED if visit.query.text(name)}
    wanted = condition + REVOKED.get(revoked, "") + "".join(_SEARCHED[name] for name in searched)
    values = (*values, *(f"%{_escaped(text)}%" for text in searched.values()))
    chosen = tokens.NAMED + wanted
    page = page_of(visit.query, visit.number(f"SELECT COUNT(*) FROM ({chosen})", *values))  # noqa: S608 - our own words
    rows = visit.rows(f"{chosen} ORDER BY t.id DESC LIMIT {SIZE} OFFSET ?", *values, page.offset)
    shown = {
        "rows": rows,
        "page": page,
        "revoked": revoked,
        "searched": searched,
        "may_edit": visit.by.may(MANAGE_TOKENS, EDIT),
        "saved": visit.query.text("saved"),
    }
    return Shown(template, shown)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def show_search(_visit: Visit) -> Shown:
    return Shown("token_search.html")


def show(visit: Visit) -> Shown:
    """A token, its form, or the empty form of a new one."""
    if "id" not in visit.query:
        return _new(visit)
    row = _token(visit)
    values = {"row": row, "own": _is_own(visit, row)}
    if visit.query.text("e") == "T":
        return Shown("token_form.html", {**values, "error": ""})
    # HEAD must not use up what is shown once.
    shows = visit.request.method == "GET"
    new = visit.once.take(visit.query.text("confirm")) if shows and "confirm" in visit.query else None
    if new is not None and (new.account, new.key) != (visit.account.id, str(row["id"])):
        new = None
    cookie = visit.set_cookie(SHOWN, "T") if new is not None else ""
    return Shown("token.html", {**values, "new": new, "was_new": "confirm" in visit.query}, cookie=cookie)


def _token(visit: Visit) -> sqlite3.Row:
    row = tokens.find(visit.world, visit.account.id, visit.query.text("id"))
    if not (visit.by.may(MANAGE_TOKENS, VIEW) or tokens.is_own(visit.by, row)):
        raise ViolationError(PERMISSION_NAMES[MANAGE_TOKENS])
    return row


def _is_own(visit: Visit, row: sqlite3.Row) -> bool:
    """Whether a page about a token leads back to My Access Tokens."""
    return not visit.by.may(MANAGE_TOKENS, VIEW) and tokens.is_own(visit.by, row)


def _new(visit: Visit, error: str = "") -> Shown:
    if not visit.by.may(MANAGE_TOKENS, VIEW):
        raise ViolationError(PERMISSION_NAMES[MANAGE_TOKENS])
    people = visit.rows(
        "SELECT entityid, email FROM employees WHERE account = ? AND access = 1 AND active = 1"
        " ORDER BY entityid COLLATE NOCASE, id LIMIT ?",
        MOST_OFFERED,
    )
    values = {
        "applications": _applications(visit),
        "roles": _roles(visit),
        "people": [label(row) for row in people],
        "entered": visit.form,
        "error": error,
    }
    return Shown("token_new.html", values)


def _applications(visit: Visit) -> list[str]:
    rows = visit.rows("SELECT name FROM integrations WHERE account = ? ORDER BY name COLLATE NOCASE, id")
    return [row["name"] for row in rows]


def _roles(visit: Visit) -> list[sqlite3.Row]:
    """The roles that can log in with tokens; that the user holds one is checked on Save."""
    return visit.rows(
        "SELECT id, name FROM roles r WHERE account = ? AND inactive = 0 AND (id = ? OR EXISTS (SELECT 1"
        " FROM permissions p WHERE p.account = r.account AND p.role = r.id AND p.key IN (?, ?)))"
        " ORDER BY name COLLATE NOCASE, id",
        ADMINISTRATOR,
        TOKEN_LOGIN,
        OWN_TOKENS,
    )


def act(visit: Visit) -> Reply:
    if "id" not in visit.query:
        return _created(visit)
    row = _token(visit)
    account, key = visit.account.id, str(row["id"])
    back = OWN_LIST if _is_own(visit, row) else LIST
    if visit.form.text("action") == "revoke":
        tokens.change(visit.world, account, visit.by, key, "revoke")
        return Moved(visit.link(back, saved="revoked"))
    tokens.change(visit.world, account, visit.by, key, "deactivate" if "inactive" in visit.form else "activate")
    return Moved(visit.link(back, saved="saved"))


def _created(visit: Visit) -> Moved:
    form = visit.form
    wanted = tokens.TokenRequest(
        _chosen(form, "application", "Application Name"),
        str(named(visit, form.text("user"))["id"]),
        _chosen(form, "role", "Role"),
        form.text("name"),
    )
    return _confirmed(visit, tokens.create(visit.world, visit.account.id, visit.by, wanted))


def _chosen(form: Fields, name: str, field_label: str) -> str:
    if not form.text(name):
        raise ActError(400, f"Please enter value(s) for: {field_label}.")
    return form.text(name)


def _confirmed(visit: Visit, made: dict[str, object]) -> Moved:
    new = NewToken(visit.account.id, str(made["id"]), str(made["token_id"]), str(made["token_secret"]))
    return Moved(visit.link(RECORD, id=new.key, confirm=visit.once.put(new)))


def again(visit: Visit, error: str) -> Shown:
    if "id" not in visit.query:
        return _new(visit, error)
    row = _token(visit)
    return Shown("token_form.html", {"row": row, "own": _is_own(visit, row), "error": error})


def show_new_own(visit: Visit) -> Shown:
    return own_again(visit, "")


def own_again(visit: Visit, error: str) -> Shown:
    values = {"applications": _applications(visit), "entered": visit.form, "error": error}
    return Shown("own_token_new.html", values)


def create_own(visit: Visit) -> Moved:
    application = _chosen(visit.form, "application", "Application Name")
    made = tokens.create_own(visit.world, visit.account.id, visit.by, application, visit.form.text("name"))
    return _confirmed(visit, made)
