"""The back door: a person's rules, the Connector, the clock, faults and the request log."""

from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, CONNECTOR, CONNECTOR_ROLE, Emulator

LEE = "lee.wong@example.com"
PRIYA = "priya.nair@example.com"
DANA = "dana.ortiz@example.com"
TIME = "/services/rest/system/v1/serverTime"
DANAS = {"as": LEE, "application": CONNECTOR, "user": DANA, "role": CONNECTOR_ROLE}
ORDERS = "connectors/NetSuite%20Connector/orders"
CREDENTIALS = "connectors/NetSuite%20Connector/credentials"


def grant(emulator: Emulator, who: str, *roles: str, status: int = 200) -> Any:
    return emulator.act(f"employees/{who}/roles", {"as": LEE, "add": list(roles)}, status)


def test_health_names_the_accounts(story: Emulator) -> None:
    health = story.door("GET", "health")

    assert (health["emulator"], health["accounts"]) == (True, [ACCOUNT])
    assert health["now"].endswith("Z")
    assert health["version"]


def test_a_login_is_handed_out_by_name_or_by_default(story: Emulator) -> None:
    default = story.act("login", {})

    assert (default["employee"], default["role"], default["application"]) == (
        "svc.reader@example.com", "Reconciler Reader", "Reconciler",
    )  # fmt: skip
    assert set(default) == {
        "consumer_key", "consumer_secret", "token_id", "token_secret", "employee", "role", "application",
    }  # fmt: skip
    assert story.act("login", {"role": "Administrator"})["employee"] == "svc.admin@example.com"
    refusal = story.act("login", {"employee": DANA}, 404)["error"]
    assert "svc.admin@example.com as Administrator" in refusal


def test_the_whole_handover_works(emulator: Emulator) -> None:
    assert emulator.act(ORDERS, status=201)["set_by_email"] == "ann@example.com"

    grant(emulator, DANA, CONNECTOR_ROLE)
    token = emulator.act("tokens", DANAS, 201)
    saved = emulator.act(CREDENTIALS, {name: token[name] for name in ("token_id", "token_secret")})
    emulator.door("POST", "clock", {"advance": "1h"})
    order = emulator.act(ORDERS, status=201)

    assert token["name"] == f"{CONNECTOR} - Dana Ortiz, {CONNECTOR_ROLE}"
    assert saved["saved"]
    assert saved["tested"]
    assert (order["posted"], order["set_by"], order["set_by_email"]) == (True, "Dana Ortiz", DANA)
    rows = emulator.reader.items(
        "SELECT t.tranid, t.createdby, n.name, n.context FROM transaction t, systemnote n"
        " WHERE n.recordid = t.id AND n.recordtypeid = -30 AND n.type = 1 AND t.id = ?",
        order["order"]["id"],
    )
    assert rows == [{"tranid": order["order"]["tranid"], "createdby": "4172", "name": "4172", "context": "WEBSERVICES"}]
    assert emulator.newest_audit()["user_agent"] == "test-client/1"
    last = emulator.reader.items(
        "SELECT user, oauthaccesstokenname AS t FROM loginaudit WHERE oauthappname = ? ORDER BY date DESC", CONNECTOR
    )
    assert last[0] == {"user": "4172", "t": token["name"]}


def test_a_dead_token_stops_the_orders(emulator: Emulator) -> None:
    emulator.act("tokens/102/deactivate", {"as": LEE})

    assert emulator.act(ORDERS) == {"posted": False, "status": 401, "detail": "token_rejected"}
    emulator.act("tokens/102/activate", {"as": LEE})
    emulator.act("integrations/NetSuite%20Connector", {"as": LEE, "state": "Blocked"})
    assert emulator.act(ORDERS)["detail"] == "consumer_key_refused"


def test_a_failed_test_saves_or_keeps(emulator: Emulator) -> None:
    wrong = {"token_id": "x", "token_secret": "y"}
    emulator.behave(connector_failed_test="keeps")
    assert emulator.act(CREDENTIALS, wrong)["saved"] is False
    assert emulator.act(ORDERS, status=201)["posted"]

    emulator.behave(connector_failed_test="saves")
    answer = emulator.act(CREDENTIALS, wrong)

    assert (answer["saved"], answer["tested"]) == (True, False)
    assert emulator.act(ORDERS)["posted"] is False


