"""Employees written over REST: every field, new records, upserts, deletions, and what each leaves behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator.employee_fields import FIELDS, Kind
from reconciler.emulator.employee_names import NOT_KEPT
from tests.emulator.clients import Client, Emulator, Start
from tests.emulator.records import BASE, DANA, PRIYA, a_writer, error, held, notes, roles

NEW = {"firstName": "Nils", "lastName": "Berg", "subsidiary": {"id": "1"}}
ORGANISATION: dict[str, list[dict[str, Any]]] = {
    "departments": [{"id": 3, "name": "Warehouse"}],
    "classes": [{"id": 4, "name": "Retail"}],
    "locations": [{"id": 5, "name": "Denver"}],
}
# A value for each field that can be written, and what comes back for it.
VALUES: dict[str, Any] = {
    "externalId": "emp-nils",
    "entityId": "Nils B.",
    "salutation": "Mr.",
    "firstName": "Nils",
    "middleName": "O.",
    "lastName": "Berg",
    "initials": "NB",
    "title": "Picker",
    "jobdescription": "Picks.",
    "email": "nils@example.com",
    "phone": "1",
    "officePhone": "2",
    "mobilePhone": "3",
    "homePhone": "4",
    "fax": "5",
    "comments": "Überall. \\n",
    "accountNumber": "A-1",
    "giveAccess": False,
    "isInactive": True,
    "issalesrep": True,
    "issupportrep": True,
    "isJobResource": True,
    "isJobManager": True,
    "hireDate": "2024-02-29",
    "releasedate": "2026-12-31",
    "lastReviewDate": "2025-01-01",
    "nextReviewDate": "2027-01-01",
    "laborCost": 12.5,
    "expenselimit": 100.0,
    "purchaseorderlimit": 0.0,
    "globalSubscriptionStatus": {"id": "2", "refName": "Soft Opt-Out"},
    "subsidiary": {"id": "1", "refName": "Ridgeline Outfitters"},
    "department": {"id": "3", "refName": "Warehouse"},
    "class": {"id": "4", "refName": "Retail"},
    "location": {"id": "5", "refName": "Denver"},
    "supervisor": {"id": "4172", "refName": "Dana Ortiz"},
    "approver": {"id": "4101", "refName": "Ann Keller"},
}


def organised(emulator: Emulator) -> Emulator:
    for kind, entries in zip(("department", "class", "location"), ORGANISATION.values(), strict=True):
        for entry in entries:
            emulator.run("INSERT INTO classifications VALUES ('1234567', ?, ?, ?)", kind, entry["id"], entry["name"])
    return emulator


@pytest.fixture
def writer(emulator: Emulator) -> Client:
    return a_writer(emulator)


def created(client: Client, content: object, **headers: str) -> str:
    """The path of a new employee."""
    answer = client.send("POST", BASE, json=content, headers=headers)
    assert answer.status_code == 204, answer.text
    assert answer.headers["Location"].startswith(f"{client.url}{BASE}/")
    return answer.headers["Location"].removeprefix(client.url)


def without_links(body: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return {k: v for k, v in value.items() if k != "links"} if isinstance(value, dict) else value

    return {name: plain(value) for name, value in body.items() if name not in {"links", "roles"}}


def test_a_value_is_known_for_every_field_that_can_be_written() -> None:
    assert set(VALUES) == {field.name for field in FIELDS if field.writable and field.kind is not Kind.SECRET}


def test_every_field_is_written_and_comes_back(emulator: Emulator) -> None:
    path = created(organised(emulator).admin, VALUES)

    body = without_links(emulator.admin.send("GET", path).json())
    assert body.pop("id") == path.rpartition("/")[2]
    assert body.pop("dateCreated") == body.pop("lastModifiedDate")
    assert body == VALUES


@pytest.mark.parametrize("name", VALUES)
def test_every_field_can_be_changed_alone_under_a_name_in_any_case_and_leaves_one_note(
    emulator: Emulator, name: str
) -> None:
    before = without_links(organised(emulator).admin.send("GET", PRIYA).json())

    assert emulator.admin.patch(PRIYA, {name.upper(): VALUES[name]}).status_code == 204

    after = without_links(emulator.admin.send("GET", PRIYA).json())
    assert after[name] == VALUES[name]
    changed = {key for key in after if before.get(key) != after[key]} - {"lastModifiedDate"}
    assert changed <= {name}
    is_access = name == "giveAccess"
    assert len(notes(emulator, "4210")) == (0 if is_access or before.get(name) == after[name] else 1)


@pytest.mark.parametrize("name", [name for name in VALUES if name not in {"entityId", "subsidiary", "email"}])
def test_null_empties_a_field_that_may_be_empty(emulator: Emulator, name: str) -> None:
    path = created(organised(emulator).admin, VALUES)
    if isinstance(VALUES[name], bool):
        assert error(emulator.admin.patch(path, {name: None}), 400)["o:errorPath"] == name
        return

    assert emulator.admin.patch(path, {name: None}).status_code == 204
    assert name not in emulator.admin.send("GET", path).json()


@pytest.mark.parametrize("name", ["entityId", "subsidiary"])
def test_what_every_employee_has_cannot_be_emptied(emulator: Emulator, name: str) -> None:
    detail = error(emulator.admin.patch(PRIYA, {name: None}), 400)["detail"]

    assert detail.startswith("Error while accessing a resource. Please enter value(s) for: ")


def test_with_replace_selected_fields_only_the_named_fields_are_emptied(emulator: Emulator) -> None:
    content = {"title": None, "firstName": None}

    assert emulator.admin.patch(f"{PRIYA}?replaceSelectedFields=true&replace=title", content).status_code == 204

    body = emulator.admin.send("GET", PRIYA).json()
    assert "title" not in body
    assert body["firstName"] == "Priya"


@pytest.mark.parametrize("form", [{"id": "4172"}, {"id": 4172}, "4172", 4172, {"externalId": "emp-dana-ortiz"}])
def test_a_reference_is_an_object_or_the_id_alone(emulator: Emulator, form: object) -> None:
    assert emulator.admin.patch(PRIYA, {"supervisor": form}).status_code == 204
    assert emulator.admin.send("GET", PRIYA).json()["supervisor"]["refName"] == "Dana Ortiz"


@pytest.mark.parametrize("form", [{"id": "2"}, {"refName": "Soft Opt-Out"}, "2"])
def test_an_enumeration_is_written_by_id_or_label(emulator: Emulator, form: object) -> None:
    assert emulator.admin.patch(PRIYA, {"globalSubscriptionStatus": form}).status_code == 204

    simple = emulator.admin.send("GET", f"{PRIYA}?simpleEnumFormat=true").json()
    assert simple["globalSubscriptionStatus"] == "2"


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"department": {"id": "3"}}, "department"),
        ({"supervisor": 1}, "supervisor"),
        ({"supervisor": {"externalId": "nobody"}}, "supervisor"),
        ({"subsidiary": {"id": "2"}}, "subsidiary"),
        ({"globalSubscriptionStatus": "5"}, "globalSubscriptionStatus"),
        ({"password": "a", "password2": "b"}, "password2"),
    ],
)
def test_a_value_without_a_meaning_is_refused_whatever_the_header_says(
    emulator: Emulator, content: object, path: str
) -> None:
    answer = emulator.admin.patch(PRIYA, content, **{"X-NetSuite-PropertyValueValidation": "Ignore"})

    detail = error(answer, 400)
    assert (detail["o:errorCode"], detail["o:errorPath"]) == ("INVALID_CONTENT", path)


WRONG = [
    {"isInactive": "T"}, {"email": 5}, {"hireDate": "29.2.2024"}, {"hireDate": "2023-02-29"}, {"hireDate": 5},
    {"hireDate": "20240301"}, {"hireDate": "2024-03-01T25:00"},
    {"laborCost": "12"}, {"laborCost": True}, {"laborCost": 10**400}, {"supervisor": True}, {"supervisor": {}},
    {"sendEmail": "yes"}, {"password": 5},
]  # fmt: skip


@pytest.mark.parametrize("content", WRONG)
def test_a_value_of_the_wrong_form_is_an_error_a_warning_or_nothing(
    emulator: Emulator, content: dict[str, Any]
) -> None:
    name = next(iter(content))
    both = {**content, "title": "Lead"}

    detail = error(emulator.admin.patch(PRIYA, both), 400)
    assert (detail["o:errorCode"], detail["o:errorPath"]) == ("INVALID_VALUE", name)
    warned = emulator.admin.patch(PRIYA, both, **{"X-NetSuite-PropertyValueValidation": "Warning"})
    assert warned.status_code == 204
    assert name in warned.headers["X-NetSuite-Warning"]
    ignored = emulator.admin.patch(PRIYA, both, **{"X-NetSuite-PropertyValueValidation": "ignore"})
    assert "X-NetSuite-Warning" not in ignored.headers
    assert emulator.admin.send("GET", PRIYA).json()["title"] == "Lead"


def test_a_date_may_come_with_a_time(emulator: Emulator) -> None:
    assert emulator.admin.patch(PRIYA, {"hireDate": "2024-02-29T23:30:00-07:00"}).status_code == 204
    assert emulator.admin.send("GET", PRIYA).json()["hireDate"] == "2024-02-29"


def test_the_code_of_a_wrong_value_is_a_switch(emulator: Emulator) -> None:
    emulator.behave(bad_value_code="INVALID_CONTENT")

    assert error(emulator.admin.patch(PRIYA, {"email": 5}), 400)["o:errorCode"] == "INVALID_CONTENT"


def test_an_unknown_name_comes_back_as_a_warning_in_a_header_of_the_switchs_name(emulator: Emulator) -> None:
    content: dict[str, Any] = {"rolles": {}, "custentity_x": 1, **roles(1035), "title": "Lead"}
    content["roles"]["items"][0]["fooé\n"] = 1

    answer = emulator.admin.patch(f"{PRIYA}?replace=roles", content)
    assert "rolles" in answer.headers["X-NetSuite-Warning"]
    assert "roles.items[0].foo" in answer.headers["X-NetSuite-Warning"]
    emulator.behave(warning_header="X-Other")
    assert "custentity_x" in emulator.admin.patch(PRIYA, {"custentity_x": 1}).headers["X-Other"]


def test_a_thousand_warnings_still_fit_into_a_header(emulator: Emulator) -> None:
    answer = emulator.admin.patch(PRIYA, {f"unknown{index}": 1 for index in range(5000)})

    assert len(answer.headers["X-NetSuite-Warning"]) == 4000


def test_the_headers_of_validation_take_three_words(emulator: Emulator) -> None:
    for header in ("X-NetSuite-PropertyNameValidation", "X-NetSuite-PropertyValueValidation"):
        detail = error(emulator.admin.patch(PRIYA, {}, **{header: "Maybe"}), 400)
        assert (detail["o:errorCode"], detail["o:errorHeader"]) == ("INVALID_REQUEST", header)


@pytest.mark.parametrize("name", sorted(NOT_KEPT))
def test_a_field_that_is_not_kept_is_refused_and_not_forgotten(story: Emulator, name: str) -> None:
    headers = {"X-NetSuite-PropertyNameValidation": "Ignore"}
    detail = error(story.admin.patch(PRIYA, {name: "x", "title": "y"}, **headers), 501)

    assert detail["detail"].startswith(f"The emulator does not serve the field {name} of employee")
    assert detail["o:errorPath"] == name


def test_no_name_is_both_kept_and_not_kept() -> None:
    assert not NOT_KEPT & {field.name.lower() for field in FIELDS}


def test_read_only_fields_are_left_out_or_refused(emulator: Emulator) -> None:
    content: dict[str, Any] = {
        "id": "1",
        "links": [],
        "DATECREATED": "2020-01-01T00:00:00Z",
        "lastModifiedDate": None,
        "refName": "x",
    }
    before = emulator.admin.send("GET", PRIYA).json()["dateCreated"]

    assert emulator.admin.patch(PRIYA, content).status_code == 204
    assert emulator.admin.send("GET", PRIYA).json()["dateCreated"] == before
    emulator.behave(read_only_fields="refused")
    assert error(emulator.admin.patch(PRIYA, {"id": "1"}), 400)["o:errorPath"] == "id"


def test_a_new_employee_is_named_after_its_parts_and_leaves_one_note_without_values(
    emulator: Emulator, writer: Client
) -> None:
    path = created(writer, {**NEW, "title": "Picker"})
    key = path.rpartition("/")[2]

    body = writer.send("GET", path).json()
    assert (body["entityId"], body["giveAccess"], body["isInactive"]) == ("Nils Berg", False, False)
    (note,) = notes(emulator, key)
    assert (note["type"], note["name"], note["role"], note["context"]) == ("1", "4191", "1052", "WEBSERVICES")
    assert not {"field", "oldvalue", "newvalue"} & note.keys()


def test_a_new_employee_with_access_is_in_the_access_history(emulator: Emulator) -> None:
    path = created(emulator.admin, {**NEW, "email": "nils@example.com", "giveAccess": True, **roles(1035)})

    assert held(emulator, path.rpartition("/")[2]) == [1035]
    rows = emulator.server.world.database.rows("SELECT description FROM access_history ORDER BY rowid")
    assert [row["description"] for row in rows] == ["Role Warehouse Manager added", "Access given"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "Please enter value(s) for: First Name, Last Name"),
        ({"firstName": "Nils"}, "Please enter value(s) for: Subsidiary"),
        ({**NEW, "entityId": "DANA ORTIZ"}, "This entity already exists."),
        ({**NEW, "externalId": "emp-dana-ortiz"}, "This record already exists."),
        ({**NEW, **roles(3)}, "Only an administrator can assign the Administrator role."),
    ],
)
def test_what_a_new_employee_may_not_be(writer: Client, content: object, sentence: str) -> None:
    detail = error(writer.send("POST", BASE, json=content), 400)

    assert detail == {"detail": f"Error while accessing a resource. {sentence}", "o:errorCode": "USER_ERROR"}
    assert writer.send("GET", BASE).json()["totalResults"] == 24


def test_names_stay_unique_when_they_are_changed(emulator: Emulator) -> None:
    assert error(emulator.admin.patch(PRIYA, {"entityId": "Dana Ortiz"}), 400)["o:errorCode"] == "USER_ERROR"
    assert emulator.admin.patch(PRIYA, {"entityId": "priya nair"}).status_code == 204
    assert emulator.admin.patch(PRIYA, {"email": "dana.ortiz@example.com"}).status_code == 204
    emulator.behave(email_unique="yes")
    assert error(emulator.admin.patch(PRIYA, {"email": "ann@example.com"}), 400)["o:errorCode"] == "USER_ERROR"


def test_where_there_is_one_company_no_subsidiary_is_asked_for(emulator: Emulator) -> None:
    emulator.behave(subsidiary_required="no")

    path = created(emulator.admin, {"entityId": "N", "subsidiary": None})
    assert emulator.admin.send("GET", path).json()["subsidiary"]["id"] == "1"


def test_an_upsert_creates_and_then_updates(emulator: Emulator, writer: Client) -> None:
    first = writer.send("PUT", f"{BASE}/eid:emp_new-1", json=NEW)
    second = writer.send("PUT", f"{BASE}/EID:emp_new-1", json={"title": "Lead", "externalId": "emp_new-1"})

    assert (first.status_code, second.status_code) == (204, 204)
    assert first.headers["Location"] == second.headers["Location"]
    body = writer.send("GET", f"{BASE}/eid:emp_new-1").json()
    assert (body["title"], body["lastName"], body["externalId"]) == ("Lead", "Berg", "emp_new-1")


def test_an_upsert_needs_an_external_id_and_only_one(writer: Client) -> None:
    assert error(writer.send("PUT", PRIYA, json={}), 400)["o:errorCode"] == "INVALID_ID"
    other = writer.send("PUT", f"{BASE}/eid:a", json={**NEW, "externalId": "b"})
    assert error(other, 400)["o:errorPath"] == "externalId"


def test_the_case_of_an_external_id_is_a_switch(emulator: Emulator) -> None:
    assert error(emulator.admin.send("GET", f"{BASE}/eid:EMP-priya-nair"), 404)["o:errorCode"] == "NONEXISTENT_ID"
    emulator.behave(external_id_case="insensitive")
    assert emulator.admin.send("GET", f"{BASE}/eid:EMP-priya-nair").json()["id"] == "4210"


def test_a_deleted_employee_is_gone_with_tokens_mappings_and_grants(emulator: Emulator) -> None:
    emulator.admin.patch(f"{BASE}/4309", {"supervisor": 4210, "approver": 4210})

    answer = emulator.admin.send("DELETE", PRIYA)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Location" not in answer.headers
    assert error(emulator.admin.send("GET", PRIYA), 404)["o:errorCode"] == "NONEXISTENT_ID"
    for table in ("tokens", "certificates", "grants"):
        statement = f"SELECT COUNT(*) FROM {table} WHERE employee = 4210"  # noqa: S608 - one of three names above
        assert emulator.server.world.database.number(statement) == 0
    assert not {"supervisor", "approver"} & emulator.admin.send("GET", f"{BASE}/4309").json().keys()


def test_the_id_of_a_deleted_employee_is_never_given_again(emulator: Emulator) -> None:
    first = created(emulator.admin, NEW)
    emulator.admin.send("DELETE", first)

    assert int(created(emulator.admin, NEW).rpartition("/")[2]) == int(first.rpartition("/")[2]) + 1


def test_nobody_deletes_themselves_and_no_lesser_role_an_administrator(emulator: Emulator, writer: Client) -> None:
    assert error(emulator.admin.send("DELETE", f"{BASE}/4190"), 400)["o:errorCode"] == "USER_ERROR"
    assert "only an administrator" in error(writer.send("DELETE", DANA), 400)["detail"]
    emulator.behave(admin_record_status="403")
    answer = writer.send("PUT", f"{BASE}/eid:emp-dana-ortiz", json={"title": "x"})
    assert "only an administrator" in error(answer, 403)["detail"]


@pytest.mark.parametrize(
    ("level", "method", "path", "status"),
    [
        (1, "POST", BASE, 403), (2, "POST", BASE, 204), (2, "PATCH", PRIYA, 403), (3, "PATCH", PRIYA, 204),
        (3, "DELETE", PRIYA, 403), (4, "DELETE", PRIYA, 204), (1, "PUT", f"{BASE}/eid:a", 403),
        (2, "PUT", f"{BASE}/eid:emp-priya-nair", 403), (2, "PUT", f"{BASE}/eid:a", 204),
    ],
)  # fmt: skip
def test_each_method_needs_its_level(
    emulator: Emulator, writer: Client, level: int, method: str, path: str, status: int
) -> None:
    emulator.run("UPDATE permissions SET level = ? WHERE role = 1052 AND key = 'LIST_EMPLOYEE'", level)
    content = None if method == "DELETE" else NEW

    assert writer.send(method, path, json=content).status_code == status


def test_access_cannot_lose_its_email(emulator: Emulator) -> None:
    assert error(emulator.admin.patch(PRIYA, {"email": None}), 400)["o:errorPath"] == "email"
    assert emulator.admin.patch(PRIYA, {"email": None, "giveAccess": False}).status_code == 204


def test_the_prefix_of_note_fields_is_a_switch_for_both_sides(emulator: Emulator) -> None:
    emulator.behave(employee_note_prefix="EMPLOYEE")
    emulator.admin.patch(PRIYA, {"supervisor": 4172})
    emulator.act("employees/4210", {"as": "lee.wong@example.com", "active": False})

    assert [(note["field"], note["newvalue"]) for note in notes(emulator, "4210")] == [
        ("EMPLOYEE.KSUPERVISOR", "Dana Ortiz"), ("EMPLOYEE.BINACTIVE", "T"),
    ]  # fmt: skip


def test_a_failed_write_leaves_nothing_at_all(emulator: Emulator, writer: Client) -> None:
    content = {**NEW, "giveAccess": True, "email": "nils@example.com"}  # access without a role

    assert error(writer.send("POST", BASE, json=content), 400)["o:errorPath"] == "roles"
    assert writer.send("GET", BASE).json()["totalResults"] == 24
    assert emulator.server.world.database.rows("SELECT * FROM access_history") == []


def test_a_seed_may_hold_all_of_it(start: Start, a_seed: Callable[[dict[str, Any]], Path]) -> None:
    person = {
        "id": 1, "entityid": "A", "email": "a@example.com", "access": True, "roles": ["Administrator"],
        "middlename": "M.", "hiredate": "2024-02-29", "laborcost": 1.5, "issalesrep": True,
        "globalsubscriptionstatus": 2, "department": "Warehouse", "class": "Retail", "location": "Denver",
        "supervisor": "B", "approver": "B",
    }  # fmt: skip
    account = {
        "roles": [{"id": 3, "name": "Administrator"}],
        **ORGANISATION,
        "employees": [person, {"id": 2, "entityid": "B"}],
        "integrations": [{"id": 1, "name": "App"}],
        "logins": [{"employee": "A", "role": "Administrator", "application": "App", "default": True}],
    }

    body = start(seed=a_seed(account)).login("a@example.com").send("GET", f"{BASE}/1").json()

    assert (body["middleName"], body["hireDate"], body["laborCost"]) == ("M.", "2024-02-29", 1.5)
    assert body["issalesrep"] is True
    names = [body[name]["refName"] for name in ("department", "class", "location", "supervisor", "approver")]
    assert names == ["Warehouse", "Retail", "Denver", "B", "B"]


@pytest.mark.parametrize(("name", "value"), [("email", "nonsense"), ("email", "a b@example.com"), ("title", "a\0b")])
def test_a_text_that_cannot_be_is_refused(emulator: Emulator, name: str, value: str) -> None:
    refused = error(emulator.admin.patch(PRIYA, {name: value}), 400)

    assert (refused["o:errorCode"], refused["o:errorPath"]) == ("INVALID_VALUE", name)


def test_a_text_of_blanks_is_empty(emulator: Emulator) -> None:
    refused = error(emulator.admin.patch(PRIYA, {"entityId": "  "}), 400)
    assert refused["detail"].endswith("Please enter value(s) for: Entity ID")

    assert emulator.admin.patch(PRIYA, {"title": " \t"}).status_code == 204
    assert "title" not in emulator.admin.send("GET", PRIYA).json()


@pytest.mark.parametrize(("given", "shown"), [({}, "null"), ({"selectedRole": {"id": True}}, "true")])
def test_a_role_that_is_no_id_is_told_as_json_has_it(story: Emulator, given: object, shown: str) -> None:
    refused = error(story.admin.patch(PRIYA, {"roles": {"items": [given]}}), 400)

    assert f"Invalid Field Value {shown} for" in refused["detail"]


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"supervisor": {"id": "4172", "nmae": "x"}}, "supervisor.nmae"),
        ({"globalSubscriptionStatus": {"id": "1", "x": 1}}, "globalSubscriptionStatus.x"),
        ({"roles": {"items": [], "itmes": []}}, "roles.itmes"),
        ({"roles": {"items": [{"selectedRole": {"id": "1031", "x": 1}}]}}, "roles.items[0].selectedRole.x"),
    ],
)
def test_a_wrong_name_is_found_at_any_depth(emulator: Emulator, content: dict[str, Any], path: str) -> None:
    strict = {"X-NetSuite-PropertyNameValidation": "Error"}

    assert error(emulator.admin.patch(PRIYA, content, **strict), 400)["o:errorPath"] == path
    assert path in emulator.admin.patch(PRIYA, content).headers["X-NetSuite-Warning"]


def test_what_was_read_can_be_written_back(emulator: Emulator) -> None:
    record = emulator.admin.send("GET", f"{PRIYA}?expandSubResources=true").json()

    answer = emulator.admin.patch(f"{PRIYA}?replace=roles", record, **{"X-NetSuite-PropertyNameValidation": "Error"})

    assert answer.status_code == 204, answer.text


def test_the_address_in_an_error_is_the_one_that_was_asked_for(story: Emulator) -> None:
    assert error(story.admin.send("GET", f"{PRIYA}/roles/99"), 404)["o:errorUrl"] == f"{PRIYA}/roles/99"
