"""What a login is to the rest of the room, and signing with OAuth 1.0a as token-based authentication wants it."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_AUTH_HEADER
from requests import PreparedRequest
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from reconciler.core.errors import NetSuiteError
from reconciler.core.live import Identity
from reconciler.core.secret import Secret
from reconciler.netsuite.transport import Answer


class Signer(Protocol):
    """Puts a login on one attempt of a request; called anew for every attempt, from any thread."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything that no message may repeat."""
        ...

    @property
    def identity(self) -> Identity | None:
        """Who the login is, where it says so itself; None when only the login audit trail tells."""
        ...

    def __call__(self, request: PreparedRequest, /) -> PreparedRequest: ...

    def renew(self, request: PreparedRequest) -> bool:
        """After a 401 to this request: True when another attempt would carry another login than this one did."""
        ...

    def explained(self, answer: Answer, error: NetSuiteError) -> NetSuiteError:
        """The error in the words of this way to log in, for an answer that is not a success."""
        ...

    def certificate_ends(self, user_agent: str) -> datetime | None:
        """When the certificate behind the login ends (UTC); None when there is none, or this cannot be told."""
        ...

    def close(self) -> None:
        """Let go of connections that the login needed for itself."""
        ...


class PlainSigner(AuthBase):
    """What a login answers that rests on no certificate and is made anew for each request."""

    @property
    def identity(self) -> Identity | None:
        return None

    def renew(self, request: PreparedRequest) -> bool:  # noqa: ARG002  others look at it
        return False

    def explained(self, answer: Answer, error: NetSuiteError) -> NetSuiteError:  # noqa: ARG002  others look at it
        return error

    def certificate_ends(self, user_agent: str) -> datetime | None:  # noqa: ARG002  others send it
        return None

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class TokenCredentials:
    """The consumer pair of an integration record and the token pair of one employee in one role."""

    consumer_key: Secret
    consumer_secret: Secret
    token_id: Secret
    token_secret: Secret


def fresh_nonce() -> str:
    """Twenty characters, which Oracle calls ideal (netsuite.md 2.2), from a secure source."""
    return secrets.token_hex(10)


class TokenBasedAuth(PlainSigner):
    """OAuth 1.0a with HMAC-SHA256 in the Authorization header, a new nonce each time (netsuite.md 2.2)."""

    def __init__(
        self,
        realm: str,
        credentials: TokenCredentials,
        *,
        nonce: Callable[[], str] = fresh_nonce,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._realm = realm
        self._credentials = credentials
        self._nonce = nonce
        self._clock = clock

    @property
    def secrets(self) -> tuple[Secret, ...]:
        held = self._credentials
        return (held.consumer_key, held.consumer_secret, held.token_id, held.token_secret)

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        held = self._credentials
        # One signer per attempt: threads share nothing, and neither nonce nor timestamp can be used twice.
        sign = OAuth1(
            held.consumer_key.reveal(),
            client_secret=held.consumer_secret.reveal(),
            resource_owner_key=held.token_id.reveal(),
            resource_owner_secret=held.token_secret.reveal(),
            signature_method=SIGNATURE_HMAC_SHA256,
            signature_type=SIGNATURE_TYPE_AUTH_HEADER,
            realm=self._realm,
            nonce=self._nonce(),
            timestamp=str(int(self._clock())),
        )
        return sign(r)
