"""How often and how long one client may try again."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryLimits:
    """Oracle asks for growing, unsynchronised delays and gives no lengths (netsuite.md 7)."""

    attempts: int = 4
    attempts_when_full: int = 10
    """An account that is full did nothing and will have room again; only time limits how often it is asked."""
    total_retries: int = 20
    total_seconds: float = 90.0
    first_pause: float = 0.5
    longest_pause: float = 30.0


class Retries:
    """One budget for all requests and threads of a client; when it is used up, the first failure counts."""

    def __init__(
        self,
        limits: RetryLimits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._limits = limits or RetryLimits()
        self._sleep = sleep
        self._jitter = jitter or random.SystemRandom().random
        self._lock = threading.Lock()
        self._retries_left = self._limits.total_retries
        self._seconds_left = self._limits.total_seconds
        self._second_login_left = True

    def second_login(self) -> bool:
        """True once only: a login that was refused under load may be tried again, and never in a storm."""
        with self._lock:
            left, self._second_login_left = self._second_login_left, False
        return left

    def pause(self, attempts_made: int, asked_for: float | None = None, *, full: bool = False) -> bool:
        """Wait before the next attempt, or return False when there shall be none.

        Args:
            attempts_made: how often this request was already sent.
            asked_for: seconds the server asked to wait.
            full: the server refused it only because too many requests were in flight.
        """
        limits = self._limits
        growing = limits.first_pause * 2.0 ** (attempts_made - 1) * (1.0 + self._jitter()) / 2.0
        seconds = min(max(growing, asked_for or 0.0), limits.longest_pause)
        with self._lock:
            if attempts_made >= (limits.attempts_when_full if full else limits.attempts):
                return False
            if seconds > self._seconds_left or (not full and not self._retries_left):
                return False
            self._retries_left -= not full
            self._seconds_left -= seconds
        self._sleep(seconds)
        return True
