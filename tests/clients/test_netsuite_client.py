"""The package `netsuite-client` from PyPI (Continuous AI): requests, addresses signed by oauthlib itself."""

from typing import Any

import pytest
from netsuite_client import NetSuiteClient, NetSuiteError

from tests.clients.conftest import DANA, EMPLOYEE, PRIYA, Stage, login_of
from tests.support.emulator import ACCOUNT


def client(credentials: dict[str, str]) -> Any:
    # It would try a refused request again, seconds later.
    return NetSuiteClient(realm=ACCOUNT, account=ACCOUNT, max_retries=0, **login_of(credentials))


def test_it_asks_a_query(stage: Stage) -> None:
    answer = client(stage.reader).get_suiteql_query("SELECT id, entityid FROM employee ORDER BY id")

    assert answer["count"] == answer["totalResults"] == len(answer["items"]) > 20
    assert {"links": [], "id": PRIYA, "entityid": "Priya Nair"} in answer["items"]


def test_it_reads_a_filtered_list_page_by_page(stage: Stage) -> None:
    netsuite = client(stage.admin)
    found: list[str] = []
    more = True
    while more:
        params = {"q": 'email END_WITH "@example.com"', "limit": 9, "offset": len(found)}
        page = netsuite.get(EMPLOYEE, params)
        found += [item["id"] for item in page["items"]]
        more = page["hasMore"]

    assert len(found) == len(set(found)) > 20
    assert netsuite.get(f"{EMPLOYEE}/{found[-1]}")["id"] == found[-1]


def test_it_says_why_it_was_refused(stage: Stage) -> None:
    with pytest.raises(NetSuiteError, match=r"HTTP 401: .*INVALID_LOGIN"):
        client(stage.stranger).get_suiteql_query("SELECT id FROM employee")
    with pytest.raises(NetSuiteError, match=r"HTTP 400: .*only an administrator is allowed to edit"):
        client(stage.reader).get(f"{EMPLOYEE}/{DANA}")
    with pytest.raises(NetSuiteError, match=r"HTTP 400: .*Record 'nosuchtable' was not found"):
        client(stage.reader).get_suiteql_query("SELECT id FROM nosuchtable")
    stage.busy_once()
    with pytest.raises(NetSuiteError, match=r"HTTP 429: .*CONCURRENCY_LIMIT_EXCEEDED"):
        client(stage.reader).get_suiteql_query("SELECT id FROM employee")
