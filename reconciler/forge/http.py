"""Requests to one forge: its token goes nowhere else, answers are bounded, and what may pass is tried again."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from reconciler.core.errors import CredentialError
from reconciler.core.secret import Secret
from reconciler.core.visible import visible
from reconciler.forge.model import ForgeError, UncertainError

_TIMEOUT: Final = (10.0, 60.0)
_ATTEMPTS: Final = 5
_LONGEST_PAUSE: Final = 90.0
_PAGE: Final = 100
_MOST_PAGES: Final = 100
_LARGEST: Final = 64 * 1024 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_DONE: Final = frozenset({200, 201})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({500, 502, 503, 504})


class _Header(AuthBase):
    """The token in its header; given as auth, so that a ~/.netrc cannot take its place."""

    def __init__(self, name: str, value: Secret) -> None:
        self._name, self._value = name, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._name] = self._value.reveal()
        return request


@dataclass(frozen=True, slots=True)
class Access:
    """Where a forge's interface is, and the header that logs in there.

    Raises:
        ForgeError: the address is neither https nor on this machine.
    """

    url: str
    header: str
    token: Secret
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_safe(self.url)


def require_safe(url: str) -> None:
    """Refuse an address where others could read along.

    Raises:
        ForgeError: it is neither https nor on this machine.
    """
    parts = urlsplit(url)
    loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" and parts.hostname) and not loopback:
        raise ForgeError(f'"{visible(url)}" is no https address, so no token is sent there.')


def token_of(environ: Mapping[str, str], name: str, hint: str) -> Secret:
    """A token from the environment.

    Raises:
        CredentialError: it is not set.
    """
    value = environ.get(name, "").strip()
    if not value or not value.isascii() or not value.isprintable():
        raise CredentialError(f"The variable {name} holds no token.", hint=hint)
    return Secret(value)


class Client:
    """Sends requests, one after the other."""

    def __init__(self, access: Access, *, rest: Callable[[float], None] = time.sleep) -> None:
        self._access = access
        self._rest = rest
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self._session.headers.update({"User-Agent": "reconciler", **access.headers})

    def get(self, path: str, **query: str) -> Any:
        """One JSON document."""
        return _json(self._answer("GET", path, query=query), path)

    def optional(self, path: str) -> Any | None:
        """One JSON document; None where this token may not have it, or it is not there."""
        refused = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
        answer = self._answer("GET", path, allowed=refused)
        return None if answer.status_code in refused else _json(answer, path)

    def pages(self, path: str, key: str | None = None, **query: str) -> Iterator[Any]:
        """Every item of a list, page by page; the next page is asked for here, never where an answer points to.

        Args:
            path: of the list.
            key: where the items are, in an answer that is no list itself.
            query: what else to ask for.
        """
        for page in range(1, _MOST_PAGES + 1):
            answer = self._answer("GET", path, query={**query, "per_page": str(_PAGE), "page": str(page)})
            content = _json(answer, path)
            items = content.get(key) if key and isinstance(content, dict) else content
            if not isinstance(items, list):
                raise _unreadable(path)
            yield from items
            if "next" not in answer.links:
                return

    def create(self, path: str, content: Mapping[str, object]) -> Any:
        """Add something.

        Raises:
            UncertainError: it may be there.
        """
        return _json(self._answer("POST", path, content=content), path)

    def change(self, method: str, path: str, content: Mapping[str, object]) -> Any:
        """Change something; doing so twice is the same as doing it once."""
        return _json(self._answer(method, path, content=content), path)

    def download(self, path: str) -> bytes | None:
        """A file; the token is not sent to where the forge keeps it. None where it is no longer kept."""
        gone = frozenset({HTTPStatus.GONE, HTTPStatus.NOT_FOUND})
        answer = self._answer("GET", path, allowed=gone | _REDIRECTS)
        if answer.status_code in gone:
            return None
        if answer.status_code in _REDIRECTS:
            place = answer.headers.get("Location", "")
            require_safe(place)
            answer = self._answer("GET", place, elsewhere=True, allowed=gone)
            if answer.status_code in gone:
                return None
        return answer.content

    def _answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: Mapping[str, object] | None = None,
        allowed: frozenset[int] = frozenset(),
        elsewhere: bool = False,
    ) -> requests.Response:
        """What comes back in the end; only what the server certainly did not do is sent again when it creates."""
        about = "the place where it keeps files" if elsewhere else f"{method} {path}"
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            try:
                answer = self._sent(method, path, query, content, elsewhere=elsewhere)
            except (requests.RequestException, HTTPError) as error:
                failure = ForgeError(f"{about} got no answer: {type(error).__name__}.")
                if method == "POST" and not isinstance(error, requests.ConnectTimeout):
                    raise UncertainError(failure.message) from None
                if last:
                    raise failure from None
                self._rest(_pause(attempt, None))
                continue
            waits = _asked_to_wait(answer)
            if waits is None and (answer.status_code in _DONE or answer.status_code in allowed):
                return answer
            if waits is None and answer.status_code not in _PASSING:
                raise _refused(answer, about)
            if method == "POST" and waits is None:
                raise UncertainError(f"{about} was answered {answer.status_code}.")
            if last or (waits or 0.0) > _LONGEST_PAUSE:
                raise _refused(answer, about)
            self._rest(_pause(attempt, waits))
        raise ForgeError(f"{about} got no answer.")

    def _sent(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        content: Mapping[str, object] | None,
        *,
        elsewhere: bool,
    ) -> requests.Response:
        url = path if elsewhere else f"{self._access.url.rstrip('/')}{path}"
        loopback = urlsplit(url).hostname in _LOOPBACK
        answer = self._session.request(
            method,
            url,
            params=query,
            json=content,
            auth=None if elsewhere else _Header(self._access.header, self._access.token),
            timeout=_TIMEOUT,
            allow_redirects=False,
            stream=True,
            # A proxy of the environment has no part in talking to this machine.
            proxies={} if loopback else get_environ_proxies(url),
        )
        body = answer.raw.read(_LARGEST + 1, decode_content=True)
        if len(body) > _LARGEST:
            raise ForgeError("The answer is larger than anything that is expected.")
        answer._content = body  # noqa: SLF001  requests has no bounded way to read an answer
        return answer


def _pause(attempt: int, asked_for: float | None) -> float:
    return min(max(asked_for or 0.0, float(2 ** (attempt - 1))), _LONGEST_PAUSE)


def _asked_to_wait(answer: requests.Response) -> float | None:
    """Seconds the server wants to be left alone; None where it did not refuse for that reason.

    GitHub answers 403 or 429, with Retry-After or with no requests left
    (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api); GitLab 429 with Retry-After
    (https://docs.gitlab.com/security/rate_limits/).
    """
    if answer.status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return None
    after = answer.headers.get("Retry-After", "")
    if after.isdecimal():
        return float(after)
    if answer.headers.get("X-RateLimit-Remaining") == "0" and answer.headers.get("X-RateLimit-Reset", "").isdecimal():
        return max(0.0, float(answer.headers["X-RateLimit-Reset"]) - time.time())
    return 0.0 if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS else None


_HINTS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "the token is not valid, or no longer",
    HTTPStatus.FORBIDDEN: "the token may not do this: see the permissions of the job",
    HTTPStatus.NOT_FOUND: "it is not there, or the token may not see it",
}


def _refused(answer: requests.Response, about: str) -> ForgeError:
    try:
        content = answer.json()
    except ValueError:
        content = None
    said = content.get("message") if isinstance(content, dict) else None
    words = f": {visible(str(said))[:200]}" if said else ""
    hint = _HINTS.get(answer.status_code)
    return ForgeError(f"{about} was answered {answer.status_code}{words}", hint=hint)


def _json(answer: requests.Response, path: str) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise _unreadable(path) from None


def _unreadable(path: str) -> ForgeError:
    return ForgeError(f"The answer about {path} is not what the forge documents.")
