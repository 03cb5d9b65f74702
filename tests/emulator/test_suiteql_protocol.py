"""How queries are sent and refused: headers, methods, parameters, pages, and the texts that the guide promises."""

# ruff: noqa: S608 - all queries are written in this file

import re
from pathlib import Path

import pytest

from tests.emulator.clients import Emulator

GUIDE = Path(__file__).parents[2] / "docs" / "emulator-reference.md"
QUERY = "/services/rest/query/v1/suiteql"
ERROR = re.compile(
    r"^\| `(?P<query>SELECT [^`]+)`(?: with `(?P<switch>[^=`]+)=(?P<value>[^`]+)`)? \| `(?P<detail>[^`]+)` \|$"
)


def promised_errors() -> list[tuple[str, str | None, str | None, str]]:
    matches = (ERROR.match(line) for line in GUIDE.read_text(encoding="utf-8").splitlines())
    return [(match["query"], match["switch"], match["value"], match["detail"]) for match in matches if match]


def test_the_guide_lists_the_documented_errors() -> None:
    texts = "\n".join(detail for *_, detail in promised_errors())

    for known in ("Unknown identifier", "was not found", "Invalid search type", "Invalid or unsupported search"):
        assert known in texts


@pytest.mark.parametrize(("query", "switch", "value", "detail"), promised_errors())
def test_each_error_of_the_guide_can_be_provoked(
    emulator: Emulator, query: str, switch: str | None, value: str | None, detail: str
) -> None:
    if switch:
        emulator.door("POST", "behaviours", {switch: value})

    assert emulator.reader.refusal(query) == detail


def served(heading: str) -> list[str]:
    """The functions that the guide names in a row of its table."""
    section = GUIDE.read_text(encoding="utf-8").partition("\n## SuiteQL\n")[2]
    row = next(line for line in section.splitlines() if line.startswith(f"| {heading} |"))
    return re.findall(r"\b[A-Z][A-Z0-9_]+\b", row.split("|", 2)[2].split("`,")[0])


@pytest.mark.parametrize("heading", ["text", "numbers", "choice", "dates"])
def test_the_guide_names_functions_that_are_served(heading: str) -> None:
    from reconciler.emulator.query.calls import CALLS  # noqa: PLC0415 - the parser is heavy for collecting tests

    names = set(served(heading)) - {"SYSDATE", "CURRENT_DATE", "CASE"}

    assert len(names) >= 5
    assert names <= set(CALLS)


def test_a_missing_table_may_be_told_in_two_ways(emulator: Emulator) -> None:
    assert emulator.reader.refusal("SELECT a FROM nothing") == "Search error occurred: Record 'nothing' was not found."
    emulator.behave(suiteql_missing_record="invalid-search-type")
    assert emulator.reader.refusal("SELECT a FROM nothing") == "Invalid search type: nothing."


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_allowed(story: Emulator, method: str) -> None:
    answer = story.reader.send(method, QUERY)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("prefer", ["", "nontransient", "respond-async", "transient=no"])
def test_another_preference_is_not_transient(story: Emulator, prefer: str) -> None:
    answer = story.reader.send("POST", QUERY, json={"q": "SELECT id FROM role"}, headers={"Prefer": prefer})

    assert answer.status_code == 400
    assert answer.json()["o:errorDetails"][0]["o:errorHeader"] == "Prefer"


@pytest.mark.parametrize("prefer", ["transient", "Transient", "respond-async, transient"])
def test_transient_may_stand_among_other_preferences(story: Emulator, prefer: str) -> None:
    answer = story.reader.send("POST", QUERY, json={"q": "SELECT id FROM role"}, headers={"Prefer": prefer})

    assert answer.status_code == 200


def test_the_content_type_may_matter(emulator: Emulator) -> None:
    def status(media_type: str) -> int:
        headers = {"Prefer": "transient", "Content-Type": media_type}
        return emulator.reader.send("POST", QUERY, data='{"q": "SELECT id FROM role"}', headers=headers).status_code

    assert status("text/plain") == 200
    emulator.behave(suiteql_content_type="checked")
    assert status("text/plain") == 415
    assert status("application/json; charset=utf-8") == 200
    assert status("application/vnd.oracle.resource+json") == 200


@pytest.mark.parametrize(("params", "marks"), [([1], 0), ([], 1), ([1, 2], 1)])
def test_params_that_do_not_fit_the_marks_are_refused(story: Emulator, params: list[int], marks: int) -> None:
    query = "SELECT id FROM role WHERE id = 3" + " OR id = ?" * marks
    body = {"q": query, "params": params}
    answer = story.reader.send("POST", QUERY, json=body, headers={"Prefer": "transient"})

    assert answer.status_code == 400
    assert "parameter marks" in answer.headers["X-Emulator-Reason"]


