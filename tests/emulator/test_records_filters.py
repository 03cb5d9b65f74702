"""Record filters and pages: each operator, what is refused, and SQL against plain Python over random people."""

import contextlib
import operator
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.emulator import filters
from reconciler.emulator.accounts import Account, Caller, World
from reconciler.emulator.behaviours import Switches
from reconciler.emulator.database import Clock, Database
from reconciler.emulator.employee_fields import FIELDS, Field, Kind
from reconciler.emulator.wire import RefusedError
from tests.emulator.clients import Emulator
from tests.emulator.conftest import running
from tests.emulator.records import BASE, PRIYA, error

DENVER = ZoneInfo("America/Denver")


def ids(emulator: Emulator, q: str) -> list[str]:
    answer = emulator.reader.send("GET", BASE, params={"q": q})
    assert answer.status_code == 200, f"{answer.text} {answer.headers.get('X-Emulator-Reason')}"
    return [item["id"] for item in answer.json()["items"]]


def seconds(text: str, zone: ZoneInfo = DENVER) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.fixture(scope="module")
def people() -> Iterator[Emulator]:
    """The story with a few values set, which no test changes."""
    for start in running():
        one = start()
        one.run("UPDATE employees SET created = ?, hiredate = '2024-02-29'", seconds("2020-06-01T12:00"))
        one.run("UPDATE employees SET created = ? WHERE id = 4101", seconds("2019-01-01T00:00"))
        one.run("UPDATE employees SET created = ? WHERE id = 4172", seconds("2019-12-31T23:59:59"))
        one.run("UPDATE employees SET laborcost = 12.5, supervisor = 4101, hiredate = NULL WHERE id = 4172")
        one.run("UPDATE employees SET laborcost = 40, globalsubscriptionstatus = 2 WHERE id = 4101")
        one.run("UPDATE employees SET comments = '100%_\\ *[x]?' WHERE id = 4101")
        yield one


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("id EQUAL 4172", {"4172"}),
        ("id ANY_OF [4172, 4101,1]", {"4172", "4101"}),
        ("id BETWEEN [4101, 4172] AND id ANY_OF_NOT [4101]", {"4172"}),
        ("id WITHIN [4172, 4172]", {"4172"}),
        ("laborCost GREATER 12.5", {"4101"}),
        ("laborCost GREATER_OR_EQUAL 12.5", {"4101", "4172"}),
        ("laborCost LESS 40", {"4172"}),
        ("laborCost LESS_OR_EQUAL 40.0", {"4101", "4172"}),
        ("laborCost EMPTY_NOT AND laborCost LESS_NOT 40", {"4101"}),
        ("supervisor EQUAL 4101 AND comments EMPTY AND laborCost EMPTY_NOT", {"4172"}),
        ("globalSubscriptionStatus EQUAL 2", {"4101"}),
        ('comments CONTAIN "100%_"', {"4101"}),
        ('comments CONTAIN "0_%"', set()),
        ('comments CONTAIN "\\\\ *["', {"4101"}),
        ('comments ENDWITH "]?"', {"4101"}),
        ('comments END_WITH "]?"', {"4101"}),
        ('lastName START_WITH ort AND firstname is "DANA"', {"4172"}),
        ("email START_WITH dana.ortiz@", {"4172"}),
        ('dateCreated ON_OR_AFTER "1/1/2019" AND dateCreated BEFORE "1/1/2020"', {"4101", "4172"}),
        ('dateCreated ON "12/31/2019"', {"4172"}),
        ('dateCreated ON_OR_BEFORE "1/1/2019"', {"4101"}),
        ('dateCreated AFTER "1/1/2019" AND dateCreated BEFORE "6/1/2020"', {"4172"}),
        ('dateCreated ON_OR_BEFORE "12/31/2019"', {"4101"}),
        ('hireDate ON_NOT "2/29/2024" AND id LESS 4180', {"4172"}),
        ("hireDate EMPTY", {"4172"}),
        ("(id EQUAL 4172 OR id EQUAL 4101) AND isInactive IS_NOT true", {"4101", "4172"}),
        ("id EQUAL 4172 or id EQUAL 4101 and isinactive IS true", {"4172"}),
    ],
)
def test_every_operator_finds_what_it_says(people: Emulator, q: str, found: set[str]) -> None:
    assert set(ids(people, q)) == found


