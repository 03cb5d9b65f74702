"""SuiteQL's functions: how each is written in SQLite, and what kind of value it gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reconciler.emulator.query.conversions import (
    CONVERTERS,
    DATE,
    NULL,
    NUMBER,
    TEXT,
    as_date,
    as_number,
    as_text,
    comparable,
    comparing,
    least_exact,
    numeric,
    one_kind,
    settled,
)
from reconciler.emulator.query.masks import native_start, native_text
from reconciler.emulator.query.scope import Bindings, Compiled, Exact
from reconciler.emulator.query.values import Kind, UnsupportedError

SIMPLEST_DECODE: Final = 3
Writer = Callable[[Bindings, Sequence[Compiled]], Compiled]


def _texts(function: str, kind: Kind = TEXT) -> Writer:
    def compiled(_: Bindings, values: Sequence[Compiled]) -> Compiled:
        return Compiled(f"{function}({', '.join(as_text(value) for value in values)})", kind)

    return compiled


def _text_and_numbers(function: str) -> Writer:
    def compiled(_: Bindings, values: Sequence[Compiled]) -> Compiled:
        arguments = [as_text(values[0]), *(as_number(settled(value)) for value in values[1:])]
        return Compiled(f"{function}({', '.join(arguments)})", TEXT)

    return compiled


def _padded(function: str) -> Writer:
    def compiled(_: Bindings, values: Sequence[Compiled]) -> Compiled:
        arguments = [as_text(values[0]), as_number(settled(values[1])), *(as_text(value) for value in values[2:])]
        return Compiled(f"{function}({', '.join(arguments)})", TEXT)

    return compiled


def _instr(_: Bindings, values: Sequence[Compiled]) -> Compiled:
    arguments = [as_text(values[0]), as_text(values[1]), *(as_number(settled(value)) for value in values[2:])]
    return Compiled(f"ora_instr({', '.join(arguments)})", NUMBER)


def _to_char(bindings: Bindings, values: Sequence[Compiled]) -> Compiled:
    value = values[0]
    if len(values) == 1:
        return Compiled(as_text(value), TEXT)
    if value.kind not in {DATE, NULL}:
        raise UnsupportedError("TO_CHAR of a number with a format is not served")
    mask = bindings.known(values[1])
    native = native_text(value.sql, mask) if isinstance(mask, str) and value.kind is DATE else None
    return Compiled(native or f"ora_to_char({value.sql}, {as_text(values[1])})", TEXT)


def _to_date(_: Bindings, values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"ora_to_date({as_text(values[0])}, {as_text(values[1])})", DATE)


def _to_number(_: Bindings, values: Sequence[Compiled]) -> Compiled:
    return numeric(values[0])


def _nvl(_: Bindings, given: Sequence[Compiled]) -> Compiled:
    values = comparing(given)
    kind = values[0].kind if values[0].kind is not NULL else values[1].kind
    exact = least_exact(values) if kind is NUMBER and values[1].kind is not TEXT else Exact.DECIMAL
    return Compiled(f"COALESCE({values[0].sql}, {CONVERTERS[kind](values[1])})", kind, exact)


def _nvl2(_: Bindings, given: Sequence[Compiled]) -> Compiled:
    values = comparing(given)
    kind = one_kind(values[1:])
    sql = f"CASE WHEN {values[0].sql} IS NOT NULL THEN {values[1].sql} ELSE {values[2].sql} END"
    return Compiled(sql, kind, least_exact(values[1:]))


def _coalesce(_: Bindings, given: Sequence[Compiled]) -> Compiled:
    values = comparing(given)
    return Compiled(f"COALESCE({', '.join(value.sql for value in values)})", one_kind(values), least_exact(values))


def _nullif(_: Bindings, given: Sequence[Compiled]) -> Compiled:
    values = comparing(given)
    first = values[0]
    if first.kind is NULL:
        raise UnsupportedError("the first argument of NULLIF cannot be NULL")
    left, right = comparable(*values)
    return replace(first, sql=f"CASE WHEN {left} = {right} THEN NULL ELSE {first.sql} END")


def _decode(_: Bindings, given: Sequence[Compiled]) -> Compiled:
    """DECODE takes NULL for equal to NULL.

    It compares in the kind of the first search, and answers in that of the first result, or in text where that is NULL.
    """
    values = comparing(given)
    subject, rest = values[0], list(values[1:])
    default = rest.pop() if len(rest) % 2 else Compiled("NULL", NULL)
    searches, results = rest[::2], rest[1::2]
    compared = searches[0].kind if searches[0].kind is not NULL else subject.kind
    kind = results[0].kind if results[0].kind is not NULL else TEXT
    convert = CONVERTERS[kind]
    branches = []
    for search, result in zip(searches, results, strict=True):
        left, right = (CONVERTERS[compared](value) for value in (subject, search))
        branches.append(f"WHEN {left} IS {right} THEN {convert(result)}")
    exact = max(least_exact([*results, default]), Exact.DECIMAL) if kind is NUMBER else Exact.WHOLE
    return Compiled(f"CASE {' '.join(branches)} ELSE {convert(default)} END", kind, exact)


def _rounded(function: str) -> Writer:
    """ROUND and its like take a quotient: it lies on the same side of every half as Oracle's forty digits do.

    What was computed from a quotient is taken where it is not close to where the result changes.
    """

    def compiled(_: Bindings, values: Sequence[Compiled]) -> Compiled:
        first = numeric(values[0])
        places = [as_number(settled(value)) for value in values[1:]]
        exact = Exact.DECIMAL if places else Exact.WHOLE
        name = f"{function}_clear" if first.exact is Exact.DERIVED else function
        return Compiled(f"{name}({', '.join([first.sql, *places])})", NUMBER, exact)

    return compiled


def _trunc(bindings: Bindings, values: Sequence[Compiled]) -> Compiled:
    date = values[0]
    if date.kind is not DATE:
        return _rounded("ora_trunc")(bindings, values)
    unit = bindings.known(values[1]) if len(values) > 1 else "DD"
    native = native_start(date.sql, unit) if isinstance(unit, str) else None
    arguments = [date.sql, *(as_text(value) for value in values[1:])]
    return Compiled(native or f"ora_trunc_date({', '.join(arguments)})", DATE)


def _numbers(function: str) -> Writer:
    def compiled(_: Bindings, values: Sequence[Compiled]) -> Compiled:
        numbers = [settled(numeric(value)) for value in values]
        return Compiled(f"{function}({', '.join(number.sql for number in numbers)})", NUMBER, least_exact(numbers))

    return compiled


def _add_months(_: Bindings, values: Sequence[Compiled]) -> Compiled:
    return Compiled(f"ora_add_months({as_date(values[0])}, {as_number(settled(values[1]))})", DATE)


def _dates(function: str, kind: Kind, exact: Exact = Exact.WHOLE) -> Writer:
    def compiled(_: Bindings, values: Sequence[Compiled]) -> Compiled:
        return Compiled(f"{function}({', '.join(as_date(value) for value in values)})", kind, exact)

    return compiled


def _extreme(function: str) -> Writer:
    def compiled(_: Bindings, given: Sequence[Compiled]) -> Compiled:
        values = comparing(given)
        kind = one_kind(values)
        return Compiled(f"{function}({', '.join(value.sql for value in values)})", kind, least_exact(values))

    return compiled


# name: the least and the most arguments, and how it is written. All of them are in Oracle's list of functions that
# SuiteQL supports: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158513731864.html
CALLS: Final[Mapping[str, tuple[int, int, Writer]]] = {
    "LOWER": (1, 1, _texts("ora_lower")),
    "UPPER": (1, 1, _texts("ora_upper")),
    "INITCAP": (1, 1, _texts("ora_initcap")),
    "TRIM": (1, 1, _texts("ora_trim")),
    "LTRIM": (1, 2, _texts("ora_ltrim")),
    "RTRIM": (1, 2, _texts("ora_rtrim")),
    "LPAD": (2, 3, _padded("ora_lpad")),
    "RPAD": (2, 3, _padded("ora_rpad")),
    "REPLACE": (2, 3, _texts("ora_replace")),
    "TRANSLATE": (3, 3, _texts("ora_translate")),
    "LENGTH": (1, 1, _texts("ora_length", NUMBER)),
    "ASCII": (1, 1, _texts("ora_ascii", NUMBER)),
    "CHR": (1, 1, lambda _, values: Compiled(f"ora_chr({as_number(settled(values[0]))})", TEXT)),
    "SUBSTR": (2, 3, _text_and_numbers("ora_substr")),
    "INSTR": (2, 3, _instr),
    "CONCAT": (2, 2, _texts("ora_concat")),
    "TO_CHAR": (1, 2, _to_char),
    "TO_DATE": (2, 2, _to_date),
    "TO_NUMBER": (1, 1, _to_number),
    "NVL": (2, 2, _nvl),
    "NVL2": (3, 3, _nvl2),
    "NULLIF": (2, 2, _nullif),
    "COALESCE": (2, 50, _coalesce),
    "DECODE": (SIMPLEST_DECODE, 255, _decode),
    "ROUND": (1, 2, _rounded("ora_round")),
    "TRUNC": (1, 2, _trunc),
    "CEIL": (1, 1, _rounded("ora_ceil")),
    "FLOOR": (1, 1, _rounded("ora_floor")),
    "ABS": (1, 1, _numbers("ora_abs")),
    "SIGN": (1, 1, _numbers("ora_sign")),
    "MOD": (2, 2, _numbers("ora_mod")),
    "POWER": (2, 2, _numbers("ora_power")),
    "ADD_MONTHS": (2, 2, _add_months),
    "LAST_DAY": (1, 1, _dates("ora_last_day", DATE)),
    "MONTHS_BETWEEN": (2, 2, _dates("ora_months_between", NUMBER, Exact.QUOTIENT)),
    "GREATEST": (1, 50, _extreme("ora_greatest")),
    "LEAST": (1, 50, _extreme("ora_least")),
}
AGGREGATES: Final = frozenset({"COUNT", "MIN", "MAX", "SUM", "AVG"})


def call(name: str, values: Sequence[Compiled], bindings: Bindings) -> Compiled:
    if name not in CALLS:
        raise UnsupportedError(f"function {name} is not served")
    least, most, compiled = CALLS[name]
    if not least <= len(values) <= most:
        raise UnsupportedError(f"function {name} is not served with {len(values)} arguments")
    return compiled(bindings, values)


def aggregate(name: str, value: Compiled, *, distinct: bool) -> Compiled:
    prefix = "DISTINCT " if distinct else ""
    if name == "COUNT":
        return Compiled(f"COUNT({prefix}{settled(value, Exact.QUOTIENT).sql})", NUMBER)
    if name in {"SUM", "AVG"}:
        number = numeric(value)
        if number.exact is not Exact.WHOLE:
            raise UnsupportedError(f"{name} is served for whole numbers only; of others it would not be exact")
        total = f"SUM({prefix}{number.sql})"
        if name == "SUM":
            return Compiled(total, NUMBER)
        return Compiled(f"ora_divide({total}, NULLIF(COUNT({prefix}{number.sql}), 0))", NUMBER, Exact.QUOTIENT)
    extreme = settled(value, Exact.QUOTIENT)
    return replace(extreme, sql=f"{name}({extreme.sql})")


_OPERATORS: Final = {"+": "ora_add", "-": "ora_subtract", "*": "ora_multiply", "/": "ora_divide"}


def arithmetic(operator: str, left: Compiled, right: Compiled) -> Compiled:
    """Dates move by days, and two dates are days apart."""
    if DATE in {left.kind, right.kind}:
        return _date_arithmetic(operator, left, right)
    a, b = numeric(left), numeric(right)
    exact = least_exact((a, b))
    strict = f"{_OPERATORS[operator]}({settled(a).sql}, {settled(b).sql})"
    if exact >= Exact.QUOTIENT:
        if operator == "/":
            return Compiled(f"ora_divide({a.sql}, {b.sql})", NUMBER, Exact.DERIVED, f"ora_exact({strict})")
        return Compiled(f"(1.0 * {a.sql} {operator} {b.sql})", NUMBER, Exact.DERIVED, strict)
    return Compiled(strict, NUMBER, Exact.QUOTIENT if operator == "/" else exact)


def _date_arithmetic(operator: str, left: Compiled, right: Compiled) -> Compiled:
    if operator == "-" and left.kind is right.kind:
        return Compiled(f"ora_days_between({left.sql}, {right.sql})", NUMBER, Exact.QUOTIENT)
    if operator in {"+", "-"} and left.kind is DATE and right.kind is not DATE:
        return Compiled(f"ora_shift({left.sql}, {'-' if operator == '-' else ''}{as_number(right)})", DATE)
    if operator == "+" and right.kind is DATE and left.kind is not DATE:
        return Compiled(f"ora_shift({right.sql}, {as_number(left)})", DATE)
    raise UnsupportedError(f"{operator} is not served for these dates")
