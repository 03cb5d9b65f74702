"""Injected faults: which requests they hit, how often, and what comes instead of NetSuite's answer."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from reconciler.emulator import fields
from reconciler.emulator.wire import PLAIN, ActError, Answer, json_answer

MOST_FAULTS: Final = 1000
MOST_TIMES: Final = 1_000_000
LONGEST_LATENCY: Final = 600_000
LONGEST_HOLD: Final = 600.0
KEYS: Final = (
    "match", "account", "times", "skip", "nth", "status", "headers", "body", "latency", "hold", "truncate", "drop",
    "after",
)  # fmt: skip
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OWN_HEADERS: Final = frozenset({"content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What one entry of the list of faults asks for."""

    match: str
    method: str
    target: re.Pattern[str]
    account: str  # empty: of whatever account
    times: int
    skip: int
    status: int
    headers: Mapping[str, str]
    answer: Answer | None  # nothing: NetSuite's own answer goes out, or NetSuite's error of this status
    keeps_answer: bool
    latency: int  # milliseconds
    hold: bool
    truncate: int | None  # bytes of the body that are sent
    drop: bool  # close the connection instead of answering
    after: bool  # do the work first

    def hits(self, method: str, target: str, account: str) -> bool:
        of_account = self.account in {"", account}
        return of_account and self.method in {"*", method} and self.target.search(target) is not None


def fault(wanted: fields.Body) -> Fault:
    """Read an entry, strictly: a fault that never fires or does something else would be worse than none."""
    fields.known(wanted, *KEYS)
    method, target = _match(wanted)
    if "skip" in wanted and "nth" in wanted:
        raise ActError(400, "Give skip or nth, not both: nth is skip + 1.")
    skip = fields.number(wanted, "skip", 0, MOST_TIMES, 0)
    if "nth" in wanted:
        skip = fields.number(wanted, "nth", 1, MOST_TIMES, 1) - 1
    drop = fields.flag(wanted, "drop") or False
    truncate = fields.number(wanted, "truncate", 0, MOST_TIMES, 0) if wanted.get("truncate") is not None else None
    said = sorted({"status", "headers", "body", "truncate"} & wanted.keys())
    if drop and said:
        raise ActError(400, f"drop closes the connection without an answer, so {' and '.join(said)} cannot be sent.")
    latency, hold = fields.number(wanted, "latency", 0, LONGEST_LATENCY, 0), fields.flag(wanted, "hold") or False
    status = fields.number(wanted, "status", 200, 599, 500)
    headers = _headers(wanted)
    waits_or_cuts = bool(latency or hold or truncate is not None)
    return Fault(
        match=str(wanted["match"]),
        method=method,
        target=target,
        account=fields.text(wanted, "account"),
        times=fields.number(wanted, "times", 1, MOST_TIMES, 1),
        skip=skip,
        status=status,
        headers=headers,
        answer=_own_answer(wanted, status, headers),
        keeps_answer=waits_or_cuts and not {"status", "headers", "body"} & wanted.keys(),
        latency=latency,
        hold=hold,
        truncate=truncate,
        drop=drop,
        after=fields.flag(wanted, "after") or False,
    )


def _match(wanted: fields.Body) -> tuple[str, re.Pattern[str]]:
    method, _, pattern = fields.text(wanted, "match").partition(" ")
    if not method or not pattern:
        raise ActError(400, 'match must read like "POST /services/rest/query" or "* .*": a method or *, and a regex.')
    if method != "*" and method != method.upper():
        raise ActError(400, f"match names the method {method!r}; write {method.upper()}.")
    try:
        return method, re.compile(pattern)
    except re.error as error:
        raise ActError(400, f"match holds no regular expression: {error}.") from error


def _headers(wanted: fields.Body) -> Mapping[str, str]:
    headers = wanted.get("headers", {})
    if not isinstance(headers, dict) or any(not isinstance(value, str) for value in headers.values()):
        raise ActError(400, "headers must be an object of texts.")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise ActError(400, f"headers: {name!r} is no header, or its value is not printable ASCII on one line.")
        if name.lower() in _OWN_HEADERS:
            raise ActError(400, f"headers: {name} is the server's own; truncate and drop are there to break it.")
    return headers


