"""The token endpoint of OAuth 2.0 client credentials: a signed assertion in, an access token out."""

import hashlib
import math
import re
import sqlite3
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from reconciler.emulator import access_tokens, accounts, audit, certificates, jws, oauth2, x509
from reconciler.emulator.accounts import Account, Caller, World
from reconciler.emulator.oauth1 import signing_time
from reconciler.emulator.oauth2 import OAuth2Error, Reason
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import FORM, Answer, Request, json_answer

GRANT: Final = "client_credentials"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES: Final = frozenset({"restlets", "rest_webservices", "suite_analytics"})
NEEDED_SCOPE: Final = "rest_webservices"
# RFC 6749, 5.2, where NetSuite's own table leaves it open; anything else is invalid_grant.
WORDS: Final[Mapping[Reason, str]] = {
    Reason.UNSUPPORTED_ALGORITHM: "invalid_request",
    Reason.MISSING_KEY_ID: "invalid_request",
    Reason.INVALID_ISSUER: "invalid_client",
    Reason.MISSING_KEY: "invalid_client",
    Reason.SIGNATURE_VALIDATION: "invalid_client",
    Reason.FEATURE_DISABLED: "unauthorized_client",
    Reason.INTEGRATION_BLOCKED: "unauthorized_client",
    Reason.AUTHORIZATION_CODE_GRANT_REQUIRED: "unauthorized_client",
    Reason.INVALID_SCOPE: "invalid_scope",
    Reason.SCOPE_MISMATCHED: "invalid_scope",
}


class _RefusedError(Exception):
    """The request gets this error word."""

    def __init__(self, word: str, status: int = 0) -> None:
        super().__init__(word)
        self.word = word
        self.status = status or (401 if word == "invalid_client" else 400)


def answer(world: World, request: Request) -> Answer:
    exchange = _Exchange(world, request)
    try:
        return json_answer(200, exchange.granted(), headers={"Cache-Control": "no-store"})
    except _RefusedError as refused:
        realm = {"WWW-Authenticate": f'Basic realm="{exchange.realm}"'} if refused.word == "invalid_client" else {}
        return json_answer(refused.status, {"error": refused.word}, headers={"Cache-Control": "no-store", **realm})


