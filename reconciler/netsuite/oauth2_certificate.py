"""When the certificate behind an OAuth 2.0 login ends (netsuite.md 4.2)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

_CLIENTS = "/services/rest/auth/oauth2/v1/clients"
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_CERTIFICATES = re.compile(f"{re.escape(_CLIENTS)}/{_CLIENT_ID.pattern}/certificates")
_MILLISECONDS = 1000


def certificates_path(client_id: str) -> str | None:
    """Where the certificates of an integration record are listed; None when its id cannot be part of a path."""
    return f"{_CLIENTS}/{client_id}/certificates" if _CLIENT_ID.fullmatch(client_id) else None


def may_list_certificates(method: str, path: str) -> bool:
    return method == "GET" and _CERTIFICATES.fullmatch(path) is not None


def end_of(certificate_id: str, listed: object) -> datetime | None:
    """The end (UTC) of one certificate in the answer; None when it does not stand there."""
    entries = listed if isinstance(listed, list) else []
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("certificate_id") == certificate_id:
            return _moment(entry.get("valid_until"))
    return None


def _moment(value: object) -> datetime | None:
    """No page shows the format of these times: ISO 8601 is taken, and milliseconds as other services send them."""
    try:
        match value:
            case str():
                found = datetime.fromisoformat(value)
            case int() | float() if not isinstance(value, bool):
                found = datetime.fromtimestamp(value / _MILLISECONDS, UTC)
            case _:
                return None
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
