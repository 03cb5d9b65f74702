"""Services beside RESTlets, and RESTlets: own tokens revoked and told, addresses; passwords get nobody in."""

from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, Client, Emulator
from tests.emulator.flow_clients import Application, application, refused
from tests.emulator.oauth2_clients import machine

TIME = "/services/rest/system/v1/serverTime"
INFO = "/rest/tokeninfo"
LEE = {"as": "lee.wong@example.com"}
CREDENTIALS = 'NLAuth nlauth_account=1234567, nlauth_email=ann@example.com, nlauth_signature="geh%40im", nlauth_role=3'


def revoke(client: Client, token: str, key: str | None = None) -> requests.Response:
    key = client.credentials["consumer_key"] if key is None else key
    return client.send("GET", f"/rest/revoketoken?consumerKey={key}&token={token}")


def danas(emulator: Emulator) -> tuple[Application, Client]:
    app = application(emulator)
    return app, app.client(app.granted())


def revoked(emulator: Emulator, token_id: str) -> bool:
    row = emulator.server.world.database.row("SELECT revoked FROM tokens WHERE token_id = ?", token_id)
    assert row is not None
    return bool(row["revoked"])


def test_a_token_revokes_itself_and_stays_in_the_list(emulator: Emulator) -> None:
    _, client = danas(emulator)

    answer = revoke(client, client.credentials["token_id"])

    assert (answer.status_code, answer.text) == (200, "")
    assert client.send("GET", TIME).status_code == 401
    assert emulator.newest_audit()["detail"] == "token_rejected"
    listed = emulator.door("GET", f"accounts/{ACCOUNT}/tokens")
    assert [row["revoked"] for row in listed if row["user"] == "dana.ortiz@example.com"] == [True]


def test_a_token_revokes_another_of_the_same_person(emulator: Emulator) -> None:
    app, client = danas(emulator)
    other = app.granted()["oauth_token"]

    assert revoke(client, other).status_code == 200
    assert revoked(emulator, other)
    assert refused(revoke(client, other)) == (403, "TokenRejected")


def test_the_body_of_a_revocation_can_be_json(emulator: Emulator) -> None:
    emulator.behave(revoketoken_body="json")
    _, client = danas(emulator)

    assert revoke(client, client.credentials["token_id"]).json() == {"success": True}


def test_nobody_revokes_what_is_not_theirs(emulator: Emulator) -> None:
    app, client = danas(emulator)
    anns = app.granted(employee="ann@example.com")["oauth_token"]
    own = client.credentials["token_id"]

    for answer in (revoke(client, anns), revoke(client, "guessed"), revoke(client, own, "another-key")):
        assert refused(answer) == (403, "TokenRejected")
    emulator.behave(revoketoken_refusal_status="400")
    assert refused(revoke(client, anns)) == (400, "TokenRejected")
    assert not revoked(emulator, anns)
    assert not revoked(emulator, own)


@pytest.mark.parametrize("query", ["", "?token=x", "?consumerKey=x", "?consumerKey=&token="])
def test_revoking_needs_both_parameters(emulator: Emulator, query: str) -> None:
    answer = emulator.admin.send("GET", f"/rest/revoketoken{query}")

    assert refused(answer) == (400, "MissingRequiredParameter")


def test_revoking_takes_the_permission_user_access_tokens(emulator: Emulator) -> None:
    reader = emulator.reader
    own = reader.credentials["token_id"]

    assert refused(revoke(reader, own)) == (403, "INSUFFICIENT_PERMISSION")
    emulator.behave(revoketoken_permission="any-token-login")
    assert revoke(reader, own).status_code == 200


@pytest.mark.parametrize("path", ["/rest/revoketoken?consumerKey=a&token=b", INFO])
def test_a_refused_login_has_the_shape_of_restlets(emulator: Emulator, path: str) -> None:
    client = emulator.reader.with_(credentials={**emulator.reader.credentials, "token_secret": "wrong"})

    assert refused(client.send("GET", path)) == (401, "INVALID_LOGIN_ATTEMPT")
    assert emulator.newest_audit()["detail"] == "InvalidSignature"
    assert refused(requests.get(emulator.url + path, timeout=10)) == (401, "INVALID_LOGIN_ATTEMPT")


