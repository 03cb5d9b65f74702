"""The three-step authorization flow: a token that a person allowed, and an error of its own for each flaw."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from oauthlib.oauth1.rfc5849 import signature, utils
from requests_oauthlib import OAuth1Session

from tests.emulator.clients import ACCOUNT, Emulator, Start
from tests.emulator.flow_clients import (
    ACCESS_TOKEN,
    CALLBACK,
    CONSENT,
    REQUEST_TOKEN,
    Application,
    application,
    refused,
)

TIME = "/services/rest/system/v1/serverTime"


def test_an_ordinary_client_gets_a_token_and_works_with_it(emulator: Emulator) -> None:
    app = application(emulator)
    flow = app.session()
    flow.fetch_request_token(emulator.url + REQUEST_TOKEN)
    address = flow.authorization_url(emulator.url + CONSENT, state="abc123")
    form = dict(parse_qsl(urlsplit(address).query))
    back = app.decide(form["oauth_token"], state=form["state"]).headers["Location"]
    flow.parse_authorization_response(back)
    token = flow.fetch_access_token(emulator.url + ACCESS_TOKEN)
    flow.close()

    with OAuth1Session(
        app.key,
        app.secret,
        token["oauth_token"],
        token["oauth_token_secret"],
        signature_method="HMAC-SHA256",
        realm=ACCOUNT,
    ) as session:
        assert session.get(emulator.url + TIME).status_code == 200
    row = emulator.newest_audit()
    assert (row["employee"], row["role"], row["application"]) == (4172, 3, "Shipping Hub")
    assert row["token"] == "Shipping Hub - Dana Ortiz, Administrator"


def test_the_way_back_carries_what_step_three_needs(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()

    back = app.allowed(asked["oauth_token"], state="s1")

    assert back.pop("oauth_verifier")
    assert back == {
        "oauth_token": asked["oauth_token"],
        "company": ACCOUNT,
        "role": "3",
        "entity": "4172",
        "state": "s1",
    }


def test_denying_comes_back_with_an_empty_verifier_and_ends_the_flow(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()

    back = app.allowed(asked["oauth_token"], decision="deny")

    assert back["oauth_verifier"] == ""
    assert refused(app.third(asked, "anything")) == (401, "TokenRejected")


def test_neither_realm_nor_version_is_needed(emulator: Emulator) -> None:
    app = application(emulator).with_(realm=None)

    assert app.granted()["oauth_token"]


def test_a_wanted_role_is_confirmed_and_chosen_beforehand(emulator: Emulator) -> None:
    header = signed_by_hand(application(emulator), role="1060")

    answer = requests.post(emulator.url + REQUEST_TOKEN, headers={"Authorization": header}, timeout=10)

    assert answer.status_code == 200, answer.text
    asked = dict(parse_qsl(answer.text))
    assert asked["role"] == "1060"
    page = consent(emulator, asked["oauth_token"], employee="priya.nair@example.com")
    assert '<option value="1060" selected>Shipping Hub Web Services</option>' in page.text


def signed_by_hand(app: Application, **more: str) -> str:
    """A header with a parameter that requests-oauthlib does not know; oauthlib makes its base string."""
    values = {
        "oauth_consumer_key": app.key,
        "oauth_nonce": "nonce-by-hand-1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_callback": CALLBACK,
        **more,
    }
    uri = signature.base_string_uri(app.emulator.url + REQUEST_TOKEN)
    parameters: Any = list(values.items())  # the stubs ask for a dict, the function for pairs
    text = signature.signature_base_string("POST", uri, signature.normalize_parameters(parameters))
    made = hmac.new(f"{app.secret}&".encode(), text.encode(), hashlib.sha256)
    values["oauth_signature"] = base64.b64encode(made.digest()).decode()
    listed = ", ".join(f'{name}="{utils.escape(value)}"' for name, value in values.items())
    return f'OAuth realm="{ACCOUNT}", {listed}'


def test_an_unknown_role_cannot_be_wanted(emulator: Emulator) -> None:
    for role in ("9999", "Buyer", "9" * 30):
        header = signed_by_hand(application(emulator), role=role, oauth_nonce=f"nonce-{role}")
        answer = requests.post(emulator.url + REQUEST_TOKEN, headers={"Authorization": header}, timeout=10)
        assert refused(answer) == (401, "EntityOrRoleDisabled")


def test_a_step_that_worked_makes_a_row_only_if_it_is_to(emulator: Emulator) -> None:
    app = application(emulator)
    before = emulator.newest_audit()["id"]

    app.granted()
    assert emulator.newest_audit()["id"] == before
    emulator.behave(loginaudit_token_request="all")
    app.granted()
    row = emulator.newest_audit()
    assert (row["status"], row["request_uri"], row["employee"], row["role"]) == ("Success", ACCESS_TOKEN, 4172, 3)


# Each error of https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_156934879823.html, by a request


def blocked(emulator: Emulator) -> None:
    emulator.act("integrations/Shipping%20Hub", {"as": "lee.wong@example.com", "state": "Blocked"})


def without_flow(emulator: Emulator) -> None:
    emulator.run("UPDATE integrations SET authorization_flow = 0")


def without_feature(emulator: Emulator) -> None:
    emulator.act("features", {"as": "lee.wong@example.com", "token_based_authentication": False})


def nothing(_emulator: Emulator) -> None:
    """The world is in order."""


ERRORS: list[tuple[Callable[[Emulator], None], dict[str, Any], int, str]] = [
    (nothing, {"client_key": "nobody"}, 401, "UnknownIntegration"),
    (blocked, {}, 401, "IntegrationBlocked"),
    (without_flow, {}, 401, "AuthorizationFlowRequired"),
    (without_feature, {}, 401, "FeatureDisabled"),
    (nothing, {"timestamp": "1"}, 401, "InvalidTimestamp"),
    (nothing, {"client_secret": "wrong"}, 401, "InvalidSignature"),
    (nothing, {"nonce": "12345"}, 401, "NonceRejected"),
    (nothing, {"signature_method": "HMAC-SHA1"}, 400, "UnknownAlgorithm"),
]


@pytest.mark.parametrize(("world", "wrong", "status", "code"), ERRORS)
def test_each_flaw_of_step_one_has_its_name(
    emulator: Emulator, world: Callable[[Emulator], None], wrong: dict[str, Any], status: int, code: str
) -> None:
    app = application(emulator).with_(wrong=wrong)
    world(emulator)

    assert refused(app.first()) == (status, code)

    row = emulator.newest_audit()
    assert (row["status"], row["detail"], row["request_uri"]) == ("Failure", code, REQUEST_TOKEN)


@pytest.mark.parametrize(("world", "wrong", "status", "code"), ERRORS)
def test_each_flaw_of_step_three_has_its_name(
    emulator: Emulator, world: Callable[[Emulator], None], wrong: dict[str, Any], status: int, code: str
) -> None:
    app = application(emulator)
    asked = app.request_token()
    verifier = app.allowed(asked["oauth_token"])["oauth_verifier"]
    world(emulator)

    assert refused(app.with_(wrong=wrong).third(asked, verifier)) == (status, code)

    assert emulator.newest_audit()["detail"] == code


@pytest.mark.parametrize(
    "callback", ["http://localhost:8081/other", "http://localhost/callback", "https://evil.example.com/callback"]
)
def test_another_callback_is_refused_and_told_in_the_trail(emulator: Emulator, callback: str) -> None:
    assert refused(application(emulator).first(callback_uri=callback)) == (400, "InvalidCallback")
    assert emulator.newest_audit()["detail"] == f"InvalidCallback {callback}"


def test_a_step_without_one_of_its_parameters_is_refused(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()

    assert refused(app.first(callback_uri=None)) == (400, "MissingRequiredParameter")
    assert refused(app.third(asked, None)) == (400, "MissingRequiredParameter")
    assert refused(requests.post(emulator.url + REQUEST_TOKEN, timeout=10)) == (401, "UnknownIntegration")


def test_another_version_is_refused(emulator: Emulator) -> None:
    header = signed_by_hand(application(emulator), oauth_version="2.0")

    answer = requests.post(emulator.url + REQUEST_TOKEN, headers={"Authorization": header}, timeout=10)

    assert refused(answer) == (400, "VersionRejected")


def test_a_nonce_works_once_in_each_step(emulator: Emulator) -> None:
    app = application(emulator).with_(wrong={"nonce": "once-only", "timestamp": str(int(time.time()))})
    asked = app.request_token()

    assert refused(app.first()) == (401, "NonceUsed")
    verifier = app.allowed(asked["oauth_token"])["oauth_verifier"]
    assert refused(app.third(asked, verifier)) == (401, "NonceUsed")


def test_the_verifier_of_somebody_else_is_refused(emulator: Emulator) -> None:
    app = application(emulator)
    asked, other = app.request_token(), app.request_token()
    app.allowed(asked["oauth_token"])

    assert refused(app.third(asked, app.allowed(other["oauth_token"])["oauth_verifier"])) == (401, "InvalidVerifier")


def test_a_request_token_that_nobody_allowed_is_worth_nothing(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()

    assert refused(app.third(asked, "guessed")) == (401, "InvalidVerifier")
    assert refused(app.third({**asked, "oauth_token": "guessed"}, "guessed")) == (401, "TokenRejected")


def test_a_request_token_works_once_for_its_own_application(emulator: Emulator) -> None:
    emulator.run("UPDATE integrations SET authorization_flow = 1, callback_url = ?", CALLBACK)
    app = application(emulator)
    asked = app.request_token()
    verifier = app.allowed(asked["oauth_token"])["oauth_verifier"]

    assert refused(application(emulator, "Reconciler").third(asked, verifier)) == (401, "TokenRejected")
    assert app.third(asked, verifier).status_code == 200
    assert refused(app.third(asked, verifier)) == (401, "TokenRejected")


def test_a_request_token_ends(emulator: Emulator) -> None:
    app = application(emulator)
    for life, outcome in (("700", 200), ("600", 401)):
        emulator.behave(request_token_life=life)
        asked = app.request_token()
        verifier = app.allowed(asked["oauth_token"])["oauth_verifier"]
        emulator.run("UPDATE request_tokens SET created = created - 601")

        assert app.third(asked, verifier).status_code == outcome


def test_making_a_token_takes_the_permission_user_access_tokens(emulator: Emulator) -> None:
    app = application(emulator)
    priya = {"employee": "priya.nair@example.com", "role": "1060"}
    asked = app.request_token()
    verifier = app.allowed(asked["oauth_token"], **priya)["oauth_verifier"]

    assert refused(app.third(asked, verifier)) == (401, "EntityOrRoleDisabled")
    row = emulator.newest_audit()
    assert (row["detail"], row["employee"], row["role"]) == ("EntityOrRoleDisabled", 4210, 1060)
    wanted = {"as": "lee.wong@example.com", "permissions": {"ADMI_MANAGE_OWN_OAUTH_TOKENS": "Full"}}
    emulator.act("roles/Shipping%20Hub%20Web%20Services", wanted)
    assert app.third(asked, verifier).status_code == 200


def test_any_token_permission_may_do(emulator: Emulator) -> None:
    emulator.behave(token_flow_permission="any-token-login")

    token = application(emulator).granted(employee="priya.nair@example.com", role="1060")

    assert application(emulator).client(token).send("GET", TIME).status_code == 200


def test_without_the_account_a_blocked_integration_is_told_in_step_three(emulator: Emulator) -> None:
    app = application(emulator).with_(realm=None)
    blocked(emulator)
    asked = app.request_token()

    verifier = app.allowed(asked["oauth_token"])["oauth_verifier"]

    assert refused(app.third(asked, verifier)) == (401, "IntegrationBlocked")


def test_a_consumer_key_of_two_accounts_needs_the_realm(start: Start) -> None:
    emulator = start()
    emulator.run("INSERT INTO accounts VALUES ('1234567_SB1', 'Sandbox', 'UTC', '{}')")
    emulator.run(
        "INSERT INTO integrations SELECT '1234567_SB1', id, name, state, consumer_key, consumer_secret, created,"
        " client_id, client_credentials, callback_url, authorization_flow, installed, concurrency, note"
        " FROM integrations"
    )
    app = application(emulator)

    assert refused(app.with_(realm=None).first()) == (401, "UnknownIntegration")
    assert app.with_(realm="1234567_SB1").first().status_code == 200
    assert refused(app.with_(realm="1234567_sb1").first()) == (401, "UnknownIntegration")


def test_the_names_can_stay_in_the_trail(emulator: Emulator) -> None:
    emulator.behave(token_flow_code="generic", token_flow_status="403")
    app = application(emulator)

    assert refused(app.first(client_secret="wrong")) == (403, "INVALID_LOGIN_ATTEMPT")
    assert emulator.newest_audit()["detail"] == "InvalidSignature"


@pytest.mark.parametrize("path", [REQUEST_TOKEN, ACCESS_TOKEN])
def test_the_steps_take_post_alone(emulator: Emulator, path: str) -> None:
    answer = requests.get(emulator.url + path, timeout=10)

    assert refused(answer) == (405, "INVALID_REQUEST")


def test_a_form_in_the_body_is_signed_too(emulator: Emulator) -> None:
    app = application(emulator)
    signed = app.auth(callback_uri=CALLBACK)
    url = emulator.url + REQUEST_TOKEN

    # requests-oauthlib moves the parameters of a form into its body unless there is a header to be.
    answer = emulator.session.post(url, auth=signed, data={"a": "1 2"}, timeout=10)
    prepared = requests.Request("POST", url, auth=app.auth(callback_uri=CALLBACK), data={"a": "1 2"}).prepare()
    prepared.body = "a=1+3"
    tampered = emulator.session.send(prepared, timeout=10)

    assert answer.status_code == 200, answer.text
    assert refused(tampered) == (401, "InvalidSignature")


def test_secrets_reach_no_log(emulator: Emulator) -> None:
    app = application(emulator)
    asked = app.request_token()
    consent(emulator, asked["oauth_token"], state="s3cr3t")
    verifier = app.allowed(asked["oauth_token"], state="s3cr3t")["oauth_verifier"]
    token = dict(parse_qsl(app.third(asked, verifier).text))
    client = app.client(token)
    client.send("GET", f"/rest/revoketoken?consumerKey={app.key}&token={token['oauth_token']}")

    log = emulator.session.get(f"{emulator.url}/_emulator/requests", timeout=10).text

    for secret in (*asked.values(), *token.values(), verifier, "s3cr3t", app.key):
        if secret != "true":
            assert secret not in log


# The page of step two


def consent(emulator: Emulator, token: str, **more: Any) -> requests.Response:
    url, headers = emulator.url + CONSENT, more.pop("headers", {})
    return emulator.session.get(url, params={"oauth_token": token, **more}, headers=headers, timeout=10)


def test_the_page_says_who_asks_and_what_it_is(emulator: Emulator) -> None:
    token = application(emulator).request_token()["oauth_token"]

    first = consent(emulator, token)
    second = consent(emulator, token, employee="ann@example.com")

    assert first.headers["Content-Type"] == "text/html; charset=utf-8"
    assert first.headers["X-Frame-Options"] == "DENY"
    assert "EMULATOR" in first.text
    assert "Shipping Hub" in first.text
    assert "Ridgeline Outfitters" in second.text
    assert "Ann Keller" in second.text
    for label in ("Allow", "Deny", "Change Role", "NetSuite Connector Web Services"):
        assert label in second.text


def test_a_page_of_another_host_or_origin_gets_nothing(emulator: Emulator) -> None:
    token = application(emulator).request_token()["oauth_token"]

    assert consent(emulator, token, headers={"Host": "evil.example.com"}).status_code == 403
    answer = emulator.session.post(
        emulator.url + CONSENT,
        data={"oauth_token": token, "employee": "ann@example.com", "role": "3", "decision": "allow"},
        headers={"Origin": "https://evil.example.com"},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 403
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"oauth_token": "guessed"}, 400),
        ({"state": "no spaces"}, 400),
        ({"state": "x" * 513}, 400),
        ({"employee": "nobody@example.com"}, 404),
        ({"employee": "victor.lund@example.com"}, 403),
        ({"role": "1034"}, 400),
        ({"decision": "maybe"}, 400),
    ],
)
def test_nonsense_on_the_page_is_told_and_leads_nowhere(emulator: Emulator, wrong: dict[str, str], status: int) -> None:
    token = application(emulator).request_token()["oauth_token"]

    answer = application(emulator).decide(token, **wrong)

    assert answer.status_code == status
    assert "Location" not in answer.headers
    assert 'role="alert"' in answer.text


def test_an_email_that_nobody_has_is_asked_for_again(emulator: Emulator) -> None:
    token = application(emulator).request_token()["oauth_token"]

    answer = consent(emulator, token, employee="nobody@example.com")

    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert f'name="oauth_token" value="{token}"' in answer.text
    assert '<label for="employee">Email</label>' in answer.text


def test_what_was_entered_comes_back_as_text(emulator: Emulator) -> None:
    token = application(emulator).request_token()["oauth_token"]

    page = consent(emulator, token, employee="<script>alert(1)</script>")

    assert "<script>" not in page.text


def test_the_page_takes_get_and_post(emulator: Emulator) -> None:
    assert requests.delete(emulator.url + CONSENT, timeout=10).status_code == 405
