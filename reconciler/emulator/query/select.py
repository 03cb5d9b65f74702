"""Compiling a SELECT: its sources, its columns, and Oracle's rules for GROUP BY, ORDER BY and ROWNUM."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from reconciler.emulator.query import calls
from reconciler.emulator.query.columns import Column, Form
from reconciler.emulator.query.conversions import settled
from reconciler.emulator.query.expressions import Expressions
from reconciler.emulator.query.narrowing import narrowed
from reconciler.emulator.query.scope import (
    STORED,
    Bindings,
    Compiled,
    Exact,
    Output,
    QueryError,
    Scope,
    Source,
    only,
    written,
)
from reconciler.emulator.query.sources import Sources, conjuncts
from reconciler.emulator.query.statement import Statement
from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import Kind, UnsupportedError, to_number
from reconciler.emulator.query.zones import Zones

CLAUSES = ("expressions", "from_", "from", "joins", "where", "group", "having", "order", "distinct", "limit")


@dataclass(frozen=True, slots=True)
class Settings:
    """How an account answers what NetSuite's documentation leaves open."""

    count_of_audit_is_zero: bool
    fetches_first: bool
    missing: Callable[[str], QueryError]


@dataclass(frozen=True, slots=True)
class Selects:
    """Compiles the SELECTs of one query over the tables of one caller."""

    tables: Mapping[str, Table]
    bindings: Bindings
    zones: Zones
    settings: Settings

    def statement(self, select: exp.Select, parent: Scope | None = None) -> Statement:
        only(select, *CLAUSES)
        parts = Statement(Scope(self.tables, parent), distinct=bool(select.args.get("distinct")))
        if parts.distinct:
            only(select.args["distinct"])
        self._sources.fill(select, parts, self.expressions)
        self._where(select, parts)
        self._groups(select, parts)
        self._outputs(select, parts)
        self._having(select, parts)
        self._order(select, parts)
        self._first(select, parts)
        return parts

    @property
    def expressions(self) -> Expressions:
        return Expressions(self.bindings, self._subselect, self.settings.count_of_audit_is_zero)

    @property
    def _sources(self) -> Sources:
        return Sources(self.tables, self.bindings, self.zones, self.settings.missing, self.statement)

    def _subselect(self, select: exp.Select, scope: Scope) -> tuple[str, list[Kind]]:
        statement = self.statement(select, scope)
        return statement.sql, [output.value.kind for output in statement.outputs]

    def _where(self, select: exp.Select, parts: Statement) -> None:
        where = select.args.get("where")
        if where is None:
            return
        parts.scope.in_filter = True
        for condition in conjuncts(where.this):
            if any(column.args.get("join_mark") for column in condition.find_all(exp.Column)):
                continue  # became a join
            limit = _row_limit(condition)
            if limit is None:
                parts.where.append(self.expressions.condition(condition, parts.scope))
                parts.where += narrowed(condition, parts.scope, self.expressions)
                continue
            if parts.limit or parts.distinct or any(select.args.get(name) for name in ("group", "having", "order")):
                raise UnsupportedError("ROWNUM beside ORDER BY, GROUP BY or DISTINCT is not served; put it around them")
            parts.limit = self.bindings.literal(limit)
        parts.scope.in_filter = False

    def _groups(self, select: exp.Select, parts: Statement) -> None:
        group = select.args.get("group")
        if group is None:
            return
        only(group, "expressions")
        parts.scope.is_grouped = True
        for node in group.expressions:
            if isinstance(node, exp.Literal):
                raise UnsupportedError("GROUP BY a position is not served; name the expression")
            parts.groups.append(settled(self.expressions.value(node, parts.scope), Exact.QUOTIENT))

    def _outputs(self, select: exp.Select, parts: Statement) -> None:
        scope = parts.scope
        scope.aggregates_allowed = True
        parts.aggregated = bool(parts.groups or select.args.get("having")) or _has_aggregate(select.expressions)
        if parts.limit and parts.aggregated:
            raise UnsupportedError("ROWNUM beside an aggregate is not served; put it around the query")
        for node in select.expressions:
            if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
                if parts.aggregated:
                    raise UnsupportedError("* beside GROUP BY is not served")
                parts.outputs.extend(_all_columns(node, scope))
                continue
            if parts.aggregated:
                self._check_grouped(node.unalias(), parts)
            value = settled(self.expressions.value(node.unalias(), scope))
            parts.outputs.append(Output(_name(node), value, _renames(node)))

    def _check_grouped(self, node: exp.Expression, parts: Statement) -> None:
        """Oracle refuses a column that is neither grouped nor inside an aggregate; SQLite would pick any row's."""
        if _is_aggregate(node) or isinstance(node, exp.Literal | exp.Placeholder | exp.Null | exp.Identifier):
            return
        if isinstance(node, exp.Subquery | exp.Exists):
            raise UnsupportedError("a subquery beside GROUP BY is not served")
        if isinstance(node, exp.Column | exp.Anonymous | exp.Dot | exp.DPipe | exp.Case | exp.Binary) and not (
            isinstance(node, exp.Predicate | exp.Connector)
        ):
            compiled = settled(self.expressions.value(node, parts.scope), Exact.QUOTIENT).sql
            if compiled in {group.sql for group in parts.groups} or compiled == ":now":
                return
            if isinstance(node, exp.Column):
                raise UnsupportedError(f"column {node.name!r} is neither in GROUP BY nor in an aggregate")
        for part in node.iter_expressions():
            self._check_grouped(part, parts)

    def _having(self, select: exp.Select, parts: Statement) -> None:
        having = select.args.get("having")
        if having is not None:
            self._check_grouped(having.this, parts)
            parts.scope.in_filter = True
            parts.having = self.expressions.condition(having.this, parts.scope)
            parts.scope.in_filter = False

    def _order(self, select: exp.Select, parts: Statement) -> None:
        order = select.args.get("order")
        if order is None:
            return
        only(order, "expressions")
        for item in order.expressions:
            only(item, "this", "desc", "nulls_first")
            # The grammar fills in Oracle's default: NULL is the largest value.
            nulls = " NULLS FIRST" if item.args.get("nulls_first") else " NULLS LAST"
            direction = "DESC" if item.args.get("desc") else "ASC"
            key, column = self._sort_key(item.this, select, parts)
            if column is not None and column[1].is_required and column[0].alias not in parts.scope.optional:
                nulls = ""  # an index has it in this order
                self._by_moment(column, direction, parts)
            parts.order.append(f"{key} {direction}{nulls}")

    def _by_moment(self, column: tuple[Source, Column], direction: str, parts: Statement) -> None:
        source, description = column
        if not parts.order and len(parts.joins) == 1 and description.form is Form.MOMENT:
            name = next(name for name, each in _columns(source).items() if each is description)
            parts.by_moment = (source.use(name + STORED), direction)

    def _sort_key(
        self, node: exp.Expression, select: exp.Select, parts: Statement
    ) -> tuple[str, tuple[Source, Column] | None]:
        """What to sort by, and the column of a table that it is, if it is one."""
        names = [output.name for output in parts.outputs]
        position = 0
        if isinstance(node, exp.Literal) and not node.is_string:
            position = int(to_number(str(node.this)) or 0)
            if not 1 <= position <= len(parts.outputs):
                raise UnsupportedError(f"ORDER BY {position}: there is no such column")
        elif isinstance(node, exp.Column) and not node.args.get("table") and names.count(node.name.lower()) == 1:
            position = names.index(node.name.lower()) + 1
        if position:
            return str(position), _column_of(parts.outputs[position - 1].value.sql, parts)
        aliases = {output.name for output in parts.outputs if output.is_alias}
        if any(column.name.lower() in aliases and not column.table for column in node.find_all(exp.Column)):
            raise UnsupportedError("an alias within an expression of ORDER BY is not served; repeat what it stands for")
        if parts.groups or _has_aggregate(select.expressions):
            self._check_grouped(node, parts)
        compiled = settled(self.expressions.value(node, parts.scope), Exact.QUOTIENT).sql
        if parts.distinct and compiled not in {output.value.sql for output in parts.outputs}:
            raise UnsupportedError("with DISTINCT, ORDER BY can only name what is selected")
        return compiled, _column_of(compiled, parts)

    def _first(self, select: exp.Select, parts: Statement) -> None:
        """FETCH FIRST n ROWS ONLY, which counts after ORDER BY."""
        limit = select.args.get("limit")
        if limit is None:
            return
        count = limit.args.get("count")
        is_plain = isinstance(limit, exp.Fetch) and isinstance(count, exp.Literal) and str(count.this).isdigit()
        # Where the grammar keeps PERCENT and WITH TIES moved between the versions served.
        options = [place for place in (limit, limit.args.get("limit_options")) if place is not None]
        has_more = any(place.args.get("percent") or place.args.get("with_ties") for place in options)
        if not is_plain or has_more or not self.settings.fetches_first or parts.limit:
            raise UnsupportedError(
                "LIMIT, TOP and this way to write FETCH are not served; write FETCH FIRST n ROWS ONLY"
            )
        parts.limit = self.bindings.literal(int(str(count.this)))


