"""Looks at something again and again while something else is under way."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from reconciler.core.errors import NetSuiteError

Value = TypeVar("Value")
_LONGEST_FAREWELL = 5.0


class Watch(Generic[Value]):
    """While the block runs, `look` is called every so many seconds, and what it gave is kept in `seen`.

    A look that fails is left out; no look is begun after the block, and none at all where `every` is None.
    """

    def __init__(self, look: Callable[[], Value], every: float | None) -> None:
        self.seen: list[Value] = []
        self._look = look
        self._every = every
        self._over = threading.Event()
        # A daemon: whoever interrupts twice shall not wait for an answer to a mere look.
        self._thread = threading.Thread(target=self._run, daemon=True, name="netsuite-watch")

    def __enter__(self) -> Self:
        if self._every is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread.is_alive() and (kind is None or issubclass(kind, NetSuiteError)):
            self._thread.join(_LONGEST_FAREWELL)

    def _run(self) -> None:
        while not self._over.wait(self._every):
            try:
                value = self._look()
            except NetSuiteError:
                continue
            self.seen.append(value)
