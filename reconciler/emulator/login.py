"""The login check of token-based authentication: every reason goes into the audit trail, none over the wire."""

import re
import sqlite3
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from reconciler.emulator import accounts, audit, oauth1
from reconciler.emulator.accounts import Account, Caller, World
from reconciler.emulator.oauth1 import Flaw, FlawError, realm_of
from reconciler.emulator.signing import OAuthHeader
from reconciler.emulator.wire import LOGIN_DETAIL, MALFORMED_SYNTAX, RefusedError, Request

LOGIN_PERMISSIONS: Final = (accounts.TOKEN_LOGIN, accounts.OWN_TOKENS)
WRONG_CREDENTIALS: Final = "You have entered an invalid email address or account number. Please try again."


class Detail(StrEnum):
    """The column Detail of the Login Audit Trail, word for word.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_156935170194.html

    `temporary_locked` is not among them: it follows wrong passwords, and there are no passwords here.
    """

    CONSUMER_KEY_REFUSED = "consumer_key_refused"
    CONSUMER_KEY_UNKNOWN = "consumer_key_unknown"
    FEATURE_DISABLED = "FeatureDisabled"
    MISSING = "MissingTokenPassportRequiredFields"
    NONCE_REJECTED = "nonce_rejected"
    NONCE_USED = "NonceUsed"
    RESTLET_NONCE_USED = "nonce_used"
    PARAMETER_REJECTED = "parameter_rejected"
    PERMISSION_DENIED = "permission_denied"
    INVALID_SIGNATURE = "InvalidSignature"
    UNKNOWN_ALGORITHM = "UnknownAlgorithm"
    INVALID_TIMESTAMP = "InvalidTimestamp"
    TOKEN_REJECTED = "token_rejected"
    VERSION_REJECTED = "VersionRejected"


FLAWS: Final[Mapping[Flaw, Detail]] = {
    Flaw.MALFORMED: Detail.PARAMETER_REJECTED,
    Flaw.MISSING: Detail.MISSING,
    Flaw.ALGORITHM: Detail.UNKNOWN_ALGORITHM,
    Flaw.VERSION: Detail.VERSION_REJECTED,
    Flaw.TIMESTAMP: Detail.INVALID_TIMESTAMP,
    Flaw.SHORT_NONCE: Detail.NONCE_REJECTED,
    Flaw.USED_NONCE: Detail.NONCE_USED,
    Flaw.SIGNATURE: Detail.INVALID_SIGNATURE,
}
# RESTlets answer INVALID_REQUEST to these, and INVALID_LOGIN_ATTEMPT to the others.
# https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4634920277.html
BAD_SYNTAX: Final = frozenset({Flaw.MALFORMED, Flaw.MISSING, Flaw.ALGORITHM, Flaw.VERSION, Flaw.TIMESTAMP})