def _columns(source: Source) -> Mapping[str, Column]:
    return source.rows.columns if isinstance(source.rows, Table) else {}


def _column_of(sql: str, parts: Statement) -> tuple[Source, Column] | None:
    for source in parts.scope.sources.values():
        for name, column in _columns(source).items():
            if sql == f'{source.alias}."{name}"':
                return source, column
    return None


def _name(node: exp.Expression) -> str | None:
    if isinstance(node, exp.Alias):
        name = written(node.args["alias"])
    elif isinstance(node, exp.Column):
        name = written(node.this)
    else:
        return None
    if not name.replace("_", "a").replace("$", "a").isalnum() or not name.isascii():
        raise UnsupportedError("an alias may hold letters, digits and _ only")
    return None if name == "sysdate" and isinstance(node, exp.Column) else name


def _renames(node: exp.Expression) -> bool:
    inner = node.unalias()
    return isinstance(node, exp.Alias) and not (isinstance(inner, exp.Column) and inner.name.lower() == _name(node))


def _all_columns(node: exp.Expression, scope: Scope) -> list[Output]:
    wanted = written(node.args["table"]) if isinstance(node, exp.Column) else None
    if wanted is not None and wanted not in scope.sources:
        raise UnsupportedError(f"{wanted}.* names nothing in FROM")
    return [
        Output(name, Compiled(source.use(name), kind, Exact.DECIMAL if name in source.decimals else Exact.WHOLE))
        for alias, source in scope.sources.items()
        if wanted in {None, alias}
        for name, kind in source.columns.items()
    ]


