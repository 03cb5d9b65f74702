"""One read of one kind of fact: its rows, or the gap that takes their place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from reconciler.core.errors import MissingTableError, NetSuiteError, RefusedError, UnreadableAnswerError
from reconciler.core.live import Gap, Gapped
from reconciler.netsuite.suiteql import MOST_ROWS, Pages, Query, Row, read_all

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Source(Generic[Fact]):
    """Where facts come from: alternative queries of which the first that is answered counts."""

    what: Gapped
    queries: tuple[Query, ...]
    parse: Callable[[Row], Fact]


@dataclass(frozen=True, slots=True)
class Reading(Generic[Fact]):
    """Facts, and what may be missing among them."""

    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_source(client: Pages, source: Source[Fact]) -> Reading[Fact]:
    """Read a source; whatever goes wrong becomes a gap, so that the other reads still count."""
    refused: list[tuple[Query, RefusedError]] = []
    for query in source.queries:
        if any(query.table == tried.table and isinstance(error, MissingTableError) for tried, error in refused):
            continue
        try:
            rows = read_all(client, query)
            facts = _parsed(source, query, rows.items)
        except RefusedError as error:
            if error.status != HTTPStatus.BAD_REQUEST:
                return Reading(gaps=(failed(source.what, error),))
            refused.append((query, error))
        except NetSuiteError as error:
            return Reading(gaps=(failed(source.what, error),))
        else:
            return Reading(facts, (_cut(source.what, query),) if rows.cut else ())
    return Reading(gaps=(_none_answered(source.what, refused),))


def _parsed(source: Source[Fact], query: Query, items: Iterable[Row]) -> tuple[Fact, ...]:
    try:
        return tuple(source.parse(row) for row in items)
    except UnreadableAnswerError as error:
        raise UnreadableAnswerError(f"In the answer to {query.about}: {error.message}") from None


def joined(readings: Iterable[Reading[Fact]]) -> Reading[Fact]:
    parts = tuple(readings)
    return Reading(
        tuple(fact for part in parts for fact in part.facts), tuple(gap for part in parts for gap in part.gaps)
    )


def failed(what: Gapped, error: NetSuiteError) -> Gap:
    return Gap(what, error.message, error.hint or "Run again; when it stays, NetSuite has a problem with this request.")


def _cut(what: Gapped, query: Query) -> Gap:
    detail = f"The answer to {query.about} has {MOST_ROWS:,} rows or more, and NetSuite returns no more than that."
    return Gap(what, detail, "Ask for less: fewer people or applications in one file.")


def _none_answered(what: Gapped, refused: list[tuple[Query, RefusedError]]) -> Gap:
    others = [error for _, error in refused if not isinstance(error, MissingTableError)]
    if others:
        return failed(what, others[0])
    tables = list(dict.fromkeys(query.table for query, _ in refused))
    names = " and ".join(tables)
    detail = (
        f"Table {names} is missing in this account or hidden from the role of this login."
        if len(tables) == 1
        else f"Tables {names} are missing in this account or hidden from the role of this login."
    )
    return Gap(what, detail, f"Add to that role: {refused[0][0].permission}.")
