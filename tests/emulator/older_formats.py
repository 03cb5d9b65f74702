"""Makes a database of today into one of an older format, as a file that somebody kept would be."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from reconciler.emulator import tables

THIRD = (
    "DROP VIEW application_names; DROP TABLE removed_integrations; DROP TABLE request_tokens;"
    "DROP TABLE classifications;"
    "ALTER TABLE integrations DROP COLUMN callback_url; ALTER TABLE integrations DROP COLUMN authorization_flow;"
    "ALTER TABLE integrations DROP COLUMN installed; ALTER TABLE integrations DROP COLUMN concurrency;"
    "ALTER TABLE integrations DROP COLUMN note; ALTER TABLE connectors DROP COLUMN account_id;"
    "UPDATE employees SET title = '' WHERE title IS NULL; DROP TABLE sqlite_stat1;"
)
SECOND = (
    "DROP TABLE certificates; ALTER TABLE integrations DROP COLUMN client_id;"
    "ALTER TABLE integrations DROP COLUMN client_credentials;"
)


def made_older(path: Path, to: int) -> None:
    """Undo what the formats after `to` (1 or 2) brought."""
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for index in re.findall(r"CREATE INDEX (\w+)", tables.UPGRADES[2]):
            old.execute(f"DROP INDEX {index}")
        old.executescript(THIRD)
        for column in tables.EMPLOYEE_COLUMNS:
            old.execute(f"ALTER TABLE employees DROP COLUMN {column.split()[0]}")
        if to == 1:
            old.executescript(SECOND)
        old.execute(f"PRAGMA user_version = {to}")
