"""The login check of token-based authentication: every reason goes into the audit trail, none over the wire."""

import hmac
import re
import sqlite3
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from reconciler.emulator import accounts, signing
from reconciler.emulator.accounts import Account, Caller, World
from reconciler.emulator.wire import LOGIN_DETAIL, RefusedError, Request

CLOCK_SKEW: Final = 5 * 60
SHORTEST_NONCE: Final = 6
SESSION: Final = 20 * 60
_TIMESTAMP: Final = re.compile(r"[1-9][0-9]{0,14}")
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
    """The login is refused; `known` holds what could be said about it in the audit trail."""

    def __init__(self, detail: Detail) -> None:
        super().__init__(detail.value)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known so far about a login, for its row in the audit trail."""

    application: str = ""
    token: sqlite3.Row | None = None


class Login:
    """One request on its way through the check."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self._request = request
        self._known = _Known()

    def caller(self) -> Caller:
        """Let the request in, or refuse it with the one generic answer; either leaves an audit row."""
        with self._world.database.transaction():
            account = self._account()
            try:
                caller = self._checked(account)
            except LoginError as error:
                self._audit(account, error.detail)
                failure = error.detail
            else:
                self._audit(account, None)
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
        if not _TIMESTAMP.fullmatch(timestamp) or abs(int(timestamp) - self._clock()) > CLOCK_SKEW:
            raise LoginError(Detail.INVALID_TIMESTAMP)
        if len(values["oauth_nonce"]) < SHORTEST_NONCE:
            raise LoginError(Detail.NONCE_REJECTED)

    def _clock(self) -> int:
        clock = self._world.clock
        return clock.now() if self._world.switches.value("signature-clock") == "account" else clock.machine()

    def _integration(self, account: Account, header: signing.OAuthHeader) -> sqlite3.Row:
        row = self._world.database.row(
            "SELECT * FROM integrations WHERE account = ? AND consumer_key = ?",
            account.id,
            header.parameters["oauth_consumer_key"],
        )
        if row is None:
            raise LoginError(Detail.CONSUMER_KEY_UNKNOWN)
        self._known = _Known(row["name"])
        if row["state"] != "Enabled":
            self._known = replace(self._known, token=self._row_of_token(account, header))
            raise LoginError(Detail.CONSUMER_KEY_REFUSED)
        return row

    def _row_of_token(self, account: Account, header: signing.OAuthHeader) -> sqlite3.Row | None:
        return self._world.database.row(
            "SELECT * FROM tokens WHERE account = ? AND token_id = ?", account.id, header.parameters["oauth_token"]
        )

    def _token(self, account: Account, header: signing.OAuthHeader, integration: sqlite3.Row) -> sqlite3.Row:
        row = self._row_of_token(account, header)
        if row is None:
            raise LoginError(Detail.TOKEN_REJECTED)
        self._known = replace(self._known, token=row)
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
        self._world.database.run("DELETE FROM nonces WHERE timestamp < ?", self._clock() - 2 * CLOCK_SKEW)
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
        employee = accounts.employee(self._world, account.id, token["employee"])
        role = accounts.role(self._world, account.id, token["role"])
        if employee is None or role is None:
            raise LoginError(Detail.PERMISSION_DENIED)
        levels = accounts.permissions(self._world, account.id, role["id"])
        caller = Caller(
            account=account,
            employee=employee["id"],
            name=employee["entityid"],
            email=employee["email"] or "",
            time_zone=employee["time_zone"] or account.time_zone,
            role=role["id"],
            role_name=role["name"],
            permissions=levels,
            application=integration["name"],
            token_name=token["name"],
        )
        may_use_tokens = caller.may(accounts.TOKEN_LOGIN) or caller.may(accounts.OWN_TOKENS)
        held = accounts.holds(self._world, account.id, caller.employee, caller.role)
        if not (employee["active"] and employee["access"] and held and may_use_tokens) or role["inactive"]:
            raise LoginError(Detail.PERMISSION_DENIED)
        return caller

    def _audit(self, account: Account, detail: Detail | None) -> None:
        token = self._known.token
        agent = self._request.headers.get("user-agent", "")
        if detail is None and token is not None and self._continues_session(account, token, agent):
            return
        owner = accounts.employee(self._world, account.id, token["employee"]) if token is not None else None
        names_role = detail is None or self._world.switches.value("loginaudit-failed-role") == "token"
        self._world.database.insert(
            "login_audit",
            account=account.id,
            at=self._world.clock.now(),
            status="Failure" if detail else "Success",
            application=self._known.application,
            token=token["name"] if token is not None else "",
            employee=token["employee"] if token is not None else None,
            role=token["role"] if token is not None and names_role else None,
            email=owner["email"] if owner is not None else "",
            address=self._request.address,
            request_uri=self._request.path,
            detail=detail.value if detail else "",
            user_agent=agent,
        )

    def _continues_session(self, account: Account, token: sqlite3.Row, agent: str) -> bool:
        if self._world.switches.value("loginaudit-rows") == "every-call":
            return False
        return bool(
            self._world.database.number(
                "SELECT COUNT(*) FROM login_audit WHERE account = ? AND at > ? AND status = 'Success'"
                " AND application = ? AND token = ? AND employee = ? AND role = ? AND user_agent = ?",
                account.id,
                self._world.clock.now() - SESSION,
                self._known.application,
                token["name"],
                token["employee"],
                token["role"],
                agent,
            )
        )


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
