"""How long an application was silent, as far as the days of its logins tell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.core.live import LoginGroup


@dataclass(frozen=True, slots=True)
class Silence:
    """From one successful login to the next (UTC); `is_open` when there was none since, and `end` is now."""

    start: datetime
    end: datetime
    is_open: bool

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def longest_silence(groups: Iterable[LoginGroup], now: datetime, within: timedelta) -> Silence | None:
    """The longest time without a successful login, of those that reach into the time before now; None without logins.

    Of each day and token the first and the last login are known. What lies between them is silence only when there are
    no more than these two; so a silence within one day may have been longer than what is told here, never shorter.
    """
    spans = sorted((group.first, group.last, group.number) for group in groups if group.success)
    found = [silence for silence in _between(spans, now) if silence.end > now - within]
    # Lengths are told in minutes; of those that are told alike, one that is over and the latest.
    return max(found, key=lambda one: (one.length // _MINUTE, not one.is_open, one.end), default=None)


_ONLY_THE_TWO = 2
_MINUTE = timedelta(minutes=1)


def _between(spans: list[tuple[datetime, datetime, int]], now: datetime) -> Iterator[Silence]:
    reached: datetime | None = None
    for index, (first, last, number) in enumerate(spans):
        if reached is not None and first > reached:
            yield Silence(reached, first, is_open=False)
        following = spans[index + 1][0] if index + 1 < len(spans) else None
        if (
            number == _ONLY_THE_TWO
            and (reached is None or first >= reached)
            and (following is None or following >= last)
        ):
            yield Silence(first, last, is_open=False)
        reached = last if reached is None else max(reached, last)
    if reached is not None and reached < now:
        yield Silence(reached, now, is_open=True)


def length_told(length: timedelta) -> str:
    """A length as people say it, by its two largest units: `3d 4h`, `4h 5m`, `12m`."""
    minutes = max(int(length.total_seconds()), 0) // 60
    parts = [(minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "m")]
    first = next((index for index, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return " ".join(f"{number}{unit}" for number, unit in parts[first : first + 2] if number) or "0m"
