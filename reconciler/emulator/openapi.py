"""The employee record as an OpenAPI 3.0 document: the schema, and the operations that are served."""

from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.record_requests import RECORDS
from reconciler.emulator.record_schema import NS_LINK, Schema, collection_schema, line_schema, record_schema
from reconciler.emulator.wire import COLLECTION, ERROR, PLAIN, SINGULAR, Request

_LINK: Final = "#/components/schemas/nsLink"
_TEXT: Final[Schema] = {"type": "string"}
_FLAG: Final[Schema] = {"type": "boolean", "default": False}
_VALIDATION: Final[Schema] = {"type": "string", "enum": ["Error", "Warning", "Ignore"]}


def document(world: World, request: Request, *, is_empty: bool = False) -> Schema:
    """The document; empty when the caller may see no record."""
    return {
        "openapi": "3.0.1",
        "info": {"title": "NetSuite REST Record API", "version": "v1"},
        "servers": [{"url": f"{request.base_url}{RECORDS}"}],
        "paths": {} if is_empty else _paths(world),
        "components": {"schemas": {} if is_empty else _schemas(world)},
    }


def _schemas(world: World) -> Schema:
    # An OpenAPI schema object has no $schema of its own.
    employee = {key: value for key, value in record_schema(world, _LINK).items() if key != "$schema"}
    properties = employee["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - the schema made one line above
    properties["roles"] = {"$ref": "#/components/schemas/employee-rolesCollection"}
    detail = dict.fromkeys(("detail", "o:errorCode", "o:errorPath", "o:errorQueryParam", "o:errorHeader"), _TEXT)
    error: Schema = {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer", "format": "int32"},
        "o:errorDetails": {"type": "array", "items": {"type": "object", "properties": {**detail, "o:errorUrl": _TEXT}}},
    }
    return {
        "employee": employee,
        "employeeCollection": collection_schema({"$ref": "#/components/schemas/employee"}, _LINK),
        "employee-rolesCollection": collection_schema({"$ref": "#/components/schemas/employee-rolesElement"}, _LINK),
        "employee-rolesElement": line_schema(world, _LINK),
        "nsLink": {key: value for key, value in NS_LINK.items() if key != "$schema"},
        "nsError": {"type": "object", "properties": error},
    }


def _paths(world: World) -> Schema:
    page = [
        _parameter("q", "query", _TEXT),
        _parameter("limit", "query", {"type": "integer", "format": "int32", "default": 1000}),
        _parameter("offset", "query", {"type": "integer", "format": "int32", "default": 0}),
    ]
    reading = [
        _parameter("expandSubResources", "query", _FLAG),
        _parameter("simpleEnumFormat", "query", _FLAG),
        _parameter("fields", "query", _TEXT),
    ]
    writing = [
        _parameter("X-NetSuite-PropertyNameValidation", "header", {**_VALIDATION, "default": "Warning"}),
        _parameter("X-NetSuite-PropertyValueValidation", "header", {**_VALIDATION, "default": "Error"}),
        _parameter("replace", "query", _TEXT),
        _parameter("replaceSelectedFields", "query", _FLAG),
    ]
    key = _parameter("id", "path", _TEXT, required=True)
    one = _content("200", "Retrieved record.", SINGULAR, "employee")
    warning = {"headers": {world.switches.value("warning-header"): {"schema": _TEXT}}}
    done: Schema = {"204": {"description": "Done, without content.", **warning}}
    return {
        "/employee": {
            "get": _operation("Get list of records.", page, _content("200", "List.", COLLECTION, "employeeCollection")),
            "post": _operation("Insert record.", writing, done, has_body=True),
        },
        "/employee/{id}": {
            "get": _operation("Get record.", [key, *reading], one),
            "patch": _operation("Update record.", [key, *writing], done, has_body=True),
            "put": _operation("Insert or update record.", [key, *writing], done, has_body=True),
            "delete": _operation("Remove record.", [key], done),
        },
    }


def _parameter(name: str, where: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": where, "required": required, "schema": schema}


def _content(status: str, description: str, kind: str, schema: str) -> Schema:
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {status: {"description": description, "content": content}}


def _operation(summary: str, parameters: list[Schema], answers: Schema, *, has_body: bool = False) -> Schema:
    body: Schema = {"content": {PLAIN: {"schema": {"$ref": "#/components/schemas/employee"}}}, "required": True}
    return {
        "tags": ["employee"],
        "summary": summary,
        "parameters": parameters,
        **({"requestBody": body} if has_body else {}),
        "responses": {**answers, **_content("default", "Error response.", ERROR, "nsError")},
    }
