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
# A token shows the name of its application for good, also when the record is gone.
AUTHORIZATION: Final = """CREATE TABLE request_tokens (token TEXT PRIMARY KEY, account TEXT, secret TEXT,
  integration INTEGER, callback TEXT, wanted_role INTEGER, created INTEGER, employee INTEGER, role INTEGER,
  verifier TEXT);
CREATE TABLE removed_integrations (account TEXT, id INTEGER, name TEXT, PRIMARY KEY (account, id));
CREATE VIEW application_names AS SELECT account, id, name FROM integrations
  UNION ALL SELECT account, id, name FROM removed_integrations;
"""
# Fields of the employee record beyond those that tell who may log in.
EMPLOYEE_COLUMNS: Final = (
    "salutation TEXT", "middlename TEXT", "initials TEXT", "jobdescription TEXT", "phone TEXT", "officephone TEXT",
    "mobilephone TEXT", "homephone TEXT", "fax TEXT", "comments TEXT", "accountnumber TEXT", "hiredate TEXT",
    "releasedate TEXT", "lastreviewdate TEXT", "nextreviewdate TEXT", "laborcost REAL", "expenselimit REAL",
    "purchaseorderlimit REAL", "globalsubscriptionstatus INTEGER", "department INTEGER", "class INTEGER",
    "location INTEGER", "approver INTEGER", "issalesrep INTEGER NOT NULL DEFAULT 0",
    "issupportrep INTEGER NOT NULL DEFAULT 0", "isjobresource INTEGER NOT NULL DEFAULT 0",
    "isjobmanager INTEGER NOT NULL DEFAULT 0", "subsidiary INTEGER NOT NULL DEFAULT 1",
)  # fmt: skip
_MORE_COLUMNS: Final = ", ".join(EMPLOYEE_COLUMNS)
# By these employees are looked up: the record service's filters, its external ids and its check of names; and lists
# are read page by page, and found names by their beginning.
INDEXES: Final = """CREATE INDEX employees_by_email ON employees (account, email COLLATE NOCASE);
CREATE INDEX employees_by_external_id ON employees (account, external_id COLLATE NOCASE);
CREATE INDEX employees_by_name ON employees (account, entityid COLLATE NOCASE, id);
CREATE INDEX employees_by_state ON employees (account, active, entityid COLLATE NOCASE, id);
CREATE INDEX employees_by_access ON employees (account, access, active, entityid COLLATE NOCASE, id);
CREATE INDEX employees_by_last_name ON employees (account, lastname COLLATE NOCASE);
CREATE INDEX system_notes_by_record ON system_notes (account, record_type, record_id);
CREATE INDEX access_history_by_employee ON access_history (account, employee);
"""
# What queries look for, and in the order that they page by. lower() is SQLite's own, which knows ASCII only.
QUERY_INDEXES: Final = """CREATE INDEX login_audit_by_application ON login_audit (account, application, at);
CREATE INDEX login_audit_by_employee ON login_audit (account, employee, at);
CREATE INDEX system_notes_by_time ON system_notes (account, at);
CREATE INDEX system_notes_by_account ON system_notes (account);
CREATE INDEX transactions_by_time ON transactions (account, created);
CREATE INDEX transactions_by_number ON transactions (account, tranid);
CREATE INDEX employees_by_lower_email ON employees (account, lower(email));
CREATE INDEX employees_by_entityid ON employees (account, entityid);
CREATE INDEX employees_by_exact_external_id ON employees (account, external_id);
CREATE INDEX grants_by_role ON grants (account, role, employee);
"""
# What ANALYZE would find in a large account, so that a plan never depends on when somebody ran it: the rows of the
# table, and how many of them share the first column of the index, the first two, and so on. Without such figures SQLite
# takes every index for equally good, and walks through a whole account to find one e-mail.
STATISTICS: Final = """ANALYZE settings;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
 ('employees', 'sqlite_autoindex_employees_1', '100000 100000 1'),
 ('employees', 'employees_by_email', '100000 100000 1'),
 ('employees', 'employees_by_lower_email', '100000 100000 1'),
 ('employees', 'employees_by_name', '100000 100000 1 1'),
 ('employees', 'employees_by_entityid', '100000 100000 1'),
 ('employees', 'employees_by_state', '100000 100000 50000 1 1'),
 ('employees', 'employees_by_access', '100000 100000 50000 25000 1 1'),
 ('employees', 'employees_by_last_name', '100000 100000 100'),
 ('employees', 'employees_by_external_id', '100000 100000 1'),
 ('employees', 'employees_by_exact_external_id', '100000 100000 1'),
 ('grants', 'sqlite_autoindex_grants_1', '200000 200000 2 1'),
 ('grants', 'grants_by_role', '200000 200000 2000 1'),
 ('login_audit', 'login_audit_by_time', '1000000 1000000 2'),
 ('login_audit', 'login_audit_by_application', '1000000 1000000 250000 2'),
 ('login_audit', 'login_audit_by_employee', '1000000 1000000 25000 2'),
 ('system_notes', 'system_notes_by_account', '200000 200000'),
 ('system_notes', 'system_notes_by_time', '200000 200000 2'),
 ('system_notes', 'system_notes_by_record', '200000 200000 100000 2'),
 ('access_history', 'access_history_by_employee', '200000 200000 2'),
 ('transactions', 'sqlite_autoindex_transactions_1', '100000 100000 1'),
 ('transactions', 'transactions_by_time', '100000 100000 2'),
 ('transactions', 'transactions_by_number', '100000 100000 1');
ANALYZE sqlite_master;
"""
CLASSIFICATIONS: Final = """CREATE TABLE classifications (account TEXT, kind TEXT, id INTEGER, name TEXT,
  PRIMARY KEY (account, kind, id));
"""
# What makes a database of an older format one of the next; what was in it stays.
UPGRADES: Final[Mapping[int, str]] = {
    1: """ALTER TABLE integrations ADD COLUMN client_id TEXT;
ALTER TABLE integrations ADD COLUMN client_credentials INTEGER;
UPDATE integrations SET client_id = consumer_key, client_credentials = 0;
"""
    + CERTIFICATES,
    2: "".join(
        (
            "ALTER TABLE integrations ADD COLUMN callback_url TEXT;\n",
            "ALTER TABLE integrations ADD COLUMN authorization_flow INTEGER;\n",
            "ALTER TABLE integrations ADD COLUMN installed INTEGER;\n",
            "ALTER TABLE integrations ADD COLUMN concurrency INTEGER;\n",
            "ALTER TABLE integrations ADD COLUMN note TEXT;\n",
            "ALTER TABLE connectors ADD COLUMN account_id TEXT;\n",
            "UPDATE integrations SET callback_url = '', authorization_flow = 0, installed = 0, concurrency = 0;\n",
            AUTHORIZATION,
            *(f"ALTER TABLE employees ADD COLUMN {column};\n" for column in EMPLOYEE_COLUMNS),
            # What is empty was an empty text here and there.
            "UPDATE employees SET firstname = NULLIF(firstname, '');\n",
            "UPDATE employees SET lastname = NULLIF(lastname, '');\n",
            "UPDATE employees SET title = NULLIF(title, '');\n",
            CLASSIFICATIONS,
            INDEXES,
            QUERY_INDEXES,
            STATISTICS,
        )
    ),
}
# Times are whole seconds since 1970 in UTC; flags are 0 or 1.
TABLES: Final = f"""
CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL, time_zone TEXT NOT NULL, features TEXT NOT NULL);
CREATE TABLE roles (account TEXT, id INTEGER, name TEXT, scriptid TEXT, inactive INTEGER, center_type TEXT,
  web_services_only INTEGER, cross_subsidiary INTEGER, subsidiary_option TEXT, PRIMARY KEY (account, id));
CREATE TABLE permissions (account TEXT, role INTEGER, key TEXT, level INTEGER, PRIMARY KEY (account, role, key));
CREATE TABLE employees (account TEXT, id INTEGER, entityid TEXT, firstname TEXT, lastname TEXT, email TEXT, title TEXT,
  external_id TEXT, active INTEGER, access INTEGER, time_zone TEXT, supervisor INTEGER, created INTEGER,
  modified INTEGER, {_MORE_COLUMNS}, PRIMARY KEY (account, id));
{CLASSIFICATIONS}
CREATE TABLE grants (account TEXT, employee INTEGER, role INTEGER, PRIMARY KEY (account, employee, role));
CREATE TABLE integrations (account TEXT, id INTEGER, name TEXT, state TEXT, consumer_key TEXT, consumer_secret TEXT,
  created INTEGER, client_id TEXT, client_credentials INTEGER, callback_url TEXT, authorization_flow INTEGER,
  installed INTEGER, concurrency INTEGER, note TEXT, PRIMARY KEY (account, id));
CREATE TABLE tokens (account TEXT, id INTEGER, name TEXT, integration INTEGER, employee INTEGER, role INTEGER,
  created INTEGER, created_by INTEGER, inactive INTEGER, revoked INTEGER, token_id TEXT, token_secret TEXT,
  PRIMARY KEY (account, id));
CREATE UNIQUE INDEX tokens_by_token_id ON tokens (account, token_id);
{CERTIFICATES}{AUTHORIZATION}CREATE TABLE nonces (account TEXT, token_id TEXT, timestamp INTEGER, nonce TEXT,
  PRIMARY KEY (account, token_id, timestamp, nonce));
CREATE TABLE login_audit (id INTEGER PRIMARY KEY, account TEXT, at INTEGER, status TEXT, application TEXT, token TEXT,
  employee INTEGER, role INTEGER, email TEXT, address TEXT, request_uri TEXT, detail TEXT, user_agent TEXT);
CREATE INDEX login_audit_by_time ON login_audit (account, at);
CREATE TABLE system_notes (id INTEGER PRIMARY KEY, account TEXT, at INTEGER, record_type INTEGER, record_id INTEGER,
  record TEXT, field TEXT, type INTEGER, name INTEGER, role INTEGER, context TEXT, old TEXT, new TEXT);
CREATE TABLE transactions (account TEXT, id INTEGER, tranid TEXT, type TEXT, record_type TEXT, status TEXT,
  created INTEGER, created_by INTEGER, modified INTEGER, modified_by INTEGER, entity INTEGER, memo TEXT,
  PRIMARY KEY (account, id));
CREATE TABLE access_history (account TEXT, at INTEGER, employee INTEGER, actor INTEGER, description TEXT);
CREATE TABLE logins (account TEXT, employee INTEGER, role INTEGER, integration INTEGER, token INTEGER,
  is_default INTEGER);
CREATE TABLE connectors (account TEXT, application TEXT, token_id TEXT, token_secret TEXT,
  account_id TEXT, PRIMARY KEY (account, application));
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT);
{INDEXES}{QUERY_INDEXES}{STATISTICS}"""

