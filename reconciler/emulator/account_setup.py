"""What an administrator does under Setup that ends logins or brings them back: integrations, roles, features."""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, LEVELS, World
from reconciler.emulator.people import Actor, note
from reconciler.emulator.system_notes import INTEGRATION
from reconciler.emulator.wire import ActError

ROLE_RECORD_TYPE: Final = -118
MANAGE_ROLES: Final = "ADMI_MANAGEROLES"
FEATURES: Final = frozenset({"token_based_authentication", "oauth2", "advanced_employee_permissions"})


def reset_credentials(world: World, account: str, by: Actor, row: sqlite3.Row) -> dict[str, object]:
    """The button Reset Credentials: a new pair, shown once; old tokens go on with it.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4395597766.html
    """
    _check_administrator(by)
    if row["installed"]:
        raise ActError(409, f"{row['name']} was installed; only the account that owns it can reset its credentials.")
    key, secret = secrets.token_hex(32), secrets.token_hex(32)
    # Consumer Key and Client ID are one field, unless a seed says otherwise.
    client_id = key if row["client_id"] == row["consumer_key"] else row["client_id"]
    world.database.run(
        "UPDATE integrations SET consumer_key = ?, consumer_secret = ?, client_id = ? WHERE account = ? AND id = ?",
        key,
        secret,
        client_id,
        account,
        row["id"],
    )
    record = (INTEGRATION, row["id"], row["name"])
    # The note says that it happened, and never what came of it:
    # https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4543308762.html
    note(world, account, by, record, ("INTEGRATION.TBACREDENTIALS", "", "Reset Credentials"))
    return {"id": str(row["id"]), "name": row["name"], "consumer_key": key, "consumer_secret": secret}


def remove_integration(world: World, account: str, by: Actor, row: sqlite3.Row) -> dict[str, object]:
    """Uninstall the SuiteApp or bundle that brought a record: its tokens are revoked, and kept for audit."""
    _check_administrator(by)
    if not row["installed"]:
        raise ActError(
            409,
            f"{row['name']} was made in this account, and such a record cannot be deleted. Set its State to Blocked.",
        )
    own = (account, row["id"])
    revoked = world.database.run("UPDATE tokens SET revoked = 1 WHERE account = ? AND integration = ?", *own)
    world.database.run("DELETE FROM certificates WHERE account = ? AND integration = ?", *own)
    world.database.run("DELETE FROM request_tokens WHERE account = ? AND integration = ?", *own)
    world.database.insert("removed_integrations", account=account, id=row["id"], name=row["name"])
    world.database.run("DELETE FROM integrations WHERE account = ? AND id = ?", *own)
    return {"removed": row["name"], "tokens_revoked": revoked}


def change_role(
    world: World,
    account: str,
    by: Actor,
    row: sqlite3.Row,
    *,
    inactive: bool | None = None,
    permissions: Mapping[str, str | None] | None = None,
) -> dict[str, object]:
    """Edit a role: its box Inactive, and permissions by their ids, each with a level or nothing to take it away."""
    if not by.may(MANAGE_ROLES):
        raise ActError(403, f"{by.name} lacks the permission Bulk Manage Roles.")
    if row["id"] == ADMINISTRATOR:
        raise ActError(409, "The Administrator role cannot be edited.")
    if inactive is not None and inactive != bool(row["inactive"]):
        world.database.run("UPDATE roles SET inactive = ? WHERE account = ? AND id = ?", inactive, account, row["id"])
        change = ("ROLE.BINACTIVE", accounts.flag(row["inactive"]), accounts.flag(inactive))
        note(world, account, by, (ROLE_RECORD_TYPE, row["id"], row["name"]), change)
    for key, level in (permissions or {}).items():
        _set_permission(world, account, by, row, (key, level))
    levels = {number: name for name, number in LEVELS.items()}
    held = accounts.permissions(world, account, row["id"])
    fresh = accounts.role(world, account, row["id"])
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "inactive": bool(fresh and fresh["inactive"]),
        "permissions": {key: levels[level] for key, level in sorted(held.items())},
    }


def _set_permission(world: World, account: str, by: Actor, row: sqlite3.Row, wanted: tuple[str, str | None]) -> None:
    key, level = wanted
    if key not in accounts.PERMISSION_NAMES:
        raise ActError(
            400, f"There is no permission {key!r}. There are: {', '.join(sorted(accounts.PERMISSION_NAMES))}."
        )
    if level is not None and level not in LEVELS:
        raise ActError(400, f"The level of {key} must be null or one of: {', '.join(LEVELS)}.")
    held = {number: name for name, number in LEVELS.items()}.get(
        accounts.permissions(world, account, row["id"]).get(key, 0), ""
    )
    if held == (level or ""):
        return
    world.database.run("DELETE FROM permissions WHERE account = ? AND role = ? AND key = ?", account, row["id"], key)
    if level is not None:
        world.database.insert("permissions", account=account, role=row["id"], key=key, level=LEVELS[level])
    change = (f"ROLE.{key}", held, level or "")
    note(world, account, by, (ROLE_RECORD_TYPE, row["id"], row["name"]), change)


def change_features(world: World, account: str, by: Actor, wanted: Mapping[str, bool]) -> dict[str, object]:
    """Setup > Company > Enable Features."""
    _check_administrator(by)
    if unknown := set(wanted) - FEATURES:
        raise ActError(400, f"Unknown features: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(FEATURES))}.")
    found = accounts.account(world, account)
    before = found.features if found else {}
    after = {**before, **wanted}
    world.database.run("UPDATE accounts SET features = ? WHERE id = ?", json.dumps(after), account)
    return {name: after.get(name, True) for name in sorted(FEATURES)}


def _check_administrator(by: Actor) -> None:
    if not by.is_administrator:
        raise ActError(403, f"{by.name} is no Administrator, and only an Administrator can do this.")