def test_token_info_tells_who_the_token_stands_for(emulator: Emulator) -> None:
    answer = emulator.reader.send("GET", INFO)

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "companyName": "Ridgeline Outfitters",
        "companyId": ACCOUNT,
        "roleName": "Reconciler Reader",
        "roleId": "1052",
        "entityId": "4191",
    }


def test_token_info_can_have_other_names_and_numbers(emulator: Emulator) -> None:
    emulator.behave(tokeninfo_names="lower-case", tokeninfo_ids="number")

    content = emulator.reader.send("GET", INFO).json()

    assert content["companyname"] == "Ridgeline Outfitters"
    assert (content["roleid"], content["entityid"]) == (1052, 4191)


def test_token_info_takes_an_access_token_of_oauth_2(emulator: Emulator) -> None:
    token = machine(emulator).token()

    answer = requests.get(emulator.url + INFO, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    assert answer.json()["roleName"] == "Reconciler Reader"
    wrong = requests.get(emulator.url + INFO, headers={"Authorization": "Bearer x"}, timeout=10)
    assert refused(wrong) == (401, "INVALID_LOGIN_ATTEMPT")


@pytest.mark.parametrize("path", ["/rest/issuetoken?consumerKey=a", "/rest/roles", "/rest/revoketoken"])
def test_a_password_gets_nobody_in_and_is_kept_nowhere(
    emulator: Emulator, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = requests.get(emulator.url + path, headers={"Authorization": CREDENTIALS}, timeout=10)

    assert refused(answer) == (401, "INVALID_LOGIN_CREDENTIALS")
    assert "no passwords" in answer.headers["X-Emulator-Reason"]
    assert "geh" not in emulator.session.get(f"{emulator.url}/_emulator/requests", timeout=10).text + caplog.text


def test_addresses_work_from_the_callers_side(emulator: Emulator) -> None:
    url = f"{emulator.url}/rest/datacenterurls?account={ACCOUNT}"
    host = {"Host": "netsuite.example.com:8443"}

    assert requests.get(url, timeout=10).json() == dict.fromkeys(
        ("restDomain", "systemDomain", "webservicesDomain"), emulator.url
    )
    assert requests.get(url, headers=host, timeout=10).json()["restDomain"] == "http://netsuite.example.com:8443"


@pytest.mark.parametrize("query", ["", "?account=", "?account=1234567-sb1", "?account=9999999"])
def test_an_unknown_account_has_no_addresses(emulator: Emulator, query: str) -> None:
    answer = requests.get(f"{emulator.url}/rest/datacenterurls{query}", timeout=10)

    assert refused(answer) == (400, "INVALID_REQUEST")
    assert answer.json()["error"]["message"] == "Company Id is invalid"
    emulator.behave(datacenterurls_error_code="INVALID_COMPANY")
    assert refused(requests.get(answer.url, timeout=10))[1] == "INVALID_COMPANY"


def test_what_is_not_served_is_refused(emulator: Emulator) -> None:
    assert refused(requests.get(f"{emulator.url}/rest/other", timeout=10)) == (404, "NOT_FOUND")
    assert refused(requests.post(f"{emulator.url}{INFO}", timeout=10)) == (405, "INVALID_REQUEST")


RESTLET = "/app/site/hosting/restlet.nl?script=customscript_x&deploy=customdeploy_x"


def restlet(client: Client, method: str = "GET", **more: Any) -> requests.Response:
    return client.send(method, RESTLET, **more)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_restlet_is_not_there_and_the_login_counts(emulator: Emulator, method: str) -> None:
    answer = restlet(emulator.reader, method)

    assert refused(answer) == (404, "SSS_INVALID_SCRIPTLET_ID")
    assert answer.json()["error"]["message"] == "That Suitelet is invalid, disabled, or no longer exists."
    row = emulator.newest_audit()
    assert (row["status"], row["request_uri"]) == ("Success", "/app/site/hosting/restlet.nl")


def test_an_unknown_script_can_be_a_400(emulator: Emulator) -> None:
    emulator.behave(restlet_unknown_script_status="400")

    assert refused(restlet(emulator.reader)) == (400, "SSS_INVALID_SCRIPTLET_ID")


def test_no_other_method_is_taken(emulator: Emulator) -> None:
    assert refused(restlet(emulator.reader, "PATCH")) == (405, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (
            "application/xml",
            "<error><code>INVALID_LOGIN_ATTEMPT</code><message>Invalid login attempt.</message></error>",
        ),
        ("text/plain", "error code: INVALID_LOGIN_ATTEMPT\nerror message: Invalid login attempt."),
    ],
)
def test_a_restlet_answers_in_the_format_of_the_request(emulator: Emulator, content_type: str, body: str) -> None:
    answer = requests.post(emulator.url + RESTLET, headers={"Content-Type": content_type}, timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (401, content_type, body)


@pytest.mark.parametrize(
    ("wrong", "status", "code", "detail"),
    [
        ({"signature_method": "HMAC-SHA1"}, 400, "INVALID_REQUEST", "UnknownAlgorithm"),
        ({"timestamp": "1"}, 400, "INVALID_REQUEST", "InvalidTimestamp"),
        ({"callback_uri": "http://localhost/"}, 400, "INVALID_REQUEST", "parameter_rejected"),
        ({"resource_owner_key": None}, 400, "INVALID_REQUEST", "MissingTokenPassportRequiredFields"),
        ({"nonce": "12345"}, 401, "INVALID_LOGIN_ATTEMPT", "nonce_rejected"),
        ({"client_secret": "wrong"}, 401, "INVALID_LOGIN_ATTEMPT", "InvalidSignature"),
        ({"client_key": "nobody"}, 401, "INVALID_LOGIN_ATTEMPT", "consumer_key_unknown"),
        ({"resource_owner_key": "nobody"}, 401, "INVALID_LOGIN_ATTEMPT", "token_rejected"),
    ],
)
def test_a_restlet_tells_bad_syntax_from_a_bad_login(
    emulator: Emulator, wrong: dict[str, Any], status: int, code: str, detail: str
) -> None:
    assert refused(restlet(emulator.reader.with_(wrong=wrong))) == (status, code)

    assert emulator.newest_audit()["detail"] == detail


def test_a_nonce_used_twice_has_another_word_for_restlets(emulator: Emulator) -> None:
    client = emulator.reader.with_(wrong={"nonce": "once-only-3"})
    restlet(client)

    assert refused(restlet(client))[0] == 401
    assert emulator.newest_audit()["detail"] == "nonce_used"


def test_roles_for_web_services_only_do_not_work_with_restlets(emulator: Emulator) -> None:
    emulator.run("UPDATE roles SET web_services_only = 1 WHERE id = 1052")
    client = emulator.reader

    assert client.send("GET", TIME).status_code == 200
    assert refused(restlet(client)) == (401, "INVALID_LOGIN_CREDENTIALS")
    assert emulator.newest_audit()["detail"] == "permission_denied"
    emulator.behave(web_services_only_detail="WebServicesOnly")
    restlet(client)
    assert emulator.newest_audit()["detail"] == "WebServicesOnly"


def test_passwords_do_not_work_with_restlets(emulator: Emulator) -> None:
    answer = requests.get(emulator.url + RESTLET, headers={"Authorization": CREDENTIALS}, timeout=10)

    assert refused(answer) == (401, "INVALID_LOGIN_CREDENTIALS")


def test_an_access_token_needs_the_scope_restlets(emulator: Emulator) -> None:
    one = machine(emulator)

    def ask(scope: list[str]) -> requests.Response:
        token = one.ask(one.assertion(scope=scope)).json()["access_token"]
        return requests.get(emulator.url + RESTLET, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    assert refused(ask(["rest_webservices"])) == (401, "INVALID_LOGIN_ATTEMPT")
    assert emulator.newest_audit()["detail"] == "ScopeMismatched"
    assert refused(ask(["rest_webservices", "restlets"])) == (404, "SSS_INVALID_SCRIPTLET_ID")
    emulator.run("UPDATE roles SET web_services_only = 1 WHERE id = 1052")
    assert refused(ask(["rest_webservices", "restlets"])) == (401, "INVALID_LOGIN_CREDENTIALS")
