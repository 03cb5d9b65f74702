"""Running a compiled query: one page of its rows and the number of all, on a connection that can only read."""

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.paging import Page
from reconciler.emulator.query.functions import FUNCTIONS, zoned
from reconciler.emulator.query.statement import Statement
from reconciler.emulator.query.values import Scalar, UnsupportedError
from reconciler.emulator.query.zones import Zones

ROW_CAP: Final = 100_000
LONGEST_RUN: Final = 20.0
# What a compiled query may do: read, and call functions. Anything else SQLite refuses by itself.
ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
Row = Sequence[Scalar]
Execute = Callable[[str, Mapping[str, Scalar]], Iterator[Row]]


def page_of_rows(
    world: World, statement: Statement, bound: Mapping[str, Scalar], zones: Zones, page: Page
) -> tuple[int, list[Row]]:
    """How many rows the query has, counted no further than one beyond ROW_CAP, and those of the page."""
    wanted = max(0, min(page.limit, ROW_CAP - page.offset))
    with _restricted(world, zones) as execute:
        if not statement.is_plain:
            return _streamed(execute(statement.sql, bound), page.offset, wanted)
        window = {"page_limit": wanted, "page_offset": page.offset, "page_end": page.offset + max(wanted, 1) - 1}
        rows = list(execute(statement.paged, {**bound, **window}))
        if 0 < len(rows) < wanted:
            return page.offset + len(rows), rows
        counted = execute(statement.counted, {**bound, "most": ROW_CAP + 1})
        return int(str(next(counted)[0])), rows


def _streamed(rows: Iterator[Row], offset: int, wanted: int) -> tuple[int, list[Row]]:
    """The rows of the page, kept; those before and after it, only counted."""
    before = sum(1 for _ in itertools.islice(rows, offset))
    kept = list(itertools.islice(rows, wanted))
    after = sum(1 for _ in itertools.islice(rows, ROW_CAP + 1 - before - len(kept)))
    return before + len(kept) + after, kept


@contextmanager
def _restricted(world: World, zones: Zones) -> Iterator[Execute]:
    """A connection that can only read, has Oracle's functions, and gives up on an endless query."""
    problems: list[UnsupportedError] = []
    deadline = time.monotonic() + LONGEST_RUN

    def execute(sql: str, bound: Mapping[str, Scalar]) -> Iterator[Row]:
        try:
            with closing(connection.execute(sql, dict(bound))) as cursor:
                yield from cursor
        except (sqlite3.Error, OverflowError) as error:
            raise problems[0] if problems else UnsupportedError(f"the query cannot be run: {error}") from error

    with world.database.reading() as connection:
        local = {zone.function: zoned(zone.info) for zone in zones.of_columns}
        for name, function in {**FUNCTIONS, **local}.items():
            connection.create_function(name, -1, _remembering(function, problems), deterministic=True)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY)
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
        try:
            yield execute
        finally:
            connection.set_authorizer(None)
            connection.set_progress_handler(None, 0)


def _remembering(function: Callable[..., Scalar], problems: list[UnsupportedError]) -> Callable[..., Scalar]:
    """SQLite drops the text of an exception; keep it for the answer."""

    def called(*values: Scalar) -> Scalar:
        try:
            return function(*values)
        except UnsupportedError as error:
            problems.append(error)
            raise
        except (ArithmeticError, ValueError, TypeError) as error:
            problems.append(UnsupportedError(f"a function got a value it cannot take: {error}"))
            raise

    return called
