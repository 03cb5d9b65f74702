"""Reading an account with OAuth 2.0: the access token says who one is, and the audit trail may agree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.core.live import Gapped, Identity, LiveState
from reconciler.core.secret import Secret
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.oauth2 import TOKEN, BearerAuth, ClientCredentials
from reconciler.netsuite.oauth2_key import signing_key
from tests.netsuite.stub import Asked, Reply, Stub, refusal
from tests.netsuite.test_live_state import NOW, SCOPE, ScriptedAccount
from tests.netsuite.test_oauth2 import CERTIFICATE, CLIENT, granted, listed
from tests.support.oauth2_keys import a_key, pem_of

READER = Identity("90", "1090")


class Oauth2Account(ScriptedAccount):
    """The same account, reached with a token whose subject is `READER`."""

    def __init__(self, stub: Stub) -> None:
        super().__init__(stub)
        self.certificates = Reply(200, [listed()], content_type="application/json")

    def answer(self, asked: Asked) -> Reply:
        if asked.path == TOKEN:
            return granted()
        if asked.path.endswith("/certificates"):
            return self.certificates
        return super().answer(asked)

    def shown(self, *people: Identity) -> None:
        """The own rows of the trail."""
        at = (NOW + self.ahead + timedelta(seconds=2)).strftime("%Y-%m-%d %H:%M:%S")
        self.own = [{"userid": one.employee_id, "role": one.role_id, "firstat": at} for one in people]

    def look(self) -> LiveState:
        key = signing_key(Secret(pem_of(a_key())), "here")
        credentials = ClientCredentials(Secret(CLIENT), Secret(CERTIFICATE), key)
        signer = BearerAuth(self.stub.account, self.stub.account, credentials, retries=self.stub.retries())
        with ReadClient(self.stub.account, signer, retries=self.stub.retries()) as client:
            return NetSuiteReader(client).read(SCOPE)


@pytest.fixture
def account(stub: Stub) -> Iterator[Oauth2Account]:
    found = Oauth2Account(stub)
    found.shown(READER)
    yield found
    assert sum(asked.path == TOKEN for asked in stub.asked) == 1


def test_token_and_trail_agree(account: Oauth2Account) -> None:
    live = account.look()

    assert (live.reader, live.gaps) == (READER, ())
    assert live.certificate_ends == datetime(2027, 1, 1, 12, tzinfo=UTC)


def test_without_the_trail_the_token_is_enough_to_know_oneself(account: Oauth2Account) -> None:
    account.broken["loginaudit"] = refusal(403, "INSUFFICIENT_PERMISSION", "no")

    live = account.look()

    assert live.reader == READER
    assert not live.unread(Gapped.IDENTITY)
    assert live.unread(Gapped.AUDIT_CLOCK)


def test_a_trail_that_does_not_show_the_run_yet_leaves_only_the_clock_open(account: Oauth2Account) -> None:
    account.own = []

    live = account.look()

    assert live.reader == READER
    assert [gap.what for gap in live.gaps] == [Gapped.AUDIT_CLOCK]


@pytest.mark.parametrize("others", [(Identity("13", "3"),), (READER, Identity("13", "3"))])
def test_a_difference_is_a_gap_that_names_both(account: Oauth2Account, others: tuple[Identity, ...]) -> None:
    account.shown(*others)

    live = account.look()

    (gap,) = live.gaps
    assert (live.reader, gap.what) == (None, Gapped.IDENTITY)
    assert gap.detail == (
        "The access token says that this run is employee 90 in role 1090, "
        "and the login audit trail employee 13 in role 3."
    )


def test_a_certificate_whose_end_cannot_be_told_is_no_gap(account: Oauth2Account) -> None:
    account.certificates = refusal(403, "INSUFFICIENT_PERMISSION", "no")

    live = account.look()

    assert (live.certificate_ends, live.gaps) == (None, ())
