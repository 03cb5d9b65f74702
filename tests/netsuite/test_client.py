"""What the clients send, what they must not send, and what becomes of every kind of answer."""

import gzip
import json
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, SSLError

from reconciler.core.errors import (
    LoginRefusedError,
    LostLockError,
    MissingTableError,
    NetSuiteError,
    ReconcilerError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import SUITEQL, ReadClient
from reconciler.netsuite.retries import Retries, RetryLimits
from reconciler.netsuite.signing import TokenBasedAuth
from reconciler.netsuite.transport import Limits, guarded_session
from tests.netsuite.stub import CREDENTIALS, SECRETS, Reply, Stub, page, refusal

TIME = Reply(200, {"serverTime": "2026-11-22T09:00:00.000Z"})
INVALID_LOGIN = "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI."
ADMINISTRATOR_ONLY = (
    "Error while accessing a resource. For security reasons, only an administrator is allowed to edit an "
    "administrator record."
)
UNPROCESSED = "Invalid search query. Detailed unprocessed description follows. "


def query(client: ReadClient) -> object:
    return client.suiteql(
        "SELECT id FROM role ORDER BY id", (), limit=1000, offset=0, about="the SuiteQL query on role"
    )


# What is sent


def test_ping_tells_the_servers_time(stub: Stub, reader: ReadClient) -> None:
    stub.script = [TIME]

    assert reader.ping() == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert stub.asked[0].path == "/services/rest/system/v1/serverTime"


def test_a_query_is_sent_as_netsuite_wants_it(stub: Stub, reader: ReadClient) -> None:
    stub.script = [Reply(200, page([]))]

    reader.suiteql("SELECT 1 WHERE a = ?", ("x", 4172), limit=1000, offset=2000, about="a query")

    (asked,) = stub.asked
    assert (asked.method, asked.path) == ("POST", "/services/rest/query/v1/suiteql")
    assert asked.query == {"limit": "1000", "offset": "2000"}
    assert asked.body == {"q": "SELECT 1 WHERE a = ?", "params": ["x", 4172]}
    assert asked.headers["Prefer"] == "transient"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Authorization"].startswith('OAuth realm="1234567_SB1"')
    assert asked.headers["User-Agent"] == reader.user_agent


def test_anything_can_be_got(stub: Stub, reader: ReadClient) -> None:
    stub.script = [Reply(200, {"a": 1}), Reply(200, [])]

    assert reader.get_json("/services/rest/x", {"q": "a b"}) == {"a": 1}
    assert reader.get_json("/services/rest/y") == []
    assert (stub.asked[0].path, stub.asked[0].query) == ("/services/rest/x", {"q": "a b"})


def test_a_client_can_be_told_by_its_user_agent(stub: Stub) -> None:
    agents = {stub.reader().user_agent for _ in range(50)}

    assert len(agents) == 50
    assert all(agent.startswith("reconciler/") and len(agent.split("run ")[1]) == 17 for agent in agents)


def test_every_attempt_is_signed_anew(stub: Stub, reader: ReadClient) -> None:
    stub.script = [Reply(503, {}), Reply(503, {}), TIME]

    reader.ping()

    assert len({asked.headers["Authorization"] for asked in stub.asked}) == 3


def test_netrc_does_not_replace_the_login(
    stub: Stub, reader: ReadClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    stub.script = [TIME]

    reader.ping()

    assert stub.asked[0].headers["Authorization"].startswith("OAuth ")


def test_no_cookie_ties_a_request_to_an_earlier_one(stub: Stub, reader: ReadClient) -> None:
    stub.script = [replace(TIME, headers={"Set-Cookie": "JSESSIONID=x; Path=/"}), TIME]

    reader.ping()
    reader.ping()

    assert "Cookie" not in stub.asked[1].headers


def test_the_environment_gives_proxies_and_authorities_but_not_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/company.pem")

    real = guarded_session(Account("1", "https://1.suitetalk.api.netsuite.com"), lambda *_: True, "agent")
    local = guarded_session(Account("1", "http://127.0.0.1:1"), lambda *_: True, "agent")

    assert real.proxies["https"] == "http://proxy.example.com:3128"
    assert real.verify == "/etc/company.pem"
    assert local.proxies == {}


# What is never sent


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/services/rest/record/v1/employee/1"),
        ("PUT", "/services/rest/record/v1/employee/eid:1"),
        ("DELETE", "/services/rest/record/v1/employee/1"),
        ("POST", "/services/rest/record/v1/employee"),
        ("POST", "/services/rest/query/v1/suiteql/x"),
        ("POST", "/services/rest/query/v1/suiteql/../../../record/v1/employee"),
        ("POST", "/services/rest/query/v1/suiteqL"),
        ("HEAD", "/"),
    ],
)
def test_the_reading_client_sends_nothing_that_writes(stub: Stub, reader: ReadClient, method: str, path: str) -> None:
    with reader._connection.session() as session, pytest.raises(NetSuiteError, match="nothing was sent"):  # noqa: SLF001 - the point is that even its session cannot
        session.request(method, stub.url + path)

    assert stub.asked == []