def test_a_connector_without_credentials_says_so(story: Emulator) -> None:
    assert "no credentials" in story.act("connectors/Shipping%20Hub/orders", status=409)["error"]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"as": "nobody@example.com"}, 404, "no employee"),
        ({"as": "victor.lund@example.com"}, 403, "cannot log in"),
        ({"as": PRIYA}, 403, "Access Token Management"),
        ({"as": None}, 400, "Say who"),
        ({"application": "Nothing"}, 404, "There are: NetSuite Connector"),
        ({"user": "nobody"}, 404, "no employee"),
        ({"role": "Nothing"}, 404, "no role"),
        ({"role": "Accountant"}, 409, "does not hold"),
        ({"user": "victor.lund@example.com"}, 409, "inactive"),
        ({"role": "Administrator"}, 403, "only by its own user"),
        ({"user": ""}, 400, "user is missing"),
        ({"extra": 1}, 400, "Unknown keys: extra"),
    ],
)
def test_a_token_is_created_only_as_the_interface_allows(
    story: Emulator, changed: dict[str, Any], status: int, words: str
) -> None:
    assert words in story.act("tokens", {**DANAS, **changed}, status)["error"]


def test_a_token_manager_who_is_no_administrator(emulator: Emulator) -> None:
    emulator.run("INSERT INTO permissions VALUES ('1234567', 1035, 'ADMI_MANAGE_OAUTH_TOKENS', 4)")
    grant(emulator, DANA, CONNECTOR_ROLE)
    grant(emulator, PRIYA, CONNECTOR_ROLE)

    assert emulator.act("tokens", {**DANAS, "as": PRIYA, "name": "Mine"}, 201)["name"] == "Mine"
    assert "themselves" in emulator.act("tokens", {**DANAS, "as": PRIYA, "user": PRIYA}, 403)["error"]
    own = {"as": PRIYA, "application": "Reconciler", "user": DANA, "role": "Administrator"}
    assert "only by its own user" in emulator.act("tokens", own, 403)["error"]
    assert "out of reach" in emulator.act("tokens/105/deactivate", {"as": PRIYA}, 403)["error"]


def test_an_administrator_creates_an_administrator_token_for_themselves(emulator: Emulator) -> None:
    own = {"as": DANA, "application": "Reconciler", "user": DANA, "role": "Administrator"}

    assert emulator.act("tokens", own, 201)["token_secret"]


def test_a_role_without_token_login_gets_no_token(emulator: Emulator) -> None:
    grant(emulator, DANA, "Accountant")

    assert "Log in using Access Tokens" in emulator.act("tokens", {**DANAS, "role": "Accountant"}, 409)["error"]


def test_revoking_is_final(emulator: Emulator) -> None:
    revoked = emulator.act("tokens/102/revoke", {"as": LEE})

    assert (revoked["revoked"], revoked["inactive"]) == (True, False)
    assert "no longer be edited" in emulator.act("tokens/102/activate", {"as": LEE}, 409)["error"]
    assert "no token" in emulator.act("tokens/999/revoke", {"as": LEE}, 404)["error"]


def test_the_token_list_holds_no_secret(story: Emulator) -> None:
    rows = story.door("GET", f"accounts/{ACCOUNT}/tokens")

    assert len(rows) == 5
    assert set(rows[0]) == {
        "id", "name", "application", "user", "user_name", "role", "created", "inactive", "revoked",
    }  # fmt: skip


def test_only_administrators_touch_administrators(emulator: Emulator) -> None:
    for key in ("LIST_EMPLOYEE", "LIST_EMPLOYEE_ACCESS"):
        emulator.run("INSERT INTO permissions VALUES ('1234567', 1035, ?, 4)", key)
    by = {"as": PRIYA}

    assert emulator.act("employees/marco.silva@example.com/roles", {**by, "add": ["Buyer"]})["roles"]
    assert (
        "only an Administrator"
        in emulator.act("employees/marco.silva@example.com/roles", {**by, "add": ["Administrator"]}, 403)["error"]
    )
    assert "administrator record" in emulator.act(f"employees/{DANA}", {**by, "active": False}, 403)["error"]
    assert "lacks" in emulator.act(f"employees/{DANA}", {"as": "tom.becker@example.com", "active": False}, 403)["error"]


