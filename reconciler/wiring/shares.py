"""A share of an account's requests in flight, where several processes read the same account (design.md 7)."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

POOL: Final = "RECONCILER_POOL"
"""The variable that names a folder or a bucket which all processes share."""
PATIENCE: Final = timedelta(minutes=10)


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
    from reconciler.wiring.shared_places import Places  # noqa: PLC0415  few share a pool, and a store takes time to load

    places = Places(pool, account, environ, root)
    with ExitStack() as held:
        taken = sum(places.take(number, held) for number in range(1, wanted + 1))
        if not taken:
            places.wait_for_the_first(patience, held)
        yield taken or 1
