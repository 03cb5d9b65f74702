"""Lengths of time on the command line."""

import re
from datetime import timedelta
from typing import Final

from reconciler.core.errors import UsageError

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LENGTH: Final = re.compile(r"([0-9]{1,6})([smhd])")


def length(option: str, text: str) -> timedelta:
    """From `30s`, `10m`, `24h` or `7d`.

    Raises:
        UsageError: it is written otherwise.
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise UsageError(f"{option} {text} is no length of time.", hint="write a number and s, m, h or d, such as 10m")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
