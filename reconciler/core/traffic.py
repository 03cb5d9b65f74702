"""What an account's orders tell of who is at work, beside the logins."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reconciler.core.live import Gap, Gapped

BY_HAND = frozenset({"UIF", "CSV"})
"""Contexts of a creating note that no integration leaves: the user interface and the CSV import (netsuite-2.md 1.2)."""


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """How an order came into being, by the note of its creation; empty where NetSuite left a column out."""

    context: str
    role_id: str


@dataclass(frozen=True, slots=True)
class OrderGroup:
    """Sales orders of one author and day.

    `day` is the day by the same clock as that of `LoginGroup`; `first` and `last` are in UTC. `origins` are those of
    the first and the last of them, as far as their notes can be seen: one for each, and none where there is no note.
    """

    day: date
    author_id: str
    number: int
    first: datetime
    last: datetime
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """Orders within a time; `clock` is how far the clock that days are told by is ahead of UTC, None where unknown."""

    orders: tuple[OrderGroup, ...] = ()
    clock: timedelta | None = None
    gaps: tuple[Gap, ...] = ()

    def unread(self, *what: Gapped) -> bool:
        return any(gap.what in what for gap in self.gaps)
