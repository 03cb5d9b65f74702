"""A compiled SELECT, and the SQL that is made of it: the whole of it, its number of rows, one page."""

import re
from dataclasses import dataclass, field
from typing import Final

from reconciler.emulator.query.scope import Compiled, Output, Scope, Source
from reconciler.emulator.query.values import DAY, Kind
from reconciler.emulator.query.zones import WIDEST_OFFSET

# The two ways in which masks.py writes the day of a date.
_DAY_OF_DATE: Final = re.compile(
    r"(?:strftime\('%Y-%m-%d', |CAST\(strftime\('%s', )"
    r"(t\d+\.\"\w+\"), 'unixepoch'(?:\)|, 'start of day'\) AS INTEGER\))"
)
_BEFORE_1970: Final = 719_162 * DAY  # from the first day that a date can have, so that no day has a negative number
# ruff: noqa: S608 - the pieces are compiled in this package, with every value of the caller's bound


@dataclass(slots=True)
class Statement:
    """The pieces of one SELECT; what the caller wrote is in there by name only, as bound values."""

    scope: Scope
    joins: list[tuple[str, Source, str]] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    limit: str = ""
    groups: list[Compiled] = field(default_factory=list)
    having: str = ""
    outputs: list[Output] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    distinct: bool = False
    aggregated: bool = False
    by_moment: tuple[str, str] | None = None  # a column as it is kept, and ASC or DESC: the first of ORDER BY

    @property
    def sql(self) -> str:
        return _words(self._selected, self._ordered, f"LIMIT {self.limit}" if self.limit else "")

    @property
    def is_plain(self) -> bool:
        """Whether each row of the result is one row of the tables, so that a page needs no more than its own."""
        return not (self.distinct or self.aggregated or self.limit)

    @property
    def counted(self) -> str:
        """How many rows a plain SELECT has, at most :most of them."""
        return f"SELECT COUNT(*) FROM (SELECT 1 {self._rows} LIMIT :most)"

    @property
    def paged(self) -> str:
        """One page of a plain SELECT."""
        return _words(self._selected, self._near_page(), self._ordered, "LIMIT :page_limit OFFSET :page_offset")

    @property
    def _selected(self) -> str:
        columns = ", ".join(f'{out.value.sql} AS "{out.name or place}"' for place, out in enumerate(self.outputs))
        grouped = f"GROUP BY {', '.join(self._cheapest_first())}" if self.groups else ""
        having = f"HAVING {self.having}" if self.having else ""
        return _words("SELECT", "DISTINCT" if self.distinct else "", columns, self._rows, grouped, having)

    @property
    def _rows(self) -> str:
        words = ["FROM"]
        for join, source, on in self.joins:
            words += [join, source.sql(), f"ON {on}" if on else ""]
        return _words(*words, f"WHERE {' AND '.join(self.where)}" if self.where else "")

    @property
    def _ordered(self) -> str:
        return f"ORDER BY {', '.join(self.order)}" if self.order else ""

    def _cheapest_first(self) -> list[str]:
        """Days first, for rows lie in the order of time and are nearly sorted so; numbers before texts."""
        keys = [(_by_day(group.sql), group) for group in self.groups]
        keys.sort(key=lambda pair: (pair[0] is None, pair[1].kind is not Kind.NUMBER))
        return [day or group.sql for day, group in keys]

    def _near_page(self) -> str:
        """Leave out the rows that are too far from the page for it, where dates are the first thing to sort by.

        Wall-clock time has no index, but it is never further from the moment than WIDEST_OFFSET: beyond the last row
        of the page in the order of moments, only so much more can belong to it in the order asked for.
        """
        if self.by_moment is None:
            return ""
        column, direction = self.by_moment
        last = f"(SELECT {column} {self._rows} ORDER BY {column} {direction} LIMIT 1 OFFSET :page_end)"
        if direction == "DESC":
            near = f"{column} >= IFNULL({last}, -9e18) - {2 * WIDEST_OFFSET}"
        else:
            near = f"{column} <= IFNULL({last}, 9e18) + {2 * WIDEST_OFFSET}"
        return f"{'AND' if self.where else 'WHERE'} {near}"


def _by_day(group: str) -> str | None:
    """The number of the day, where rows are grouped by the day of a date: a number is quicker sorted than its text."""
    match = _DAY_OF_DATE.fullmatch(group)
    return f"({match.group(1)} + {_BEFORE_1970}) / {DAY}" if match else None


def _words(*words: str) -> str:
    return " ".join(word for word in words if word)
