"""Mappings of certificates: made by a person, by the endpoint, by a seed; limits, refresh and an older database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from reconciler.emulator import seed, tables
from tests.emulator.clients import ACCOUNT, CONNECTOR, Emulator, Start
from tests.emulator.oauth2_clients import READER, Machine, certificate, key_for, machine
from tests.emulator.older_formats import made_older

Seed = Callable[[dict[str, Any]], Path]
LEE = "lee.wong@example.com"
WEAK_RSA = rsa.generate_private_key(65537, 2048)
OTHER_CURVE = ec.generate_private_key(ec.SECP256K1())
CLIENTS = "/services/rest/auth/oauth2/v1/clients"
TIME = "/services/rest/system/v1/serverTime"
MANAGING = "INSERT INTO permissions VALUES ('1234567', 1052, 'ADMI_MANAGE_OAUTH2_APPLICATIONS', 4)"


def wanted(**changed: str) -> dict[str, str]:
    return {**READER, "as": LEE, "certificate": certificate(key_for("ES256")), **changed}


def days(first: str, last: str) -> int:
    return (seed.seconds(last, 0) - seed.seconds(first, 0)) // 86_400


def test_a_person_registers_lists_and_revokes_a_certificate(emulator: Emulator) -> None:
    made = emulator.act("certificates", wanted(), 201)

    assert made["client_id"]
    assert emulator.door("GET", f"accounts/{ACCOUNT}/certificates") == [made]
    assert (made["employee"], made["role"], made["application"]) == tuple(READER.values())
    assert (made["algorithm"], made["revoked"]) == ("EC", False)
    assert days(made["valid_from"], made["valid_until"]) == 365
    revoked = emulator.act(f"certificates/{made['certificate_id']}/revoke", {"as": LEE})
    assert revoked == {**made, "revoked": True}
    again = emulator.act(f"certificates/{made['certificate_id']}/revoke", {"as": LEE}, 409)
    assert "revoked already" in again["error"]
    assert "no certificate" in emulator.act("certificates/nothing/revoke", {"as": LEE}, 404)["error"]


def test_validity_is_cut_to_two_years(emulator: Emulator) -> None:
    long = certificate(key_for("ES256"), days=4000)

    made = emulator.act("certificates", wanted(certificate=long), 201)

    assert days(made["created"], made["valid_until"]) == 730


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"as": ""}, 400, "Say who does it"),
        ({"as": "svc.reader@example.com"}, 403, "lacks the permission OAuth 2.0 Authorized Applications Management"),
        ({"application": "Nothing"}, 404, "There is no integration"),
        ({"application": "Shipping Hub"}, 409, "Client Credentials (M2M) grant"),
        ({"employee": "nobody@example.com"}, 404, "There is no employee"),
        ({"employee": "victor.lund@example.com"}, 409, "inactive or has no access"),
        ({"employee": "dana.ortiz@example.com"}, 409, "does not hold the role"),
        ({"employee": "marco.silva@example.com", "role": "Accountant"}, 409, "Log in using OAuth 2.0 Access Tokens"),
        ({"certificate": "x"}, 400, "no X.509 certificate"),
        ({"certificate": "x" * 30_000}, 400, "longer than"),
        ({"certificate": certificate(key_for("ES256"), start=-86_400 * 10, days=5)}, 400, "The certificate ended at"),
        ({"certificate": certificate(WEAK_RSA)}, 400, "RSA with 3072 or 4096 bits"),
        ({"certificate": certificate(OTHER_CURVE)}, 400, "EC with 256, 384 or 521"),
        ({"certificate": ""}, 400, "certificate is missing"),
        ({"kid": "x"}, 400, "Unknown keys: kid"),
    ],
)
def test_what_the_setup_page_refuses(story: Emulator, changed: dict[str, str], status: int, words: str) -> None:
    assert words in story.act("certificates", wanted(**changed), status)["error"]


def test_a_private_key_is_refused_and_not_repeated(story: Emulator) -> None:
    key = key_for("ES256").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    refusal = story.act("certificates", wanted(certificate=key + certificate(key_for("ES256"))), 400)

    assert "private key" in refusal["error"]
    assert key.splitlines()[1] not in refusal["error"]


def test_the_permission_is_enough_but_not_for_an_administrator(emulator: Emulator) -> None:
    emulator.run(MANAGING)
    by = "svc.reader@example.com"
    admins = {"as": by, "employee": "svc.admin@example.com", "role": "Administrator"}

    assert emulator.act("certificates", wanted(**{"as": by}), 201)
    assert "no Administrator" in emulator.act("certificates", wanted(**admins), 403)["error"]


def test_a_mapping_may_have_several_certificates_or_one(emulator: Emulator) -> None:
    first = emulator.act("certificates", wanted(), 201)

    emulator.behave(second_certificate="refused")
    assert "Revoke it first" in emulator.act("certificates", wanted(), 409)["error"]
    emulator.behave(second_certificate="replaces")
    second = emulator.act("certificates", wanted(), 201)
    listed = {row["certificate_id"]: row["revoked"] for row in emulator.door("GET", f"accounts/{ACCOUNT}/certificates")}
    assert listed == {first["certificate_id"]: True, second["certificate_id"]: False}


def test_an_integration_has_five_active_certificates(emulator: Emulator) -> None:
    made = [emulator.act("certificates", wanted(), 201) for _ in range(5)]

    assert "5 active certificates" in emulator.act("certificates", wanted(), 409)["error"]
    emulator.act(f"certificates/{made[0]['certificate_id']}/revoke", {"as": LEE})
    assert emulator.act("certificates", wanted(), 201)


@pytest.mark.parametrize("is_revoked", [False, True])
def test_a_certificate_serves_one_combination(emulator: Emulator, is_revoked: bool) -> None:
    text = certificate(key_for("ES256"))
    made = emulator.act("certificates", wanted(certificate=text), 201)
    if is_revoked:
        emulator.act(f"certificates/{made['certificate_id']}/revoke", {"as": LEE})
    other = {"employee": "svc.admin@example.com", "role": "Administrator", "certificate": text}

    assert "registered for another entity" in emulator.act("certificates", wanted(**other), 409)["error"]


def test_a_refresh_clears_mappings_and_tokens(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()

    assert emulator.act("refresh")["certificates_wiped"] == 1

    assert one.ask().status_code == 401
    assert emulator.newest_audit()["detail"] == "MissingKey"
    assert one.send("GET", TIME, token).status_code == 401
    assert machine(emulator).token()


def test_a_deleted_employees_mappings_are_gone(emulator: Emulator) -> None:
    machine(emulator)

    emulator.door("DELETE", f"accounts/{ACCOUNT}/employees/svc.reader@example.com", {"as": LEE})

    assert emulator.door("GET", f"accounts/{ACCOUNT}/certificates") == []


def clients(one: Machine, path: str = "") -> str:
    return f"{CLIENTS}/{one.client_id}/certificates{path}"


@pytest.fixture
def owner(emulator: Emulator) -> tuple[Machine, str]:
    """A reader that may rotate its own certificate, with an access token."""
    emulator.run("UPDATE permissions SET level = 4 WHERE key = 'ADMI_MANAGE_OWN_OAUTH2_CERTIFICATES'")
    one = machine(emulator)
    return one, one.token()


def test_the_endpoint_lists_the_own_certificates(emulator: Emulator) -> None:
    machine(emulator, "PS256", employee="svc.admin@example.com", role="Administrator")
    one = machine(emulator)

    answer = one.send("GET", clients(one), one.token())

    assert answer.status_code == 200, answer.text
    (row,) = answer.json()
    assert (row["application"]["id"], row["application"]["name"]) == ("21", "Reconciler")
    assert (row["entity"]["id"], row["role"]["id"]) == ("4191", "1052")
    assert (row["certificate_id"], row["algorithm"], row["revoked"]) == (one.certificate_id, "EC", False)
    emulator.behave(certificate_dates="milliseconds")
    later = one.send("GET", clients(one), one.token()).json()[0]
    assert later["valid_until"] == seed.seconds(row["valid_until"], 0) * 1000


def test_a_certificate_is_rotated_by_its_owner(emulator: Emulator, owner: tuple[Machine, str]) -> None:
    one, token = owner
    key = key_for("ES384")
    body = {"fileContent": certificate(key), "role": 1052, "entity": "4191"}
    emulator.behave(second_certificate="both")

    made = one.send("POST", clients(one), token, json=body)

    assert made.status_code == 200, made.text
    content = made.json()
    assert content["entity_role_id"] == {"com": ACCOUNT, "ent": 4191, "rol": 1052}
    assert (content["algorithm"], content["invalidated"]) == ("EC", False)
    assert one.with_(key=key, algorithm="ES384", certificate_id=content["certificate_id"]).token()
    gone = one.send("POST", clients(one, f"/{one.certificate_id}/revoke"), token)
    assert (gone.status_code, gone.text) == (200, "Successfully revoked")
    assert one.ask().status_code == 401
    assert one.send("POST", clients(one, f"/{one.certificate_id}/revoke"), token).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"role": 3, "entity": "4190"}, 403),
        ({"role": 1052}, 400),
        ({"role": "x", "entity": "4191"}, 400),
        ({"role": 1052, "entity": "9" * 30}, 400),
        ({"role": 1052, "entity": "4191"}, 400),
        ({"role": 1052, "entity": "4191", "fileContent": "x"}, 400),
        ([], 400),
    ],
)
def test_an_upload_that_cannot_be_is_refused(owner: tuple[Machine, str], body: object, status: int) -> None:
    one, token = owner

    assert one.send("POST", clients(one), token, json=body).status_code == status


def test_the_endpoint_is_for_bearers_of_the_permission(emulator: Emulator) -> None:
    one = machine(emulator)
    token = one.token()

    # View is enough to look, and for nothing else.
    assert one.send("POST", clients(one), token, json={}).status_code == 403
    assert one.send("POST", clients(one, "/x/revoke"), token).status_code == 403
    assert one.send("GET", f"{CLIENTS}/nobody/certificates", token).status_code == 404
    assert requests.get(emulator.url + clients(one), timeout=10).status_code == 401
    assert emulator.reader.send("GET", clients(one)).headers["WWW-Authenticate"].startswith("Bearer")
    emulator.behave(own_certificates_permission="ADMI_ANOTHER")
    assert one.send("GET", clients(one), token).status_code == 403


def test_a_certificate_of_somebody_else_does_not_exist(emulator: Emulator, owner: tuple[Machine, str]) -> None:
    one, token = owner
    other = machine(emulator, "PS256", employee="svc.admin@example.com", role="Administrator")

    assert one.send("POST", clients(one, f"/{other.certificate_id}/revoke"), token).status_code == 404
    assert other.token()


PERSON = {"id": 1, "entityid": "A", "email": "a@example.com", "access": True, "roles": ["Administrator"]}
APP = {"id": 1, "name": "App", "client_id": "client", "client_credentials": True}
WHOLE = {"roles": [{"id": 3, "name": "Administrator"}], "employees": [PERSON], "integrations": [APP]}
MAPPING = {"application": "App", "employee": "A", "role": "Administrator", "certificate_id": "kid"}


def seeded(**changed: object) -> dict[str, Any]:
    return {**WHOLE, "certificates": [{**MAPPING, "certificate": certificate(key_for("ES256")), **changed}]}


def test_a_seed_holds_certificates(start: Start, a_seed: Seed) -> None:
    emulator = start(seed=a_seed(seeded(valid_until="+30d")))

    assert Machine(emulator, key_for("ES256"), "ES256", "kid", "client").token()
    (row,) = emulator.door("GET", f"accounts/{ACCOUNT}/certificates")
    assert days(row["created"], row["valid_until"]) == 30


@pytest.mark.parametrize("state", [{"revoked": True}, {"valid_until": "-1d"}, {"valid_from": "+1d"}])
def test_a_seeds_certificate_may_be_of_no_use(start: Start, a_seed: Seed, state: dict[str, object]) -> None:
    emulator = start(seed=a_seed(seeded(**state)))

    assert Machine(emulator, key_for("ES256"), "ES256", "kid", "client").ask().status_code == 401
    assert emulator.newest_audit()["detail"] == "MissingKey"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"certificate": "absent.pem"}, "certificates[0].certificate: [Errno 2]"),
        ({"certificate": "a\0b"}, "certificates[0].certificate: "),
        (
            {"certificate": "x\n-----BEGIN PRIVATE KEY-----"},
            "certificates[0].certificate: The text holds a private key",
        ),
        ({"certificate": "-----BEGIN x"}, "certificates[0].certificate: The text is no X.509"),
        ({"employee": "B"}, "certificates[0].employee: 'B' is not declared"),
        ({"application": "B"}, "certificates[0].application: 'B' is not declared"),
        ({"valid_until": "2026-13-01"}, "certificates[0].valid_until: '2026-13-01' is no time"),
    ],
)
def test_a_mistake_in_a_seeds_certificate_is_told(a_seed: Seed, changed: dict[str, object], problem: str) -> None:
    with pytest.raises(seed.SeedError) as caught:
        seed.read(a_seed(seeded(**changed)))

    assert problem in str(caught.value)


def test_the_client_id_is_the_consumer_key_unless_it_is_said(start: Start, a_seed: Seed) -> None:
    app = {"id": 1, "name": "App", "consumer_key": "the-key", "client_credentials": True}
    emulator = start(seed=a_seed({**WHOLE, "integrations": [app]}))
    by = {**MAPPING, "as": "a@example.com", "certificate": certificate(key_for("ES256"))}
    del by["certificate_id"]

    assert emulator.act("certificates", by, 201)["client_id"] == "the-key"


def test_a_database_of_the_first_format_goes_on(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    start(database=path).server.world.database.close()
    made_older(path, 1)

    emulator = start(database=path)

    assert emulator.reader.send("GET", TIME).status_code == 200
    assert emulator.door("GET", f"accounts/{ACCOUNT}/certificates") == []
    assert emulator.server.world.database.number("PRAGMA user_version") == tables.FORMAT
    assert emulator.reader.send("GET", "/services/rest/record/v1/employee/4210").json()["subsidiary"]["id"] == "1"
    assert emulator.server.world.database.rows("PRAGMA index_info(employees_by_email)")
    reset = f"integrations/{CONNECTOR}/reset-credentials"
    assert "was installed" in emulator.act(reset, {"as": "lee.wong@example.com"}, 409)["error"]


def test_access_tokens_outlive_a_restart(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    first = start(database=path)
    one = machine(first)
    token = one.token()

    second = start(database=path)

    assert one.with_(emulator=second).send("GET", TIME, token).status_code == 200
