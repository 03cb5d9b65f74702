"""The operators of record filters: which field takes them, how many values, and what they are in SQL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import Value
from reconciler.emulator.employee_fields import Field, Kind

Sql = tuple[str, tuple[Value, ...]]
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_FLAGS: Final = {"true": 1, "false": 0, "t": 1, "f": 0}
# The preference for dates, as the switch names it: the pattern, and the order of year, month and day in it.
_DATES: Final[Mapping[str, tuple[str, str]]] = {
    "M/D/YYYY": (r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})", "M/d/yyyy"),
    "D/M/YYYY": (r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})", "d/M/yyyy"),
    "YYYY-MM-DD": (r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})", "yyyy-MM-dd"),
    "DD.MM.YYYY": (r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})", "dd.MM.yyyy"),
}
_TIME: Final = r"(?: (?P<hour>1[0-2]|[1-9]):(?P<minute>[0-5][0-9]) (?P<half>am|pm))?"


class ConditionError(ValueError):
    """A condition NetSuite would refuse; `detail` is what it says of it beyond that the query is no valid one."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Setting:
    """What the account and the switches make of a condition."""

    zone: ZoneInfo
    dates: str
    takes_times: bool
    is_sensitive: bool
    matches_empty: bool  # whether "is not" is true of a field that holds nothing


def setting(world: World, caller: Caller) -> Setting:
    zones = {"account": caller.account.time_zone, "caller": caller.time_zone, "utc": "UTC"}
    switches = world.switches
    return Setting(
        zone=ZoneInfo(zones[switches.value("filter-zone")]),
        dates=switches.value("filter-date-format"),
        takes_times=switches.value("filter-times") == "accepted",
        is_sensitive=switches.value("filter-case") == "sensitive",
        matches_empty=switches.value("filter-not-empty") == "matches",
    )


def condition_sql(field: Field, operator: str, values: tuple[str, ...], settings: Setting) -> Sql:
    """One condition as SQL with its values; ConditionError when the field's type has no such operator or value."""
    name, is_negated = _split(operator)
    if name == "EMPTY":
        sql, bound = f"{field.sql} IS NULL", ()
        return (f"NOT ({sql})", bound) if is_negated else (sql, bound)
    make = _OPERATORS[_FAMILY[field.kind]].get(name)
    if make is None:
        raise ConditionError(f"the operator {operator} is not for the field {field.name}")
    sql, found = make(field, values, settings)
    if not is_negated:
        return sql, found
    return (f"(NOT {sql} OR {field.sql} IS NULL)" if settings.matches_empty else f"NOT {sql}"), found


def _split(operator: str) -> tuple[str, bool]:
    # The table has ENDWITH without an underscore, and END_WITH_NOT with one.
    name = operator.removesuffix("_NOT")
    return ("ENDWITH" if name == "END_WITH" else name), operator != name


def _one(values: tuple[str, ...]) -> str:
    if len(values) != 1:
        raise ConditionError("the operator takes one value")
    return values[0]


def _two(values: tuple[str, ...]) -> tuple[str, str]:
    if len(values) != len(("from", "to")):
        raise ConditionError("the operator takes two values, as in [1, 42]")
    return values[0], values[1]


def _number(text: str) -> float | int:
    if not _NUMBER.fullmatch(text):
        raise ConditionError(f"{text!r} is no number")
    return float(text) if "." in text else int(text)


def _equal_text(field: Field, values: tuple[str, ...], settings: Setting) -> Sql:
    # The second comparison is the strict one; the first is what the index knows.
    strict = f" AND {field.sql} = ?" if settings.is_sensitive else ""
    text = _one(values)
    return f"({field.sql} = ? COLLATE NOCASE{strict})", (text, text) if strict else (text,)


def _like(before: str, after: str) -> Callable[[Field, tuple[str, ...], Setting], Sql]:
    def make(field: Field, values: tuple[str, ...], settings: Setting) -> Sql:
        text = _one(values)
        if settings.is_sensitive:
            pattern = re.sub(r"([*?\[])", r"[\1]", text)
            return f"({field.sql} GLOB ?)", (f"{before and '*'}{pattern}{after and '*'}",)
        pattern = re.sub(r"([%_\\])", r"\\\1", text)
        return f"({field.sql} LIKE ? ESCAPE '\\')", (before + pattern + after,)

    return make


