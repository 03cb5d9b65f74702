"""The SQLite database: one connection, one lock, and the clock of the accounts in it."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from reconciler.emulator.reader import Reader
from reconciler.emulator.tables import FORMAT, TABLES, UPGRADES

Value = str | int | float | None
# The bytes of a database file's header that say whether it has a write-ahead log (SQLite file format, 1.3.3).
_JOURNAL: Final = slice(18, 20)


def alone(image: bytes) -> bytes:
    """The image of a database without a write-ahead log beside it: SQLite reads none from memory that says it has."""
    if image[_JOURNAL] != b"\2\2":
        return image
    return image[: _JOURNAL.start] + b"\1\1" + image[_JOURNAL.stop :]


OTHER_DATABASE: Final = "give another --database, in a folder that you may write to"


class UnusableError(Exception):
    """Something the emulator was started with cannot be used: the message says what and why, the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class DatabaseError(UnusableError):
    """The file cannot be used."""


class Database:
    """All access goes through one lock: a server for one person needs to be right, not parallel."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._readers: list[Reader] = []
        self._is_closed = False
        try:
            self._connection = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._connection.row_factory = sqlite3.Row
            self._reader_of_memory = Reader(self._connection)
            self.is_new = self._prepare()
        except sqlite3.Error as error:
            raise DatabaseError(
                f"{path} cannot be used as the emulator's database: {error}.", OTHER_DATABASE
            ) from error

    def _prepare(self) -> bool:
        found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        tables = int(self._connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0])
        if found != FORMAT and found not in UPGRADES and (found or tables):
            raise DatabaseError(
                f"{self.path} is a SQLite database, but not one of this emulator (format {found}, expected {FORMAT}).",
                "give another --database, or delete the file to begin with the seed again",
            )
        # Only now that the file is known to be ours, or empty.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        for older in range(found, FORMAT) if found else ():
            self._upgrade(older)
        return not found

    def _upgrade(self, older: int) -> None:
        with self.transaction():
            for statement in UPGRADES[older].split(";\n"):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {older + 1}")

    def create(self) -> None:
        """Make the tables; within a transaction that also loads the seed, so that no half-loaded file stays."""
        for statement in TABLES.split(";\n"):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {FORMAT}")
        self.is_new = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner transaction belongs to the outer one."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                if self._depth == 1 and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Within a transaction: what is written here is taken back if it fails, what was written before stays."""
        with self._lock:
            self._connection.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK TO part")
                raise
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("RELEASE part")

    @contextmanager
    def exclusive(self) -> Iterator[sqlite3.Connection]:
        """The connection itself, for what is about the database as a whole."""
        with self._lock:
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A connection for a query that brings its own functions and limits, and sees one state of the database.

        A file has further connections, so that a long query keeps nobody waiting; memory has only the one.
        """
        if self.path is None:
            with self._lock:
                yield self._reader_of_memory
            return
        reader = self._reader()
        try:
            reader.connection.execute("BEGIN")
            yield reader
        finally:
            reader.connection.rollback()
            with self._lock:
                if self._is_closed:
                    reader.connection.close()
                else:
                    self._readers.append(reader)

    def _reader(self) -> Reader:
        with self._lock:
            if self._readers:
                return self._readers.pop()
        connection = sqlite3.connect(str(self.path), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        return Reader(connection)

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def rows_unless_busy(self, sql: str, *values: Value) -> list[sqlite3.Row] | None:
        """The rows, or nothing at once while somebody else is at work here."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self._connection.execute(sql, values).fetchall()
        finally:
            self._lock.release()

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def number(self, sql: str, *values: Value) -> int:
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    def run(self, sql: str, *values: Value) -> int:
        """Carry out one statement; answers how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **columns: Value) -> int:
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        # Table and column names are written in this package, never taken from a request.
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - see the line above
        with self._lock:
            return self._connection.execute(statement, tuple(columns.values())).lastrowid or 0

    def insert_all(self, table: str, columns: str, rows: Iterable[Sequence[Value]]) -> None:
        """Insert rows as they come, without ever holding them all; `columns` are their names, parted by spaces."""
        names = columns.split()
        # As in `insert`.
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
        with self._lock:
            self._connection.executemany(statement, rows)

    def image(self) -> bytes:
        """The whole database as the bytes of one SQLite file."""
        with self._lock:
            return alone(self._connection.serialize())

    def replace(self, source: sqlite3.Connection) -> None:
        """Put what is in another database in place of everything in this one, all or nothing.

        Raises:
            RuntimeError: a transaction is under way.
        """
        with self._lock:
            if self._depth:
                raise RuntimeError("A database cannot be replaced within a transaction.")
            source.backup(self._connection)

    def setting(self, name: str) -> str:
        found = self.row("SELECT value FROM settings WHERE name = ?", name)
        return str(found["value"]) if found else ""

    def set(self, name: str, value: str) -> None:
        self.run(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            for connection in (*(reader.connection for reader in self._readers), self._connection):
                connection.close()


# Beyond these a day more or less, or another zone, would be no date any more.
EARLIEST: Final = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
LATEST: Final = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp())


class Clock:
    """The accounts' clock: the machine's, moved by an offset that lives in the database."""

    def __init__(self, database: Database, machine: Callable[[], float] = time.time) -> None:
        self._database = database
        self._machine = machine

    def machine(self) -> int:
        return int(self._machine())

    def now(self) -> int:
        return self.machine() + int(self._database.setting("clock offset") or 0)

    def move_to(self, moment: int) -> None:
        """Move the clock to a moment from EARLIEST to LATEST; ValueError for any other."""
        if not EARLIEST <= moment <= LATEST:
            raise ValueError(f"The clock goes from {iso(EARLIEST)} to {iso(LATEST)}.")
        self._database.set("clock offset", str(moment - self.machine()))


def iso(moment: int) -> str:
    """A moment as NetSuite's REST services print it: UTC with milliseconds."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
