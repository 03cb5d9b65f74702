"""Lists of what is in an account, as a test wants to see them: newest first where they grow, and never a secret."""

from collections.abc import Mapping
from typing import Final

from reconciler.emulator import people
from reconciler.emulator.accounts import World
from reconciler.emulator.database import iso
from reconciler.emulator.wire import ActError

PAGE: Final = 100
LONGEST_PAGE: Final = 10_000
Rows = list[dict[str, object]]


def page(wanted: Mapping[str, str]) -> int:
    """How many rows are wanted."""
    limit = wanted.get("limit", str(PAGE))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= len(str(LONGEST_PAGE))) or not (
        1 <= int(limit) <= LONGEST_PAGE
    ):
        raise ActError(400, f"limit must be a whole number from 1 to {LONGEST_PAGE}.")
    return int(limit)


def employees(world: World, account: str, after: int, limit: int) -> Rows:
    """Employees in the order of their ids, from the one after an id on."""
    rows = world.database.rows(
        "SELECT * FROM employees WHERE account = ? AND id > ? ORDER BY id LIMIT ?", account, after, limit
    )
    return [people.describe(world, account, row) for row in rows]


def login_audit(world: World, account: str, chosen: tuple[str, str, str], limit: int) -> Rows:
    """The Login Audit Trail, newest first; `chosen` is application, user (e-mail) and status, empty for any."""
    application, user, status = chosen
    rows = world.database.rows(
        "SELECT * FROM login_audit WHERE account = ? AND (? = '' OR application = ?) AND (? = '' OR LOWER(email) = ?)"
        " AND (? = '' OR status = ?) ORDER BY at DESC, id DESC LIMIT ?",
        *(account, application, application, user, user.lower(), status, status, limit),
    )
    named = world.database.rows("SELECT id, name FROM roles WHERE account = ?", account)
    roles = {role["id"]: role["name"] for role in named}
    return [
        {
            "id": str(row["id"]),
            "date": iso(row["at"]),
            "status": row["status"],
            "detail": row["detail"],
            "application": row["application"],
            "token": row["token"],
            "user": row["email"],
            "role": roles.get(row["role"], ""),
            "address": row["address"],
            "request_uri": row["request_uri"],
            "user_agent": row["user_agent"],
        }
        for row in rows
    ]


def orders(world: World, account: str, limit: int) -> Rows:
    """Sales orders, newest first, with who set them and from where, as their first system note says."""
    rows = world.database.rows(
        "SELECT t.id, t.tranid, t.created, e.entityid, e.email, (SELECT n.context FROM system_notes n"
        " WHERE n.account = t.account AND n.record_type = -30 AND n.record_id = t.id ORDER BY n.id LIMIT 1) AS context"
        " FROM (SELECT * FROM transactions WHERE account = ? AND type = 'SalesOrd' ORDER BY id DESC LIMIT ?) t"
        " LEFT JOIN employees e ON e.account = t.account AND e.id = t.created_by ORDER BY t.id DESC",
        account,
        limit,
    )
    return [
        {
            "id": str(row["id"]),
            "tranid": row["tranid"],
            "date": iso(row["created"]),
            "set_by": row["entityid"] or "",
            "set_by_email": row["email"] or "",
            "context": row["context"] or "",
        }
        for row in rows
    ]


def integrations(world: World, account: str) -> Rows:
    rows = world.database.rows("SELECT * FROM integrations WHERE account = ? ORDER BY id", account)
    return [
        {
            "id": str(row["id"]),
            "name": row["name"],
            "state": row["state"],
            "created": iso(row["created"]),
            "client_credentials": bool(row["client_credentials"]),
        }
        for row in rows
    ]


def connectors(world: World, account: str) -> Rows:
    """Every application with saved credentials, and whose token they are, if they are of one."""
    rows = world.database.rows(
        "SELECT c.application, t.id, t.name, e.entityid, e.email FROM connectors c"
        " LEFT JOIN tokens t ON t.account = c.account AND t.token_id = c.token_id"
        " LEFT JOIN employees e ON e.account = t.account AND e.id = t.employee WHERE c.account = ? ORDER BY 1",
        account,
    )
    return [
        {
            "application": row["application"],
            "token": None if row["id"] is None else str(row["id"]),
            "token_name": row["name"],
            "user": row["email"] or row["entityid"],
        }
        for row in rows
    ]