class LoginError(Exception):
    """The login is refused, for a reason that only the audit trail tells."""

    def __init__(self, detail: str, answer: RefusedError | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.answer = answer  # another than the usual one


class Login:
    """One request on its way through the check; RESTlets have some words and rules of their own."""

    def __init__(self, world: World, request: Request, *, is_restlet: bool = False) -> None:
        self._world = world
        self._request = request
        self._is_restlet = is_restlet
        self._known = audit.Attempt()

    def caller(self) -> Caller:
        """Let the request in, or refuse it with the one generic answer; either leaves an audit row."""
        with self._world.database.transaction():
            account = self._account()
            try:
                caller = self._checked(account)
            except LoginError as error:
                audit.record(self._world, account.id, self._request, self._known, error.detail)
                failure = error
            else:
                audit.record(self._world, account.id, self._request, self._known)
                remember(self._request, caller)
                return caller
        raise failure.answer or login_refused(self._world, self._request, failure.detail)

    def _account(self) -> Account:
        """The account named by the realm; a realm in the wrong case is no account, so there is no trail to write to."""
        account = accounts.account(self._world, realm_of(self._request))
        if account is None:
            raise login_refused(self._world, self._request, Detail.TOKEN_REJECTED)
        return account

    def _checked(self, account: Account) -> Caller:
        if not account.has("token_based_authentication"):
            raise LoginError(Detail.FEATURE_DISABLED)
        try:
            return self._signed(account)
        except FlawError as error:
            raise LoginError(self._word(error.flaw), self._bad_syntax(error.flaw)) from error

    def _word(self, flaw: Flaw) -> Detail:
        return Detail.RESTLET_NONCE_USED if self._is_restlet and flaw is Flaw.USED_NONCE else FLAWS[flaw]

    def _bad_syntax(self, flaw: Flaw) -> RefusedError | None:
        is_bad = self._is_restlet and flaw in BAD_SYNTAX
        return RefusedError(400, "INVALID_REQUEST", MALFORMED_SYNTAX) if is_bad else None

    def _signed(self, account: Account) -> Caller:
        header = oauth1.header(self._world, self._request, ("oauth_token",))
        integration = self._integration(account, header)
        token = self._token(account, header, integration)
        oauth1.check_signature(self._request, header, (integration["consumer_secret"], token["token_secret"]))
        oauth1.use_nonce(self._world, account.id, f"employee {token['employee']}", header)
        return self._entitled(account, integration, token)

    def _integration(self, account: Account, header: OAuthHeader) -> sqlite3.Row:
        row = accounts.with_consumer_key(self._world, account.id, header.parameters["oauth_consumer_key"])
        if row is None:
            raise LoginError(Detail.CONSUMER_KEY_UNKNOWN)
        self._known = audit.Attempt(row["name"])
        if row["state"] != "Enabled":
            self._name_token(self._row_of_token(account, header))
            raise LoginError(Detail.CONSUMER_KEY_REFUSED)
        return row

    def _row_of_token(self, account: Account, header: OAuthHeader) -> sqlite3.Row | None:
        return self._world.database.row(
            "SELECT * FROM tokens WHERE account = ? AND token_id = ?", account.id, header.parameters["oauth_token"]
        )

    def _name_token(self, token: sqlite3.Row | None) -> None:
        if token is not None:
            self._known = audit.Attempt(self._known.application, token["name"]).by(token)

    def _token(self, account: Account, header: OAuthHeader, integration: sqlite3.Row) -> sqlite3.Row:
        row = self._row_of_token(account, header)
        if row is None:
            raise LoginError(Detail.TOKEN_REJECTED)
        self._name_token(row)
        if row["inactive"] or row["revoked"] or row["integration"] != integration["id"]:
            raise LoginError(Detail.TOKEN_REJECTED)
        return row

    def _entitled(self, account: Account, integration: sqlite3.Row, token: sqlite3.Row) -> Caller:
        owner = (token["employee"], token["role"])
        caller = accounts.caller(self._world, account, owner, LOGIN_PERMISSIONS, integration["name"], token["name"])
        if caller is None:
            raise LoginError(Detail.PERMISSION_DENIED)
        if self._is_restlet and accounts.is_for_web_services_only(self._world, caller):
            raise LoginError(self._world.switches.value("web-services-only-detail"), wrong_credentials())
        return caller


def remember(request: Request, caller: Caller) -> None:
    """Tell the request log who was let in."""
    request.who.employee, request.who.role, request.who.application = caller.name, caller.role_name, caller.application


def wrong_credentials(reason: str = "") -> RefusedError:
    """RESTlets say this to a wrong password and to a role for web services only.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_1529417663.html
    """
    return RefusedError(401, "INVALID_LOGIN_CREDENTIALS", WRONG_CREDENTIALS, reason=reason)


def login_refused(world: World, request: Request, detail: str) -> RefusedError:
    """The one answer to every refused login: NetSuite's body never says why, so neither does ours."""
    challenge = _challenge(world, realm_of(request), detail) if oauth1.is_oauth1(request) else {}
    return RefusedError(401, world.switches.value("login-error-code"), LOGIN_DETAIL, headers=challenge)


def _challenge(world: World, realm: str, detail: str) -> Mapping[str, str]:
    chosen = world.switches.value("oauth-challenge")
    if chosen == "absent":
        return {}
    error = detail if chosen == "detail" else chosen
    text = f'error="{error}", error_description="Invalid login attempt."'
    # What the caller wrote comes back only where it could be an account.
    named = f'realm="{realm}", ' if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", realm) else ""
    return {"WWW-Authenticate": f"OAuth {named}{text}"}
