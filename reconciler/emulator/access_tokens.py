"""Access tokens of OAuth 2.0: issued as NetSuite prints them, and checked again with every request."""

import re
import sqlite3
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from reconciler.emulator import accounts, audit, certificates, jws, oauth2
from reconciler.emulator.accounts import Account, Caller, World
from reconciler.emulator.login import remember, wrong_credentials
from reconciler.emulator.oauth2 import OAuth2Error, Reason
from reconciler.emulator.wire import LOGIN_DETAIL, MALFORMED_SYNTAX, RefusedError, Request

RESTLETS: Final = "restlets"
ISSUER: Final = "https://system.netsuite.com"
_HEADER: Final = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)")


def issue(world: World, caller: Caller, integration: sqlite3.Row, scope: list[str]) -> str:
    """A token as in these two pages, the second of which has a sample.

    https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158255317571.html
    https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_11111634165.html
    """
    account, now = caller.account.id, _now(world)
    milliseconds = now * 1000
    claims = {
        "sub": f"{caller.role};{caller.employee}",
        "aud": [f"{application_id(account, integration['id'])};{account}", integration["client_id"]],
        "scope": scope,
        "iss": ISSUER,
        "oit": now,
        "exp": now + world.switches.number("access-token-life"),
        "iat": now,
        "jti": f"{account}.a-a.{uuid.uuid4()}_{milliseconds}.{milliseconds}",
    }
    return _own_key(world, account).sign(claims, world.switches.value("access-token-algorithm"))


def application_id(account: str, integration: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{account}/integration/{integration}")).upper()


def _now(world: World) -> int:
    clock = world.clock
    return clock.now() if world.switches.value("access-token-clock") == "account" else clock.machine()


def _own_key(world: World, account: str) -> jws.OwnKey:
    name = certificates.own_key_name(account)
    stored = world.database.setting(name)
    if stored:
        return jws.stored_key(stored)
    made = datetime.fromtimestamp(world.clock.now(), UTC).strftime("%Y-%m-%d_%H-%M-%S")
    key = jws.OwnKey.new(f"c.{account}.{made}")
    world.database.set(name, key.to_store())
    return key


class BearerLogin:
    """One request with an access token on its way through the check."""

    def __init__(self, world: World, request: Request, *, is_restlet: bool = False) -> None:
        self._world = world
        self._request = request
        self._is_restlet = is_restlet
        self._known = audit.Attempt()

    def caller(self) -> Caller:
        """Let the request in, or refuse it as OAuth 2.0 says; either leaves an audit row where the account is known."""
        token = self._token()
        with self._world.database.transaction():
            account = accounts.account(self._world, _account_in(token.claims) or oauth2.only_account(self._world))
            if account is None:
                raise self._refused(oauth2.only_account(self._world))
            try:
                caller = self._checked(account, token)
            except OAuth2Error as error:
                audit.record(self._world, account.id, self._request, self._known, error.detail)
                failure = error
            else:
                audit.record(self._world, account.id, self._request, self._known)
                remember(self._request, caller)
                return caller
        raise failure.answer or self._refused(account.id)

    def _token(self) -> jws.Signed:
        header = self._request.headers.get("authorization", "")
        match = _HEADER.fullmatch(header)
        realm = oauth2.only_account(self._world)
        if match is None:
            raise self._malformed(realm) if oauth2.is_bearer(self._request) else self._refused(realm)
        try:
            return jws.parse(match.group(1))
        except jws.MalformedError as error:
            raise self._refused(realm) from error

    def _checked(self, account: Account, token: jws.Signed) -> Caller:
        stored = self._world.database.setting(certificates.own_key_name(account.id))
        if not stored or not jws.stored_key(stored).signed(token):
            raise OAuth2Error(Reason.INVALID_SIGNATURE)
        # From here on the claims are those we wrote ourselves.
        integration = oauth2.with_client_id(self._world, account.id, _audience(token.claims)[1])
        if integration is None:
            raise OAuth2Error(Reason.INVALID_INTEGRATION)
        role, _, employee = str(token.claims["sub"]).partition(";")
        owner = (int(employee), int(role))
        self._known = audit.Attempt(integration["name"], "", *owner)
        if int(str(token.claims["exp"])) <= _now(self._world):
            raise OAuth2Error(Reason.ACCESS_TOKEN_EXPIRED)
        oauth2.check_may_use(account, integration)
        self._check_certificate(account, integration, owner)
        caller = accounts.caller(self._world, account, owner, (accounts.OAUTH2_LOGIN,), integration["name"])
        if caller is None:
            raise OAuth2Error(Reason.ENTITY_OR_ROLE_DISABLED)
        if self._is_restlet:
            self._check_restlet(caller, token)
        return caller

    def _check_restlet(self, caller: Caller, token: jws.Signed) -> None:
        if RESTLETS not in _list(token.claims.get("scope")):
            raise OAuth2Error(Reason.SCOPE_MISMATCHED)
        if accounts.is_for_web_services_only(self._world, caller):
            detail = self._world.switches.value("web-services-only-detail")
            raise OAuth2Error(Reason.ENTITY_OR_ROLE_DISABLED, detail, wrong_credentials())

    def _check_certificate(self, account: Account, integration: sqlite3.Row, owner: tuple[int, int]) -> None:
        if self._world.switches.value("revoked-certificate-tokens") == "live-on":
            return
        mapping = certificates.Mapping(integration["id"], *owner)
        active = certificates.active(self._world, account.id, integration["id"])
        if not any(certificates.is_of(row, mapping) for row in active):
            raise OAuth2Error(Reason.TOKEN_REJECTED)

    def _refused(self, realm: str) -> RefusedError:
        code = self._world.switches.value("login-error-code")
        challenge = _challenge(realm, "invalid_token", "Invalid login attempt.")
        return RefusedError(401, code, LOGIN_DETAIL, headers=challenge)

    def _malformed(self, realm: str) -> RefusedError:
        challenge = _challenge(realm, "invalid_request", MALFORMED_SYNTAX)
        return RefusedError(400, "INVALID_REQUEST", MALFORMED_SYNTAX, headers=challenge)


def claimed(request: Request) -> tuple[str, str]:
    """The account and the client id that an access token claims to be of, or nothing."""
    match = _HEADER.fullmatch(request.headers.get("authorization", ""))
    try:
        claims = jws.parse(match.group(1)).claims if match else {}
    except jws.MalformedError:
        return "", ""
    return _account_in(claims), _audience(claims)[1]


def _account_in(claims: Mapping[str, object]) -> str:
    return _audience(claims)[0].rpartition(";")[2]


def _audience(claims: Mapping[str, object]) -> tuple[str, str]:
    """The two entries of `aud`: the application with its account, and the client id."""
    match claims.get("aud"):
        case [str(application), str(client_id)]:
            return application, client_id
    return "", ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _challenge(realm: str, error: str, description: str) -> Mapping[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="{realm}", error="{error}", error_description="{description}"'}
