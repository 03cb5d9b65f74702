"""The login check: the reason stands in the audit trail, never in the answer."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, Client, Emulator

TIME = "/services/rest/system/v1/serverTime"
GENERIC = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)


def refused(answer: requests.Response) -> None:
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=error"
    assert answer.json() == {
        "type": "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2",
        "title": "Unauthorized",
        "status": 401,
        "o:errorDetails": [{"detail": GENERIC, "o:errorCode": "INVALID_LOGIN"}],
    }
    assert "X-Emulator-Reason" not in answer.headers


def test_a_good_login_gets_in_and_leaves_a_row(emulator: Emulator) -> None:
    answer = emulator.login(agent="probe/7").send("GET", TIME)

    assert answer.status_code == 200
    row = emulator.newest_audit()
    assert (row["status"], row["detail"], row["application"]) == ("Success", "", "Reconciler")
    assert (row["employee"], row["role"], row["user_agent"]) == (4191, 1052, "probe/7")
    assert (row["email"], row["request_uri"]) == ("svc.reader@example.com", TIME)


def other(name: str, value: str) -> Callable[[Client], Client]:
    return lambda client: client.with_(credentials={**client.credentials, name: value})


def option(**wrong: Any) -> Callable[[Client], Client]:
    return lambda client: client.with_(wrong=wrong)


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        (other("consumer_key", "nobody"), "consumer_key_unknown"),
        (other("consumer_secret", "wrong"), "InvalidSignature"),
        (other("token_id", "nobody"), "token_rejected"),
        (other("token_secret", "wrong"), "InvalidSignature"),
        (option(nonce="12345"), "nonce_rejected"),
        (option(timestamp="1"), "InvalidTimestamp"),
        (option(timestamp="soon"), "InvalidTimestamp"),
        (option(timestamp="-5"), "InvalidTimestamp"),
        (option(timestamp="9" * 30), "InvalidTimestamp"),
        (option(signature_method="HMAC-SHA1"), "UnknownAlgorithm"),
        (option(signature_method="PLAINTEXT"), "UnknownAlgorithm"),
        (option(resource_owner_key=None), "MissingTokenPassportRequiredFields"),
        (option(callback_uri="http://localhost/"), "parameter_rejected"),
    ],
)
def test_each_flaw_has_its_detail(emulator: Emulator, spoil: Callable[[Client], Client], detail: str) -> None:
    refused(spoil(emulator.reader).send("GET", TIME))

    row = emulator.newest_audit()
    assert (row["status"], row["detail"]) == ("Failure", detail)


@pytest.mark.parametrize("skew", [-290, 290])
def test_five_minutes_of_skew_are_allowed(emulator: Emulator, skew: int) -> None:
    client = emulator.reader.with_(wrong={"timestamp": str(int(time.time()) + skew)})

    assert client.send("GET", TIME).status_code == 200


@pytest.mark.parametrize("skew", [-310, 310])
def test_more_skew_is_refused(emulator: Emulator, skew: int) -> None:
    refused(emulator.reader.with_(wrong={"timestamp": str(int(time.time()) + skew)}).send("GET", TIME))

    assert emulator.newest_audit()["detail"] == "InvalidTimestamp"


def test_a_nonce_works_once(emulator: Emulator) -> None:
    client = emulator.reader.with_(wrong={"nonce": "once-only-1", "timestamp": str(int(time.time()))})

    assert client.send("GET", TIME).status_code == 200
    refused(client.send("GET", TIME))
    assert emulator.newest_audit()["detail"] == "NonceUsed"


def test_a_nonce_of_a_forged_request_is_not_used_up(emulator: Emulator) -> None:
    fixed = {"nonce": "once-only-2", "timestamp": str(int(time.time()))}
    client = emulator.reader.with_(wrong=fixed)
    forged = other("token_secret", "wrong")(client)

    refused(forged.send("GET", TIME))

    assert client.send("GET", TIME).status_code == 200


@pytest.mark.parametrize("realm", ["1234567_sb1", "9999999", ""])
def test_a_realm_that_names_no_account_is_refused(emulator: Emulator, realm: str) -> None:
    before = emulator.newest_audit()["id"]

    refused(emulator.reader.with_(account=realm).send("GET", TIME))

    assert emulator.newest_audit()["id"] == before


@pytest.mark.parametrize(
    ("sql", "detail"),
    [
        ("UPDATE integrations SET state = 'Blocked'", "consumer_key_refused"),
        ("UPDATE integrations SET state = 'Waiting for Approval'", "consumer_key_refused"),
        ("UPDATE tokens SET inactive = 1", "token_rejected"),
        ("UPDATE tokens SET revoked = 1", "token_rejected"),
        ("UPDATE tokens SET integration = 14 WHERE integration = 21", "token_rejected"),
        ("UPDATE employees SET active = 0", "permission_denied"),
        ("UPDATE employees SET access = 0", "permission_denied"),
        ("UPDATE roles SET inactive = 1", "permission_denied"),
        ("DELETE FROM grants", "permission_denied"),
        ("DELETE FROM permissions WHERE key = 'ADMI_LOGIN_OAUTH'", "permission_denied"),
        ("""UPDATE accounts SET features = '{"token_based_authentication": false}'""", "FeatureDisabled"),
    ],
)
def test_each_state_that_forbids_a_login_has_its_detail(emulator: Emulator, sql: str, detail: str) -> None:
    client = emulator.reader
    emulator.run(sql)

    refused(client.send("GET", TIME))

    assert emulator.newest_audit()["detail"] == detail


def test_a_failed_login_names_the_owner_of_a_known_token(emulator: Emulator) -> None:
    client = emulator.reader
    emulator.run("UPDATE tokens SET inactive = 1")

    refused(client.send("GET", TIME))

    row = emulator.newest_audit()
    assert (row["employee"], row["role"], row["email"]) == (4191, 1052, "svc.reader@example.com")


def test_the_role_of_a_failed_login_can_be_empty(emulator: Emulator) -> None:
    emulator.behave(loginaudit_failed_role="empty")

    refused(other("token_secret", "wrong")(emulator.reader).send("GET", TIME))

    assert emulator.newest_audit()["role"] is None


def test_user_access_tokens_allow_a_token_login(emulator: Emulator) -> None:
    client = emulator.reader
    emulator.run("UPDATE permissions SET key = 'ADMI_MANAGE_OWN_OAUTH_TOKENS' WHERE key = 'ADMI_LOGIN_OAUTH'")

    assert client.send("GET", TIME).status_code == 200


def test_a_version_other_than_1_0_is_rejected(emulator: Emulator) -> None:
    header = 'OAuth realm="1234567", oauth_consumer_key="a", oauth_token="b", oauth_nonce="123456", oauth_signature="x"'
    header += f', oauth_timestamp="{int(time.time())}", oauth_signature_method="HMAC-SHA256", oauth_version="2.0"'

    refused(requests.get(emulator.url + TIME, headers={"Authorization": header}, timeout=10))

    assert emulator.newest_audit()["detail"] == "VersionRejected"


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ('OAuth realm="1234567"', "MissingTokenPassportRequiredFields"),
        ('OAuth realm="1234567", oauth_token="a b"', "parameter_rejected"),
        ('OAuth realm="1234567", oauth_token="%FF"', "parameter_rejected"),
    ],
)
def test_a_broken_header_still_reaches_the_trail_of_its_account(emulator: Emulator, header: str, detail: str) -> None:
    refused(requests.get(emulator.url + TIME, headers={"Authorization": header}, timeout=10))

    assert emulator.newest_audit()["detail"] == detail


def test_no_authorization_at_all_is_refused(emulator: Emulator) -> None:
    refused(requests.get(emulator.url + TIME, timeout=10))


def test_a_bearer_token_is_refused_as_oauth_2_says(emulator: Emulator) -> None:
    answer = requests.get(emulator.url + TIME, headers={"Authorization": "Bearer x"}, timeout=10)

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_query_parameters_are_signed(emulator: Emulator) -> None:
    client = emulator.reader
    prepared = requests.Request("GET", f"{client.url}/services/rest/record/v1/employee?limit=1", auth=client.auth())
    signed = prepared.prepare()
    signed.url = f"{client.url}/services/rest/record/v1/employee?limit=2"

    refused(client.session.send(signed, timeout=10))
    assert emulator.newest_audit()["detail"] == "InvalidSignature"


def test_other_words_for_a_refused_login(emulator: Emulator) -> None:
    emulator.behave(login_error_code="INVALID_LOGIN_ATTEMPT", error_type="w3.org")

    body = requests.get(emulator.url + TIME, timeout=10).json()

    assert body["type"] == "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
    assert body["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN_ATTEMPT"


def test_a_session_makes_one_row_if_it_is_to(emulator: Emulator) -> None:
    emulator.behave(loginaudit_rows="session")
    client = emulator.login(agent="probe/8")

    for _ in range(3):
        client.send("GET", TIME)

    rows = emulator.server.world.database.number("SELECT COUNT(*) FROM login_audit WHERE user_agent = 'probe/8'")
    assert rows == 1


def test_moving_the_account_clock_does_not_break_signatures(emulator: Emulator) -> None:
    client = emulator.reader
    emulator.door("POST", "clock", {"advance": "30d"})

    assert client.send("GET", TIME).status_code == 200
    emulator.behave(signature_clock="account")
    refused(client.send("GET", TIME))


def test_every_account_has_its_own_logins(emulator: Emulator) -> None:
    emulator.run("INSERT INTO accounts VALUES ('1234567_SB1', 'Sandbox', 'UTC', '{}')")

    refused(emulator.reader.with_(account="1234567_SB1").send("GET", TIME))

    assert emulator.newest_audit()["account"] == "1234567_SB1"
    assert emulator.newest_audit()["detail"] == "consumer_key_unknown"
    assert emulator.reader.account == ACCOUNT


# The form of a signature, line by line


def bare(emulator: Emulator, query: str = "", **changed: str | None) -> requests.Response:
    """A request whose header is written by hand; a value of None leaves a parameter out."""
    values = {
        "oauth_consumer_key": emulator.reader.credentials["consumer_key"],
        "oauth_token": emulator.reader.credentials["token_id"],
        "oauth_nonce": "by-hand-1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
        "oauth_signature": "c2lnbmVk",
        **changed,
    }
    listed = ", ".join(f'{name}="{value}"' for name, value in values.items() if value is not None)
    header = {"Authorization": f'OAuth realm="{ACCOUNT}", {listed}'}
    return requests.get(emulator.url + TIME + query, headers=header, timeout=10)


@pytest.mark.parametrize(
    ("query", "changed", "detail"),
    [
        ("", {}, "InvalidSignature"),
        ("", {"oauth_version": None}, "InvalidSignature"),
        ("", {"oauth_version": "2.0"}, "VersionRejected"),
        ("", {"oauth_token": None}, "MissingTokenPassportRequiredFields"),
        ("", {"oauth_token": ""}, "parameter_rejected"),
        ("", {"oauth_nonce": "lower%2fcase"}, "parameter_rejected"),
        ("", {"oauth_nonce": "a+space"}, "parameter_rejected"),
        ("", {"role": "3"}, "parameter_rejected"),
        ("", {"oauth_verifier": "x"}, "parameter_rejected"),
        ("?oauth_nonce=by-hand-1", {}, "parameter_rejected"),
    ],
)
def test_each_parameter_stands_once_encoded_and_in_the_header(
    emulator: Emulator, query: str, changed: dict[str, str | None], detail: str
) -> None:
    refused(bare(emulator, query, **changed))

    assert emulator.newest_audit()["detail"] == detail


def test_parameters_in_the_query_alone_are_no_login(emulator: Emulator) -> None:
    prepared = requests.Request("GET", emulator.url + TIME, auth=emulator.reader.auth()).prepare()
    words = str(prepared.headers["Authorization"]).removeprefix("OAuth ").split(", ")
    query = "&".join(word.replace('"', "") for word in words)

    refused(requests.get(f"{emulator.url}{TIME}?{query}", timeout=10))


def test_a_password_is_no_login(emulator: Emulator) -> None:
    header = "NLAuth nlauth_account=1234567, nlauth_email=ann@example.com, nlauth_signature=x, nlauth_role=3"

    answer = requests.get(emulator.url + TIME, headers={"Authorization": header}, timeout=10)

    refused(answer)
    assert "WWW-Authenticate" not in answer.headers


def test_the_version_can_be_asked_for(emulator: Emulator) -> None:
    emulator.behave(oauth_version_parameter="required")

    refused(bare(emulator, oauth_version=None))

    assert emulator.newest_audit()["detail"] == "MissingTokenPassportRequiredFields"


def test_a_refused_signature_gets_the_challenge_that_was_seen(emulator: Emulator) -> None:
    wrong = other("token_secret", "wrong")(emulator.reader)
    challenge = 'OAuth realm="1234567", error="{}", error_description="Invalid login attempt."'

    assert wrong.send("GET", TIME).headers["WWW-Authenticate"] == challenge.format("token_rejected")
    emulator.behave(oauth_challenge="detail")
    assert wrong.send("GET", TIME).headers["WWW-Authenticate"] == challenge.format("InvalidSignature")
    emulator.behave(oauth_challenge="absent")
    assert "WWW-Authenticate" not in wrong.send("GET", TIME).headers


def test_a_realm_that_is_no_account_does_not_come_back(emulator: Emulator) -> None:
    answer = emulator.reader.with_(account="<b>").send("GET", TIME)

    assert answer.headers["WWW-Authenticate"].startswith('OAuth error="token_rejected"')


def test_a_nonce_is_used_up_for_all_tokens_of_a_user(emulator: Emulator) -> None:
    by = {"as": "svc.admin@example.com", "application": "Shipping Hub", "user": "svc.admin@example.com"}
    made = emulator.act("tokens", {**by, "role": "Administrator"}, 201)
    hub = emulator.server.world.database.row("SELECT * FROM integrations WHERE name = 'Shipping Hub'")
    assert hub is not None
    fixed = {"nonce": "once-only-4", "timestamp": str(int(time.time()))}
    first = emulator.admin.with_(wrong=fixed)
    second = first.with_(
        credentials={
            "consumer_key": hub["consumer_key"],
            "consumer_secret": hub["consumer_secret"],
            "token_id": made["token_id"],
            "token_secret": made["token_secret"],
        }
    )

    assert first.send("GET", TIME).status_code == 200
    refused(second.send("GET", TIME))
    assert emulator.newest_audit()["detail"] == "NonceUsed"
    assert emulator.reader.with_(wrong=fixed).send("GET", TIME).status_code == 200


def test_timestamps_may_go_backwards_unless_they_must_not(emulator: Emulator) -> None:
    now = int(time.time())
    client = emulator.reader
    earlier = client.with_(wrong={"timestamp": str(now - 60)})

    assert client.send("GET", TIME).status_code == 200
    assert earlier.send("GET", TIME).status_code == 200
    emulator.behave(timestamp_order="enforced")
    refused(earlier.send("GET", TIME))
    assert emulator.newest_audit()["detail"] == "InvalidTimestamp"
