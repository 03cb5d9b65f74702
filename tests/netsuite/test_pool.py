"""The account's requests in flight: never more than allowed, fewer when NetSuite is full, and others get their turn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.errors import RefusedError
from reconciler.core.live import Scope
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.pool import Pool, pool_of
from reconciler.netsuite.retries import Retries, RetryLimits
from tests.netsuite.test_against_the_emulator import Start, start

__all__ = ["start"]
ACCOUNT = Account("1234567", "http://127.0.0.1:1")
SCOPE = Scope(("NetSuite Connector",), (), ("NetSuite Connector Web Services",))


@given(
    size=st.integers(1, 9),
    said=st.lists(st.booleans(), max_size=300),
)
def test_whatever_the_account_says_at_least_one_place_stays_open_and_never_more_than_the_file_allows(
    size: int, said: list[bool]
) -> None:
    pool = Pool(size)
    for is_full in said:
        (pool.full if is_full else pool.answered)()

        assert 1 <= pool.open <= size
        assert 0 <= pool.rest <= 4
        assert not pool.rest or pool.open == 1

    for _ in range(8 * (size + 4)):
        pool.answered()
    assert (pool.open, pool.rest) == (size, 0)


def test_an_account_that_is_full_halves_the_places_and_then_asks_for_rests() -> None:
    pool = Pool(8)

    seen = []
    for _ in range(6):
        pool.full()
        seen.append((pool.open, pool.rest))

    assert seen == [(4, 0), (2, 0), (1, 1), (1, 2), (1, 4), (1, 4)]


def test_a_rest_lasts_as_long_as_the_request_took_times_what_was_asked_for() -> None:
    rested: list[float] = []
    moments = iter([10.0, 10.5, 20.0, 20.25])
    pool = Pool(1, sleep=rested.append, clock=lambda: next(moments))
    pool.full()
    pool.full()  # twice as long

    for _ in range(2):
        with pool.place():
            assert len(rested) < 2

    assert rested == [1.0, 0.5]


def test_a_request_that_failed_gives_its_place_back() -> None:
    pool = Pool(1)

    with pytest.raises(RefusedError), pool.place():
        raise RefusedError("no", status=400, code=None)

    with pool.place():
        pass


@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_more_requests_are_in_flight_than_there_are_places(size: int) -> None:
    pool = Pool(size)
    inside, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(size, timeout=30)

    def request(_: int) -> None:
        nonlocal inside, most
        with pool.place():
            with lock:
                inside += 1
                most = max(most, inside)
            # Nobody leaves before all places are taken.
            together.wait()
            with lock:
                inside -= 1

    with ThreadPoolExecutor(4 * size) as threads:
        list(threads.map(request, range(12 * size)))

    assert most == size


def test_two_clients_of_one_account_share_a_pool_and_the_smaller_number_counts() -> None:
    first, second = pool_of(ACCOUNT, 5), pool_of(ACCOUNT, 3)

    assert first is second
    assert first.open == 3
    assert pool_of(Account("7654321", ACCOUNT.base_url), 5) is not first


def test_a_pool_that_nobody_holds_is_forgotten() -> None:
    assert pool_of(ACCOUNT, 1).open == 1
    assert pool_of(ACCOUNT, 4).open == 4


class Other:
    """Somebody else who asks the same account again and again, as an integration does."""

    def __init__(self, client: ReadClient) -> None:
        self._client = client
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.let_in = 0
        self.turned_away = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._ended.is_set():
            try:
                self._client.ping()
                self.let_in += 1
            except RefusedError:
                self.turned_away += 1
            self._ended.wait(0.02)


def test_a_read_ends_complete_where_one_request_at_a_time_is_allowed_and_others_send_some(start: Start) -> None:
    emulator = start("--concurrency-limit", "1", "--latency", "20")
    impatient = Retries(RetryLimits(attempts=1, attempts_when_full=1))
    theirs = ReadClient(Account("1234567", emulator.url), emulator.signer("svc.admin@example.com"), retries=impatient)
    pool = Pool(2)
    ours = ReadClient(Account("1234567", emulator.url), emulator.signer("svc.reader@example.com"), pool=pool)

    with theirs, ours, Other(theirs) as other:
        live = NetSuiteReader(ours).read(SCOPE)

    assert live.gaps == ()
    assert pool.open == 1
    assert 3 * other.let_in >= other.turned_away


def test_what_was_full_for_good_is_told_and_no_endless_wait() -> None:
    waited: list[float] = []
    retries = Retries(sleep=waited.append, jitter=lambda: 1.0)

    made = 1
    while retries.pause(made, full=True):
        made += 1

    assert made < 10
    assert sum(waited) <= RetryLimits().total_seconds
