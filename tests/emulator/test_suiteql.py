"""SuiteQL: answered as NetSuite does, or refused; never answered wrongly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.clients import CONNECTOR, CONNECTOR_ROLE, Emulator, Start

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."


def test_the_answer_has_netsuites_shape(story: Emulator) -> None:
    answer = story.reader.suiteql("SELECT ID, EntityId, title AS Job, supervisor FROM Employee WHERE id = 4172")

    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=collection"
    assert answer.json() == {
        "links": [
            {"rel": "self", "href": f"{story.url}/services/rest/query/v1/suiteql?limit=1000&offset=0"},
        ],
        "count": 1,
        "hasMore": False,
        "offset": 0,
        "totalResults": 1,
        "items": [{"links": [], "id": "4172", "entityid": "Dana Ortiz", "job": "Integration Engineer"}],
    }


def test_who_owns_the_tokens(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT id, tba_token_name, tba_app_name, BUILTIN.DF(tba_app_name) AS app, entity_name AS owner_id,"
        " BUILTIN.DF(entity_name) AS owner, role_name AS role_id, BUILTIN.DF(role_name) AS role,"
        " TO_CHAR(dcreated,'YYYY-MM-DD HH24:MI:SS') AS created, createdby"
        " FROM oauthtoken WHERE binactive = 'F' AND brevoked = 'F' ORDER BY id ASC"
    )

    assert rows[0]["tba_token_name"] == f"{CONNECTOR} - Ann Keller, {CONNECTOR_ROLE}"
    assert (rows[0]["tba_app_name"], rows[0]["app"]) == ("11", CONNECTOR)
    assert (rows[0]["owner_id"], rows[0]["owner"], rows[0]["role_id"]) == ("4101", "Ann Keller", "1047")


def test_the_audit_trail_shows_our_own_call(story: Emulator) -> None:
    rows = story.login(agent="probe/42").items(
        "SELECT status, user, role, oauthappname, detail, useragent FROM loginaudit WHERE useragent = ?", "probe/42"
    )

    assert rows == [
        {"status": "Success", "user": "4191", "role": "1052", "oauthappname": "Reconciler", "useragent": "probe/42"}
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a' || NULL || 'b'", "ab"),
        ("NVL('', 'empty is null')", "empty is null"),
        ("NVL2('', 'x', 'y')", "y"),
        ("COALESCE(NULL, '', 'c')", "c"),
        ("DECODE(NULL, NULL, 'same', 'other')", "same"),
        ("DECODE(2, 1, 'one', 2, 'two', 'many')", "two"),
        ("DECODE(3, 1, 'one', 2, 'two')", None),
        ("CASE WHEN 1 = 2 THEN 'a' ELSE 'b' END", "b"),
        ("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "b"),
        ("CASE WHEN '' = '' THEN 'equal' ELSE 'unknown' END", "unknown"),
        ("LENGTH('')", None),
        ("LENGTH('abc')", "3"),
        ("LOWER('AbC')", "abc"),
        ("UPPER('AbC')", "ABC"),
        ("TRIM('  ')", None),
        ("SUBSTR('abcdef', 2, 3)", "bcd"),
        ("SUBSTR('abcdef', -2)", "ef"),
        ("SUBSTR('abc', 9)", None),
        ("SUBSTR('abc', 0, 2)", "ab"),
        ("INSTR('abcabc', 'c')", "3"),
        ("INSTR('abc', 'x')", "0"),
        ("CONCAT('a', 1)", "a1"),
        ("ROUND(2.5)", "3"),
        ("ROUND(-2.5)", "-3"),
        ("ROUND(1.255, 2)", "1.26"),
        ("TRUNC(1.99, 1)", "1.9"),
        ("7 / 2", "3.5"),
        ("2 + 3 * 4", "14"),
        ("-(1 + 1)", "-2"),
        ("'5' + 1", "6"),
        ("GREATEST(1, 3, 2)", "3"),
        ("GREATEST(1, NULL)", None),
        ("LEAST('b', 'a')", "a"),
        ("TO_CHAR(12)", "12"),
        ("TO_CHAR(TO_DATE('2026-11-01 15:04:05', 'YYYY-MM-DD HH24:MI:SS'), 'HH:MI:SS')", "03:04:05"),
        ("TO_CHAR(TO_DATE('2026-11-01 15:04:05', 'YYYY-MM-DD HH24:MI:SS'), 'HH24:MI PM')", "15:04 PM"),
        ("TO_CHAR(TO_DATE('2026-11-01', 'YYYY-MM-DD'), 'DD MON YY')", "01 NOV 26"),
        ("TO_CHAR(TO_DATE('2026-11-01', 'YYYY-MM-DD'), 'Dy, DD Mon YYYY')", "Sun, 01 Nov 2026"),
        ("TO_CHAR(TO_DATE('2026-11-01', 'YYYY-MM-DD'), 'YYYY\"x\"MM')", "2026x11"),
        ("TO_CHAR(ADD_MONTHS(TO_DATE('2026-02-28', 'YYYY-MM-DD'), 1), 'YYYY-MM-DD')", "2026-03-31"),
        ("TO_CHAR(ADD_MONTHS(TO_DATE('2026-03-31', 'YYYY-MM-DD'), -1), 'YYYY-MM-DD')", "2026-02-28"),
        ("TO_CHAR(ADD_MONTHS(TO_DATE('2026-01-15', 'YYYY-MM-DD'), -13), 'YYYY-MM-DD')", "2024-12-15"),
        ("TO_CHAR(TRUNC(TO_DATE('2026-03-31', 'YYYY-MM-DD') + 0.5, 'MM'), 'YYYY-MM-DD HH24')", "2026-03-01 00"),
        ("TO_DATE('2026-03-02', 'YYYY-MM-DD') - TO_DATE('2026-03-01', 'YYYY-MM-DD')", "1"),
        ("TO_DATE('2026-03-02', 'YYYY-MM-DD')", "3/2/2026"),
        ("NVL(supervisor, 0)", "0"),
        ("NVL(email, 1)", "dana.ortiz@example.com"),
        ("SYSDATE - SYSDATE", "0"),
        ("TO_DATE('2026-03-02', 'YYYY-MM-DD') - 1", "3/1/2026"),
        ("1 + TO_DATE('2026-03-02', 'YYYY-MM-DD')", "3/3/2026"),
        ("TO_CHAR(TRUNC(TO_DATE('2026-03-31', 'YYYY-MM-DD'), 'YYYY'), 'YYYY-MM-DD')", "2026-01-01"),
        ("TO_CHAR(TRUNC(TO_DATE('2026-03-31', 'YYYY-MM-DD'), 'DD'), 'Month')", "March    "),
        ("TRUNC(supervisor)", None),
        ("TO_CHAR(TO_DATE(supervisor, 'YYYY-MM-DD'), 'YYYY')", None),
        ("ROUND(NULL)", None),
        ("ADD_MONTHS(TO_DATE('', 'YYYY-MM-DD'), 1)", None),
        ("SUBSTR(NULL, 1)", None),
        ("INSTR(NULL, 'a')", None),
        ("INSTR('abcabc', 'c', 4)", "6"),
        ("1 / NULL", None),
        ("'a' || TRUNC(2.5)", "a2"),
        ("CASE WHEN 'a%c' LIKE 'a!%c' ESCAPE '!' THEN 'y' ELSE 'n' END", "y"),
        ("CASE WHEN NULL LIKE '%' THEN 'y' ELSE 'n' END", "n"),
        ("CASE WHEN (id = 4172) AND NOT id IN (1, 2) THEN 'y' END", "y"),
        ("(SELECT MAX(id) FROM role)", "1060"),
        ("12345678901", "12345678901"),
        ("'it''s'", "it's"),
    ],
)
def test_expressions_follow_oracle(story: Emulator, expression: str, expected: str | None) -> None:
    query = f"SELECT {expression} AS v FROM employee WHERE id = 4172"  # noqa: S608 - the expressions stand above
    rows = story.reader.items(query)

    assert rows == [{} if expected is None else {"v": expected}]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("id = 4172", {"4172"}),
        ("id = '4172'", {"4172"}),
        ("id IN (4172, '4101')", {"4172", "4101"}),
        ("email = 'DANA.ORTIZ@example.com'", set()),
        ("LOWER(email) = 'dana.ortiz@example.com'", {"4172"}),
        ("email LIKE 'dana%'", {"4172"}),
        ("email LIKE 'DANA%'", set()),
        ("email LIKE 'dana_ortiz%'", {"4172"}),
        ("email LIKE 'dana\\_ortiz%' ESCAPE '\\'", set()),
        ("id BETWEEN 4171 AND '4173'", {"4172"}),
        ("supervisor = ''", set()),
        ("email = '' OR id = 4172", {"4172"}),
        ("NOT (id <> 4172)", {"4172"}),
        ("id NOT IN (SELECT entity FROM employeerolesforsearch) AND id < 4310", {"4309"}),
        ("id IN (SELECT entity FROM employeerolesforsearch WHERE role = 1052)", {"4191"}),
        ("EXISTS (SELECT 1 FROM employeerolesforsearch g WHERE g.entity = employee.id AND g.role = 1052)", {"4191"}),
        ("supervisor IS NULL AND id = 4172", {"4172"}),
        ("isinactive = 'T'", {"4031"}),
        ("email IS NOT NULL AND ROWNUM <= 0", set()),
        ("id = 4172 AND ROWNUM = 1", {"4172"}),
        ("datecreated < SYSDATE - 1000 AND id IN (4031, 4101)", {"4031"}),
        ("datecreated >= ADD_MONTHS(CURRENT_DATE, -12) AND id IN (4190, 4031)", {"4190"}),
    ],
)
def test_conditions_follow_oracle(story: Emulator, condition: str, ids: set[str]) -> None:
    query = f"SELECT id FROM employee WHERE {condition}"  # noqa: S608 - the conditions stand above
    rows = story.reader.items(query)

    assert {row["id"] for row in rows} == ids


@pytest.mark.parametrize(
    ("query", "params", "count"),
    [
        ("SELECT id FROM employee WHERE id = ?", [4172], 1),
        ("SELECT id FROM employee WHERE id = ?", ["4172"], 1),
        ("SELECT id FROM employee WHERE email = ?", [""], 0),
        ("SELECT id FROM employee WHERE email = ?", ["x' OR '1'='1"], 0),
        ("SELECT ? AS a FROM employee WHERE id = ? AND email <> '?' -- ?", ["x", 4172], 1),
        ("SELECT NVL(title, ?) AS a FROM employee e WHERE e.id IN (?, ?) ORDER BY e.id", ["-", 4172, "4101"], 2),
    ],
)
def test_params_are_bound_values(story: Emulator, query: str, params: list[str | int], count: int) -> None:
    assert len(story.reader.items(query, *params)) == count


def test_params_keep_the_order_of_the_text(story: Emulator) -> None:
    rows = story.reader.items("SELECT ? AS a FROM employee WHERE id = ? ORDER BY ?", "first", 4172, 1)

    assert rows == [{"a": "first"}]


def test_params_can_be_refused_as_before_2026_2(emulator: Emulator) -> None:
    emulator.behave(suiteql_params="refused")

    assert emulator.reader.suiteql("SELECT id FROM employee WHERE id = ?", 1).status_code == 400
    assert emulator.reader.suiteql("SELECT id FROM employee").status_code == 200


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("SELECT foo FROM employee", "Unknown identifier 'foo'. Available identifiers are: {employee=employee}."),
        ("SELECT e.foo FROM employee e", "Unknown identifier 'e.foo'. Available identifiers are: {e=employee}."),
        ("SELECT employee.id FROM employee e", "Unknown identifier 'employee.id'."),
        ("SELECT id FROM foo", "Record 'foo' was not found."),
        ("SELECT id FROM sqlite_master", "Record 'sqlite_master' was not found."),
        ("SELECT id FROM employees", "Record 'employees' was not found."),
    ],
)
def test_mistakes_are_told_in_netsuites_words(story: Emulator, query: str, detail: str) -> None:
    assert story.reader.refusal(query).startswith(f"Search error occurred: {detail}")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT 1",
        "DELETE FROM employee",
        "UPDATE employee SET id = 1",
        "DROP TABLE employees",
        "SELECT id FROM employee; DROP TABLE employees",
        "SELECT id FROM employee UNION SELECT id FROM role",
        "WITH e AS (SELECT id FROM employee) SELECT id FROM e",
        "SELECT id FROM employee LIMIT 1",
        "SELECT TOP 1 id FROM employee",
        "SELECT id FROM employee FOR UPDATE",
        "SELECT id FROM employee WHERE id = :id",
        "SELECT load_extension('x') AS a FROM employee",
        "SELECT ora_local(1) AS a FROM employee",
        "SELECT readfile('/etc/passwd') AS a FROM employee",
        "SELECT LISTAGG(id, ',') WITHIN GROUP (ORDER BY id) AS a FROM employee",
        "SELECT ROW_NUMBER() OVER (ORDER BY id) AS a FROM employee",
        "SELECT CAST(id AS VARCHAR(10)) AS a FROM employee",
        "SELECT id FROM main.employees",
        "SELECT id FROM employee WHERE id(+) = 1",
        "SELECT id FROM employee e FULL JOIN role r ON r.id = e.id",
        "SELECT id FROM employee e JOIN role r USING (id)",
        "SELECT id, email FROM employee e, role r",
        "SELECT e.id, r.id FROM employee e, role r",
        "SELECT id FROM employee, employee",
        "SELECT title, COUNT(*) AS n FROM employee",
        "SELECT title, email FROM employee GROUP BY title",
        "SELECT title FROM employee GROUP BY title ORDER BY email",
        "SELECT title FROM employee GROUP BY title HAVING email = 'x'",
        "SELECT * FROM employee GROUP BY title",
        "SELECT title FROM employee GROUP BY 1",
        "SELECT id FROM employee WHERE COUNT(*) = 1",
        "SELECT MAX(COUNT(*)) AS a FROM employee",
        "SELECT COUNT(id, email) AS a FROM employee",
        "SELECT id FROM employee WHERE email = 5",
        "SELECT id FROM employee WHERE datecreated > '2026-11-01'",
        "SELECT id FROM employee WHERE datecreated > DATE '2026-11-01'",
        "SELECT LOWER(datecreated) AS a FROM employee",
        "SELECT TO_CHAR(datecreated) AS a FROM employee",
        "SELECT TO_CHAR(datecreated, 'YYYY-IW') AS a FROM employee",
        "SELECT TO_DATE('2026-13-01', 'YYYY-MM-DD') AS a FROM employee",
        "SELECT TO_DATE('tomorrow', 'YYYY-MM-DD') AS a FROM employee",
        "SELECT 1 / 0 AS a FROM employee",
        "SELECT INSTR('abc', 'c', -1) AS a FROM employee",
        "SELECT id FROM employee WHERE email LIKE 'a!b' ESCAPE '!'",
        "SELECT id FROM employee WHERE (id, email) IN ((1, 'a'))",
        "SELECT id FROM employee WHERE id IN (SELECT id, name FROM role)",
        "SELECT id FROM employee WHERE email IN (SELECT id FROM role)",
        "SELECT id FROM employee WHERE id IS TRUE",
        "SELECT TRUNC(SYSDATE, 'IW') AS a FROM employee",
        "SELECT SYSDATE + SYSDATE AS a FROM employee",
        "SELECT SYSDATE * 2 AS a FROM employee",
        "SELECT NVL(id) AS a FROM employee",
        "SELECT id FROM employee e LEFT JOIN role r",
        "SELECT MAX(id) AS a FROM employee WHERE ROWNUM <= 2",
        "SELECT id FROM employee WHERE ROWNUM <= ?",
        "SELECT x.* FROM employee e",
        "SELECT a FROM (SELECT COUNT(*) FROM employee)",
        "SELECT a FROM (SELECT id AS a FROM employee UNION SELECT id FROM role)",
        "SELECT title, (SELECT MAX(id) FROM role) AS a FROM employee GROUP BY title",
        "SELECT COUNT(DISTINCT id, email) AS a FROM employee",
        "SELECT COALESCE(id, email) AS a FROM employee",
        "SELECT (SELECT id FROM role) AS a FROM employee",
        "SELECT id FROM employee WHERE ROWNUM > 1",
        "SELECT id FROM employee WHERE ROWNUM <= 2 ORDER BY email",
        "SELECT DISTINCT title FROM employee ORDER BY id",
        "SELECT id FROM employee ORDER BY 2",
        "SELECT BUILTIN.DF(email) AS a FROM employee",
        "SELECT BUILTIN.RELATIVE_RANGES('LM', 'END') AS a FROM employee",
        "SELECT id FROM oauthtoken WHERE BUILTIN.DF(tba_app_name) = 'x'",
        "SELECT BUILTIN.DF(field) AS a FROM systemnote",
        'SELECT id AS "a b" FROM employee',
        'SELECT id AS "a""; DROP TABLE employees --" FROM employee',
        "SELECT id FROM employee WHERE id = 1 COLLATE NOCASE",
        "SELECT id FROM employee WHERE email REGEXP 'a'",
        "SELECT id FROM employee WHERE ? = 1",
        "SELECT SYSDATE + 99999999 AS a FROM employee",
        "SELECT id FROM employee WHERE id = 123456789012345678901234567890",
        "SELECT TO_DATE('2026-01-01 10', 'YYYY-MM-DD HH') AS a FROM employee",
        "SELECT 'x\r\nSet-Cookie: a=b' + 1 AS a FROM employee",
        "SELECT TO_CHAR(SYSDATE, '\r\nX: y') AS a FROM employee",
        "PRAGMA user_version",
        "SELECT id FROM employee WHERE " + "(" * 3000 + "1 = 1" + ")" * 3000,
        "SELECT id FROM employee WHERE " + " OR ".join(["id = 1"] * 3000),  # noqa: S608 - nothing comes from outside
        "SELECT id FROM employee -- " + "x" * 200_000,
    ],
)
def test_what_cannot_be_answered_faithfully_is_refused(story: Emulator, query: str) -> None:
    assert story.reader.refusal(query) == UNSUPPORTED


def test_a_refusal_says_why_beside_netsuites_words(story: Emulator) -> None:
    answer = story.reader.suiteql("SELECT MEDIAN(id) AS a FROM employee")

    assert answer.headers["X-Emulator-Reason"] == "function MEDIAN is not served"


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"q": 1}', "{}", '{"q": "SELECT id FROM role", "params": "x"}', '{"q": "x", "limit": 1}',
     '{"q": "SELECT id FROM role WHERE id = ?", "params": [null]}', '{"q": "x", "params": [true]}',
     '{"q": "x", "params": [99999999999999999999]}', '{"q": "x", "params": [NaN]}', '{"q": "\\ud800"}'],
)  # fmt: skip
def test_a_body_out_of_form_is_refused(story: Emulator, body: str) -> None:
    answer = story.reader.send(
        "POST", "/services/rest/query/v1/suiteql", data=body,
        headers={"Prefer": "transient", "Content-Type": "application/json"},
    )  # fmt: skip

    assert answer.status_code == 400
    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_REQUEST"


def test_prefer_transient_is_required(story: Emulator) -> None:
    answer = story.reader.send("POST", "/services/rest/query/v1/suiteql", json={"q": "SELECT id FROM role"})

    assert answer.status_code == 400
    assert answer.json()["o:errorDetails"][0]["o:errorHeader"] == "Prefer"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?limit=x", "limit"),
        ("?limit=10&offset=5", "offset"),
        ("?limit=10&offset=-10", "offset"),
    ],
)
def test_a_page_out_of_bounds_is_refused(story: Emulator, page: str, name: str) -> None:
    answer = story.reader.suiteql("SELECT id FROM employee", page=page)

    assert answer.status_code == 400
    assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == name


def test_nulls_sort_as_the_largest_value(emulator: Emulator) -> None:
    emulator.run("UPDATE employees SET title = NULL WHERE id = 4172")
    query = "SELECT id FROM employee WHERE id IN (4172, 4101) ORDER BY title"

    assert [row["id"] for row in emulator.reader.items(query)] == ["4101", "4172"]
    assert [row["id"] for row in emulator.reader.items(f"{query} DESC")] == ["4172", "4101"]
    assert [row["id"] for row in emulator.reader.items(f"{query} NULLS FIRST")] == ["4172", "4101"]


def test_groups_are_counted(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT oauthappname AS app, user, status, detail, TO_CHAR(date, 'YYYY-MM-DD') AS day, COUNT(*) AS n,"
        " TO_CHAR(MIN(date), 'YYYY-MM-DD HH24:MI:SS') AS first, TO_CHAR(MAX(date), 'YYYY-MM-DD HH24:MI:SS') AS last"
        " FROM loginaudit WHERE oauthappname = ? AND date >= TRUNC(SYSDATE) - 3 AND date < TRUNC(SYSDATE) - 2"
        " GROUP BY oauthappname, user, status, detail, TO_CHAR(date, 'YYYY-MM-DD') HAVING COUNT(*) > 1"
        " ORDER BY day DESC, COUNT(*), app",
        CONNECTOR,
    )

    assert [(row["n"], row["user"], row["status"]) for row in rows] == [("6", "4101", "Success")]
    assert rows[0]["first"] < rows[0]["last"]


def test_outer_joins_keep_the_row(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT e.id, g.role, BUILTIN.DF(g.role) AS name FROM employee e"
        " LEFT JOIN employeerolesforsearch g ON g.entity = e.id WHERE e.entityid IN ('Omar Haddad', 'Marco Silva')"
        " ORDER BY e.id"
    )

    assert rows == [{"id": "4301", "role": "1031", "name": "Accountant"}, {"id": "4311"}]


def test_a_derived_table_and_rownum_give_the_first_rows_in_order(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT id FROM (SELECT id, email FROM employee WHERE isinactive = 'F' ORDER BY email) WHERE ROWNUM <= 2"
    )

    assert rows == [{"id": "4304"}, {"id": "4101"}]


def test_unnamed_expressions_are_numbered(emulator: Emulator) -> None:
    assert emulator.reader.items("SELECT COUNT(*), MAX(id) FROM role") == [{"expr1": "11", "expr2": "1060"}]
    emulator.behave(suiteql_unnamed="refused")
    assert emulator.reader.refusal("SELECT COUNT(*) FROM role") == UNSUPPORTED


def test_all_columns_can_be_asked_for(story: Emulator) -> None:
    row = story.reader.items("SELECT r.* FROM role r WHERE r.id = 1047")[0]

    assert row["scriptid"] == "customrole_nsconnector_ws"
    assert row["subsidiaryviewingallowed"] == "T"
    assert row["isinactive"] == "F"


Seed = Callable[[dict[str, Any]], Path]


@pytest.fixture
def thousand(a_seed: Seed) -> Path:
    """A reader among exactly 1,001 employees."""
    levels = {"ADMI_LOGIN_OAUTH": "Full", "ADMI_RESTWEBSERVICES": "Full", "REPO_ANALYTICS": "Edit"}
    reader = {"id": 10, "entityid": "Reader", "email": "svc.reader@example.com", "access": True, "roles": ["Reader"]}
    return a_seed(
        {
            "roles": [{"id": 1000, "name": "Reader", "permissions": {**levels, "LIST_EMPLOYEE_RECORD": "View"}}],
            "employees": [reader],
            "integrations": [{"id": 1, "name": "Reconciler"}],
            "logins": [{"employee": "Reader", "role": "Reader", "application": "Reconciler"}],
            "generate": {"employees": 1000},
        }
    )


def test_the_row_after_a_full_page_is_on_the_next(start: Start, thousand: Path) -> None:
    client = start(seed=thousand).reader
    query = "SELECT id FROM employee ORDER BY id"

    first = client.suiteql(query).json()
    links = {link["rel"]: link["href"] for link in first["links"]}
    second = client.send("POST", links["next"], json={"q": query}, headers={"Prefer": "transient"}).json()

    assert (first["count"], first["totalResults"], first["hasMore"]) == (1000, 1001, True)
    assert set(links) == {"self", "next", "last"}
    assert (second["count"], second["offset"], second["hasMore"]) == (1, 1000, False)
    assert {link["rel"] for link in second["links"]} == {"self", "first", "previous"}
    assert len({row["id"] for row in first["items"] + second["items"]}) == 1001


def test_exactly_one_full_page_has_no_next(start: Start, thousand: Path) -> None:
    page = start(seed=thousand).reader.suiteql("SELECT id FROM employee WHERE id <> 10 ORDER BY id").json()

    assert (page["count"], page["totalResults"], page["hasMore"]) == (1000, 1000, False)
    assert [link["rel"] for link in page["links"]] == ["self"]


def test_no_more_than_100_000_rows_can_be_had(start: Start, thousand: Path) -> None:
    emulator = start(seed=thousand)
    query = "SELECT a.id FROM employee a, employee b WHERE a.id < 100200"

    page = emulator.reader.suiteql(query, page="?limit=1000&offset=99000").json()
    assert (page["totalResults"], page["count"], page["hasMore"]) == (100_000, 1000, False)
    assert emulator.reader.suiteql(query, page="?limit=1000&offset=100000").json()["count"] == 0
    emulator.behave(suiteql_row_cap="refused")
    assert emulator.reader.refusal(query) == UNSUPPORTED


@pytest.mark.parametrize(
    ("permission", "table"),
    [
        ("LIST_EMPLOYEE_RECORD", "employee"),
        ("LIST_EMPLOYEE_RECORD", "employeerolesforsearch"),
        ("ADMI_MANAGEROLES", "role"),
        ("ADMI_MANAGEROLES", "rolepermissions"),
        ("ADMI_MANAGE_OAUTH_TOKENS", "oauthtoken"),
        ("ADMI_AUDITLOGIN", "loginaudit"),
        ("LIST_INTEGRAPP", "integrationapp"),
        ("ADMI_INTEGRAPP", "integrationapp"),
        ("TRAN_FIND", "transaction"),
        ("LIST_FIND", "entity"),
    ],
)
def test_a_table_without_its_permission_looks_missing(emulator: Emulator, permission: str, table: str) -> None:
    query = f"SELECT * FROM {table}"  # noqa: S608 - the names stand above
    assert emulator.reader.suiteql(query).status_code == 200

    emulator.run("DELETE FROM permissions WHERE key = ?", permission)

    assert emulator.reader.refusal(query) == f"Search error occurred: Record '{table}' was not found."
    assert emulator.admin.suiteql(query).status_code == 200


@pytest.mark.parametrize("permission", ["REPO_ANALYTICS", "ADMI_RESTWEBSERVICES"])
def test_suiteql_itself_needs_permissions(emulator: Emulator, permission: str) -> None:
    emulator.run("DELETE FROM permissions WHERE key = ?", permission)

    answer = emulator.reader.suiteql("SELECT id FROM employee")

    assert answer.status_code == 403
    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == "INSUFFICIENT_PERMISSION"


def test_without_system_notes_permission_only_own_notes_show(emulator: Emulator) -> None:
    emulator.run("DELETE FROM permissions WHERE key = 'LIST_SYSTEMNOTES'")
    emulator.run("UPDATE system_notes SET name = 4191 WHERE id = 3")

    assert emulator.reader.items("SELECT id FROM systemnote") == [{"id": "3"}]
    assert len(emulator.admin.items("SELECT id FROM systemnote")) > 5


def test_without_sales_order_permission_fewer_transactions_show(emulator: Emulator) -> None:
    emulator.run("DELETE FROM permissions WHERE key = 'TRAN_SALESORD'")

    assert emulator.reader.items("SELECT id FROM transaction") == []


def test_administrators_can_be_hidden_from_lesser_roles(emulator: Emulator) -> None:
    emulator.behave(admin_rows_visible="no")

    assert emulator.reader.items("SELECT id FROM employee WHERE id = 4172") == []
    assert emulator.reader.items("SELECT role FROM employeerolesforsearch WHERE entity = 4172") == []
    assert len(emulator.admin.items("SELECT id FROM employee WHERE id = 4172")) == 1


def test_the_role_assignment_table_has_two_names(emulator: Emulator) -> None:
    emulator.behave(role_assignment_table="employeeroles")

    assert emulator.reader.items("SELECT role FROM employeeroles WHERE employee = 4191") == [{"role": "1052"}]
    assert "was not found" in emulator.reader.refusal("SELECT role FROM employeerolesforsearch")
    emulator.behave(role_assignment_table="both")
    assert emulator.reader.items("SELECT role FROM employeerolesforsearch WHERE entity = 4191") == [{"role": "1052"}]


def test_the_integration_table_has_two_names_or_none(emulator: Emulator) -> None:
    query = "SELECT id, name, state FROM integrationapp WHERE name = 'NetSuite Connector'"
    assert emulator.reader.items(query) == [{"id": "11", "name": CONNECTOR, "state": "Enabled"}]

    emulator.behave(integration_table="integration")
    assert emulator.reader.items("SELECT BUILTIN.DF(state) AS s, datecreated FROM integration WHERE id = 11")[0]["s"]
    assert "was not found" in emulator.reader.refusal(query)
    emulator.behave(integration_table="hidden")
    assert "was not found" in emulator.reader.refusal("SELECT id FROM integration")


def test_the_external_id_column_can_exist(emulator: Emulator) -> None:
    query = "SELECT externalid FROM employee WHERE id = 4172"
    assert "Unknown identifier 'externalid'" in emulator.reader.refusal(query)

    emulator.behave(employee_externalid_column="present")

    assert emulator.reader.items(query) == [{"externalid": "emp-dana-ortiz"}]


def test_a_revoked_token_may_or_may_not_look_inactive(emulator: Emulator) -> None:
    query = "SELECT binactive, brevoked FROM oauthtoken WHERE id = 101"
    assert emulator.reader.items(query) == [{"binactive": "T", "brevoked": "T"}]

    emulator.behave(revoked_inactive="F")

    assert emulator.reader.items(query) == [{"binactive": "F", "brevoked": "T"}]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("caller", "12:00"), ("utc", "11:00"), ("account", "04:00"), ("pacific", "03:00")],
)
def test_datetimes_and_sysdate_are_in_one_zone_unless_told_otherwise(emulator: Emulator, zone: str, shown: str) -> None:
    emulator.run("UPDATE employees SET time_zone = 'Europe/Berlin' WHERE id = 4191")
    emulator.door("POST", "clock", {"set": "2026-12-01T11:00:00Z"})
    emulator.behave(suiteql_zone=zone)

    row = emulator.login(agent="zone/1").items(
        "SELECT TO_CHAR(date, 'HH24:MI') AS at, TO_CHAR(SYSDATE, 'HH24:MI') AS now, date AS bare FROM loginaudit"
        " WHERE useragent = 'zone/1' AND date >= SYSDATE - 1 / 24"
    )[0]

    assert row == {"at": shown, "now": shown, "bare": "12/1/2026"}


def test_a_bare_date_has_a_local_format(emulator: Emulator) -> None:
    emulator.door("POST", "clock", {"set": "2026-12-01T11:00:00Z"})
    emulator.behave(suiteql_date_format="DD.MM.YYYY")

    assert emulator.reader.items("SELECT SYSDATE AS d FROM role WHERE id = 3") == [{"d": "01.12.2026"}]


def test_the_audit_trail_can_lag(emulator: Emulator) -> None:
    emulator.behave(loginaudit_delay="600")
    client = emulator.login(agent="late/1")
    query = "SELECT status FROM loginaudit WHERE useragent = 'late/1'"
    assert client.items(query) == []

    emulator.door("POST", "clock", {"advance": "11m"})

    assert client.items(query) == [{"status": "Success"}]


def test_a_count_of_the_audit_trail_can_be_zero(emulator: Emulator) -> None:
    emulator.behave(loginaudit_count="zero")

    assert emulator.reader.items("SELECT COUNT(*) AS n FROM loginaudit") == [{"n": "0"}]
    grouped = emulator.reader.items("SELECT status, COUNT(*) AS n FROM loginaudit GROUP BY status")
    assert int(grouped[0]["n"]) > 100


def test_filtering_by_display_text_can_work(emulator: Emulator) -> None:
    emulator.behave(suiteql_display_filter="works")

    rows = emulator.reader.items("SELECT id FROM oauthtoken WHERE BUILTIN.DF(tba_app_name) = 'Shipping Hub'")
    assert rows == [{"id": "103"}]


def test_links_work_from_the_callers_side(story: Emulator) -> None:
    client = story.reader.with_(url=story.url.replace("127.0.0.1", "localhost"))

    page = client.suiteql("SELECT id FROM employee ORDER BY id", page="?limit=2&offset=2").json()

    assert {link["rel"] for link in page["links"]} == {"self", "first", "previous", "next", "last"}
    assert all(link["href"].startswith("http://localhost:") for link in page["links"])


def test_accounts_do_not_see_each_other(emulator: Emulator) -> None:
    emulator.run("UPDATE employees SET account = 'OTHER' WHERE id = 4101")
    emulator.run("UPDATE grants SET account = 'OTHER' WHERE employee = 4101")

    assert emulator.admin.items("SELECT id FROM employee WHERE id = 4101") == []
    assert emulator.admin.items("SELECT entity FROM employeerolesforsearch WHERE entity = 4101") == []


def test_aggregates_follow_oracle(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT g.role, COUNT(*) AS n, COUNT(e.supervisor) AS bosses, COUNT(DISTINCT e.giveaccess) AS kinds,"
        " SUM(g.role) AS total, MIN(e.email) AS first, MAX(e.id) AS last FROM employeerolesforsearch g, employee e"
        " WHERE e.id = g.entity AND g.role IN (3, 1031) GROUP BY g.role ORDER BY 2, 1"
    )

    assert rows == [
        {"role": "1031", "n": "3", "bosses": "0", "kinds": "1", "total": "3093",
         "first": "ingrid.dahl@example.com", "last": "4303"},
        {"role": "3", "n": "5", "bosses": "0", "kinds": "1", "total": "15",
         "first": "ann@example.com", "last": "4195"},
    ]  # fmt: skip


def test_an_aggregate_over_nothing_is_null_and_a_count_zero(story: Emulator) -> None:
    rows = story.reader.items("SELECT COUNT(*) AS n, SUM(id) AS total, MAX(email) AS last FROM employee WHERE id = 1")

    assert rows == [{"n": "0"}]
