"""Reads that run side by side, as many at once as an account allows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from reconciler.core.live import Gapped
from reconciler.netsuite.reading import Reading, Source, joined, read_source
from reconciler.netsuite.suiteql import Pages, Query, Row

Fact = TypeVar("Fact")


class Starter:
    """Starts reads on the pool's threads; what it returns waits for all of them and joins their facts."""

    def __init__(self, client: Pages, pool: ThreadPoolExecutor) -> None:
        self._client = client
        self._pool = pool

    def __call__(
        self, what: Gapped, each: Iterable[Sequence[Query]], parse: Callable[[Row], Fact]
    ) -> Callable[[], Reading[Fact]]:
        started: list[Future[Reading[Fact]]] = [
            self._pool.submit(read_source, self._client, Source(what, tuple(alternatives), parse))
            for alternatives in each
        ]
        return lambda: joined(future.result() for future in started)


@contextmanager
def workers(count: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="netsuite-read")
    try:
        yield pool
    finally:
        # After an interruption only what is in flight is awaited.
        pool.shutdown(wait=True, cancel_futures=True)
