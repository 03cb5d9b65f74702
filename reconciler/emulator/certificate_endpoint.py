"""The certificate rotation endpoint: people list, add and revoke their own client credentials certificates."""

import re
import sqlite3
from typing import TYPE_CHECKING, Final

from reconciler.emulator import access_tokens, certificates, oauth2
from reconciler.emulator.accounts import EDIT, VIEW, Caller, World
from reconciler.emulator.database import iso
from reconciler.emulator.wire import ActError, Answer, RefusedError, Request, json_answer, json_object

if TYPE_CHECKING:
    from reconciler.emulator.services import Route

PERMISSION: Final = "Manage own OAuth 2.0 Client Credentials certificates"


def listing(world: World, caller: Caller, request: Request, client_id: str) -> Answer:
    integration = _integration(world, caller, client_id, VIEW)
    rows = world.database.rows(
        f"{certificates.NAMED} AND c.integration = ? AND c.employee = ? ORDER BY c.created, c.id",
        caller.account.id,
        integration["id"],
        caller.employee,
    )
    return json_answer(200, [_listed(world, request, row) for row in rows])


def _listed(world: World, request: Request, row: sqlite3.Row) -> dict[str, object]:
    return {
        "application": {
            "id": str(row["integration"]),
            "name": row["application"],
            "url": f"{request.base_url}/app/common/integration/integrapp.nl?id={row['integration']}",
            "application_id": access_tokens.application_id(row["account"], row["integration"]),
        },
        "entity": {
            "id": str(row["employee"]),
            "name": row["user_name"],
            "url": f"{request.base_url}/app/common/entity/employee.nl?id={row['employee']}",
        },
        "role": {
            "id": str(row["role"]),
            "name": row["role_name"],
            "url": f"{request.base_url}/app/setup/role.nl?id={row['role']}",
        },
        "created": _date(world, row["created"]),
        "valid_from": _date(world, row["valid_from"]),
        "valid_until": _date(world, row["valid_until"]),
        "revoked": bool(row["revoked"]),
        "certificate_id": row["id"],
        "algorithm": row["algorithm"],
    }


def upload(world: World, caller: Caller, request: Request, client_id: str) -> Answer:
    integration = _integration(world, caller, client_id, EDIT)
    try:
        body = json_object(request.body)
        mapping = certificates.Mapping(integration["id"], _id(body, "entity"), _id(body, "role"))
        # What a foreign entity does is not known; the page of the documentation says: their own.
        if (mapping.employee, mapping.role) != (caller.employee, caller.role):
            raise RefusedError(403, "INSUFFICIENT_PERMISSION", "The entity and role must be those of the access token.")
        row = certificates.register(world, caller.account.id, mapping, str(body.get("fileContent", "")))
    except ActError as error:
        raise RefusedError(400, "INVALID_REQUEST", str(error)) from error
    content = {
        "entity_role_id": {"com": row["account"], "ent": row["employee"], "rol": row["role"]},
        "application_id": access_tokens.application_id(row["account"], row["integration"]),
        "certificate_id": row["id"],
        "certificate": row["pem"],
        "algorithm": row["algorithm"],
        "created_at": _date(world, row["created"]),
        "valid_from": _date(world, row["valid_from"]),
        "valid_until": _date(world, row["valid_until"]),
        "invalidated": bool(row["revoked"]),
    }
    return json_answer(200, content)


def revoke(world: World, caller: Caller, _request: Request, key: str) -> Answer:
    client_id, _, certificate_id = key.partition("/certificates/")
    integration = _integration(world, caller, client_id, EDIT)
    row = certificates.find(world, caller.account.id, certificate_id)
    owner = (row["integration"], row["employee"]) if row else ()
    if row is None or owner != (integration["id"], caller.employee):
        raise RefusedError(404, "NONEXISTENT_ID", "The certificate does not exist.")
    if row["revoked"]:
        raise RefusedError(400, "INVALID_REQUEST", "The certificate is revoked already.")
    certificates.revoke(world, caller.account.id, certificate_id)
    return Answer(200, b"Successfully revoked", "text/plain")


def _integration(world: World, caller: Caller, client_id: str, level: int) -> sqlite3.Row:
    if not caller.may(world.switches.value("own-certificates-permission"), level):
        raise RefusedError(
            403, "INSUFFICIENT_PERMISSION", f"Permission Violation: you need the '{PERMISSION}' permission."
        )
    found = oauth2.with_client_id(world, caller.account.id, client_id)
    if found is None:
        raise RefusedError(404, "NONEXISTENT_ID", "The integration record does not exist.")
    return found


def _id(body: dict[str, object], name: str) -> int:
    """An internal id: the documentation's sample has a number for the role, and text for the entity."""
    text = str(body.get(name, ""))
    if not text.lstrip("-").isdecimal() or len(text) > 18:  # noqa: PLR2004 - what SQLite can hold
        raise ActError(400, f"{name} must be an internal id.")
    return int(text)


def _date(world: World, moment: int) -> str | int:
    return moment * 1000 if world.switches.value("certificate-dates") == "milliseconds" else iso(moment)


_CERTIFICATES: Final = "/services/rest/auth/oauth2/v1/clients/([^/]+)/certificates"
ROUTES: Final[tuple["Route", ...]] = (
    ("GET", re.compile(_CERTIFICATES), listing),
    ("POST", re.compile(_CERTIFICATES), upload),
    ("POST", re.compile("/services/rest/auth/oauth2/v1/clients/([^/]+/certificates/[^/]+)/revoke"), revoke),
)
