"""The record service for employees: POST, PATCH, PUT and DELETE, with NetSuite's rules for who may do what.

Sections named in brackets are pages of https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/.
"""

import sqlite3
from typing import Final

from reconciler.emulator import accounts, employee_changes
from reconciler.emulator.accounts import ADMINISTRATOR, EDIT, LEVELS, Caller, World
from reconciler.emulator.employee_content import (
    NAMES,
    VALUES,
    Asked,
    Change,
    body_of,
    change_in,
    validation,
)
from reconciler.emulator.employee_fields import BY_NAME, FIELDS, IS_INACTIVE, ROLES, SUBSIDIARY, is_kept_elsewhere
from reconciler.emulator.employee_values import bad_content
from reconciler.emulator.record_requests import (
    EMPLOYEES,
    bad_parameter,
    by_external_id,
    check_may_read,
    check_may_write,
    external_id,
    invalid_id,
    is_external,
    is_true,
    parameters,
    readable,
)
from reconciler.emulator.wire import PLAIN, Answer, RefusedError, Request, not_served

ENTITY_ID, EXTERNAL_ID, EMAIL = BY_NAME["entityid"], BY_NAME["externalid"], BY_NAME["email"]
FIRST_NAME, LAST_NAME = BY_NAME["firstname"], BY_NAME["lastname"]
WRITE_PARAMETERS: Final = ("replace", "replaceSelectedFields")


def create(world: World, caller: Caller, request: Request, _key: str) -> Answer:
    """POST: 204 and the address of the new record (section_1545141395)."""
    change = _change(world, caller, request)
    check_may_write(world, caller, access=change.touches_access, level=LEVELS["Create"])
    return _created(world, caller, request, change)


def patch(world: World, caller: Caller, request: Request, key: str) -> Answer:
    """PATCH: what the body leaves out stays as it is (section_1545142173)."""
    change = _change(world, caller, request)
    return _updated(world, caller, request, change, readable(world, caller, key))


def upsert(world: World, caller: Caller, request: Request, key: str) -> Answer:
    """PUT, by external id only: update, or create (section_156335203191)."""
    if not is_external(key):
        raise invalid_id(key)
    change = _change(world, caller, request)
    wanted = external_id(key)
    if change.fields.get(EXTERNAL_ID, wanted) != wanted:
        raise bad_content("The external id of the body is not that of the URL.", EXTERNAL_ID.name)
    if by_external_id(world, caller, wanted) is not None:
        change.fields.pop(EXTERNAL_ID, None)
        return _updated(world, caller, request, change, readable(world, caller, key))
    change.fields[EXTERNAL_ID] = wanted
    check_may_write(world, caller, access=change.touches_access, level=LEVELS["Create"])
    return _created(world, caller, request, change)


def delete(world: World, caller: Caller, request: Request, key: str) -> Answer:
    """DELETE: 204, and the tokens and mappings of the employee are gone too."""
    parameters(world, request, ())
    row = readable(world, caller, key)
    check_may_write(world, caller, access=False, level=LEVELS["Full"])
    if row["id"] == caller.employee:
        raise user_error("You cannot delete your own record.")
    employee_changes.remove(world, caller.account.id, row["id"])
    return Answer(204, headers={"Content-Type": PLAIN})


def batch(_world: World, _caller: Caller, request: Request, _key: str) -> Answer:
    raise not_served(f"{request.method} of a collection: batches run as asynchronous jobs only")


def transform(_world: World, _caller: Caller, _request: Request, key: str) -> Answer:
    raise not_served(f"the transformation of employee {key}")


def _change(world: World, caller: Caller, request: Request) -> Change:
    check_may_read(world, caller)
    found = parameters(world, request, WRITE_PARAMETERS)
    replaces = frozenset(part.strip().lower() for part in found.get("replace", "").split(",") if part.strip())
    for name in sorted(replaces):
        if is_kept_elsewhere(name):
            raise not_served(f"{name} of employee", ("o:errorQueryParam", "replace"))
        if name not in BY_NAME and name != ROLES:
            raise bad_parameter("replace", f"Invalid value for the query parameter. There is nothing named '{name}'.")
    asked = Asked(
        replaces=replaces,
        clears_only_named=is_true(found, "replaceSelectedFields"),
        names=validation(request, NAMES),
        values=validation(request, VALUES),
    )
    change = change_in(world, caller, body_of(world, request), asked)
    change.replaces_roles = change.replaces_roles or ROLES in replaces
    return change


def _updated(world: World, caller: Caller, request: Request, change: Change, row: sqlite3.Row) -> Answer:
    check_may_write(world, caller, access=change.touches_access, level=EDIT)
    for field in (ENTITY_ID, SUBSIDIARY):
        if field in change.fields and change.fields[field] is None:
            raise missing_values(field.title)
    _check_unique(world, caller, change, row["id"])
    wanted = _wanted_roles(world, caller, row, change)
    _check_access(world, caller, row, change, wanted)
    for field in FIELDS:
        if field in change.fields and change.fields[field] != row[field.column]:
            employee_changes.note_change(world, caller, row, field, change.fields[field])
    _write(world, caller, row, change, wanted)
    return _done(world, request, change, row["id"])


