"""The employee record over REST: shapes, the administrator rule, permissions and role writes."""

from typing import Any

import pytest
import requests

from tests.emulator.clients import Client, Emulator

BASE = "/services/rest/record/v1/employee"
ADMIN_RECORD = (
    "Error while accessing a resource. For security reasons, only an administrator is allowed to edit an "
    "administrator record."
)
PRIYA = f"{BASE}/4210"
DANA = f"{BASE}/4172"


def error(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=error"
    detail: dict[str, Any] = answer.json()["o:errorDetails"][0]
    return detail


def roles(*ids: int) -> dict[str, Any]:
    return {"roles": {"items": [{"selectedRole": {"id": str(role)}} for role in ids]}}


def held(emulator: Emulator, key: str) -> list[int]:
    return [int(role["id"]) for role in emulator.person(key)["roles"]]


@pytest.fixture
def writer(emulator: Emulator) -> Client:
    """The reader's role with profile B on top: may write, but is no Administrator."""
    for key in ("LIST_EMPLOYEE", "LIST_EMPLOYEE_RECORD", "LIST_EMPLOYEE_ACCESS", "ADMI_KERNEL"):
        emulator.run("INSERT OR REPLACE INTO permissions VALUES ('1234567', 1052, ?, 4)", key)
    return emulator.reader


def test_a_record_has_netsuites_shape(story: Emulator) -> None:
    answer = story.reader.send("GET", PRIYA)
    base = f"{story.url}{BASE}/4210"

    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=singular"
    body = answer.json()
    assert body.pop("dateCreated").endswith(".000Z")
    assert body.pop("lastModifiedDate").endswith(".000Z")
    assert body.pop("subsidiary")["refName"] == "Ridgeline Outfitters"
    assert body == {
        "links": [{"rel": "self", "href": base}],
        "id": "4210",
        "externalId": "emp-priya-nair",
        "entityId": "Priya Nair",
        "firstName": "Priya",
        "lastName": "Nair",
        "email": "priya.nair@example.com",
        "title": "Warehouse Manager",
        "giveAccess": True,
        "isInactive": False,
        "roles": {"links": [{"rel": "self", "href": f"{base}/roles"}]},
    }


@pytest.mark.parametrize("path", [f"{PRIYA}?expandSubResources=true", f"{PRIYA}/roles"])
def test_roles_come_expanded_or_alone(story: Emulator, path: str) -> None:
    body = story.reader.send("GET", path).json()
    found = body.get("roles", body)

    assert (found["count"], found["hasMore"], found["offset"], found["totalResults"]) == (2, False, 0, 2)
    assert found["items"] == [
        {"links": [], "selectedRole": {"links": [], "id": "1035", "refName": "Warehouse Manager"}},
        {"links": [], "selectedRole": {"links": [], "id": "1060", "refName": "Shipping Hub Web Services"}},
    ]


def test_a_record_is_found_by_external_id(story: Emulator) -> None:
    assert story.reader.send("GET", f"{BASE}/eid:emp-priya-nair").json()["id"] == "4210"


def test_fields_can_be_chosen(story: Emulator) -> None:
    assert set(story.reader.send("GET", f"{PRIYA}?fields=email,entityid").json()) == {
        "links",
        "id",
        "email",
        "entityId",
    }


@pytest.mark.parametrize("key", ["9999999", "eid:nobody", "abc", "99999999999999999999"])
def test_a_missing_record_is_404(story: Emulator, key: str) -> None:
    assert error(story.reader.send("GET", f"{BASE}/{key}"), 404)["o:errorCode"] == "NONEXISTENT_ID"


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_administrators_record_is_closed_to_lesser_roles(emulator: Emulator, writer: Client, method: str) -> None:
    answer = writer.send(method, DANA, json={"title": "x"})

    assert error(answer, 400)["detail"] == ADMIN_RECORD
    emulator.behave(admin_record_status="403")
    assert error(writer.send(method, DANA, json={"title": "x"}), 403)["detail"] == ADMIN_RECORD
    assert emulator.admin.send("GET", DANA).status_code == 200


def test_the_list_shows_administrators_to_lesser_roles(story: Emulator) -> None:
    assert story.reader.send("GET", BASE).json()["totalResults"] == 24


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ('email IS "dana.ortiz@example.com"', ["4172"]),
        ('EMAIL is "DANA.ortiz@example.com"', ["4172"]),
        ('email START_WITH "svc."', ["4190", "4191"]),
        ('entityId CONTAIN "ortiz" AND isInactive IS false', ["4172"]),
        ("isInactive IS true", ["4031"]),
        ('isInactive IS true OR email IS "ann@example.com" AND isInactive IS false', ["4031", "4101"]),
        ('(isInactive IS true OR email IS "ann@example.com") AND isInactive IS false', ["4101"]),
        ("id IS 4172", ["4172"]),
        ('email IS "a\\"b"', []),
        ('email IS_NOT "ann@example.com" AND lastName IS "Keller"', []),
    ],
)
def test_the_list_can_be_filtered(story: Emulator, q: str, ids: list[str]) -> None:
    answer = story.reader.send("GET", BASE, params={"q": q})

    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=collection"
    assert [item["id"] for item in answer.json()["items"]] == ids
    assert all(item["links"][0]["href"] == f"{story.url}{BASE}/{item['id']}" for item in answer.json()["items"])