def test_null_and_booleans_can_be_params(emulator: Emulator) -> None:
    def ids(condition: str, *params: object) -> set[str]:
        body = {"q": f"SELECT id FROM employee WHERE {condition}", "params": params}
        answer = emulator.reader.send("POST", QUERY, json=body, headers={"Prefer": "transient"})
        assert answer.status_code == 200, answer.text
        return {item["id"] for item in answer.json()["items"]}

    emulator.behave(suiteql_other_params="accepted")

    assert ids("isinactive = ?", True) == {"4031"}
    assert ids("id = 4172 AND supervisor = ?", None) == set()
    assert ids("id = 4172 AND NVL(?, 'x') = 'x'", None) == {"4172"}


@pytest.mark.parametrize(("param", "status"), [(4172.0, 200), (0.1, 200), (0.12345678901234567, 400), (1e300, 400)])
def test_a_number_in_params_is_exact_or_refused(story: Emulator, param: float, status: int) -> None:
    body = {"q": "SELECT id FROM employee WHERE id = ?", "params": [param]}
    answer = story.reader.send("POST", QUERY, json=body, headers={"Prefer": "transient"})

    assert answer.status_code == status


def test_links_stand_in_their_order(story: Emulator) -> None:
    page = story.reader.suiteql("SELECT id FROM employee ORDER BY id", page="?limit=2&offset=4").json()

    assert [link["rel"] for link in page["links"]] == ["previous", "first", "next", "last", "self"]


def test_a_page_beyond_the_last_row_is_empty(story: Emulator) -> None:
    page = story.reader.suiteql("SELECT id FROM role ORDER BY id", page="?limit=10&offset=90").json()

    assert (page["count"], page["totalResults"], page["hasMore"], page["items"]) == (0, 11, False, [])


def test_one_sees_ones_own_tokens_without_managing_tokens(emulator: Emulator) -> None:
    query = "SELECT entity_name, BUILTIN.DF(tba_app_name) AS app FROM useroauthtoken"
    assert "was not found" in emulator.reader.refusal(query)
    emulator.run("INSERT INTO permissions VALUES ('1234567', 1052, 'ADMI_MANAGE_OWN_OAUTH_TOKENS', 4)")
    emulator.run("DELETE FROM permissions WHERE key = 'ADMI_MANAGE_OAUTH_TOKENS'")

    assert emulator.reader.items(query) == [{"entity_name": "4191", "app": "Reconciler"}]
    emulator.behave(own_token_table="absent")
    assert "was not found" in emulator.reader.refusal(query)


@pytest.mark.parametrize("table", ["rolerestrictions", "systemnote2", "transactionline", "customer"])
def test_tables_that_are_not_served_look_missing(story: Emulator, table: str) -> None:
    assert f"'{table}' was not found" in story.reader.refusal(f"SELECT * FROM {table}")


def test_columns_of_one_source_can_be_absent(emulator: Emulator) -> None:
    query = "SELECT id, hiredate, issupportrep, datecreated FROM employee WHERE id = 4172"
    assert set(emulator.reader.items(query)[0]) == {"id", "issupportrep", "datecreated"}

    emulator.behave(employee_more_columns="absent")

    assert "Unknown identifier 'hiredate'" in emulator.reader.refusal(query)


def test_an_order_shows_its_status_in_words(story: Emulator) -> None:
    rows = story.reader.items(
        "SELECT type, BUILTIN.DF(type) AS kind, status, BUILTIN.DF(status) AS state, posting, voided, trandate,"
        " TO_CHAR(createddate, 'MM/DD/YYYY') AS created FROM transaction WHERE ROWNUM = 1"
    )

    assert rows[0]["kind"] == "Sales Order"
    assert (rows[0]["status"], rows[0]["state"]) == ("B", "Sales Order : Pending Fulfillment")
    assert [int(part) for part in rows[0]["trandate"].split("/")] == [
        int(part) for part in rows[0]["created"].split("/")
    ]


def test_a_role_shows_what_does_not_restrict_it(story: Emulator) -> None:
    row = story.reader.items("SELECT effectivesubsidiaries, employeeselectionunrestricted FROM role WHERE id = 1052")

    assert row == [{"effectivesubsidiaries": "1", "employeeselectionunrestricted": "F"}]


def test_limit_and_offset_count_in_any_case(story: Emulator) -> None:
    query = "SELECT id FROM employee ORDER BY id"
    page = story.reader.suiteql(query, page="?LIMIT=2&Offset=2").json()

    assert (page["count"], page["offset"]) == (2, 2)
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    assert following.endswith("?limit=2&offset=4")
    collection = story.reader.send("GET", "/services/rest/record/v1/employee?LIMIT=3").json()
    assert collection["count"] == 3


def test_a_parameter_that_is_not_known_is_refused_rather_than_ignored(story: Emulator) -> None:
    answer = story.reader.suiteql("SELECT id FROM employee", page="?limt=2")

    assert answer.status_code == 400
    assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == "limt"


def test_the_reason_of_a_query_that_cannot_be_parsed_is_plain_text(story: Emulator) -> None:
    answer = story.reader.suiteql("SELECT CAST(id AS VARCHAR(10)) FROM employee")

    assert answer.status_code == 400
    assert "[4m" not in answer.headers["X-Emulator-Reason"]
