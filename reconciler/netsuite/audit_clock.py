"""Which zone the times of the login audit trail are in: they carry none, and nobody documents it (netsuite-2.md 2)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_STEP = timedelta(minutes=15)
_SLACK = timedelta(minutes=5)
_WIDEST = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class AuditClock:
    """How far the trail's times are ahead of UTC, or None when that could not be told.

    The offset is that of today. Rows from the other side of a daylight saving change are an hour off; decisions that
    compare times keep a margin of their own.
    """

    offset: timedelta | None = None

    @property
    def calibrated(self) -> bool:
        return self.offset is not None

    def utc(self, local: datetime) -> datetime:
        """The time in UTC; without an offset it is taken for UTC already, and a gap says so."""
        return local.replace(tzinfo=UTC) - (self.offset or timedelta())


def calibrate(first_own_row: datetime, first_answer: datetime) -> AuditClock:
    """The clock on which a client's first row stands for the moment of its first answer.

    The first row is taken, not the newest: rows may appear late, and a late newest row would look like another zone.
    All zones differ from UTC by a multiple of 15 minutes; what is not near one is not the row of that request.
    """
    difference = first_own_row.replace(tzinfo=UTC) - first_answer
    offset = round(difference / _STEP) * _STEP
    if abs(difference - offset) > _SLACK or abs(offset) > _WIDEST:
        return AuditClock()
    return AuditClock(offset)
