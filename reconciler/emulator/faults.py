"""Injected faults, and the log of requests."""

import re
import threading
from dataclasses import dataclass, field
from typing import Final

from reconciler.emulator.wire import PLAIN, ActError, Answer, json_answer

LONGEST_LOG: Final = 100_000
KEYS: Final = frozenset({"match", "times", "status", "body", "headers", "drop", "after"})


@dataclass(slots=True)
class Fault:
    method: str
    target: re.Pattern[str]
    times: int
    answer: Answer
    drop: bool  # close the connection instead of answering
    after: bool  # do the work first

    def hits(self, method: str, target: str) -> bool:
        return self.times > 0 and self.method in {"*", method} and self.target.search(target) is not None


def fault(wanted: dict[str, object]) -> Fault:
    if unknown := set(wanted) - KEYS:
        raise ActError(400, f"Unknown keys: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(KEYS))}.")
    match = wanted.get("match")
    method, _, pattern = match.partition(" ") if isinstance(match, str) else ("", "", "")
    if not method or not pattern:
        raise ActError(400, 'match must read like "POST /services/rest/query" or "* .*": a method or *, and a regex.')
    try:
        target = re.compile(pattern)
    except re.error as error:
        raise ActError(400, f"match holds no regular expression: {error}.") from error
    times, status = wanted.get("times", 1), wanted.get("status", 500)
    if type(times) is not int or type(status) is not int or not 200 <= status <= 599:  # noqa: PLR2004 - HTTP statuses
        raise ActError(400, "times must be a whole number and status one from 200 to 599.")
    headers = wanted.get("headers", {})
    if not isinstance(headers, dict) or any(not _is_header(name, value) for name, value in headers.items()):
        raise ActError(400, "headers must be an object of texts without line breaks.")
    body = wanted.get("body", "")
    answer = (
        Answer(status, body.encode(), PLAIN, headers)
        if isinstance(body, str)
        else json_answer(status, body, headers=headers)
    )
    return Fault(method, target, times, answer, wanted.get("drop") is True, wanted.get("after") is True)


def _is_header(name: object, value: object) -> bool:
    texts = isinstance(name, str) and isinstance(value, str)
    return texts and not re.search(r"[\r\n]", f"{name}{value}")


@dataclass(slots=True)
class Faults:
    _waiting: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, wanted: Fault) -> None:
        with self._lock:
            self._waiting.append(wanted)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, target: str) -> Fault | None:
        """The first fault for this request, used up by one."""
        with self._lock:
            for waiting in self._waiting:
                if waiting.hits(method, target):
                    waiting.times -= 1
                    return waiting
        return None


@dataclass(frozen=True, slots=True)
class Logged:
    """One request; what was in its Authorization header is not kept."""

    n: int
    method: str
    path: str
    status: int  # 0 for a connection that was dropped
    account: str
    user_agent: str


@dataclass(slots=True)
class RequestLog:
    _rows: list[Logged] = field(default_factory=list)
    _last: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, method: str, path: str, status: int, account: str, user_agent: str) -> None:
        with self._lock:
            self._last += 1
            self._rows.append(Logged(self._last, method, path, status, account, user_agent))
            del self._rows[:-LONGEST_LOG]

    def since(self, number: int) -> list[Logged]:
        with self._lock:
            return [row for row in self._rows if row.n > number]

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
