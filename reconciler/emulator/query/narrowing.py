"""Conditions that follow from a condition of the query and that an index can answer.

A query compares wall-clock times, and texts of which an empty one is NULL; indexes hold moments and texts as they are
kept. What is added here is implied by a condition that stands in WHERE for itself, so that no row is lost or gained.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from reconciler.emulator.query.columns import Column, Form
from reconciler.emulator.query.expressions import Expressions
from reconciler.emulator.query.scope import STORED, Bindings, Compiled, QueryError, Scope, Source, written
from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import DAY, Kind, Scalar, UnsupportedError
from reconciler.emulator.query.zones import WIDEST_OFFSET

KELVIN: Final = "\N{KELVIN SIGN}"  # the only other character whose lower case is an ASCII letter on its own
MOST_VARIANTS: Final = 16
LIKELIHOOD: Final = 0.05  # queries ask for days out of years; SQLite would take a quarter of all rows for granted
_AT_LEAST: Final = (exp.GT, exp.GTE, exp.EQ)
_AT_MOST: Final = (exp.LT, exp.LTE, exp.EQ)
_MIRRORED: Final[Mapping[type[exp.Expression], type[exp.Expression]]] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.EQ: exp.EQ,
}


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a condition compares with: as SQL behind IN, in lower case too, and themselves where they are known."""

    sql: str
    lower: str
    known: Sequence[Scalar]

    @classmethod
    def of_values(cls, values: Sequence[Compiled], bindings: Bindings) -> "_Texts | None":
        if not all(value.is_constant and value.kind is Kind.TEXT for value in values):
            return None
        listed = ", ".join(value.sql for value in values)
        lower = ", ".join(f"lower({value.sql})" for value in values)
        return cls(listed, lower, [bindings.known(value) for value in values])

    @classmethod
    def of_marks(cls, nodes: Sequence[exp.Expression], bindings: Bindings) -> "_Texts | None":
        texts = bindings.marked(nodes, Kind.TEXT)
        listed, lower = bindings.listed(texts), bindings.listed(texts, "lower")
        return cls(listed, lower, texts) if listed and lower else None


@dataclass(frozen=True, slots=True)
class _Stored:
    """A column of a table, and how to name it as it is kept."""

    source: Source
    name: str
    column: Column

    @property
    def sql(self) -> str:
        return self.source.use(self.name + STORED)


def narrowed(condition: exp.Expression, scope: Scope, expressions: Expressions) -> list[str]:
    """What one of the conditions that WHERE joins by AND implies about stored columns."""
    if isinstance(condition, exp.Paren):
        return narrowed(condition.this, scope, expressions)
    if isinstance(condition, exp.Between):
        low = exp.GTE(this=condition.this, expression=condition.args["low"])
        high = exp.LTE(this=condition.this, expression=condition.args["high"])
        return [*narrowed(low, scope, expressions), *narrowed(high, scope, expressions)]
    if isinstance(condition, exp.In) and condition.expressions:
        if expressions.bindings.marked(condition.expressions, Kind.NUMBER):
            return []  # numbers are kept as they are compared
        texts = _Texts.of_marks(condition.expressions, expressions.bindings)
        if texts is None:
            values = [expressions.value(item, scope) for item in condition.expressions]
            texts = _Texts.of_values(values, expressions.bindings)
        return _equal(condition.this, texts, scope, expressions)
    if type(condition) in _MIRRORED:
        left, right = condition.this, condition.args["expression"]
        return [
            *_compared(left, type(condition), right, scope, expressions),
            *_compared(right, _MIRRORED[type(condition)], left, scope, expressions),
        ]
    return []


def _compared(
    left: exp.Expression, operator: type[exp.Expression], right: exp.Expression, scope: Scope, expressions: Expressions
) -> list[str]:
    value = expressions.value(right, scope)
    stored = _stored(left, scope)
    if stored is not None and stored.column.form in {Form.MOMENT, Form.DAY} and value.is_constant:
        return list(_bounds(stored, operator, value))
    if operator is not exp.EQ:
        return []
    return _equal(left, _Texts.of_values([value], expressions.bindings), scope, expressions)


def _bounds(stored: _Stored, operator: type[exp.Expression], value: Compiled) -> Iterator[str]:
    """A moment is less than a day away from its wall-clock time, and that is less than a day after its day began."""
    if value.kind is not Kind.DATE:
        return
    if operator in _AT_LEAST:
        yield f"likelihood({stored.sql} >= {value.sql} - {WIDEST_OFFSET}, {LIKELIHOOD})"
    if operator in _AT_MOST:
        slack = WIDEST_OFFSET + (DAY if stored.column.form is Form.DAY else 0)
        yield f"likelihood({stored.sql} <= {value.sql} + {slack}, {LIKELIHOOD})"


def _equal(node: exp.Expression, texts: _Texts | None, scope: Scope, expressions: Expressions) -> list[str]:
    if texts is None:
        return []
    stored = _stored(node, scope)
    if stored is not None and stored.column.lower_index:
        return [f"lower({stored.sql}) IN ({texts.lower})"]
    if stored is not None and stored.column.form is Form.TEXT:
        return [f"{stored.sql} IN ({texts.sql})"]
    if isinstance(node, exp.Anonymous) and str(node.this).upper() == "LOWER" and len(node.expressions) == 1:
        lowered = _stored(node.expressions[0], scope)
        if lowered is not None and lowered.column.lower_index:
            return _in_lower_case(lowered, texts.known, expressions.bindings)
    return []


def _in_lower_case(stored: _Stored, texts: Sequence[Scalar], bindings: Bindings) -> list[str]:
    """SQLite's own lower() changes ASCII only; every text whose lower case is the value has one of these forms."""
    wanted: list[str] = []
    for text in texts:
        if not isinstance(text, str) or not text.isascii() or 2 ** text.count("k") > MOST_VARIANTS:
            return []
        first, *others = text.split("k")
        wanted += [
            first + "".join(pieces) for pieces in itertools.product(*(("k" + one, KELVIN + one) for one in others))
        ]
    listed = bindings.listed(wanted)
    return [f"lower({stored.sql}) IN ({listed})"] if listed else []


def _stored(node: exp.Expression, scope: Scope) -> _Stored | None:
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
        return None
    try:
        name = written(node.this)
        source, _ = scope.resolve(name, written(node.args["table"]) if node.args.get("table") else None)
    except (QueryError, UnsupportedError):
        return None  # SYSDATE, say; a mistake was told when the condition itself was compiled
    if not isinstance(source.rows, Table):
        return None
    return _Stored(source, name, source.rows.columns[name])
