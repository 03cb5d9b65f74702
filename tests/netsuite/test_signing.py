"""Signatures against published and own vectors (netsuite.md 2.2)."""

import re
from urllib.parse import unquote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.errors import UsageError
from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account, realm_of, suitetalk_url
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials, fresh_nonce

OWN = TokenCredentials(Secret("ck_demo_0001"), Secret("cs demo/secret+1"), Secret("tk_demo_0002"), Secret("ts&demo=2"))
# Oracle's own example, "The Signature for Web Services and RESTlets" (section_1534941088).
ORACLE = TokenCredentials(
    Secret("ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4"),
    Secret("d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"),
    Secret("2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc"),
    Secret("c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"),
)
SANDBOX = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest"


def authorization(
    method: str, url: str, credentials: TokenCredentials, *, realm: str, nonce: str, clock: float, body: object = None
) -> str:
    auth = TokenBasedAuth(realm, credentials, nonce=lambda: nonce, clock=lambda: clock)
    header: str | bytes = requests.Request(method, url, json=body, auth=auth).prepare().headers["Authorization"]
    return header.decode() if isinstance(header, bytes) else header


def part(header: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', header)
    assert found
    return unquote(found[1])


@pytest.mark.parametrize(
    ("method", "url", "signature"),
    [
        ("POST", f"{SANDBOX}/query/v1/suiteql?limit=1000&offset=0", "0RMCJ5g02Zz1gX9qmFAdGVUCJbSQNonqS6cUNGhGlDE="),
        ("PATCH", f"{SANDBOX}/record/v1/employee/4172?replace=roles", "6rpcHAWeduQW53w9wdh5hj4WoVBaa7NJMtQZlO5hQbI="),
        (
            "GET",
            f"{SANDBOX}/record/v1/employee?q=email%20IS%20%22dana.ortiz%40example.com%22&limit=2",
            "y27qGqn3WphKefa/VcvhyHtqQ0j92Yp5rZ2P05v5/Jo=",
        ),
    ],
)
def test_own_vectors(method: str, url: str, signature: str) -> None:
    header = authorization(method, url, OWN, realm="1234567_SB1", nonce="Nonce00000000000001", clock=1790000000.9)

    assert part(header, "oauth_signature") == signature
    assert part(header, "realm") == "1234567_SB1"
    assert part(header, "oauth_timestamp") == "1790000000"
    assert part(header, "oauth_signature_method") == "HMAC-SHA256"
    assert part(header, "oauth_version") == "1.0"
    assert header.startswith("OAuth ")


def test_the_vector_that_oracle_publishes() -> None:
    url = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"

    header = authorization("GET", url, ORACLE, realm="123456", nonce="fjaLirsIcCGVZWzBX0pg", clock=1508242306)

    assert part(header, "oauth_signature") == "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY="


def test_a_json_body_is_not_signed() -> None:
    url = f"{SANDBOX}/query/v1/suiteql?limit=1000&offset=0"

    header = authorization("POST", url, OWN, realm="R", nonce="Nonce00000000000001", clock=1790000000, body={"q": "x"})

    assert part(header, "oauth_signature") == "0RMCJ5g02Zz1gX9qmFAdGVUCJbSQNonqS6cUNGhGlDE="


def test_nonces_are_long_and_differ() -> None:
    nonces = {fresh_nonce() for _ in range(1000)}

    assert len(nonces) == 1000
    assert all(len(nonce) >= 20 for nonce in nonces)


@given(st.text(min_size=1))
def test_no_representation_shows_a_credential(secret: str) -> None:
    held = TokenCredentials(*(Secret(f"<<{secret}>>") for _ in range(4)))

    assert f"<<{secret}>>" not in repr(held) + str(held) + repr(TokenBasedAuth("1", held))


def test_realm_and_host_of_a_sandbox() -> None:
    assert realm_of("1234567-sb1") == "1234567_SB1"
    assert suitetalk_url("1234567_SB1") == "https://1234567-sb1.suitetalk.api.netsuite.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://1234567.suitetalk.api.netsuite.com",
        "http://127.0.0.1.example.com",
        "https://user:word@1234567.suitetalk.api.netsuite.com",
        "https://1234567.suitetalk.api.netsuite.com/path",
        "https://",
        "ftp://127.0.0.1",
        "",
    ],
)
def test_addresses_that_would_give_a_login_away_are_refused(url: str) -> None:
    with pytest.raises(UsageError):
        Account("1234567", url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:80", "http://localhost:1", "http://[::1]:8080", suitetalk_url("1")])
def test_addresses_that_are_fine(url: str) -> None:
    assert Account("1", url).base_url == url
