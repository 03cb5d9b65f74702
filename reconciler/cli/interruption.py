"""Ctrl-C: the first one lets a write in flight come to its end, the second one stops at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AT_ONCE = 2


class Interruption:
    """Watches for Ctrl-C; outside of `put_off` it is the KeyboardInterrupt that it always is.

    Whoever holds the keys down gets two of them and no more, so that there is still somebody to tell what was done.
    """

    def __init__(self) -> None:
        self.happened = False
        self._times = 0
        self._is_put_off = False
        self._waits = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch until the block ends; only the main thread is told of signals, and none where they are ignored."""
        here = threading.current_thread() is threading.main_thread()
        if not here or signal.getsignal(signal.SIGINT) in {signal.SIG_IGN, None}:
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Let the block come to its end, unless there is a second interruption in it; `happened` tells afterwards."""
        self._waits = False
        self._is_put_off = True
        try:
            yield
        finally:
            self._is_put_off = False

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        self.happened = True
        self._times += 1
        if self._is_put_off and not self._waits:
            self._waits = True
        elif self._is_put_off or self._times <= _AT_ONCE:
            raise KeyboardInterrupt