def _equal_flag(field: Field, values: tuple[str, ...], _settings: Setting) -> Sql:
    wanted = _FLAGS.get(_one(values).lower())
    if wanted is None:
        raise ConditionError("the value is true or false")
    return f"({field.sql} = ?)", (wanted,)


def _compare(sign: str) -> Callable[[Field, tuple[str, ...], Setting], Sql]:
    def make(field: Field, values: tuple[str, ...], _settings: Setting) -> Sql:
        return f"({field.sql} {sign} ?)", (_number(_one(values)),)

    return make


def _between(field: Field, values: tuple[str, ...], _settings: Setting) -> Sql:
    low, high = _two(values)
    return f"({field.sql} BETWEEN ? AND ?)", (_number(low), _number(high))


def _any_of(field: Field, values: tuple[str, ...], _settings: Setting) -> Sql:
    marks = ", ".join("?" * len(values))
    return f"({field.sql} IN ({marks}))", tuple(_number(value) for value in values)


def _when(sign: str) -> Callable[[Field, tuple[str, ...], Setting], Sql]:
    """A day is its first moment, so that ON_OR_BEFORE a day leaves out the rest of it (two public clients say so)."""

    def make(field: Field, values: tuple[str, ...], settings: Setting) -> Sql:
        return f"({field.sql} {sign} ?)", (_moments(field, _one(values), settings)[0],)

    return make


def _on(field: Field, values: tuple[str, ...], settings: Setting) -> Sql:
    first, after = _moments(field, _one(values), settings)
    return f"({field.sql} >= ? AND {field.sql} < ?)", (first, after)


def _moments(field: Field, text: str, settings: Setting) -> tuple[Value, Value]:
    """The first moment of what the text names, and the first one after it, as the field's column holds them."""
    pattern, words = _DATES[settings.dates]
    match = re.fullmatch(pattern + (_TIME if settings.takes_times else ""), text)
    days = _days(match) if match is not None else None
    if match is None or days is None:
        raise ConditionError(
            f"{text!r} is no date of this account",
            f'Search error occurred: Parse of date/time "{text}" failed with date format "{words}" in time zone '
            f"{settings.zone.key}",
        )
    day, next_day = days
    if field.kind is Kind.DATE:
        return day.isoformat(), next_day.isoformat()
    hour = match.groupdict().get("hour")
    if hour is None:
        return _midnight(day, settings.zone), _midnight(next_day, settings.zone)
    hours = int(hour) % 12 + (12 if match["half"] == "pm" else 0)
    moment = datetime(day.year, day.month, day.day, hours, int(match["minute"]), tzinfo=settings.zone)
    return int(moment.timestamp()), int(moment.timestamp()) + 60


def _days(match: re.Match[str]) -> tuple[date, date] | None:
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        return day, day + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


_FAMILY: Final = {
    Kind.KEY: "number",
    Kind.NUMBER: "number",
    Kind.ENUM: "number",
    Kind.REFERENCE: "number",
    Kind.TEXT: "text",
    Kind.FLAG: "flag",
    Kind.DATE: "date",
    Kind.MOMENT: "date",
}
_OPERATORS: Final[Mapping[str, Mapping[str, Callable[[Field, tuple[str, ...], Setting], Sql]]]] = {
    "text": {
        "IS": _equal_text,
        "CONTAIN": _like("%", "%"),
        "START_WITH": _like("", "%"),
        "ENDWITH": _like("%", ""),
    },
    "flag": {"IS": _equal_flag},
    "number": {
        "EQUAL": _compare("="),
        "GREATER": _compare(">"),
        "GREATER_OR_EQUAL": _compare(">="),
        "LESS": _compare("<"),
        "LESS_OR_EQUAL": _compare("<="),
        "BETWEEN": _between,
        "WITHIN": _between,
        "ANY_OF": _any_of,
    },
    "date": {
        "ON": _on,
        "AFTER": _when(">"),
        "ON_OR_AFTER": _when(">="),
        "BEFORE": _when("<"),
        "ON_OR_BEFORE": _when("<="),
    },
}
