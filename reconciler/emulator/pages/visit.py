"""One request for a page, and what a page answers."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from reconciler.emulator.accounts import Account, World
from reconciler.emulator.pages.once import Once
from reconciler.emulator.people import Actor
from reconciler.emulator.wire import ActError, Request

LOGIN: Final = "/app/login/secure/login.nl"
HOME: Final = "/app/center/card.nl"
# A browser may keep a page for its button Back whatever no-store says, but not once a cookie has changed: the page
# with a secret sets this one, and the next page takes it back.
SHOWN: Final = "shown"


class Fields:
    """What stands in a query or in a form; a name may stand there several times."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __contains__(self, name: str) -> bool:
        return any(each == name for each, _ in self._pairs)

    def text(self, name: str) -> str:
        """The value without white space around it, or nothing."""
        return next((value.strip() for each, value in self._pairs if each == name), "")

    def all(self, name: str) -> list[str]:
        return [value for each, value in self._pairs if each == name]

    def number(self, name: str) -> int | None:
        """A whole number, or None for everything else."""
        text = self.text(name)
        is_number = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) <= 15  # noqa: PLR2004 - as many digits as an id has
        return int(text) if is_number else None

    def at_least(self, name: str, least: int) -> int:
        return max(self.number(name) or least, least)


@dataclass(frozen=True, slots=True)
class Guest:
    """A request to the pages of one account, by whoever it may be."""

    world: World
    account: Account
    request: Request
    query: Fields
    form: Fields
    once: Once

    def link(self, path: str, **query: object) -> str:
        """The address of a page of this account; a value of None is left out."""
        pairs = {name: str(value) for name, value in query.items() if value is not None}
        return f"/{quote(self.account.id)}{path}" + (f"?{urlencode(pairs)}" if pairs else "")

    def cookie(self, name: str) -> str:
        """The value of one of this server's cookies; all ports of a host share them, so they have its port."""
        found = re.search(
            rf"(?:^|;)\s*{re.escape(self._cookie_name(name))}=([^;]*)", self.request.headers.get("cookie", "")
        )
        return found.group(1).strip() if found else ""

    def set_cookie(self, name: str, value: str) -> str:
        """The header that sets a cookie for this account's pages; an empty value takes it back."""
        age = "" if value else "; Max-Age=0"
        path = quote(self.account.id)
        return f"{self._cookie_name(name)}={value}; Path=/{path}/; HttpOnly; SameSite=Strict{age}"

    def _cookie_name(self, name: str) -> str:
        return f"emulator-{urlsplit(self.request.base_url).port or 80}-{name}"

    def rows(self, sql: str, *values: str | int | None) -> list[sqlite3.Row]:
        """Rows of this account: its id is the first value of every query."""
        return self.world.database.rows(sql, self.account.id, *values)

    def row(self, sql: str, *values: str | int | None) -> sqlite3.Row:
        """The one row, or the page that says that there is none."""
        found = self.rows(sql, *values)
        if not found:
            raise ActError(404, "That record does not exist.")
        return found[0]

    def number(self, sql: str, *values: str | int | None) -> int:
        return self.world.database.number(sql, self.account.id, *values)


@dataclass(frozen=True, slots=True)
class Visit(Guest):
    """A request by a person in the role they chose."""

    by: Actor
    role: sqlite3.Row


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: a template and what it needs."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer to a form that was carried out: look there now."""

    to: str
    cookie: str = ""


Reply = Shown | Moved


class ViolationError(Exception):
    """The role may not open a page; the message names the permission."""

    def __init__(self, permission: str) -> None:
        super().__init__(
            f"You need a higher level of the '{permission}' permission to access this page. "
            "Please contact your account administrator."
        )
