"""What every request to the record service has in common: its parameters, its record, its refusals."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, EDIT, REST_WEB_SERVICES, VIEW, Caller, World
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import RefusedError, Request

RECORDS: Final = "/services/rest/record/v1"
EMPLOYEES: Final = f"{RECORDS}/employee"
ADMIN_RECORD: Final = (
    "Error while accessing a resource. For security reasons, only an administrator is allowed to edit an "
    "administrator record."
)
PERMISSIONS: Final = (("LIST_EMPLOYEE", "Employees"), ("LIST_EMPLOYEE_RECORD", "Employee Record"))
_ID: Final = re.compile(r"-?[1-9][0-9]{0,14}")
_EXTERNAL_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,300}")


def parameters(world: World, request: Request, known: Iterable[str]) -> dict[str, str]:
    """The query parameters by their names in lower case; one NetSuite does not know here is refused, or left out."""
    names = {name.lower() for name in known}
    found = {}
    for name, value in query_parameters(request.query):
        if name.lower() in names:
            found[name.lower()] = value
        elif world.switches.value("unknown-parameter") == "refused":
            raise bad_parameter(name, f"Invalid query parameter name '{name}'.")
    return found


def bad_parameter(name: str, detail: str, reason: str = "") -> RefusedError:
    return RefusedError(400, "INVALID_PARAMETER", detail, ("o:errorQueryParam", name), reason)


def is_true(found: Mapping[str, str], name: str) -> bool:
    """A parameter that is true or false; anything else is refused."""
    text = found.get(name.lower(), "false").lower()
    if text not in {"true", "false"}:
        raise bad_parameter(name, f"Invalid value for the query parameter. The value of {name} must be true or false.")
    return text == "true"


def readable(world: World, caller: Caller, key: str) -> sqlite3.Row:
    """The employee's row, or the refusal that NetSuite gives: records are loaded in edit mode even for reading.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_1544786455.html
    """
    check_may_read(world, caller)
    row = _found(world, caller, key)
    if accounts.holds(world, caller.account.id, row["id"], ADMINISTRATOR) and not caller.is_administrator:
        status = int(world.switches.value("admin-record-status"))
        raise RefusedError(status, world.switches.value("admin-record-code"), ADMIN_RECORD)
    return row


def _found(world: World, caller: Caller, key: str) -> sqlite3.Row:
    if is_external(key):
        row = by_external_id(world, caller, external_id(key))
    elif _ID.fullmatch(key):
        row = accounts.employee(world, caller.account.id, int(key))
    else:
        raise invalid_id(key)
    if row is None:
        raise missing_record(world, key)
    return row


def is_external(key: str) -> bool:
    return key.lower().startswith("eid:")


def external_id(key: str) -> str:
    """The external id in `eid:…`: letters, digits, underscores and hyphens.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156334828635.html
    """
    text = key[len("eid:") :]
    if not _EXTERNAL_ID.fullmatch(text):
        raise invalid_id(key)
    return text


def by_external_id(world: World, caller: Caller, text: str) -> sqlite3.Row | None:
    rows = world.database.rows(
        "SELECT * FROM employees WHERE account = ? AND external_id = ? COLLATE NOCASE", caller.account.id, text
    )
    is_strict = world.switches.value("external-id-case") == "sensitive"
    exact = [row for row in rows if row["external_id"] == text]
    return next(iter(exact or ([] if is_strict else rows)), None)


def missing_record(world: World, key: str) -> RefusedError:
    detail = "Record does not exist."
    if world.switches.value("missing-record-text") == "seen":
        which = f" for external ID '{external_id(key)}'" if is_external(key) else ""
        detail = f"The record instance{which} does not exist. Provide a valid record instance ID."
    return RefusedError(404, "NONEXISTENT_ID", detail, ("o:errorUrl", f"{EMPLOYEES}/{quote(key, safe=':/')}"))


def invalid_id(key: str) -> RefusedError:
    return RefusedError(
        400,
        "INVALID_ID",
        f"Invalid record instance identifier '{key}'. Provide a valid record instance ID.",
        ("o:errorUrl", f"{EMPLOYEES}/{quote(key, safe=':')}"),
    )


def no_such_record_type(world: World, request: Request, name: str, reason: str) -> RefusedError:
    code = world.switches.value("unknown-record-code")
    return RefusedError(404, code, f"Record type '{name}' does not exist.", ("o:errorUrl", request.path), reason)


def check_rest(caller: Caller) -> None:
    if not caller.may(REST_WEB_SERVICES):
        raise no_permission("REST Web Services")


def may_read(caller: Caller) -> bool:
    return any(caller.may(key, VIEW) for key, _ in PERMISSIONS)


def check_may_read(world: World, caller: Caller) -> None:
    check_rest(caller)
    if may_read(caller):
        return
    if world.switches.value("record-without-permission") == "404":
        code = world.switches.value("unknown-record-code")
        raise RefusedError(404, code, "Record type 'employee' does not exist.", ("o:errorUrl", EMPLOYEES))
    raise no_permission("Employee Record")


def check_may_write(world: World, caller: Caller, *, access: bool, level: int = EDIT) -> None:
    """Employees and Employee Record; what gives access needs the Access tab where that permission exists."""
    check_may_read(world, caller)
    for permission, name in PERMISSIONS:
        if not caller.may(permission, level):
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