@pytest.mark.parametrize(
    "q",
    [
        "email", "email IS", "email LIKE x", '(email IS "x"', 'email IS "x" foo', 'email IS "x', ")", "()", "[1]",
        "isInactive CONTAIN t", "isInactive IS maybe", 'email IS "x" AND', "email IS 'x'", "id IS 4172", "id EQUAL x",
        "id BETWEEN 1", "id BETWEEN [1]", "id BETWEEN [1, 2, 3]", "id EQUAL [1, 2]", "id ANY_OF []", "id ANY_OF [1,",
        "id ANY_OF [1 2]", "email ANY_OF [a, b]", "email EMPTY x", "id EQUAL nan", "id EQUAL 1e5",
        "id EQUAL " + "9" * 40, 'email AFTER "1/1/2019"', "id EQUAL 1,", "(" * 40 + "id EQUAL 1" + ")" * 40,
        " OR ".join(["id EQUAL 1"] * 400), "email IS (x)", "email IS ,",
    ],
)  # fmt: skip
def test_a_filter_out_of_form_is_refused_in_netsuites_words(people: Emulator, q: str) -> None:
    answer = people.reader.send("GET", BASE, params={"q": q})

    assert error(answer, 400) == {
        "detail": "Invalid search query. Provide a valid search query.",
        "o:errorCode": "INVALID_PARAMETER",
        "o:errorQueryParam": "q",
    }
    assert answer.headers["X-Emulator-Reason"]


@pytest.mark.parametrize("name", ["foo", "roles", "links", "password", "sendEmail", '"email"'])
def test_a_field_that_cannot_be_filtered_by_is_named(people: Emulator, name: str) -> None:
    detail = error(people.reader.send("GET", BASE, params={"q": f"{name} EMPTY"}), 400)

    assert detail["detail"] == f"Unknown field name '{name.strip(chr(34))}' in the search query."
    assert detail["o:errorQueryParam"] == "q"


def test_a_field_that_is_not_kept_cannot_be_filtered_by(people: Emulator) -> None:
    assert error(people.reader.send("GET", BASE, params={"q": "gender EMPTY"}), 501)["o:errorQueryParam"] == "q"


@pytest.mark.parametrize("text", ["2019-01-01", "13/1/2019", "2/29/2023", "1/1/19", "1/1/2019 4:40 am", "12/31/9999"])
def test_a_date_out_of_the_accounts_format_is_refused_with_that_format(people: Emulator, text: str) -> None:
    detail = error(people.reader.send("GET", BASE, params={"q": f'dateCreated AFTER "{text}"'}), 400)["detail"]

    assert detail == (
        f'Invalid search query. Search error occurred: Parse of date/time "{text}" failed with date format '
        '"M/d/yyyy" in time zone America/Denver'
    )


@pytest.mark.parametrize(
    ("switches", "q", "found"),
    [
        ({"filter_case": "sensitive"}, 'lastName IS "ortiz"', []),
        ({"filter_case": "sensitive"}, 'lastName IS "Ortiz"', ["4172"]),
        ({"filter_case": "sensitive"}, 'lastName CONTAIN "rtI"', []),
        ({"filter_case": "sensitive"}, 'comments START_WITH "a*["', ["4172"]),
        ({"filter_not_empty": "skips"}, 'comments IS_NOT "x"', ["4172"]),
        ({"filter_date_format": "D/M/YYYY"}, 'dateCreated ON "31/12/2019"', ["4172"]),
        ({"filter_date_format": "YYYY-MM-DD"}, 'dateCreated ON "2019-12-31"', ["4172"]),
        ({"filter_date_format": "DD.MM.YYYY"}, 'dateCreated ON "31.12.2019"', ["4172"]),
        ({"filter_zone": "utc"}, 'dateCreated ON "1/1/2020"', ["4172"]),
        ({"filter_times": "accepted"}, 'dateCreated ON "12/31/2019 11:59 pm"', ["4172"]),
        ({"filter_times": "accepted"}, 'dateCreated ON "12/31/2019"', ["4172"]),
        ({"filter_times": "accepted"}, 'dateCreated AFTER "12/31/2019 12:30 am" AND comments EMPTY_NOT', ["4172"]),
        ({"filter_zone": "caller"}, 'dateCreated ON "1/1/2020"', ["4172"]),
    ],
)
def test_what_is_not_certain_about_filters_is_a_switch(
    emulator: Emulator, switches: dict[str, str], q: str, found: list[str]
) -> None:
    emulator.run("UPDATE employees SET created = ?", seconds("2010-01-01T12:00"))
    emulator.run("UPDATE employees SET time_zone = 'Europe/Berlin' WHERE id = 4191")
    emulator.run("UPDATE employees SET created = ?, comments = 'a*[b' WHERE id = 4172", seconds("2019-12-31T23:59:00"))
    emulator.behave(**switches)

    assert ids(emulator, q) == found


def rels(body: Any) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in body["links"]}


