"""Puts text into a file or onto stdout, whatever stands there."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.core.errors import ReconcilerError

# Links there lead to what a process has open; replacing what they lead to would take it from whoever holds it open.
_NOT_FILES = (Path("/dev"), Path("/proc"))


class UnwritableError(ReconcilerError):
    """A result has no place to go."""

    rule = "output"
    summary = "Output cannot be written"


def require_writable(path: Path) -> None:
    """Find out beforehand whether a result could be written there.

    Raises:
        UnwritableError: it could not.
    """
    with _told(path):
        if path.is_dir():
            raise _because(errno.EISDIR)
        if path.exists() and not os.access(path, os.W_OK):
            raise _because(errno.EACCES)
        if not path.exists() or _is_replaced(path):
            _require_room_in(path.resolve().parent)


def _require_room_in(folder: Path) -> None:
    # Asks the system itself, which knows best what is wrong with a path.
    folder.stat()
    if not folder.is_dir():
        raise _because(errno.ENOTDIR)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _because(errno.EACCES)


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step, so that nobody ever reads half of it; write into what is no file.

    Raises:
        UnwritableError: it cannot be written; a file that was there before stays as it was.
    """
    with _told(path):
        if path.exists() and not _is_replaced(path):
            _write_into(path, text)
        else:
            # Through links, which stay what they are.
            _replace(path.resolve(), text)


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, in one step.

    Raises:
        UnwritableError: it is there, or cannot be written; nothing is left behind.
    """
    with _told(path):
        scratch = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            scratch.write_text(text, encoding="utf-8")
            # Unlike renaming, this fails where a file is, also one that came just now.
            path.hardlink_to(scratch)
        finally:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)


def to_stdout(text: str) -> None:
    """Write data to stdout, all of it, now.

    Raises:
        BrokenPipeError: whoever read it has gone.
        UnwritableError: it cannot be written, as when a disk is full.
    """
    try:
        if sys.stdout is None:
            raise _because(errno.EBADF)
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        give_up_stdout()
        raise
    except OSError as error:
        give_up_stdout()
        raise UnwritableError(f"The result cannot be written to stdout: {error.strerror or error}.") from error


def give_up_stdout() -> None:
    """Let what could not be written go nowhere; Python would try again at exit, and complain with a traceback."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _is_replaced(path: Path) -> bool:
    """True for an ordinary file; a FIFO, a device or what some process has open is written into instead."""
    return path.is_file() and not any(path.absolute().is_relative_to(folder) for folder in _NOT_FILES)


def _write_into(path: Path, text: str) -> None:
    # Appending: stdout may be a file that already holds what others wrote.
    with path.open("a", encoding="utf-8") as target:
        target.write(text)


def _replace(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8")
        if path.exists():
            shutil.copymode(path, scratch)
        scratch.replace(path)
    except BaseException:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        # A loop of links is a RuntimeError, a NUL in a name a ValueError.
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        is_homeless = isinstance(error, FileNotFoundError) and not path.parent.is_dir()
        hint = f"make the folder {path.parent} first" if is_homeless else None
        raise UnwritableError(f"{path} cannot be written: {why}.", hint=hint) from error


def _because(why: int) -> OSError:
    return OSError(why, os.strerror(why))
