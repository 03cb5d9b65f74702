"""Logging in with OAuth 2.0 client credentials: a signed assertion buys a bearer token (netsuite.md 4.1)."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from requests import PreparedRequest

from reconciler.core.errors import NetSuiteError, RefusedError
from reconciler.core.live import Identity
from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account
from reconciler.netsuite.answers import json_in
from reconciler.netsuite.connection import Call, Connection
from reconciler.netsuite.oauth2_answers import (
    TOKEN_REQUEST,
    access_token_in,
    identity_in,
    refused_bearer,
    refused_token,
)
from reconciler.netsuite.oauth2_certificate import certificates_path, end_of, may_list_certificates
from reconciler.netsuite.oauth2_key import SigningKey
from reconciler.netsuite.retries import Retries, RetryLimits
from reconciler.netsuite.signing import PlainSigner
from reconciler.netsuite.transport import Answer, Limits

TOKEN: Final = "/services/rest/auth/oauth2/v1/token"
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SCOPE: Final = ("rest_webservices",)
_ASSERTION_SECONDS: Final = 600
_MARGIN: Final = 60.0
_PAUSE_AFTER_REFUSAL: Final = 60.0
# Nothing rests on it, so it is not waited for.
_BRIEFLY: Final = Limits(connect=10.0, read=20.0, total=30.0)
_ONCE: Final = RetryLimits(attempts=1)


def may_ask_for_token(method: str, path: str) -> bool:
    """The one request that a login sends before it has a token; it changes nothing."""
    return method == "POST" and path == TOKEN


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The client id of an integration record, the id of a certificate mapped to it, and the certificate's key."""

    client_id: Secret
    certificate_id: Secret
    key: SigningKey


class ClientAssertion(PlainSigner):
    """Puts a fresh assertion into the body of each attempt to get a token (netsuite.md 4.1)."""

    def __init__(self, credentials: ClientCredentials, token_url: str, clock: Callable[[], float] = time.time) -> None:
        self._credentials = credentials
        self._token_url = token_url
        self._clock = clock

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self._credentials.client_id, self._credentials.certificate_id)

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        r.prepare_body(form, None)
        return r

    def explained(self, answer: Answer, error: NetSuiteError) -> NetSuiteError:
        return refused_token(answer, error)

    def _assertion(self) -> str:
        held, now = self._credentials, int(self._clock())
        claims = {
            "iss": held.client_id.reveal(),
            "scope": list(_SCOPE),
            "aud": self._token_url,
            "iat": now,
            # An hour is allowed; what is sent at once needs far less, and leaves room for a clock that is behind.
            "exp": now + _ASSERTION_SECONDS,
            "jti": secrets.token_hex(16),
        }
        return held.key.signed(claims, held.certificate_id.reveal())


class AccessTokens:
    """The access token of one login, for all threads: asked for once, used until shortly before its end."""

    def __init__(self, connection: Connection, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Secret | None = None
        self._until = 0.0
        self._uses = 0
        self._renewable_from = float("-inf")
        self._refusal: RefusedError | None = None
        self._refused_until = 0.0

    @property
    def latest(self) -> Secret | None:
        """The newest token that was handed out, which may have ended."""
        return self._token

    def take(self, user_agent: str) -> Secret:
        """A token that is good for a while.

        Args:
            user_agent: of the request that needs it, so that the login audit trail shows both as one client.

        Raises:
            NetSuiteError: there is none to be had.
        """
        with self._lock:
            now = self._clock()
            token = self._token
            if token is None or now >= self._until:
                token = self._fetch(user_agent, now)
            self._uses += 1
            return token

    def _fetch(self, user_agent: str, now: float) -> Secret:
        # Asking again and again after a refusal helps nobody, and could get the login blocked.
        if self._refusal is not None and now < self._refused_until:
            raise self._refusal
        call = Call("POST", TOKEN, TOKEN_REQUEST, reads=True, headers={"User-Agent": user_agent})
        try:
            token = access_token_in(json_in(self._connection.answer(call), TOKEN_REQUEST))
        except RefusedError as error:
            self._refusal, self._refused_until = error, now + _PAUSE_AFTER_REFUSAL
            raise
        self._token, self._uses = token.value, 0
        # Counted from before the request, so never too long; a short-lived token is used for half its life.
        self._until = now + token.lifetime - min(_MARGIN, token.lifetime / 2)
        return token.value

    def renew(self, refused: Secret) -> bool:
        """After a 401 to a request with this token: True when the next `take` gives another one.

        A token is given up when it was used before, at most once a minute: a login that is refused with a new token is
        refused for another reason than the token's age.
        """
        with self._lock:
            if self._token != refused:
                return True
            now = self._clock()
            if self._uses <= 1 or now < self._renewable_from:
                return False
            self._renewable_from = now + _PAUSE_AFTER_REFUSAL
            self._until = now
            return True

    def close(self) -> None:
        self._connection.close()


class BearerAuth(PlainSigner):
    """A bearer token in the Authorization header, of a login that is made when the first request needs it.

    Args:
        account: where tokens are handed out, and where they are used.
        restlets: the host of the account that lists certificates (netsuite.md 4.2).
        credentials: what the login rests on.
        limits: for token requests.
        retries: the budget of the client, which token requests share.
        wall_clock: for the times in assertions.
        clock: by which tokens age.
    """

    def __init__(
        self,
        account: Account,
        restlets: Account,
        credentials: ClientCredentials,
        *,
        limits: Limits | None = None,
        retries: Retries | None = None,
        wall_clock: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        assertion = ClientAssertion(credentials, account.base_url + TOKEN, wall_clock)
        connection = Connection(account, assertion, may_ask_for_token, limits=limits, retries=retries)
        self._credentials = credentials
        self._tokens = AccessTokens(connection, clock)
        self._restlets = restlets

    @property
    def secrets(self) -> tuple[Secret, ...]:
        token = self._tokens.latest
        return (self._credentials.client_id, self._credentials.certificate_id, *((token,) if token else ()))

    @property
    def identity(self) -> Identity | None:
        """By the newest token's subject (netsuite.md 4.1)."""
        token = self._tokens.latest
        return identity_in(token) if token else None

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        token = self._tokens.take(str(r.headers["User-Agent"]))
        r.headers["Authorization"] = f"Bearer {token.reveal()}"
        return r

    def renew(self, request: PreparedRequest) -> bool:
        return self._tokens.renew(Secret(str(request.headers["Authorization"]).removeprefix("Bearer ")))

    def explained(self, answer: Answer, error: NetSuiteError) -> NetSuiteError:
        return refused_bearer(answer, error)

    def certificate_ends(self, user_agent: str) -> datetime | None:
        """From the list of the login's own certificates, which needs a permission that few roles have."""
        path = certificates_path(self._credentials.client_id.reveal())
        if path is None:
            return None
        # A refusal here is no reason to give the token up, so nothing is asked of this signer but its token.
        connection = Connection(
            self._restlets, _SameToken(self), may_list_certificates, limits=_BRIEFLY, retries=Retries(_ONCE)
        )
        call = Call("GET", path, "the certificates of this login", reads=True, headers={"User-Agent": user_agent})
        try:
            listed = json_in(connection.answer(call), call.about)
        except NetSuiteError:
            return None
        finally:
            connection.close()
        return end_of(self._credentials.certificate_id.reveal(), listed)

    def close(self) -> None:
        self._tokens.close()


class _SameToken(PlainSigner):
    """Another login's token, never renewed; closing it leaves that login open."""

    def __init__(self, bearer: BearerAuth) -> None:
        self._bearer = bearer

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return self._bearer.secrets

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        return self._bearer(r)
