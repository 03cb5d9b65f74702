"""What every request signed with OAuth 1.0a has to bring, whichever service it is for."""

import hmac
import re
from collections.abc import Collection
from enum import Enum, auto
from typing import Final

from reconciler.emulator import signing
from reconciler.emulator.accounts import World
from reconciler.emulator.signing import OAuthHeader
from reconciler.emulator.wire import Request

CLOCK_SKEW: Final = 5 * 60
SHORTEST_NONCE: Final = 6
VERSION: Final = "oauth_version"
# Signed like any parameter; whether NetSuite compares it with the body is not known, so nobody does here.
BODY_HASH: Final = "oauth_body_hash"
REQUIRED: Final = (
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_signature",
)
_TIMESTAMP: Final = re.compile(r"[1-9][0-9]{0,14}")


class Flaw(Enum):
    """What can be wrong with a signed request; each service has its own words for it."""

    MALFORMED = auto()
    MISSING = auto()
    ALGORITHM = auto()
    VERSION = auto()
    TIMESTAMP = auto()
    SHORT_NONCE = auto()
    USED_NONCE = auto()
    SIGNATURE = auto()


class FlawError(Exception):
    """The request is refused for its flaw."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.name)
        self.flaw = flaw


def is_oauth1(request: Request) -> bool:
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "oauth"


def signing_time(world: World) -> int:
    """The time that stands in what a client signs."""
    return world.clock.now() if world.switches.value("signature-clock") == "account" else world.clock.machine()


def realm_of(request: Request) -> str:
    """The realm of the Authorization header, or nothing."""
    try:
        return signing.parse_header(request.headers.get("authorization", "")).realm
    except (signing.HeaderError, UnicodeDecodeError):
        # A header with a flaw elsewhere may still say which account's audit trail the failure belongs to.
        return _in_quotes(request, "realm")


def consumer_key_of(request: Request) -> str:
    """The consumer key that a request claims to come from, or nothing."""
    return _in_quotes(request, "oauth_consumer_key")


def _in_quotes(request: Request, name: str) -> str:
    _, mark, rest = request.headers.get("authorization", "").partition(f'{name}="')
    return rest.partition('"')[0] if mark else ""


def header(world: World, request: Request, more: Collection[str], optional: Collection[str] = ()) -> OAuthHeader:
    """The Authorization header of a request, its form checked.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_156935170194.html

    Args:
        world: the world.
        request: the request.
        more: parameters that this service needs besides those of every request.
        optional: parameters that it takes.

    Raises:
        FlawError: the header cannot be used.
    """
    try:
        found = signing.parse_header(request.headers.get("authorization", ""))
    except (signing.HeaderError, UnicodeDecodeError) as error:
        raise FlawError(Flaw.MALFORMED) from error
    _check_names(world, request, found, {*REQUIRED, *more}, optional)
    _check_values(world, found)
    return found


def _check_names(
    world: World, request: Request, found: OAuthHeader, needed: set[str], optional: Collection[str]
) -> None:
    values = found.parameters
    if world.switches.value("oauth-version-parameter") == "required":
        needed = {*needed, VERSION}
    if needed - set(values):
        raise FlawError(Flaw.MISSING)
    body_hash = {BODY_HASH} if world.switches.value("oauth-body-hash") == "accepted" else set()
    is_unknown = set(values) - needed - {VERSION, *optional} - body_hash
    is_elsewhere = any(name.startswith("oauth_") for name, _ in signing.query_parameters(request.query))
    if is_unknown or is_elsewhere or not all(values.values()):
        raise FlawError(Flaw.MALFORMED)


def _check_values(world: World, found: OAuthHeader) -> None:
    values = found.parameters
    if values["oauth_signature_method"] != "HMAC-SHA256":
        raise FlawError(Flaw.ALGORITHM)
    if values.get(VERSION, "1.0") != "1.0":
        raise FlawError(Flaw.VERSION)
    timestamp = values["oauth_timestamp"]
    if not _TIMESTAMP.fullmatch(timestamp) or abs(int(timestamp) - signing_time(world)) > CLOCK_SKEW:
        raise FlawError(Flaw.TIMESTAMP)
    if len(values["oauth_nonce"]) < SHORTEST_NONCE:
        raise FlawError(Flaw.SHORT_NONCE)


def check_signature(request: Request, found: OAuthHeader, secrets: tuple[str, str]) -> None:
    """Compare with our own signature under the consumer's and the token's secret (empty while there is no token)."""
    url = request.base_url + request.target
    expected = signing.signature(request.method, url, found, secrets, signing.form_parameters(request))
    if not hmac.compare_digest(expected.encode(), found.signature.encode()):
        raise FlawError(Flaw.SIGNATURE)


def use_nonce(world: World, account: str, who: str, found: OAuthHeader) -> None:
    """A nonce counts once for a timestamp and a user, or an application that has no user yet."""
    nonce, timestamp = found.parameters["oauth_nonce"], int(found.parameters["oauth_timestamp"])
    # Those of this user only: the primary key finds them, where a look at all would take longer with each request.
    world.database.run(
        "DELETE FROM nonces WHERE account = ? AND token_id = ? AND timestamp < ?",
        account,
        who,
        signing_time(world) - 2 * CLOCK_SKEW,
    )
    if world.switches.value("timestamp-order") == "enforced":
        newest = world.database.number(
            "SELECT MAX(timestamp) FROM nonces WHERE account = ? AND token_id = ?", account, who
        )
        if timestamp < newest:
            raise FlawError(Flaw.TIMESTAMP)
    if not world.database.run("INSERT OR IGNORE INTO nonces VALUES (?, ?, ?, ?)", account, who, timestamp, nonce):
        raise FlawError(Flaw.USED_NONCE)
