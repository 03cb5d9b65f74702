"""The emulated NetSuite Connector: its credential form, and the orders it posts."""

import secrets
import sqlite3
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from reconciler.emulator import signing, system_notes
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import Value
from reconciler.emulator.login import Login
from reconciler.emulator.oauth1 import signing_time
from reconciler.emulator.people import find_integration
from reconciler.emulator.wire import ActError, RefusedError, Request

AGENT: Final = "NetSuite-Connector"
# Which web service the real one calls is not known; only the audit trail shows this path.
TARGET: Final = "/services/rest/record/v1/salesOrder"
FIRST_ORDER: Final = 90_001
ORDER_COLUMNS: Final = "account id tranid type record_type status created created_by modified modified_by memo"
WORKED: Final = "The connection to NetSuite works."
FAILED: Final = "The connection to NetSuite failed. Check the values and try again."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the form of the Connector was filled with."""

    token_id: str
    token_secret: str
    account_id: str = ""  # as entered; empty for the account itself


def save_and_test(world: World, account: str, application: str, wanted: Credentials) -> dict[str, object]:
    """The button Save and Test Connection: a real login with a real signature."""
    integration = find_integration(world, account, application)
    caller = _log_in(world, account, integration, wanted)
    tested = caller is not None
    saved = tested or world.switches.value("connector-failed-test") == "saves"
    if saved:
        world.database.run(
            "INSERT INTO connectors (account, application, token_id, token_secret, account_id) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET token_id = excluded.token_id, token_secret = excluded.token_secret,"
            " account_id = excluded.account_id",
            account,
            application,
            wanted.token_id,
            wanted.token_secret,
            wanted.account_id,
        )
    return {"saved": saved, "tested": tested, "message": WORKED if tested else FAILED}


def post_order(world: World, account: str, application: str) -> tuple[int, dict[str, object]]:
    """One order through the login check; the author is whoever the saved token belongs to."""
    integration = find_integration(world, account, application)
    row = world.database.row("SELECT * FROM connectors WHERE account = ? AND application = ?", account, application)
    if row is None:
        raise ActError(
            409, f"The Connector {application!r} has no credentials. Save them in its credential form first."
        )
    caller = _log_in(world, account, integration, _saved(row))
    if caller is None:
        return 200, {"posted": False, "status": int(HTTPStatus.UNAUTHORIZED), "detail": _last_detail(world, account)}
    order = record_order(world, account, (caller.employee, caller.role), world.clock.now())
    return 201, {"posted": True, "order": order, "set_by": caller.name, "set_by_email": caller.email}


def _saved(row: sqlite3.Row) -> Credentials:
    return Credentials(row["token_id"], row["token_secret"], row["account_id"] or "")


def application_of(world: World, account: str) -> str | None:
    """The integration that the Connector's one form is about.

    It is the record that the Connector comes with, under its new or its old name, first the one it has credentials for;
    where there is neither, any other that credentials are saved for.
    """
    row = world.database.row(
        "SELECT i.name FROM integrations i LEFT JOIN connectors c ON c.account = i.account AND c.application = i.name"
        " WHERE i.account = ? AND (i.name IN ('NetSuite Connector', 'FarApp') OR c.application IS NOT NULL)"
        " ORDER BY i.name NOT IN ('NetSuite Connector', 'FarApp'), c.application IS NULL,"
        " i.name <> 'NetSuite Connector', i.id LIMIT 1",
        account,
    )
    return row["name"] if row else None


def has_credentials(world: World, account: str, application: str) -> bool:
    """Whether the Connector has something saved for an application."""
    row = world.database.row("SELECT 1 FROM connectors WHERE account = ? AND application = ?", account, application)
    return row is not None


def _log_in(world: World, account: str, integration: sqlite3.Row, credentials: Credentials) -> Caller | None:
    header = signing.OAuthHeader(
        credentials.account_id or account,
        {
            "oauth_consumer_key": integration["consumer_key"],
            "oauth_token": credentials.token_id,
            "oauth_nonce": secrets.token_hex(10),
            "oauth_timestamp": str(signing_time(world)),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_version": "1.0",
        },
    )
    url = f"http://127.0.0.1{TARGET}"
    pair = (integration["consumer_secret"], credentials.token_secret)
    headers = {
        "host": "127.0.0.1",
        "user-agent": AGENT,
        "authorization": signing.authorization("POST", url, header, pair),
    }
    try:
        caller = Login(world, Request("POST", TARGET, headers)).caller()
    except RefusedError:
        return None
    return caller if caller.account.id == account else None


def _last_detail(world: World, account: str) -> str:
    row = world.database.row(
        "SELECT detail FROM login_audit WHERE account = ? AND user_agent = ? ORDER BY id DESC LIMIT 1", account, AGENT
    )
    return row["detail"] if row else ""


def next_order(world: World, account: str) -> int:
    last = world.database.number("SELECT MAX(id) FROM transactions WHERE account = ?", account)
    return max(last + 1, FIRST_ORDER)


def order_number(key: int) -> str:
    return f"SO{key - FIRST_ORDER + 10_001}"


def record_order(
    world: World, account: str, author: tuple[int, int], at: int, context: str | None = None
) -> dict[str, str]:
    """A sales order and the one note of its creation, in the name of its author: an employee in a role.

    The context of the note is that of web services, unless another is given.
    """
    key = next_order(world, account)
    world.database.insert_all("transactions", ORDER_COLUMNS, [order_row(account, key, author, at)])
    context = context or world.switches.value("web-services-context")
    world.database.insert_all("system_notes", system_notes.COLUMNS, [order_note(account, key, author, at, context)])
    return {"id": str(key), "tranid": order_number(key)}


def order_row(account: str, key: int, author: tuple[int, int], at: int) -> tuple[Value, ...]:
    """The columns ORDER_COLUMNS of a sales order."""
    employee, _ = author
    return account, key, order_number(key), "SalesOrd", "salesorder", "B", at, employee, at, employee, ""


def order_note(account: str, key: int, author: tuple[int, int], at: int, context: str) -> tuple[Value, ...]:
    """The note of its creation, as system_notes.COLUMNS."""
    record = (system_notes.TRANSACTION, key, f"Sales Order #{order_number(key)}")
    by = system_notes.Author(*author, context)
    return system_notes.row(account, at, by, record, system_notes.NOTHING, system_notes.CREATED)
