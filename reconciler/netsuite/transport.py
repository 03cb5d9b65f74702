"""One attempt of one request: what may be sent at all, and everything that can happen before an answer is there."""

import logging
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as low
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from reconciler.core.errors import NetSuiteError, UnreadableAnswerError
from reconciler.netsuite.account import Account

_QUIET = ("oauthlib", "requests_oauthlib", "urllib3")
_CHUNK = 64 * 1024
_BROKEN = (requests.RequestException, low.HTTPError, HTTPException, OSError)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two bytes and for a whole answer; bytes of an answer after decompression.

    A refused login that took `slow_login` seconds may be overload (netsuite.md 2.3: about 60 seconds).
    """

    connect: float = 10.0
    read: float = 120.0
    total: float = 600.0
    size: int = 64 * 1024 * 1024
    slow_login: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. `retry_after` is in seconds, `challenge` is `WWW-Authenticate`.

    `ahead` is how far the server's clock is ahead of this machine's, by its `Date`; `seconds` is how long it took.
    """

    status: int
    content_type: str
    body: bytes
    retry_after: float | None = None
    challenge: str = ""
    ahead: timedelta | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What kept an answer from coming. `passing` says that the same request may well succeed soon."""

    reason: str
    sent: bool
    passing: bool
    hint: str | None = None


class GuardedAdapter(HTTPAdapter):
    """Sends to one origin, and only what `allows(method, path)` permits: the last place a mistake must pass."""

    def __init__(self, account: Account, allows: Callable[[str, str], bool]) -> None:
        super().__init__()
        self._origin = urlsplit(account.base_url)[:2]
        self._allows = allows

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the signature is that of requests
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002 - the signature is that of requests
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        method = request.method or ""
        if parts[:2] != self._origin or not self._allows(method, parts.path):
            raise NetSuiteError(f"This login must not send {method} {parts.path}; nothing was sent.")
        return super().send(request, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies)


def guarded_session(account: Account, allows: Callable[[str, str], bool], user_agent: str) -> requests.Session:
    """A session that keeps connections alive, verifies TLS and cannot send what it must not."""
    for name in _QUIET:
        # At DEBUG these write keys, tokens and headers into the log, even when only our own debugging is wanted.
        logging.getLogger(name).setLevel(logging.WARNING)
    session = requests.Session()
    # Left to itself requests would let ~/.netrc replace Authorization. Proxies and the CA bundle of the environment
    # are still what companies need, so they are taken here by hand; a proxy has no part in talking to this machine.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    if not account.loopback:
        session.proxies.update(get_environ_proxies(account.base_url))
    session.headers.clear()
    session.headers.update({"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"})
    # Each request logs in by its own signature; a cookie could tie it to the session of an earlier one.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", GuardedAdapter(account, allows))
    session.mount("http://", GuardedAdapter(account, allows))
    return session


def exchange(
    session: requests.Session, request: requests.PreparedRequest, limits: Limits, about: str
) -> Answer | NoAnswer:
    """Send one prepared request once.

    Raises:
        UnreadableAnswerError: an answer began, and could not be read to its end.
    """
    started = time.monotonic()
    deadline = started + limits.total
    try:
        # A redirect would carry the Authorization header to wherever it points.
        response = session.send(request, stream=True, allow_redirects=False, timeout=(limits.connect, limits.read))
    except _BROKEN as error:
        return _what_happened(error, limits)
    ahead = _ahead(response.headers, datetime.now(UTC))
    with response:
        try:
            body = _body(response, limits, deadline, about)
        except _BROKEN:
            raise UnreadableAnswerError(f"The answer to {about} was cut short, so none of it was used.") from None
        headers = response.headers
        return Answer(
            response.status_code,
            headers.get("Content-Type", ""),
            body,
            _retry_after(headers),
            headers.get("WWW-Authenticate", ""),
            ahead,
            time.monotonic() - started,
        )


def _body(response: requests.Response, limits: Limits, deadline: float, about: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(_CHUNK):
        size += len(part)
        if size > limits.size:
            raise UnreadableAnswerError(f"The answer to {about} is larger than {limits.size} bytes.")
        if time.monotonic() > deadline:
            raise UnreadableAnswerError(f"The answer to {about} was not complete after {limits.total:g} seconds.")
        parts.append(part)
    return b"".join(parts)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from `Retry-After`, which NetSuite does not document but may send (netsuite.md 7)."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        # Both dates are the server's, so that a wrong clock on this side does not count.
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return max(wait.total_seconds(), 0.0)


def _ahead(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Every answer is dated, a refused one too, so a wrong clock is seen even where it is the reason."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")) - now
    except (ValueError, TypeError, OverflowError):
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it wraps: requests and urllib3 hide the cause in args, reason or context."""
    pending: list[object] = [error]
    seen: set[int] = set()
    while pending:
        found = pending.pop(0)
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            pending += [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]


# What the cause is an instance of, our words for it, and what to do. The first that fits counts.
_NEVER_SENT: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((requests.exceptions.ProxyError,), "the proxy could not be used", "Check HTTPS_PROXY and NO_PROXY."),
    (
        (socket.gaierror, low.NameResolutionError),
        "the host name is unknown",
        "Check the account id, the endpoint and the network.",
    ),
    ((ConnectionRefusedError,), "the connection was refused", "Check the endpoint; an emulator must be running."),
    ((low.NewConnectionError,), "no connection could be made", "Check the network and the endpoint."),
    # Last, for it is the base class of the others.
    (
        (low.ConnectTimeoutError,),
        "no connection could be made in time",
        "Check the network, the firewall and HTTPS_PROXY.",
    ),
)


def _what_happened(error: BaseException, limits: Limits) -> NoAnswer:
    """Our own words only: texts of the libraries may repeat addresses, headers and proxy passwords."""
    causes = tuple(_causes(error))

    def is_any(kinds: tuple[type[BaseException], ...]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = f"its certificate was not accepted: {cause.verify_message}"
            hint = "A company's own authority is named by REQUESTS_CA_BUNDLE (path of a PEM file)."
            return NoAnswer(reason, sent=False, passing=False, hint=hint)
    for kinds, reason, hint in _NEVER_SENT:
        if is_any(kinds):
            return NoAnswer(reason, sent=False, passing=True, hint=hint)
    if is_any((low.ReadTimeoutError,)):
        return NoAnswer(f"nothing came within {limits.read:g} seconds", sent=True, passing=False)
    if is_any((ssl.SSLError, low.SSLError)):
        hint = "Check that the endpoint speaks TLS."
        return NoAnswer("the encrypted connection failed", sent=True, passing=False, hint=hint)
    return NoAnswer("the connection broke before an answer came", sent=True, passing=True)
