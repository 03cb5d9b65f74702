"""SuiteQL: a query as data, and reading all of its pages or none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from reconciler.core.errors import UnreadableAnswerError

PAGE = 1000
MOST_ROWS = 100_000
"""NetSuite returns no more rows of one query, whatever there are (netsuite.md 6.1)."""
IN_LIST = 1000
"""Oracle takes no more in one list (https://docs.oracle.com/error-help/db/ora-01795), and a page has no more rows."""

Row = Mapping[str, str]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Query:
    """One query, its bound parameters, and what its table needs.

    The text is one line, for line breaks have caused trouble, and orders by its `key`, for without that pages may
    lose rows (netsuite.md 6.2). `permission` is NetSuite's name and level of what opens the table (6.4).
    """

    table: str
    text: str
    key: tuple[str, ...]
    permission: str
    params: tuple[str | int, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.isprintable() or " ORDER BY " not in self.text or self.text.count("?") != len(self.params):
            raise ValueError(f"not a query that can be paged: {self.text}")

    @property
    def about(self) -> str:
        return f"the SuiteQL query on {self.table}"


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a query; `cut` when NetSuite's limit hides that there are more."""

    items: tuple[Row, ...]
    cut: bool


class Pages(Protocol):
    """What a query is read through."""

    def suiteql(self, text: str, params: Sequence[str | int], *, limit: int, offset: int, about: str) -> object:
        """One page as NetSuite returned it."""
        ...


def read_all(client: Pages, query: Query) -> Rows:
    """Every row of a query.

    Raises:
        UnreadableAnswerError: the pages do not fit together; a part is never taken for the whole.
    """
    rows: list[Row] = []
    seen: set[tuple[str | None, ...]] = set()
    total: int | None = None
    while True:
        raw = client.suiteql(query.text, query.params, limit=PAGE, offset=len(rows), about=query.about)
        page = _page(raw, query)
        _require_fitting(page, offset=len(rows), total=total, query=query)
        keys = {tuple(row.get(column) for column in query.key) for row in page.items}
        if keys & seen:
            raise UnreadableAnswerError(f"A row came twice in the answer to {query.about}: it changed while read.")
        seen |= keys
        rows += page.items
        total = page.total
        if not page.more or len(rows) >= MOST_ROWS:
            return _all(rows, page, query)


def _all(rows: list[Row], last: "_Page", query: Query) -> Rows:
    cut = len(rows) >= MOST_ROWS
    if not cut and last.total != len(rows):
        raise UnreadableAnswerError(f"The answer to {query.about} was to have {last.total} rows, and {len(rows)} came.")
    return Rows(tuple(rows), cut)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of an answer, with what NetSuite says of the whole."""

    items: tuple[Row, ...]
    count: int
    offset: int
    total: int
    more: bool


def _page(raw: object, query: Query) -> _Page:
    if not isinstance(raw, dict):
        raise _unreadable(query, "is not an object")
    items = raw.get("items")
    more = raw.get("hasMore")
    if not isinstance(items, list) or not isinstance(more, bool):
        raise _unreadable(query, "has no items or no hasMore")
    numbers = [raw.get(name) for name in ("count", "offset", "totalResults")]
    count, offset, total = (value if type(value) is int else -1 for value in numbers)
    return _Page(tuple(_row(item, query) for item in items), count, offset, total, more)


def _require_fitting(page: _Page, *, offset: int, total: int | None, query: Query) -> None:
    if page.offset != offset or page.count != len(page.items) or page.total < offset + page.count:
        raise _unreadable(query, "counts its rows in a way that does not fit")
    if total is not None and page.total != total:
        raise UnreadableAnswerError(f"The result of {query.about} changed while its pages were read.")
    if page.more and page.count != PAGE:
        # The next offset must be a multiple of the limit (netsuite.md 6.1), so a short page has no successor.
        raise _unreadable(query, "promises more rows after a page that is not full")


def _row(item: object, query: Query) -> Row:
    """Keys in lower case, values as text; `links` is no column, and a null is left out (netsuite.md 6.2)."""
    if not isinstance(item, dict):
        raise _unreadable(query, "has a row that is not an object")
    row: dict[str, str] = {}
    for name, value in item.items():
        key = name.lower()
        if key == "links" or value is None:
            continue
        if isinstance(value, str):
            row[key] = value
        elif isinstance(value, bool):
            row[key] = "T" if value else "F"
        elif isinstance(value, int | float):
            row[key] = str(value)
        else:
            raise _unreadable(query, f"has a value in column {key} that is neither text nor number")
    return row


def _unreadable(query: Query, why: str) -> UnreadableAnswerError:
    return UnreadableAnswerError(f"The answer to {query.about} {why}.")


def chunks(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """Pieces that fit into one IN list."""
    everything = tuple(items)
    for start in range(0, len(everything), IN_LIST):
        yield everything[start : start + IN_LIST]


def marks(items: Sequence[object]) -> str:
    """The question marks for an IN list."""
    return ", ".join("?" for _ in items)
