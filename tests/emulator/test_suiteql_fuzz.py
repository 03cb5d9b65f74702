"""Whatever is sent as a query is answered or refused, and nothing but reading happens."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(select=TAILS, where=TAILS)
def test_no_query_breaks_the_server(story: Emulator, select: str, where: str) -> None:
    query = f"SELECT {select} FROM employee e WHERE {where}"  # noqa: S608 - that is the point

    answer = story.reader.suiteql(query)

    assert answer.status_code in {200, 400}, query
    if answer.status_code == 400:
        assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == "q"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
def test_no_expression_breaks_the_server(story: Emulator, expression: str) -> None:
    query = f"SELECT NVL({expression}, '') AS v FROM loginaudit WHERE ROWNUM <= 3"  # noqa: S608 - as above

    assert story.reader.suiteql(query).status_code in {200, 400}, query
