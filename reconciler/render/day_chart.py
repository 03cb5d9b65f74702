"""A picture of who was at work on which day, as shapes that a template draws.

Each person has a row for each signal, so that no meaning lies in a colour alone; a bar is as high as its number stands
to the highest of its row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from reconciler.core.signals import Day

STEP: Final = 10
HIGH: Final = 20
_LOWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of a row: its place from the left, its height, and the words for it."""

    x: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One signal of one person; `kind` is the class that a style knows it by."""

    label: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's row of a chart."""

    person: str
    is_owner: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DayChart:
    """All persons over the same days; `handover` is the place of the day on which the one at work began, if seen."""

    first: date
    last: date
    width: int
    lanes: tuple[Lane, ...]
    handover: int | None
    handover_day: date | None


_SIGNALS: Final[tuple[tuple[str, str, Callable[[Day], int]], ...]] = (
    ("logins", "logins", lambda day: day.logins),
    ("refused", "refused", lambda day: day.refused),
    ("orders", "orders", lambda day: day.orders),
)


def day_chart(days: Sequence[Day], last: date, length: timedelta, began: datetime | None) -> DayChart | None:
    """The picture of these days; None where nothing happened.

    Args:
        days: what happened.
        last: the last day to show.
        length: how far to look back from it.
        began: when whoever is at work took over from somebody else, by the clock of the days; None where nobody did.
    """
    if not days:
        return None
    first = min(last - length, *(one.day for one in days))
    last = max(last, *(one.day for one in days))
    count = (last - first).days + 1
    people = list(dict.fromkeys((not one.is_owner, one.person) for one in days))
    lanes = tuple(
        Lane(person, not other, tuple(_rows([one for one in days if one.person == person], first)))
        for other, person in sorted(people)
    )
    seen = began is not None and first <= began.date() <= last
    handover = (began.date() - first).days * STEP if began is not None and seen else None
    return DayChart(first, last, count * STEP, lanes, handover, began.date() if began and seen else None)


def _rows(days: Sequence[Day], first: date) -> Iterator[Row]:
    for label, kind, number in _SIGNALS:
        most = max(number(one) for one in days)
        bars = tuple(
            Bar((one.day - first).days * STEP, _height(number(one), most), f"{one.day}: {number(one)} {label}")
            for one in sorted(days, key=lambda one: one.day)
            if number(one)
        )
        if bars or kind == "logins":
            yield Row(label, kind, bars)


def _height(number: int, most: int) -> int:
    return _LOWEST + (HIGH - _LOWEST) * number // most
