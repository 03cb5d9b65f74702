"""A scripted HTTP server on loopback: it answers what a test tells it and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient, WriteClient
from reconciler.netsuite.retries import Retries, RetryLimits
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials
from reconciler.netsuite.transport import Limits

NETSUITE_JSON = "application/vnd.oracle.resource+json; type=singular"
SECRETS = ("canary-consumer-key", "canary consumer/secret+1", "canary-token-id", "canary&token=secret")
CREDENTIALS = TokenCredentials(*map(Secret, SECRETS))


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """`raw` is written to the socket as it is, and the connection closed."""

    status: int = 200
    body: object = None
    content_type: str = NETSUITE_JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


def refusal(status: int, code: str, detail: str) -> Reply:
    error = {"type": "https://www.rfc-editor.org/rfc/rfc9110.html", "title": "Bad Request", "status": status}
    return Reply(status, error | {"o:errorDetails": [{"detail": detail, "o:errorCode": code}]})


def page(
    items: list[dict[str, object]], *, offset: int = 0, total: int | None = None, more: bool = False
) -> dict[str, object]:
    total = offset + len(items) if total is None else total
    return {"links": [], "count": len(items), "hasMore": more, "offset": offset, "totalResults": total, "items": items}


class Stub:
    """Answers with the replies of `script`, one after the other, then with whatever `otherwise` says."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: list[Reply] = []
        self.otherwise: Callable[[Asked], Reply] = lambda _: Reply(500, {})
        self.waited: list[float] = []
        self._lock = threading.Lock()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                stub.handle(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names are the library's

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        raw = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        asked = Asked(
            request.command,
            parts.path,
            dict(parse_qsl(parts.query)),
            dict(request.headers.items()),
            _parsed(raw, request.headers.get("Content-Type", "")),
        )
        with self._lock:
            self.asked.append(asked)
            reply = self.script.pop(0) if self.script else None
        _write(request, reply or self.otherwise(asked))

    @property
    def account(self) -> Account:
        return Account("1234567_SB1", self.url)

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)

    def reader(self, *, limits: Limits | None = None, retries: RetryLimits | None = None) -> ReadClient:
        signer = TokenBasedAuth(self.account.realm, CREDENTIALS)
        return ReadClient(self.account, signer, limits=limits, retries=self.retries(retries))

    def writer(self, before_write: Callable[[], None] | None = None) -> WriteClient:
        signer = TokenBasedAuth(self.account.realm, CREDENTIALS)
        return WriteClient(self.account, signer, retries=self.retries(), before_write=before_write)

    def retries(self, limits: RetryLimits | None = None) -> Retries:
        return Retries(limits, sleep=self.pause, jitter=lambda: 1.0)


def _parsed(raw: bytes, content_type: str) -> Any:
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(raw.decode()))
    return json.loads(raw) if raw else None


def _write(request: BaseHTTPRequestHandler, reply: Reply) -> None:
    if reply.raw is not None:
        request.wfile.write(reply.raw)
        request.close_connection = True
        return
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    body = b"" if reply.status == 204 else body
    request.send_response_only(reply.status)
    for name, value in reply.headers.items():
        request.send_header(name, value)
    if body:
        request.send_header("Content-Type", reply.content_type)
    if reply.status != 204:
        request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