def test_people_are_changed_and_shown(emulator: Emulator) -> None:
    answer = emulator.act(f"employees/{PRIYA}/roles", {"as": LEE, "add": ["Buyer"], "remove": ["Warehouse Manager"]})
    assert [role["name"] for role in answer["roles"]] == ["Buyer", "Shipping Hub Web Services"]

    answer = emulator.act(f"employees/{PRIYA}", {"as": LEE, "active": False, "access": False})
    assert (answer["active"], answer["access"]) == (False, False)
    assert emulator.person("4210") == answer


@pytest.mark.parametrize(
    ("path", "content", "status", "words"),
    [
        (f"employees/{PRIYA}/roles", {"remove": ["1035", "1060"]}, 409, "at least one"),
        (f"employees/{PRIYA}/roles", {"add": "Buyer"}, 400, "list of texts"),
        (f"employees/{PRIYA}", {"active": "no"}, 400, "true or false"),
        ("employees/omar.haddad@example.com", {"access": True}, 409, "no role"),
        ("integrations/Reconciler", {"state": "Off"}, 400, "must be one of"),
        ("integrations/Nothing", {"state": "Blocked"}, 404, "There are:"),
        ("tokens/1/explode", {}, 404, "has no"),
    ],
)  # fmt: skip
def test_what_the_interface_refuses(
    story: Emulator, path: str, content: dict[str, Any], status: int, words: str
) -> None:
    assert words in story.act(path, {"as": LEE, **content}, status)["error"]


def test_deleting_an_employee_deletes_their_tokens(emulator: Emulator) -> None:
    emulator.door("DELETE", f"accounts/{ACCOUNT}/employees/ann@example.com", {"as": LEE})

    assert "102" not in {row["id"] for row in emulator.door("GET", f"accounts/{ACCOUNT}/tokens")}
    assert emulator.act(ORDERS)["detail"] == "token_rejected"
    emulator.door("DELETE", f"accounts/{ACCOUNT}/employees/{LEE}", {"as": LEE}, 409)


def test_a_blocked_integration_leaves_a_note(emulator: Emulator) -> None:
    emulator.act("integrations/NetSuite%20Connector", {"as": LEE, "state": "Blocked"})

    note = emulator.reader.items("SELECT record, oldvalue, newvalue, name FROM systemnote ORDER BY id DESC")[0]
    assert note == {"record": CONNECTOR, "oldvalue": "Enabled", "newvalue": "Blocked", "name": "4180"}


def test_a_refresh_wipes_all_tokens(emulator: Emulator) -> None:
    reader = emulator.reader
    assert emulator.act("refresh")["tokens_wiped"] == 5

    assert reader.send("GET", TIME).status_code == 401
    assert emulator.newest_audit()["detail"] == "token_rejected"
    assert "sandbox refresh" in emulator.act("login", {}, 404)["error"]
    again = {"as": LEE, "application": "Reconciler", "user": "svc.reader@example.com", "role": "Reconciler Reader"}
    made = emulator.act("tokens", again, 201)
    assert emulator.act("login", {})["token_id"] == made["token_id"]
    assert emulator.reader.send("GET", TIME).status_code == 200


@pytest.mark.parametrize(
    ("content", "now"),
    [
        ({"set": "2026-12-01T00:00:00Z"}, "2026-12-01T00:00:0"),
        ({"set": "2026-12-01T02:00:00+02:00"}, "2026-12-01T00:00:0"),
        ({"set": "2026-12-01"}, "2026-12-01T00:00:0"),
    ],
)
def test_the_clock_can_be_set(emulator: Emulator, content: dict[str, str], now: str) -> None:
    assert emulator.door("POST", "clock", content)["now"].startswith(now)
    assert emulator.door("GET", "clock")["now"].startswith(now)


