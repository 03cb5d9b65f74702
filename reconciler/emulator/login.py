"""The login check of token-based authentication: every reason goes into the audit trail, none over the wire."""

import hmac
import re
import sqlite3
from enum import StrEnum
from typing import Final

from reconciler.emulator import accounts, audit, signing
from reconciler.emulator.accounts import Account, Caller, World
from reconciler.emulator.wire import LOGIN_DETAIL, RefusedError, Request

CLOCK_SKEW: Final = 5 * 60
SHORTEST_NONCE: Final = 6
_TIMESTAMP: Final = re.compile(r"[1-9][0-9]{0,14}")
LOGIN_PERMISSIONS: Final = (accounts.TOKEN_LOGIN, accounts.OWN_TOKENS)
REQUIRED: Final = (
    "oauth_consumer_key",
    "oauth_token",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_version",
    "oauth_signature",
)


class Detail(StrEnum):
    """The column Detail of the Login Audit Trail, word for word."""

    CONSUMER_KEY_REFUSED = "consumer_key_refused"
    CONSUMER_KEY_UNKNOWN = "consumer_key_unknown"
    FEATURE_DISABLED = "FeatureDisabled"
    MISSING = "MissingTokenPassportRequiredFields"
    NONCE_REJECTED = "nonce_rejected"
    NONCE_USED = "NonceUsed"
    PARAMETER_REJECTED = "parameter_rejected"
    PERMISSION_DENIED = "permission_denied"
    INVALID_SIGNATURE = "InvalidSignature"
    UNKNOWN_ALGORITHM = "UnknownAlgorithm"
    INVALID_TIMESTAMP = "InvalidTimestamp"
    TOKEN_REJECTED = "token_rejected"
    VERSION_REJECTED = "VersionRejected"


class LoginError(Exception):
    """The login is refused, for a reason that only the audit trail tells."""

    def __init__(self, detail: Detail) -> None:
        super().__init__(detail.value)
        self.detail = detail


