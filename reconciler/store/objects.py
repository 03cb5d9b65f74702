"""Small objects that several processes share, each written whole and only by who knows what is there."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class ConflictError(Exception):
    """Somebody else wrote the object meanwhile; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """What an object holds; `version` is what a conditional write has to name."""

    content: bytes
    version: str


class Objects(Protocol):
    """A folder or a bucket. Keys are relative paths with forward slashes."""

    @property
    def is_shared(self) -> bool:
        """Whether other machines see the same objects."""
        ...

    def read(self, key: str) -> Versioned | None:
        """The object, or None where there is none.

        Raises:
            KeepingError: the place cannot be reached or read. So say the others too.
        """
        ...

    def create(self, key: str, content: bytes) -> str:
        """Write an object that is not there yet, and return its version.

        Raises:
            ConflictError: it is there.
        """
        ...

    def replace(self, key: str, content: bytes, version: str) -> str:
        """Write an object anew if it still has this version, and return the new one.

        Raises:
            ConflictError: it has another one.
        """
        ...

    def presence(self, key: str) -> AbstractContextManager[str]:
        """Be at work under a key until the block ends, whatever ends it; yields a mark for `is_deserted`.

        The mark is empty where nobody else could tell.
        """
        ...

    def is_deserted(self, key: str, mark: str) -> bool:
        """Whether it is certain that whoever had this mark under the key is no longer at work."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """The keys below a prefix that ends in a slash, sorted."""
        ...
