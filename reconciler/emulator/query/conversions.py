"""Turning compiled values into text, numbers and dates, as Oracle does where a query mixes them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reconciler.emulator.query.scope import Compiled, Exact
from reconciler.emulator.query.values import Kind, UnsupportedError

NUMBER, TEXT, DATE, NULL = Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.NULL


def settled(value: Compiled, most: Exact = Exact.DECIMAL) -> Compiled:
    """The value, made sure to be exact; a quotient that is not fails when the query runs."""
    if value.kind is not NUMBER or value.exact <= most:
        return value
    return Compiled(value.strict or f"ora_exact({value.sql})", NUMBER, Exact.DECIMAL)


def comparing(values: Sequence[Compiled]) -> list[Compiled]:
    """Values that one of several is chosen from: at most quotients, which compare as Oracle's do."""
    return [settled(value, Exact.QUOTIENT) for value in values]


def as_text(value: Compiled) -> str:
    if value.kind is DATE:
        raise UnsupportedError("a date used as text depends on the account's date format; write TO_CHAR with a format")
    return value.sql if value.kind in {TEXT, NULL} else f"ora_text({settled(value).sql})"


def as_number(value: Compiled) -> str:
    return numeric(value).sql


def numeric(value: Compiled) -> Compiled:
    if value.kind is DATE:
        raise UnsupportedError("a date is used as a number")
    if value.kind in {NUMBER, NULL}:
        return value
    return Compiled(f"ora_number({value.sql})", NUMBER, Exact.DECIMAL)


def as_date(value: Compiled) -> str:
    if value.kind not in {DATE, NULL}:
        raise UnsupportedError(
            "a text used as a date depends on the account's date format; write TO_DATE with a format"
        )
    return value.sql


CONVERTERS: Final[Mapping[Kind, Callable[[Compiled], str]]] = {
    NUMBER: as_number,
    TEXT: as_text,
    DATE: as_date,
    NULL: lambda value: value.sql,
}


def comparable(left: Compiled, right: Compiled) -> tuple[str, str]:
    """Both sides as one kind: a text beside a number becomes a number, as in Oracle."""
    left, right = comparing((left, right))
    if left.kind is right.kind or NULL in {left.kind, right.kind}:
        return left.sql, right.sql
    if DATE in {left.kind, right.kind}:
        return as_date(left), as_date(right)
    return as_number(left), as_number(right)


def one_kind(values: Sequence[Compiled]) -> Kind:
    kinds = {value.kind for value in values} - {NULL}
    if len(kinds) > 1:
        raise UnsupportedError("values of different kinds are mixed; convert them with TO_CHAR or TO_DATE")
    return kinds.pop() if kinds else NULL


def least_exact(values: Sequence[Compiled]) -> Exact:
    return max((value.exact for value in values), default=Exact.WHOLE)
