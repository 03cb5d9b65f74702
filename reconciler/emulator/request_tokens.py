"""Request tokens of the three-step flow: unauthorized, then authorized by a person, then exchanged once."""

import secrets
import sqlite3
from dataclasses import dataclass

from reconciler.emulator.accounts import World


@dataclass(frozen=True, slots=True)
class Pending:
    """A request token on its way."""

    token: str
    account: str
    secret: str
    integration: int
    callback: str
    wanted_role: int | None
    employee: int | None  # who allowed it, none as long as nobody did
    role: int | None
    verifier: str


def new(world: World, account: str, integration: int, callback: str, wanted_role: int | None) -> Pending:
    made = Pending(
        secrets.token_hex(32), account, secrets.token_hex(32), integration, callback, wanted_role, None, None, ""
    )
    world.database.insert(
        "request_tokens",
        token=made.token,
        account=account,
        secret=made.secret,
        integration=integration,
        callback=callback,
        wanted_role=wanted_role,
        created=world.clock.machine(),
        verifier="",
    )
    return made


def find(world: World, token: str) -> Pending | None:
    """A request token that has neither ended nor been used."""
    eldest = world.clock.machine() - world.switches.number("request-token-life")
    world.database.run("DELETE FROM request_tokens WHERE created < ?", eldest)
    row = world.database.row("SELECT * FROM request_tokens WHERE token = ?", token)
    return _pending(row) if row is not None else None


def authorize(world: World, pending: Pending, employee: int, role: int) -> str:
    """A person clicks Allow; the verifier goes to the callback alone."""
    verifier = secrets.token_hex(32)
    world.database.run(
        "UPDATE request_tokens SET employee = ?, role = ?, verifier = ? WHERE token = ?",
        employee,
        role,
        verifier,
        pending.token,
    )
    return verifier


def forget(world: World, token: str) -> None:
    world.database.run("DELETE FROM request_tokens WHERE token = ?", token)


def _pending(row: sqlite3.Row) -> Pending:
    return Pending(
        row["token"],
        row["account"],
        row["secret"],
        row["integration"],
        row["callback"],
        row["wanted_role"],
        row["employee"],
        row["role"],
        row["verifier"],
    )
