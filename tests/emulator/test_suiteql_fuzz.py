"""Whatever is sent as a query is answered or refused, and nothing but reading happens."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.emulator.query.dialect import LONGEST_REMEMBERED, parsed
from reconciler.emulator.query.values import UnsupportedError
from tests.emulator.clients import Emulator

WORDS = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "GROUP",
        "BY",
        "ORDER",
        "HAVING",
        "AND",
        "OR",
        "NOT",
        "NULL",
        "IS",
        "IN",
        "LIKE",
        "BETWEEN",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "EXISTS",
        "DISTINCT",
        "JOIN",
        "LEFT",
        "ON",
        "AS",
        "DESC",
        "ROWNUM",
        "SYSDATE",
        "COUNT",
        "MAX",
        "TO_CHAR",
        "TO_DATE",
        "NVL",
        "DECODE",
        "TRUNC",
        "SUBSTR",
        "BUILTIN.DF",
        "(",
        ")",
        "(",
        ")",
        ",",
        ",",
        "*",
        "+",
        "-",
        "/",
        "||",
        "=",
        "<>",
        "<",
        ">=",
        "?",
        "1",
        "0",
        "-5",
        "2.5",
        "'a'",
        "''",
        "'%'",
        "'YYYY-MM-DD'",
        "id",
        "email",
        "date",
        "user",
        "role",
        "e",
        "loginaudit",
        "employee",
        "e.id",
        ";",
        "--",
        "/*",
        '"',
        "'",
        "datecreated",
        "DELETE",
        "DROP",
        "employees",
    ]
)
TAILS = st.lists(WORDS, max_size=12).map(" ".join)


def tree_of(query: str) -> str:
    """What the server, which is in this process, remembers of a query, as text."""
    try:
        return repr(parsed(query)[0])
    except UnsupportedError as error:
        return str(error)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(select=TAILS, where=TAILS)
def test_no_query_breaks_the_server(story: Emulator, select: str, where: str) -> None:
    query = f"SELECT {select} FROM employee e WHERE {where}"  # noqa: S608 - that is the point

    before = tree_of(query)
    answer = story.reader.suiteql(query)

    assert tree_of(query) == before, "what is remembered of a query was changed by answering it"
    assert answer.status_code in {200, 400}, query
    if answer.status_code == 400:
        assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == "q"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
def test_no_expression_breaks_the_server(story: Emulator, expression: str) -> None:
    query = f"SELECT NVL({expression}, '') AS v FROM loginaudit WHERE ROWNUM <= 3"  # noqa: S608 - as above

    assert story.reader.suiteql(query).status_code in {200, 400}, query


RICH = (
    "SELECT e.id AS who, NVL(e.title, 'none') AS title, TO_CHAR(t.dcreated, 'YYYY-MM-DD') AS made,"
    " CASE WHEN e.isinactive = 'F' THEN 'yes' ELSE 'no' END AS active, BUILTIN.DF(t.role_name) AS held"
    " FROM oauthtoken t JOIN employee e ON e.id = t.entity_name"
    " WHERE t.tba_app_name = ? AND e.id IN (?, ?, ?) AND t.dcreated < SYSDATE ORDER BY e.id DESC"
)


def test_a_query_that_comes_again_with_other_values_means_what_it_says(story: Emulator) -> None:
    def asked(*params: str | int) -> list[str]:
        return [row["who"] for row in story.reader.items(RICH, *params)]

    before = tree_of(RICH)
    first = asked(11, 4101, 4172, 4180)

    assert first
    assert asked(12, 4101, 4172, 4180) == []
    assert asked(11, 4101, 4172, 4180) == first
    assert tree_of(RICH) == before


def test_a_query_that_is_too_long_to_be_remembered_is_answered_the_same(story: Emulator) -> None:
    query = "SELECT id FROM employee WHERE id = 4172"

    assert story.reader.items(query + " " * LONGEST_REMEMBERED) == story.reader.items(query)