def test_pages_are_linked_from_the_callers_side(people: Emulator) -> None:
    base = people.url.replace("127.0.0.1", "localhost") + BASE

    body = people.reader.send("GET", f"{base}/?limit=10&offset=10&q=email%20EMPTY_NOT").json()

    address = f"{base}/?q=email%20EMPTY_NOT&limit=10&offset="
    assert rels(body) == {
        "first": f"{address}0", "prev": f"{address}0", "next": f"{address}20", "last": f"{address}20",
        "self": f"{address}10",
    }  # fmt: skip
    assert body["items"][0]["links"][0]["href"] == f"{base}/{body['items'][0]['id']}"
    last = people.reader.send("GET", rels(body)["last"]).json()
    assert (last["count"], last["hasMore"], set(rels(last))) == (4, False, {"first", "prev", "self"})


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("limit=-1", "limit"), ("limit=", "limit"),
        ("limit=10&offset=5", "offset"), ("offset=-10", "offset"), ("offset=1e3", "offset"),
        ("limit=2&offset=2000", "offset"), ("offset=100000", "offset"), ("foo=1", "foo"), ("fields=id", "fields"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_is_refused(people: Emulator, query: str, name: str) -> None:
    detail = error(people.reader.send("GET", f"{BASE}?{query}"), 400)

    assert (detail["o:errorCode"], detail["o:errorQueryParam"]) == ("INVALID_PARAMETER", name)


def test_no_more_than_a_thousand_pages_can_be_had(emulator: Emulator) -> None:
    emulator.run(
        "INSERT INTO employees (account, id, entityid, active, access, created, modified)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)"
        " SELECT '1234567', 200000 + i, 'N' || i, 1, 0, 0, 0 FROM n"
    )
    last = emulator.reader.send("GET", f"{BASE}?limit=1&offset=999").json()
    assert (last["totalResults"], last["hasMore"], "next" in rels(last)) == (1124, False, False)

    emulator.behave(page_beyond_last="served")
    assert emulator.reader.send("GET", f"{BASE}?limit=1&offset=1000").json()["hasMore"] is True


def test_unknown_parameters_may_be_left_out(emulator: Emulator) -> None:
    emulator.behave(unknown_parameter="ignored")

    assert emulator.reader.send("GET", f"{BASE}?foo=1").status_code == 200
    assert emulator.reader.send("GET", f"{PRIYA}?foo=1&fields=foo,email").json()["email"]


def test_batches_are_not_served(people: Emulator) -> None:
    for query in ("ids=1,2", "expandRecords=true"):
        assert "batch" in error(people.reader.send("GET", f"{BASE}?{query}"), 501)["detail"]


@pytest.mark.parametrize(
    ("q", "index"),
    [
        ('email IS "ann@example.com"', "employees_by_email"),
        ('email IS "ann@example.com" AND isInactive IS false', "employees_by_email"),
        ("email START_WITH ann", "employees_by_email"),
        ('externalId IS "emp-ann-keller"', "employees_by_external_id"),
        ('entityId IS "Ann Keller"', "employees_by_name"),
        ("id ANY_OF [4101, 4172]", "(account=? AND id=?)"),
    ],
)
def test_people_are_looked_up_and_not_searched_for(people: Emulator, q: str, index: str) -> None:
    world = people.server.world
    compiled = filters.compiled(world, CALLER, q)

    statement = (
        f"EXPLAIN QUERY PLAN SELECT e.id FROM employees e WHERE e.account = ? AND ({compiled.sql}) ORDER BY e.id"  # noqa: S608 - this SQL is what is tested
    )
    rows = world.database.rows(statement, "1234567", *compiled.values)
    assert index in rows[0]["detail"]


# Random people and random conditions: SQL and plain Python must find the same.

TEXTS = st.text(alphabet="aAbB%_*?[\\ ", max_size=3)
DAYS = st.dates(date(2019, 12, 30), date(2020, 1, 3))
SAMPLE = tuple(field for field in FIELDS if field.name in {
    "id", "title", "email", "giveAccess", "isInactive", "laborCost", "hireDate", "dateCreated", "department",
    "globalSubscriptionStatus",
})  # fmt: skip
NUMBERS = st.integers(-1, 4)
Row = dict[str, Any]


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.kind is Kind.TEXT:
        return st.none() | TEXTS.filter(bool)
    if field.kind is Kind.FLAG:
        return st.integers(0, 1)
    if field.kind is Kind.DATE:
        return st.none() | DAYS.map(date.isoformat)
    if field.kind is Kind.MOMENT:
        return st.integers(seconds("2019-12-30T00:00"), seconds("2020-01-04T00:00"))
    return NUMBERS if field.kind is Kind.KEY else st.none() | NUMBERS


ROWS = st.lists(
    st.fixed_dictionaries({field.column: values_of(field) for field in SAMPLE}),
    max_size=6,
    unique_by=lambda row: row["id"],
)
Condition = tuple[str, Callable[[Row], bool]]


def folded(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def negated(field: Field, name: str, value: str, holds: Callable[[Any], bool]) -> st.SearchStrategy[Condition]:
    def yes(row: Row) -> bool:
        return row[field.column] is not None and holds(row[field.column])

    plain = (f"{field.name} {name} {value}", yes)
    return st.sampled_from([plain, (f"{field.name} {name}_NOT {value}", lambda row: not yes(row))])


TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "IS": operator.eq, "CONTAIN": operator.contains, "START_WITH": str.startswith, "END_WITH": str.endswith,
}  # fmt: skip
NUMBER_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": operator.eq, "GREATER": operator.gt, "GREATER_OR_EQUAL": operator.ge, "LESS": operator.lt,
    "LESS_OR_EQUAL": operator.le,
}  # fmt: skip
DATE_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "AFTER": operator.gt, "ON_OR_AFTER": operator.ge, "BEFORE": operator.lt, "ON_OR_BEFORE": operator.le,
}  # fmt: skip


