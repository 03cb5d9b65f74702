"""Environment files, read without network and without secrets."""

import os
import signal
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from reconciler.config.discovery import find_environments
from reconciler.config.environment import Environment, Loaded, read_environment
from reconciler.config.schema_files import schema_names, schema_text
from reconciler.config.sections import around_sections, comments_of
from reconciler.config.source import RealPaths
from reconciler.core.diagnostics import Diagnostic

__all__ = [
    "Environment",
    "Loaded",
    "around_sections",
    "check",
    "comments_of",
    "find_environments",
    "load",
    "read_text",
    "repository_root",
    "schema_names",
    "schema_text",
]

# A process takes as long to start as some hundred files take to read.
_WORTH_A_PROCESS = 500
_AT_ONCE = 100


def load(names: Sequence[str], folder: Path) -> tuple[tuple[Path, Loaded], ...]:
    """Each named environment with what its file says, or all of the folder when none is named.

    Raises:
        UsageError: a name is not there.
        ConfigurationError: a file of the folder can be no environment.
    """
    return tuple(_read(find_environments(names, folder)))


def check(names: Sequence[str], folder: Path) -> tuple[tuple[Path, tuple[Diagnostic, ...]], ...]:
    """The same files as `load`, each with what there is to say about it; many are read by several processes.

    Raises: as `load`.
    """
    paths = find_environments(names, folder)
    workers = min(len(paths) // _WORTH_A_PROCESS, os.cpu_count() or 1)
    if workers <= 1:
        return tuple(_checked(paths))
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  few commands read so much

    parts = [paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE)]
    pool = ProcessPoolExecutor(workers)
    try:
        # Ctrl-C reaches every process of the terminal, and each would end in a traceback of its own.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            found = pool.map(_checked, parts)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return tuple(chain.from_iterable(found))
    finally:
        pool.shutdown(cancel_futures=True)


def _checked(paths: Sequence[Path]) -> list[tuple[Path, tuple[Diagnostic, ...]]]:
    return [(path, loaded.diagnostics) for path, loaded in _read(paths)]


def _read(paths: Sequence[Path]) -> Iterator[tuple[Path, Loaded]]:
    roots = {folder: repository_root(path) for folder, path in {path.parent: path for path in paths}.items()}
    real_paths = RealPaths()
    for path in paths:
        yield path, read_environment(path, roots[path.parent], real_paths)


def read_text(path: Path, text: str) -> Loaded:
    """What a file of this text would say, were it there; read by the same rules as every file."""
    return read_environment(path, repository_root(path), text=text.encode())


def repository_root(path: Path) -> Path:
    """The checkout that a file lies in, which nothing it names may lead out of; without one, its folder's parent."""
    folder = path.absolute().parent
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return folder.parent
