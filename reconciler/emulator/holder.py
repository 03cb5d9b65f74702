"""Who serves a database: one process at a time, and where to find it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler.emulator.database import OTHER_DATABASE, DatabaseError, UnusableError


class HeldError(UnusableError):
    """Another process serves this database; the message names it."""


class Holder:
    """The lock on a database file, kept as long as the process lives, whatever ends it."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise DatabaseError(
                f"{database} cannot be used as the emulator's database: {error}.", OTHER_DATABASE
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._read()
            self._file.close()
            raise HeldError(
                f"{database} is served already, {holder}.", "use that server, or stop it, or give another --database"
            ) from error

    def _read(self) -> str:
        self._file.seek(0)
        try:
            found = json.loads(self._file.read())
            return f"at {found['url']} by process {found['pid']}"
        except (ValueError, KeyError, TypeError):
            # The holder writes its address a moment after it takes the lock.
            return f"by a process that is just starting (see {self._path})"

    def announce(self, url: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"url": url, "pid": os.getpid()}))
        self._file.flush()

    def release(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.close()


@contextmanager
def registered(path: Path | None, url: str, database: Path | None) -> Iterator[None]:
    """A file that says where this server listens, there in one piece while it does."""
    if path is None:
        yield
        return
    import tempfile  # noqa: PLC0415 - it loads much, and few ask for such a file

    content = {"url": url, "pid": os.getpid(), "database": str(database) if database else None}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8") as draft:
        json.dump(content, draft)
    Path(draft.name).replace(path)
    try:
        yield
    finally:
        _remove_own(path)


def _remove_own(path: Path) -> None:
    """Another server may have registered itself in the same place meanwhile; its entry is not ours to remove."""
    try:
        if json.loads(path.read_text(encoding="utf-8")).get("pid") == os.getpid():
            path.unlink()
    except (OSError, ValueError, AttributeError):
        return