def test_no_client_sends_to_another_origin(stub: Stub, reader: ReadClient) -> None:
    with Stub() as other, reader._connection.session() as session, pytest.raises(NetSuiteError):  # noqa: SLF001 - see above
        session.get(other.url)

    assert other.asked == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", SUITEQL),
        ("GET", "/services/rest/record/v1/employee"),
        ("GET", "/services/rest/record/v1/employee/eid:1"),
        ("PATCH", "/services/rest/record/v1/customer/1"),
        ("PATCH", "/services/rest/record/v1/employee/1/roles"),
        ("PUT", "/services/rest/record/v1/employee/1"),
        ("DELETE", "/services/rest/record/v1/employee/1"),
    ],
)
def test_the_writing_client_sends_only_what_roles_need(stub: Stub, method: str, path: str) -> None:
    with (
        stub.writer() as writer,
        writer._connection.session() as session,  # noqa: SLF001 - see above
        pytest.raises(NetSuiteError, match="nothing was sent"),
    ):
        session.request(method, stub.url + path)

    assert stub.asked == []


@pytest.mark.parametrize("employee", ["", "1/../2", "eid:x", "1?replace=x", "٣"])
def test_an_id_that_is_none_reaches_nobody(stub: Stub, employee: str) -> None:
    with stub.writer() as writer, pytest.raises(ValueError, match="not an internal id"):
        writer.replace_roles(employee, ["3"])

    assert stub.asked == []


def test_redirects_are_not_followed(stub: Stub, reader: ReadClient) -> None:
    with Stub() as other:
        stub.script = [Reply(302, {}, headers={"Location": other.url + "/services/rest/system/v1/serverTime"})]
        with pytest.raises(UnreadableAnswerError, match="redirect"):
            reader.ping()

        assert other.asked == []


# What becomes of an answer


