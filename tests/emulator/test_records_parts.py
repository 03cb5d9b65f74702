"""What belongs to an employee, other records, methods and media types of the record service."""

import pytest

from tests.emulator.clients import Emulator
from tests.emulator.records import BASE, DANA, PRIYA, error

RECORDS = "/services/rest/record/v1"


def test_a_line_of_roles_is_read_alone(story: Emulator) -> None:
    lines = story.reader.send("GET", f"{PRIYA}/Roles").json()["items"]

    for line in lines:
        answer = story.reader.send("GET", line["links"][0]["href"])
        assert answer.headers["Content-Type"].endswith("type=singular")
        assert answer.json() == line
    assert error(story.reader.send("GET", f"{PRIYA}/roles/9"), 404)["o:errorCode"] == "NONEXISTENT_ID"


def test_the_key_of_a_line_is_a_switch(emulator: Emulator) -> None:
    emulator.behave(roles_line_key="role")

    assert emulator.reader.send("GET", f"{PRIYA}/roles/1060").json()["selectedRole"]["id"] == "1060"
    assert error(emulator.reader.send("GET", f"{PRIYA}/roles/1"), 404)["o:errorCode"] == "NONEXISTENT_ID"


def test_what_a_field_refers_to_is_read_through_the_employee(emulator: Emulator) -> None:
    emulator.admin.patch(PRIYA, {"supervisor": 4172})

    body = emulator.reader.send("GET", f"{BASE}/eid:emp-priya-nair/subsidiary").json()
    link = {"rel": "self", "href": f"{emulator.url}{RECORDS}/subsidiary/1"}
    assert body == {"links": [link], "id": "1", "name": "Ridgeline Outfitters"}
    assert emulator.admin.send("GET", f"{PRIYA}/supervisor").json() == emulator.admin.send("GET", DANA).json()
    assert "only an administrator" in error(emulator.reader.send("GET", f"{PRIYA}/supervisor"), 400)["detail"]
    assert error(emulator.reader.send("GET", f"{PRIYA}/department"), 404)["o:errorCode"] == "NONEXISTENT_ID"


def test_a_part_that_is_not_kept_and_one_that_does_not_exist_are_told_apart(story: Emulator) -> None:
    assert error(story.reader.send("GET", f"{PRIYA}/addressBook"), 501)["detail"].endswith("addressBook of employee.")
    for path in ("foo", "roles/1/2", "subsidiary/1", "email"):
        answer = story.reader.send("GET", f"{PRIYA}/{path}")
        assert error(answer, 404)["detail"] == f"Resource '{path}' does not exist."
        assert answer.headers["X-Emulator-Reason"]


@pytest.mark.parametrize("path", [DANA, f"{DANA}/roles", f"{DANA}/subsidiary", f"{DANA}/roles/1"])
def test_every_part_of_an_administrators_record_is_closed_to_lesser_roles(story: Emulator, path: str) -> None:
    assert "only an administrator" in error(story.reader.send("GET", path), 400)["detail"]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["customer", "salesOrder/1", "subsidiary/1", "employees", "customrecord_x/1/y"])
def test_other_records_do_not_exist_here_and_the_emulator_says_why(story: Emulator, method: str, path: str) -> None:
    answer = story.admin.send(method, f"{RECORDS}/{path}", json={} if method in {"POST", "PATCH", "PUT"} else None)

    detail = error(answer, 404)
    assert detail["detail"] == f"Record type '{path.partition('/')[0]}' does not exist."
    assert detail["o:errorUrl"] == f"{RECORDS}/{path}"
    assert answer.headers["X-Emulator-Reason"].startswith("the emulator keeps employees only")


def test_the_code_for_a_missing_record_type_and_the_text_for_a_missing_record_are_switches(emulator: Emulator) -> None:
    emulator.behave(unknown_record_code="X", missing_record_text="documented")

    assert error(emulator.admin.send("GET", f"{RECORDS}/customer"), 404)["o:errorCode"] == "X"
    assert error(emulator.admin.send("GET", f"{BASE}/1"), 404)["detail"] == "Record does not exist."