def _row_limit(node: exp.Expression) -> int | None:
    """ROWNUM <= n, ROWNUM < n or ROWNUM = 1 as a number of rows."""
    left = node.this
    is_rownum = isinstance(left, exp.Column) and not left.args.get("table") and left.name.lower() == "rownum"
    if not is_rownum or not isinstance(node, exp.LTE | exp.LT | exp.EQ):
        return None
    right = node.args["expression"]
    if not isinstance(right, exp.Literal) or right.is_string or not str(right.this).isdigit():
        raise UnsupportedError("ROWNUM is compared with something other than a whole number")
    rows = int(str(right.this))
    if isinstance(node, exp.EQ) and rows != 1:
        return 0  # Oracle's counter never gets there
    return rows - 1 if isinstance(node, exp.LT) and rows else rows


def _is_aggregate(node: exp.Expression) -> bool:
    return isinstance(node, exp.Anonymous) and str(node.this).upper() in calls.AGGREGATES


def _has_aggregate(nodes: list[exp.Expression]) -> bool:
    return any(_has_own_aggregate(node) for node in nodes)


def _has_own_aggregate(node: exp.Expression) -> bool:
    """An aggregate of this SELECT, not of a subquery within."""
    if isinstance(node, exp.Select):
        return False
    return _is_aggregate(node) or any(_has_own_aggregate(part) for part in node.iter_expressions())