@pytest.mark.parametrize(("text", "now"), [("90s", "00:01:30"), ("2m", "00:02:00"), ("3h", "03:00:00")])
def test_the_clock_can_be_advanced(emulator: Emulator, text: str, now: str) -> None:
    emulator.door("POST", "clock", {"set": "2026-12-01T00:00:00Z"})

    assert emulator.door("POST", "clock", {"advance": text})["now"][11:18] == now[:7]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"advance": "1"},
        {"advance": "1w"},
        {"set": "soon"},
        {"set": "x", "advance": "1h"},
        {"to": "x"},
        {"advance": "9999999d"},
        {"advance": "-9999999d"},
        {"set": "9999-12-31T23:59:59Z"},
        {"set": "0001-01-01T00:00:00+14:00"},
        {"set": "1899-12-31"},
    ],
)
def test_a_clock_that_cannot_be_moved_says_why(story: Emulator, content: dict[str, str]) -> None:
    assert story.door("POST", "clock", content, 400)["error"]


def test_a_fault_hits_as_often_as_asked(emulator: Emulator) -> None:
    emulator.door("POST", "faults", {"match": "GET /services/rest/system", "times": 2, "status": 429}, 201)

    statuses = [emulator.reader.send("GET", TIME).status_code for _ in range(3)]

    assert statuses == [429, 429, 200]


def test_a_fault_has_netsuites_shape_unless_it_brings_its_own(emulator: Emulator) -> None:
    emulator.behave(retry_after="3")
    emulator.door("POST", "faults", {"match": "* .*", "status": 429, "headers": {"X-Test": "1"}}, 201)
    emulator.door("POST", "faults", {"match": "* .*", "status": 503, "body": "<html>"}, 201)
    emulator.door("POST", "faults", {"match": "* .*", "status": 500, "body": {"a": 1}}, 201)

    first, second, third = (emulator.reader.send("GET", TIME) for _ in range(3))

    assert first.json()["o:errorDetails"][0]["o:errorCode"] == "CONCURRENCY_LIMIT_EXCEEDED"
    assert (first.headers["Retry-After"], first.headers["X-Test"]) == ("3", "1")
    assert (second.status_code, second.text) == (503, "<html>")
    assert (third.status_code, third.json()) == (500, {"a": 1})


def test_a_fault_before_the_work_changes_nothing_one_after_it_does(emulator: Emulator) -> None:
    path = "/services/rest/record/v1/employee/4210"
    for after in (False, True):
        emulator.door("POST", "faults", {"match": f"PATCH {path}", "drop": True, "after": after}, 201)
        with pytest.raises(requests.ConnectionError):
            emulator.admin.patch(path, {"title": f"after {after}"})

        wanted = "after True" if after else "Warehouse Manager"
        assert emulator.admin.send("GET", path).json()["title"] == wanted
    dropped = [row for row in emulator.door("GET", "requests") if row["method"] == "PATCH"]
    assert [row["status"] for row in dropped] == [0, 0]


def test_faults_can_be_taken_back(emulator: Emulator) -> None:
    emulator.door("POST", "faults", {"match": "* .*", "times": 100}, 201)
    emulator.door("DELETE", "faults")

    assert emulator.reader.send("GET", TIME).status_code == 200


@pytest.mark.parametrize(
    "content",
    [{}, {"match": "GET"}, {"match": "* ("}, {"match": "* .*", "status": 1}, {"match": "* .*", "times": "x"},
     {"match": "* .*", "headers": {"a": "b\r\nc: d"}}, {"match": "* .*", "headers": []}, {"match": "* .*", "x": 1}],
)  # fmt: skip
def test_a_fault_out_of_form_is_refused(story: Emulator, content: dict[str, Any]) -> None:
    assert story.door("POST", "faults", content, 400)["error"]


def test_behaviours_are_listed_and_switched(emulator: Emulator) -> None:
    listed = {row["name"]: row for row in emulator.door("GET", "behaviours")}
    assert listed["suiteql-zone"]["value"] == "caller"

    changed = {row["name"]: row for row in emulator.door("POST", "behaviours", {"suiteql-zone": "utc"})}

    assert changed["suiteql-zone"]["value"] == "utc"


