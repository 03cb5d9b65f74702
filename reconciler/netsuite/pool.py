"""The requests that may be in flight to one account, whoever in this process sends them (netsuite.md 7)."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from weakref import WeakValueDictionary

from reconciler.netsuite.account import Account

_FEWEST: Final = 1
_GOOD_BEFORE_MORE: Final = 8
"""So many answers in a row must come before one more request may be in flight again, or the rests get shorter."""
_MOST_REST: Final = 4
_LONGEST_REST: Final = 5.0


class Pool:
    """The places of one account; whoever sends a request takes one until the answer is there.

    NetSuite's own pool is shared with everything else that talks to the account. When it says that it is full, the
    number of places here is halved; with one place left, a rest follows each request, as long as that took and, where
    this is not enough, twice and four times as long, so that others get their turn. Answers in a row undo this step
    by step.
    """

    def __init__(
        self,
        size: int,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._size = max(size, _FEWEST)
        self._sleep = sleep
        self._clock = clock
        self._changed = threading.Condition()
        self._taken = 0
        self._open = self._size
        self._rest = 0
        self._good = 0

    def at_most(self, size: int) -> None:
        """Where files give one account different numbers, the smallest counts."""
        with self._changed:
            self._size = max(min(size, self._size), _FEWEST)
            self._open = min(self._open, self._size)

    @property
    def open(self) -> int:
        """How many requests may be in flight now."""
        return self._open

    @property
    def rest(self) -> int:
        """How many times as long as a request took its place stays empty after it."""
        return self._rest

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a free place, and keep it until the block and the rest after it end."""
        with self._changed:
            self._changed.wait_for(lambda: self._taken < self._open)
            self._taken += 1
        begun = self._clock()
        try:
            yield
            if self._rest:
                self._sleep(min(self._rest * (self._clock() - begun), _LONGEST_REST))
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify_all()

    def full(self) -> None:
        """The account refused a request because too many were in flight."""
        with self._changed:
            self._good = 0
            self._open = max(self._open // 2, _FEWEST)
            if self._open == _FEWEST:
                self._rest = min(self._rest * 2 or 1, _MOST_REST)

    def answered(self) -> None:
        """A request was let in."""
        with self._changed:
            self._good += 1
            if self._good < _GOOD_BEFORE_MORE:
                return
            self._good = 0
            if self._rest:
                self._rest //= 2
            elif self._open < self._size:
                self._open += 1
                self._changed.notify_all()


_pools: WeakValueDictionary[tuple[str, str], Pool] = WeakValueDictionary()
_making = threading.Lock()


def pool_of(account: Account, size: int) -> Pool:
    """The one pool of an account in this process, as long as somebody holds it.

    Args:
        account: whose requests.
        size: how many its file allows in flight.
    """
    key = (account.id, account.base_url)
    with _making:
        pool = _pools.get(key)
        if pool is None:
            pool = _pools[key] = Pool(size)
    pool.at_most(size)
    return pool
