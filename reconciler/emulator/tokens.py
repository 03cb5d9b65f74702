"""Access tokens as the user interface manages them, and the logins a seed hands out."""

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, MANAGE_TOKENS, OWN_TOKENS, VIEW, World
from reconciler.emulator.database import iso
from reconciler.emulator.people import Actor, find_employee, find_integration, find_role
from reconciler.emulator.wire import ActError

CHANGES: Final[Mapping[str, str]] = {
    "deactivate": "UPDATE tokens SET inactive = 1 WHERE account = ? AND id = ?",
    "activate": "UPDATE tokens SET inactive = 0 WHERE account = ? AND id = ?",
    "revoke": "UPDATE tokens SET revoked = 1 WHERE account = ? AND id = ?",
}
NAMED: Final = (
    "SELECT t.*, i.name AS application, e.entityid AS user_name, e.email AS user_email, r.name AS role_name"
    " FROM tokens t JOIN application_names i ON i.account = t.account AND i.id = t.integration"
    " JOIN employees e ON e.account = t.account AND e.id = t.employee"
    " JOIN roles r ON r.account = t.account AND r.id = t.role WHERE t.account = ?"
)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token that is to be made."""

    application: str
    user: str
    role: str
    name: str = ""


def create(world: World, account: str, by: Actor, wanted: TokenRequest) -> dict[str, object]:
    """New Access Token: the only time the secret is shown."""
    integration = find_integration(world, account, wanted.application)
    user = find_employee(world, account, wanted.user)
    role = find_role(world, account, wanted.role)
    _check_may_create(by, user, role)
    _check_can_log_in(world, account, user, role)
    return _shown_once(issue(world, account, Issue(integration["id"], user["id"], role["id"], by.id, wanted.name)))


def create_own(world: World, account: str, by: Actor, application: str, name: str = "") -> dict[str, object]:
    """New My Access Token: for the person who acts, in the role they act in."""
    integration = find_integration(world, account, application)
    if not by.may(OWN_TOKENS, VIEW):
        raise ActError(403, f"{by.name} lacks the permission User Access Tokens.")
    user, role = accounts.employee(world, account, by.id), accounts.role(world, account, min(by.roles))
    if user is None or role is None:
        raise ActError(404, f"{by.name} is gone.")
    _check_can_log_in(world, account, user, role)
    return _shown_once(issue(world, account, Issue(integration["id"], user["id"], role["id"], by.id, name)))


@dataclass(frozen=True, slots=True)
class Issue:
    """A token to be made, by ids; without a name it gets NetSuite's."""

    integration: int
    employee: int
    role: int
    created_by: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was made, with the secret that is told once."""

    id: int
    name: str
    token_id: str
    token_secret: str


def issue(world: World, account: str, wanted: Issue) -> Issued:
    """Make a token, whoever may ask for it: the user interface and the authorization flow have checked that."""
    made = Issued(
        accounts.next_token_id(world, account),
        wanted.name or _usual_name(world, account, wanted),
        secrets.token_hex(32),
        secrets.token_hex(32),
    )
    world.database.insert(
        "tokens",
        account=account,
        id=made.id,
        name=made.name,
        integration=wanted.integration,
        employee=wanted.employee,
        role=wanted.role,
        created=world.clock.now(),
        created_by=wanted.created_by,
        inactive=0,
        revoked=0,
        token_id=made.token_id,
        token_secret=made.token_secret,
    )
    return made


def _usual_name(world: World, account: str, wanted: Issue) -> str:
    row = world.database.rows(
        "SELECT i.name || ' - ' || e.entityid || ', ' || r.name FROM integrations i, employees e, roles r"
        " WHERE i.account = ? AND e.account = i.account AND r.account = i.account"
        " AND i.id = ? AND e.id = ? AND r.id = ?",
        account,
        wanted.integration,
        wanted.employee,
        wanted.role,
    )[0]
    return str(row[0])


def _shown_once(made: Issued) -> dict[str, object]:
    return {"id": str(made.id), "name": made.name, "token_id": made.token_id, "token_secret": made.token_secret}


def _check_may_create(by: Actor, user: sqlite3.Row, role: sqlite3.Row) -> None:
    _check_may_manage(by)
    if not by.is_administrator and user["id"] == by.id:
        raise ActError(403, f"Access Token Management does not let {by.name} create a token for themselves.")
    if role["id"] == ADMINISTRATOR and not (by.is_administrator and user["id"] == by.id):
        raise ActError(403, "A token for the Administrator role can be created only by its own user, an Administrator.")


def _check_can_log_in(world: World, account: str, user: sqlite3.Row, role: sqlite3.Row) -> None:
    of_account = accounts.account(world, account)
    if of_account is None or not of_account.has("token_based_authentication"):
        raise ActError(409, "The feature Token-Based Authentication is not enabled, so no token can be issued.")
    if not user["active"] or not user["access"]:
        raise ActError(409, f"{user['entityid']} is inactive or has no access, so no token can be issued.")
    if not accounts.holds(world, account, user["id"], role["id"]):
        raise ActError(409, f"{user['entityid']} does not hold the role {role['name']!r}.")
    levels = accounts.permissions(world, account, role["id"])
    usable = role["id"] == ADMINISTRATOR or accounts.TOKEN_LOGIN in levels or accounts.OWN_TOKENS in levels
    if role["inactive"] or not usable:
        raise ActError(
            409, f"The role {role['name']!r} is inactive or lacks the permission Log in using Access Tokens."
        )


def _check_may_manage(by: Actor) -> None:
    if not by.may(MANAGE_TOKENS):
        raise ActError(403, f"{by.name} lacks the permission Access Token Management.")


def change(world: World, account: str, by: Actor, key: str, what: str) -> dict[str, object]:
    row = find(world, account, key)
    _check_may_change(by, row)
    if row["revoked"]:
        raise ActError(409, f"Token {row['name']!r} is revoked, and a revoked token can no longer be edited.")
    world.database.run(CHANGES[what], account, row["id"])
    return describe(find(world, account, key))


def revoke(world: World, account: str, key: int) -> None:
    """Final; the row is kept for audit."""
    world.database.run(CHANGES["revoke"], account, key)


def _check_may_change(by: Actor, row: sqlite3.Row) -> None:
    if is_own(by, row) and by.may(OWN_TOKENS, VIEW):
        return
    _check_may_manage(by)
    if row["role"] == ADMINISTRATOR and not by.is_administrator:
        raise ActError(403, f"{by.name} is no Administrator, so a token for that role is out of reach.")


def is_own(by: Actor, row: sqlite3.Row) -> bool:
    """Whether a token belongs to the person who acts, in a role they act in."""
    return row["employee"] == by.id and row["role"] in by.roles


def find(world: World, account: str, key: str) -> sqlite3.Row:
    row = world.database.row(f"{NAMED} AND CAST(t.id AS TEXT) = ?", account, key)
    if row is None:
        raise ActError(404, f"There is no token {key!r} in account {account}.")
    return row


def listing(world: World, account: str, application: str = "", user: str = "") -> list[dict[str, object]]:
    """All tokens, or those of one application or of one user (by e-mail, in any case, or name)."""
    return [
        describe(row)
        for row in world.database.rows(f"{NAMED} ORDER BY t.id", account)
        if application in {"", row["application"]}
        and (not user or user.lower() in {(row["user_email"] or "").lower(), row["user_name"].lower()})
    ]


def describe(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "application": row["application"],
        "user": row["user_email"] or row["user_name"],
        "user_name": row["user_name"],
        "role": row["role_name"],
        "created": iso(row["created"]),
        "inactive": bool(row["inactive"]),
        "revoked": bool(row["revoked"]),
    }


def login(world: World, account: str, employee: str, role: str) -> dict[str, object]:
    """The credentials of one of the seed's logins; without a name, those of the default one."""
    rows = world.database.rows(
        "SELECT l.is_default, l.token, l.employee, l.role, l.integration, e.email, e.entityid, r.name AS role_name,"
        " i.name AS application, i.consumer_key, i.consumer_secret FROM logins l"
        " JOIN employees e ON e.account = l.account AND e.id = l.employee"
        " JOIN roles r ON r.account = l.account AND r.id = l.role"
        " JOIN integrations i ON i.account = l.account AND i.id = l.integration WHERE l.account = ?",
        account,
    )
    matching = [
        row
        for row in rows
        if (not employee or employee.lower() in {(row["email"] or "").lower(), row["entityid"].lower()})
        and (not role or role == row["role_name"])
        and (employee or role or row["is_default"])
    ]
    if not matching:
        there_are = "; ".join(f"{row['email'] or row['entityid']} as {row['role_name']}" for row in rows)
        raise ActError(404, f"Account {account} has no such login. There are: {there_are or 'none'}.")
    row = matching[0]
    token = _usable_token(world, account, row)
    return {
        "consumer_key": row["consumer_key"],
        "consumer_secret": row["consumer_secret"],
        "token_id": token["token_id"],
        "token_secret": token["token_secret"],
        "employee": row["email"] or row["entityid"],
        "role": row["role_name"],
        "application": row["application"],
    }


def _usable_token(world: World, account: str, login_row: sqlite3.Row) -> sqlite3.Row:
    """The login's own token; once that is gone, as after a refresh, the newest one somebody made in its place."""
    token = world.database.row(
        "SELECT * FROM tokens WHERE account = ? AND integration = ? AND employee = ? AND role = ?"
        " ORDER BY revoked, inactive, id = ? DESC, id DESC LIMIT 1",
        account,
        login_row["integration"],
        login_row["employee"],
        login_row["role"],
        login_row["token"],
    )
    if token is None:
        raise ActError(
            404,
            f"The login of {login_row['email'] or login_row['entityid']} has no token any more, as after a sandbox "
            f"refresh. Create one for application {login_row['application']!r} and role {login_row['role_name']!r}.",
        )
    return token


def refresh(world: World, account: str) -> int:
    """A sandbox refresh copies no token: all are gone, and nothing says so."""
    world.database.run("DELETE FROM nonces WHERE account = ?", account)
    world.database.run("DELETE FROM request_tokens WHERE account = ?", account)
    accounts.remember_token_ids(world, account)
    return world.database.run("DELETE FROM tokens WHERE account = ?", account)
