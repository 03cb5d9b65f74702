"""The functions that a compiled query calls inside SQLite, with Oracle's rules for NULL and for empty text."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.query.values import (
    DAY,
    Scalar,
    UnsupportedError,
    as_datetime,
    as_seconds,
    date_from_text,
    date_text,
    number_text,
    to_number,
    wall_clock,
)


def to_text(value: Scalar) -> str | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else number_text(value)


def concat(*values: Scalar) -> str | None:
    """`||` treats NULL as empty text, and empty text is NULL."""
    return "".join(to_text(value) or "" for value in values) or None


def substr(text: str | None, start: float | None, length: float | None = None) -> str | None:
    if text is None or start is None:
        return None
    begin = int(start)
    index = begin - 1 if begin > 0 else (len(text) + begin if begin < 0 else 0)
    if index < 0 or index >= len(text):
        return None
    end = len(text) if length is None else index + int(length)
    return text[index : max(index, end)] or None


def instr(text: str | None, part: str | None, start: float = 1) -> int | None:
    if text is None or part is None:
        return None
    if start < 1:
        raise UnsupportedError("INSTR that searches backwards is not served")
    return text.find(part, int(start) - 1) + 1


def like(text: str | None, pattern: str | None, escape: str | None = None) -> int | None:
    if text is None or pattern is None:
        return None
    return int(_like_pattern(pattern, escape).fullmatch(text) is not None)


@lru_cache(maxsize=256)
def _like_pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    expression = ""
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            following = next(characters, "")
            if following not in {"%", "_", escape} or not following:
                raise UnsupportedError("a LIKE pattern escapes something other than % and _")
            expression += re.escape(following)
        else:
            expression += {"%": ".*", "_": "."}.get(character, re.escape(character))
    return re.compile(expression, re.DOTALL)


def rounded(value: float | None, places: float | None = 0) -> int | float | None:
    return _quantized(value, places, ROUND_HALF_UP)


def truncated(value: float | None, places: float | None = 0) -> int | float | None:
    return _quantized(value, places, ROUND_DOWN)


def _quantized(value: float | None, places: float | None, rounding: str) -> int | float | None:
    if value is None or places is None:
        return None
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-int(places)), rounding)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def divide(dividend: float | None, divisor: float | None) -> float | None:
    if dividend is None or divisor is None:
        return None
    if divisor == 0:
        raise UnsupportedError("a number is divided by zero")
    return dividend / divisor


def truncated_date(seconds: float | None, unit: str | None = "DD") -> int | None:
    if seconds is None or unit is None:
        return None
    day = as_datetime(seconds).replace(hour=0, minute=0, second=0)
    match unit.upper():
        case "DD" | "DDD" | "J":
            return as_seconds(day)
        case "MM" | "MON" | "MONTH":
            return as_seconds(day.replace(day=1))
        case "YYYY" | "YEAR" | "YY":
            return as_seconds(day.replace(day=1, month=1))
    raise UnsupportedError(f"TRUNC of a date to {unit!r} is not served")


def add_months(seconds: float | None, months: float | None) -> int | None:
    """The last day of a month stays the last day, as in Oracle."""
    if seconds is None or months is None:
        return None
    moment = as_datetime(seconds)
    index = moment.year * 12 + moment.month - 1 + int(months)
    first = moment.replace(year=index // 12, month=index % 12 + 1, day=1)
    last_day = _last_day(first)
    day = last_day if moment.day == _last_day(moment) else min(moment.day, last_day)
    return as_seconds(first.replace(day=day))


def _last_day(moment: datetime) -> int:
    first = moment.replace(day=1)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return (following - first).days


def greatest(*values: Scalar) -> Scalar:
    return None if None in values else max(values)  # type: ignore[type-var]  # the compiler lets only one kind in


def least(*values: Scalar) -> Scalar:
    return None if None in values else min(values)  # type: ignore[type-var]  # the compiler lets only one kind in


def _text_function(function: Callable[[str], Scalar]) -> Callable[[str | None], Scalar]:
    def applied(text: str | None) -> Scalar:
        return None if text is None else (function(text) or None)

    return applied


def _trimmed(text: str) -> str:
    return text.strip(" ")


def _to_char(seconds: float | None, mask: str | None) -> str | None:
    return None if seconds is None or mask is None else date_text(seconds, mask) or None


def _to_date(text: str | None, mask: str | None) -> int | None:
    return None if text is None or mask is None else date_from_text(text, mask)


def _bare_date(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds // DAY * DAY)


FUNCTIONS: Final[Mapping[str, Callable[..., Scalar]]] = MappingProxyType(
    {
        "ora_text": to_text,
        "ora_number": to_number,
        "ora_concat": concat,
        "ora_substr": substr,
        "ora_instr": instr,
        "ora_like": like,
        "ora_round": rounded,
        "ora_trunc": truncated,
        "ora_divide": divide,
        "ora_trunc_date": truncated_date,
        "ora_bare_date": _bare_date,
        "ora_add_months": add_months,
        "ora_greatest": greatest,
        "ora_least": least,
        "ora_to_char": _to_char,
        "ora_to_date": _to_date,
        "ora_lower": _text_function(str.lower),
        "ora_upper": _text_function(str.upper),
        "ora_trim": _text_function(_trimmed),
        "ora_length": _text_function(len),
    }
)


def zoned(zone: ZoneInfo) -> Callable[[int | None], int | None]:
    """The function that turns a stored moment into wall-clock time of the query's zone."""

    @cache
    def local(moment: int | None) -> int | None:
        return None if moment is None else wall_clock(moment, zone)

    return local