@pytest.mark.parametrize("q", ["email", "email IS", "foo IS 1", 'email LIKE "x"', '(email IS "x"', 'email IS "x" foo',
                               'email IS "x', "isInactive CONTAIN t", 'email IS "x" AND', ")"])  # fmt: skip
def test_a_filter_out_of_form_is_refused(story: Emulator, q: str) -> None:
    detail = error(story.reader.send("GET", BASE, params={"q": q}), 400)

    assert (detail["o:errorCode"], detail["o:errorQueryParam"]) == ("INVALID_PARAMETER", "q")


def test_the_list_has_pages(story: Emulator) -> None:
    body = story.reader.send("GET", f"{BASE}?limit=10&offset=10").json()

    assert (body["count"], body["hasMore"], body["totalResults"]) == (10, True, 24)
    assert {link["rel"] for link in body["links"]} == {"self", "first", "prev", "next", "last"}


def test_roles_are_replaced_as_a_whole(emulator: Emulator, writer: Client) -> None:
    answer = writer.patch(f"{PRIYA}?replace=roles", roles(1035, 1047))

    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["Location"] == f"{emulator.url}{PRIYA}"
    assert held(emulator, "4210") == [1035, 1047]


def test_role_grants_leave_no_system_note_but_an_access_history(emulator: Emulator) -> None:
    emulator.admin.patch(f"{DANA}?replace=roles", roles(3, 1047))

    assert emulator.admin.items("SELECT id FROM systemnote WHERE recordtypeid = -9") == []
    row = emulator.server.world.database.row("SELECT * FROM access_history")
    assert row is not None
    assert (row["employee"], row["actor"], row["description"]) == (
        4172, 4190, "Role NetSuite Connector Web Services added",
    )  # fmt: skip


def test_field_changes_leave_a_system_note(emulator: Emulator) -> None:
    emulator.admin.patch(DANA, {"isInactive": True, "firstname": "D."})

    notes = emulator.reader.items(
        "SELECT field, oldvalue, newvalue, name, type FROM systemnote WHERE recordtypeid = -9 AND recordid = 4172"
        " ORDER BY id"
    )
    assert notes == [
        {"field": "ENTITY.SFIRSTNAME", "oldvalue": "Dana", "newvalue": "D.", "name": "4190", "type": "4"},
        {"field": "ENTITY.BINACTIVE", "oldvalue": "F", "newvalue": "T", "name": "4190", "type": "4"},
    ]


