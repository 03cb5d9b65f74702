"""The record service for employees: reading one record and what belongs to it.

Sections named in brackets are pages of https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/.
"""

import sqlite3
from typing import Final
from urllib.parse import quote

from reconciler.emulator import accounts
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import iso
from reconciler.emulator.employee_changes import name_of
from reconciler.emulator.employee_fields import BY_NAME, FIELDS, ROLES, Field, Kind, is_kept_elsewhere
from reconciler.emulator.record_requests import (
    EMPLOYEES,
    RECORDS,
    bad_parameter,
    is_true,
    missing_record,
    no_such_record_type,
    parameters,
    readable,
)
from reconciler.emulator.wire import COLLECTION, SINGULAR, Answer, RefusedError, Request, json_answer, not_served

SINGLE_PARAMETERS: Final = ("expandSubResources", "fields", "simpleEnumFormat")
Content = dict[str, object]


def single(world: World, caller: Caller, request: Request, key: str) -> Answer:
    found = parameters(world, request, SINGLE_PARAMETERS)
    is_expanded, is_simple = is_true(found, "expandSubResources"), is_true(found, "simpleEnumFormat")
    row = readable(world, caller, key)
    content = _body(world, caller, request, row, is_simple=is_simple)
    if is_expanded:
        content[ROLES] = _roles(world, caller, request, row["id"])
    if "fields" in found:
        # Only what was asked for, the id included, and the link says what that was (section_1545141500).
        wanted = _wanted(world, found["fields"])
        content = {name: value for name, value in content.items() if name.lower() in wanted}
        content["links"] = [_self(request, f"{row['id']}?fields={quote(found['fields'], safe='')}")]
    return json_answer(200, content, SINGULAR)


def _wanted(world: World, text: str) -> set[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if is_kept_elsewhere(name):
            raise not_served(f"the field {name} of employee", ("o:errorQueryParam", "fields"))
        is_known = name.lower() in BY_NAME or name.lower() in {ROLES, "links"}
        if not is_known and world.switches.value("unknown-parameter") == "refused":
            raise bad_parameter("fields", f"Invalid value for the query parameter. There is no field '{name}'.")
    return {name.lower() for name in names}


def part(world: World, caller: Caller, request: Request, path: str) -> Answer:
    """A sublist of an employee, one of its lines, or the record that a field refers to."""
    key, name, *line = path.split("/")
    parameters(world, request, ())
    row = readable(world, caller, key)
    field = BY_NAME.get(name.lower())
    if name.lower() == ROLES and not line:
        return json_answer(200, _roles(world, caller, request, row["id"]), COLLECTION)
    if name.lower() == ROLES and len(line) == 1:
        return json_answer(200, _role_line(world, caller, request, row["id"], line[0]), SINGULAR)
    if field is not None and field.kind is Kind.REFERENCE and not line:
        return _referenced(world, caller, request, row, field)
    if is_kept_elsewhere(name):
        raise not_served(f"{name} of employee", ("o:errorUrl", request.path))
    code = world.switches.value("unknown-record-code")
    detail = f"Resource '{'/'.join((name, *line))}' does not exist."
    raise RefusedError(404, code, detail, ("o:errorUrl", request.path), "no source shows NetSuite's own words for this")


def _referenced(world: World, caller: Caller, request: Request, row: sqlite3.Row, field: Field) -> Answer:
    target = row[field.column]
    if target is None:
        raise missing_record(world, f"{row['id']}/{field.name}")
    if field.target == "employee":
        return single(world, caller, request, str(target))
    content: Content = {
        "links": [_link(request, field.target, target)],
        "id": str(target),
        # Of other records the emulator keeps the name only.
        "name": name_of(world, caller.account.id, field.target, target),
    }
    return json_answer(200, content, SINGULAR)


def _self(request: Request, *path: str) -> dict[str, str]:
    return {"rel": "self", "href": "/".join((request.base_url + EMPLOYEES, *path))}


def _link(request: Request, target: str, key: int) -> dict[str, str]:
    return {"rel": "self", "href": f"{request.base_url}{RECORDS}/{target}/{key}"}


def _body(world: World, caller: Caller, request: Request, row: sqlite3.Row, *, is_simple: bool) -> Content:
    content: Content = {"links": [_self(request, str(row["id"]))]}
    for field in FIELDS:
        # An empty field is left out of the record, as NetSuite leaves it out.
        if field.kind is not Kind.SECRET and row[field.column] is not None:
            content[field.name] = _value(world, caller, request, row, field)
    if is_simple:
        content |= {f.name: str(row[f.column]) for f in FIELDS if f.kind is Kind.ENUM and row[f.column] is not None}
    content[ROLES] = {"links": [_self(request, str(row["id"]), ROLES)]}
    return content


def _value(world: World, caller: Caller, request: Request, row: sqlite3.Row, field: Field) -> object:
    value = row[field.column]
    match field.kind:
        case Kind.KEY:
            return str(value)
        case Kind.FLAG:
            return bool(value) != field.inverted
        case Kind.MOMENT:
            return iso(value)
        case Kind.ENUM:
            label = dict(field.options).get(str(value))
            return {"id": str(value), "refName": label} if label else {"id": str(value)}
        case Kind.REFERENCE:
            name = name_of(world, caller.account.id, field.target, value)
            named = {"refName": name} if name else {}
            return {"links": [_link(request, field.target, value)], "id": str(value), **named}
        case _:
            return value


def _roles(world: World, caller: Caller, request: Request, employee: int) -> Content:
    items = [
        _line(world, request, employee, index, role)
        for index, role in enumerate(accounts.roles_of(world, caller.account.id, employee), start=1)
    ]
    return {
        "links": [_self(request, str(employee), ROLES)],
        "count": len(items),
        "hasMore": False,
        "items": items,
        "offset": 0,
        "totalResults": len(items),
    }


def _line(world: World, request: Request, employee: int, index: int, role: sqlite3.Row) -> Content:
    return {
        "links": [_self(request, str(employee), ROLES, _line_key(world, index, role))],
        "selectedRole": {"links": [], "id": str(role["id"]), "refName": role["name"]},
    }


def _line_key(world: World, index: int, role: sqlite3.Row) -> str:
    return str(role["id"]) if world.switches.value("roles-line-key") == "role" else str(index)


def _role_line(world: World, caller: Caller, request: Request, employee: int, key: str) -> Content:
    for index, role in enumerate(accounts.roles_of(world, caller.account.id, employee), start=1):
        if _line_key(world, index, role) == key:
            return _line(world, request, employee, index, role)
    raise missing_record(world, f"{employee}/{ROLES}/{key}")


def other_record(world: World, caller: Caller, request: Request, name: str) -> Answer:
    """Every other record type, whether NetSuite has it or not."""
    raise no_such_record_type(
        world, request, name, f"the emulator keeps employees only; {caller.account.id} has no records of another type"
    )
