"""The back door for those who test: faults, the request log, the whole state and snapshots of it."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from reconciler.emulator import fields, state
from reconciler.emulator.faults import fault
from reconciler.emulator.wire import ActError, Answer, Request, json_answer, json_object

if TYPE_CHECKING:
    from reconciler.emulator.backdoor import BackDoor

MOST_SECONDS: Final = 60
Handler = Callable[["BackDoor", Request, tuple[str, ...]], Answer]


def requests(door: "BackDoor", request: Request, _words: tuple[str, ...]) -> Answer:
    wanted = fields.query(request, "since", "account", "path")
    rows = door.log.since(fields.query_number(wanted, "since"), wanted.get("account", ""), wanted.get("path", ""))
    return json_answer(200, [asdict(row) for row in rows])


def summary(door: "BackDoor", _request: Request, _words: tuple[str, ...]) -> Answer:
    return json_answer(200, door.log.summary())


def clear_requests(door: "BackDoor", _request: Request, _words: tuple[str, ...]) -> Answer:
    door.log.clear()
    return json_answer(200, {"cleared": True})


def add_fault(door: "BackDoor", request: Request, _words: tuple[str, ...]) -> Answer:
    return json_answer(201, {"added": True, "id": door.faults.add(fault(json_object(request.body)))})


def list_faults(door: "BackDoor", _request: Request, _words: tuple[str, ...]) -> Answer:
    return json_answer(200, door.faults.listing())


def clear_faults(door: "BackDoor", _request: Request, _words: tuple[str, ...]) -> Answer:
    door.faults.clear()
    return json_answer(200, {"cleared": True})


def remove_fault(door: "BackDoor", _request: Request, words: tuple[str, ...]) -> Answer:
    door.faults.remove(int(words[0]))
    return json_answer(200, {"removed": True})


def release_fault(door: "BackDoor", _request: Request, words: tuple[str, ...]) -> Answer:
    return json_answer(200, door.faults.release(int(words[0])))


def await_fault(door: "BackDoor", request: Request, words: tuple[str, ...]) -> Answer:
    """Wait until it has fired, or holds, as many requests as are named."""
    body = json_object(request.body)
    fields.known(body, "fired", "held", "seconds")
    if ("fired" in body) == ("held" in body):
        raise ActError(400, 'Give either {"fired": 1} or {"held": 1}.')
    fired, held = fields.number(body, "fired", 1, 10**6, 1), fields.number(body, "held", 1, 10**6, 1)
    seconds = fields.number(body, "seconds", 1, MOST_SECONDS, 10)
    wants_fired = "fired" in body
    found = door.faults.wait(
        int(words[0]), lambda each: each.fired >= fired if wants_fired else each.held >= held, seconds
    )
    return json_answer(200, found)


def dump_state(door: "BackDoor", _request: Request, _words: tuple[str, ...]) -> Answer:
    return Answer(200, state.dump(door.world), state.IMAGE)


def restore_state(door: "BackDoor", request: Request, _words: tuple[str, ...]) -> Answer:
    state.restore(door.world, request.body)
    return json_answer(200, {"restored": True})


def list_snapshots(door: "BackDoor", _request: Request, _words: tuple[str, ...]) -> Answer:
    return json_answer(200, door.snapshots.listing())


def take_snapshot(door: "BackDoor", _request: Request, words: tuple[str, ...]) -> Answer:
    return json_answer(201, {"name": words[0], "bytes": door.snapshots.take(door.world, words[0])})


def restore_snapshot(door: "BackDoor", _request: Request, words: tuple[str, ...]) -> Answer:
    door.snapshots.restore(door.world, words[0])
    return json_answer(200, {"restored": True})


def delete_snapshot(door: "BackDoor", _request: Request, words: tuple[str, ...]) -> Answer:
    door.snapshots.delete(words[0])
    return json_answer(200, {"deleted": True})


_FAULT: Final = r"faults/([0-9]{1,9})"
_SNAPSHOT: Final = r"snapshots/([A-Za-z0-9._%~-]{1,200})"
ROUTES: Final[tuple[tuple[str, re.Pattern[str], Handler], ...]] = tuple(
    (method, re.compile(pattern), handler)
    for method, pattern, handler in (
        ("GET", "requests", requests),
        ("GET", "requests/summary", summary),
        ("POST", "requests/clear", clear_requests),
        ("GET", "faults", list_faults),
        ("POST", "faults", add_fault),
        ("DELETE", "faults", clear_faults),
        ("DELETE", _FAULT, remove_fault),
        ("POST", f"{_FAULT}/release", release_fault),
        ("POST", f"{_FAULT}/await", await_fault),
        ("GET", "state", dump_state),
        ("PUT", "state", restore_state),
        ("POST", "state", restore_state),
        ("GET", "snapshots", list_snapshots),
        ("POST", _SNAPSHOT, take_snapshot),
        ("POST", f"{_SNAPSHOT}/restore", restore_snapshot),
        ("DELETE", _SNAPSHOT, delete_snapshot),
    )
)