def test_a_role_without_permission_may_find_no_such_record(emulator: Emulator) -> None:
    emulator.run("DELETE FROM permissions WHERE key = 'LIST_EMPLOYEE_RECORD'")
    emulator.behave(record_without_permission="404")

    for path in (BASE, PRIYA, f"{PRIYA}/roles"):
        assert error(emulator.reader.send("GET", path), 404)["detail"] == "Record type 'employee' does not exist."


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", PRIYA, "DELETE, GET, PATCH, PUT"),
        ("POST", f"{PRIYA}/roles", "GET"),
        ("DELETE", f"{PRIYA}/roles/1", "GET"),
        ("GET", f"{PRIYA}/!transform/timeBill", "POST"),
        ("POST", f"{RECORDS}/metadata-catalog", "GET"),
        ("GET", "/services/rest/query/v1/suiteql", "POST"),
        ("POST", "/services/rest/system/v1/serverTime", "GET"),
    ],
)
def test_a_wrong_method_is_405_and_says_which_are_right(story: Emulator, method: str, path: str, allowed: str) -> None:
    answer = story.admin.send(method, path)

    assert error(answer, 405)["o:errorCode"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["Allow"] == allowed


def test_the_code_of_a_wrong_method_is_a_switch(emulator: Emulator) -> None:
    emulator.behave(wrong_method_code="INVALID_REQUEST")

    assert error(emulator.reader.send("POST", PRIYA), 405)["o:errorCode"] == "INVALID_REQUEST"


def test_a_wrong_method_is_refused_only_after_the_login(story: Emulator) -> None:
    stranger = story.reader.with_(wrong={"client_secret": "x"})

    assert stranger.send("POST", PRIYA).status_code == 401
    assert stranger.send("OPTIONS", PRIYA).status_code == 401


def test_options_is_answered_without_content(story: Emulator) -> None:
    assert story.reader.send("OPTIONS", "/services/rest/*").status_code == 204
    assert story.reader.send("OPTIONS", BASE).headers["Allow"] == "DELETE, GET, PATCH, POST, PUT"


def test_a_slash_at_the_end_and_the_case_of_the_record_type_do_not_count(emulator: Emulator) -> None:
    assert emulator.reader.send("GET", f"{RECORDS}/EMPLOYEE/").json()["totalResults"] == 24
    assert emulator.admin.patch(f"{PRIYA}/", {"title": "Lead"}).status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "headers", "words"),
    [
        ("PATCH", BASE, {}, "batches run as asynchronous jobs only"),
        ("DELETE", f"{BASE}?ids=1,2", {}, "batches run as asynchronous jobs only"),
        ("POST", f"{PRIYA}/!transform/timeBill", {}, "the transformation of employee 4210/!transform/timeBill"),
        ("GET", PRIYA, {"Prefer": "respond-async"}, "asynchronous requests"),
        ("POST", BASE, {"Prefer": "respond-async", "X-NetSuite-Idempotency-Key": "x"}, "asynchronous requests"),
        ("PATCH", f"{PRIYA}?fields=department", {"Accept": "application/vnd.oracle.resource+json; type=select-options"},
         "answers of the type select-options"),
        ("POST", BASE, {"Accept": "application/vnd.oracle.resource+json;type=create-form"}, "of the type create-form"),
    ],
)  # fmt: skip
def test_what_the_emulator_does_not_serve_it_says(
    story: Emulator, method: str, path: str, headers: dict[str, str], words: str
) -> None:
    assert words in error(story.admin.send(method, path, headers=headers), 501)["detail"]


def test_an_idempotency_key_means_nothing_to_a_synchronous_request(emulator: Emulator) -> None:
    for _ in range(2):
        answer = emulator.admin.patch(PRIYA, {"title": "x"}, **{"X-NetSuite-Idempotency-Key": "the same"})
        assert answer.status_code == 204


@pytest.mark.parametrize(
    "kind", ["application/json;charset=utf-8", "application/vnd.oracle.resource+json; type=singular"]
)
def test_a_body_of_either_type_is_read(emulator: Emulator, kind: str) -> None:
    answer = emulator.admin.send("PATCH", PRIYA, data='{"title": "x"}', headers={"Content-Type": kind})

    assert answer.status_code == 204
    assert answer.headers["Content-Type"] == "application/json"


def test_a_body_without_a_type_may_be_read_all_the_same(emulator: Emulator) -> None:
    emulator.behave(wrong_content_type="accepted", malformed_body="INVALID_REQUEST")

    answer = emulator.admin.send("PATCH", PRIYA, data="x", headers={"Content-Type": "text/plain"})
    assert error(answer, 400)["o:errorCode"] == "INVALID_REQUEST"


def test_the_body_of_429_is_a_switch(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    with emulator.server.pool.place("1234567"):
        documented = emulator.reader.send("GET", BASE).json()
        emulator.behave(concurrency_error_shape="as-others")
        as_others = emulator.reader.send("GET", BASE).json()

    assert (documented["title"], documented["o:errorCode"], documented["status"]) == ("Bad Request", "USER_ERROR", 429)
    assert as_others["title"] == "Too Many Requests"
    assert "o:errorCode" not in as_others
    assert documented["o:errorDetails"] == as_others["o:errorDetails"]


def test_an_integration_without_a_limit_of_its_own_is_told_of_none(emulator: Emulator) -> None:
    assert emulator.admin.send("GET", "/services/rest/system/v1/governanceLimits").json() == {
        "accountConcurrencyLimit": 5,
        "accountUnallocatedConcurrencyLimit": 5,
        "integrationLimitType": "accountLimit",
    }


@pytest.mark.parametrize("value", ["yes", "", "1"])
@pytest.mark.parametrize("name", ["expandSubResources", "simpleEnumFormat"])
def test_a_parameter_that_is_neither_true_nor_false_is_refused(story: Emulator, name: str, value: str) -> None:
    detail = error(story.reader.send("GET", f"{PRIYA}?{name}={value}"), 400)

    assert (detail["o:errorCode"], detail["o:errorQueryParam"]) == ("INVALID_PARAMETER", name)


@pytest.mark.parametrize(
    ("path", "name"),
    [(f"{PRIYA}?fields=foo", "fields"), (f"{PRIYA}?q=x", "q"), (f"{PRIYA}/roles?limit=1", "limit")],
)
def test_a_parameter_that_is_not_for_this_is_refused(story: Emulator, path: str, name: str) -> None:
    assert error(story.reader.send("GET", path), 400)["o:errorQueryParam"] == name


def test_fields_that_are_not_kept_cannot_be_chosen_nor_sublists_replaced(story: Emulator) -> None:
    assert error(story.reader.send("GET", f"{PRIYA}?fields=gender"), 501)["o:errorQueryParam"] == "fields"
    assert error(story.admin.patch(f"{PRIYA}?replace=addressBook", {}), 501)["o:errorQueryParam"] == "replace"
    assert error(story.admin.patch(f"{PRIYA}?replace=foo", {}), 400)["o:errorQueryParam"] == "replace"
