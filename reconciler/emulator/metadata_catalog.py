"""The metadata catalog: what records there are and what they are made of, told from the table of fields itself.

Shapes: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1540810174.html and its neighbours; what
they leave out (x-ns-sublistkey, the form of references, nsLink) is as public clients read it.
"""

from typing import Final

from reconciler.emulator import openapi
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.record_requests import (
    EMPLOYEES,
    RECORDS,
    bad_parameter,
    check_rest,
    may_read,
    no_such_record_type,
    parameters,
)
from reconciler.emulator.record_schema import NS_LINK, record_schema
from reconciler.emulator.wire import PLAIN, Answer, RefusedError, Request, json_answer

JSON_SCHEMA: Final = "application/schema+json"
OPEN_API: Final = "application/swagger+json"
CATALOG: Final = f"{RECORDS}/metadata-catalog"
NAME: Final = "employee"
LINK: Final = "nsLink"


def answer(world: World, caller: Caller, request: Request, name: str) -> Answer:
    """The catalog of the records that this caller may see, or one of them, in the form that Accept asks for."""
    check_rest(caller)
    kind = _kind(world, request)
    if not name:
        return _all(world, caller, request, kind)
    if not name.isalnum():
        # The documented example of a request that cannot be understood is a list in this place.
        raise RefusedError(
            400, "INVALID_REQUEST", "The request could not be understood by the server due to malformed syntax."
        )
    parameters(world, request, ())
    if name.lower() == LINK.lower():
        return json_answer(200, NS_LINK, kind)
    if name.lower() != NAME or not may_read(caller):
        raise no_such_record_type(world, request, name, "the catalog has what the role may see: employee, or nothing")
    return json_answer(200, _described(world, request, kind), kind)


def _all(world: World, caller: Caller, request: Request, kind: str) -> Answer:
    found = parameters(world, request, ("select",))
    visible = {NAME} if may_read(caller) else set()
    wanted = {part.strip() for part in found["select"].split(",")} if "select" in found else visible
    for part in sorted(wanted):
        if part.lower() not in visible:
            raise bad_parameter("select", f"Record type '{part}' does not exist.", "the emulator keeps employees only")
    if kind == OPEN_API:
        return json_answer(200, openapi.document(world, request, is_empty=not wanted), kind)
    if kind == JSON_SCHEMA:
        items = [{"name": NAME, **record_schema(world)}] if wanted else []
        return json_answer(200, {"items": items}, kind)
    return json_answer(200, {"items": [_item(world, request)] if wanted else []}, kind)


def _described(world: World, request: Request, kind: str) -> dict[str, object]:
    if kind == JSON_SCHEMA:
        return record_schema(world)
    return openapi.document(world, request) if kind == OPEN_API else _item(world, request)


def _kind(world: World, request: Request) -> str:
    """The media type to answer with: the first of the accepted ones that there is."""
    accepted = request.headers.get("accept", "*/*").lower()
    for part in accepted.split(","):
        kind = part.partition(";")[0].strip()
        if kind in {JSON_SCHEMA, OPEN_API, PLAIN}:
            return kind
        if kind in {"*/*", "application/*", ""}:
            return PLAIN
    if world.switches.value("wrong-accept") == "406":
        raise RefusedError(
            406, "NOT_ACCEPTABLE", f"There is no answer of the type {accepted}.", ("o:errorHeader", "Accept")
        )
    return PLAIN


def _item(world: World, request: Request) -> dict[str, object]:
    here = f"{request.base_url}{CATALOG}/{NAME}"
    described = here if world.switches.value("catalog-describes") == "catalog" else request.base_url + EMPLOYEES
    return {
        "name": NAME,
        "links": [
            {"rel": "canonical", "href": here, "mediaType": PLAIN},
            {"rel": "alternate", "href": here, "mediaType": OPEN_API},
            {"rel": "alternate", "href": here, "mediaType": JSON_SCHEMA},
            {"rel": "describes", "href": described},
        ],
    }
