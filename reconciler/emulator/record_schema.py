"""The employee record as a JSON Schema, made from the table of fields."""

from typing import Final

from reconciler.emulator.accounts import World
from reconciler.emulator.employee_fields import FIELDS, ROLES, Field, Kind
from reconciler.emulator.record_requests import RECORDS

Schema = dict[str, object]
DRAFT: Final = "https://json-schema.org/draft-06/hyper-schema#"
NS_LINK_PATH: Final = f"{RECORDS}/metadata-catalog/nsLink"
NS_LINK: Final[Schema] = {
    "type": "object",
    "properties": {
        "rel": {"title": "Relationship", "type": "string", "readOnly": True},
        "href": {"title": "Hypertext Reference", "type": "string", "format": "uri", "readOnly": True},
    },
    "$schema": DRAFT,
}
_PLAIN: Final[dict[Kind, Schema]] = {
    Kind.KEY: {"type": "string"},
    Kind.TEXT: {"type": "string"},
    Kind.SECRET: {"type": "string"},
    Kind.FLAG: {"type": "boolean"},
    Kind.NUMBER: {"type": "number", "format": "double"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
}


def record_schema(world: World, link: str = NS_LINK_PATH) -> Schema:
    """The record's schema; `link` is where the schema of a link stands."""
    properties: Schema = {field.name: _property(field, link) for field in FIELDS}
    properties[ROLES] = collection_schema(line_schema(world, link), link)
    properties["links"] = _links(link)
    filterable = [field.name for field in FIELDS if field.filterable]
    return {"type": "object", "properties": properties, "x-ns-filterable": filterable, "$schema": DRAFT}


def _property(field: Field, link: str) -> Schema:
    if field.kind is Kind.REFERENCE:
        return _reference(field.title, link)
    if field.kind is Kind.ENUM:
        key: Schema = {"title": "Internal identifier", "type": "string", "enum": [key for key, _ in field.options]}
        label: Schema = {"title": "Reference Name", "type": "string", "nullable": True}
        return {"title": field.title, "type": "object", "properties": {"id": key, "refName": label}, "nullable": True}
    schema = {"type": "boolean"} if field.is_flag else _PLAIN[field.kind]
    return {"title": field.title, **schema, "nullable": True, **({} if field.writable else {"readOnly": True})}


def _reference(title: str, link: str) -> Schema:
    properties: Schema = {
        "id": {"title": "Internal identifier", "type": "string"},
        "refName": {"title": "Reference Name", "type": "string", "nullable": True},
        "externalId": {"title": "External identifier", "type": "string", "nullable": True},
        "links": _links(link),
    }
    return {"title": title, "type": "object", "properties": properties, "nullable": True}


def _links(link: str) -> Schema:
    return {"title": "Links", "type": "array", "readOnly": True, "items": {"$ref": link}}


def line_schema(world: World, link: str) -> Schema:
    """A line of `roles`, with what identifies it when the record is written."""
    is_keyed = world.switches.value("roles-keyed") == "yes"
    key = {"new": ["selectedRole"], "existing": ["selectedRole"]}
    return {
        "type": "object",
        "properties": {"selectedRole": _reference("Role", link), "links": _links(link)},
        "x-ns-filterable": [],
        "x-ns-sublistkey": {"present": True, "value": key} if is_keyed else {"present": False},
    }


def collection_schema(item: Schema, link: str) -> Schema:
    counted: Schema = {"type": "integer", "format": "int64", "readOnly": True}
    return {
        "type": "object",
        "properties": {
            "links": _links(link),
            "totalResults": {"title": "Total Results", **counted},
            "count": {"title": "Count", **counted},
            "hasMore": {"title": "Has More Results", "type": "boolean", "readOnly": True},
            "offset": {"title": "Query Offset", **counted},
            "items": {"type": "array", "items": item},
        },
    }
