"""Logging in with OAuth 2.0: what is sent for a token, how long it is used, and what becomes of every refusal."""

import base64
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from reconciler.core.errors import (
    LoginRefusedError,
    NetSuiteError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.core.live import Identity
from reconciler.core.secret import Secret
from reconciler.netsuite.client import ReadClient, WriteClient, may_read, may_write
from reconciler.netsuite.oauth2 import TOKEN, BearerAuth, ClientCredentials, may_ask_for_token
from reconciler.netsuite.oauth2_certificate import certificates_path, end_of, may_list_certificates
from reconciler.netsuite.oauth2_key import signing_key
from reconciler.netsuite.transport import Limits
from tests.netsuite.stub import Asked, Reply, Stub, page
from tests.support.oauth2_keys import a_key, pem_of

ROOT = Path(__file__).parents[2]
CLIENT, CERTIFICATE = "canaryclientid", "canary-certificate_id"
TIME = {"serverTime": "2026-11-22T09:00:00.000Z"}
NOW = 1_790_000_000
UNAUTHORIZED = 'Bearer realm="1234567_SB1", error="invalid_token", error_description="Invalid login attempt."'


def access_token(number: int = 1, **claims: object) -> str:
    """As NetSuite makes them, with a signature that nobody looks at."""
    payload = {"sub": "1090;90", "iss": "https://system.netsuite.com", "jti": f"canary-{number}"} | claims
    return f"eyJhbGciOiJSUzI1NiJ9.{base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip('=')}.c2ln"


def granted(number: int = 1, **different: object) -> Reply:
    body = {"access_token": access_token(number), "expires_in": 3600, "token_type": "Bearer"} | different
    return Reply(200, body, content_type="application/json;charset=utf-8")


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


class Server:
    """A stub that hands out a new token for each request, and takes only those in `accepted`, if it has any."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self.clock = Clock()
        self.replies: list[Reply] = []
        self.given = 0
        self.accepted: set[str] | None = None
        self.certificates = Reply(403, {"title": "no"})
        stub.otherwise = self.answer

    def answer(self, asked: Asked) -> Reply:
        if asked.path == TOKEN:
            if self.replies:
                return self.replies.pop(0)
            self.given += 1
            return granted(self.given)
        token = asked.headers["Authorization"].removeprefix("Bearer ")
        if self.accepted is not None and token not in self.accepted:
            return Reply(401, {"status": 401}, headers={"WWW-Authenticate": UNAUTHORIZED})
        if asked.path.endswith("/certificates"):
            return self.certificates
        return Reply(200, TIME if asked.method == "GET" else page([]))

    def signer(self, kind: str = "P-256") -> BearerAuth:
        key = signing_key(Secret(pem_of(a_key(kind))), "here")
        credentials = ClientCredentials(Secret(CLIENT), Secret(CERTIFICATE), key)
        account, retries = self.stub.account, self.stub.retries()
        limits = Limits(read=5.0)
        wall = lambda: float(NOW)  # noqa: E731  one line is enough
        return BearerAuth(
            account, account, credentials, limits=limits, retries=retries, wall_clock=wall, clock=self.clock
        )

    def reader(self, kind: str = "P-256") -> ReadClient:
        return ReadClient(self.stub.account, self.signer(kind), retries=self.stub.retries())

    @property
    def token_requests(self) -> list[Asked]:
        return [asked for asked in self.stub.asked if asked.path == TOKEN]


@pytest.fixture
def server(stub: Stub) -> Server:
    return Server(stub)


@pytest.fixture
def client(server: Server) -> Iterator[ReadClient]:
    with server.reader() as running:
        yield running


def refused(client: ReadClient) -> LoginRefusedError:
    with pytest.raises(LoginRefusedError) as caught:
        client.ping()
    return caught.value


# What is sent


@pytest.mark.parametrize(("kind", "algorithm"), [("3072", "PS256"), ("P-256", "ES256"), ("P-521", "ES512")])
def test_the_token_request_is_as_netsuite_wants_it(server: Server, stub: Stub, kind: str, algorithm: str) -> None:
    with server.reader(kind) as client:
        client.ping()

    token, ping = stub.asked
    assert (token.method, token.path) == ("POST", "/services/rest/auth/oauth2/v1/token")
    assert token.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert token.body["grant_type"] == "client_credentials"
    assert token.body["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assertion = token.body["client_assertion"]
    assert jwt.get_unverified_header(assertion) == {"typ": "JWT", "alg": algorithm, "kid": CERTIFICATE}
    claims = jwt.decode(
        assertion, a_key(kind).public_key(), [algorithm], audience=stub.url + TOKEN, options={"verify_exp": False}
    )
    assert (claims["iss"], claims["scope"], claims["iat"]) == (CLIENT, ["rest_webservices"], NOW)
    assert NOW < claims["exp"] <= NOW + 1800
    assert len(claims["jti"]) >= 20
    assert ping.headers["Authorization"] == f"Bearer {access_token()}"


def test_both_requests_go_by_the_name_of_the_client(client: ReadClient, stub: Stub) -> None:
    client.ping()

    assert {asked.headers["User-Agent"] for asked in stub.asked} == {client.user_agent}
    assert "Authorization" not in stub.asked[0].headers
    assert not any("Cookie" in asked.headers for asked in stub.asked)


def test_each_attempt_has_an_assertion_of_its_own(client: ReadClient, server: Server) -> None:
    server.replies = [Reply(503, {}), Reply(429, {})]

    client.ping()

    assertions = [asked.body["client_assertion"] for asked in server.token_requests]
    assert len({jwt.decode(text, options={"verify_signature": False})["jti"] for text in assertions}) == 3


def test_nothing_but_reads_and_the_one_token_request_can_be_sent() -> None:
    assert may_ask_for_token("POST", TOKEN)
    for method, path in (("GET", TOKEN), ("POST", f"{TOKEN}/x"), ("POST", "/services/rest/record/v1/employee/1")):
        assert not may_ask_for_token(method, path)
    listing = "/services/rest/auth/oauth2/v1/clients/abc/certificates"
    assert may_list_certificates("GET", listing)
    for method, path in (("POST", listing), ("GET", f"{listing}/x/revoke"), ("GET", "/services/rest/x")):
        assert not may_list_certificates(method, path)
    assert not may_read("POST", TOKEN)
    assert not may_write("POST", TOKEN)


def test_a_redirect_is_not_followed(client: ReadClient, server: Server) -> None:
    server.replies = [Reply(302, {}, headers={"Location": f"{server.stub.url}/elsewhere"})]

    with pytest.raises(UnreadableAnswerError, match="redirect"):
        client.ping()

    assert len(server.stub.asked) == 1


# How long a token is used


def test_a_token_is_used_until_shortly_before_its_end(client: ReadClient, server: Server) -> None:
    for at, fetched in ((0, 1), (3539, 1), (3541, 2), (3541 + 3539, 2), (3541 + 3541, 3)):
        server.clock.now = 5000.0 + at
        client.ping()
        assert len(server.token_requests) == fetched


@pytest.mark.parametrize(("lifetime", "later"), [("120", 61), (120.0, 61), (20, 11)])
def test_the_lifetime_may_be_text_and_short(client: ReadClient, server: Server, lifetime: object, later: float) -> None:
    server.replies = [granted(expires_in=lifetime)]
    client.ping()
    server.clock.now += later - 2
    client.ping()
    assert len(server.token_requests) == 1

    server.clock.now += 2
    client.ping()

    assert len(server.token_requests) == 2


@pytest.mark.parametrize("lifetime", [None, "", "soon", "nan", 0, -1, [], True, "1e999"])
def test_a_lifetime_that_says_nothing_is_taken_for_the_usual_one(
    client: ReadClient, server: Server, lifetime: object
) -> None:
    server.replies = [granted(expires_in=lifetime)] * 2

    client.ping()
    client.ping()

    assert len(server.token_requests) in {1, 2}
    assert client.identity == Identity("90", "1090")


def test_many_workers_share_one_token(client: ReadClient, server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.ping(), range(40)))

    assert len(server.token_requests) == 1


def test_a_token_that_ended_early_is_replaced_once_for_all_workers(client: ReadClient, server: Server) -> None:
    client.ping()
    client.ping()
    server.accepted = {access_token(2)}
    start = threading.Barrier(8)

    def ping(_: int) -> datetime:
        start.wait(5)
        return client.ping()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ping, range(8)))

    assert len(server.token_requests) == 2


def test_a_write_is_repeated_too_for_it_was_not_done(server: Server, stub: Stub) -> None:
    with WriteClient(stub.account, server.signer(), retries=stub.retries()) as client:
        client.ping()
        client.ping()
        server.accepted = {access_token(2)}
        stub.otherwise = lambda asked: Reply(204) if _is_accepted_write(asked, server) else server.answer(asked)
        client.replace_roles("4172", ["3"])

    assert [asked.method for asked in stub.asked][-3:] == ["PATCH", "POST", "PATCH"]


def _is_accepted_write(asked: Asked, server: Server) -> bool:
    assert server.accepted is not None
    return asked.method == "PATCH" and asked.headers["Authorization"].removeprefix("Bearer ") in server.accepted


def test_a_first_token_that_is_refused_is_not_replaced(client: ReadClient, server: Server) -> None:
    server.accepted = set()

    error = refused(client)

    assert (error.status, error.code, len(server.token_requests)) == (401, "invalid_token", 1)
    assert "Log in using OAuth 2.0 Access Tokens" in (error.hint or "")
    assert "View Login Audit Trail" in (error.hint or "")
    assert "consumer key" not in (error.hint or "")


def test_tokens_that_are_refused_again_and_again_make_no_storm(client: ReadClient, server: Server) -> None:
    client.ping()
    client.ping()
    server.accepted = set()

    for _ in range(10):
        refused(client)

    assert len(server.token_requests) == 2


# What comes back


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER"])
def test_the_case_of_the_type_does_not_matter(client: ReadClient, server: Server, kind: str) -> None:
    server.replies = [granted(token_type=kind)]

    assert client.ping() == datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "reply",
    [
        granted(token_type="mac"),
        granted(token_type=None),
        granted(access_token=""),
        granted(access_token=7),
        granted(access_token="canary\r\nX-Other: 1"),
        granted(access_token="x" * 20_000),
        Reply(200, [], content_type="application/json"),
        Reply(200, b"canary", content_type="application/json"),
        Reply(200, b"<html>canary</html>", content_type="text/html"),
        Reply(200, b'{"access_token": "canary', content_type="application/json"),
    ],
)
def test_an_answer_without_a_token_is_unreadable(client: ReadClient, server: Server, reply: Reply) -> None:
    server.replies = [reply]

    with pytest.raises(UnreadableAnswerError) as caught:
        client.ping()

    assert "request for an OAuth 2.0 access token" in caught.value.message
    assert "canary" not in caught.value.message
    assert len(server.stub.asked) == 1


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (400, "invalid_request", "neither revoked nor expired"),
        (401, "invalid_client", "MissingKey is about certificate_id"),
        (400, "invalid_grant", "Enabled (not blocked)"),
        (403, "access_denied", "the clock of this machine"),
        (400, "invalid_scope", "Tick REST Web Services"),
        (400, "unauthorized_client", "Client Credentials (Machine to Machine) Grant"),
        (400, "unsupported_grant_type", "Enable the feature OAuth 2.0"),
        (400, None, "neither revoked nor expired"),
    ],
)
def test_a_refusal_says_what_to_check(
    client: ReadClient, server: Server, status: int, code: str | None, hint: str
) -> None:
    body = {"error": code, "error_description": "canary"} if code else {"error": {"message": "canary"}}
    server.replies = [Reply(status, body, headers={"WWW-Authenticate": 'Basic realm="1234567"'})]

    error = refused(client)

    assert (error.status, error.code) == (status, code)
    assert "NetSuite refused the OAuth 2.0 login" in error.message
    assert hint in (error.hint or "")
    assert "canary" not in error.message + str(error.hint)


def test_a_failure_may_be_a_wrong_algorithm_and_is_not_tried_for_long(client: ReadClient, server: Server) -> None:
    server.replies = [Reply(500, {"error": "server_error"})] * 20

    error = refused(client)

    assert "algorithm that it does not accept" in (error.hint or "")
    assert len(server.token_requests) <= 2


def test_other_refusals_quote_nothing(client: ReadClient, server: Server) -> None:
    server.replies = [Reply(404, {"title": "canary"})]

    with pytest.raises(RefusedError) as caught:
        client.ping()

    assert caught.value.message == "NetSuite refused the request for an OAuth 2.0 access token (HTTP 404)."


def test_a_refused_login_is_asked_for_once_in_a_while(client: ReadClient, server: Server) -> None:
    server.replies = [Reply(401, {"error": "invalid_client"})]
    for _ in range(5):
        assert refused(client).code == "invalid_client"
    assert len(server.token_requests) == 1

    server.clock.now += 61
    client.ping()

    assert len(server.token_requests) == 2


def test_no_answer_at_all_is_told_like_that_of_any_request(client: ReadClient, server: Server) -> None:
    server.replies = [Reply(raw=b"")] * 10

    with pytest.raises(UnansweredError, match="an OAuth 2"):
        client.ping()


def test_an_answer_is_not_read_without_end(stub: Stub, server: Server) -> None:
    server.replies = [granted(padding="x" * 70_000)]
    key = signing_key(Secret(pem_of(a_key())), "here")
    credentials = ClientCredentials(Secret(CLIENT), Secret(CERTIFICATE), key)
    signer = BearerAuth(stub.account, stub.account, credentials, limits=Limits(size=50_000), retries=stub.retries())
    with ReadClient(stub.account, signer) as client, pytest.raises(UnreadableAnswerError, match="larger than"):
        client.ping()


# Who one is


@pytest.mark.parametrize(
    ("subject", "identity"),
    [
        ("1111;10", Identity("10", "1111")),
        ("3;-5", Identity("-5", "3")),
        ("1111", None),
        ("a;b", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_the_token_says_whose_it_is(
    client: ReadClient, server: Server, subject: object, identity: Identity | None
) -> None:
    assert client.identity is None
    server.replies = [granted(access_token=access_token(sub=subject))]

    client.ping()

    assert client.identity == identity


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.W10.c", "..", "a.eyJ.c"])
def test_a_token_of_another_kind_works_and_says_nothing(client: ReadClient, server: Server, token: str) -> None:
    server.replies = [granted(access_token=token)]

    client.ping()

    assert client.identity is None


# When the certificate ends


def listed(**different: object) -> dict[str, object]:
    return {"certificate_id": CERTIFICATE, "valid_until": "2027-01-01T12:00:00.000Z", "revoked": False} | different


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        ("2027-01-01T12:00:00.000Z", datetime(2027, 1, 1, 12, tzinfo=UTC)),
        ("2027-01-01T12:00:00+02:00", datetime(2027, 1, 1, 10, tzinfo=UTC)),
        ("2027-01-01", datetime(2027, 1, 1, tzinfo=UTC)),
        (1798804800000, datetime(2027, 1, 1, 12, tzinfo=UTC)),
        ("1/1/2027", None),
        (True, None),
        (10**30, None),
        (None, None),
    ],
)
def test_the_end_of_the_own_certificate_is_found(until: object, ends: datetime | None) -> None:
    assert end_of(CERTIFICATE, [listed(certificate_id="other"), "x", listed(valid_until=until)]) == ends


def test_it_takes_one_request_with_the_same_token(client: ReadClient, server: Server, stub: Stub) -> None:
    server.certificates = Reply(200, [listed()], content_type="application/json")
    client.ping()

    assert client.certificate_ends() == datetime(2027, 1, 1, 12, tzinfo=UTC)

    asked = stub.asked[-1]
    assert (asked.method, asked.path) == ("GET", f"/services/rest/auth/oauth2/v1/clients/{CLIENT}/certificates")
    assert (asked.headers["Authorization"], len(stub.asked)) == (f"Bearer {access_token()}", 3)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, {}),
        Reply(401, {}),
        Reply(404, {}),
        Reply(500, {}),
        Reply(503, {}),
        Reply(raw=b""),
        Reply(200, {"items": [listed()]}),
        Reply(200, [listed(certificate_id="other")]),
        Reply(200, b"<html>", content_type="text/html"),
    ],
)
def test_where_it_cannot_be_told_nothing_is_said(client: ReadClient, server: Server, stub: Stub, reply: Reply) -> None:
    server.certificates = reply
    client.ping()
    client.ping()

    assert client.certificate_ends() is None

    assert len(server.token_requests) == 1
    assert stub.waited == []


@pytest.mark.parametrize("client_id", ["..", "a/b", "", "a?b", "a b"])
def test_a_client_id_that_is_no_part_of_a_path_is_not_asked_for(client_id: str) -> None:
    assert certificates_path(client_id) is None


# What is never shown, and never loaded


def test_neither_key_nor_token_is_in_logs_or_messages(
    client: ReadClient, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.ping()
    client.ping()
    server.accepted = set()
    error = refused(client)
    server.replies = [Reply(400, {"error": f"x {CLIENT}"})]
    server.clock.now += 9999

    def told(found: NetSuiteError) -> str:
        return f"{found!r} {found.message} {found.hint}"

    said = caplog.text + told(error) + told(refused(client)) + repr(server.signer())

    hidden = [CLIENT, access_token(1), access_token(2), "canary-1", *pem_of(a_key()).splitlines()[1:-1]]
    hidden += [asked.body["client_assertion"] for asked in server.token_requests]
    assert not [text for text in hidden if text in said]


def test_the_libraries_are_loaded_only_for_such_a_login() -> None:
    code = (
        "import sys\nimport reconciler.wiring.account, reconciler.wiring.configuration, reconciler.pipeline\n"
        "print([name for name in ('jwt', 'cryptography') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  our own code

    assert done.stdout == "[]\n"