Value = str | int | float | None
# The bytes of a database file's header that say whether it has a write-ahead log (SQLite file format, 1.3.3).
_JOURNAL: Final = slice(18, 20)


def alone(image: bytes) -> bytes:
    """The image of a database without a write-ahead log beside it: SQLite reads none from memory that says it has."""
    if image[_JOURNAL] != b"\2\2":
        return image
    return image[: _JOURNAL.start] + b"\1\1" + image[_JOURNAL.stop :]


class UnusableError(Exception):
    """Something the emulator was started with cannot be used; the message says what, why and what to do."""


class DatabaseError(UnusableError):
    """The file cannot be used; the message says why and what to do."""


class Database:
    """All access goes through one lock: a server for one person needs to be right, not parallel."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._readers: list[sqlite3.Connection] = []
        self._is_closed = False
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
        """The connection itself, for what is about the database as a whole."""
        with self._lock:
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for a query that brings its own functions and limits, and sees one state of the database.

        A file has further connections, so that a long query keeps nobody waiting; memory has only the one.
        """
        if self.path is None:
            with self._lock:
                yield self._connection
            return
        connection = self._reader()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.rollback()
            with self._lock:
                if self._is_closed:
                    connection.close()
                else:
                    self._readers.append(connection)

    def _reader(self) -> sqlite3.Connection:
        with self._lock:
            if self._readers:
                return self._readers.pop()
        connection = sqlite3.connect(str(self.path), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        return connection

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
            for connection in (*self._readers, self._connection):
                connection.close()


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
