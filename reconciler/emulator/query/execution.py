"""Running a compiled query: one page of its rows and the number of all, on a connection that can only read."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.paging import Page
from reconciler.emulator.query.functions import FUNCTIONS, zoned
from reconciler.emulator.query.statement import Statement
from reconciler.emulator.query.values import Scalar, UnsupportedError
from reconciler.emulator.query.zones import Zones
from reconciler.emulator.reader import Reader

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
        # One more than wanted tells whether the page is the last one, and then nothing has to be counted.
        window = {"page_limit": wanted + 1, "page_offset": page.offset, "page_end": page.offset + wanted}
        rows = list(execute(statement.paged, {**bound, **window}))
        if 0 < len(rows) <= wanted:
            return page.offset + len(rows), rows
        counted = execute(statement.counted, {**bound, "most": ROW_CAP + 1})
        return int(str(next(counted)[0])), rows[:wanted]


def _streamed(rows: Iterator[Row], offset: int, wanted: int) -> tuple[int, list[Row]]:
    """The rows of the page, kept; those before and after it, only counted."""
    before = sum(1 for _ in itertools.islice(rows, offset))
    kept = list(itertools.islice(rows, wanted))
    after = sum(1 for _ in itertools.islice(rows, ROW_CAP + 1 - before - len(kept)))
    return before + len(kept) + after, kept


@contextmanager
def _restricted(world: World, zones: Zones) -> Iterator[Execute]:
    """A connection that can only read, has Oracle's functions, and gives up on an endless query."""

    def execute(sql: str, bound: Mapping[str, Scalar]) -> Iterator[Row]:
        try:
            with closing(reader.connection.execute(sql, dict(bound))) as cursor:
                yield from cursor
        except (sqlite3.Error, OverflowError) as error:
            raise _problem(reader.raised, error) from error

    with world.database.reading() as reader:
        make_known(reader, zones)
        with reader.restricted(ALLOWED, LONGEST_RUN):
            yield execute


def make_known(reader: Reader, zones: Zones) -> None:
    """The functions that a compiled query calls, those of its time zones among them."""
    for name, function in FUNCTIONS.items():
        reader.know(name, "", function)
    for zone in zones.of_columns:
        reader.know(zone.function, zone.info.key, zoned(zone.info))


def _problem(raised: Sequence[Exception], error: Exception) -> UnsupportedError:
    """What a function has said comes before what SQLite makes of it."""
    for first in raised[:1]:
        if isinstance(first, UnsupportedError):
            return first
        return UnsupportedError(f"a function got a value it cannot take: {first}")
    return UnsupportedError(f"the query cannot be run: {error}")
