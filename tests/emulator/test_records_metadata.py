"""The metadata catalog: true to what is served, in each of its forms."""

from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT6

from reconciler.emulator.employee_fields import FIELDS, Kind
from tests.emulator.clients import Emulator
from tests.emulator.records import BASE, PRIYA, error
from tests.emulator.test_records_writes import VALUES, organised

CATALOG = "/services/rest/record/v1/metadata-catalog"
SCHEMA = {"Accept": "application/schema+json"}
SWAGGER = {"Accept": "application/swagger+json"}


def fetched(emulator: Emulator, path: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = emulator.reader.send("GET", path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == headers.get("Accept", "application/json")
    body: dict[str, Any] = answer.json()
    return body


def validator(emulator: Emulator) -> jsonschema.Draft6Validator:
    schema = fetched(emulator, f"{CATALOG}/employee", SCHEMA)
    jsonschema.Draft6Validator.check_schema({**schema, "$schema": "http://json-schema.org/draft-06/schema#"})
    link = f"{CATALOG}/nsLink"
    registry: Registry[Any] = Registry().with_resource(link, DRAFT6.create_resource(fetched(emulator, link, SCHEMA)))
    return jsonschema.Draft6Validator(schema, registry=registry, format_checker=jsonschema.FormatChecker())


def test_the_catalog_lists_the_record_with_its_forms(story: Emulator) -> None:
    here = f"{story.url}{CATALOG}/employee"

    for path in (CATALOG, f"{CATALOG}/", f"{CATALOG}?select=Employee"):
        assert fetched(story, path, {})["items"] == [fetched(story, f"{CATALOG}/Employee", {})]
    assert fetched(story, f"{CATALOG}/employee", {}) == {
        "name": "employee",
        "links": [
            {"rel": "canonical", "href": here, "mediaType": "application/json"},
            {"rel": "alternate", "href": here, "mediaType": "application/swagger+json"},
            {"rel": "alternate", "href": here, "mediaType": "application/schema+json"},
            {"rel": "describes", "href": story.url + BASE},
        ],
    }


def test_where_describes_leads_is_a_switch(emulator: Emulator) -> None:
    emulator.behave(catalog_describes="catalog")

    links = fetched(emulator, f"{CATALOG}/employee", {})["links"]
    assert links[-1] == {"rel": "describes", "href": f"{emulator.url}{CATALOG}/employee"}


def test_every_answer_is_what_the_schema_says(emulator: Emulator) -> None:
    check = validator(emulator)
    organised(emulator).admin.send("POST", BASE, json=VALUES)

    keys = [item["id"] for item in emulator.admin.send("GET", BASE).json()["items"]]
    for key in keys:
        check.validate(emulator.admin.send("GET", f"{BASE}/{key}?expandSubResources=true").json())
        check.validate(emulator.admin.send("GET", f"{BASE}/{key}").json())


def test_the_schema_refuses_what_the_record_refuses(story: Emulator) -> None:
    check = validator(story)

    assert check.is_valid({"email": "a@example.com", "supervisor": {"id": "1"}})
    for wrong in ({"email": 5}, {"isInactive": "T"}, {"laborCost": "1"}, {"supervisor": 1}, {"hireDate": "1.1.2024"}):
        assert not check.is_valid(wrong), wrong
        assert story.admin.patch(PRIYA, wrong).status_code == 400


def test_every_field_of_the_schema_is_taken_and_returned_and_no_other(emulator: Emulator) -> None:
    schema = fetched(organised(emulator), f"{CATALOG}/employee", SCHEMA)
    secrets = {field.name for field in FIELDS if field.kind is Kind.SECRET}
    writable = {name for name, value in schema["properties"].items() if not value.get("readOnly")}
    assert writable == VALUES.keys() | secrets | {"roles"}
    sent = {**VALUES, "password": "x", "password2": "x", "requirePwdChange": False, "sendEmail": False}

    answer = emulator.admin.send("POST", BASE, json=sent, headers={"X-NetSuite-PropertyNameValidation": "Error"})
    body = emulator.admin.send("GET", answer.headers["Location"]).json()

    assert set(body) | secrets == set(schema["properties"])


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_a_field_can_be_filtered_by_just_when_the_schema_says_so(story: Emulator, name: str) -> None:
    filterable = fetched(story, f"{CATALOG}/employee", SCHEMA)["x-ns-filterable"]

    status = story.reader.send("GET", BASE, params={"q": f"{name} EMPTY_NOT"}).status_code
    assert status == (200 if name in filterable else 400)


@pytest.mark.parametrize(
    ("keyed", "key"),
    [
        ("no", {"present": False}),
        ("yes", {"present": True, "value": {"new": ["selectedRole"], "existing": ["selectedRole"]}}),
    ],
)
def test_the_schema_tells_whether_roles_have_a_key(emulator: Emulator, keyed: str, key: object) -> None:
    emulator.behave(roles_keyed=keyed)

    roles = fetched(emulator, f"{CATALOG}/employee", SCHEMA)["properties"]["roles"]
    assert roles["properties"]["items"]["items"]["x-ns-sublistkey"] == key


def references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in value.values()))
    return set().union(*(references(inner) for inner in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("path", [f"{CATALOG}?select=employee", f"{CATALOG}/employee", CATALOG])
def test_the_openapi_document_is_whole(story: Emulator, path: str) -> None:
    document = fetched(story, path, SWAGGER)

    assert document["openapi"].startswith("3.0.")
    assert document["servers"] == [{"url": f"{story.url}/services/rest/record/v1"}]
    schemas = document["components"]["schemas"]
    assert references(document) == {f"#/components/schemas/{name}" for name in schemas}
    assert "email" in schemas["employee"]["x-ns-filterable"]
    assert schemas["employee"]["properties"]["email"] == {"title": "Email", "type": "string", "nullable": True}


def test_every_operation_of_the_openapi_document_is_served(emulator: Emulator) -> None:
    document = fetched(emulator, f"{CATALOG}/employee", SWAGGER)

    for path, operations in document["paths"].items():
        for method in sorted(operations, key=lambda name: name == "delete"):
            where = document["servers"][0]["url"] + path.replace("{id}", "eid:emp-priya-nair")
            body: dict[str, Any] | None = {} if "requestBody" in operations[method] else None
            answer = emulator.admin.send(method.upper(), where, json=body)
            # A new record without a name is refused for that alone.
            assert (answer.status_code, path, method) in {
                (int(next(iter(operations[method]["responses"]))), path, method), (400, "/employee", "post"),
            }  # fmt: skip


def test_a_role_sees_only_what_it_may_read(emulator: Emulator) -> None:
    emulator.run("DELETE FROM permissions WHERE key = 'LIST_EMPLOYEE_RECORD'")

    assert fetched(emulator, CATALOG, {}) == {"items": []}
    assert fetched(emulator, CATALOG, SWAGGER)["paths"] == {}
    assert fetched(emulator, CATALOG, SCHEMA) == {"items": []}
    assert error(emulator.reader.send("GET", f"{CATALOG}/employee"), 404)["detail"] == (
        "Record type 'employee' does not exist."
    )


def test_the_whole_catalog_comes_as_schemas_too(story: Emulator) -> None:
    (item,) = fetched(story, CATALOG, SCHEMA)["items"]

    assert item == {"name": "employee", **fetched(story, f"{CATALOG}/employee", SCHEMA)}


def test_what_is_not_in_the_catalog_is_refused(story: Emulator) -> None:
    assert error(story.reader.send("GET", f"{CATALOG}?select=employee,customer"), 400)["o:errorQueryParam"] == "select"
    assert error(story.reader.send("GET", f"{CATALOG}/customer"), 404)["detail"].startswith("Record type 'customer'")
    assert error(story.reader.send("GET", f"{CATALOG}/employee,%20customer"), 400)["o:errorCode"] == "INVALID_REQUEST"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"), ("text/html, application/schema+json;q=0.5", "application/schema+json"),
        ("application/json;charset=utf-8", "application/json"), ("text/html", "application/json"),
    ],
)  # fmt: skip
def test_the_first_accepted_form_that_there_is_comes(story: Emulator, accept: str, kind: str) -> None:
    answer = story.reader.send("GET", f"{CATALOG}/employee", headers={"Accept": accept})

    assert answer.headers["Content-Type"] == kind


def test_an_accept_that_fits_nothing_may_be_406(emulator: Emulator) -> None:
    emulator.behave(wrong_accept="406")

    answer = emulator.reader.send("GET", CATALOG, headers={"Accept": "text/html"})
    assert error(answer, 406)["o:errorHeader"] == "Accept"
