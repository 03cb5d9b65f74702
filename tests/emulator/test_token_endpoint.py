"""The token endpoint: every assertion is checked for real, and the trail alone says what was wrong."""

import base64
import hashlib
import hmac
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.emulator.clients import ACCOUNT, Emulator, Start
from tests.emulator.conftest import running
from tests.emulator.oauth2_clients import Machine, Spoil, certificate, key_for, machine

ROWS = "SELECT COUNT(*) FROM login_audit"


@pytest.fixture(scope="module")
def steady() -> Iterator[Machine]:
    """One machine for all tests that only get refused."""
    for start_one in running():
        yield machine(start_one())


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def refused(answer: requests.Response, word: str, status: int) -> None:
    assert (answer.status_code, answer.json()) == (status, {"error": word})
    assert answer.headers["Content-Type"] == "application/json"
    challenge = f'Basic realm="{ACCOUNT}"' if word == "invalid_client" else None
    assert answer.headers.get("WWW-Authenticate") == challenge


def detail(emulator: Emulator) -> str:
    row = emulator.newest_audit()
    assert (row["status"], row["token"], row["user_agent"]) == ("Failure", "", "test-machine/1")
    found: str = row["detail"]
    return found


@pytest.mark.parametrize("algorithm", ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"])
def test_each_documented_algorithm_gets_a_token(emulator: Emulator, algorithm: str) -> None:
    answer = machine(emulator, algorithm).ask()

    assert answer.status_code == 200, answer.text
    content = answer.json()
    assert (content["expires_in"], content["token_type"]) == (3600, "Bearer")
    claims = jwt.decode(content["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["iss"]) == ("1052;4191", "https://system.netsuite.com")
    assert claims["scope"] == ["rest_webservices"]
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["jti"].startswith(f"{ACCOUNT}.a-a.")
    assert jwt.get_unverified_header(content["access_token"])["alg"] == "RS256"


def test_an_rsa_key_of_4096_bits_works_too(emulator: Emulator) -> None:
    assert machine(emulator, "PS256", 4096).token()


@pytest.mark.parametrize(
    "scope",
    [
        "rest_webservices",
        "restlets rest_webservices",
        "restlets,rest_webservices",
        "restlets, rest_webservices",
        ["restlets", "rest_webservices"],
    ],
)
def test_scope_is_a_list_or_a_text(emulator: Emulator, scope: object) -> None:
    one = machine(emulator)

    assert one.ask(one.assertion(scope=scope)).status_code == 200


def test_times_may_have_fractions(emulator: Emulator) -> None:
    one = machine(emulator)
    now = int(time.time())

    assert one.ask(one.assertion(iat=now + 0.5, exp=now + 3600.499)).status_code == 200
    for end in (now + 3600.501, 10**400, 1e300):
        refused(one.ask(one.assertion(iat=now + 0.5, exp=end)), "invalid_grant", 400)
        assert detail(emulator) == "TokenValidityTooBroad"
    refused(one.ask(one.assertion(iat=now + 0.0, exp=math.inf)), "invalid_request", 400)
    emulator.behave(assertion_fractions="refused")
    assert one.ask(one.assertion(iat=now + 0.0)).status_code == 200
    refused(one.ask(one.assertion(iat=now + 0.5)), "invalid_grant", 400)
    assert detail(emulator) == "TokenNotAcceptable"


def test_an_audience_that_is_not_checked_may_be_any(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.behave(assertion_audience_check="ignored")

    assert one.ask(one.assertion(aud=f"('{one.url}',)")).status_code == 200


def test_the_administrator_needs_no_permission(emulator: Emulator) -> None:
    one = machine(emulator, employee="svc.admin@example.com", role="Administrator")

    claims = jwt.decode(one.token(), options={"verify_signature": False})

    assert claims["sub"] == "3;4190"


def public_pem(one: Machine) -> bytes:
    return one.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def with_public_key_as_secret(one: Machine) -> str:
    signing_input = f"{part({'typ': 'JWT', 'alg': 'HS256', 'kid': one.certificate_id})}.{part(one.claims())}"
    mac = hmac.new(public_pem(one), signing_input.encode(), hashlib.sha256).digest()
    return f"{signing_input}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def unsigned(one: Machine) -> str:
    return f"{part({'typ': 'JWT', 'alg': 'none', 'kid': one.certificate_id})}.{part(one.claims())}."


def signed_with(algorithm: str, bits: int = 3072, **header: Any) -> Spoil:
    """Another key, or another algorithm, under the certificate's name."""

    def spoiled(one: Machine) -> str:
        return jwt.encode(one.claims(), key_for(algorithm, bits), algorithm, {"kid": one.certificate_id, **header})

    return spoiled


def without_key_id(one: Machine) -> str:
    return jwt.encode(one.claims(), one.key, one.algorithm)


def tampered(one: Machine) -> str:
    header, _, signature = one.assertion().split(".")
    return f"{header}.{part(one.claims(exp=int(time.time()) + 600))}.{signature}"


def cut_off(one: Machine) -> str:
    return one.assertion().rpartition(".")[0] + "."


def claiming(**changed: Any) -> Spoil:
    return lambda one: one.assertion(**changed)


def at(issued: int, expires: int) -> Spoil:
    return lambda one: one.assertion(iat=int(time.time()) + issued, exp=int(time.time()) + expires)


@pytest.mark.parametrize(
    ("spoil", "word", "status", "reason"),
    [
        (with_public_key_as_secret, "invalid_request", 400, "UnsupportedAlgo"),
        (unsigned, "invalid_request", 400, "UnsupportedAlgo"),
        (signed_with("RS256"), "invalid_request", 400, "UnsupportedAlgo"),
        (without_key_id, "invalid_request", 400, "MissingKeyId"),
        (signed_with("ES384"), "invalid_client", 401, "SignatureValidation"),
        (signed_with("PS256"), "invalid_client", 401, "SignatureValidation"),
        (tampered, "invalid_client", 401, "SignatureValidation"),
        (cut_off, "invalid_client", 401, "SignatureValidation"),
        (lambda one: one.with_(certificate_id="nobody").assertion(), "invalid_client", 401, "MissingKey"),
        (claiming(iss="nobody"), "invalid_client", 401, "InvalidIssuer"),
        (claiming(iss=None), "invalid_client", 401, "InvalidIssuer"),
        (claiming(aud="https://1234567.suitetalk.api.netsuite.com" + "/x"), "invalid_grant", 400, "TokenNotAcceptable"),
        (claiming(aud=None), "invalid_grant", 400, "TokenNotAcceptable"),
        (claiming(scope="restlets"), "invalid_scope", 400, "ScopeMismatched"),
        (claiming(scope=None), "invalid_scope", 400, "InvalidScope"),
        (claiming(scope=[]), "invalid_scope", 400, "InvalidScope"),
        (claiming(scope="rest_webservices everything"), "invalid_scope", 400, "InvalidScope"),
        (at(-7200, -3600), "invalid_grant", 400, "TokenExpired"),
        (at(-60, 0), "invalid_grant", 400, "TokenExpired"),
        (at(60, 360), "invalid_grant", 400, "TokenNotAcceptable"),
        (at(-5, 3596), "invalid_grant", 400, "TokenValidityTooBroad"),
        (at(0, 10**18), "invalid_grant", 400, "TokenValidityTooBroad"),
        (claiming(exp=None), "invalid_grant", 400, "TokenNotAcceptable"),
        (claiming(iat=None), "invalid_grant", 400, "TokenNotAcceptable"),
        (claiming(iat=True), "invalid_grant", 400, "TokenNotAcceptable"),
        (claiming(exp="soon"), "invalid_grant", 400, "TokenNotAcceptable"),
    ],
)
def test_each_flaw_has_its_word_and_its_detail(
    steady: Machine, spoil: Spoil, word: str, status: int, reason: str
) -> None:
    refused(steady.ask(spoil(steady)), word, status)

    assert detail(steady.emulator) == reason


def test_a_signature_of_another_key_is_refused(emulator: Emulator) -> None:
    one = machine(emulator, "PS256")

    for forged in (one.with_(key=rsa.generate_private_key(65537, 2048)).assertion(), signed_with("ES256")(one)):
        refused(one.ask(forged), "invalid_client", 401)
        assert detail(emulator) == "SignatureValidation"


def test_an_hour_of_validity_is_allowed(emulator: Emulator) -> None:
    one = machine(emulator)

    assert one.ask(at(-10, 3590)(one)).status_code == 200


STATES = [
    ("UPDATE certificates SET revoked = 1", "invalid_client", 401, "MissingKey"),
    ("UPDATE certificates SET valid_until = 1", "invalid_client", 401, "MissingKey"),
    ("UPDATE certificates SET valid_from = valid_until - 1", "invalid_client", 401, "MissingKey"),
    ("UPDATE certificates SET integration = 11", "invalid_client", 401, "MissingKey"),
    ("UPDATE integrations SET state = 'Blocked'", "unauthorized_client", 400, "IntegrationBlocked"),
    ("UPDATE integrations SET state = 'Waiting for Approval'", "unauthorized_client", 400, "IntegrationBlocked"),
    ("UPDATE integrations SET client_credentials = 0", "unauthorized_client", 400, "AuthorizationCodeGrantRequired"),
    ("""UPDATE accounts SET features = '{"oauth2": false}'""", "unauthorized_client", 400, "FeatureDisabled"),
    ("UPDATE employees SET active = 0", "invalid_grant", 400, "EntityOrRoleDisabled"),
    ("UPDATE employees SET access = 0", "invalid_grant", 400, "EntityOrRoleDisabled"),
    ("UPDATE roles SET inactive = 1", "invalid_grant", 400, "EntityOrRoleDisabled"),
    ("DELETE FROM grants", "invalid_grant", 400, "EntityOrRoleDisabled"),
    ("DELETE FROM permissions WHERE key = 'ADMI_LOGIN_OAUTH2'", "invalid_grant", 400, "EntityOrRoleDisabled"),
]


@pytest.mark.parametrize(("sql", "word", "status", "reason"), STATES)
def test_each_state_that_forbids_a_token_has_its_detail(
    emulator: Emulator, sql: str, word: str, status: int, reason: str
) -> None:
    one = machine(emulator)
    emulator.run(sql)

    refused(one.ask(), word, status)

    assert detail(emulator) == reason
    assert emulator.newest_audit()["application"] == "Reconciler"


def test_a_refusal_names_the_certificates_owner_in_the_trail(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.act(f"certificates/{one.certificate_id}/revoke", {"as": "lee.wong@example.com"})

    refused(one.ask(), "invalid_client", 401)

    row = emulator.newest_audit()
    assert (row["employee"], row["role"], row["email"]) == (4191, 1052, "svc.reader@example.com")
    assert row["request_uri"] == "/services/rest/auth/oauth2/v1/token"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
        ({"client_assertion": None}, "invalid_request"),
        ({"client_assertion": "x"}, "invalid_request"),
        ({"client_assertion": "a.b.c"}, "invalid_request"),
        ({"client_assertion": "W10.W10.W10"}, "invalid_request"),
        ({"client_assertion": "e30.e31.e30"}, "invalid_request"),
        ({"client_assertion": f"e30.{part({'a': 1})}+.e30"}, "invalid_request"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(steady: Machine, changed: dict[str, Any], word: str) -> None:
    answer = requests.post(steady.url, data={**steady.form(), **changed}, timeout=10)

    refused(answer, word, 400)


@pytest.mark.parametrize("sent", [{"json": {"grant_type": "client_credentials"}}, {"data": b"\xff"}, {}])
def test_a_body_that_is_no_form_is_refused(steady: Machine, sent: dict[str, Any]) -> None:
    refused(requests.post(steady.url, timeout=10, **sent), "invalid_request", 400)


def test_an_assertion_is_for_the_address_the_caller_used(emulator: Emulator) -> None:
    one = machine(emulator)
    named = one.url.replace("127.0.0.1", "localhost")

    answer = emulator.session.post(named, data=one.form(one.assertion(aud=named)), timeout=10)

    assert answer.status_code == 200
    assert emulator.session.post(named, data=one.form(), timeout=10).status_code == 400


def test_a_replay_works_or_is_refused(emulator: Emulator) -> None:
    one = machine(emulator)
    assertion = one.assertion()

    assert [one.ask(assertion).status_code for _ in range(2)] == [200, 200]
    emulator.behave(assertion_replay="refused")
    refused(one.ask(assertion), "invalid_grant", 400)
    assert detail(emulator) == "TokenRejected"
    assert one.ask(one.assertion(jti="another")).status_code == 200


def test_an_assertion_is_judged_by_the_machines_clock(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.door("POST", "clock", {"advance": "30d"})

    assert one.ask().status_code == 200
    emulator.behave(signature_clock="account")
    refused(one.ask(), "invalid_grant", 400)
    assert detail(emulator) == "TokenExpired"


def test_a_certificate_ends_by_the_accounts_clock(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.door("POST", "clock", {"advance": "-30d"})
    assert one.ask().status_code == 200

    emulator.door("POST", "clock", {"advance": "400d"})

    refused(one.ask(), "invalid_client", 401)
    assert detail(emulator) == "MissingKey"


def test_the_switches_of_the_answer(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.behave(token_type="bearer", token_expires_in="text", access_token_life="90")

    content = one.ask().json()

    assert (content["token_type"], content["expires_in"]) == ("bearer", "90")


def test_the_switches_of_a_refusal(emulator: Emulator) -> None:
    one = machine(emulator)
    emulator.behave(token_wrong_algorithm="500", token_error="invalid_grant", assertion_audience_detail="Audience")

    assert one.ask(unsigned(one)).status_code == 500
    refused(one.ask(claiming(iss="nobody")(one)), "invalid_grant", 400)
    refused(one.ask(claiming(aud="x")(one)), "invalid_grant", 400)
    assert detail(emulator) == "Audience"
    emulator.behave(assertion_skew="120", assertion_life="7200")
    assert one.ask(at(60, 7200)(one)).status_code == 200


def test_a_token_that_was_granted_makes_a_row_if_it_is_to(emulator: Emulator) -> None:
    one = machine(emulator)
    before = emulator.server.world.database.number(ROWS)
    one.token()
    assert emulator.server.world.database.number(ROWS) == before

    emulator.behave(loginaudit_token_request="all")
    one.token()

    row = emulator.newest_audit()
    assert (row["status"], row["application"], row["token"], row["employee"]) == ("Success", "Reconciler", "", 4191)


def test_the_account_is_that_of_the_certificate(start: Start, tmp_path: Path) -> None:
    """Two accounts with the same integration, as a sandbox is a copy."""
    key = key_for("ES256")
    account = {
        "name": "A",
        "roles": [{"id": 3, "name": "Administrator"}],
        "employees": [{"id": 7, "entityid": "A", "email": "a@b.c", "access": True, "roles": ["Administrator"]}],
        "integrations": [{"id": 1, "name": "App", "client_id": "client-1", "client_credentials": True}],
    }
    mapping = {"application": "App", "employee": "A", "role": "Administrator", "certificate": "public.pem"}
    (tmp_path / "public.pem").write_text(certificate(key))
    accounts = {
        name: {**account, "certificates": [{**mapping, "certificate_id": kid}]}
        for name, kid in (("1234567", "kid-1"), ("1234567_SB1", "kid-2"))
    }
    path = tmp_path / "seed.yaml"
    path.write_text(json.dumps({"accounts": accounts}))
    emulator = start(seed=path)
    sandbox = Machine(emulator, key, "ES256", "kid-2", "client-1")

    token = sandbox.token()

    assert jwt.decode(token, options={"verify_signature": False})["aud"][0].endswith(";1234567_SB1")
    sandbox.send("GET", "/services/rest/system/v1/serverTime", token)
    assert emulator.newest_audit()["account"] == "1234567_SB1"
    answer = sandbox.with_(client_id="x", certificate_id="x").ask()
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm=""')
