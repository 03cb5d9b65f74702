"""What NetSuite says about OAuth 2.0: access tokens, whose they are, and refusals with what to check."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from reconciler.core.errors import LoginRefusedError, NetSuiteError, RefusedError, UnreadableAnswerError
from reconciler.core.live import Identity
from reconciler.core.secret import Secret
from reconciler.netsuite.transport import Answer

TOKEN_REQUEST: Final = "the request for an OAuth 2.0 access token"
_USUAL_LIFETIME: Final = 3600.0
# It becomes part of a header, so neither spaces nor line breaks.
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
_SUBJECT = re.compile(r"(-?[0-9]{1,18});(-?[0-9]{1,18})")
_CODE = re.compile(r"[a-z_]{1,40}")
_CHALLENGE = re.compile(r'\bBearer\b.*?\berror="?([a-z_]{1,40})"?', re.IGNORECASE)
_REFUSALS: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

_TRAIL: Final = "The reason stands in Setup > Users/Roles > View Login Audit Trail, column Detail"
_MAPPINGS: Final = "Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) Setup"
TOKEN_HINT: Final = (
    f"Check in {_MAPPINGS} that certificate_id is listed, belongs to private_key, and is neither revoked nor expired; "
    "that client_id is that of an integration record which is Enabled (not blocked) and has Client Credentials "
    "(Machine to Machine) Grant ticked; that the employee is active, has access and holds the role; and that the clock "
    f"of this machine is right. {_TRAIL}: MissingKey is about certificate_id, SignatureValidation about "
    "private_key, InvalidIssuer about client_id, EntityOrRoleDisabled about the employee and role."
)
_HINTS: Final = {
    "invalid_scope": "Tick REST Web Services under OAuth 2.0 on the integration record of client_id.",
    "unsupported_grant_type": "Enable the feature OAuth 2.0 at Setup > Company > Enable Features > SuiteCloud.",
    "unauthorized_client": (
        "Tick Client Credentials (Machine to Machine) Grant on the integration record of client_id, and see that the "
        "record is Enabled."
    ),
}
FAILED_HINT: Final = (
    "NetSuite may answer like this to an algorithm that it does not accept: check that the certificate of "
    f"certificate_id belongs to private_key. Else run again later. {_TRAIL}."
)
BEARER_HINT: Final = (
    f"{_TRAIL}. Usual reasons: the integration record was blocked, the certificate revoked, the employee made "
    "inactive, or the access or the role taken away; a role without Log in using OAuth 2.0 Access Tokens or REST Web "
    "Services; an integration record without the scope REST Web Services."
)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token and how many seconds it is good for."""

    value: Secret
    lifetime: float


def access_token_in(body: object) -> AccessToken:
    """The token of an answer; Oracle's own pages differ in the case of its type (netsuite.md 4.1).

    Raises:
        UnreadableAnswerError: there is none.
    """
    found = body if isinstance(body, Mapping) else {}
    value, kind = found.get("access_token"), found.get("token_type", "bearer")
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise UnreadableAnswerError(f"The answer to {TOKEN_REQUEST} holds no token.")
    if not isinstance(kind, str) or kind.strip().casefold() != "bearer":
        raise UnreadableAnswerError(f"The answer to {TOKEN_REQUEST} holds a token that is not a bearer token.")
    return AccessToken(Secret(value), _seconds(found.get("expires_in")))


def _seconds(declared: object) -> float:
    """A number, or a text that is one; else the hour that NetSuite's tokens last."""
    try:
        seconds = float(declared) if isinstance(declared, str | int | float) else 0.0
    except (ValueError, OverflowError):
        return _USUAL_LIFETIME
    return seconds if seconds > 0 else _USUAL_LIFETIME


def identity_in(token: Secret) -> Identity | None:
    """Whose a token is, by its subject `<role>;<entity>` (netsuite.md 4.1).

    It is read and not verified: it came over TLS from the server that will judge it, and nothing is allowed by it.
    """
    parts = token.reveal().split(".")
    try:
        payload = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    subject = payload.get("sub") if isinstance(payload, dict) else None
    found = _SUBJECT.fullmatch(subject) if isinstance(subject, str) else None
    return Identity(employee_id=found[2], role_id=found[1]) if found else None


def refused_token(answer: Answer, error: NetSuiteError) -> NetSuiteError:
    """The error of a token request in words of its own; nothing of the server's text but its error code."""
    if not isinstance(error, RefusedError):
        return error
    status, code = answer.status, _error_code(answer.body)
    said = f"HTTP {status}, {code}" if code else f"HTTP {status}"
    if status in _REFUSALS:
        message = f"NetSuite refused the OAuth 2.0 login ({said})."
        return LoginRefusedError(message, status=status, code=code, hint=_HINTS.get(code or "", TOKEN_HINT))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        message = f"NetSuite failed at {TOKEN_REQUEST} ({said})."
        return LoginRefusedError(message, status=status, code=code, hint=FAILED_HINT)
    return RefusedError(f"NetSuite refused {TOKEN_REQUEST} ({said}).", status=status, code=code, hint=error.hint)


def refused_bearer(answer: Answer, error: NetSuiteError) -> NetSuiteError:
    """The error of a request with a bearer token; `WWW-Authenticate` carries a code (netsuite.md 2.3)."""
    if not isinstance(error, LoginRefusedError):
        return error
    found = _CHALLENGE.search(answer.challenge[:1000])
    code = found[1].lower() if found else error.code
    return LoginRefusedError(error.message, status=error.status, code=code, hint=BEARER_HINT)


def _error_code(body: bytes) -> str | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = parsed.get("error") if isinstance(parsed, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
