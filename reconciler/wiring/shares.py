"""A share of an account's requests in flight, where several processes read the same account (design.md 7)."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from reconciler.core.errors import LockedError
from reconciler.store.lock import Lock
from reconciler.store.objects import Objects
from reconciler.wiring.places import place_at, where_it_runs, who_runs

POOL: Final = "RECONCILER_POOL"
"""The variable that names a folder or a bucket which all processes share."""
PATIENCE: Final = timedelta(minutes=10)
_NOT_AT_ALL: Final = timedelta(0)


@contextmanager
def share(
    account: str, wanted: int, environ: Mapping[str, str], root: Path, patience: timedelta = PATIENCE
) -> Iterator[int]:
    """How many requests this process may have in flight, until the block ends.

    Where no pool is configured, as many as the file says. Else the pool has as many places as that: those that are free
    are taken, and where none is, the first one is waited for. A process that is killed loses its places by itself.

    Args:
        account: whose requests.
        wanted: how many its file allows in flight.
        environ: the variables that name the pool and whoever runs this.
        root: what a folder is relative to.
        patience: how long to wait for a first place.

    Raises:
        LockedError: none was free for so long.
        KeepingError: the pool cannot be used.
    """
    if not (pool := environ.get(POOL)):
        yield wanted
        return
    places = _Places(place_at(pool, root), account, who_runs(environ), where_it_runs(environ))
    with ExitStack() as held:
        taken = sum(places.take(number, held) for number in range(1, wanted + 1))
        if not taken:
            places.wait_for_the_first(patience, held)
        yield taken or 1


class _Places:
    """The places of one account in a pool, each a lock of its own."""

    def __init__(self, objects: Objects, account: str, who: str, where: str) -> None:
        self._objects = objects
        self._account = account
        self._by = ("read", who, where)

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