class Login:
    """One request on its way through the check."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self._request = request
        self._known = audit.Attempt()

    def caller(self) -> Caller:
        """Let the request in, or refuse it with the one generic answer; either leaves an audit row."""
        with self._world.database.transaction():
            account = self._account()
            try:
                caller = self._checked(account)
            except LoginError as error:
                audit.record(self._world, account.id, self._request, self._known, error.detail.value)
                failure = error.detail
            else:
                audit.record(self._world, account.id, self._request, self._known)
                return caller
        raise login_refused(self._world, failure.value)

    def _account(self) -> Account:
        """The account named by the realm; a realm in the wrong case is no account, so there is no trail to write to."""
        account = accounts.account(self._world, realm_of(self._request))
        if account is None:
            raise login_refused(self._world, "the realm names no account here; it is the account id in upper case")
        return account

    def _checked(self, account: Account) -> Caller:
        if not account.has("token_based_authentication"):
            raise LoginError(Detail.FEATURE_DISABLED)
        header = self._header()
        self._check_form(header)
        integration = self._integration(account, header)
        token = self._token(account, header, integration)
        self._check_signature(header, integration, token)
        self._use_nonce(account, header)
        return self._entitled(account, integration, token)

    def _header(self) -> signing.OAuthHeader:
        try:
            return signing.parse_header(self._request.headers.get("authorization", ""))
        except (signing.HeaderError, UnicodeDecodeError) as error:
            raise LoginError(Detail.PARAMETER_REJECTED) from error

    def _check_form(self, header: signing.OAuthHeader) -> None:
        values = header.parameters
        if any(not values.get(name) for name in REQUIRED):
            raise LoginError(Detail.MISSING)
        if set(values) - set(REQUIRED):
            raise LoginError(Detail.PARAMETER_REJECTED)
        if values["oauth_signature_method"] != "HMAC-SHA256":
            raise LoginError(Detail.UNKNOWN_ALGORITHM)
        if values["oauth_version"] != "1.0":
            raise LoginError(Detail.VERSION_REJECTED)
        timestamp = values["oauth_timestamp"]
        if not _TIMESTAMP.fullmatch(timestamp) or abs(int(timestamp) - signing_time(self._world)) > CLOCK_SKEW:
            raise LoginError(Detail.INVALID_TIMESTAMP)
        if len(values["oauth_nonce"]) < SHORTEST_NONCE:
            raise LoginError(Detail.NONCE_REJECTED)

    def _integration(self, account: Account, header: signing.OAuthHeader) -> sqlite3.Row:
        row = self._world.database.row(
            "SELECT * FROM integrations WHERE account = ? AND consumer_key = ?",
            account.id,
            header.parameters["oauth_consumer_key"],
        )
        if row is None:
            raise LoginError(Detail.CONSUMER_KEY_UNKNOWN)
        self._known = audit.Attempt(row["name"])
        if row["state"] != "Enabled":
            self._name_token(self._row_of_token(account, header))
            raise LoginError(Detail.CONSUMER_KEY_REFUSED)
        return row

    def _row_of_token(self, account: Account, header: signing.OAuthHeader) -> sqlite3.Row | None:
        return self._world.database.row(
            "SELECT * FROM tokens WHERE account = ? AND token_id = ?", account.id, header.parameters["oauth_token"]
        )

    def _name_token(self, token: sqlite3.Row | None) -> None:
        if token is not None:
            self._known = audit.Attempt(self._known.application, token["name"]).by(token)

    def _token(self, account: Account, header: signing.OAuthHeader, integration: sqlite3.Row) -> sqlite3.Row:
        row = self._row_of_token(account, header)
        if row is None:
            raise LoginError(Detail.TOKEN_REJECTED)
        self._name_token(row)
        if row["inactive"] or row["revoked"] or row["integration"] != integration["id"]:
            raise LoginError(Detail.TOKEN_REJECTED)
        return row

    def _check_signature(self, header: signing.OAuthHeader, integration: sqlite3.Row, token: sqlite3.Row) -> None:
        secrets = (integration["consumer_secret"], token["token_secret"])
        url = self._request.base_url + self._request.target
        expected = signing.signature(self._request.method, url, header, secrets)
        if not hmac.compare_digest(expected.encode(), header.signature.encode()):
            raise LoginError(Detail.INVALID_SIGNATURE)

    def _use_nonce(self, account: Account, header: signing.OAuthHeader) -> None:
        values = header.parameters
        # Those of this token only: the primary key finds them, where a look at all would take longer with each request.
        self._world.database.run(
            "DELETE FROM nonces WHERE account = ? AND token_id = ? AND timestamp < ?",
            account.id,
            values["oauth_token"],
            signing_time(self._world) - 2 * CLOCK_SKEW,
        )
        fresh = self._world.database.run(
            "INSERT OR IGNORE INTO nonces VALUES (?, ?, ?, ?)",
            account.id,
            values["oauth_token"],
            int(values["oauth_timestamp"]),
            values["oauth_nonce"],
        )
        if not fresh:
            raise LoginError(Detail.NONCE_USED)

    def _entitled(self, account: Account, integration: sqlite3.Row, token: sqlite3.Row) -> Caller:
        owner = (token["employee"], token["role"])
        caller = accounts.caller(self._world, account, owner, LOGIN_PERMISSIONS, integration["name"], token["name"])
        if caller is None:
            raise LoginError(Detail.PERMISSION_DENIED)
        return caller


def signing_time(world: World) -> int:
    """The time that stands in what a client signs."""
    return world.clock.now() if world.switches.value("signature-clock") == "account" else world.clock.machine()


def realm_of(request: Request) -> str:
    """The realm of the Authorization header, or nothing."""
    try:
        return signing.parse_header(request.headers.get("authorization", "")).realm
    except (signing.HeaderError, UnicodeDecodeError):
        # A header with a flaw elsewhere may still say which account's audit trail the failure belongs to.
        _, mark, rest = request.headers.get("authorization", "").partition('realm="')
        return rest.partition('"')[0] if mark else ""


def login_refused(world: World, _reason: str) -> RefusedError:
    """The one answer to every refused login: NetSuite never says why, so neither does the wire here."""
    return RefusedError(401, world.switches.value("login-error-code"), LOGIN_DETAIL)
