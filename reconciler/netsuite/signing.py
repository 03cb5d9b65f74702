"""Signing requests with OAuth 1.0a the way NetSuite's token-based authentication wants it."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_AUTH_HEADER
from requests import PreparedRequest
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from reconciler.core.secret import Secret


class Signer(Protocol):
    """Puts a login on one attempt of a request; called anew for every attempt, from any thread."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything that no message may repeat."""
        ...

    def __call__(self, request: PreparedRequest, /) -> PreparedRequest: ...


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


class TokenBasedAuth(AuthBase):
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
