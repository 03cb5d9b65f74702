"""Random queries over a small table give what a plain evaluation in Python gives, with Oracle's rules for NULL."""

# ruff: noqa: S608 - all queries are written in this file

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator.clients import Client, Emulator
from tests.emulator.conftest import running

Row = dict[str, Any]
Truth = bool | None

FIRST: Final = 900_001
TITLES: Final = ("Clerk", "clerk", "", None, "a%b", "a_b", "ab", "Ünal", "Clerk", "zz", None, "B")
BOSSES: Final = (None, FIRST, FIRST, FIRST + 1, FIRST + 2, None, FIRST + 3, FIRST, FIRST + 11, 7, None, FIRST + 1)
ROWS: Final[list[Row]] = [
    {
        "id": FIRST + place,
        "title": title or None,
        "supervisor": boss,
        "giveaccess": "T" if place % 3 else "F",
        "email": f"Person.{place % 5}@example.com",
    }
    for place, (title, boss) in enumerate(zip(TITLES, BOSSES, strict=True))
]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    for start in running():
        emulator: Emulator = start()
        for row in ROWS:
            emulator.run(
                "INSERT INTO employees (account, id, entityid, firstname, lastname, email, title, active, access,"
                " supervisor, created, modified) VALUES ('1234567', ?, ?, '', '', ?, ?, 1, ?, ?, 0, 0)",
                row["id"],
                f"Person {row['id']}",
                row["email"],
                TITLES[row["id"] - FIRST],
                int(row["giveaccess"] == "T"),
                row["supervisor"],
            )
        yield emulator.reader


@dataclass(frozen=True)
class Value:
    sql: str
    of: Callable[[Row], Any]


@dataclass(frozen=True)
class Condition:
    sql: str
    of: Callable[[Row], Truth]


def column(name: str) -> Value:
    return Value(name, lambda row: row[name])


def text(value: str) -> Value:
    return Value("'" + value.replace("'", "''") + "'", lambda _: value or None)


def number(value: int) -> Value:
    return Value(f"({value})", lambda _: value)


def null_safe(function: Callable[..., Any], *values: Value) -> Callable[[Row], Any]:
    def applied(row: Row) -> Any:
        found = [value.of(row) for value in values]
        return None if None in found else function(*found)

    return applied


COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "^=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def compared(left: Value, operator: str, right: Value) -> Condition:
    return Condition(f"{left.sql} {operator} {right.sql}", null_safe(COMPARISONS[operator], left, right))


def is_null(value: Value, *, negated: bool) -> Condition:
    if negated:
        return Condition(f"{value.sql} IS NOT NULL", lambda row: value.of(row) is not None)
    return Condition(f"{value.sql} IS NULL", lambda row: value.of(row) is None)


def inside(value: Value, members: list[Value], *, negated: bool) -> Condition:
    def truth(row: Row) -> Truth:
        found = either(*(null_safe(COMPARISONS["="], value, member)(row) for member in members))
        return opposite(found) if negated else found

    listed = ", ".join(member.sql for member in members)
    return Condition(f"{value.sql} {'NOT ' if negated else ''}IN ({listed})", truth)


def between(value: Value, low: Value, high: Value) -> Condition:
    above, below = compared(value, ">=", low), compared(value, "<=", high)
    return Condition(f"{value.sql} BETWEEN {low.sql} AND {high.sql}", lambda row: both(above.of(row), below.of(row)))


def liked(value: Value, pattern: str, *, negated: bool) -> Condition:
    def truth(row: Row) -> Truth:
        found = null_safe(lambda whole: matches(whole, pattern), value)(row) if pattern else None
        return opposite(found) if negated else found

    return Condition(f"{value.sql} {'NOT ' if negated else ''}LIKE '{pattern}'", truth)


def matches(whole: str, pattern: str) -> bool:
    """LIKE, written down as its definition."""
    if not pattern:
        return not whole
    if pattern[0] == "%":
        return any(matches(whole[start:], pattern[1:]) for start in range(len(whole) + 1))
    return bool(whole) and pattern[0] in {"_", whole[0]} and matches(whole[1:], pattern[1:])


def both(a: Truth, b: Truth) -> Truth:
    return False if a is False or b is False else None if a is None or b is None else True


