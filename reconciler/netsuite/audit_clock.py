"""Which zone the times of the login audit trail are in: they carry none, and nobody documents it (netsuite-2.md 2).

One's own newest row gives the offset of today. Rows from the other side of a daylight saving change are an hour off
then, and which zone it is cannot be told from an offset. So such a row stands for the latest moment that any zone with
today's offset allows: silence then looks shorter than it was, never longer, and rows keep their order among each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_STEP = timedelta(minutes=15)
_SLACK = timedelta(minutes=5)
_WIDEST = timedelta(hours=15)
_HOUR = timedelta(hours=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
# As far as the reader looks back, and a little more.
_DAYS_TOLD_APART = 430


@dataclass(frozen=True, slots=True)
class AuditClock:
    """How far the trail's times are ahead of UTC at `anchor`, or None when that could not be told."""

    offset: timedelta | None = None
    anchor: datetime | None = None

    @property
    def calibrated(self) -> bool:
        return self.offset is not None

    def utc(self, local: datetime) -> datetime:
        """The latest moment in UTC that a time may stand for; without an offset, a gap says that it is a guess."""
        if self.offset is None or self.anchor is None:
            return local.replace(tzinfo=UTC) - (self.offset or timedelta())
        hour = local.replace(minute=0, second=0, microsecond=0)
        # What was written later stands for a later moment, also where clocks jump from this hour to the next.
        latest = min(local - self._smallest(hour), hour + _HOUR - self._smallest(hour + _HOUR))
        return latest.replace(tzinfo=UTC)

    def _smallest(self, hour: datetime) -> timedelta:
        return min(_offsets(hour, self.offset or timedelta(), _hour_of(self.anchor or _NEVER)))


def calibrate(first_own_row: datetime, first_answer: datetime) -> AuditClock:
    """The clock on which a client's first row stands for the moment of its first answer.

    The first row is taken, not the newest: rows may appear late, and a late newest row would look like another zone.
    What is not near an offset that zones have is not the row of that request.
    """
    difference = first_own_row.replace(tzinfo=UTC) - first_answer
    offset = quarter(difference)
    if abs(difference - offset) > _SLACK or abs(offset) > _WIDEST:
        return AuditClock()
    return AuditClock(offset, first_answer)


def quarter(difference: timedelta) -> timedelta:
    """An offset as zones have them: a multiple of 15 minutes."""
    return round(difference / _STEP) * _STEP


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=20_000)
def _offsets(local_hour: datetime, offset: timedelta, anchor: datetime) -> frozenset[timedelta]:
    """The offsets that zones with this offset at the anchor had within this hour by their own clocks."""
    if abs(local_hour.replace(tzinfo=UTC) - offset - anchor) <= _HOUR:
        # Nothing that was written within the hour of the calibration needs to be guessed.
        return frozenset({offset})
    zones = _zones(offset, anchor)
    if not zones:
        # Without a database of zones: none moves its clocks by more than an hour.
        return frozenset({offset, offset - _HOUR})
    return frozenset({offset, *_seen_by(zones, local_hour)})


def _seen_by(zones: Sequence[tzinfo], local_hour: datetime) -> Iterator[timedelta]:
    for zone in zones:
        for moment in (local_hour, local_hour + _HOUR):
            for fold in (0, 1):
                found = moment.replace(tzinfo=zone, fold=fold).utcoffset()
                if found is not None:
                    yield found


@lru_cache(maxsize=16)
def _zones(offset: timedelta, anchor: datetime) -> tuple[tzinfo, ...]:
    """The zones with this offset at the anchor, one for each way in which they differ in the time read."""
    different: dict[tuple[timedelta | None, ...], tzinfo] = {}
    for name in sorted(available_timezones()):
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        if anchor.astimezone(zone).utcoffset() == offset:
            days = (anchor - timedelta(days=day) for day in range(_DAYS_TOLD_APART))
            different.setdefault(tuple(day.astimezone(zone).utcoffset() for day in days), zone)
    return tuple(different.values())
