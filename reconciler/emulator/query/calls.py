"""SuiteQL's functions: how each is written in SQLite, and what kind of value it gives."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reconciler.emulator.query.scope import Compiled
from reconciler.emulator.query.values import Kind, UnsupportedError

NUMBER, TEXT, DATE, NULL = Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.NULL
SIMPLEST_DECODE: Final = 3


def as_text(value: Compiled) -> str:
    if value.kind is DATE:
        raise UnsupportedError("a date used as text depends on the account's date format; write TO_CHAR with a format")
    return value.sql if value.kind in {TEXT, NULL} else f"ora_text({value.sql})"


def as_number(value: Compiled) -> str:
    if value.kind is DATE:
        raise UnsupportedError("a date is used as a number")
    return value.sql if value.kind in {NUMBER, NULL} else f"ora_number({value.sql})"


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


def _text_call(function: str, kind: Kind) -> Callable[[Sequence[Compiled]], Compiled]:
    def compiled(values: Sequence[Compiled]) -> Compiled:
        return Compiled(f"{function}({as_text(values[0])})", kind)

    return compiled


def _text_and_numbers(function: str, kind: Kind) -> Callable[[Sequence[Compiled]], Compiled]:
    def compiled(values: Sequence[Compiled]) -> Compiled:
        arguments = [as_text(values[0]), *(as_number(value) for value in values[1:])]
        return Compiled(f"{function}({', '.join(arguments)})", kind)

    return compiled


def _instr(values: Sequence[Compiled]) -> Compiled:
    arguments = [as_text(values[0]), as_text(values[1]), *(as_number(value) for value in values[2:])]
    return Compiled(f"ora_instr({', '.join(arguments)})", NUMBER)


def _concat(values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"ora_concat({', '.join(as_text(value) for value in values)})", TEXT)


def _to_char(values: Sequence[Compiled]) -> Compiled:
    value = values[0]
    if len(values) == 1:
        return Compiled(as_text(value), TEXT)
    if value.kind not in {DATE, NULL}:
        raise UnsupportedError("TO_CHAR of a number with a format is not served")
    return Compiled(f"ora_to_char({value.sql}, {as_text(values[1])})", TEXT)


def _to_date(values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"ora_to_date({as_text(values[0])}, {as_text(values[1])})", DATE)


def _nvl(values: Sequence[Compiled]) -> Compiled:
    kind = values[0].kind if values[0].kind is not NULL else values[1].kind
    return Compiled(f"COALESCE({values[0].sql}, {CONVERTERS[kind](values[1])})", kind)


def _nvl2(values: Sequence[Compiled]) -> Compiled:
    kind = one_kind(values[1:])
    return Compiled(f"CASE WHEN {values[0].sql} IS NOT NULL THEN {values[1].sql} ELSE {values[2].sql} END", kind)


def _coalesce(values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"COALESCE({', '.join(value.sql for value in values)})", one_kind(values))


def _decode(values: Sequence[Compiled]) -> Compiled:
    """DECODE compares NULL with NULL as equal; its results take the kind of the first one."""
    subject, rest = values[0], list(values[1:])
    default = rest.pop() if len(rest) % 2 else Compiled("NULL", NULL)
    results = rest[1::2]
    kind = next((result.kind for result in (*results, default) if result.kind is not NULL), NULL)
    convert = CONVERTERS[kind]
    branches = []
    for search, result in zip(rest[::2], results, strict=True):
        left, right = comparable(subject, search)
        branches.append(f"WHEN {left} IS {right} THEN {convert(result)}")
    return Compiled(f"CASE {' '.join(branches)} ELSE {convert(default)} END", kind)


def _round(values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"ora_round({', '.join(as_number(value) for value in values)})", NUMBER)


def _trunc(values: Sequence[Compiled]) -> Compiled:
    if values[0].kind is DATE:
        unit = [as_text(value) for value in values[1:]]
        return Compiled(f"ora_trunc_date({', '.join([values[0].sql, *unit])})", DATE)
    return Compiled(f"ora_trunc({', '.join(as_number(value) for value in values)})", NUMBER)


def _add_months(values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"ora_add_months({as_date(values[0])}, {as_number(values[1])})", DATE)


def _extreme(function: str) -> Callable[[Sequence[Compiled]], Compiled]:
    def compiled(values: Sequence[Compiled]) -> Compiled:
        kind = one_kind(values)
        return Compiled(f"{function}({', '.join(value.sql for value in values)})", kind)

    return compiled


# name: the least and the most arguments, and how it is written
CALLS: Final[Mapping[str, tuple[int, int, Callable[[Sequence[Compiled]], Compiled]]]] = {
    "LOWER": (1, 1, _text_call("ora_lower", TEXT)),
    "UPPER": (1, 1, _text_call("ora_upper", TEXT)),
    "TRIM": (1, 1, _text_call("ora_trim", TEXT)),
    "LENGTH": (1, 1, _text_call("ora_length", NUMBER)),
    "SUBSTR": (2, 3, _text_and_numbers("ora_substr", TEXT)),
    "INSTR": (2, 3, _instr),
    "CONCAT": (2, 2, _concat),
    "TO_CHAR": (1, 2, _to_char),
    "TO_DATE": (2, 2, _to_date),
    "NVL": (2, 2, _nvl),
    "NVL2": (3, 3, _nvl2),
    "COALESCE": (2, 50, _coalesce),
    "DECODE": (SIMPLEST_DECODE, 255, _decode),
    "ROUND": (1, 2, _round),
    "TRUNC": (1, 2, _trunc),
    "ADD_MONTHS": (2, 2, _add_months),
    "GREATEST": (1, 50, _extreme("ora_greatest")),
    "LEAST": (1, 50, _extreme("ora_least")),
}
AGGREGATES: Final = frozenset({"COUNT", "MIN", "MAX", "SUM"})


def call(name: str, values: Sequence[Compiled]) -> Compiled:
    if name not in CALLS:
        raise UnsupportedError(f"function {name} is not served")
    least, most, compiled = CALLS[name]
    if not least <= len(values) <= most:
        raise UnsupportedError(f"function {name} is not served with {len(values)} arguments")
    return compiled(values)


def aggregate(name: str, value: Compiled, *, distinct: bool) -> Compiled:
    prefix = "DISTINCT " if distinct else ""
    if name == "COUNT":
        return Compiled(f"COUNT({prefix}{value.sql})", NUMBER)
    if name == "SUM":
        return Compiled(f"SUM({prefix}{as_number(value)})", NUMBER)
    return Compiled(f"{name}({value.sql})", value.kind)


def arithmetic(operator: str, left: Compiled, right: Compiled) -> Compiled:
    """Dates move by days, and two dates are days apart."""
    if DATE in {left.kind, right.kind}:
        return _date_arithmetic(operator, left, right)
    a, b = as_number(left), as_number(right)
    return Compiled(f"ora_divide({a}, {b})" if operator == "/" else f"({a} {operator} {b})", NUMBER)


def _date_arithmetic(operator: str, left: Compiled, right: Compiled) -> Compiled:
    if operator == "-" and left.kind is right.kind:
        return Compiled(f"(({left.sql} - {right.sql}) / 86400.0)", NUMBER)
    if operator in {"+", "-"} and left.kind is DATE and right.kind is not DATE:
        return Compiled(f"({left.sql} {operator} {as_number(right)} * 86400)", DATE)
    if operator == "+" and right.kind is DATE and left.kind is not DATE:
        return Compiled(f"({right.sql} + {as_number(left)} * 86400)", DATE)
    raise UnsupportedError(f"{operator} is not served for these dates")
