"""What a seed makes up by number: people, audit rows, orders, and whole accounts; the same each time.

Rows are streamed into the database, and names are looked up once for each entry, so that a hundred thousand people with
a million logins take seconds and no memory but that of the database.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from reconciler.emulator.accounts import World
from reconciler.emulator.database import Value

Content = Mapping[str, Any]
DAY: Final = 86_400
FIRST_EMPLOYEE: Final = 100_001
FIRST_ACCOUNT: Final = "5000001"
AUDIT_COLUMNS: Final = "account at status application token employee role email address request_uri detail user_agent"
# What each account has of its own; a copy keeps no two client ids or certificate ids alike, for these name an account.
SECRETS: Final[Mapping[str, frozenset[str]]] = {
    "integrations": frozenset({"consumer_key", "consumer_secret", "client_id"}),
    "tokens": frozenset({"token_id", "token_secret"}),
    "connectors": frozenset({"token_id", "token_secret"}),
    "certificates": frozenset({"id"}),
}
ALWAYS_NEW: Final = frozenset({("integrations", "client_id"), ("certificates", "id")})
TBA_SECRETS: Final = ("consumer_key", "consumer_secret", "token_id", "token_secret")


def evenly(rows: int, days: int, now: int) -> Iterator[int]:
    """So many times spread over the days until now, the last of them now."""
    return (now - (rows - 1 - index) * days * DAY // rows for index in range(rows))


def employees(world: World, account: str, wanted: Content, roles: Sequence[int], created: int) -> None:
    """People by number: active, without access unless it is asked for, each with the same roles."""
    number, access = wanted["employees"], int(wanted.get("access", False))
    first = max(
        world.database.number("SELECT MAX(id) FROM employees WHERE account = ?", account) + 1, FIRST_EMPLOYEE
    )  # fmt: skip
    columns = "account id entityid firstname lastname email external_id active access created modified"
    people: Iterable[Sequence[Value]] = (
        (
            account,
            first + index - 1,
            f"Employee {index:06}",
            "Employee",
            f"{index:06}",
            f"employee.{index:06}@example.com",
            f"generated-{index:06}",
            1,
            access,
            created,
            created,
        )
        for index in range(1, number + 1)
    )
    world.database.insert_all("employees", columns, people)
    grants = ((account, first + index, role) for index in range(number) for role in roles)
    world.database.insert_all("grants", "account employee role", grants)


def audit_rows(world: World, account: str, entry: Content, times: Iterable[int]) -> None:
    """Rows of the login audit trail, alike but for their time, in the name of the token's user."""
    token = world.database.row(
        "SELECT t.*, e.email FROM tokens t JOIN employees e ON e.account = t.account AND e.id = t.employee"
        " JOIN integrations i ON i.account = t.account AND i.id = t.integration"
        " WHERE t.account = ? AND i.name = ? AND t.name = ? ORDER BY t.revoked, t.inactive",
        account,
        entry["application"],
        entry.get("token", ""),
    )
    before = (entry.get("status", "Success"), entry["application"], entry.get("token", ""))
    owner = (token["employee"], token["role"], token["email"] or "") if token else (None, None, "")
    after = (
        entry.get("address", "127.0.0.1"),
        entry.get("request_uri", "/services/rest/record/v1/salesOrder"),
        entry.get("detail", ""),
        entry.get("user_agent", "NetSuite-Connector"),
    )
    world.database.insert_all("login_audit", AUDIT_COLUMNS, ((account, at, *before, *owner, *after) for at in times))


def account_ids(wanted: Content) -> list[str]:
    first = int(wanted.get("first", FIRST_ACCOUNT))
    return [str(first + index) for index in range(wanted["accounts"])]


def copies(world: World, content: Content) -> None:
    """Accounts like the template. A copy has keys and secrets of its own, but for those that the seed gives."""
    wanted = content["generate"]
    template = wanted["template"]
    account = content["accounts"][template]
    entries = [*account.get("integrations", ()), *account.get("tokens", ())]
    given = {entry[name] for entry in entries for name in TBA_SECRETS if name in entry}

    def own(copy: str, value: str, is_new: int) -> str:
        kept = value in given and not is_new
        return value if kept else hashlib.sha256(f"{copy}/{value}".encode()).hexdigest()

    ids = json.dumps(account_ids(wanted))
    with world.database.exclusive() as connection:
        connection.create_function("own", 3, own, deterministic=True)
        for table in _tables(connection):
            _copy(connection, table, ids, template)
        connection.create_function("own", 3, None)


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    )
    return [row[0] for row in found.fetchall()]


def _copy(connection: sqlite3.Connection, table: str, ids: str, template: str) -> None:
    info = connection.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
    names = [row["name"] for row in info]
    if table == "accounts":
        columns = {name: f"original.{name}" for name in names}
        columns |= {"id": "copy.value", "name": "original.name || ' ' || copy.value"}
        key = "id"
    elif "account" in names:
        # A lone integer key is SQLite's own count of the rows.
        counted = {row["name"] for row in info if row["pk"]} if sum(row["pk"] > 0 for row in info) == 1 else set()
        columns = {name: _value(table, name) for name in names if name not in counted}
        key = "account"
    else:
        return
    # Names of tables and columns are those of this package.
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"  # noqa: S608 - see above
        f" FROM json_each(?) copy CROSS JOIN {table} original WHERE original.{key} = ?",
        (ids, template),
    )


def _value(table: str, name: str) -> str:
    if name == "account":
        return "copy.value"
    if name in SECRETS.get(table, ()):
        return f"own(copy.value, original.{name}, {int((table, name) in ALWAYS_NEW)})"
    return f"original.{name}"
