"""Client credentials mappings: which certificate speaks for which employee, role and application, and for how long."""

import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, MANAGE_OAUTH2, OAUTH2_LOGIN, World
from reconciler.emulator.database import iso
from reconciler.emulator.people import Actor, find_employee, find_integration, find_role
from reconciler.emulator.wire import ActError

MOST_ACTIVE: Final = 5
TWO_YEARS: Final = 2 * 365 * 86_400
NAMED: Final = (
    "SELECT c.*, i.name AS application, i.client_id, e.entityid AS user_name, e.email AS user_email,"
    " r.name AS role_name FROM certificates c JOIN integrations i ON i.account = c.account AND i.id = c.integration"
    " JOIN employees e ON e.account = c.account AND e.id = c.employee"
    " JOIN roles r ON r.account = c.account AND r.id = c.role WHERE c.account = ?"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a certificate is registered for."""

    integration: int
    employee: int
    role: int


def is_valid(world: World, row: sqlite3.Row) -> bool:
    """Whether a certificate may be used now, by the account's clock."""
    now = world.clock.now()
    # A clock that was moved back must not make a certificate of today one of the future.
    return not row["revoked"] and row["valid_from"] <= max(now, world.clock.machine()) and now < row["valid_until"]


def active(world: World, account: str, integration: int) -> list[sqlite3.Row]:
    rows = world.database.rows("SELECT * FROM certificates WHERE account = ? AND integration = ?", account, integration)
    return [row for row in rows if is_valid(world, row)]


def is_of(row: sqlite3.Row, mapping: Mapping) -> bool:
    return (row["integration"], row["employee"], row["role"]) == (mapping.integration, mapping.employee, mapping.role)


def find(world: World, account: str, key: str) -> sqlite3.Row | None:
    return world.database.row(f"{NAMED} AND c.id = ?", account, key)


def register(world: World, account: str, mapping: Mapping, text: str) -> sqlite3.Row:
    """Upload a certificate for a mapping, under NetSuite's limits."""
    # OpenSSL takes a moment to load, which a server without OAuth 2.0 need not spend.
    from reconciler.emulator import x509  # noqa: PLC0415 - see the line above

    try:
        certificate = x509.read(text)
    except x509.CertificateError as error:
        raise ActError(400, str(error)) from error
    now = world.clock.now()
    if certificate.valid_until <= now:
        raise ActError(400, f"The certificate ended at {iso(certificate.valid_until)}.")
    _check_unused(world, account, mapping, certificate.pem)
    _make_room(world, account, mapping)
    key = secrets.token_urlsafe(32)
    world.database.insert(
        "certificates",
        account=account,
        id=key,
        integration=mapping.integration,
        employee=mapping.employee,
        role=mapping.role,
        pem=certificate.pem,
        algorithm=certificate.algorithm,
        created=now,
        valid_from=certificate.valid_from,
        valid_until=min(certificate.valid_until, now + TWO_YEARS),
        revoked=0,
    )
    return world.database.rows(f"{NAMED} AND c.id = ?", account, key)[0]


def _check_unused(world: World, account: str, mapping: Mapping, pem: str) -> None:
    """One certificate, revoked or not, serves one combination of integration, role and entity."""
    rows = world.database.rows("SELECT * FROM certificates WHERE account = ? AND pem = ?", account, pem)
    if any(not is_of(row, mapping) for row in rows):
        raise ActError(409, "This certificate was registered for another entity, role or application. Make a new one.")


def _make_room(world: World, account: str, mapping: Mapping) -> None:
    before = active(world, account, mapping.integration)
    same = [row for row in before if is_of(row, mapping)]
    handling = world.switches.value("second-certificate")
    if same and handling == "refused":
        raise ActError(409, "There is an active certificate for this entity, role and application. Revoke it first.")
    if same and handling == "replaces":
        for row in same:
            revoke(world, account, row["id"])
        before = [row for row in before if row not in same]
    if len(before) >= MOST_ACTIVE:
        raise ActError(409, f"An integration record can have {MOST_ACTIVE} active certificates, and this one has.")


def revoke(world: World, account: str, key: str) -> None:
    world.database.run("UPDATE certificates SET revoked = 1 WHERE account = ? AND id = ?", account, key)


@dataclass(frozen=True, slots=True)
class MappingRequest:
    """A certificate that is to be mapped, with whom it shall log in."""

    application: str
    employee: str
    role: str
    certificate: str


def create(world: World, account: str, by: Actor, wanted: MappingRequest) -> dict[str, object]:
    """The button Create New of OAuth 2.0 Client Credentials (M2M) Setup."""
    integration = find_integration(world, account, wanted.application)
    employee = find_employee(world, account, wanted.employee)
    role = find_role(world, account, wanted.role)
    _check_may_manage(by, role["id"])
    if not integration["client_credentials"]:
        raise ActError(409, f"{integration['name']!r} does not have the Client Credentials (M2M) grant.")
    _check_can_log_in(world, account, employee, role)
    mapping = Mapping(integration["id"], employee["id"], role["id"])
    return describe(register(world, account, mapping, wanted.certificate))


def _check_may_manage(by: Actor, role: int) -> None:
    if not by.may(MANAGE_OAUTH2):
        raise ActError(403, f"{by.name} lacks the permission OAuth 2.0 Authorized Applications Management.")
    # Nothing documents it, but as with tokens, nobody should get a role by it that they may not give.
    if role == ADMINISTRATOR and not by.is_administrator:
        raise ActError(403, f"{by.name} is no Administrator, so a certificate for that role is out of reach.")


def _check_can_log_in(world: World, account: str, employee: sqlite3.Row, role: sqlite3.Row) -> None:
    if not employee["active"] or not employee["access"]:
        raise ActError(409, f"{employee['entityid']} is inactive or has no access, so no certificate can be mapped.")
    if not accounts.holds(world, account, employee["id"], role["id"]):
        raise ActError(409, f"{employee['entityid']} does not hold the role {role['name']!r}.")
    usable = role["id"] == ADMINISTRATOR or OAUTH2_LOGIN in accounts.permissions(world, account, role["id"])
    if role["inactive"] or not usable:
        raise ActError(
            409, f"The role {role['name']!r} is inactive or lacks the permission Log in using OAuth 2.0 Access Tokens."
        )


def revoke_as(world: World, account: str, by: Actor, key: str) -> dict[str, object]:
    row = find(world, account, key)
    if row is None:
        raise ActError(404, f"There is no certificate {key!r} in account {account}.")
    _check_may_manage(by, row["role"])
    if row["revoked"]:
        raise ActError(409, f"Certificate {key!r} is revoked already.")
    revoke(world, account, key)
    return describe(world.database.rows(f"{NAMED} AND c.id = ?", account, key)[0])


def listing(world: World, account: str) -> list[dict[str, object]]:
    return [describe(row) for row in world.database.rows(f"{NAMED} ORDER BY c.created, c.id", account)]


def describe(row: sqlite3.Row) -> dict[str, object]:
    return {
        "certificate_id": row["id"],
        "client_id": row["client_id"],
        "application": row["application"],
        "employee": row["user_email"] or row["user_name"],
        "role": row["role_name"],
        "algorithm": row["algorithm"],
        "created": iso(row["created"]),
        "valid_from": iso(row["valid_from"]),
        "valid_until": iso(row["valid_until"]),
        "revoked": bool(row["revoked"]),
    }


def refresh(world: World, account: str) -> int:
    """A sandbox refresh copies no mapping, and what was issued before it means nothing any more."""
    world.database.run("DELETE FROM settings WHERE name = ?", own_key_name(account))
    return world.database.run("DELETE FROM certificates WHERE account = ?", account)


def own_key_name(account: str) -> str:
    """The setting that holds the key an account signs access tokens with."""
    return f"access token key {account}"
