"""The SQLite database: one connection, one lock, and the clock of the accounts in it."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FORMAT: Final = 3

CERTIFICATES: Final = """CREATE TABLE certificates (account TEXT, id TEXT, integration INTEGER, employee INTEGER,
  role INTEGER, pem TEXT, algorithm TEXT, created INTEGER, valid_from INTEGER, valid_until INTEGER, revoked INTEGER,
  PRIMARY KEY (account, id));
"""
# What makes a database of an older format one of the next; what was in it stays.
UPGRADES: Final[Mapping[int, str]] = {
    1: """ALTER TABLE integrations ADD COLUMN client_id TEXT;
ALTER TABLE integrations ADD COLUMN client_credentials INTEGER;
UPDATE integrations SET client_id = consumer_key, client_credentials = 0;
"""
    + CERTIFICATES,
    2: """CREATE INDEX IF NOT EXISTS employees_by_email ON employees (account, LOWER(email));
CREATE INDEX IF NOT EXISTS employees_by_name ON employees (account, entityid);
CREATE INDEX IF NOT EXISTS system_notes_by_record ON system_notes (account, record_type, record_id)""",
}
# Times are whole seconds since 1970 in UTC; flags are 0 or 1.
TABLES: Final = f"""
CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL, time_zone TEXT NOT NULL, features TEXT NOT NULL);
CREATE TABLE roles (account TEXT, id INTEGER, name TEXT, scriptid TEXT, inactive INTEGER, center_type TEXT,
  web_services_only INTEGER, cross_subsidiary INTEGER, subsidiary_option TEXT, PRIMARY KEY (account, id));
CREATE TABLE permissions (account TEXT, role INTEGER, key TEXT, level INTEGER, PRIMARY KEY (account, role, key));
CREATE TABLE employees (account TEXT, id INTEGER, entityid TEXT, firstname TEXT, lastname TEXT, email TEXT, title TEXT,
  external_id TEXT, active INTEGER, access INTEGER, time_zone TEXT, supervisor INTEGER, created INTEGER,
  modified INTEGER, PRIMARY KEY (account, id));
CREATE INDEX employees_by_email ON employees (account, LOWER(email));
CREATE INDEX employees_by_name ON employees (account, entityid);
CREATE TABLE grants (account TEXT, employee INTEGER, role INTEGER, PRIMARY KEY (account, employee, role));
CREATE TABLE integrations (account TEXT, id INTEGER, name TEXT, state TEXT, consumer_key TEXT, consumer_secret TEXT,
  created INTEGER, client_id TEXT, client_credentials INTEGER, PRIMARY KEY (account, id));
CREATE TABLE tokens (account TEXT, id INTEGER, name TEXT, integration INTEGER, employee INTEGER, role INTEGER,
  created INTEGER, created_by INTEGER, inactive INTEGER, revoked INTEGER, token_id TEXT, token_secret TEXT,
  PRIMARY KEY (account, id));
CREATE UNIQUE INDEX tokens_by_token_id ON tokens (account, token_id);
{CERTIFICATES}CREATE TABLE nonces (account TEXT, token_id TEXT, timestamp INTEGER, nonce TEXT,
  PRIMARY KEY (account, token_id, timestamp, nonce));
CREATE TABLE login_audit (id INTEGER PRIMARY KEY, account TEXT, at INTEGER, status TEXT, application TEXT, token TEXT,
  employee INTEGER, role INTEGER, email TEXT, address TEXT, request_uri TEXT, detail TEXT, user_agent TEXT);
CREATE INDEX login_audit_by_time ON login_audit (account, at);
CREATE TABLE system_notes (id INTEGER PRIMARY KEY, account TEXT, at INTEGER, record_type INTEGER, record_id INTEGER,
  record TEXT, field TEXT, type INTEGER, name INTEGER, role INTEGER, context TEXT, old TEXT, new TEXT);
CREATE INDEX system_notes_by_record ON system_notes (account, record_type, record_id);
CREATE TABLE transactions (account TEXT, id INTEGER, tranid TEXT, type TEXT, record_type TEXT, status TEXT,
  created INTEGER, created_by INTEGER, modified INTEGER, modified_by INTEGER, entity INTEGER, memo TEXT,
  PRIMARY KEY (account, id));
CREATE TABLE access_history (account TEXT, at INTEGER, employee INTEGER, actor INTEGER, description TEXT);
CREATE TABLE logins (account TEXT, employee INTEGER, role INTEGER, integration INTEGER, token INTEGER,
  is_default INTEGER);
CREATE TABLE connectors (account TEXT, application TEXT, token_id TEXT, token_secret TEXT,
  PRIMARY KEY (account, application));
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT);
"""

Value = str | int | float | None
# The bytes of a database file's header that say whether it has a write-ahead log (SQLite file format, 1.3.3).
_JOURNAL: Final = slice(18, 20)


def alone(image: bytes) -> bytes:
    """The image of a database without a write-ahead log beside it: SQLite reads none from memory that says it has."""
    if image[_JOURNAL] != b"\2\2":
        return image
    return image[: _JOURNAL.start] + b"\1\1" + image[_JOURNAL.stop :]


class DatabaseError(Exception):
    """The file cannot be used; the message says why and what to do."""


class Database:
    """All access goes through one lock: a server for one person needs to be right, not parallel."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        try:
            self._connection = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._connection.row_factory = sqlite3.Row
            self.is_new = self._prepare()
        except sqlite3.Error as error:
            raise DatabaseError(f"{path} cannot be used as the emulator's database: {error}.") from error

    def _prepare(self) -> bool:
        found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        tables = int(self._connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0])
        if found != FORMAT and found not in UPGRADES and (found or tables):
            raise DatabaseError(
                f"{self.path} is a SQLite database, but not one of this emulator (format {found}, expected {FORMAT}). "
                "Give another file, or delete it to start from the seed again."
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
        """The connection itself, for a query that brings its own functions and limits."""
        with self._lock:
            yield self._connection

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

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
            self._connection.close()


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
        self._database.set("clock offset", str(moment - self.machine()))


def iso(moment: int) -> str:
    """A moment as NetSuite's REST services print it: UTC with milliseconds."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
