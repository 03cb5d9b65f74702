"""What to write instead, where a key or a value does not fit the schema."""

from collections.abc import Iterable
from typing import Any, Final

from reconciler.config.forms import example_of, fits_in_quotes, hint_of
from reconciler.config.rules import line_of
from reconciler.config.yaml_document import Document

Path = tuple[str | int, ...]

# Words that people write for true and false.
_NO: Final = {"no", "off", "n", "false"}
_YES: Final = {"yes", "on", "y", "true"}
# What to add, by the name of each key that may be missing.
TO_ADD: Final = {
    "account": 'for example account: "1234567_SB1"',
    "acts_as": "for example acts_as: {employee: svc.admin@example.com, role: Administrator}",
    "address": "write the address of an integration or employee, for example address: integrations.netsuite-connector",
    "application": "write the integration's name in NetSuite, for example application: NetSuite Connector",
    "certificate_id": "for example certificate_id: env:NETSUITE_CERTIFICATE_ID",
    "client_id": "for example client_id: env:NETSUITE_CLIENT_ID",
    "consumer_key": "for example consumer_key: env:NETSUITE_CONSUMER_KEY",
    "consumer_secret": "for example consumer_secret: env:NETSUITE_CONSUMER_SECRET",
    "employee": "for example employee: svc.admin@example.com",
    "expires": "for example expires: 2027-01-31",
    "finding": "for example finding: token-age",
    "from": "for example from: 2026-12-20T00:00Z",
    "login": "say how to log in to NetSuite, as docs/how-to/first-contact.md shows; or write endpoint: emulator, which "
    "needs no login",
    "method": "write method: tba for a token, or method: oauth2 for a certificate",
    "netsuite": 'say which account this is, for example netsuite: {account: "1234567_SB1", endpoint: emulator}',
    "owner": "for example owner: dana.ortiz@example.com",
    "private_key": "for example private_key: file:/run/secrets/netsuite.pem",
    "reason": "say why",
    "restlets": "for example restlets: https://1234567-sb1.restlets.api.netsuite.com",
    "role": "for example role: Administrator",
    "suitetalk": "for example suitetalk: https://1234567-sb1.suitetalk.api.netsuite.com",
    "token_id": "for example token_id: env:NETSUITE_TOKEN_ID",
    "token_role": "write the name or script id of the token's role, for example token_role: customrole_order_sync",
    "token_secret": "for example token_secret: env:NETSUITE_TOKEN_SECRET",
    "until": "for example until: 2027-01-04T00:00Z",
}


def to_add(path: Path, key: str) -> str | None:
    """What to write; the login that writes has secrets of its own, which are not those of the one that reads."""
    hint = TO_ADD.get(key)
    return hint.replace("env:NETSUITE_", "env:NETSUITE_APPLY_") if hint and "apply_login" in path else hint


def type_hint(schema: Any, wanted: str, value: Any, document: Document, path: Path) -> str | None:
    """What to write instead of a value whose type is not the one that is wanted."""
    if value is None:
        return _empty_hint(path)
    if wanted == "string":
        return _text_hint(schema, document.source(*path))
    if isinstance(value, str):
        lower = value.casefold()
        if wanted == "boolean" and lower in _NO | _YES:
            return "write true" if lower in _YES else "write false"
        digits = value.replace("_", "").replace(",", "").lstrip("0")
        if wanted == "integer" and digits.isascii() and digits.isdecimal():
            return f"write {digits}"
    if wanted == "array":
        return 'begin each entry with "- "' if isinstance(value, dict) else "write a list, even of one: [ ... ]"
    if wanted == "object":
        below = "" if not path else " below it, with a deeper indent"
        return (example_of(schema) if path else None) or f'write "key: value" lines{below}'
    return None


def _empty_hint(path: Path) -> str:
    if path and isinstance(path[-1], int):
        return "write a value, or remove the entry"
    return "write a value" if path and path[-1] in TO_ADD else "write a value, or remove the key"


def _text_hint(schema: Any, source: str | None) -> str | None:
    """What to write instead of a number or word, which stands as `source`; of a list or mapping that is None."""
    branches = schema.get("oneOf", [schema])
    if source and any(fits_in_quotes(branch, source) for branch in branches):
        return f'put it in quotes: "{source}"'
    return hint_of(schema, source or "")


def merged_from(document: Document, path: Path, keys: Iterable[str]) -> str | None:
    """The key that another file brought in, where mappings of two were merged."""
    here = document.at(*path)
    for key in keys:
        place = document.at_key(*path, key)
        if place.file != here.file:
            return f'mappings are merged, and "{key}" comes from {line_of(place, here)}: use the same key here'
    return None
