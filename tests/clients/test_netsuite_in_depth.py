"""What else `netsuite` can do: who a token is, the metadata catalog, records made and removed, RESTlets."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.clients.conftest import EMPLOYEE, PRIYA, Stage, login_of
from tests.clients.test_netsuite import RECORD, client, pytestmark, refusal
from tests.support.emulator import ACCOUNT

__all__ = ["pytestmark"]
NEW = {
    "firstName": "Noor",
    "lastName": "Haddad",
    "email": "noor.haddad@example.com",
    "externalId": "emp-noor-haddad",
    "subsidiary": {"id": "1"},
}


def restlet(credentials: Mapping[str, str]) -> Any:
    rest = client(credentials)  # which loads the package with care
    import netsuite  # noqa: PLC0415 - see there

    auth = netsuite.TokenAuth(**login_of(credentials))
    assert rest
    return netsuite.NetSuiteRestlet(netsuite.Config(account=ACCOUNT, auth=auth))


def test_it_asks_who_its_token_is(stage: Stage) -> None:
    said = asyncio.run(client(stage.reader).token_info())

    assert {ACCOUNT, "Reconciler Reader"} <= set(map(str, said.values()))


def test_it_reads_the_schema_of_a_record(stage: Stage) -> None:
    schema = asyncio.run(client(stage.reader).jsonschema("employee"))

    assert schema["type"] == "object"
    assert {"email", "giveAccess", "isInactive", "roles"} <= set(schema["properties"])


def test_it_reads_the_description_of_the_interface(stage: Stage) -> None:
    described = asyncio.run(client(stage.reader).openapi(["employee"]))

    assert described["openapi"].startswith("3.")
    assert {"/employee", "/employee/{id}"} <= set(described["paths"])


def test_it_makes_and_removes_a_record(stage: Stage) -> None:
    async def made_and_removed() -> tuple[Any, Any]:
        rest = client(stage.admin)
        made = await rest.request("POST", RECORD, json=NEW)
        read = await rest.get("", url=made.headers["Location"])
        assert await rest.put(f"{RECORD}/eid:emp-noor-haddad", json={"title": "Buyer"}) is None
        changed = await rest.get(f"{RECORD}/{read['id']}")
        assert await rest.delete(f"{RECORD}/{read['id']}") is None
        return made, {**read, "title": changed["title"]}

    made, read = asyncio.run(made_and_removed())

    assert made.status_code == 204
    assert made.headers["Location"] == f"{EMPLOYEE}/{read['id']}"
    assert (read["email"], read["title"]) == (NEW["email"], "Buyer")
    gone = f"{RECORD}/{read['id']}"
    assert refusal(lambda: client(stage.admin).get(gone), 404, "NONEXISTENT_ID")


def test_it_may_not_remove_what_its_role_only_reads(stage: Stage) -> None:
    assert refusal(lambda: client(stage.reader).delete(f"{RECORD}/{PRIYA}"), 403, "INSUFFICIENT_PERMISSION")


def test_it_is_told_that_there_is_no_such_script(stage: Stage) -> None:
    from netsuite.exceptions import NetsuiteAPIRequestError  # noqa: PLC0415 - see above

    scripts = restlet(stage.admin)
    with pytest.raises(NetsuiteAPIRequestError) as refused:
        asyncio.run(scripts.get(1, deploy=1))
    assert json.loads(refused.value.response_text)["error"]["code"] == "SSS_INVALID_SCRIPTLET_ID"

    with pytest.raises(NetsuiteAPIRequestError) as wrong:
        asyncio.run(restlet(stage.stranger).get(1, deploy=1))
    assert wrong.value.status_code == 401
    assert json.loads(wrong.value.response_text)["error"]["code"] == "INVALID_LOGIN_ATTEMPT"


def test_a_misspelt_field_of_a_new_record_is_refused(stage: Stage) -> None:
    new = {**NEW, "fristName": "Noor"}
    assert "fristName" in refusal(lambda: client(stage.admin).post(RECORD, json=new), 400, "INVALID_CONTENT")


def test_the_catalog_leads_to_what_it_asks_for_by_name(stage: Stage) -> None:
    async def both() -> tuple[Any, Any]:
        rest = client(stage.reader)
        listed = await rest.get("/record/v1/metadata-catalog")
        (entry,) = [item for item in listed["items"] if item["name"] == "employee"]
        links = {link.get("mediaType"): link["href"] for link in entry["links"]}
        address = links["application/schema+json"]
        by_link = await rest.get("", url=address, headers={"Accept": "application/schema+json"})
        return by_link, await rest.jsonschema("employee")

    by_link, by_name = asyncio.run(both())

    assert by_link == by_name