def _own_answer(wanted: fields.Body, status: int, headers: Mapping[str, str]) -> Answer | None:
    body = wanted.get("body")
    if body is None or body == "":
        return None
    if status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        raise ActError(400, f"An answer of status {status} has no body.")
    named = {name.lower(): value for name, value in headers.items()}
    others = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    kind = named.get("content-type", PLAIN)
    if isinstance(body, str):
        return Answer(status, body.encode(), kind, others)
    return json_answer(status, body, kind, others)


@dataclass(slots=True)
class Waiting:
    """A fault in the list, and what became of it so far."""

    id: int
    fault: Fault
    seen: int = 0
    fired: int = 0
    held: int = 0
    released: bool = False

    @property
    def is_used_up(self) -> bool:
        return self.fired >= self.fault.times

    def describe(self) -> dict[str, object]:
        what = self.fault
        return {
            "id": self.id,
            "match": what.match,
            "account": what.account,
            "skip": what.skip,
            "times": what.times,
            "seen": self.seen,
            "fired": self.fired,
            "left": what.times - self.fired,
            "held": self.held,
            "status": None if what.keeps_answer or what.drop else what.status,
            "latency": what.latency,
            "hold": what.hold,
            "truncate": what.truncate,
            "drop": what.drop,
            "after": what.after,
        }


@dataclass(slots=True)
class Faults:
    """All faults of a server, in the order in which they were added."""

    _listed: list[Waiting] = field(default_factory=list)
    _last: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, wanted: Fault) -> int:
        with self._changed:
            if len(self._listed) >= MOST_FAULTS:
                raise ActError(409, f"There are {MOST_FAULTS} faults already. Take them back with DELETE faults.")
            self._last += 1
            self._listed.append(Waiting(self._last, wanted))
            return self._last

    def clear(self) -> None:
        """Take all back; what is held by one goes on."""
        with self._changed:
            for each in self._listed:
                each.released = True
            self._listed.clear()
            self._changed.notify_all()

    def remove(self, key: int) -> None:
        with self._changed:
            found = self._found(key)
            found.released = True
            self._listed.remove(found)
            self._changed.notify_all()

    def release(self, key: int) -> dict[str, object]:
        """Let go of what this fault holds, now and from now on."""
        with self._changed:
            found = self._found(key)
            if not found.fault.hold:
                raise ActError(409, f"The fault {key} holds nothing; only one with hold does.")
            found.released = True
            self._changed.notify_all()
            return found.describe()

    def listing(self) -> list[dict[str, object]]:
        with self._changed:
            return [each.describe() for each in self._listed]

    def wait(self, key: int, condition: Callable[[Waiting], bool], seconds: float) -> dict[str, object]:
        """Wait until a condition holds for this fault.

        Raises:
            ActError: it did not come true in time, or the fault is not there, or no longer.
        """
        until = time.monotonic() + seconds
        with self._changed:
            while not condition(found := self._found(key)):
                if not self._changed.wait(until - time.monotonic()):
                    raise ActError(409, f"The fault {key} did not get there: {found.seen} seen, {found.fired} fired, "
                                        f"{found.held} held.")  # fmt: skip
            return found.describe()

    def _found(self, key: int) -> Waiting:
        found = next((each for each in self._listed if each.id == key), None)
        if found is None:
            raise ActError(404, f"There is no fault {key}.")
        return found

    def take(self, method: str, target: str, account: str) -> Waiting | None:
        """The first fault for this request, used up by one."""
        if not self._listed:
            return None
        with self._changed:
            for each in self._listed:
                if each.is_used_up or not each.fault.hits(method, target, account):
                    continue
                each.seen += 1
                if each.seen > each.fault.skip:
                    each.fired += 1
                    self._changed.notify_all()
                    return each
        return None

    def pause(self, taken: Waiting) -> bool:
        """Wait as the fault asks; answers whether the request goes on, for nothing is held for ever."""
        if taken.fault.latency:
            time.sleep(taken.fault.latency / 1000)
        if not taken.fault.hold:
            return True
        with self._changed:
            taken.held += 1
            self._changed.notify_all()
            goes_on = self._changed.wait_for(lambda: taken.released, LONGEST_HOLD)
            taken.held -= 1
            self._changed.notify_all()
            return goes_on
