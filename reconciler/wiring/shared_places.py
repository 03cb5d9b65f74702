"""The places of a pool that several processes share: each is a lock of the store."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final

from reconciler.core.errors import LockedError
from reconciler.store.lock import Lock
from reconciler.wiring.places import place_at, where_it_runs, who_runs

_NOT_AT_ALL: Final = timedelta(0)


class Places:
    """The places of one account in a pool, each a lock of its own."""

    def __init__(self, pool: str, account: str, environ: Mapping[str, str], root: Path) -> None:
        """Args as of `shares.share`; `pool` is where it lies."""
        self._objects = place_at(pool, root)
        self._account = account
        self._by = ("read", who_runs(environ), where_it_runs(environ))

    def take(self, number: int, held: ExitStack) -> bool:
        """Whether a place was free; it is held until the stack ends."""
        try:
            held.enter_context(self._lock(number).take(*self._by, _NOT_AT_ALL))
        except LockedError:
            return False
        return True

    def wait_for_the_first(self, patience: timedelta, held: ExitStack) -> None:
        try:
            held.enter_context(self._lock(1).take(*self._by, patience))
        except LockedError as error:
            raise LockedError(
                f"Every place of account {self._account} in the pool {self._objects} is taken: "
                f"{self._lock(1).holder()}.",
                hint="run again when the others are done",
            ) from error

    def _lock(self, number: int) -> Lock:
        return Lock(self._objects, f"pool-{self._account}-{number}")
