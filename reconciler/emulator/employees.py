"""The record service for employees: reading."""

import re
import sqlite3
from typing import Final

from reconciler.emulator import accounts, filters
from reconciler.emulator.accounts import ADMINISTRATOR, EDIT, REST_WEB_SERVICES, VIEW, Caller, World
from reconciler.emulator.database import iso
from reconciler.emulator.paging import Page, links, page_of
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import COLLECTION, SINGULAR, Answer, RefusedError, Request, json_answer

BASE: Final = "/services/rest/record/v1/employee"
ADMIN_RECORD: Final = (
    "Error while accessing a resource. For security reasons, only an administrator is allowed to edit an "
    "administrator record."
)
_ID: Final = re.compile(r"-?[0-9]{1,15}")


def collection(world: World, caller: Caller, request: Request) -> Answer:
    """Ids and links only, as NetSuite lists records."""
    check_rest(caller)
    check_may_read(caller)
    page = page_of(request)
    text = dict(query_parameters(request.query)).get("q", "")
    test = filters.parse(text) if text.strip() else None
    rows = world.database.rows("SELECT * FROM employees WHERE account = ? ORDER BY id", caller.account.id)
    found = [row for row in rows if test is None or test(row)]
    shown = found[page.offset : page.offset + page.limit]
    items: list[dict[str, object]] = [
        {"links": [_self(request, str(row["id"]))], "id": str(row["id"])} for row in shown
    ]
    content = {"links": links(request, page, len(found), previous="prev"), **_counts(page, items, len(found))}
    return json_answer(200, content, COLLECTION)


def _counts(page: Page, items: list[dict[str, object]], total: int) -> dict[str, object]:
    return {
        "count": len(items),
        "hasMore": page.offset + len(items) < total,
        "items": items,
        "offset": page.offset,
        "totalResults": total,
    }


def single(world: World, caller: Caller, request: Request, key: str) -> Answer:
    row = readable(world, caller, key)
    parameters = {name.lower(): value for name, value in query_parameters(request.query)}
    if unknown := set(parameters) - {"expandsubresources", "fields", "simpleenumformat"}:
        raise RefusedError(
            400,
            "INVALID_PARAMETER",
            f"Invalid query parameter name {min(unknown)}.",
            ("o:errorQueryParam", min(unknown)),
        )
    content = _body(caller, request, row)
    if parameters.get("expandsubresources", "").lower() == "true":
        content["roles"] = _roles(world, caller, request, row["id"])
    if fields := parameters.get("fields"):
        wanted = {name.strip().lower() for name in fields.split(",")} | {"links", "id"}
        content = {name: value for name, value in content.items() if name.lower() in wanted}
    return json_answer(200, content, SINGULAR)


def roles(world: World, caller: Caller, request: Request, key: str) -> Answer:
    row = readable(world, caller, key)
    return json_answer(200, _roles(world, caller, request, row["id"]), COLLECTION)


def readable(world: World, caller: Caller, key: str) -> sqlite3.Row:
    """The employee's row, or the refusal that NetSuite gives: records are loaded in edit mode even for reading."""
    check_rest(caller)
    check_may_read(caller)
    row = _found(world, caller, key)
    if accounts.holds(world, caller.account.id, row["id"], ADMINISTRATOR) and not caller.is_administrator:
        status = int(world.switches.value("admin-record-status"))
        raise RefusedError(status, world.switches.value("admin-record-code"), ADMIN_RECORD)
    return row


def _found(world: World, caller: Caller, key: str) -> sqlite3.Row:
    row = None
    if key.lower().startswith("eid:"):
        row = world.database.row(
            "SELECT * FROM employees WHERE account = ? AND external_id = ?", caller.account.id, key[len("eid:") :]
        )
    elif _ID.fullmatch(key):
        row = accounts.employee(world, caller.account.id, int(key))
    if row is None:
        raise RefusedError(
            404,
            "NONEXISTENT_ID",
            "Record does not exist. Provide a valid record instance ID.",
            ("o:errorUrl", f"{BASE}/{key}"),
        )
    return row


def check_rest(caller: Caller) -> None:
    if not caller.may(REST_WEB_SERVICES):
        raise no_permission("REST Web Services")


def check_may_read(caller: Caller) -> None:
    if not (caller.may("LIST_EMPLOYEE_RECORD", VIEW) or caller.may("LIST_EMPLOYEE", VIEW)):
        raise no_permission("Employee Record")


def check_may_write(caller: Caller, *, access: bool) -> None:
    """Employees and Employee Record; what gives access needs the Access tab where that permission exists."""
    for permission, name in (("LIST_EMPLOYEE", "Employees"), ("LIST_EMPLOYEE_RECORD", "Employee Record")):
        if not caller.may(permission, EDIT):
            raise no_permission(name)
    has_tab = caller.account.has("advanced_employee_permissions")
    if access and has_tab and not caller.may("LIST_EMPLOYEE_ACCESS", EDIT):
        raise no_permission("Employee Access Tab")


def no_permission(name: str) -> RefusedError:
    return RefusedError(
        403,
        "INSUFFICIENT_PERMISSION",
        f"Permission Violation: You need a higher level of the '{name}' permission to access this page. "
        "Please contact your account administrator.",
    )


def _self(request: Request, *path: str) -> dict[str, str]:
    return {"rel": "self", "href": "/".join((request.base_url + BASE, *path))}


def _body(caller: Caller, request: Request, row: sqlite3.Row) -> dict[str, object]:
    key = str(row["id"])
    subsidiary = {
        "links": [{"rel": "self", "href": f"{request.base_url}/services/rest/record/v1/subsidiary/1"}],
        "id": "1",
        "refName": caller.account.name,
    }
    content: dict[str, object] = {
        "links": [_self(request, key)],
        "id": key,
        "externalId": row["external_id"],
        "entityId": row["entityid"],
        "firstName": row["firstname"],
        "lastName": row["lastname"],
        "email": row["email"],
        "title": row["title"],
        "giveAccess": bool(row["access"]),
        "isInactive": not row["active"],
        "dateCreated": iso(row["created"]),
        "lastModifiedDate": iso(row["modified"]),
        "subsidiary": subsidiary,
        "roles": {"links": [_self(request, key, "roles")]},
    }
    # An empty field is left out of the record, as NetSuite leaves it out.
    return {name: value for name, value in content.items() if value is not None and value != ""}


def _roles(world: World, caller: Caller, request: Request, employee: int) -> dict[str, object]:
    items: list[dict[str, object]] = [
        {"links": [], "selectedRole": {"links": [], "id": str(role["id"]), "refName": role["name"]}}
        for role in accounts.roles_of(world, caller.account.id, employee)
    ]
    whole = Page(max(len(items), 1), 0)
    return {"links": [_self(request, str(employee), "roles")], **_counts(whole, items, len(items))}
