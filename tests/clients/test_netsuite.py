"""The package `netsuite` from PyPI (Jacob Magnusson): asynchronous, token-based authentication, httpx."""

import asyncio
import json
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from tests.clients.conftest import ADMIN_RECORD, BAD_QUERY, DANA, EMPLOYEE, PRIYA, Stage, detail_of, login_of
from tests.support.emulator import ACCOUNT

pytestmark = [
    # It gives httpx the body, and oauthlib the secrets, in an older way.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw bytes:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:use sign_hmac_sha256_with_client instead:DeprecationWarning"),
]

RECORD = "/record/v1/employee"


def client(credentials: Mapping[str, str]) -> Any:
    # Its signing library goes over to another HTTP client, and insists on saying so when it is loaded.
    with warnings.catch_warnings(record=True):
        import netsuite  # noqa: PLC0415 - see above

    auth = netsuite.TokenAuth(**login_of(credentials))
    return netsuite.NetSuiteRestApi(netsuite.Config(account=ACCOUNT, auth=auth))


def refusal(call: Callable[[], Awaitable[Any]], status: int, code: str) -> str:
    from netsuite.exceptions import NetsuiteAPIRequestError  # noqa: PLC0415 - as above

    async def called() -> None:
        await call()

    with pytest.raises(NetsuiteAPIRequestError) as raised:
        asyncio.run(called())
    assert raised.value.status_code == status
    return detail_of(json.loads(raised.value.response_text), status, code)


def test_it_reads_a_record(stage: Stage) -> None:
    record = asyncio.run(client(stage.reader).get(f"{RECORD}/{PRIYA}", params={"expandSubResources": "true"}))

    assert record["entityId"] == "Priya Nair"
    assert record["links"] == [{"rel": "self", "href": f"{EMPLOYEE}/{PRIYA}"}]
    held = [item["selectedRole"]["refName"] for item in record["roles"]["items"]]
    assert held == ["Warehouse Manager", "Shipping Hub Web Services"]


def test_it_reads_a_filtered_list_page_by_page(stage: Stage) -> None:
    async def pages() -> list[Any]:
        rest = client(stage.admin)
        found: list[Any] = []
        more = True
        while more:
            params = {"q": "isInactive IS false", "limit": 5, "offset": 5 * len(found)}
            page = await rest.get(RECORD, params=params)
            found.append(page)
            more = page["hasMore"]
        return found

    found = asyncio.run(pages())

    assert len(found) > 3
    ids = [item["id"] for page in found for item in page["items"]]
    assert len(ids) == len(set(ids)) == found[0]["totalResults"]
    assert PRIYA in ids


def test_it_follows_the_links_from_page_to_page(stage: Stage) -> None:
    async def walked() -> list[str]:
        rest, visited, address = client(stage.admin), [], f"{EMPLOYEE}?limit=10&offset=0"
        while address:
            page = await rest.get("", url=address)
            links = {link["rel"]: link["href"] for link in page["links"]}
            assert links["self"] == address
            visited += [item["id"] for item in page["items"]]
            address = links.get("next", "")
        return visited

    visited = asyncio.run(walked())

    assert len(visited) == len(set(visited)) > 20


def test_it_reads_a_query_page_by_page(stage: Stage) -> None:
    async def rows() -> list[Any]:
        rest = client(stage.reader)
        found: list[Any] = []
        more = True
        while more:
            page = await rest.suiteql("SELECT id, entityid FROM employee ORDER BY id", limit=7, offset=len(found))
            found += page["items"]
            more = page["hasMore"]
        return found

    found = asyncio.run(rows())

    assert len(found) > 20
    assert {"links": [], "id": PRIYA, "entityid": "Priya Nair"} in found


def test_it_writes_a_record(stage: Stage) -> None:
    async def written() -> Any:
        rest = client(stage.admin)
        assert await rest.patch(f"{RECORD}/{PRIYA}", json={"title": "Head of Warehouse"}) is None
        return await rest.request("PATCH", f"{RECORD}/eid:emp-priya-nair", json={"firstName": "Pria"})

    answer = asyncio.run(written())

    assert answer.status_code == 204
    assert answer.headers["Location"] == f"{EMPLOYEE}/{PRIYA}"
    record = asyncio.run(client(stage.admin).get(f"{RECORD}/{PRIYA}", params={"fields": "title,firstName"}))
    assert (record["title"], record["firstName"]) == ("Head of Warehouse", "Pria")


def test_it_asks_for_many_things_at_once(stage: Stage) -> None:
    stage.emulator.behave(concurrency_limit="20")

    async def gathered() -> list[Any]:
        rest = client(stage.admin)
        return await asyncio.gather(*(rest.get(f"{RECORD}/{number}") for number in range(4301, 4311)))

    assert [record["id"] for record in asyncio.run(gathered())] == [str(number) for number in range(4301, 4311)]


def test_a_wrong_secret_is_refused(stage: Stage) -> None:
    detail = refusal(lambda: client(stage.stranger).get(f"{RECORD}/{PRIYA}"), 401, "INVALID_LOGIN")

    assert detail.startswith("Invalid login attempt. For more details, see the Login Audit Trail")


def test_the_record_of_an_administrator_is_refused_to_a_lesser_role(stage: Stage) -> None:
    assert refusal(lambda: client(stage.reader).get(f"{RECORD}/{DANA}"), 400, "USER_ERROR") == ADMIN_RECORD


def test_a_record_that_does_not_exist_is_refused(stage: Stage) -> None:
    detail = refusal(lambda: client(stage.admin).get(f"{RECORD}/999999"), 404, "NONEXISTENT_ID")

    assert detail == "The record instance does not exist. Provide a valid record instance ID."


def test_a_bad_query_is_refused_with_its_reason(stage: Stage) -> None:
    detail = refusal(
        lambda: client(stage.reader).suiteql("SELECT nosuchcolumn FROM employee"), 400, "INVALID_PARAMETER"
    )

    assert detail == BAD_QUERY


def test_a_misspelt_field_is_refused_since_it_asks_for_that(stage: Stage) -> None:
    call = lambda: client(stage.admin).patch(f"{RECORD}/{PRIYA}", json={"titel": "x"})  # noqa: E731 - two lines are too many
    assert "titel" in refusal(call, 400, "INVALID_CONTENT")


def test_too_many_requests_are_refused(stage: Stage) -> None:
    stage.busy_once()

    detail = refusal(lambda: client(stage.reader).suiteql("SELECT id FROM employee"), 429, "CONCURRENCY_LIMIT_EXCEEDED")

    assert detail  # the text of an injected fault is the emulator's own
