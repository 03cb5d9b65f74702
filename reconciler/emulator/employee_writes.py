"""The record service for employees: PATCH, with NetSuite's rules for roles and for administrators."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import ADMINISTRATOR, Caller, World
from reconciler.emulator.employees import BASE, check_may_write, readable
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import Answer, RefusedError, Request, parsed_json

ENTITY_RECORD_TYPE: Final = -9
CHANGED: Final = 4
TEXT_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    # name in any case: column, and the field of the system note
    "firstname": ("firstname", "ENTITY.SFIRSTNAME"),
    "lastname": ("lastname", "ENTITY.SLASTNAME"),
    "email": ("email", "ENTITY.SEMAIL"),
    "entityid": ("entityid", "ENTITY.SNAME"),
    "title": ("title", "ENTITY.STITLE"),
    "externalid": ("external_id", "ENTITY.SEXTERNALID"),
}
FLAG_FIELDS: Final[Mapping[str, str]] = {"isinactive": "ENTITY.BINACTIVE", "giveaccess": "ENTITY.BGIVEACCESS"}
PASSWORD_FIELDS: Final = frozenset({"password", "password2", "sendemail", "requirepwdchange"})
VALIDATION: Final = "x-netsuite-propertynamevalidation"
_ID: Final = re.compile(r"[0-9]{1,15}")


@dataclass(slots=True)
class _Change:
    """What one PATCH asks for, checked but not yet carried out."""

    texts: dict[str, str | None] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    roles: list[int] | None = None
    brings_password: bool = False


def patch(world: World, caller: Caller, request: Request, key: str) -> Answer:
    content = _content(request)
    parameters = _parameters(request)
    change = _change(world, caller, request, content)
    row = readable(world, caller, key)
    touches_access = change.roles is not None or "giveaccess" in change.flags
    check_may_write(caller, access=touches_access)
    wanted = _wanted_roles(world, caller, row, change, replaces="roles" in parameters)
    _check_access(world, caller, row, change, wanted)
    with world.database.transaction():
        _write_fields(world, caller, row, change)
        if change.roles is not None:
            accounts.set_roles(world, caller.account.id, row["id"], wanted, caller.employee)
    return Answer(204, headers={"Location": f"{request.base_url}{BASE}/{row['id']}"})


def _content(request: Request) -> dict[str, object]:
    if not request.headers.get("content-type", "").lower().startswith(("application/json", "application/vnd.oracle.")):
        raise RefusedError(
            415, "UNSUPPORTED_MEDIA_TYPE", "The request must have the header Content-Type: application/json."
        )
    try:
        content = parsed_json(request.body)
    except ValueError as error:
        raise _malformed() from error
    if not isinstance(content, dict):
        raise _malformed()
    return content


def _malformed() -> RefusedError:
    return RefusedError(
        400, "INVALID_REQUEST", "The request could not be understood by the server due to malformed syntax."
    )


def _parameters(request: Request) -> set[str]:
    """The sublists named by replace=."""
    values = query_parameters(request.query)
    for name, _ in values:
        if name != "replace":
            raise RefusedError(
                400,
                "INVALID_PARAMETER",
                f"The emulator does not serve the query parameter {name} here.",
                ("o:errorQueryParam", name),
            )
    return {part.strip().lower() for _, value in values for part in value.split(",")}


def _change(world: World, caller: Caller, request: Request, content: dict[str, object]) -> _Change:
    change = _Change()
    for name, value in content.items():
        lowered = name.lower()
        if lowered in TEXT_FIELDS:
            change.texts[lowered] = _text(name, value)
        elif lowered in FLAG_FIELDS:
            change.flags[lowered] = _flag(name, value)
        elif lowered == "roles":
            change.roles = _role_ids(world, caller, value)
        elif lowered in PASSWORD_FIELDS:
            change.brings_password = change.brings_password or bool(value)
        elif lowered not in {"id", "links"}:
            _unknown_property(request, name)
    return change


def _unknown_property(request: Request, name: str) -> None:
    """A misspelt name is dropped without a word, unless the header asks for an error."""
    wanted = request.headers.get(VALIDATION, "Warning").lower()
    if wanted not in {"error", "warning", "ignore"}:
        raise RefusedError(
            400,
            "INVALID_REQUEST",
            "X-NetSuite-PropertyNameValidation must be Error, Warning or Ignore.",
            ("o:errorHeader", "X-NetSuite-PropertyNameValidation"),
        )
    if wanted == "error":
        raise _bad_content(f"Unknown reference or field {name}.", name)


def _bad_content(detail: str, path: str) -> RefusedError:
    return RefusedError(400, "INVALID_CONTENT", f"Error while accessing resource: {detail}", ("o:errorPath", path))


def _text(name: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _bad_content(f"Invalid value for the field {name}: a text is expected.", name)
    return value or None


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _bad_content(f"Invalid value for the field {name}: true or false is expected.", name)
    return value


def _role_ids(world: World, caller: Caller, value: object) -> list[int]:
    if world.switches.value("roles-patch") == "refused":
        raise _bad_content("The sublist roles cannot be written.", "roles")
    items = [] if value is None else _of_any_case(value, "items", "roles")
    if not isinstance(items, list):
        raise _bad_content("The sublist roles must have a list of items.", "roles.items")
    return [_role_id(world, caller, item, f"roles.items[{index}]") for index, item in enumerate(items)]


def _of_any_case(value: object, name: str, path: str) -> object:
    if not isinstance(value, dict):
        raise _bad_content(f"An object is expected in {path}.", path)
    return next((inner for key, inner in value.items() if str(key).lower() == name), None)


def _role_id(world: World, caller: Caller, item: object, path: str) -> int:
    where = f"{path}.selectedRole"
    selected = _of_any_case(item, "selectedrole", path)
    found = _of_any_case(selected, "id", where) if isinstance(selected, dict) else selected
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    role = accounts.role(world, caller.account.id, int(text)) if _ID.fullmatch(text) else None
    if role is None:
        raise _bad_content(
            f"You have entered an Invalid Field Value {found} for the following field: selectedrole.", where
        )
    return int(role["id"])


def _wanted_roles(world: World, caller: Caller, row: sqlite3.Row, change: _Change, *, replaces: bool) -> set[int]:
    held = {role["id"] for role in accounts.roles_of(world, caller.account.id, row["id"])}
    if change.roles is None:
        return held
    is_keyed = world.switches.value("roles-keyed") == "yes"
    twice = len(set(change.roles)) < len(change.roles)
    if twice or (not replaces and not is_keyed and held & set(change.roles)):
        # A list without keys is appended to, and a role cannot be held twice.
        raise _bad_content("A role has been selected more than once.", "roles")
    return set(change.roles) if replaces else held | set(change.roles)


def _check_access(world: World, caller: Caller, row: sqlite3.Row, change: _Change, wanted: set[int]) -> None:
    had_administrator = accounts.holds(world, caller.account.id, row["id"], ADMINISTRATOR)
    if had_administrator != (ADMINISTRATOR in wanted):
        allowed = caller.is_administrator and world.switches.value("admin-assign-by-rest") == "allowed"
        if not allowed:
            raise RefusedError(
                400,
                "USER_ERROR",
                "Error while accessing a resource. Only an administrator can assign the Administrator role.",
            )
    has_access = change.flags.get("giveaccess", bool(row["access"]))
    if has_access and not wanted and (change.roles is not None or "giveaccess" in change.flags):
        raise _bad_content("An employee with access must have at least one role.", "roles")
    gains_access = has_access and not row["access"]
    if gains_access and not change.texts.get("email", row["email"]):
        raise _bad_content("Please enter value(s) for: Email.", "email")
    needs_password = world.switches.value("access-without-password") == "refused"
    if gains_access and needs_password and not change.brings_password:
        raise _bad_content("Please enter value(s) for: Password.", "password")


def _write_fields(world: World, caller: Caller, row: sqlite3.Row, change: _Change) -> None:
    account, key = caller.account.id, row["id"]
    for name, text in change.texts.items():
        column, note = TEXT_FIELDS[name]
        if text != (row[column] or None):
            UPDATES[column](world, account, key, text)
            _note(world, caller, row, (note, row[column] or "", text or ""))
    if "isinactive" in change.flags and change.flags["isinactive"] == bool(row["active"]):
        set_active(world, account, key, active=not change.flags["isinactive"])
        old, new = accounts.flag(not row["active"]), accounts.flag(change.flags["isinactive"])
        _note(world, caller, row, (FLAG_FIELDS["isinactive"], old, new))
    if "giveaccess" in change.flags and change.flags["giveaccess"] != bool(row["access"]):
        set_access(world, account, key, access=change.flags["giveaccess"], actor=caller.employee)
    accounts.touch(world, account, key)


def _update(statement: str) -> Callable[[World, str, int, str | None], None]:
    def run(world: World, account: str, employee: int, text: str | None) -> None:
        world.database.run(statement, text, account, employee)

    return run


UPDATES: Final = {
    "firstname": _update("UPDATE employees SET firstname = ? WHERE account = ? AND id = ?"),
    "lastname": _update("UPDATE employees SET lastname = ? WHERE account = ? AND id = ?"),
    "email": _update("UPDATE employees SET email = ? WHERE account = ? AND id = ?"),
    "entityid": _update("UPDATE employees SET entityid = ? WHERE account = ? AND id = ?"),
    "title": _update("UPDATE employees SET title = ? WHERE account = ? AND id = ?"),
    "external_id": _update("UPDATE employees SET external_id = ? WHERE account = ? AND id = ?"),
}


def set_active(world: World, account: str, employee: int, *, active: bool) -> None:
    """Role assignments are kept on an inactive employee."""
    world.database.run("UPDATE employees SET active = ? WHERE account = ? AND id = ?", int(active), account, employee)


def set_access(world: World, account: str, employee: int, *, access: bool, actor: int) -> None:
    """Giving and taking access goes into the access history; account provisioning leaves no system note."""
    world.database.run("UPDATE employees SET access = ? WHERE account = ? AND id = ?", int(access), account, employee)
    accounts.remember_access(world, account, employee, actor, "Access given" if access else "Access removed")


def _note(world: World, caller: Caller, row: sqlite3.Row, change: tuple[str, str, str]) -> None:
    field_code, old, new = change
    world.database.insert(
        "system_notes",
        account=caller.account.id,
        at=world.clock.now(),
        record_type=ENTITY_RECORD_TYPE,
        record_id=row["id"],
        record=row["entityid"],
        field=field_code,
        type=CHANGED,
        name=caller.employee,
        role=caller.role,
        context=world.switches.value("web-services-context"),
        old=old,
        new=new,
    )
