"""Compiling expressions: every value has a kind, every condition a truth, and nothing unknown gets through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlglot import exp

from reconciler.emulator.query import calls
from reconciler.emulator.query.conversions import as_text, comparable, comparing, numeric, one_kind, settled
from reconciler.emulator.query.scope import DISPLAY, Bindings, Compiled, Exact, Scope, exactness, only, written
from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import Kind, Scalar, UnsupportedError, to_number

# https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0824094533.html
LONGEST_LIST: Final = 1000
SubSelect = Callable[[exp.Select, Scope], tuple[str, list[Kind]]]


@dataclass(frozen=True, slots=True)
class Expressions:
    """Compiles the expressions of one query; `subselect` is the compiler of SELECTs, which needs this one in turn."""

    bindings: Bindings
    subselect: SubSelect
    count_of_audit_is_zero: bool

    def value(self, node: exp.Expression, scope: Scope) -> Compiled:
        compile_node = _VALUES.get(type(node))
        if compile_node is None:
            raise UnsupportedError(f"{type(node).__name__} is not served as a value")
        return compile_node(self, node, scope)

    def condition(self, node: exp.Expression, scope: Scope) -> str:
        compile_node = _CONDITIONS.get(type(node))
        if compile_node is None:
            raise UnsupportedError(f"{type(node).__name__} is not served as a condition")
        return compile_node(self, node, scope)

    def literal(self, node: exp.Expression, _scope: Scope) -> Compiled:
        only(node, "this", "is_string")
        if node.args.get("is_string"):
            text: Scalar = str(node.this) or None  # Oracle's empty text is NULL
            return Compiled(self.bindings.literal(text), Kind.TEXT if text else Kind.NULL)
        number = to_number(str(node.this))
        return Compiled(self.bindings.literal(number), Kind.NUMBER, exactness(number))

    def placeholder(self, node: exp.Expression, _scope: Scope) -> Compiled:
        return self.bindings.param(str(node.this))

    def null(self, _node: exp.Expression, _scope: Scope) -> Compiled:
        return Compiled("NULL", Kind.NULL)

    def column(self, node: exp.Expression, scope: Scope) -> Compiled:
        only(node, "this", "table")
        name = written(node.this)
        table = written(node.args["table"]) if node.args.get("table") else None
        if table is None and name == "sysdate":
            return Compiled(":now", Kind.DATE)
        if table is None and name == "rownum":
            raise UnsupportedError("ROWNUM is served only as ROWNUM <= n beside AND in WHERE")
        source, kind = scope.resolve(name, table)
        return Compiled(source.use(name), kind, Exact.DECIMAL if name in source.decimals else Exact.WHOLE)

    def current_date(self, node: exp.Expression, _scope: Scope) -> Compiled:
        only(node)
        return Compiled(":now", Kind.DATE)

    def paren(self, node: exp.Expression, scope: Scope) -> Compiled:
        return self.value(node.this, scope)

    def negative(self, node: exp.Expression, scope: Scope) -> Compiled:
        number = numeric(self.value(node.this, scope))
        return replace(number, sql=f"(-{number.sql})", kind=Kind.NUMBER, strict=number.strict and f"(-{number.strict})")

    def arithmetic(self, node: exp.Expression, scope: Scope) -> Compiled:
        left, right = self.value(node.this, scope), self.value(node.args["expression"], scope)
        return calls.arithmetic(_OPERATORS[type(node)], left, right)

    def concatenation(self, node: exp.Expression, scope: Scope) -> Compiled:
        if isinstance(node.args["expression"], exp.Add | exp.Sub):
            # Oracle reads 'a' || 1 + 2 from left to right, the grammar used here does not.
            raise UnsupportedError("+ and - after || need brackets")
        parts = [self.value(node.this, scope), self.value(node.args["expression"], scope)]
        return calls.call("CONCAT", parts, self.bindings)

    def case(self, node: exp.Expression, scope: Scope) -> Compiled:
        only(node, "this", "ifs", "default")
        subject = node.args.get("this")
        tests, results = [], []
        for branch in node.args["ifs"]:
            test = exp.EQ(this=subject.copy(), expression=branch.this) if subject else branch.this
            tests.append(self.condition(test, scope))
            results.append(self.value(branch.args["true"], scope))
        default = node.args.get("default")
        values = comparing([*results, self.value(default, scope) if default else Compiled("NULL", Kind.NULL)])
        branches = " ".join(f"WHEN {test} THEN {value.sql}" for test, value in zip(tests, values, strict=False))
        exact = max(value.exact for value in values)
        return Compiled(f"CASE {branches} ELSE {values[-1].sql} END", one_kind(values), exact)

    def call(self, node: exp.Expression, scope: Scope) -> Compiled:
        only(node, "this", "expressions")
        name = str(node.this).upper()
        if name in calls.AGGREGATES:
            return self._aggregate(name, node.expressions, scope)
        return calls.call(name, [self.value(argument, scope) for argument in node.expressions], self.bindings)

    def _aggregate(self, name: str, arguments: list[exp.Expression], scope: Scope) -> Compiled:
        if not scope.aggregates_allowed:
            raise UnsupportedError(f"{name} is not allowed in this place")
        if len(arguments) != 1:
            raise UnsupportedError(f"{name} takes one argument")
        argument = arguments[0]
        if isinstance(argument, exp.Star) and name == "COUNT":
            return self._count_of_rows(scope)
        distinct = isinstance(argument, exp.Distinct)
        if distinct:
            only(argument, "expressions")
            if len(argument.expressions) != 1:
                raise UnsupportedError("DISTINCT of several values is not served")
            argument = argument.expressions[0]
        scope.aggregates_allowed = False
        value = self.value(argument, scope)
        scope.aggregates_allowed = True
        return calls.aggregate(name, value, distinct=distinct)

    def _count_of_rows(self, scope: Scope) -> Compiled:
        records = {source.record for source in scope.sources.values()}
        if self.count_of_audit_is_zero and records == {"loginaudit"} and not scope.is_grouped:
            return Compiled("COUNT(NULL)", Kind.NUMBER)
        return Compiled("COUNT(*)", Kind.NUMBER)

    def builtin(self, node: exp.Expression, scope: Scope) -> Compiled:
        """BUILTIN.DF(column): the text that the user interface shows instead of an id."""
        function = node.args["expression"]
        is_display = (
            written(node.this) == "builtin"
            and isinstance(function, exp.Anonymous)
            and str(function.this).upper() == "DF"
            and len(function.expressions) == 1
            and isinstance(function.expressions[0], exp.Column)
        )
        if not is_display:
            raise UnsupportedError("of BUILTIN only BUILTIN.DF(column) is served")
        column = function.expressions[0]
        only(column, "this", "table")
        name = written(column.this)
        source, _ = scope.resolve(name, written(column.args["table"]) if column.args.get("table") else None)
        if not isinstance(source.rows, Table) or source.rows.columns[name].display is None:
            raise UnsupportedError(f"BUILTIN.DF({name}) is not served")
        if scope.in_filter and not source.rows.filters_by_display:
            raise UnsupportedError("filtering by BUILTIN.DF is unreliable on oauthtoken; filter by the id")
        return Compiled(source.use(name + DISPLAY), Kind.TEXT)

    def scalar_subquery(self, node: exp.Expression, scope: Scope) -> Compiled:
        only(node, "this")
        select = node.this
        is_one_row = isinstance(select, exp.Select) and not select.args.get("group") and _is_aggregate(select)
        if not is_one_row:
            raise UnsupportedError("a subquery as a value must be one aggregate, so that it gives one row")
        sql, kinds = self.subselect(select, scope)
        return Compiled(f"({sql})", _single(kinds), Exact.DECIMAL)

    def both(self, node: exp.Expression, scope: Scope) -> str:
        word = "AND" if isinstance(node, exp.And) else "OR"
        return f"({self.condition(node.this, scope)} {word} {self.condition(node.args['expression'], scope)})"

    def not_(self, node: exp.Expression, scope: Scope) -> str:
        return f"(NOT {self.condition(node.this, scope)})"

    def nested(self, node: exp.Expression, scope: Scope) -> str:
        return self.condition(node.this, scope)

    def comparison(self, node: exp.Expression, scope: Scope) -> str:
        left, right = comparable(self.value(node.this, scope), self.value(node.args["expression"], scope))
        return f"({left} {_COMPARISONS[type(node)]} {right})"

    def is_null(self, node: exp.Expression, scope: Scope) -> str:
        if not isinstance(node.args["expression"], exp.Null):
            raise UnsupportedError("IS is served only with NULL")
        return f"({self.value(node.this, scope).sql} IS NULL)"

    def in_(self, node: exp.Expression, scope: Scope) -> str:
        only(node, "this", "expressions", "query")
        left = self.value(node.this, scope)
        query = node.args.get("query")
        if query is not None:
            return self._in_subquery(left, query, scope)
        if not node.expressions:
            raise UnsupportedError("a list after IN has at least one member")
        if len(node.expressions) > LONGEST_LIST:
            raise UnsupportedError(f"a list after IN has at most {LONGEST_LIST} members")
        listed = self.bindings.listed(self.bindings.marked(node.expressions, left.kind))
        if listed is not None:
            return f"({settled(left, Exact.QUOTIENT).sql} IN ({listed}))"
        items: dict[str, list[str]] = {}
        for item in node.expressions:
            # A text and a number in one list are compared in different ways.
            subject, member = comparable(left, self.value(item, scope))
            items.setdefault(subject, []).append(member)
        return "(" + " OR ".join(f"{subject} IN ({', '.join(members)})" for subject, members in items.items()) + ")"

    def _in_subquery(self, left: Compiled, query: exp.Expression, scope: Scope) -> str:
        select = query.this if isinstance(query, exp.Subquery) else query
        if not isinstance(select, exp.Select):
            raise UnsupportedError("IN is served only with a list or a SELECT")
        sql, kinds = self.subselect(select, scope)
        if Kind.NULL not in {left.kind, _single(kinds)} and left.kind is not kinds[0]:
            raise UnsupportedError("IN compares values of different kinds")
        # A unary plus takes the column's affinity away, so that SQLite compares as strictly as the rest here does.
        return f"(+{left.sql} IN ({sql}))"

    def between(self, node: exp.Expression, scope: Scope) -> str:
        only(node, "this", "low", "high")
        value = self.value(node.this, scope)
        low = comparable(value, self.value(node.args["low"], scope))
        high = comparable(value, self.value(node.args["high"], scope))
        return f"({low[0]} >= {low[1]} AND {high[0]} <= {high[1]})"

    def like(self, node: exp.Expression, scope: Scope) -> str:
        return self._like_with(node, scope)

    def escape(self, node: exp.Expression, scope: Scope) -> str:
        if not isinstance(node.this, exp.Like):
            raise UnsupportedError("ESCAPE is served only with LIKE")
        return self._like_with(node.this, scope, node.args["expression"])

    def _like_with(self, node: exp.Expression, scope: Scope, *escape: exp.Expression) -> str:
        only(node, "this", "expression", "negate")
        arguments = (node.this, node.args["expression"], *escape)
        found = f"ora_like({', '.join(as_text(self.value(argument, scope)) for argument in arguments)})"
        return f"(NOT {found})" if node.args.get("negate") else found

    def exists(self, node: exp.Expression, scope: Scope) -> str:
        only(node, "this")
        select = node.this.this if isinstance(node.this, exp.Subquery) else node.this
        if not isinstance(select, exp.Select):
            raise UnsupportedError("EXISTS is served only with a SELECT")
        sql, _ = self.subselect(select, scope)
        return f"EXISTS ({sql})"


def _single(kinds: list[Kind]) -> Kind:
    if len(kinds) != 1:
        raise UnsupportedError("a subquery in this place must have one column")
    return kinds[0]


def _is_aggregate(select: exp.Select) -> bool:
    return all(
        isinstance(item.unalias(), exp.Anonymous) and str(item.unalias().this).upper() in calls.AGGREGATES
        for item in select.expressions
    )


_Value = Callable[[Expressions, exp.Expression, Scope], Compiled]
_Condition = Callable[[Expressions, exp.Expression, Scope], str]
_OPERATORS: Final[Mapping[type[exp.Expression], str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_COMPARISONS: Final[Mapping[type[exp.Expression], str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
_VALUES: Final[Mapping[type[exp.Expression], _Value]] = {
    exp.Literal: Expressions.literal,
    exp.Placeholder: Expressions.placeholder,
    exp.Null: Expressions.null,
    exp.Column: Expressions.column,
    exp.CurrentDate: Expressions.current_date,
    exp.Paren: Expressions.paren,
    exp.Neg: Expressions.negative,
    exp.DPipe: Expressions.concatenation,
    exp.Case: Expressions.case,
    exp.Anonymous: Expressions.call,
    exp.Dot: Expressions.builtin,
    exp.Subquery: Expressions.scalar_subquery,
    **dict.fromkeys(_OPERATORS, Expressions.arithmetic),
}
_CONDITIONS: Final[Mapping[type[exp.Expression], _Condition]] = {
    exp.And: Expressions.both,
    exp.Or: Expressions.both,
    exp.Not: Expressions.not_,
    exp.Paren: Expressions.nested,
    exp.Is: Expressions.is_null,
    exp.In: Expressions.in_,
    exp.Between: Expressions.between,
    exp.Like: Expressions.like,
    exp.Escape: Expressions.escape,
    exp.Exists: Expressions.exists,
    **dict.fromkeys(_COMPARISONS, Expressions.comparison),
}
