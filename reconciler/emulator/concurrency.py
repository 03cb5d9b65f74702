"""Concurrency governance: how many requests of an account are under way at once, and who may go on.

A place is held from a request's arrival to the last byte of its answer. Nobody waits for the database to be counted:
a busy database is when the limit matters.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from reconciler.emulator.accounts import World

# The documentation calls its list of excluded applications subject to change; this one is emulated.
# https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_1532590357.html
INTERNAL_APPLICATIONS: Final = frozenset({"NetSuite Connector"})
COLUMNS: Final = "SELECT account, name, consumer_key, client_id, concurrency FROM integrations"


@dataclass(frozen=True, slots=True)
class Limits:
    """What governanceLimits says; a limit of 0 is none."""

    account: int
    unallocated: int
    integration: int  # reserved for it
    is_internal: bool


@dataclass(frozen=True, slots=True)
class _Application:
    """An application that places of the account are kept for."""

    name: str
    keys: frozenset[str]
    reserved: int


class Pool:
    """One pool for REST web services and RESTlets of each account."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._places: Counter[tuple[str, str]] = Counter()
        self._applications: dict[str, tuple[_Application, ...]] = {}
        for row in world.database.rows(f"{COLUMNS} ORDER BY account"):
            known = self._applications.get(row["account"], ())
            self._applications[row["account"]] = (*known, _application(row))

    @contextmanager
    def place(self, account: str, key: str = "") -> Iterator[bool]:
        """Hold a place while a request is answered; yields whether there is one for it.

        Args:
            account: the account the request says it is for.
            key: the consumer key or client id it says it comes from.
        """
        application = self._application(account, key)
        limits = self._limits(account, application)
        # Whatever a caller may write as an account, no more names are remembered than there are.
        account = account if account in self._applications else ""
        # A reserved part is used by its integration alone, the rest by everybody else.
        group = (account, application.name if application and application.reserved else "")
        limit = limits.integration or limits.unallocated
        with self._lock:
            has_place = not limits.account or limits.is_internal or self._places[group] < limit
            takes_place = has_place and not limits.is_internal
            self._places[group] += takes_place
        try:
            yield has_place
        finally:
            with self._lock:
                self._places[group] -= takes_place

    def limits(self, account: str, key: str) -> Limits:
        return self._limits(account, self._application(account, key))

    def _limits(self, account: str, application: _Application | None) -> Limits:
        limit = self._world.switches.number("concurrency-limit")
        reserved = sum(each.reserved for each in self._applications.get(account, ()))
        return Limits(
            limit,
            max(limit - reserved, 0),
            application.reserved if application else 0,
            application is not None and application.name in INTERNAL_APPLICATIONS,
        )

    def _application(self, account: str, key: str) -> _Application | None:
        rows = self._world.database.rows_unless_busy(f"{COLUMNS} WHERE account = ?", account)
        if rows or (rows is not None and account in self._applications):
            self._applications[account] = tuple(_application(row) for row in rows)
        return _with_key(self._applications.get(account, ()), key)


def _application(row: sqlite3.Row) -> _Application:
    return _Application(row["name"], frozenset({row["consumer_key"], row["client_id"]}), row["concurrency"] or 0)


def _with_key(applications: Iterable[_Application], key: str) -> _Application | None:
    return next((each for each in applications if key in each.keys), None)
