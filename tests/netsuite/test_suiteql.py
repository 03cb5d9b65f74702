"""Reading all pages of a query, or none."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.errors import UnreadableAnswerError
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.suiteql import MOST_ROWS, Query, chunks, marks, read_all
from tests.netsuite.stub import Asked, Reply, Stub, page

IDS = Query("role", "SELECT id FROM role ORDER BY id ASC", ("id",), "Bulk Manage Roles (View)")


class Table:
    """Serves so many rows in pages, as NetSuite does; `change` may spoil a page."""

    def __init__(self, size: int, *, change: Mapping[int, Mapping[str, object]] | None = None) -> None:
        self.size = size
        self.change = change or {}
        self.offsets: list[int] = []

    def suiteql(
        self,
        text: str,
        params: Sequence[str | int],
        *,
        limit: int,
        offset: int,
        about: str,
    ) -> object:
        assert text.count("?") == len(params)
        assert about
        assert limit == 1000
        assert offset % limit == 0
        self.offsets.append(offset)
        count = min(limit, self.size - offset)
        items: list[dict[str, object]] = [{"links": [], "id": str(offset + number)} for number in range(count)]
        whole = page(items, offset=offset, total=self.size, more=offset + count < self.size)
        return whole | dict(self.change.get(offset // limit, {}))


@pytest.mark.parametrize(("size", "requests"), [(0, 1), (1, 1), (999, 1), (1000, 1), (1001, 2), (2500, 3)])
def test_all_rows_come_whatever_the_page(size: int, requests: int) -> None:
    table = Table(size)

    rows = read_all(table, IDS)

    assert [int(row["id"]) for row in rows.items] == list(range(size))
    assert not rows.cut
    assert len(table.offsets) == requests


def test_pages_over_the_wire(stub: Stub, reader: ReadClient) -> None:
    table = Table(2500)

    def answer(asked: Asked) -> Reply:
        limit, offset = (int(asked.query[name]) for name in ("limit", "offset"))
        return Reply(200, table.suiteql("", (), limit=limit, offset=offset, about="x"))

    stub.otherwise = answer

    assert len(read_all(reader, IDS).items) == 2500
    assert [asked.query["offset"] for asked in stub.asked] == ["0", "1000", "2000"]


def test_a_result_at_netsuites_limit_is_reported_as_cut() -> None:
    assert read_all(Table(MOST_ROWS), IDS).cut
    assert read_all(Table(MOST_ROWS + 5000), IDS).cut
    assert not read_all(Table(MOST_ROWS - 1), IDS).cut


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (0, {"count": 999}),
        (0, {"offset": 1000}),
        (0, {"totalResults": 10}),
        (0, {"totalResults": "2500"}),
        (0, {"count": True}),
        (0, {"items": None}),
        (0, {"items": {}}),
        (0, {"hasMore": "true"}),
        (0, {"hasMore": False}),
        (0, {"items": ["x"] * 1000}),
        (0, {"items": [{"id": []}] * 1000}),
        (1, {"totalResults": 2499}),
        (1, {"totalResults": 2501}),
        (1, {"items": [], "count": 0}),
        (1, {"items": [{"id": "5"}], "count": 1}),
        (1, {"items": [{"id": str(number)} for number in range(999, 1999)]}),
        (2, {"hasMore": True}),
        (2, {"items": [{"id": "2000"}], "count": 1}),
    ],
)
def test_pages_that_do_not_fit_together_are_no_answer(number: int, change: Mapping[str, object]) -> None:
    with pytest.raises(UnreadableAnswerError, match="role"):
        read_all(Table(2500, change={number: change}), IDS)


@pytest.mark.parametrize("change", [{"count": 999}, {"offset": 1000}, {"totalResults": 10}, {"items": []}])
def test_a_page_that_contradicts_itself_is_refused_before_the_next_is_asked_for(change: Mapping[str, object]) -> None:
    table = Table(2500, change={0: change})

    with pytest.raises(UnreadableAnswerError, match="counts its rows"):
        read_all(table, IDS)
    assert table.offsets == [0]


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"items": []}])
def test_something_that_is_no_page(stub: Stub, reader: ReadClient, raw: object) -> None:
    stub.script = [Reply(200, raw)]

    with pytest.raises(UnreadableAnswerError):
        read_all(reader, IDS)


def test_rows_have_lower_case_keys_and_text_only() -> None:
    items: list[dict[str, object]] = [
        {"links": [], "ID": 7, "Name": "x", "gone": None, "flag": True, "off": False, "number": 1.5}
    ]

    (row,) = read_all(Table(1, change={0: {"items": items}}), IDS).items

    assert row == {"id": "7", "name": "x", "flag": "T", "off": "F", "number": "1.5"}


@pytest.mark.parametrize(
    ("text", "params"), [("SELECT id FROM role", ()), ("SELECT id\nFROM role ORDER BY id", ()), (IDS.text, (1,))]
)
def test_a_query_that_cannot_be_paged_is_a_mistake(text: str, params: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not a query"):
        Query("role", text, ("id",), "", params)


@given(st.lists(st.integers(), max_size=1600))
def test_in_lists_are_short_and_lose_nothing(items: list[int]) -> None:
    pieces = list(chunks(items))

    assert [item for piece in pieces for item in piece] == items
    assert all(0 < len(piece) <= 500 for piece in pieces)
    assert all(marks(piece).count("?") == len(piece) for piece in pieces)
