"""Oracle's values in SQLite: text, numbers, and dates as seconds of wall-clock time."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = 86_400
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(Enum):
    NUMBER = auto()
    TEXT = auto()
    DATE = auto()
    NULL = auto()


class UnsupportedError(Exception):
    """A query that cannot be answered as NetSuite would answer it, so it is refused; its text says why."""


Number = int | float
Scalar = str | Number | None
DIGITS: Final = 15  # a decimal of so many digits is the same number in SQLite, where it is binary


def wall_clock(moment: int, zone: ZoneInfo) -> int:
    """Seconds since 1970 as a clock on the wall of that zone shows them."""
    local = datetime.fromtimestamp(moment, zone)
    return moment + int((local.utcoffset() or timedelta(0)).total_seconds())


def as_datetime(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def as_seconds(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds())


def digits_of(number: Decimal) -> int:
    """How many digits a number has from its first to its last that is not 0."""
    return len("".join(map(str, number.as_tuple().digits)).strip("0"))


def number_text(value: Number) -> str:
    """A number in an answer."""
    return str(value) if isinstance(value, int) else f"{Decimal(repr(value)):f}"


def oracle_number_text(value: Number) -> str:
    """A number that the query itself turns into text: Oracle writes no 0 before the point."""
    text = number_text(value)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + digits.removeprefix("0") if digits.startswith("0.") else text


def to_number(value: Scalar) -> Number | None:
    """Text as a number; text that is none makes the whole query fail, as in Oracle."""
    if value is None or isinstance(value, int | float):
        return value
    text = value.strip()
    if not re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", text, re.ASCII):
        raise UnsupportedError("a text that is not a number is used as one")
    number = Decimal(text)
    if number == number.to_integral_value():
        return int(number)
    if digits_of(number) > DIGITS:
        raise UnsupportedError(f"a number has more than {DIGITS} digits")
    return float(number)


_ELEMENT: Final = re.compile(
    r'YYYY|YY|MONTH|MON|MM|DAY|DY|DD|HH24|HH12|HH|MI|SS|AM|PM|"[^"]*"|[-/.,:; ]|T(?=HH)', re.IGNORECASE
)
_WORDS: Final = {"MONTH": "%B", "MON": "%b", "DAY": "%A", "DY": "%a", "AM": "%p", "PM": "%p"}
_NUMBERS: Final[dict[str, tuple[int, Callable[[datetime], int]]]] = {
    "YYYY": (4, lambda moment: moment.year),
    "YY": (2, lambda moment: moment.year % 100),
    "MM": (2, lambda moment: moment.month),
    "DD": (2, lambda moment: moment.day),
    "HH24": (2, lambda moment: moment.hour),
    "HH12": (2, lambda moment: moment.hour % 12 or 12),
    "HH": (2, lambda moment: moment.hour % 12 or 12),
    "MI": (2, lambda moment: moment.minute),
    "SS": (2, lambda moment: moment.second),
}


@lru_cache(maxsize=256)
def format_elements(mask: str) -> tuple[str, ...]:
    """Split a format mask such as YYYY-MM-DD HH24:MI:SS; an element we do not know is refused, never printed as is."""
    elements = []
    position = 0
    while position < len(mask):
        match = _ELEMENT.match(mask, position)
        if match is None or match.group() == "T":
            raise UnsupportedError(f"the date format has an element that is not served, at {mask[position:][:12]!r}")
        elements.append(match.group())
        position = match.end()
    return tuple(elements)


def date_text(seconds: float, mask: str) -> str:
    moment = as_datetime(seconds)
    return "".join(_formatted(moment, element) for element in format_elements(mask))


def _formatted(moment: datetime, element: str) -> str:
    if element.startswith('"'):
        return element[1:-1]
    name = element.upper()
    if name in _NUMBERS:
        width, part = _NUMBERS[name]
        return f"{part(moment):0{width}d}"
    if name in _WORDS:
        # Oracle pads MONTH and DAY with blanks to the longest name.
        word = moment.strftime(_WORDS[name]).ljust(9 if name in {"MONTH", "DAY"} else 0)
        return _in_case_of(word, element)
    return element


def _in_case_of(word: str, element: str) -> str:
    """MONTH, Month and month; the first two letters of the element decide."""
    if element[:2].isupper():
        return word.upper()
    return word if element[0].isupper() else word.lower()


_PATTERNS: Final = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "HH24": r"(?P<hour>\d{1,2})",
    "MI": r"(?P<minute>\d{1,2})",
    "SS": r"(?P<second>\d{1,2})",
}


def date_from_text(text: str, mask: str) -> int:
    pattern = ""
    for element in format_elements(mask):
        name = element.upper()
        if name in _NUMBERS or name in _WORDS:
            if name not in _PATTERNS:
                raise UnsupportedError(f"TO_DATE with {element} is not served")
            pattern += _PATTERNS[name]
        else:
            pattern += re.escape(element.strip('"'))
    if not {"year", "month", "day"} <= set(re.findall(r"\?P<(\w+)>", pattern)):
        # Oracle fills a missing year and month from today, a missing day with the first: too easy to get wrong.
        raise UnsupportedError("TO_DATE needs year, month and day in its format")
    match = re.fullmatch(pattern, text, re.ASCII)
    try:
        if match is not None:
            parts = {name: int(value) for name, value in match.groupdict().items()}
            clock = (parts.get("hour", 0), parts.get("minute", 0), parts.get("second", 0))
            return as_seconds(datetime(parts["year"], parts["month"], parts["day"], *clock, tzinfo=UTC))
    except ValueError as error:
        raise UnsupportedError(f"{text!r} is no date: {error}") from error
    raise UnsupportedError(f"{text!r} does not match the date format {mask!r}")
