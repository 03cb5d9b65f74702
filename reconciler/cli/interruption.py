"""Ctrl-C: the first one lets a write in flight come to its end, the second one stops at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Watches for Ctrl-C; outside of `put_off` it is the KeyboardInterrupt that it always is."""

    def __init__(self) -> None:
        self.happened = False
        self._put_off = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch until the block ends; only the main thread is told of signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        self._put_off += 1
        try:
            yield
        finally:
            self._put_off -= 1

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        first, self.happened = not self.happened, True
        if not (first and self._put_off):
            raise KeyboardInterrupt
