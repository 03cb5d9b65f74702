"""Oracle's numbers in SQLite: whole numbers, decimals that are exact, and quotients that may not be."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from types import MappingProxyType
from typing import Final

from reconciler.emulator.query.values import DIGITS, Number, Scalar, UnsupportedError, digits_of

LARGEST_WHOLE: Final = (1 << 63) - 1
LARGEST_POWER: Final = 64
# Beyond these, rounding changes nothing, or leaves nothing.
MOST_PLACES: Final = 30
LEAST_PLACES: Final = -25
CLOSE: Final = 1e-12
_EXACTLY: Final = Context(prec=80)


def as_number(exact: Decimal) -> Number:
    """The value as SQLite keeps it; one that it would keep only roughly is refused."""
    if exact == exact.to_integral_value():
        if abs(exact) > LARGEST_WHOLE:
            raise UnsupportedError("a number is larger than can be given exactly")
        return int(exact)
    if digits_of(exact) > DIGITS:
        raise UnsupportedError(f"a number has more than {DIGITS} digits")
    return float(exact)


def exact(value: Number | None) -> Number | None:
    """A quotient that is a number of few digits; Oracle would print forty, which are not known here."""
    if value is None or isinstance(value, int):
        return value
    decimal = Decimal(repr(value))
    if digits_of(decimal) > DIGITS:
        raise UnsupportedError("a quotient has more digits than can be given faithfully; round it")
    return as_number(decimal)


def _of_decimals(operation: Callable[..., Decimal]) -> Callable[..., Number | None]:
    """NULL in gives NULL out; the operation sees decimals, and its result must be exact."""

    def applied(*values: Number | None) -> Number | None:
        if None in values:
            return None
        with localcontext(_EXACTLY):
            return as_number(operation(*(Decimal(str(value)) for value in values)))

    return applied


def divide(dividend: Number | None, divisor: Number | None) -> Number | None:
    if dividend is None or divisor is None:
        return None
    if divisor == 0:
        raise UnsupportedError("a number is divided by zero")
    with localcontext(_EXACTLY):
        quotient = Decimal(str(dividend)) / Decimal(str(divisor))
    is_whole = quotient == quotient.to_integral_value()
    return as_number(quotient) if is_whole else float(quotient)


def _rounding(mode: str) -> Callable[..., Number | None]:
    def rounded(value: Number | None, places: Number | None = 0) -> Number | None:
        if value is None or places is None:
            return None
        wanted = max(LEAST_PLACES, min(int(places), MOST_PLACES))
        with localcontext(_EXACTLY):
            return as_number(Decimal(str(value)).quantize(Decimal(1).scaleb(-wanted), mode))

    return rounded


def _clear(mode: str) -> Callable[..., Number | None]:
    """Rounds what was computed from a quotient, whose last digits Oracle's may differ from; not where they decide."""
    rounded = _rounding(mode)

    def applied(value: float | None, places: Number | None = 0) -> Number | None:
        if value is None or places is None:
            return None
        margin = abs(value) * CLOSE + CLOSE
        low, high = rounded(value - margin, places), rounded(value + margin, places)
        if low != high:
            raise UnsupportedError("a rounded value was computed from a quotient of more digits than are known here")
        return low

    return applied


def _modulo(value: Decimal, divisor: Decimal) -> Decimal:
    """The remainder has the sign of the value; MOD(value, 0) is the value."""
    return value % divisor if divisor else value


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if exponent != exponent.to_integral_value() or not 0 <= exponent <= LARGEST_POWER:
        raise UnsupportedError(f"POWER is served with whole exponents from 0 to {LARGEST_POWER}")
    result = Decimal(1)
    for _ in range(int(exponent)):
        result *= base
    return result


NUMBER_FUNCTIONS: Final[Mapping[str, Callable[..., Scalar]]] = MappingProxyType(
    {
        "ora_exact": exact,
        "ora_add": _of_decimals(lambda a, b: a + b),
        "ora_subtract": _of_decimals(lambda a, b: a - b),
        "ora_multiply": _of_decimals(lambda a, b: a * b),
        "ora_divide": divide,
        "ora_round": _rounding(ROUND_HALF_UP),
        "ora_trunc": _rounding(ROUND_DOWN),
        "ora_ceil": _rounding(ROUND_CEILING),
        "ora_floor": _rounding(ROUND_FLOOR),
        "ora_round_clear": _clear(ROUND_HALF_UP),
        "ora_trunc_clear": _clear(ROUND_DOWN),
        "ora_ceil_clear": _clear(ROUND_CEILING),
        "ora_floor_clear": _clear(ROUND_FLOOR),
        "ora_mod": _of_decimals(_modulo),
        "ora_power": _of_decimals(_power),
        "ora_abs": _of_decimals(abs),
        "ora_sign": _of_decimals(lambda value: Decimal((value > 0) - (value < 0))),
    }
)
