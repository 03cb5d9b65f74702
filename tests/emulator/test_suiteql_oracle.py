"""SuiteQL's functions give what Oracle's documentation prints, and what is known here only roughly is refused."""

# ruff: noqa: S608 - all queries are written in this file

import pytest

from tests.emulator.clients import Emulator

DATE = "TO_DATE('{}', 'YYYY-MM-DD HH24:MI:SS')"
NOON = DATE.format("2026-03-31 12:00:00")


def shown(story: Emulator, expression: str) -> str | None:
    rows = story.reader.items(f"SELECT {expression} AS v FROM employee WHERE id = 4172")
    return rows[0].get("v")


def day(expression: str) -> str:
    return f"TO_CHAR({expression}, 'YYYY-MM-DD HH24:MI:SS')"


# Most of these are the examples of Oracle's SQL Language Reference.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ABS(-15)", "15"),
        ("CEIL(268651.8)", "268652"),
        ("CEIL(-1.5)", "-1"),
        ("FLOOR(15.7)", "15"),
        ("FLOOR(-1.5)", "-2"),
        ("MOD(11, 4)", "3"),
        ("MOD(-11, 4)", "-3"),
        ("MOD(11, -4)", "3"),
        ("MOD(11, 0)", "11"),
        ("POWER(3, 2)", "9"),
        ("POWER(2, 10)", "1024"),
        ("SIGN(-15)", "-1"),
        ("SIGN(0)", "0"),
        ("ROUND(15.193, 1)", "15.2"),
        ("ROUND(15.193, -1)", "20"),
        ("ROUND(-0.5)", "-1"),
        ("ROUND(1, 99)", "1"),
        ("TRUNC(15.79, 1)", "15.7"),
        ("TRUNC(15.79, -1)", "10"),
        ("REPLACE('JACK and JUE', 'J', 'BL')", "BLACK and BLUE"),
        ("REPLACE('abc', 'b')", "ac"),
        ("REPLACE('abc', NULL, 'x')", "abc"),
        ("TRANSLATE('SQL*Plus User''s Guide', ' */''', '___')", "SQL_Plus_Users_Guide"),
        ("LPAD('Page 1', 15, '*.')", "*.*.*.*.*Page 1"),
        ("RPAD('abc', 5)", "abc  "),
        ("LPAD('abc', 2)", "ab"),
        ("LPAD('abc', 0)", None),
        ("LTRIM('<=====>BROWNING<=====>', '<>=')", "BROWNING<=====>"),
        ("RTRIM('<=====>BROWNING<=====>', '<>=')", "<=====>BROWNING"),
        ("LTRIM('  a ')", "a "),
        ("INITCAP('the soap')", "The Soap"),
        ("INITCAP('it''s o''neil-smith')", "It'S O'Neil-Smith"),
        ("ASCII('A')", "65"),
        ("'a' || CHR(10) || 'b'", "a\nb"),
        ("INSTR('CORPORATE FLOOR', 'OR', 3)", "5"),
        ("SUBSTR('ABCDEFG', 3, 4)", "CDEF"),
        ("SUBSTR('ABCDEFG', -5, 4)", "CDEF"),
        ("UPPER('straße')", "STRAßE"),
        ("LOWER('\N{GREEK CAPITAL LETTER BETA}\N{GREEK CAPITAL LETTER SIGMA}')",
         "\N{GREEK SMALL LETTER BETA}\N{GREEK SMALL LETTER SIGMA}"),
        ("NULLIF(1, 1)", None),
        ("NULLIF('a', 'b')", "a"),
        ("TO_NUMBER('0012.50')", "12.5"),
        ("TO_CHAR(0.5)", ".5"),
        ("'x' || -0.25", "x-.25"),
        ("TO_CHAR(1000000)", "1000000"),
        ("0.1 + 0.2", "0.3"),
        ("CASE WHEN 0.1 + 0.2 = 0.3 THEN 'y' END", "y"),
        ("CASE WHEN 1.1 * 3 = 3.3 THEN 'y' END", "y"),
        ("7 / 2", "3.5"),
        ("1 / 2 * 4", "2"),
        ("ROUND(1 / 3 * 100, 2)", "33.33"),
        ("ROUND(1 / 3, 4)", "0.3333"),
        ("CASE WHEN 1 / 3 = 2 / 6 THEN 'y' END", "y"),
        ("CASE WHEN 1 / 3 < 0.34 THEN 'y' END", "y"),
        ("TRUNC(10 / 4)", "2"),
        # DECODE compares in the kind of its first search and answers in that of its first result.
        ("DECODE(1, '01', 'same', 'other')", "other"),
        ("DECODE(1, '1', 'same', 'other')", "same"),
        ("DECODE(2, 1, NULL, 2, 0.5)", ".5"),
        ("MONTHS_BETWEEN(TO_DATE('02-28-2026', 'MM-DD-YYYY'), TO_DATE('01-31-2026', 'MM-DD-YYYY'))", "1"),
        ("MONTHS_BETWEEN(TO_DATE('03-15-2026', 'MM-DD-YYYY'), TO_DATE('01-15-2026', 'MM-DD-YYYY'))", "2"),
        ("ROUND(MONTHS_BETWEEN(TO_DATE('02-02-1995','MM-DD-YYYY'), TO_DATE('01-01-1995','MM-DD-YYYY')), 8)",
         "1.03225806"),
        (day(f"LAST_DAY({DATE.format('2026-02-03 10:00:00')})"), "2026-02-28 10:00:00"),
        (day(f"ADD_MONTHS({DATE.format('2026-01-31 00:00:00')}, 1)"), "2026-02-28 00:00:00"),
        (day(f"TRUNC({NOON}, 'Q')"), "2026-01-01 00:00:00"),
        (day(f"TRUNC({NOON} + 1 / 24 / 60, 'MI')"), "2026-03-31 12:01:00"),
        (day(f"TRUNC({NOON} - 1 / 86400, 'HH24')"), "2026-03-31 11:00:00"),
        # A date has whole seconds, however crooked the part of a day is.
        (day(f"{NOON} - 1 / 3"), "2026-03-31 04:00:00"),
        (day(f"{NOON} + 5 / 24 / 60"), "2026-03-31 12:05:00"),
        (f"CASE WHEN {NOON} - 1 / 3 = {DATE.format('2026-03-31 04:00:00')} THEN 'y' END", "y"),
        (f"{NOON} - {DATE.format('2026-03-30 00:00:00')}", "1.5"),
        (f"CASE WHEN {NOON} BETWEEN TRUNC({NOON}) AND TRUNC({NOON}) + 1 THEN 'y' END", "y"),
        (f"TO_CHAR({NOON}, 'MONTH')", "MARCH    "),
        (f"TO_CHAR({NOON}, 'month')", "march    "),
        (f"TO_CHAR({NOON}, 'mONTH')", "march    "),
        (f"TO_CHAR({NOON}, 'yyyy-mm-dd\"T\"hh24:mi:ss')", "2026-03-31T12:00:00"),
        (f"TO_CHAR({DATE.format('0987-01-02 00:00:00')}, 'YYYY-MM-DD')", "0987-01-02"),
        ("CASE WHEN 'abc' NOT LIKE 'b%' THEN 'y' END", "y"),
        ("CASE WHEN 'a%c' NOT LIKE 'a!_c' ESCAPE '!' THEN 'y' END", "y"),
        ("CASE WHEN 'a.c' LIKE 'a.c' THEN 'y' END", "y"),
        ("CASE WHEN 'axc' LIKE 'a.c' THEN 'y' END", None),
        ("CASE WHEN 'a' || CHR(10) || 'c' LIKE 'a_c' THEN 'y' END", "y"),
        ("CASE WHEN 1 ^= 2 AND 1 != 2 AND 1 <> 2 THEN 'y' END", "y"),
        ("CASE WHEN 'B' < 'a' THEN 'y' END", "y"),
        ("CASE WHEN NOT (NULL = 1) THEN 'y' ELSE 'n' END", "n"),
        ("CASE WHEN 1 NOT IN (2, NULL) THEN 'y' ELSE 'n' END", "n"),
        ("CASE WHEN 1 IN (1, NULL) THEN 'y' ELSE 'n' END", "y"),
        ("1 + 2 || 'a'", "3a"),
        ("'a' || (1 + 2)", "a3"),
    ],
)  # fmt: skip
def test_functions_give_what_oracle_gives(story: Emulator, expression: str, expected: str | None) -> None:
    assert shown(story, expression) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("1 / 3", "more digits"),
        ("'a' || 1 / 3", "more digits"),
        ("1 / 3 * 3", "more digits"),
        ("TRUNC(1 / 3 * 3)", "computed from a quotient"),
        ("9223372036854775807 + 1", "larger than can be given exactly"),
        ("POWER(10, 30)", "larger than can be given exactly"),
        ("POWER(2, 0.5)", "whole exponents"),
        ("0.1234567890123456", "more than 15 digits"),
        ("0.123456789 * 0.123456789", "more than 15 digits"),
        ("MONTHS_BETWEEN(TO_DATE('2026-03-15', 'YYYY-MM-DD'), TO_DATE('2026-03-01', 'YYYY-MM-DD'))", "more digits"),
        ("'a' || 1 + 2", "need brackets"),
        ("SYSDATE - 1 / 3 / 0", "divided by zero"),
        ("LPAD('é', 5)", "LPAD"),
        ("UPPER('ŉ')", "depends on the language"),
        ("CHR(200)", "character set"),
        ("ASCII('é')", "character set"),
        ("CASE WHEN 'a' LIKE 'a' ESCAPE 'xy' THEN 1 END", "one character"),
        ("CASE WHEN 'a' LIKE 'a' ESCAPE '' THEN 1 END", "one character"),
        ("NULLIF(NULL, 1)", "NULLIF"),
        ("TO_DATE('2026-01-01', 'YYYY-MM-DD') + 9999999", "function got a value"),
        ("TO_CHAR(SYSDATE + 9999999, 'YYYY-MM-DD')", "function got a value"),
        ("LISTAGG(id, ',')", "LISTAGG is not served"),
        ("CEILING(1.5)", "CEILING is not served"),
        ("REGEXP_SUBSTR('a', 'a')", "REGEXP_SUBSTR is not served"),
        ("SUM(id / 2)", "whole numbers only"),
    ],
)
def test_what_is_known_only_roughly_is_refused(story: Emulator, expression: str, reason: str) -> None:
    answer = story.reader.suiteql(f"SELECT {expression} AS v FROM employee WHERE id = 4172")

    assert answer.status_code == 400
    assert reason in answer.headers["X-Emulator-Reason"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT id FROM employee WHERE id == 1", "no operator"),
        ("SELECT e.id FROM employee e JOIN role r", "needs ON"),
        ("SELECT e.id FROM employee e CROSS JOIN role r ON r.id = e.id", "CROSS JOIN has none"),
        ("SELECT e.id FROM employee e, role r JOIN role s ON s.id = r.id", "not by both"),
        ("SELECT e.id FROM employee e, role r WHERE e.id(+) = r.id", "(+)"),
        ("SELECT e.id FROM role r, employee e WHERE e.id = r.id(+)", "(+)"),
        ("SELECT id FROM employee WHERE id IN (" + ", ".join(["1"] * 1001) + ")", "at most 1000"),
        ("SELECT id FROM employee WHERE id IN ()", "at least one"),
        ("SELECT UPPER(title) AS email, id FROM employee ORDER BY LOWER(email)", "alias within an expression"),
        ("SELECT TOP 3 id FROM employee", "FETCH FIRST"),
        ("SELECT id AS links FROM employee", "called links"),
        ("SELECT COUNT(*), MAX(id) AS expr1 FROM employee", "same name"),
        ("SELECT id FROM employee FETCH FIRST 10 PERCENT ROWS ONLY", "FETCH FIRST"),
        ("SELECT id FROM employee FETCH FIRST 1.5 ROWS ONLY", "FETCH FIRST"),
        ("SELECT id FROM employee ORDER BY id FETCH FIRST 1 ROWS WITH TIES", "FETCH FIRST"),
        ("SELECT id FROM employee OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY", "OFFSET"),
    ],
)
def test_what_oracle_does_not_take_is_refused(story: Emulator, query: str, reason: str) -> None:
    answer = story.reader.suiteql(query)

    assert answer.status_code == 400
    assert reason in answer.headers["X-Emulator-Reason"]