def _created(world: World, caller: Caller, request: Request, change: Change) -> Answer:
    _fill_in(world, change)
    _check_unique(world, caller, change, None)
    account = caller.account.id
    key, now = accounts.next_employee_id(world, account), world.clock.now()
    name = change.fields[ENTITY_ID]
    world.database.insert(
        "employees", account=account, id=key, entityid=name, active=1, access=0, created=now, modified=now
    )
    row = readable(world, caller, str(key))
    wanted = _wanted_roles(world, caller, row, change)
    _check_access(world, caller, row, change, wanted)
    employee_changes.note_creation(world, caller, row)
    _write(world, caller, row, change, wanted)
    return _done(world, request, change, key)


def _fill_in(world: World, change: Change) -> None:
    """A new employee has a name and, in an account with subsidiaries, one of those."""
    if not change.fields.get(ENTITY_ID):
        parts = [str(change.fields[part]) for part in (FIRST_NAME, LAST_NAME) if change.fields.get(part)]
        if not parts:
            raise missing_values(FIRST_NAME.title, LAST_NAME.title)
        change.fields[ENTITY_ID] = " ".join(parts)
    if change.fields.get(SUBSIDIARY) is None:
        if world.switches.value("subsidiary-required") == "yes":
            raise missing_values(SUBSIDIARY.title)
        change.fields.pop(SUBSIDIARY, None)


def _check_unique(world: World, caller: Caller, change: Change, own: int | None) -> None:
    if problem := employee_changes.problem_of(world, caller.account.id, change.fields, own):
        raise user_error(problem)


def _wanted_roles(world: World, caller: Caller, row: sqlite3.Row, change: Change) -> set[int]:
    held = {role["id"] for role in accounts.roles_of(world, caller.account.id, row["id"])}
    if change.roles is None:
        return held
    is_keyed = world.switches.value("roles-keyed") == "yes"
    twice = len(set(change.roles)) < len(change.roles)
    if twice or (not change.replaces_roles and not is_keyed and held & set(change.roles)):
        # A list without keys is appended to, and a role cannot be held twice.
        raise bad_content("A role has been selected more than once.", ROLES)
    return set(change.roles) if change.replaces_roles else held | set(change.roles)


def _check_access(world: World, caller: Caller, row: sqlite3.Row, change: Change, wanted: set[int]) -> None:
    had_administrator = accounts.holds(world, caller.account.id, row["id"], ADMINISTRATOR)
    if had_administrator != (ADMINISTRATOR in wanted):
        allowed = caller.is_administrator and world.switches.value("admin-assign-by-rest") == "allowed"
        if not allowed:
            raise user_error("Only an administrator can assign the Administrator role.")
    has_access = bool(row["access"]) if change.access is None else change.access
    if has_access and not wanted and change.touches_access:
        raise bad_content("An employee with access must have at least one role.", ROLES)
    email = change.fields.get(EMAIL, row["email"])
    if has_access and not email and (change.access is not None or EMAIL in change.fields):
        raise bad_content("Please enter value(s) for: Email.", EMAIL.name)
    needs_password = world.switches.value("access-without-password") == "refused"
    if has_access and not row["access"] and needs_password and not (change.passwords or change.sends_mail):
        raise bad_content("Please enter value(s) for: Password.", "password")


def _write(world: World, caller: Caller, row: sqlite3.Row, change: Change, wanted: set[int]) -> None:
    account, key = caller.account.id, row["id"]
    employee_changes.set_fields(world, account, key, {f: v for f, v in change.fields.items() if f is not IS_INACTIVE})
    if IS_INACTIVE in change.fields:
        employee_changes.set_active(world, account, key, active=bool(change.fields[IS_INACTIVE]))
    if change.roles is not None:
        accounts.set_roles(world, account, key, wanted, caller.employee)
    if change.access is not None and change.access != bool(row["access"]):
        employee_changes.set_access(world, account, key, access=change.access, actor=caller.employee)
    accounts.touch(world, account, key)


def _done(world: World, request: Request, change: Change, key: int) -> Answer:
    headers = {"Location": f"{request.base_url}{EMPLOYEES}/{key}", "Content-Type": PLAIN}
    if change.warnings:
        headers[world.switches.value("warning-header")] = change.warning_text
    return Answer(204, headers=headers)


def user_error(sentence: str) -> RefusedError:
    return RefusedError(400, "USER_ERROR", f"Error while accessing a resource. {sentence}")


def missing_values(*titles: str) -> RefusedError:
    return user_error(f"Please enter value(s) for: {', '.join(titles)}")