def either(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False


def opposite(a: Truth) -> Truth:
    return None if a is None else not a


def joined(word: str, a: Condition, b: Condition) -> Condition:
    decide = both if word == "AND" else either
    return Condition(f"({a.sql} {word} {b.sql})", lambda row: decide(a.of(row), b.of(row)))


def not_(a: Condition) -> Condition:
    return Condition(f"NOT ({a.sql})", lambda row: opposite(a.of(row)))


def nvl(value: Value, other: Value) -> Value:
    return Value(
        f"NVL({value.sql}, {other.sql})", lambda row: other.of(row) if value.of(row) is None else value.of(row)
    )


def concatenated(a: Value, b: Value) -> Value:
    return Value(f"({a.sql} || {b.sql})", lambda row: ((a.of(row) or "") + (b.of(row) or "")) or None)


def cased(test: Condition, a: Value, b: Value) -> Value:
    sql = f"CASE WHEN {test.sql} THEN {a.sql} ELSE {b.sql} END"
    return Value(sql, lambda row: a.of(row) if test.of(row) is True else b.of(row))


def plus(a: Value, operator: str, b: Value) -> Value:
    functions: dict[str, Callable[[int, int], int]] = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
    }
    return Value(f"({a.sql} {operator} {b.sql})", null_safe(functions[operator], a, b))


literal_texts = st.sampled_from(["", "Clerk", "clerk", "a", "b", "%", "T", "Ü"]).map(text)
texts = st.recursive(
    st.one_of(st.sampled_from(["title", "giveaccess", "email"]).map(column), literal_texts),
    lambda inner: st.one_of(
        st.builds(concatenated, inner, inner),
        st.builds(nvl, inner.filter(lambda value: value.sql != "''"), inner),
        inner.map(lambda value: Value(f"UPPER({value.sql})", null_safe(str.upper, value))),
        inner.map(lambda value: Value(f"LOWER({value.sql})", null_safe(str.lower, value))),
        inner.map(lambda value: Value(f"SUBSTR({value.sql}, 2)", null_safe(lambda whole: whole[1:] or None, value))),
    ),
    max_leaves=4,
)
small = st.integers(min_value=-3, max_value=FIRST + 3).map(number)
numbers = st.recursive(
    st.one_of(st.sampled_from(["id", "supervisor"]).map(column), small),
    lambda inner: st.one_of(
        st.builds(plus, inner, st.sampled_from(["+", "-"]), inner),
        st.builds(plus, inner, st.just("*"), st.integers(min_value=-2, max_value=3).map(number)),
        st.builds(nvl, inner, inner),
        texts.map(lambda value: Value(f"LENGTH({value.sql})", null_safe(len, value))),
    ),
    max_leaves=4,
)
operators = st.sampled_from(sorted(COMPARISONS))
conditions = st.recursive(
    st.one_of(
        st.builds(compared, texts, operators, texts),
        st.builds(compared, numbers, operators, numbers),
        st.builds(is_null, st.one_of(texts, numbers), negated=st.booleans()),
        st.builds(inside, texts, st.lists(literal_texts, min_size=1, max_size=4), negated=st.booleans()),
        st.builds(inside, numbers, st.lists(numbers, min_size=1, max_size=3), negated=st.booleans()),
        st.builds(between, numbers, numbers, numbers),
        st.builds(between, texts, texts, texts),
        st.builds(liked, texts, st.sampled_from(["%", "a%", "_b", "%b", "a_b", "Clerk", "%l%r_", ""]),
                  negated=st.booleans()),
    ),
    lambda inner: st.one_of(
        st.builds(joined, st.sampled_from(["AND", "OR"]), inner, inner), inner.map(not_),
        st.builds(lambda test, a, b: is_null(cased(test, a, b), negated=True), inner, texts, texts),
    ),
    max_leaves=5,
)  # fmt: skip
OURS: Final = f"id BETWEEN {FIRST} AND {FIRST + len(ROWS) - 1}"
checked = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@checked
@given(condition=conditions)
def test_where_keeps_the_rows_that_the_condition_is_true_for(client: Client, condition: Condition) -> None:
    # The bounds come last, so that what a shortcut makes of the condition is seen.
    rows = client.items(f"SELECT id FROM employee WHERE {condition.sql} AND {OURS} ORDER BY id")

    assert [int(row["id"]) for row in rows] == [row["id"] for row in ROWS if condition.of(row) is True], condition.sql


@checked
@given(value=st.one_of(texts, numbers))
def test_values_are_what_python_computes(client: Client, value: Value) -> None:
    rows = client.items(f"SELECT id, {value.sql} AS v FROM employee WHERE {OURS} ORDER BY id")

    expected = [None if value.of(row) is None else str(value.of(row)) for row in ROWS]
    assert [row.get("v") for row in rows] == expected, value.sql