def test_fetch_first_counts_after_order_by(emulator: Emulator) -> None:
    query = "SELECT id FROM employee ORDER BY id DESC FETCH FIRST 2 ROWS ONLY"
    assert [row["id"] for row in emulator.reader.items(query)] == ["4316", "4315"]

    emulator.behave(suiteql_fetch_first="refused")

    assert "unsupported" in emulator.reader.refusal(query)


def test_an_outer_join_by_plus_keeps_the_row(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT e.id, g.role FROM employee e, employeerolesforsearch g WHERE e.id = g.entity(+) AND g.role(+) = 1031"
        " AND e.id IN (4301, 4311) ORDER BY e.id"
    )

    assert rows == [{"id": "4301", "role": "1031"}, {"id": "4311"}]


def test_right_and_full_joins_keep_the_other_side(story: Emulator) -> None:
    right = story.reader.items(
        "SELECT r.id AS role, g.entity FROM employeerolesforsearch g RIGHT JOIN role r ON r.id = g.role"
        " AND g.entity = 4172 WHERE r.id IN (3, 1052) ORDER BY r.id"
    )
    full = story.reader.items(
        "SELECT COUNT(*) AS n, COUNT(a.id) AS left_side, COUNT(b.id) AS right_side FROM"
        " (SELECT id FROM employee WHERE id IN (4172, 4180)) a FULL OUTER JOIN"
        " (SELECT id FROM employee WHERE id IN (4180, 4190)) b ON a.id = b.id"
    )

    assert right == [{"role": "3", "entity": "4172"}, {"role": "1052"}]
    assert full == [{"n": "3", "left_side": "2", "right_side": "2"}]


def test_an_average_is_exact_or_refused(story: Emulator) -> None:
    query = "SELECT AVG(id) AS v FROM employee WHERE id IN (4172, 4301)"
    assert story.reader.items(query) == [{"v": "4236.5"}]
    assert story.reader.items("SELECT AVG(id) AS v FROM employee WHERE id = 1") == [{}]

    odd = "SELECT {} AS v FROM employee WHERE id IN (4172, 4301, 4302)"
    assert "more digits" in story.reader.suiteql(odd.format("AVG(id)")).headers["X-Emulator-Reason"]
    assert story.reader.items(odd.format("ROUND(AVG(id), 2)")) == [{"v": "4258.33"}]


@pytest.mark.parametrize("column", ["issalesrole", "effectivesubsidiaries", "isinactive", "coreadminpermission"])
def test_a_row_without_a_partner_has_null_even_where_a_column_is_always_the_same(story: Emulator, column: str) -> None:
    outer = f"SELECT e.id, r.{column} FROM employee e LEFT JOIN role r ON r.id = -1 WHERE e.id = 4172"
    assert story.reader.items(outer) == [{"id": "4172"}]

    missing = f"{outer} AND r.{column} IS NULL"
    assert story.reader.items(missing) == [{"id": "4172"}]
