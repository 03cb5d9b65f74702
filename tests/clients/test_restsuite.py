"""The package `restsuite` from PyPI (Peter Williams and others): requests, pages of SuiteQL by their links."""

from typing import Any

import pytest
import restsuite

from tests.clients.conftest import ADMIN_RECORD, BAD_QUERY, DANA, EMPLOYEE, PRIYA, Stage, detail_of, login_of
from tests.support.emulator import ACCOUNT

QUERY = "SELECT id, entityid FROM employee ORDER BY id"


def signed_in(kind: Any, credentials: dict[str, str]) -> Any:
    login = login_of(credentials)
    return kind(ACCOUNT, login["consumer_key"], login["consumer_secret"], login["token_id"], login["token_secret"])


def test_it_reads_all_pages_of_a_query_by_their_links(stage: Stage) -> None:
    whole = signed_in(restsuite.NetSuiteQL, stage.reader).suiteql(QUERY)
    paged = signed_in(restsuite.NetSuiteQL, stage.reader)
    paged.url += "?limit=5&offset=0"

    assert paged.suiteql(QUERY) == whole
    assert len(whole) > 20
    asked = [path for _, path, _ in stage.asked() if "limit=5" in path]
    assert len(asked) == -(-len(whole) // 5)


def test_it_reads_and_writes_a_record(stage: Stage) -> None:
    rest = signed_in(restsuite.NetSuiteRest, stage.admin)

    written = rest.request("PATCH", f"{EMPLOYEE}/{PRIYA}", body={"title": "Head of Warehouse"})

    assert (written.status_code, written.text) == (204, "")
    assert written.headers["Location"] == f"{EMPLOYEE}/{PRIYA}"
    assert rest.request("GET", written.headers["Location"]).json()["title"] == "Head of Warehouse"


def test_it_filters_a_list(stage: Stage) -> None:
    rest = signed_in(restsuite.NetSuiteRest, stage.reader)

    found = rest.request("GET", EMPLOYEE, params={"q": 'email START_WITH "priya." AND isInactive IS false', "limit": 2})

    assert [item["id"] for item in found.json()["items"]] == [PRIYA]


def test_it_prints_what_was_wrong_with_a_query(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert signed_in(restsuite.NetSuiteQL, stage.reader).suiteql("SELECT nosuchcolumn FROM employee") == {}

    printed = capsys.readouterr().out
    assert f"error_msg: {BAD_QUERY}" in printed
    assert "error_status: 400" in printed


def test_it_prints_that_a_login_was_refused(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert signed_in(restsuite.NetSuiteQL, stage.stranger).suiteql(QUERY) == {}

    assert "error_msg: Invalid login attempt." in capsys.readouterr().out


def test_the_record_of_an_administrator_is_refused_to_a_lesser_role(stage: Stage) -> None:
    answer = signed_in(restsuite.NetSuiteRest, stage.reader).request("GET", f"{EMPLOYEE}/{DANA}")

    assert detail_of(answer.json(), 400, "USER_ERROR") == ADMIN_RECORD
