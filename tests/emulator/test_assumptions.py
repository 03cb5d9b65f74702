"""What the documentation leaves open, in each of its positions."""

from typing import Any

import jwt
import pytest

from tests.emulator.clients import CONNECTOR, Client, Emulator
from tests.emulator.oauth2_clients import machine

TIME = "/services/rest/system/v1/serverTime"
NOON = "2026-12-01T11:00:00Z"  # 12:00 in Berlin, 04:00 in Denver, 03:00 on the Pacific
SHOWN = {"caller": "12:00", "utc": "11:00", "account": "04:00", "pacific": "03:00"}


@pytest.fixture
def abroad(emulator: Emulator) -> Emulator:
    """The reader lives in Berlin, one token was made at noon, and it is noon."""
    emulator.run("UPDATE employees SET time_zone = 'Europe/Berlin' WHERE id = 4191")
    emulator.door("POST", "clock", {"set": NOON})
    emulator.run("UPDATE tokens SET created = ? WHERE id = 103", emulator.server.world.clock.now())
    return emulator


def times(reader: Client) -> dict[str, Any]:
    (audit,) = reader.with_(agent="zone/1").items(
        "SELECT MIN(TO_CHAR(date, 'HH24:MI')) AS audit, MIN(TO_CHAR(SYSDATE, 'HH24:MI')) AS sysdate"
        " FROM loginaudit WHERE useragent = 'zone/1'"
    )
    (token,) = reader.items("SELECT TO_CHAR(dcreated, 'HH24:MI') AS token FROM oauthtoken WHERE id = 103")
    (order,) = reader.items("SELECT MAX(TO_CHAR(createddate, 'HH24:MI')) AS ordered FROM transaction")
    return {**audit, **token, **order}


@pytest.mark.parametrize("zone", SHOWN)
@pytest.mark.parametrize(
    ("switch", "of"),
    [("suiteql-sysdate-zone", "sysdate"), ("loginaudit-zone", "audit"), ("token-date-zone", "token")],
)
def test_each_kind_of_time_can_have_a_zone_of_its_own(abroad: Emulator, switch: str, of: str, zone: str) -> None:
    before = times(abroad.reader)
    assert {before[each] for each in ("audit", "sysdate", "token")} == {SHOWN["caller"]}

    abroad.door("POST", "behaviours", {switch: zone})

    assert times(abroad.reader) == {**before, of: SHOWN[zone]}


def test_without_one_they_are_where_the_others_are(abroad: Emulator) -> None:
    abroad.behave(suiteql_zone="utc", loginaudit_zone="same", token_date_zone="same", suiteql_sysdate_zone="same")

    shown = times(abroad.reader)

    assert {shown[each] for each in ("audit", "sysdate", "token")} == {SHOWN["utc"]}


@pytest.mark.parametrize(
    ("switch", "table", "permissions"),
    [
        ("role_assignment_permission", "employeerolesforsearch", ("LIST_EMPLOYEE_RECORD", "ADMI_MANAGEROLES")),
        ("integration_permission", "integrationapp", ("LIST_INTEGRAPP", "ADMI_INTEGRAPP")),
    ],
)
def test_which_permission_opens_an_undocumented_table(
    emulator: Emulator, switch: str, table: str, permissions: tuple[str, str]
) -> None:
    kept, lost = permissions
    query = f"SELECT * FROM {table}"  # noqa: S608 - a test's own
    assert emulator.reader.items(query)
    emulator.run("DELETE FROM permissions WHERE key = ?", lost)
    assert "was not found" in emulator.reader.refusal(query)

    emulator.behave(**{switch: kept})
    assert emulator.reader.items(query)
    emulator.behave(**{switch: lost})
    assert "was not found" in emulator.reader.refusal(query)
    emulator.run("DELETE FROM permissions WHERE key = ?", kept)
    emulator.behave(**{switch: "none"})
    assert emulator.reader.items(query)


@pytest.mark.parametrize(("position", "named"), [("named", "Reconciler"), ("empty", "")])
def test_a_failed_login_may_name_the_application(emulator: Emulator, position: str, named: str) -> None:
    reader = emulator.reader
    unknown = reader.with_(credentials={**reader.credentials, "token_id": "nobody"})
    emulator.behave(loginaudit_failed_application=position)

    assert unknown.send("GET", TIME).status_code == 401
    assert emulator.newest_audit()["application"] == named
    assert reader.with_(wrong={"nonce": "short"}).send("GET", TIME).status_code == 401
    assert emulator.newest_audit()["token"] == ""
    assert reader.send("GET", TIME).status_code == 200
    assert emulator.newest_audit()["application"] == "Reconciler"


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_access_tokens_are_signed_either_way(emulator: Emulator, algorithm: str) -> None:
    emulator.behave(access_token_algorithm=algorithm)
    one = machine(emulator)

    token = one.token()

    assert jwt.get_unverified_header(token)["alg"] == algorithm
    assert one.send("GET", TIME, token).status_code == 200
    spoilt = f"{token[:-4]}{'AAAA' if token[-4:] != 'AAAA' else 'BBBB'}"
    assert one.send("GET", TIME, spoilt).status_code == 401


def test_another_integrations_certificate_may_have_a_detail_of_its_own(emulator: Emulator) -> None:
    emulator.behave(other_integrations_certificate="ClientIdMismatch")
    one = machine(emulator)
    emulator.run("UPDATE certificates SET integration = 11")

    assert one.ask().json() == {"error": "invalid_client"}
    assert emulator.newest_audit()["detail"] == "ClientIdMismatch"


@pytest.mark.parametrize("code", ["USER_ERROR", "INSUFFICIENT_PERMISSION"])
def test_an_administrators_record_is_refused_with_either_code(emulator: Emulator, code: str) -> None:
    emulator.behave(admin_record_code=code)

    answer = emulator.reader.send("GET", "/services/rest/record/v1/employee/4172")

    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == code


def test_a_changed_state_leaves_a_note_without_what_nobody_knows(emulator: Emulator) -> None:
    emulator.act(f"integrations/{CONNECTOR}", {"as": "lee.wong@example.com", "state": "Blocked"})

    (note,) = emulator.admin.items(
        "SELECT recordtypeid, record, field, oldvalue, newvalue FROM systemnote WHERE newvalue = 'Blocked'"
    )

    assert note == {"record": CONNECTOR, "oldvalue": "Enabled", "newvalue": "Blocked"}


@pytest.mark.parametrize("emptied", [None, {"items": None}, {"Items": None}])
def test_null_empties_a_sublist_without_replacing_it(emulator: Emulator, emptied: object) -> None:
    path = "/services/rest/record/v1/employee/4210"
    held = emulator.admin.send("GET", f"{path}/roles").json()["count"]
    assert held > 0

    assert emulator.admin.patch(path, {"roles": {"items": []}}).status_code == 204
    assert emulator.admin.send("GET", f"{path}/roles").json()["count"] == held
    assert emulator.admin.patch(path, {"giveAccess": False, "roles": emptied}).status_code == 204

    assert emulator.admin.send("GET", f"{path}/roles").json()["count"] == 0
