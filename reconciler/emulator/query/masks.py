"""TO_CHAR and TRUNC of dates in SQLite's own functions, for the formats that both know in the same way."""

import re
from collections.abc import Mapping
from typing import Final

from reconciler.emulator.query.values import format_elements

_STRFTIME: Final[Mapping[str, str]] = {
    "YYYY": "%Y",
    "MM": "%m",
    "DD": "%d",
    "HH24": "%H",
    "MI": "%M",
    "SS": "%S",
}
_UNITS: Final[Mapping[str, str]] = {
    "DD": "start of day",
    "DDD": "start of day",
    "J": "start of day",
    "MM": "start of month",
    "MON": "start of month",
    "MONTH": "start of month",
    "YYYY": "start of year",
    "YEAR": "start of year",
    "YY": "start of year",
}


def native_text(date: str, mask: str) -> str | None:
    """SQL for a date in that format, or None where SQLite's strftime has no such element."""
    parts = []
    for element in format_elements(mask):
        if element.upper() in _STRFTIME:
            parts.append(_STRFTIME[element.upper()])
        elif re.fullmatch(r'[-/.,:; T]|"[A-Za-z ]*"', element):
            parts.append(element.strip('"'))
        else:
            return None
    return f"strftime('{''.join(parts)}', {date}, 'unixepoch')" if parts else None


def native_start(date: str, unit: str) -> str | None:
    """SQL for the start of the day, month or year of a date, or None where it needs more than that."""
    word = _UNITS.get(unit.upper())
    return f"CAST(strftime('%s', {date}, 'unixepoch', '{word}') AS INTEGER)" if word else None
