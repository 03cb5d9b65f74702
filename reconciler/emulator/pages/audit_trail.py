"""Setup > Users/Roles > View Login Audit Trail."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.pages.finding import named
from reconciler.emulator.pages.paging import SIZE
from reconciler.emulator.pages.visit import Fields, Shown, Visit
from reconciler.emulator.wire import ActError

# A filter that fits nothing would otherwise have a page look at every row there is.
MOST_LOOKED_AT: Final = 20_000
TEXTS: Final = (
    ("email", "Email Address", "email"),
    ("address", "IP Address", "address"),
    ("agent", "User Agent", "user_agent"),
    ("uri", "Request URI", "request_uri"),
    ("application", "Token-based Application Name", "application"),
    ("token", "Token-based Access Token Name", "token"),
)
STATUSES: Final = ("Either", "Success", "Failure")
_LAST: Final = 2**62


@dataclass(frozen=True, slots=True)
class _Filter:
    """A condition of SQL with the values that are bound in it."""

    condition: str
    values: tuple[str | int, ...]


def show(visit: Visit) -> Shown:
    """A page of rows, newest first, from where the query says; `Use Advanced Search` adds the columns."""
    query = visit.query
    rows, older, error = _found_or_told(visit)
    kept = {name: query.text(name) for name in _NAMES if query.text(name)}
    roles = visit.rows("SELECT id, name FROM roles WHERE account = ? ORDER BY name COLLATE NOCASE, id")
    values = {
        "rows": rows,
        "older": older,
        "kept": kept,
        "is_newest": "before" not in query,
        "is_advanced": query.text("advanced") == "T",
        "roles": roles,
        "texts": TEXTS,
        "statuses": STATUSES,
        "looked_at": MOST_LOOKED_AT,
    }
    return Shown("audit_trail.html", {**values, "error": str(error or "")}, error.status if error else HTTPStatus.OK)


def _found_or_told(visit: Visit) -> tuple[list[sqlite3.Row], str, ActError | None]:
    """The rows, where the next page begins, and what is wrong with the filters, which stay on the page."""
    try:
        return *_found(visit, _filter(visit)), None
    except ActError as error:
        return [], "", error


_NAMES: Final = ("user", "role", "from", "to", "status", "advanced", *(name for name, _, _ in TEXTS))


def _filter(visit: Visit) -> _Filter:
    query = visit.query
    parts: list[tuple[str, str | int]] = []
    if query.text("user"):
        parts.append(("l.employee = ?", int(named(visit, query.text("user"))["id"])))
    if (role := query.number("role")) is not None:
        parts.append(("l.role = ?", role))
    if query.text("status") in STATUSES[1:]:
        parts.append(("l.status = ?", query.text("status")))
    if query.text("from"):
        parts.append(("l.at >= ?", _midnight(visit, "from", 0)))
    for name, _, column in TEXTS:
        if query.text(name):
            parts.append((f"INSTR(LOWER(l.{column}), LOWER(?)) > 0", query.text(name)))
    return _Filter("".join(f" AND {words}" for words, _ in parts), tuple(value for _, value in parts))


def _midnight(visit: Visit, name: str, days: int) -> int:
    """The beginning of a day in the company's zone."""
    text = visit.query.text(name)
    try:
        date = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise ActError(400, f"{text!r} is no date. Write it as 2026-11-22.") from error
    return int(date.replace(tzinfo=ZoneInfo(visit.account.time_zone)).timestamp())


def _found(visit: Visit, wanted: _Filter) -> tuple[list[sqlite3.Row], str]:
    """The rows of this page, and where the next one begins, if there may be more."""
    at, key = _start(visit, visit.query)
    looked_at = (
        "SELECT * FROM login_audit WHERE account = ? AND at <= ? AND (at < ? OR id < ?)"  # noqa: S608 - our own words
        f" ORDER BY at DESC, id DESC LIMIT {MOST_LOOKED_AT}"
    )
    rows = visit.rows(
        "SELECT l.*, e.entityid AS user_name, r.name AS role_name"  # noqa: S608 - our own words
        f" FROM ({looked_at}) l"
        " LEFT JOIN employees e ON e.account = l.account AND e.id = l.employee"
        " LEFT JOIN roles r ON r.account = l.account AND r.id = l.role"
        f" WHERE TRUE{wanted.condition} LIMIT {SIZE + 1}",
        at,
        at,
        key,
        *wanted.values,
    )
    if len(rows) > SIZE:
        return rows[:SIZE], _mark(rows[SIZE - 1])
    # Fewer than a page among those looked at: there may be more behind them.
    last = visit.rows(f"SELECT at, id FROM ({looked_at}) LIMIT 1 OFFSET {MOST_LOOKED_AT - 1}", at, at, key)  # noqa: S608 - our own words
    return rows, _mark(last[0]) if last else ""


def _mark(row: sqlite3.Row) -> str:
    return f"{row['at']}.{row['id']}"


def _start(visit: Visit, query: Fields) -> tuple[int, int]:
    """Rows before this time and id are shown."""
    at_text, _, key_text = query.text("before").partition(".")
    if at_text.isdecimal() and key_text.isdecimal() and len(at_text + key_text) <= 30:  # noqa: PLR2004 - two numbers
        return min(int(at_text), _LAST), min(int(key_text), _LAST)
    if query.text("to"):
        return _midnight(visit, "to", 1) - 1, _LAST
    return _LAST, _LAST
