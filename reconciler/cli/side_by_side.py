"""Environments side by side: on threads of this process, or on the workers of a cluster."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from reconciler.cli.attempt import Attempt, Result, Target, interrupted
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.status_line import STATUS
from reconciler.core.errors import ClusterError
from reconciler.wiring.configuration import Loaded

MOST_AT_ONCE = 16

File = tuple[Path, Loaded]


def side_by_side(
    loaded: Sequence[File], attempt: Callable[[File], Attempt[Result]], scheduler: str | None = None
) -> list[Attempt[Result]]:
    """What came of every environment, in their order; after an interruption of those that were done already.

    Args:
        loaded: the environments.
        attempt: what to do with each; on a cluster, it is carried out there.
        scheduler: the address of a Dask scheduler; None: on threads of this process.

    Raises:
        ClusterError: the cluster cannot be used.
    """
    with _executor(scheduler) as executor:
        # What limits the requests of an account is one process, so on a cluster its environments go to one worker.
        groups = [[place] for place in range(len(loaded))] if scheduler is None else _by_account(loaded)
        started: dict[Future[list[Attempt[Result]]], list[int]] = {}
        done: dict[int, Attempt[Result]] = {}

        def collect(future: Future[list[Attempt[Result]]]) -> None:
            group = started[future]
            done.update(zip(group, _results(future, [loaded[place] for place in group], scheduler), strict=True))

        try:
            for group in groups:
                started[executor.submit(_each, attempt, [loaded[place] for place in group])] = group
            STATUS.show(_reading(0, loaded))
            for future in as_completed(started):
                collect(future)
                STATUS.show(_reading(len(done), loaded))
        except KeyboardInterrupt:
            for future in started:
                if future.done() and not future.cancelled():
                    collect(future)
        finally:
            STATUS.clear()
            for future in started:
                future.cancel()
    return [
        done[place] if place in done else interrupted(target(*one), "It was not read to its end.")
        for place, one in enumerate(loaded)
    ]


def target(path: Path, loaded: Loaded) -> Target:
    """How to name an environment when it fails."""
    return Target(path.stem, loaded.environment.desired.account if loaded.environment else None, str(path))


def account_of(path: Path, loaded: Loaded) -> str:
    """What stays together when environments are split up; a file that is wrong stands alone."""
    return loaded.environment.desired.account if loaded.environment else str(path)


@contextmanager
def _executor(scheduler: str | None) -> Iterator[Executor]:
    if scheduler is not None:
        from reconciler.wiring.cluster import cluster  # noqa: PLC0415  an extra

        with cluster(scheduler) as executor:
            yield executor
        return
    pool = ThreadPoolExecutor(MOST_AT_ONCE)
    try:
        yield pool
    finally:
        # Reads that are under way change nothing, so nobody has to wait for them.
        pool.shutdown(wait=False)


def _by_account(loaded: Sequence[File]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for place, one in enumerate(loaded):
        groups.setdefault(account_of(*one), []).append(place)
    return list(groups.values())


def _each(attempt: Callable[[File], Attempt[Result]], files: Sequence[File]) -> list[Attempt[Result]]:
    return [attempt(one) for one in files]


def _results(
    future: Future[list[Attempt[Result]]], files: Sequence[File], scheduler: str | None
) -> list[Attempt[Result]]:
    error = future.exception()
    if error is None or scheduler is None:
        return future.result()
    lost = ClusterError(
        f"The cluster at {scheduler} did not bring this to its end ({type(error).__name__}).",
        hint="look at the logs of its workers, then run again; nothing was written",
    )
    return [Attempt(target(*one), None, lost.diagnostics, ExitCode.FAILED) for one in files]


def _reading(count: int, loaded: Sequence[File]) -> str:
    """What somebody who waits wants to know."""
    if len(loaded) == 1:
        return f"Reading {target(*loaded[0])} …"
    return f"Reading {len(loaded)} environments: {count} done …"
