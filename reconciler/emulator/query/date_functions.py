"""Oracle's dates in SQLite: whole seconds of wall-clock time since 1970."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from reconciler.emulator.query.values import (
    DAY,
    Number,
    Scalar,
    UnsupportedError,
    as_datetime,
    as_seconds,
    date_from_text,
    date_text,
)

_FROM_YEAR: Final = frozenset({"YYYY", "YEAR", "YY"})
_FROM_MONTH: Final = frozenset({"MM", "MON", "MONTH"})
_FROM_DAY: Final = frozenset({"DD", "DDD", "J"})
_FROM_HOUR: Final = frozenset({"HH", "HH12", "HH24"})
_DAYS_OF_A_MONTH: Final = 31  # what MONTHS_BETWEEN takes the rest of a month to be a part of


def shifted(seconds: int | None, days: Number | None) -> int | None:
    """A date moved by days; Oracle's dates have no fractions of a second."""
    if seconds is None or days is None:
        return None
    moved = seconds + round(days * DAY)
    as_datetime(moved)  # beyond the years that there are, this fails
    return moved


def days_between(later: int | None, earlier: int | None) -> Number | None:
    if later is None or earlier is None:
        return None
    days, rest = divmod(later - earlier, DAY)
    return days if not rest else (later - earlier) / DAY


def truncated(seconds: int | None, unit: str | None = "DD") -> int | None:
    if seconds is None or unit is None:
        return None
    moment = as_datetime(seconds)
    day = moment.replace(hour=0, minute=0, second=0)
    word = unit.upper()
    if word in _FROM_YEAR:
        return as_seconds(day.replace(day=1, month=1))
    if word == "Q":
        return as_seconds(day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1))
    if word in _FROM_MONTH:
        return as_seconds(day.replace(day=1))
    if word in _FROM_DAY:
        return as_seconds(day)
    if word in _FROM_HOUR:
        return as_seconds(moment.replace(minute=0, second=0))
    if word == "MI":
        return as_seconds(moment.replace(second=0))
    raise UnsupportedError(f"TRUNC of a date to {unit!r} is not served")


def add_months(seconds: int | None, months: Number | None) -> int | None:
    """The last day of a month stays the last day, as in Oracle."""
    if seconds is None or months is None:
        return None
    moment = as_datetime(seconds)
    index = moment.year * 12 + moment.month - 1 + int(months)
    first = moment.replace(year=index // 12, month=index % 12 + 1, day=1)
    last = _last_day(first)
    day = last if moment.day == _last_day(moment) else min(moment.day, last)
    return as_seconds(first.replace(day=day))


def last_day(seconds: int | None) -> int | None:
    """The same time on the last day of the month."""
    if seconds is None:
        return None
    moment = as_datetime(seconds)
    return as_seconds(moment.replace(day=_last_day(moment)))


def months_between(later: int | None, earlier: int | None) -> Number | None:
    """Whole between the same days of two months and between two last days; else the rest is in days of 31."""
    if later is None or earlier is None:
        return None
    a, b = as_datetime(later), as_datetime(earlier)
    months = (a.year - b.year) * 12 + a.month - b.month
    if a.day == b.day or (a.day == _last_day(a) and b.day == _last_day(b)):
        return months
    rest = (a.day - b.day) * DAY + later % DAY - earlier % DAY
    part = DAY * _DAYS_OF_A_MONTH
    return months + rest // part if rest % part == 0 else (months * part + rest) / part


def _last_day(moment: datetime) -> int:
    return monthrange(moment.year, moment.month)[1]


def _to_char(seconds: int | None, mask: str | None) -> str | None:
    return None if seconds is None or mask is None else date_text(seconds, mask) or None


def _to_date(text: str | None, mask: str | None) -> int | None:
    return None if text is None or mask is None else date_from_text(text, mask)


DATE_FUNCTIONS: Final[Mapping[str, Callable[..., Scalar]]] = MappingProxyType(
    {
        "ora_shift": shifted,
        "ora_days_between": days_between,
        "ora_trunc_date": truncated,
        "ora_add_months": add_months,
        "ora_last_day": last_day,
        "ora_months_between": months_between,
        "ora_to_char": _to_char,
        "ora_to_date": _to_date,
    }
)
