"""Wall-clock time of a zone as plain SQL, so that a query over a million moments calls no Python for each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.query.values import DAY, wall_clock

YEARS_BEFORE: Final = 4
YEARS_AFTER: Final = 2
STEP: Final = DAY // 4
# No clock on earth is a day away from UTC, so a moment and its wall-clock time are never further apart.
WIDEST_OFFSET: Final = DAY


@dataclass(frozen=True)
class Zone:
    """A time zone, and the years around now for which its offsets are written into the query."""

    info: ZoneInfo
    now: int
    function: str  # its name in SQLite

    def local(self, moment: str) -> str:
        """SQL for the wall-clock time of a stored moment; what lies outside those years goes through the function."""
        return self._expression.replace("$", moment)

    def wall_clock(self, moment: int) -> int:
        return wall_clock(moment, self.info)

    @cached_property
    def _expression(self) -> str:
        if self.info.key == "UTC":
            return "$"
        year = datetime.fromtimestamp(self.now, UTC).year
        begin, end, offsets = _offsets(self.info, year)
        branches = " ".join(f"WHEN $ >= {since} THEN $ + ({offset})" for since, offset in reversed(offsets))
        return f"(CASE WHEN $ >= {end} OR $ < {begin} THEN {self.function}($) {branches} END)"


class Clock(Enum):
    """Whose zone a column is in: nothing says that all of them are in one."""

    USUAL = auto()
    AUDIT = auto()  # of the login audit trail
    TOKEN = auto()  # of the list of tokens


@dataclass(frozen=True)
class Zones:
    """The zones of one query."""

    usual: Zone
    audit: Zone
    token: Zone
    sysdate: Zone

    def of(self, clock: Clock) -> Zone:
        return {Clock.USUAL: self.usual, Clock.AUDIT: self.audit, Clock.TOKEN: self.token}[clock]

    @property
    def of_columns(self) -> tuple[Zone, ...]:
        return self.usual, self.audit, self.token


@lru_cache(maxsize=64)
def _offsets(zone: ZoneInfo, year: int) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    """The years that are covered as two moments, and each offset from UTC with the moment since when it holds."""
    begin, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year - YEARS_BEFORE, year + YEARS_AFTER))
    found = [(begin, _offset(begin, zone))]
    for moment in range(begin, end, STEP):
        if _offset(moment + STEP, zone) != found[-1][1]:
            found.append((_change(moment, moment + STEP, zone), _offset(moment + STEP, zone)))
    return begin, end, tuple(found)


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """The first second of a new offset, between a moment with the old one and a moment with the new one."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == _offset(after, zone):
            after = middle
        else:
            before = middle
    return after


def _offset(moment: int, zone: ZoneInfo) -> int:
    return wall_clock(moment, zone) - moment
