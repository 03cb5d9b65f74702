"""Objects as files in a folder; a lock on the folder makes a look and a write one thing."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.core.errors import KeepingError
from reconciler.store.objects import ConflictError, Versioned

MUTEX: Final = ".mutex"
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_IGNORED: Final = "*\n"


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below one folder, which is made when the first one is written."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def is_shared(self) -> bool:
        return False

    def read(self, key: str) -> Versioned | None:
        try:
            content = (self.path / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unusable(error) from error
        return Versioned(content, _version(content))

    def create(self, key: str, content: bytes) -> str:
        return self._write(key, content, None)

    def replace(self, key: str, content: bytes, version: str) -> str:
        return self._write(key, content, version)

    @contextmanager
    def presence(self, key: str) -> Iterator[str]:
        """A lock that the kernel holds for this process; it ends with the process, and shows on this machine only."""
        file = self.path / f"{key}.alive"
        try:
            with self._alone():
                file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("ab") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield _running_kernel()
        except OSError as error:
            raise self._unusable(error) from error
        finally:
            # Where it cannot even be looked for, the reason was told already.
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def is_deserted(self, key: str, mark: str) -> bool:
        if not mark or mark != _running_kernel():
            return False
        try:
            with (self.path / f"{key}.alive").open("ab") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def keys(self, prefix: str) -> list[str]:
        try:
            return sorted(f"{prefix}{path.name}" for path in (self.path / prefix).iterdir() if path.name[0] != ".")
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._unusable(error) from error

    def _write(self, key: str, content: bytes, expected: str | None) -> str:
        target = self.path / key
        try:
            with self._alone():
                found = self.read(key)
                if (found.version if found else None) != expected:
                    raise ConflictError
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(target, content)
        except OSError as error:
            raise self._unusable(error) from error
        return _version(content)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.path.exists():
            # Another process may come first, and then does the same.
            with suppress(FileExistsError):
                self.path.mkdir(parents=True)
                # What is kept here is about one checkout and never belongs into its history.
                (self.path / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        with (self.path / MUTEX).open("ab") as mutex:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            yield

    def _unusable(self, error: OSError) -> KeepingError:
        return KeepingError(
            f"{self.path} cannot be used: {error.strerror}.", hint="make it writable, or name another place as store:"
        )


def _running_kernel() -> str:
    """What tells this machine since it was started from any other; empty where the system does not say."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _write_whole(target: Path, content: bytes) -> None:
    """Either the old content is there or the new one, whatever happens meanwhile."""
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