@st.composite
def simple(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(SAMPLE))
    if draw(st.integers(0, 5)) == 0:
        is_empty = draw(st.booleans())
        name = "EMPTY" if is_empty else "EMPTY_NOT"
        return f"{field.name} {name}", lambda row: (row[field.column] is None) == is_empty
    if field.kind is Kind.TEXT:
        name, text = draw(st.sampled_from(sorted(TEXT_TESTS))), draw(TEXTS)
        holds = TEXT_TESTS[name]
        return draw(negated(field, name, quoted(text), lambda value: holds(folded(value), folded(text))))
    if field.kind is Kind.FLAG:
        wanted = draw(st.booleans())
        return draw(negated(field, "IS", str(wanted).lower(), lambda value: (bool(value) != field.inverted) == wanted))
    if field.kind in {Kind.DATE, Kind.MOMENT}:
        return draw(when(field))
    if draw(st.booleans()):
        several = draw(st.lists(NUMBERS, min_size=1, max_size=3))
        return draw(negated(field, "ANY_OF", f"[{','.join(map(str, several))}]", lambda value: value in several))
    name, number = draw(st.sampled_from([*NUMBER_TESTS, "BETWEEN"])), draw(NUMBERS)
    if name == "BETWEEN":
        high = draw(NUMBERS)
        return draw(negated(field, name, f"[{number}, {high}]", lambda value: number <= value <= high))
    compare = NUMBER_TESTS[name]
    return draw(negated(field, name, str(number), lambda value: compare(value, number)))


@st.composite
def when(draw: st.DrawFn, field: Field) -> Condition:
    day, name = draw(DAYS), draw(st.sampled_from([*DATE_TESTS, "ON"]))
    text = f'"{day.month}/{day.day}/{day.year}"'

    def moment(value: Any) -> datetime:
        if field.kind is Kind.DATE:
            return datetime.combine(date.fromisoformat(value), datetime.min.time(), DENVER)
        return datetime.fromtimestamp(value, UTC).astimezone(DENVER)

    first = datetime.combine(day, datetime.min.time(), DENVER)
    if name == "ON":
        return draw(negated(field, name, text, lambda value: moment(value).date() == day))
    compare = DATE_TESTS[name]
    return draw(negated(field, name, text, lambda value: compare(moment(value), first)))


def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def join(found: tuple[Condition, str, Condition]) -> Condition:
        (left, holds), word, (right, also) = found
        both = (lambda row: holds(row) and also(row)) if word == "AND" else (lambda row: holds(row) or also(row))
        return f"({left}) {word} ({right})", both

    return st.tuples(parts, st.sampled_from(["AND", "OR"]), parts).map(join)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    database = Database(None)
    database.create()
    with contextlib.closing(database):
        yield World(database, Clock(database), Switches())


WORDS = """email id IS EQUAL ANY_OF [ ] ( ) , " ' AND OR EMPTY 1 \\ x""".split()  # noqa: SIM905 - reads as a query does
CALLER = Caller(Account("1", "A", "America/Denver", {}), 1, "A", "", "UTC", 3, "Administrator", {}, "App", "")


def found_by(world: World, q: str) -> set[int]:
    compiled = filters.compiled(world, CALLER, q)
    statement = f"SELECT e.id FROM employees e WHERE {compiled.sql}"  # noqa: S608 - this SQL is what is tested
    return {row["id"] for row in world.database.rows(statement, *compiled.values)}


@settings(max_examples=300)
@given(rows=ROWS, condition=st.recursive(simple(), joined, max_leaves=6))
def test_sql_and_plain_python_find_the_same(world: World, rows: list[Row], condition: Condition) -> None:
    q, holds = condition
    world.database.run("DELETE FROM employees")
    for row in rows:
        world.database.insert("employees", account="1", **row)

    found = found_by(world, q)

    assert found == {row["id"] for row in rows if holds(row)}


@settings(max_examples=300)
@given(q=st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_whatever_is_asked_is_answered_or_refused(world: World, q: str) -> None:
    with contextlib.suppress(RefusedError):
        found_by(world, q)
