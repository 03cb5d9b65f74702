"""The package `netsuite-rest` from npm (Muhammad Ahmed): token-based authentication, told its address."""

import json
from typing import Any

from tests.clients.conftest import ADMIN_RECORD, BAD_QUERY, DANA, PRIYA, NodeClient, Stage, detail_of, login_of
from tests.support.emulator import ACCOUNT

RECORD = "record/v1/employee"


def job(stage: Stage, credentials: dict[str, str], *requests: dict[str, Any]) -> dict[str, Any]:
    login = login_of(credentials)
    options = {
        "consumer_key": login["consumer_key"],
        "consumer_secret_key": login["consumer_secret"],
        "token": login["token_id"],
        "token_secret": login["token_secret"],
        "realm": ACCOUNT,
        "base_url": stage.emulator.url,
    }
    return {"options": options, "requests": list(requests)}


def query(text: str, page: str = "") -> dict[str, Any]:
    return {"path": f"query/v1/suiteql{page}", "method": "POST", "body": json.dumps({"q": text})}


def test_its_test_request_gets_in(stage: Stage, node: NodeClient) -> None:
    (got_in,) = node("netsuite_rest.js", job(stage, stage.reader, {"path": "*", "method": "OPTIONS"}))

    assert (got_in["status"], got_in["body"]) == (204, None)


def test_it_reads_lists_and_writes_records(stage: Stage, node: NodeClient) -> None:
    page, first, written, read = node(
        "netsuite_rest.js",
        job(
            stage,
            stage.admin,
            {"path": f"{RECORD}/?limit=5&offset=10&q=isInactive%20IS%20false"},
            {"path": f"{RECORD}/{PRIYA}"},
            {"path": f"{RECORD}/{PRIYA}", "method": "PATCH", "body": json.dumps({"title": "Head of Warehouse"})},
            {"path": f"{RECORD}/{PRIYA}?fields=title"},
        ),
    )

    assert (page["status"], page["body"]["count"], page["body"]["offset"]) == (200, 5, 10)
    assert {link["rel"] for link in page["body"]["links"]} == {"self", "first", "prev", "next", "last"}
    assert first["body"]["title"] == "Warehouse Manager"
    assert (written["status"], written["body"]) == (204, None)
    assert f"{stage.emulator.url}/services/rest/{RECORD}/{PRIYA}" in written["headers"]
    assert read["body"]["title"] == "Head of Warehouse"


def test_it_reads_a_query_page_by_page(stage: Stage, node: NodeClient) -> None:
    text = "SELECT id FROM employee ORDER BY id"
    requests = [query(text, f"?limit=9&offset={offset}") for offset in (0, 9, 18)]

    pages = node("netsuite_rest.js", job(stage, stage.reader, *requests))

    ids = [item["id"] for page in pages for item in page["body"]["items"]]
    assert [page["body"]["hasMore"] for page in pages] == [True, True, False]
    assert len(ids) == len(set(ids)) == pages[0]["body"]["totalResults"]


def test_it_is_refused(stage: Stage, node: NodeClient) -> None:
    refused = job(stage, stage.reader, {"path": f"{RECORD}/{DANA}"}, query("SELECT nosuchcolumn FROM employee"))

    admin_record, bad_query = node("netsuite_rest.js", refused)
    (wrong,) = node("netsuite_rest.js", job(stage, stage.stranger, {"path": RECORD}))
    stage.busy_once()
    (busy,) = node("netsuite_rest.js", job(stage, stage.reader, query("SELECT id FROM employee")))

    assert detail_of(admin_record["body"], 400, "USER_ERROR") == ADMIN_RECORD
    assert detail_of(bad_query["body"], 400, "INVALID_PARAMETER") == BAD_QUERY
    assert detail_of(wrong["body"], 401, "INVALID_LOGIN").startswith("Invalid login attempt.")
    assert detail_of(busy["body"], 429, "CONCURRENCY_LIMIT_EXCEEDED")


def test_it_tries_again_when_the_account_was_busy(stage: Stage, node: NodeClient) -> None:
    stage.busy_once()

    (read,) = node("netsuite_rest.js", job(stage, stage.reader, {"path": f"{RECORD}/{PRIYA}"}))

    # It repeats a GET with the signature it had: what was never let in has not used its nonce.
    assert read["status"] == 200
    assert [status for _, _, status in stage.asked()] == [429, 200]
