"""A connection that queries run on: with functions of their own, under watch, and never for too long."""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

Scalar = str | int | float | None


class Reader:
    """A connection, and what it was told already.

    To tell it anew would make SQLite prepare all its statements again, and those of memory are the whole server's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # To use it for the first time declares it, which is not allowed where a connection is restricted.
        connection.execute("SELECT value FROM json_each('[]')").close()
        self.raised: list[Exception] = []  # by a function; SQLite drops what an exception says
        self._known: dict[str, str] = {}
        self._allowed: Collection[int] | None = None
        self._is_watched = False

    def know(self, name: str, version: str, function: Callable[..., Scalar]) -> None:
        """Make a function known to SQL, unless this version of it is."""
        if self._known.get(name) != version:
            self.connection.create_function(name, -1, self._remembering(function), deterministic=True)
            self._known[name] = version

    def _remembering(self, function: Callable[..., Scalar]) -> Callable[..., Scalar]:
        def called(*values: Scalar) -> Scalar:
            try:
                return function(*values)
            except Exception as error:
                self.raised.append(error)
                raise

        return called

    @contextmanager
    def restricted(self, allowed: Collection[int], seconds: float) -> Iterator[None]:
        """What is prepared within may do these things only, and gives up after so many seconds."""
        if not self._is_watched:
            self.connection.set_authorizer(self._authorized)
            self._is_watched = True
        deadline = time.monotonic() + seconds
        self.connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
        self.raised.clear()
        self._allowed = allowed
        try:
            yield
        finally:
            self._allowed = None
            self.connection.set_progress_handler(None, 0)

    def _authorized(self, action: int, *_: object) -> int:
        is_allowed = self._allowed is None or action in self._allowed
        return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY
