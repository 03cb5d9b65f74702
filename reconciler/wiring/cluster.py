"""Environments on a Dask cluster, where one machine is not enough (design.md 7)."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final

from reconciler import __version__
from reconciler.core.errors import ClusterError, UsageError
from reconciler.core.extras import installing

_SECONDS_TO_CONNECT: Final = 10
_ADDRESS: Final = re.compile(r"(?:tcp|tls)://[^\s/@:]+:[0-9]{1,5}|(?:tcp|tls)://\[[0-9a-fA-F:]+\]:[0-9]{1,5}", re.ASCII)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Run what is submitted on the workers of a cluster, until the block ends.

    Only files' content and plans travel; each worker resolves references, and so knows secrets, by itself.

    Args:
        address: of the scheduler, such as `tcp://10.0.0.5:8786` or `tls://…`.

    Raises:
        UsageError: the extra `cluster` is not installed, or this is no address.
        ClusterError: nobody answers there, there is no worker, or a worker has another version than this process.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"--scheduler {address!r} is no address.", hint="write it like tcp://HOST:PORT or tls://HOST:PORT"
        )
    try:
        from distributed import Client  # noqa: PLC0415  an extra, and slow to load
    except ImportError:
        raise UsageError("--scheduler needs the extra cluster.", hint=installing("cluster")) from None
    # It tells of lost connections in its own words; what comes of them is told here.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(  # type: ignore[no-untyped-call]  # distributed types few of its functions
            address, timeout=_SECONDS_TO_CONNECT, set_as_default=False
        )
    except (OSError, ValueError, TypeError) as error:
        message = f"No Dask scheduler answers at {address}."
        raise ClusterError(message, hint="check the address, and that the scheduler runs") from error
    with client:
        _require_same(address, client.run(version))
        # What reads live state is never pure: the same call tells something new each time.
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]  # as above


def version() -> str:
    """Asked of each worker."""
    return __version__


def _require_same(address: str, versions: dict[str, str]) -> None:
    if not versions:
        raise ClusterError(f"The Dask scheduler at {address} has no worker.", hint="start one: dask worker ADDRESS")
    others = sorted({found for found in versions.values() if found != __version__})
    if others:
        raise ClusterError(
            f"Workers at {address} have reconciler {', '.join(others)}, this is {__version__}.",
            hint="install the same version everywhere",
        )
