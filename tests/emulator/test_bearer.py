"""Access tokens on the served paths: who gets in, who does not, and what the trail says."""

import base64
import json
import time

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.emulator.clients import ACCOUNT, Emulator
from tests.emulator.oauth2_clients import Machine, machine

TIME = "/services/rest/system/v1/serverTime"
SUITEQL = "/services/rest/query/v1/suiteql"
GENERIC = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)
INVALID = f'Bearer realm="{ACCOUNT}", error="invalid_token", error_description="Invalid login attempt."'


def refused(answer: requests.Response) -> None:
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == INVALID
    assert answer.json()["o:errorDetails"] == [{"detail": GENERIC, "o:errorCode": "INVALID_LOGIN"}]
    assert "X-Emulator-Reason" not in answer.headers


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_suiteql_and_records_are_served_to_a_bearer(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()
    query = "SELECT oauthappname, oauthaccesstokenname, user, role FROM loginaudit WHERE useragent = 'test-machine/1'"

    found = one.send("POST", SUITEQL, token, json={"q": query}, headers={"Prefer": "transient"})
    record = one.send("GET", "/services/rest/record/v1/employee/4172", token)

    assert found.status_code == 200, found.text
    row = found.json()["items"][0]
    assert (row["oauthappname"], row["user"], row["role"]) == ("Reconciler", "4191", "1052")
    assert "oauthaccesstokenname" not in row
    # The reader may not open an administrator's record, whatever the login.
    assert record.status_code == 400
    assert one.send("GET", "/services/rest/record/v1/employee/4309", token).json()["entityId"] == "Noah Fischer"


def test_a_bearer_may_write_what_its_role_may(emulator: Emulator) -> None:
    one = machine(emulator, "PS256", employee="svc.admin@example.com", role="Administrator")

    answer = one.send("PATCH", "/services/rest/record/v1/employee/4309", one.token(), json={"title": "Head of Picking"})

    assert answer.status_code == 204


def test_a_success_leaves_a_row_without_a_token_name(emulator: Emulator) -> None:
    one = machine(emulator)

    one.send("GET", TIME, one.token())

    row = emulator.newest_audit()
    assert (row["status"], row["detail"], row["application"], row["token"]) == ("Success", "", "Reconciler", "")
    assert (row["employee"], row["role"], row["request_uri"]) == (4191, 1052, TIME)


def test_the_scheme_is_written_in_any_case(emulator: Emulator) -> None:
    headers = {"Authorization": f"bearer {machine(emulator).token()}"}

    assert requests.get(emulator.url + TIME, headers=headers, timeout=10).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer a,b", 'Bearer token="x"', "Bearer ä"])
def test_a_malformed_header_is_an_invalid_request(story: Emulator, header: str) -> None:
    answer = requests.get(story.url + TIME, headers={"Authorization": header.encode()}, timeout=10)

    assert answer.status_code == 400
    assert answer.headers["WWW-Authenticate"].startswith(f'Bearer realm="{ACCOUNT}", error="invalid_request"')
    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_REQUEST"


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def tampered(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{encoded({**claims_of(token), 'sub': '3;4190'})}.{signature}"


def of_another_key(token: str) -> str:
    return jwt.encode(claims_of(token), rsa.generate_private_key(65537, 2048), "RS256")


def with_a_secret(token: str) -> str:
    return jwt.encode(claims_of(token), "a secret of at least thirty-two bytes", "HS256")


def unsigned(token: str) -> str:
    return jwt.encode(claims_of(token), "", "none")


def claiming_no_algorithm(token: str) -> str:
    _, claims, signature = token.split(".")
    return f"{encoded({'typ': 'JWT', 'alg': 'none'})}.{claims}.{signature}"


@pytest.mark.parametrize("forge", [tampered, of_another_key, with_a_secret, unsigned, claiming_no_algorithm])
def test_a_token_nobody_issued_is_refused(emulator: Emulator, forge: object) -> None:
    assert callable(forge)
    one = machine(emulator)
    token = one.token()

    refused(one.send("GET", TIME, forge(token)))

    row = emulator.newest_audit()
    assert (row["status"], row["detail"], row["employee"]) == ("Failure", "InvalidSignature", None)


def test_a_token_before_any_was_issued_is_refused(emulator: Emulator) -> None:
    one = machine(emulator)

    refused(one.send("GET", TIME, one.assertion()))

    assert emulator.newest_audit()["detail"] == "InvalidSignature"


@pytest.mark.parametrize("claimed", [["x;9999999", "y"], "x", None, [1, 2], ["only;one"]])
def test_a_token_of_no_account_here_is_judged_by_the_only_one_or_by_none(emulator: Emulator, claimed: object) -> None:
    token = jwt.encode({"aud": claimed}, "a secret of at least thirty-two bytes", "HS256")
    before = emulator.newest_audit()["id"]

    refused(machine(emulator).send("GET", TIME, token))

    rows = emulator.newest_audit()["id"] - before
    assert rows == (0 if claimed == ["x;9999999", "y"] else 1)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE integrations SET state = 'Blocked'", "IntegrationBlocked"),
        ("UPDATE integrations SET client_credentials = 0", "AuthorizationCodeGrantRequired"),
        ("DELETE FROM integrations", "InvalidIntegration"),
        ("""UPDATE accounts SET features = '{"oauth2": false}'""", "FeatureDisabled"),
        ("UPDATE employees SET active = 0", "EntityOrRoleDisabled"),
        ("UPDATE employees SET access = 0", "EntityOrRoleDisabled"),
        ("UPDATE roles SET inactive = 1", "EntityOrRoleDisabled"),
        ("DELETE FROM grants", "EntityOrRoleDisabled"),
        ("DELETE FROM employees", "EntityOrRoleDisabled"),
        ("DELETE FROM permissions WHERE key = 'ADMI_LOGIN_OAUTH2'", "EntityOrRoleDisabled"),
    ],
)
def test_each_state_that_forbids_a_login_has_its_detail(emulator: Emulator, sql: str, reason: str) -> None:
    one = machine(emulator)
    token = one.token()
    emulator.run(sql)

    refused(one.send("GET", TIME, token))

    row = emulator.newest_audit()
    assert (row["status"], row["detail"], row["token"]) == ("Failure", reason, "")