def test_a_plain_patch_appends_to_a_list_without_keys(emulator: Emulator, writer: Client) -> None:
    assert writer.patch(PRIYA, roles(1047)).status_code == 204
    assert held(emulator, "4210") == [1035, 1047, 1060]

    assert error(writer.patch(PRIYA, roles(1047)), 400)["o:errorCode"] == "INVALID_CONTENT"
    emulator.behave(roles_keyed="yes")
    assert writer.patch(PRIYA, roles(1047)).status_code == 204


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (roles(9999), "roles.items[0].selectedRole"),
        ({"roles": {"items": [*roles(1035)["roles"]["items"], {"selectedRole": "x"}]}}, "roles.items[1].selectedRole"),
        ({"roles": {"items": [{}]}}, "roles.items[0].selectedRole"),
        ({"roles": {"items": "x"}}, "roles.items"),
        ({"roles": {"items": ["x"]}}, "roles.items[0]"),
        ({"roles": "x"}, "roles"),
        (roles(), "roles"),
        ({"roles": None}, "roles"),
        (roles(1035, 1035), "roles"),
        ({"isInactive": "T"}, "isInactive"),
        ({"email": 5}, "email"),
    ],
)  # fmt: skip
def test_bad_content_names_its_path_and_changes_nothing(
    emulator: Emulator, writer: Client, content: dict[str, Any], path: str
) -> None:
    detail = error(writer.patch(f"{PRIYA}?replace=roles", content), 400)

    assert (detail["o:errorCode"], detail["o:errorPath"]) == ("INVALID_CONTENT", path)
    assert held(emulator, "4210") == [1035, 1060]


def test_a_role_may_be_given_in_any_documented_form(emulator: Emulator, writer: Client) -> None:
    content = {"ROLES": {"items": [{"selectedrole": "1035"}, {"selectedRole": {"id": 1047}}]}}

    assert writer.patch(f"{PRIYA}?replace=roles", content).status_code == 204
    assert held(emulator, "4210") == [1035, 1047]


def test_a_misspelt_property_is_an_error_only_on_request(emulator: Emulator, writer: Client) -> None:
    content = {"rolles": {}, "title": "Lead"}

    detail = error(writer.patch(PRIYA, content, **{"X-NetSuite-PropertyNameValidation": "Error"}), 400)
    assert detail["o:errorPath"] == "rolles"
    assert writer.patch(PRIYA, content, **{"X-NetSuite-PropertyNameValidation": "Ignore"}).status_code == 204
    assert writer.patch(PRIYA, content).status_code == 204
    assert writer.patch(PRIYA, content, **{"X-NetSuite-PropertyNameValidation": "Maybe"}).status_code == 400
    assert writer.send("GET", PRIYA).json()["title"] == "Lead"
    assert held(emulator, "4210") == [1035, 1060]