@pytest.mark.parametrize("code", ["INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT"])
def test_a_refused_login_says_where_to_look_and_is_not_tried_again(stub: Stub, reader: ReadClient, code: str) -> None:
    stub.otherwise = lambda _: refusal(401, code, INVALID_LOGIN)

    with pytest.raises(LoginRefusedError) as raised:
        reader.ping()

    assert (raised.value.status, raised.value.code) == (401, code)
    assert "View Login Audit Trail" in (raised.value.hint or "")
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [400, 403])
def test_only_an_administrator_may(stub: Stub, status: int) -> None:
    stub.otherwise = lambda _: refusal(status, "USER_ERROR", ADMINISTRATOR_ONLY)

    with stub.writer() as writer, pytest.raises(RefusedError) as raised:
        writer.employee("-5")

    assert raised.value.status == status
    assert "Administrator" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "detail",
    ["Search error occurred: Record 'oauthtoken' was not found.", "Invalid search type: oauthtoken."],
)
def test_a_table_that_is_missing_or_hidden(stub: Stub, reader: ReadClient, detail: str) -> None:
    stub.script = [refusal(400, "INVALID_PARAMETER", UNPROCESSED + detail)]

    with pytest.raises(MissingTableError) as raised:
        query(reader)

    assert raised.value.table == "oauthtoken"


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refusal(404, "NONEXISTENT_ID", "Record does not exist."), RefusedError, "Record does not exist"),
        (refusal(403, "INSUFFICIENT_PERMISSION", "Permission Violation"), RefusedError, "Permission Violation"),
        (refusal(500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: x"), RefusedError, "Error ID"),
        (refusal(400, "INVALID_PARAMETER", "Unknown identifier 'foo'."), RefusedError, "HTTP 400"),
        (refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", "Request blocked."), RefusedError, "HTTP 429"),
        (Reply(400, {"error": {"code": "SSS_REQUEST_LIMIT_EXCEEDED", "message": "busy"}}), RefusedError, "busy"),
        (Reply(404, b"<html>", content_type="text/html"), RefusedError, "HTTP 404"),
        (Reply(418, [1]), RefusedError, "HTTP 418"),
        (Reply(503, b"\xff{"), RefusedError, "HTTP 503"),
        (Reply(200, b"<html>", content_type="text/html"), UnreadableAnswerError, "not JSON"),
        (Reply(200, b"{}", content_type="application/jsonp"), UnreadableAnswerError, "not JSON"),
        (Reply(204), UnreadableAnswerError, "not JSON"),
        (Reply(200, b"{"), UnreadableAnswerError, "not valid JSON"),
        (Reply(200, b"\xff\xfe\xfd"), UnreadableAnswerError, "not valid JSON"),
        (Reply(200, b'{"serverTime": NaN}'), UnreadableAnswerError, "not valid JSON"),
        (Reply(200, b"[" * 100_000), UnreadableAnswerError, "not valid JSON"),
        (Reply(200, b"1" * 5000), UnreadableAnswerError, "not valid JSON"),
        (Reply(200, []), UnreadableAnswerError, "does not tell the time"),
        (Reply(200, {"serverTime": "2026-11-22T09:00:00"}), UnreadableAnswerError, "does not tell the time"),
        (Reply(200, {"serverTime": 5}), UnreadableAnswerError, "does not tell the time"),
        (Reply(304), UnreadableAnswerError, "redirect"),
        (
            Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"serverTime":'),
            UnreadableAnswerError,
            "cut short",
        ),
        (
            Reply(
                raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"serverTime":"2'
            ),
            UnreadableAnswerError,
            "cut short",
        ),
        (
            Reply(200, gzip.compress(b'{"serverTime": "2026"}')[:-12], headers={"Content-Encoding": "gzip"}),
            UnreadableAnswerError,
            "",
        ),
        (Reply(200, b"no gzip", headers={"Content-Encoding": "gzip"}), UnreadableAnswerError, "cut short"),
    ],
)
def test_answers_become_our_own_exceptions(
    stub: Stub, reader: ReadClient, reply: Reply, kind: type[ReconcilerError], words: str
) -> None:
    stub.otherwise = lambda _: reply

    with pytest.raises(kind) as raised:
        reader.ping()

    assert type(raised.value) is kind
    assert words in raised.value.message
    assert "serverTime" in raised.value.message


def test_an_answer_without_end_is_not_read_to_its_end(stub: Stub) -> None:
    stub.otherwise = lambda _: Reply(200, gzip.compress(b" " * 10_000_000), headers={"Content-Encoding": "gzip"})

    with stub.reader(limits=Limits(size=100_000)) as client, pytest.raises(UnreadableAnswerError, match="larger than"):
        client.ping()


def test_a_drip_of_bytes_ends_too(stub: Stub) -> None:
    stub.otherwise = lambda _: TIME

    with stub.reader(limits=Limits(total=-1)) as client, pytest.raises(UnreadableAnswerError, match="not complete"):
        client.ping()


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def client_for(url: str, limits: Limits | None = None) -> ReadClient:
    quiet = Retries(sleep=lambda _: None)
    return ReadClient(Account("1234567", url), TokenBasedAuth("1234567", CREDENTIALS), limits=limits, retries=quiet)


def test_nobody_there() -> None:
    url = f"http://127.0.0.1:{closed_port()}"

    with client_for(url) as client, pytest.raises(UnansweredError, match=r"127\.0\.0\.1.*refused") as raised:
        client.ping()

    assert not raised.value.sent


def test_a_host_that_does_not_exist() -> None:
    with (
        client_for("https://nobody.invalid") as client,
        pytest.raises(UnansweredError, match=r"nobody\.invalid") as raised,
    ):
        client.ping()

    assert not raised.value.sent


def test_a_server_that_does_not_speak_tls(stub: Stub) -> None:
    with client_for(stub.url.replace("http:", "https:")) as client, pytest.raises(UnansweredError, match="encrypted"):
        client.ping()


def test_a_certificate_that_nobody_signed(stub: Stub, reader: ReadClient, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = ssl.SSLCertVerificationError(1, "certificate verify failed")
    certificate.verify_message = "self-signed certificate"

    def fail(*_: object, **__: object) -> requests.Response:
        raise requests.exceptions.SSLError(MaxRetryError(HTTPConnectionPool("x"), "/", SSLError(certificate)))

    monkeypatch.setattr(requests.Session, "send", fail)
    with pytest.raises(UnansweredError, match="self-signed certificate") as raised:
        reader.ping()

    assert not raised.value.sent
    assert "REQUESTS_CA_BUNDLE" in (raised.value.hint or "")
    assert stub.waited == []


def test_a_server_that_hangs_up(stub: Stub, reader: ReadClient) -> None:
    stub.otherwise = lambda _: Reply(raw=b"")

    with pytest.raises(UnansweredError) as raised:
        reader.ping()

    assert raised.value.sent
    assert len(stub.asked) == 4


def test_something_that_is_not_http(stub: Stub, reader: ReadClient) -> None:
    stub.otherwise = lambda _: Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n")

    with pytest.raises(UnansweredError):
        reader.ping()


def test_silence_is_not_waited_for_twice() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with client_for(url, Limits(read=0.05)) as client, pytest.raises(UnansweredError, match=r"0\.05") as raised:
            client.ping()

    assert raised.value.sent


def test_no_exception_of_the_library_escapes(stub: Stub, reader: ReadClient, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [kind for kind in vars(requests.exceptions).values() if isinstance(kind, type)]
    kinds = [kind for kind in kinds if issubclass(kind, requests.RequestException)]
    kinds.remove(requests.exceptions.JSONDecodeError)  # comes only from Response.json(), which nobody calls here
    assert len(kinds) > 15
    for kind in kinds:

        def fail(*_: object, kind: type[requests.RequestException] = kind, **__: object) -> requests.Response:
            raise kind(f"https://user:word@proxy {SECRETS[0]}")

        monkeypatch.setattr(requests.Session, "send", fail)
        with pytest.raises(UnansweredError) as raised:
            reader.ping()
        assert SECRETS[0] not in raised.value.message


# Trying again


def test_reads_are_tried_again_with_growing_pauses(stub: Stub, reader: ReadClient) -> None:
    stub.script = [Reply(503, {}), Reply(502, {}), refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", "busy"), TIME]

    reader.ping()

    assert stub.waited == [0.5, 1.0, 2.0]


def test_a_server_may_ask_for_a_longer_pause_within_reason(stub: Stub, reader: ReadClient) -> None:
    date = {"Date": "Sun, 22 Nov 2026 09:00:00 GMT", "Retry-After": "Sun, 22 Nov 2026 09:00:07 GMT"}
    stub.script = [
        Reply(429, {}, headers={"Retry-After": "5"}),
        Reply(429, {}, headers=date),
        Reply(429, {}, headers={"Retry-After": "99999999999999"}),
        TIME,
    ]

    reader.ping()

    assert stub.waited == [5.0, 7.0, 30.0]


def test_nonsense_in_retry_after_is_no_pause(stub: Stub, reader: ReadClient) -> None:
    stub.script = [Reply(429, {}, headers={"Retry-After": "²soon"}), TIME]

    reader.ping()

    assert stub.waited == [0.5]


def test_all_requests_of_a_client_share_one_budget(stub: Stub) -> None:
    stub.otherwise = lambda _: Reply(503, {})

    with stub.reader(retries=RetryLimits(total_retries=5)) as client:
        for _ in range(4):
            with pytest.raises(RefusedError):
                client.ping()

    assert len(stub.asked) == 4 + 5


def test_the_budget_counts_seconds_too(stub: Stub) -> None:
    stub.otherwise = lambda _: Reply(503, {}, headers={"Retry-After": "20"})

    with stub.reader(retries=RetryLimits(total_seconds=45)) as client, pytest.raises(RefusedError):
        client.ping()

    assert stub.waited == [20.0, 20.0]


@pytest.mark.parametrize("full_for", [0, 2])
def test_a_write_is_asked_about_each_time_before_it_is_sent(stub: Stub, full_for: int) -> None:
    asked: list[int] = []

    def before_write() -> None:
        asked.append(len(stub.asked))
        if len(asked) > full_for:
            raise LostLockError("lost")

    stub.script = [refusal(429, "X", "busy")] * full_for + [Reply(204)]
    with stub.writer(before_write) as writer, pytest.raises(LostLockError):
        writer.replace_roles("20", ["3"])

    assert asked == [*range(full_for + 1)]
    assert len(stub.asked) == full_for


def test_reads_of_the_writing_login_need_no_leave(stub: Stub) -> None:
    def before_write() -> None:
        raise LostLockError("lost")

    stub.script = [Reply(200, {"id": "20"})]
    with stub.writer(before_write) as writer:
        assert writer.employee("20") == {"id": "20"}


def test_a_write_is_repeated_only_when_nothing_was_done(stub: Stub) -> None:
    stub.script = [refusal(429, "X", "busy"), refusal(400, "SSS_REQUEST_LIMIT_EXCEEDED", "busy"), Reply(204)]
    with stub.writer() as writer:
        writer.replace_roles("7", ["3"])
        assert len(stub.asked) == 3
        for reply in (Reply(503, {}), Reply(500, {}), Reply(raw=b"")):
            stub.asked.clear()
            stub.script = [reply, Reply(204)]
            with pytest.raises(UnansweredError) as raised:
                writer.replace_roles("7", ["3"])
            assert raised.value.sent
            assert len(stub.asked) == 1


# Secrets


def echoes() -> list[Callable[[dict[str, str]], Reply]]:
    return [
        lambda headers: refusal(400, "X", f"You sent {headers['Authorization']}"),
        lambda _: refusal(403, SECRETS[2], f"token {SECRETS[2]}"),
        lambda _: refusal(403, "X", f"secret {SECRETS[1].replace(' ', '%20').replace('/', '%2F').replace('+', '%2B')}"),
        lambda _: refusal(401, "X", SECRETS[3]),
        lambda headers: Reply(200, json.dumps(headers).encode(), content_type="text/plain"),
    ]


@pytest.mark.parametrize("echo", echoes())
def test_no_message_and_no_log_repeats_a_credential(
    stub: Stub, reader: ReadClient, caplog: pytest.LogCaptureFixture, echo: Callable[[dict[str, str]], Reply]
) -> None:
    stub.otherwise = lambda asked: echo(dict(asked.headers))
    with caplog.at_level(logging.DEBUG), pytest.raises(NetSuiteError) as raised:
        query(reader)

    said = f"{raised.value!r} {raised.value.message} {raised.value.hint} {caplog.text}"
    assert "oauth_" not in said
    for secret in SECRETS:
        assert secret not in said
        assert quote(secret, safe="") not in said


def test_text_of_the_server_comes_as_one_short_line(stub: Stub, reader: ReadClient) -> None:
    stub.otherwise = lambda _: refusal(400, "X", "a\x1b[31m\r\nb" + "c" * 10_000)

    with pytest.raises(RefusedError) as raised:
        query(reader)

    assert raised.value.message.isprintable()
    assert len(raised.value.message) < 500