@pytest.mark.parametrize("content", [{"nothing": "x"}, {"suiteql-zone": "mars"}, {"loginaudit-delay": "-1"},
                                     {"suiteql-zone": 1}])  # fmt: skip
def test_a_switch_that_does_not_exist_is_refused(story: Emulator, content: dict[str, Any]) -> None:
    assert story.door("POST", "behaviours", {"error-type": "w3.org", **content}, 400)["error"]
    listed = {row["name"]: row["value"] for row in story.door("GET", "behaviours")}
    assert listed["error-type"] == "rfc9110"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("DELETE", "health", 405),
        ("POST", "accounts/999/login", 404),
        ("GET", "accounts/1234567/employees/nobody", 404),
        ("POST", "accounts/1234567/sql", 404),
    ],
)
def test_paths_the_back_door_lacks(story: Emulator, method: str, path: str, status: int) -> None:
    assert story.door(method, path, status=status)["error"].endswith(".")


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"advance": NaN}', '{"set": "\\ud800"}', "[" * 99_999])
def test_a_body_that_is_no_object(story: Emulator, body: str) -> None:
    answer = requests.post(f"{story.url}/_emulator/clock", data=body, timeout=10)

    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [{"Host": "attacker.example"}, {"Host": "127.0.0.1.attacker.example"}, {"Origin": "http://attacker.example"}],
)
def test_no_page_elsewhere_reaches_the_back_door(story: Emulator, headers: dict[str, str]) -> None:
    answer = requests.get(f"{story.url}/_emulator/health", headers=headers, timeout=10)

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"email": "nonsense"}, "no e-mail address"),
        ({"entityid": "  "}, "needs an entityid"),
        ({"entityid": "DANA ortiz"}, "This entity already exists."),
        ({"external_id": "EMP-dana-ortiz"}, "This record already exists."),
    ],
)
def test_what_the_record_service_refuses_of_an_employee_is_refused_by_the_back_door(
    story: Emulator, content: dict[str, str], words: str
) -> None:
    for path, more in (("employees/4210", {}), ("employees", {"entityid": "Nils Berg"})):
        refused = story.act(path, {"as": LEE, **more, **content}, None)["error"]
        assert words in refused or refused == "entityid is missing."


def test_an_email_that_is_taken_is_refused_where_addresses_are_unique(emulator: Emulator) -> None:
    emulator.behave(email_unique="yes")

    refused = emulator.act("employees/4210", {"as": LEE, "email": "Dana.Ortiz@example.com"}, 409)

    assert refused["error"] == "This email address is already in use."


def test_no_token_is_created_while_the_feature_is_off(emulator: Emulator) -> None:
    emulator.act("features", {"as": LEE, "token_based_authentication": False})

    refused = emulator.act("tokens", {"as": LEE, "application": CONNECTOR, "user": LEE, "role": "Administrator"}, 409)

    assert "feature Token-Based Authentication is not enabled" in refused["error"]


def test_an_inactive_role_cannot_be_given_but_stays_where_it_is(emulator: Emulator) -> None:
    emulator.act("roles/1035", {"as": LEE, "inactive": True})

    assert "is inactive" in emulator.act("employees/4301/roles", {"as": LEE, "add": ["1035"]}, 409)["error"]
    assert "1035" in {
        role["id"] for role in emulator.act("employees/4210/roles", {"as": LEE, "add": ["1035"]})["roles"]
    }


def test_deleting_needs_the_level_full(emulator: Emulator) -> None:
    emulator.act("roles/1052", {"as": LEE, "permissions": {"LIST_EMPLOYEE": "Edit"}})
    reader = {"as": "svc.reader@example.com"}

    assert "level Full" in emulator.door("DELETE", f"accounts/{ACCOUNT}/employees/4301", reader, 403)["error"]

    emulator.act("roles/1052", {"as": LEE, "permissions": {"LIST_EMPLOYEE": "Full"}})
    assert emulator.door("DELETE", f"accounts/{ACCOUNT}/employees/4301", reader) == {"deleted": "4301"}
