"""The log of requests to NetSuite: who asked what, how it was answered, and how many were on their way at once."""

import re
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from urllib.parse import unquote

from reconciler.emulator.wire import Answer, Request

LONGEST_LOG: Final = 50_000
MOST_ACCOUNTS: Final = 10_000
LONGEST_TEXT: Final = 2000
_SECRET: Final = re.compile("token|secret|key|password|signature|nonce|assertion|code|verifier|state", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Logged:
    """One request; nothing of its Authorization header is kept but the account it names."""

    n: int
    time: str
    account: str
    method: str
    path: str  # with its query, in which secrets are crossed out
    status: int  # 0 for a connection that was dropped
    duration_ms: float
    employee: str  # the three of them only where the login was let in
    role: str
    application: str
    user_agent: str
    fault: int | None  # the id of the fault that hit it


@dataclass(slots=True)
class InFlight:
    """How many requests of each account are on their way, and the most there ever were.

    An account is what a request says it is of; so that no caller can fill the memory, names beyond a number share one.
    """

    current: Counter[str] = field(default_factory=Counter)
    peak: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arrived(self, account: str) -> str:
        """Count a request, and answer with the name to give when it leaves."""
        with self._lock:
            counted = account if account in self.peak or len(self.peak) < MOST_ACCOUNTS else ""
            self.current[counted] += 1
            self.peak[counted] = max(self.peak.get(counted, 0), self.current[counted])
            return counted

    def left(self, counted: str) -> None:
        with self._lock:
            self.current[counted] -= 1

    def clear(self) -> None:
        """Begin anew with what is on its way now."""
        with self._lock:
            self.peak = {account: number for account, number in self.current.items() if number > 0}

    def peaks(self) -> dict[str, int]:
        with self._lock:
            return dict(self.peak)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a request when it comes in."""

    account: str
    counted: str
    at: float
    begin: float


@dataclass(slots=True)
class RequestLog:
    """The latest requests; the oldest make room."""

    in_flight: InFlight = field(default_factory=InFlight)
    _rows: deque[Logged] = field(default_factory=lambda: deque(maxlen=LONGEST_LOG))
    _last: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arrived(self, account: str) -> Arrival:
        account = account[:LONGEST_TEXT]
        return Arrival(account, self.in_flight.arrived(account), time.time(), time.perf_counter())

    def left(self, arrival: Arrival, request: Request, answer: Answer | None, fault: int | None) -> None:
        """Write the row of a request whose answer is ready; a client that has the answer finds the row.

        The request is no longer in flight from here on: one that comes after the answer is never counted beside it.
        """
        took = round((time.perf_counter() - arrival.begin) * 1000, 3)
        self.in_flight.left(arrival.counted)
        with self._lock:
            self._last += 1
            self._rows.append(
                Logged(
                    n=self._last,
                    time=datetime.fromtimestamp(arrival.at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
                    account=arrival.account,
                    method=request.method,
                    path=without_secrets(request.target),
                    status=answer.status if answer else 0,
                    duration_ms=took,
                    employee=request.who.employee,
                    role=request.who.role,
                    application=request.who.application,
                    user_agent=request.headers.get("user-agent", "")[:LONGEST_TEXT],
                    fault=fault,
                )
            )

    def since(self, number: int, account: str = "", path: str = "") -> list[Logged]:
        """The rows after a number; of one account, and whose path begins so, where these are given."""
        with self._lock:
            first = self._rows[0].n if self._rows else 0
            rows = list(islice(self._rows, max(0, number + 1 - first), None))
        return [row for row in rows if account in {"", row.account} and row.path.startswith(path)]

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
        self.in_flight.clear()

    def summary(self) -> dict[str, object]:
        """Counts of the rows that are kept, by account, method, path (without its query) and status."""
        rows = self.since(0)
        names = ("account", "method", "path", "status")
        counted = Counter((row.account, row.method, row.path.partition("?")[0], row.status) for row in rows)
        return {
            "requests": len(rows),
            "faults": sum(row.fault is not None for row in rows),
            "by": [
                {**dict(zip(names, key, strict=True)), "count": number}
                for key, number in sorted(counted.items(), key=lambda pair: (-pair[1], *map(str, pair[0])))
            ],
            "by_account": _totals(row.account for row in rows),
            "by_status": _totals(str(row.status) for row in rows),
            "peak_in_flight": self.in_flight.peaks(),
        }


def _totals(keys: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(keys).items()))


def without_secrets(target: str) -> str:
    """The path and query of a request, with the value crossed out of every parameter that may hold a secret."""
    path, mark, query = target.partition("?")
    shown = "&".join(_crossed_out(part) for part in query.split("&")) if mark else ""
    return f"{path}{mark}{shown}"[:LONGEST_TEXT]


def _crossed_out(parameter: str) -> str:
    name, mark, _ = parameter.partition("=")
    return f"{name}=***" if mark and _SECRET.search(unquote(name)) else parameter