class _Exchange:
    """One request for an access token on its way through the check."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self._request = request
        self._known = audit.Attempt()
        self.realm = oauth2.only_account(world)

    def granted(self) -> dict[str, object]:
        text = self._assertion()
        try:
            assertion = jws.parse(text)
        except jws.MalformedError as error:
            raise _RefusedError("invalid_request") from error
        with self._world.database.transaction():
            account = accounts.account(self._world, self._account_meant(assertion))
            if account is None:
                raise _RefusedError(self._word(Reason.INVALID_ISSUER))
            self.realm = account.id
            try:
                token = self._checked(account, assertion, text)
            except OAuth2Error as error:
                audit.record(self._world, account.id, self._request, self._known, error.detail)
                failure = error
            else:
                if self._world.switches.value("loginaudit-token-request") == "all":
                    audit.record(self._world, account.id, self._request, self._known)
                return self._content(token)
        raise self._refusal(failure.reason)

    def _assertion(self) -> str:
        content_type = self._request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            pairs = query_parameters(self._request.body.decode("ascii"))
        except UnicodeDecodeError as error:
            raise _RefusedError("invalid_request") from error
        values = dict(pairs)
        if content_type != FORM or len(values) < len(pairs) or not values.get("grant_type"):
            raise _RefusedError("invalid_request")
        if values["grant_type"] != GRANT:
            raise _RefusedError("unsupported_grant_type")
        if values.get("client_assertion_type") != ASSERTION or not values.get("client_assertion"):
            raise _RefusedError("invalid_request")
        return values["client_assertion"]

    def _account_meant(self, assertion: jws.Signed) -> str:
        """The host name says it in NetSuite; here the certificate does, then the client id."""
        meant: list[str] = []
        for sql, value in (
            ("SELECT account FROM certificates WHERE id = ?", jws.text(assertion.header.get("kid"))),
            ("SELECT account FROM integrations WHERE client_id = ?", jws.text(assertion.claims.get("iss"))),
        ):
            meant += [row["account"] for row in self._world.database.rows(f"{sql} ORDER BY account", value)]
        return meant[0] if meant else oauth2.only_account(self._world)

    def _checked(self, account: Account, assertion: jws.Signed, text: str) -> str:
        if assertion.algorithm not in jws.ALGORITHMS:
            raise OAuth2Error(Reason.UNSUPPORTED_ALGORITHM)
        integration = self._integration(account, assertion)
        certificate = self._certificate(account, integration, assertion)
        if not jws.is_signed_by(x509.read(certificate["pem"]).key, assertion):
            raise OAuth2Error(Reason.SIGNATURE_VALIDATION)
        self._check_times(assertion.claims)
        self._check_audience(assertion.claims)
        scope = self._scope(assertion.claims)
        caller = self._entitled(account, integration, certificate)
        self._use(account, assertion, text)
        return access_tokens.issue(self._world, caller, integration, scope)

    def _integration(self, account: Account, assertion: jws.Signed) -> sqlite3.Row:
        found = oauth2.with_client_id(self._world, account.id, jws.text(assertion.claims.get("iss")))
        if found is None:
            raise OAuth2Error(Reason.INVALID_ISSUER)
        self._known = audit.Attempt(found["name"])
        oauth2.check_may_use(account, found)
        return found

    def _certificate(self, account: Account, integration: sqlite3.Row, assertion: jws.Signed) -> sqlite3.Row:
        key_id = jws.text(assertion.header.get("kid"))
        if not key_id:
            raise OAuth2Error(Reason.MISSING_KEY_ID)
        found = certificates.find(self._world, account.id, key_id)
        if found is None:
            raise OAuth2Error(Reason.MISSING_KEY)
        if found["integration"] != integration["id"]:
            raise OAuth2Error(Reason.MISSING_KEY, self._world.switches.value("other-integrations-certificate"))
        self._known = self._known.by(found)
        if not certificates.is_valid(self._world, found):
            raise OAuth2Error(Reason.MISSING_KEY)
        return found

    def _check_times(self, claims: Mapping[str, object]) -> None:
        now = signing_time(self._world)
        issued, expires = _time(claims.get("iat")), _time(claims.get("exp"))
        has_fraction = {issued.denominator, expires.denominator} != {1}
        if has_fraction and self._world.switches.value("assertion-fractions") == "refused":
            raise OAuth2Error(Reason.TOKEN_NOT_ACCEPTABLE)
        # Now is a whole second, so a fraction of the same second is no future.
        if int(issued) > now + self._world.switches.number("assertion-skew"):
            raise OAuth2Error(Reason.TOKEN_NOT_ACCEPTABLE)
        if expires <= now:
            raise OAuth2Error(Reason.TOKEN_EXPIRED)
        if expires - issued > self._world.switches.number("assertion-life"):
            raise OAuth2Error(Reason.TOKEN_VALIDITY_TOO_BROAD)

    def _check_audience(self, claims: Mapping[str, object]) -> None:
        url = self._request.base_url + self._request.path
        is_checked = self._world.switches.value("assertion-audience-check") == "checked"
        if is_checked and claims.get("aud") not in (url, [url]):
            detail = self._world.switches.value("assertion-audience-detail")
            raise OAuth2Error(Reason.TOKEN_NOT_ACCEPTABLE, detail)

    def _scope(self, claims: Mapping[str, object]) -> list[str]:
        wanted = claims.get("scope")
        names = re.split(r"[ ,]+", wanted) if isinstance(wanted, str) else wanted
        if not isinstance(names, list) or not names or any(name not in SCOPES for name in names):
            raise OAuth2Error(Reason.INVALID_SCOPE)
        # The integration records here have one scope ticked that matters: REST Web Services.
        if NEEDED_SCOPE not in names:
            raise OAuth2Error(Reason.SCOPE_MISMATCHED)
        return names

    def _entitled(self, account: Account, integration: sqlite3.Row, certificate: sqlite3.Row) -> Caller:
        owner = (certificate["employee"], certificate["role"])
        found = accounts.caller(self._world, account, owner, (accounts.OAUTH2_LOGIN,), integration["name"])
        if found is None:
            raise OAuth2Error(Reason.ENTITY_OR_ROLE_DISABLED)
        return found

    def _use(self, account: Account, assertion: jws.Signed, text: str) -> None:
        digest = hashlib.sha256(text.encode()).hexdigest()
        expires = int(_time(assertion.claims["exp"]))
        self._world.database.run("DELETE FROM nonces WHERE token_id = '' AND timestamp < ?", signing_time(self._world))
        is_fresh = self._world.database.run(
            "INSERT OR IGNORE INTO nonces VALUES (?, '', ?, ?)", account.id, expires, digest
        )
        if not is_fresh and self._world.switches.value("assertion-replay") == "refused":
            raise OAuth2Error(Reason.TOKEN_REJECTED)

    def _content(self, token: str) -> dict[str, object]:
        switches = self._world.switches
        life = switches.number("access-token-life")
        return {
            "access_token": token,
            "expires_in": str(life) if switches.value("token-expires-in") == "text" else life,
            "token_type": switches.value("token-type"),
        }

    def _refusal(self, reason: Reason) -> _RefusedError:
        is_algorithm = reason is Reason.UNSUPPORTED_ALGORITHM
        if is_algorithm and self._world.switches.value("token-wrong-algorithm") == "500":
            return _RefusedError("server_error", 500)
        return _RefusedError(self._word(reason))

    def _word(self, reason: Reason) -> str:
        chosen = self._world.switches.value("token-error")
        return WORDS.get(reason, "invalid_grant") if chosen == "by-cause" else chosen


def _time(value: object) -> Fraction:
    """Seconds, exact however large (RFC 7519, 2: NumericDate); true is no number here, though Python says so."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, float) and math.isfinite(value):
        return Fraction(value)
    raise OAuth2Error(Reason.TOKEN_NOT_ACCEPTABLE)
