"""Finding people: by the beginning of a name or an e-mail, from the indexes, or as a form names one person."""

import re
import sqlite3
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import people
from reconciler.emulator.pages.paging import SIZE, PageOfList, page_of
from reconciler.emulator.pages.visit import Guest
from reconciler.emulator.wire import ActError

MOST_FOUND: Final = 50
_COLUMNS: Final = ("entityid", "lastname", "email")
_LABEL: Final = re.compile(r"(.*\S)\s+\(([^()\s]+@[^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Listed:
    """Employees on a page: those searched for, or one page of all of them."""

    rows: list[sqlite3.Row]
    text: str
    page: PageOfList | None


def listed(guest: Guest, condition: str) -> Listed:
    """What a list of employees shows, by name: the query has `q` for a search, or `page`.

    Args:
        guest: whose account to look in.
        condition: words of the WHERE clause, written in this package; the account is their one value.
    """
    if text := guest.query.text("q"):
        return Listed(_by_beginning(guest, text, condition), text, None)
    chosen = f"FROM employees WHERE {condition}"
    page = page_of(guest.query, guest.number(f"SELECT COUNT(*) {chosen}"))
    rows = guest.rows(f"SELECT * {chosen} ORDER BY entityid COLLATE NOCASE, id LIMIT {SIZE} OFFSET ?", page.offset)
    return Listed(rows, "", page)


def _by_beginning(guest: Guest, text: str, condition: str) -> list[sqlite3.Row]:
    """The first employees whose name, last name or e-mail begins like the text, in any case."""
    found = {}
    for column in _COLUMNS:
        # A range of the index rather than LIKE, which would look at everybody.
        sql = (
            f"SELECT * FROM employees WHERE {condition} AND {column} COLLATE NOCASE >= ?"  # noqa: S608 - our own words
            f" AND {column} COLLATE NOCASE < ? ORDER BY {column} COLLATE NOCASE LIMIT {MOST_FOUND}"
        )
        for row in guest.rows(sql, text, text + "\U0010ffff"):
            found[row["id"]] = row
    return sorted(found.values(), key=lambda row: (row["entityid"].lower(), row["id"]))[:MOST_FOUND]


def label(row: sqlite3.Row) -> str:
    """A person as forms and plans name them."""
    return f"{row['entityid']} ({row['email']})" if row["email"] else str(row["entityid"])


def named(guest: Guest, text: str, field: str = "User") -> sqlite3.Row:
    """The employee a form names: `Dana Ortiz (dana.ortiz@example.com)`, the name, the e-mail or the internal id."""
    if not text:
        raise ActError(400, f"Please enter value(s) for: {field}.")
    match = _LABEL.fullmatch(text)
    row = people.find_employee(guest.world, guest.account.id, match.group(2) if match else text)
    if match and row["entityid"].lower() != match.group(1).lower():
        raise ActError(404, f"The e-mail {match.group(2)!r} is that of {row['entityid']}, not of {match.group(1)}.")
    return row