@pytest.mark.parametrize(
    ("missing", "content"),
    [
        ("LIST_EMPLOYEE", {"title": "x"}),
        ("LIST_EMPLOYEE_RECORD", {"title": "x"}),
        ("LIST_EMPLOYEE_ACCESS", {"giveAccess": False}),
        ("LIST_EMPLOYEE_ACCESS", roles(1035)),
    ],
)
def test_writing_needs_each_permission(
    emulator: Emulator, writer: Client, missing: str, content: dict[str, Any]
) -> None:
    emulator.run("DELETE FROM permissions WHERE key = ?", missing)

    assert error(writer.patch(f"{PRIYA}?replace=roles", content), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"


def test_the_access_tab_matters_only_with_advanced_employee_permissions(emulator: Emulator, writer: Client) -> None:
    emulator.run("DELETE FROM permissions WHERE key = 'LIST_EMPLOYEE_ACCESS'")
    emulator.run("""UPDATE accounts SET features = '{"advanced_employee_permissions": false}'""")

    assert writer.patch(f"{PRIYA}?replace=roles", roles(1035)).status_code == 204


def test_the_reader_can_read_but_not_write(story: Emulator) -> None:
    assert story.reader.send("GET", PRIYA).status_code == 200
    assert error(story.reader.patch(PRIYA, {"title": "x"}), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"


@pytest.mark.parametrize("permission", ["LIST_EMPLOYEE_RECORD", "ADMI_RESTWEBSERVICES"])
def test_reading_needs_permissions(emulator: Emulator, permission: str) -> None:
    emulator.run("DELETE FROM permissions WHERE key = ?", permission)

    for path in (PRIYA, BASE, f"{PRIYA}/roles"):
        assert error(emulator.reader.send("GET", path), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"


def test_only_an_administrator_gives_or_takes_administrator(emulator: Emulator, writer: Client) -> None:
    assert "Administrator" in error(writer.patch(PRIYA, roles(3)), 400)["detail"]

    assert emulator.admin.patch(PRIYA, roles(3)).status_code == 204
    assert emulator.admin.patch(f"{PRIYA}?replace=roles", roles(1035)).status_code == 204
    emulator.behave(admin_assign_by_rest="refused")
    assert "Administrator" in error(emulator.admin.patch(PRIYA, roles(3)), 400)["detail"]


def test_role_writes_can_be_refused(emulator: Emulator) -> None:
    emulator.behave(roles_patch="refused")

    assert error(emulator.admin.patch(f"{PRIYA}?replace=roles", roles(1035)), 400)["o:errorPath"] == "roles"


def test_access_needs_a_role_and_an_email(emulator: Emulator) -> None:
    noah = f"{BASE}/4309"
    assert error(emulator.admin.patch(noah, {"giveAccess": True}), 400)["o:errorPath"] == "roles"

    emulator.run("UPDATE employees SET email = NULL WHERE id = 4309")
    content = {"giveAccess": True, **roles(1035)}
    assert error(emulator.admin.patch(noah, content), 400)["o:errorPath"] == "email"

    assert emulator.admin.patch(noah, {"email": "noah@example.com", **content}).status_code == 204
    assert emulator.person("noah@example.com")["access"] is True


def test_access_may_need_a_password(emulator: Emulator) -> None:
    emulator.behave(access_without_password="refused")
    content = {"giveAccess": True, **roles(1035)}

    assert error(emulator.admin.patch(f"{BASE}/4309", content), 400)["o:errorPath"] == "password"
    assert emulator.admin.patch(f"{BASE}/4309", {"sendEmail": True, **content}).status_code == 204


@pytest.mark.parametrize("body", ["{", "[]", "", "null"])
def test_a_body_that_is_no_object_is_refused(story: Emulator, body: str) -> None:
    answer = story.admin.send("PATCH", PRIYA, data=body, headers={"Content-Type": "application/json"})

    assert error(answer, 400)["o:errorCode"] == "INVALID_REQUEST"


def test_a_body_of_another_type_is_refused(story: Emulator) -> None:
    answer = story.admin.send("PATCH", PRIYA, data="a=b", headers={"Content-Type": "text/plain"})

    assert error(answer, 415)["o:errorCode"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", PRIYA),
        ("POST", BASE),
        ("PUT", f"{BASE}/eid:x"),
        ("GET", "/services/rest/record/v1/customer"),
        ("GET", "/services/rest/auth/oauth2/v1/token"),
    ],
)
def test_what_is_not_served_is_refused_clearly(story: Emulator, method: str, path: str) -> None:
    detail = error(story.admin.send(method, path), 501)["detail"]

    assert detail == f"The emulator does not serve {method} {path}."


def test_other_paths_are_404_in_the_same_shape(story: Emulator) -> None:
    assert error(requests.get(f"{story.url}/app/center", timeout=10), 404)["o:errorCode"] == "NOT_FOUND"


def test_server_time_needs_no_permission(emulator: Emulator) -> None:
    emulator.door("POST", "clock", {"set": "2026-11-22T09:00:00Z"})
    emulator.run("DELETE FROM permissions WHERE key <> 'ADMI_LOGIN_OAUTH'")

    time = emulator.reader.send("GET", "/services/rest/system/v1/serverTime").json()["serverTime"]

    assert time.startswith("2026-11-22T09:00:0")
    assert time.endswith(".000Z")


def test_governance_limits_are_for_administrators(story: Emulator) -> None:
    path = "/services/rest/system/v1/governanceLimits"

    assert error(story.reader.send("GET", path), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    assert story.admin.send("GET", path).json()["accountConcurrencyLimit"] == 5