@checked
@given(
    keys=st.lists(
        st.tuples(st.sampled_from(["title", "supervisor", "giveaccess", "email"]), st.booleans(), st.booleans()),
        min_size=1, max_size=3, unique_by=lambda key: key[0],
    ),
    explicit=st.booleans(),
)  # fmt: skip
def test_order_by_sorts_nulls_as_the_largest(
    client: Client, keys: list[tuple[str, bool, bool]], explicit: bool
) -> None:
    def before(a: Row, b: Row) -> int:
        for name, descending, nulls_first in keys:
            first = nulls_first if explicit else descending
            x, y = a[name], b[name]
            if x == y:
                continue
            if x is None or y is None:
                return (-1 if first else 1) * (1 if x is None else -1)
            return (1 if descending else -1) * (1 if x < y else -1)
        return int(a["id"]) - int(b["id"])

    listed = [
        name + (" DESC" if descending else "") + (f" NULLS {'FIRST' if first else 'LAST'}" if explicit else "")
        for name, descending, first in keys
    ]
    query = f"SELECT id FROM employee WHERE {OURS} ORDER BY {', '.join(listed)}, id"

    assert [int(row["id"]) for row in client.items(query)] == [
        row["id"] for row in sorted(ROWS, key=cmp_to_key(before))
    ]


@checked
@given(key=st.one_of(texts, numbers), amount=numbers, condition=conditions)
def test_groups_are_what_python_groups(client: Client, key: Value, amount: Value, condition: Condition) -> None:
    query = (
        f"SELECT {key.sql} AS k, COUNT(*) AS n, COUNT({amount.sql}) AS c, SUM({amount.sql}) AS s,"
        f" MIN({amount.sql}) AS l,"
        f" MAX({amount.sql}) AS h, COUNT(DISTINCT {amount.sql}) AS d"
        f" FROM employee WHERE {condition.sql} AND {OURS} GROUP BY {key.sql}"
    )
    if not isinstance(key.of(ROWS[0]), str | int | None) or key.sql.startswith("'") or key.sql.startswith("("):
        return  # grouping by a literal is refused
    groups: dict[Any, list[Any]] = {}
    for row in ROWS:
        if condition.of(row) is True:
            groups.setdefault(key.of(row), []).append(amount.of(row))
    expected = set()
    for group, amounts in groups.items():
        known = [each for each in amounts if each is not None]
        totals = (sum(known), min(known), max(known)) if known else (None, None, None)
        found = (group, len(amounts), len(known), *totals, len(set(known)))
        expected.add(tuple(None if each is None else str(each) for each in found))

    rows = client.items(query)

    assert {tuple(row.get(name) for name in ("k", "n", "c", "s", "l", "h", "d")) for row in rows} == expected


@checked
@given(
    side=st.sampled_from(["LEFT", "RIGHT", "FULL", "INNER"]),
    left=conditions,
    right=conditions,
    on=st.sampled_from(["a.supervisor = b.id", "a.giveaccess = b.giveaccess", "a.title = b.title AND a.id < b.id"]),
)
def test_joins_pair_rows_as_python_does(client: Client, side: str, left: Condition, right: Condition, on: str) -> None:
    tests: dict[str, Callable[[Row, Row], bool]] = {
        "a.supervisor = b.id": lambda a, b: a["supervisor"] == b["id"],
        "a.giveaccess = b.giveaccess": lambda a, b: a["giveaccess"] == b["giveaccess"],
        "a.title = b.title AND a.id < b.id": lambda a, b: a["title"] == b["title"] is not None and a["id"] < b["id"],
    }
    lefts = [row for row in ROWS if left.of(row) is True]
    rights = [row for row in ROWS if right.of(row) is True]
    pairs = [(a, b) for a, b in itertools.product(lefts, rights) if tests[on](a, b)]
    expected: list[tuple[str | None, str | None]] = [(str(a["id"]), str(b["id"])) for a, b in pairs]
    if side in {"LEFT", "FULL"}:
        expected += [(str(a["id"]), None) for a in lefts if not any(pair[0] is a for pair in pairs)]
    if side in {"RIGHT", "FULL"}:
        expected += [(None, str(b["id"])) for b in rights if not any(pair[1] is b for pair in pairs)]
    columns = "id, title, supervisor, giveaccess"
    rows = client.items(
        f"SELECT a.id AS x, b.id AS y FROM (SELECT {columns} FROM employee WHERE {left.sql} AND {OURS}) a"
        f" {side} JOIN (SELECT {columns} FROM employee WHERE {right.sql} AND {OURS}) b ON {on} ORDER BY a.id, b.id"
    )

    found = [(row.get("x"), row.get("y")) for row in rows]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert [x is None for x, _ in found] == sorted(x is None for x, _ in found)
