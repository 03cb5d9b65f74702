"""What goes over the wire: requests, answers, and errors in NetSuite's own shape."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from reconciler.emulator.behaviours import Switches
from reconciler.emulator.extra import INSTALLING

SINGULAR: Final = "application/vnd.oracle.resource+json; type=singular"
COLLECTION: Final = "application/vnd.oracle.resource+json; type=collection"
ERROR: Final = "application/vnd.oracle.resource+json; type=error"
PLAIN: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
FORWARDED: Final = "x-forwarded-proto"

LOGIN_DETAIL: Final = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)
MALFORMED_SYNTAX: Final = "The request could not be understood by the server due to malformed syntax."
LONGEST_HEADER: Final = 4000
_STATUSES: Final = frozenset(HTTPStatus)
W3_TYPE: Final = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
RFC_TYPE: Final = "https://www.rfc-editor.org/rfc/rfc9110.html"
RFC_SECTIONS: Final[Mapping[int, str]] = {
    400: "15.5.1",
    401: "15.5.2",
    403: "15.5.4",
    404: "15.5.5",
    405: "15.5.6",
    406: "15.5.7",
    411: "15.5.12",
    413: "15.5.14",
    415: "15.5.16",
    500: "15.6.1",
    501: "15.6.2",
    503: "15.6.4",
}


@dataclass(slots=True)
class Who:
    """Whom the login check found behind a request; empty where it let nobody in."""

    employee: str = ""
    role: str = ""
    application: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came over the wire."""

    method: str
    target: str  # path and query exactly as sent, for they are part of the signature
    headers: Mapping[str, str]  # names in lower case
    body: bytes = b""
    address: str = "127.0.0.1"
    who: Who = field(default_factory=Who, compare=False)  # for the request log, filled in on the way

    @property
    def path(self) -> str:
        return self.target.split("?", 1)[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def base_url(self) -> str:
        """The address as the caller wrote it, so that links work from the caller's side.

        A front that speaks TLS says so in X-Forwarded-Proto; like Host, it is what the caller is believed about itself.
        """
        return f"{self.headers.get(FORWARDED, 'http')}://{self.headers.get('host', '127.0.0.1')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `truncate` cuts the connection after so many bytes of the body."""

    status: int
    body: bytes = b""
    content_type: str = PLAIN
    headers: Mapping[str, str] = field(default_factory=dict)
    truncate: int | None = None  # an injected fault: after so many bytes of the body the connection is closed


def json_answer(
    status: int, content: object, content_type: str = PLAIN, headers: Mapping[str, str] | None = None
) -> Answer:
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(), content_type, headers or {})


class RefusedError(Exception):
    """A request NetSuite answers with an error; `place` is the extra key of its detail, such as o:errorPath."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        place: tuple[str, str] | None = None,
        reason: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.place = place
        self.reason = reason  # the emulator's own words, sent as a header beside NetSuite's
        self.headers = headers or {}


class ActError(Exception):
    """Something a person or a test asked of the back door that cannot be done."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def error_type(status: int, switches: Switches) -> str:
    if switches.value("error-type") == "w3.org":
        return W3_TYPE
    section = RFC_SECTIONS.get(status)
    return f"{RFC_TYPE}#section-{section}" if section else RFC_TYPE


def error_answer(refused: RefusedError, switches: Switches) -> Answer:
    detail = {"detail": refused.detail, "o:errorCode": refused.code}
    if refused.place is not None:
        name, value = refused.place
        detail[name] = value
    headers = dict(refused.headers)
    if refused.reason:
        headers["X-Emulator-Reason"] = header_text(refused.reason)
    if refused.status == HTTPStatus.TOO_MANY_REQUESTS and switches.value("retry-after") != "absent":
        headers["Retry-After"] = switches.value("retry-after")
    content = {
        "type": error_type(refused.status, switches),
        "title": _phrase(refused.status),
        "status": refused.status,
        "o:errorDetails": [detail],
    }
    is_too_many = refused.status == HTTPStatus.TOO_MANY_REQUESTS
    if is_too_many and switches.value("concurrency-error-shape") == "documented":
        content |= {"title": "Bad Request", "o:errorCode": "USER_ERROR"}
    return json_answer(refused.status, content, ERROR, headers)


def _phrase(status: int) -> str:
    """The name of a status; an injected fault may have one that nobody has registered."""
    return HTTPStatus(status).phrase if status in _STATUSES else "Unknown Error"


def header_text(text: str) -> str:
    """What may stand in a header: printable ASCII on one line, which clients can still read."""
    return re.sub("[^ -~]+", " ", text)[:LONGEST_HEADER]


def not_served(what: str, place: tuple[str, str] | None = None) -> RefusedError:
    return RefusedError(501, "NOT_SERVED_BY_EMULATOR", f"The emulator does not serve {what}.", place)


def parsed_json(body: bytes) -> object:
    """The JSON in a body; ValueError for what JSON does not know (NaN) and for text that is no Unicode."""
    try:
        content: object = json.loads(body, parse_constant=_no_constant)
        json.dumps(content, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return content


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def json_object(body: bytes) -> dict[str, object]:
    """The JSON object of a request body; an empty body is an empty object."""
    if not body.strip():
        return {}
    try:
        content = parsed_json(body)
    except ValueError as error:
        raise ActError(400, f"The body is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise ActError(400, "The body must be a JSON object.")
    return content


def without_pages(error: ModuleNotFoundError) -> Answer:
    """What a browser gets where the packages of the pages are not installed."""
    text = f"The pages need {error.name}, which is not installed: {INSTALLING}.\n"
    return Answer(HTTPStatus.SERVICE_UNAVAILABLE, text.encode(), "text/plain; charset=utf-8")
