"""The functions that a compiled query calls inside SQLite, with Oracle's rules for NULL and for empty text."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.query.date_functions import DATE_FUNCTIONS
from reconciler.emulator.query.number_functions import NUMBER_FUNCTIONS
from reconciler.emulator.query.text_functions import TEXT_FUNCTIONS
from reconciler.emulator.query.values import Scalar, to_number, wall_clock


def greatest(*values: Scalar) -> Scalar:
    return None if None in values else max(values)  # type: ignore[type-var]  # the compiler lets only one kind in


def least(*values: Scalar) -> Scalar:
    return None if None in values else min(values)  # type: ignore[type-var]  # the compiler lets only one kind in


FUNCTIONS: Final[Mapping[str, Callable[..., Scalar]]] = MappingProxyType(
    {
        "ora_number": to_number,
        "ora_greatest": greatest,
        "ora_least": least,
        **TEXT_FUNCTIONS,
        **NUMBER_FUNCTIONS,
        **DATE_FUNCTIONS,
    }
)


def zoned(zone: ZoneInfo) -> Callable[[int | None], int | None]:
    """The function that turns a stored moment into wall-clock time of the query's zone."""

    @lru_cache(maxsize=10_000)
    def local(moment: int | None) -> int | None:
        return None if moment is None else wall_clock(moment, zone)

    return local
