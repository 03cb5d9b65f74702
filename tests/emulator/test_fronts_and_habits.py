"""What stands between a client and the emulator, and what public clients do that NetSuite lets pass."""

from typing import Any

import pytest
import requests
from oauthlib import oauth1

from tests.emulator.clients import ACCOUNT, Client, Emulator

HOST = "1234567.suitetalk.api.netsuite.com"
EMPLOYEES = "/services/rest/record/v1/employee"
PRIYA = f"{EMPLOYEES}/4210"
LOOK = f"{EMPLOYEES}?limit=1&offset=0"


def through_a_front(client: Client, target: str, origin: str, **headers: str) -> requests.Response:
    """A GET that was signed for `origin` and passed on with the Host it was sent to."""
    secrets = client.credentials
    signer = oauth1.Client(
        secrets["consumer_key"],
        secrets["consumer_secret"],
        secrets["token_id"],
        secrets["token_secret"],
        realm=ACCOUNT,
        signature_method=oauth1.SIGNATURE_HMAC_SHA256,
    )
    _, signed, _ = signer.sign(origin + target)
    return client.session.get(client.url + target, headers={**signed, "Host": HOST, **headers}, timeout=10)


def test_behind_a_front_with_tls_signatures_and_links_are_of_the_address_the_caller_wrote(story: Emulator) -> None:
    answer = through_a_front(story.reader, LOOK, f"https://{HOST}", **{"X-Forwarded-Proto": "https"})

    assert answer.status_code == 200, answer.text
    links = answer.json()["links"] + answer.json()["items"][0]["links"]
    assert {link["href"].partition("/services/")[0] for link in links} == {f"https://{HOST}"}


def test_a_front_that_does_not_tell_of_its_tls_makes_every_signature_wrong(story: Emulator) -> None:
    assert through_a_front(story.reader, LOOK, f"https://{HOST}").status_code == 401
    assert through_a_front(story.reader, LOOK, f"http://{HOST}").status_code == 200


@pytest.mark.parametrize("said", ["ftp", "https, http", "HTTPS://", ""])
def test_a_front_that_names_another_protocol_is_refused(story: Emulator, said: str) -> None:
    answer = through_a_front(story.reader, LOOK, f"https://{HOST}", **{"X-Forwarded-Proto": said})

    assert answer.status_code == 400
    assert "X-Forwarded-Proto" in answer.json()["o:errorDetails"][0]["detail"]


def test_the_back_door_of_a_front_with_tls_is_that_of_the_emulator(story: Emulator) -> None:
    headers = {"X-Forwarded-Proto": "https", "Host": "localhost:8443", "Origin": "https://localhost:8443"}

    assert story.session.get(f"{story.url}/_emulator/health", headers=headers, timeout=10).status_code == 200
    headers["Origin"] = "http://localhost:8443"
    assert story.session.get(f"{story.url}/_emulator/health", headers=headers, timeout=10).status_code == 403


def with_a_body_hash(client: Client, value: str) -> requests.Response:
    class Signer(oauth1.Client):
        def get_oauth_params(self, request: Any) -> list[tuple[str, str]]:
            usual = super().get_oauth_params(request)  # type: ignore[no-untyped-call]  # oauthlib's stubs leave it out
            return [*usual, ("oauth_body_hash", value)]

    return client.with_(wrong={"client_class": Signer}).suiteql("SELECT id FROM role WHERE id = 3")


def test_a_hash_of_the_body_is_signed_like_any_parameter(emulator: Emulator) -> None:
    assert with_a_body_hash(emulator.reader, "2jmj7l5rSw0yVb/vlWAYkK/YBwk=").status_code == 200
    emulator.behave(oauth_body_hash="refused")
    assert with_a_body_hash(emulator.reader, "2jmj7l5rSw0yVb/vlWAYkK/YBwk=").status_code == 401
    assert emulator.newest_audit()["detail"] == "parameter_rejected"


def test_the_test_request_of_public_clients_says_whether_they_get_in(story: Emulator) -> None:
    assert story.reader.send("OPTIONS", "/services/rest/*").status_code == 204
    wrong = story.reader.with_(wrong={"resource_owner_secret": "wrong"})
    assert wrong.send("OPTIONS", "/services/rest/*").status_code == 401
    assert story.reader.send("OPTIONS", EMPLOYEES).headers["Allow"] == "DELETE, GET, PATCH, POST, PUT"


def test_a_collection_may_be_asked_for_with_a_slash_at_its_end(story: Emulator) -> None:
    plain, slash = (story.reader.send("GET", f"{EMPLOYEES}{end}").json() for end in ("", "/"))

    assert slash["items"] == plain["items"]


def test_a_record_is_written_without_a_content_type_too(emulator: Emulator) -> None:
    answer = emulator.admin.send("PATCH", PRIYA, data='{"title": "Buyer"}')

    assert "Content-Type" not in answer.request.headers
    assert answer.status_code == 204, answer.text
    assert emulator.admin.send("GET", PRIYA).json()["title"] == "Buyer"
    emulator.behave(write_without_content_type="refused")
    assert emulator.admin.send("PATCH", PRIYA, data='{"title": "Buyer"}').status_code == 415


def test_a_content_type_that_is_there_is_not_believed_to_be_json(story: Emulator) -> None:
    for said in ("text/plain", ""):
        assert story.admin.send("PATCH", PRIYA, data="{}", headers={"Content-Type": said}).status_code == 415
