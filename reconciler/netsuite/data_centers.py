"""What NetSuite says of an account to anybody, without a login: its addresses, and its own clock.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_157011836591.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from requests import PreparedRequest

from reconciler.core.errors import NetSuiteError, RefusedError
from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account
from reconciler.netsuite.answers import json_in
from reconciler.netsuite.connection import Call, Connection
from reconciler.netsuite.retries import Retries, RetryLimits
from reconciler.netsuite.signing import PlainSigner
from reconciler.netsuite.transport import Limits

PATH: Final = "/rest/datacenterurls"
ANYBODY: Final = "https://rest.netsuite.com"
_BRIEFLY: Final = Limits(connect=10.0, read=20.0, total=30.0)
_DOMAINS: Final = ("restDomain", "webservicesDomain")


@dataclass(frozen=True, slots=True)
class Addresses:
    """`known` is None where NetSuite did not say; `ahead` is how far its clock is ahead of this machine's."""

    known: bool | None
    hosts: frozenset[str] = frozenset()
    ahead: timedelta | None = None


class NoLogin(PlainSigner):
    """Puts nothing on a request."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return ()

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        return r


class AnonymousClient:
    """Asks that one thing; its transport refuses everything else."""

    def __init__(self, account: Account) -> None:
        once = Retries(RetryLimits(attempts=1))
        self._account = account
        self._connection = Connection(account, NoLogin(), _may_ask, limits=_BRIEFLY, retries=once)

    def addresses(self) -> Addresses:
        """What is known of the account; whatever goes wrong leaves it unknown."""
        call = Call("GET", PATH, f"GET {PATH}", reads=True, params={"account": self._account.realm})
        try:
            answer = json_in(self._connection.answer(call), call.about)
        except RefusedError as error:
            # Status 400 and the words Company Id is invalid were seen.
            known = False if error.status == HTTPStatus.BAD_REQUEST else None
            return Addresses(known, ahead=self._connection.ahead)
        except NetSuiteError:
            return Addresses(None, ahead=self._connection.ahead)
        found = answer if isinstance(answer, Mapping) else {}
        urls = [found[name] for name in _DOMAINS if isinstance(found.get(name), str)]
        return Addresses(bool(urls) or None, frozenset(urlsplit(url).netloc for url in urls), self._connection.ahead)

    def close(self) -> None:
        self._connection.close()


def _may_ask(method: str, path: str) -> bool:
    return (method, path) == ("GET", PATH)
