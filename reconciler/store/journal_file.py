"""Keeps the journal: one object for each apply, which only its lock's holder writes."""

from typing import Final

from reconciler.core.errors import KeepingError
from reconciler.core.journal import Damage, Entry, chained, line_of, read_lines
from reconciler.store.objects import ConflictError, Objects

MOST_IN_ONE_FILE: Final = 100
"""Each entry writes its file anew, so that none is ever half written; this keeps that cheap in a long apply."""


class JournalWriter:
    """Appends the entries of one apply."""

    def __init__(self, objects: Objects, environment: str) -> None:
        """Goes on from the last entry that can be read.

        Raises:
            KeepingError: the place cannot be used.
        """
        self._objects = objects
        self._folder = _folder(environment)
        entries, _ = read_journal(objects, environment)
        self._last = entries[-1] if entries else None
        # A damaged file may hide the number it begins with; the new one has to come after it all the same.
        self._least = max((_begin(file) + 1 for file in objects.keys(self._folder)), default=1)
        self._begin_file()

    def _begin_file(self) -> None:
        following = self._last.number + 1 if self._last else 1
        self._key = f"{self._folder}{max(following, self._least):09}.jsonl"
        self._content = b""
        self._count = 0
        self._version: str | None = None

    def append(self, entry: Entry) -> None:
        """Write one entry; when this returns, it is kept.

        Raises:
            KeepingError: it could not be written.
        """
        if self._count >= MOST_IN_ONE_FILE:
            self._begin_file()
        placed = chained(entry, self._last)
        content = self._content + line_of(placed).encode() + b"\n"
        try:
            if self._version is None:
                self._version = self._objects.create(self._key, content)
            else:
                self._version = self._objects.replace(self._key, content, self._version)
        except ConflictError as error:
            self._version = self._found_again(content, error)
        self._content = content
        self._count += 1
        self._last = placed

    def _found_again(self, content: bytes, error: ConflictError) -> str:
        """The version of what we wrote, where only the answer to it was lost."""
        found = self._objects.read(self._key)
        if found is None or found.content != content:
            message = f"{self._objects}/{self._key} was written by somebody else while this apply held the lock."
            raise KeepingError(message, hint="look who else applies this environment") from error
        return found.version


def read_journal(objects: Objects, environment: str) -> tuple[tuple[Entry, ...], tuple[Damage, ...]]:
    """All entries of an environment's journal, oldest first, and what is wrong with the rest.

    Raises:
        KeepingError: the place cannot be read.
    """
    lines = []
    for key in sorted(objects.keys(_folder(environment)), key=_begin):
        found = objects.read(key)
        text = found.content.decode("utf-8", "replace") if found else ""
        lines += [(key, number, line) for number, line in enumerate(text.split("\n"), 1) if line]
    return read_lines(lines)


def _folder(environment: str) -> str:
    return f"journal/{environment}/"


def _begin(key: str) -> int:
    """The number of the first entry of a file, as its name says."""
    stem = key.rpartition("/")[2].removesuffix(".jsonl")
    return int(stem) if stem.isdigit() else 0
