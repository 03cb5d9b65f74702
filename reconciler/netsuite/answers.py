"""From an answer to JSON, or to the one exception that says what NetSuite meant."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import quote

from reconciler.core.errors import (
    LoginRefusedError,
    MissingTableError,
    NetSuiteError,
    RefusedError,
    UnreadableAnswerError,
)
from reconciler.core.secret import Secret
from reconciler.netsuite.transport import Answer

_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_MISSING_TABLE = re.compile(r"Record '([^']{1,100})' was not found|Invalid search type: (\w{1,100})")
_ADMINISTRATOR_ONLY = "only an administrator is allowed"
_BUSY_CODES = frozenset({"CONCURRENCY_LIMIT_EXCEEDED", "SSS_REQUEST_LIMIT_EXCEEDED"})
_LONGEST_QUOTE = 300

SUCCESS = range(200, 300)
REDIRECT = range(300, 400)
FAILURE = range(500, 600)

LOGIN_HINT = (
    "Look at Setup > Users/Roles > View Login Audit Trail, column Detail. Usual reasons: another account or realm, "
    "another token or consumer key, a token that is inactive or revoked, an integration that is blocked, an employee "
    "who is inactive or lost the role or the access, a clock more than five minutes off."
)
ADMINISTRATOR_HINT = "Let an Administrator do this in NetSuite, or write with a login in the Administrator role."


@dataclass(frozen=True, slots=True)
class Refusal:
    """NetSuite's error, from any of its envelopes (netsuite.md 2.3, 5.7)."""

    code: str | None
    detail: str


def json_in(answer: Answer, about: str) -> object:
    """The JSON of an answer.

    Raises:
        UnreadableAnswerError: it is of another type, or not JSON.
    """
    if not _JSON_TYPE.fullmatch(answer.content_type.strip()):
        raise UnreadableAnswerError(
            f"The answer to {about} is not JSON (HTTP {answer.status}).",
            hint="Something other than NetSuite may be answering there: a proxy, a maintenance page, a wrong endpoint.",
        )
    try:
        return _parsed(answer.body)
    except (ValueError, RecursionError):
        raise UnreadableAnswerError(f"The answer to {about} is not valid JSON (HTTP {answer.status}).") from None


def refusal_in(answer: Answer, secrets: Iterable[Secret]) -> Refusal:
    """What the body of a refusal says; never fails, for the status alone is already an answer."""
    try:
        body = _parsed(answer.body)
    except (ValueError, RecursionError):
        return Refusal(None, "")
    if not isinstance(body, Mapping):
        return Refusal(None, "")
    details = body.get("o:errorDetails")
    first = details[0] if isinstance(details, list) and details else body.get("error", body)
    first = first if isinstance(first, Mapping) else body
    code = first.get("o:errorCode") or body.get("o:errorCode") or first.get("code")
    detail = first.get("detail") or first.get("message") or body.get("title")
    return Refusal(_quotable(code, secrets) or None, _quotable(detail, secrets))


def is_busy(answer: Answer, refusal: Refusal) -> bool:
    """True when NetSuite did nothing because too much is going on; RESTlets say so with 400 (netsuite.md 7)."""
    return answer.status == HTTPStatus.TOO_MANY_REQUESTS or (
        answer.status == HTTPStatus.BAD_REQUEST and refusal.code in _BUSY_CODES
    )


def raise_refusal(answer: Answer, refusal: Refusal, about: str) -> NoReturn:
    """Turn anything but success into the exception that names what is missing."""
    raise _exception(answer.status, refusal, about)


def _exception(status: int, refusal: Refusal, about: str) -> NetSuiteError:
    said = f": {refusal.detail}" if refusal.detail else ""
    if status in REDIRECT:
        return UnreadableAnswerError(
            f"The answer to {about} is a redirect (HTTP {status}), which is never followed.",
            hint="Check the account id and the endpoint.",
        )
    if status in SUCCESS:
        return UnreadableAnswerError(
            f"The answer to {about} has status {status}, which NetSuite does not document here."
        )
    if status == HTTPStatus.UNAUTHORIZED:
        return LoginRefusedError(
            f"NetSuite refused the login ({about}); it never says why in its answer.",
            status=status,
            code=refusal.code,
            hint=LOGIN_HINT,
        )
    missing = _MISSING_TABLE.search(refusal.detail)
    if status == HTTPStatus.BAD_REQUEST and missing:
        table = missing[1] or missing[2]
        message = f"Table {table} does not exist, or the role of this login may not read it ({about})."
        wording = "not-found" if missing[1] else "invalid-search-type"
        return MissingTableError(table, message, status=status, code=refusal.code, wording=wording)
    hint = ADMINISTRATOR_HINT if _ADMINISTRATOR_ONLY in refusal.detail.casefold() else _HINTS.get(status)
    return RefusedError(f"NetSuite refused {about} (HTTP {status}){said}", status=status, code=refusal.code, hint=hint)


_HINTS = {
    403: "The role of this login lacks a permission for it.",
    404: "Check the account id and the endpoint; a record may be gone.",
    429: "Too many requests at once in this account: run again later, or lower `concurrency`.",
    500: "NetSuite failed; run again later.",
    502: "NetSuite is not available; run again later.",
    503: "NetSuite is not available; run again later.",
    504: "NetSuite is not available; run again later.",
}


def _parsed(body: bytes) -> object:
    def refuse(word: str) -> NoReturn:
        raise ValueError(word)

    parsed: object = json.loads(body, parse_constant=refuse)
    return parsed


def _quotable(text: object, secrets: Iterable[Secret]) -> str:
    """One short line of the server's text; dropped as a whole when it repeats any part of a login."""
    if not isinstance(text, str):
        return ""
    hidden = {form for secret in secrets for form in (secret.reveal(), quote(secret.reveal(), safe="~")) if form}
    if "oauth_" in text.casefold() or any(form in text for form in hidden):
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * _LONGEST_QUOTE])
    line = " ".join(printable.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
