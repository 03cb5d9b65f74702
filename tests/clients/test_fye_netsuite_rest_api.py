"""The package `@fye/netsuite-rest-api` from npm (Nicholas Penree and others): told its host, streams rows."""

from typing import Any

from tests.clients.conftest import ADMIN_RECORD, BAD_QUERY, DANA, PRIYA, NodeClient, Stage, detail_of, login_of
from tests.support.emulator import ACCOUNT

SCRIPT = "fye_netsuite_rest_api.js"
RECORD = "services/rest/record/v1/employee"


def job(stage: Stage, credentials: dict[str, str], *calls: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    login = login_of(credentials)
    config = {
        "netsuiteApiHost": stage.front.host,
        "consumerKey": login["consumer_key"],
        "consumerSecret": login["consumer_secret"],
        "netsuiteAccountId": ACCOUNT,
        "netsuiteTokenKey": login["token_id"],
        "netsuiteTokenSecret": login["token_secret"],
        "netsuiteQueryLimit": 5,
    }
    return {"config": config, "calls": list(calls)}


def record(path: str) -> tuple[str, dict[str, Any]]:
    return "request", {"method": "GET", "requestType": "record", "path": path}


def test_it_streams_the_rows_of_all_pages(stage: Stage, node: NodeClient) -> None:
    search = ("search", {"query": "SELECT id, entityid FROM employee ORDER BY id"})

    (found,) = node(SCRIPT, job(stage, stage.reader, search))

    assert len(found["rows"]) == found["total"] > 20
    assert {"links": [], "id": PRIYA, "entityid": "Priya Nair"} in found["rows"]
    assert len(stage.asked()) == -(-found["total"] // 5)


def test_it_reads_lists_and_updates_records(stage: Stage, node: NodeClient) -> None:
    page, written, read = node(
        SCRIPT,
        job(
            stage,
            stage.admin,
            record(f"{RECORD}?limit=3&offset=3"),
            ("update", {"path": RECORD, "id": PRIYA, "updateValues": {"title": "Head of Warehouse"}}),
            record(f"{RECORD}/{PRIYA}?expandSubResources=true"),
        ),
    )

    address = f"https://{stage.front.host}/{RECORD}"
    assert page["body"]["items"][0]["links"][0]["href"].startswith(f"{address}/")
    assert page["body"]["hasMore"] is True
    assert (written["status"], written["headers"]["location"]) == (204, f"{address}/{PRIYA}")
    assert read["body"]["title"] == "Head of Warehouse"
    assert read["body"]["roles"]["count"] == 2


def test_it_is_refused(stage: Stage, node: NodeClient) -> None:
    bad_query = ("search", {"query": "SELECT nosuchcolumn FROM employee"})

    search, admin_record = node(SCRIPT, job(stage, stage.reader, bad_query, record(f"{RECORD}/{DANA}")))
    (wrong,) = node(SCRIPT, job(stage, stage.stranger, record(RECORD)))
    stage.busy_once()
    (busy,) = node(
        SCRIPT, job(stage, stage.reader, ("request", {"method": "POST", "requestType": "suiteql", "query": ""}))
    )

    assert search["error"] == BAD_QUERY
    assert detail_of(admin_record["body"], 400, "USER_ERROR") == ADMIN_RECORD
    assert detail_of(wrong["body"], 401, "INVALID_LOGIN").startswith("Invalid login attempt.")
    assert detail_of(busy["body"], 429, "CONCURRENCY_LIMIT_EXCEEDED")