def test_a_token_ends_after_an_hour(emulator: Emulator) -> None:
    emulator.behave(access_token_clock="account")
    one = machine(emulator)
    token = one.token()
    emulator.door("POST", "clock", {"advance": "59m"})
    assert one.send("GET", TIME, token).status_code == 200

    emulator.door("POST", "clock", {"advance": "1m"})

    refused(one.send("GET", TIME, token))
    row = emulator.newest_audit()
    assert (row["detail"], row["employee"], row["role"]) == ("AccessTokenExpired", 4191, 1052)
    assert one.send("GET", TIME, one.token()).status_code == 200


def test_moving_the_account_clock_ends_no_token(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()

    emulator.door("POST", "clock", {"advance": "30d"})

    assert one.send("GET", TIME, token).status_code == 200


def test_a_token_can_be_made_short_lived(emulator: Emulator) -> None:
    emulator.behave(access_token_life="0")
    one = machine(emulator)

    refused(one.send("GET", TIME, one.token()))

    assert emulator.newest_audit()["detail"] == "AccessTokenExpired"


def test_a_revoked_certificates_tokens_live_on_or_end(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()
    emulator.act(f"certificates/{one.certificate_id}/revoke", {"as": "lee.wong@example.com"})

    assert one.send("GET", TIME, token).status_code == 200
    emulator.behave(revoked_certificate_tokens="end")
    refused(one.send("GET", TIME, token))
    assert emulator.newest_audit()["detail"] == "TokenRejected"


def test_a_session_makes_one_row_if_it_is_to(emulator: Emulator) -> None:
    emulator.behave(loginaudit_rows="session")
    one = machine(emulator)
    token = one.token()

    for _ in range(3):
        one.send("GET", TIME, token)

    assert (
        emulator.server.world.database.number("SELECT COUNT(*) FROM login_audit WHERE user_agent LIKE 'test-m%'") == 1
    )


def test_tokens_of_one_account_are_nothing_in_another(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()
    emulator.run("INSERT INTO accounts VALUES ('7654321', 'Other', 'UTC', '{}')")
    header, _, signature = token.split(".")
    aud = claims_of(token)["aud"]
    assert isinstance(aud, list)
    moved = f"{header}.{encoded({**claims_of(token), 'aud': [aud[0].replace(ACCOUNT, '7654321'), aud[1]]})}.{signature}"

    answer = one.send("GET", TIME, moved)

    assert answer.status_code == 401
    assert 'realm="7654321"' in answer.headers["WWW-Authenticate"]
    assert emulator.newest_audit()["account"] == "7654321"
    assert one.send("GET", TIME, token).status_code == 200


def test_the_request_log_names_the_account_and_no_token(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()
    one.send("GET", TIME, token)

    text = json.dumps(emulator.door("GET", "requests"))

    assert [row["account"] for row in json.loads(text)] == ["", ACCOUNT]
    assert token not in text


def test_too_many_bearers_are_counted_like_anybody(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()
    emulator.behave(concurrency_limit="1")
    with emulator.server.pool.place(ACCOUNT):
        assert one.send("GET", TIME, token).status_code == 429
    assert one.send("GET", TIME, token).status_code == 200


def test_an_answer_is_quick(emulator: Emulator) -> None:
    one: Machine = machine(emulator)
    token = one.token()
    begin = time.perf_counter()

    for _ in range(20):
        one.send("GET", TIME, token)

    assert time.perf_counter() - begin < 2
