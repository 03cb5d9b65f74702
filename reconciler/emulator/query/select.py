"""Compiling a SELECT: its sources, its columns, and Oracle's rules for GROUP BY, ORDER BY and ROWNUM."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from reconciler.emulator.query import calls
from reconciler.emulator.query.expressions import Expressions
from reconciler.emulator.query.scope import Bindings, Compiled, Output, QueryError, Scope, Source, only, written
from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import Kind, UnsupportedError, to_number

CLAUSES = ("expressions", "from_", "from", "joins", "where", "group", "having", "order", "distinct")


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    outputs: tuple[Output, ...]
    is_limited: bool


@dataclass(slots=True)
class _Parts:
    """A SELECT under compilation."""

    scope: Scope
    joins: list[tuple[str, Source, str]] = field(default_factory=list)
    where: str = ""
    limit: str = ""
    groups: list[str] = field(default_factory=list)
    having: str = ""
    outputs: list[Output] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Selects:
    """Compiles the SELECTs of one query over the tables of one caller."""

    tables: Mapping[str, Table]
    bindings: Bindings
    count_of_audit_is_zero: bool = False

    def statement(self, select: exp.Select, parent: Scope | None = None) -> Statement:
        only(select, *CLAUSES)
        parts = _Parts(Scope(self.tables, parent), distinct=bool(select.args.get("distinct")))
        if parts.distinct:
            only(select.args["distinct"])
        self._from(select, parts)
        self._where(select, parts)
        self._groups(select, parts)
        self._outputs(select, parts)
        self._having(select, parts)
        self._order(select, parts)
        return Statement(_assembled(parts), tuple(parts.outputs), bool(parts.limit))

    @property
    def expressions(self) -> Expressions:
        return Expressions(self.bindings, self._subselect, self.count_of_audit_is_zero)

    def _subselect(self, select: exp.Select, scope: Scope) -> tuple[str, list[Kind]]:
        statement = self.statement(select, scope)
        return statement.sql, [output.value.kind for output in statement.outputs]

    def _from(self, select: exp.Select, parts: _Parts) -> None:
        clause = select.args.get("from_") or select.args.get("from")
        if clause is None:
            raise UnsupportedError("a SELECT without FROM is not served")
        parts.joins.append(("", self._source(clause.this, parts.scope), ""))
        for join in select.args.get("joins") or ():
            only(join, "this", "side", "kind", "on")
            side, kind = str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper()
            if side not in {"", "LEFT"} or kind not in {"", "INNER", "OUTER", "CROSS"}:
                raise UnsupportedError(f"{side} {kind} JOIN is not served")
            source = self._source(join.this, parts.scope)
            condition = join.args.get("on")
            on = self.expressions.condition(condition, parts.scope) if condition else ""
            if side and not on:
                raise UnsupportedError("LEFT JOIN needs ON")
            parts.joins.append(("LEFT JOIN" if side else "JOIN", source, on))

    def _source(self, node: exp.Expression, scope: Scope) -> Source:
        if isinstance(node, exp.Subquery):
            source = self._derived(node)
            name = written(node.args["alias"].this) if node.args.get("alias") else source.alias
        else:
            only(node, "this", "alias")
            record = written(node.this)
            table = self.tables.get(record)
            if table is None:
                raise QueryError(f"Search error occurred: Record '{record}' was not found.")
            name = written(node.args["alias"].this) if node.args.get("alias") else record
            kinds = {column: description.kind for column, description in table.columns.items()}
            source = Source(self.bindings.alias(), record, kinds, table)
        if name in scope.sources:
            raise UnsupportedError(f"{name!r} stands twice in FROM; give each its own alias")
        scope.sources[name] = source
        return source

    def _derived(self, node: exp.Subquery) -> Source:
        only(node, "this", "alias")
        if not isinstance(node.this, exp.Select):
            raise UnsupportedError("only a SELECT is served in FROM")
        statement = self.statement(node.this)
        kinds = {output.name: output.value.kind for output in statement.outputs if output.name}
        if len(kinds) != len(statement.outputs):
            raise UnsupportedError("every column of a SELECT in FROM needs a name of its own")
        return Source(self.bindings.alias(), "subquery", kinds, statement.sql)

    def _where(self, select: exp.Select, parts: _Parts) -> None:
        where = select.args.get("where")
        if where is None:
            return
        parts.scope.in_filter = True
        kept = []
        for condition in _conjuncts(where.this):
            limit = _row_limit(condition)
            if limit is None:
                kept.append(self.expressions.condition(condition, parts.scope))
                continue
            if parts.limit or parts.distinct or any(select.args.get(name) for name in ("group", "having", "order")):
                raise UnsupportedError("ROWNUM beside ORDER BY, GROUP BY or DISTINCT is not served; put it around them")
            parts.limit = self.bindings.literal(limit)
        parts.where = " AND ".join(kept)
        parts.scope.in_filter = False

    def _groups(self, select: exp.Select, parts: _Parts) -> None:
        group = select.args.get("group")
        if group is None:
            return
        only(group, "expressions")
        parts.scope.is_grouped = True
        for node in group.expressions:
            if isinstance(node, exp.Literal):
                raise UnsupportedError("GROUP BY a position is not served; name the expression")
            parts.groups.append(self.expressions.value(node, parts.scope).sql)

    def _outputs(self, select: exp.Select, parts: _Parts) -> None:
        scope = parts.scope
        scope.aggregates_allowed = True
        aggregated = bool(parts.groups) or bool(select.args.get("having")) or _has_aggregate(select.expressions)
        if parts.limit and aggregated:
            raise UnsupportedError("ROWNUM beside an aggregate is not served; put it around the query")
        for node in select.expressions:
            if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
                if aggregated:
                    raise UnsupportedError("* beside GROUP BY is not served")
                parts.outputs.extend(_all_columns(node, scope))
                continue
            if aggregated:
                self._check_grouped(node.unalias(), parts)
            parts.outputs.append(Output(_name(node), self.expressions.value(node.unalias(), scope)))

    def _check_grouped(self, node: exp.Expression, parts: _Parts) -> None:
        """Oracle refuses a column that is neither grouped nor inside an aggregate; SQLite would pick any row's."""
        if _is_aggregate(node) or isinstance(node, exp.Literal | exp.Placeholder | exp.Null | exp.Identifier):
            return
        if isinstance(node, exp.Subquery | exp.Exists):
            raise UnsupportedError("a subquery beside GROUP BY is not served")
        if isinstance(node, exp.Column | exp.Anonymous | exp.Dot | exp.DPipe | exp.Case | exp.Binary) and not (
            isinstance(node, exp.Predicate | exp.Connector)
        ):
            compiled = self.expressions.value(node, parts.scope).sql
            if compiled in parts.groups or compiled == ":now":
                return
            if isinstance(node, exp.Column):
                raise UnsupportedError(f"column {node.name!r} is neither in GROUP BY nor in an aggregate")
        for part in node.iter_expressions():
            self._check_grouped(part, parts)

    def _having(self, select: exp.Select, parts: _Parts) -> None:
        having = select.args.get("having")
        if having is not None:
            self._check_grouped(having.this, parts)
            parts.scope.in_filter = True
            parts.having = self.expressions.condition(having.this, parts.scope)
            parts.scope.in_filter = False

    def _order(self, select: exp.Select, parts: _Parts) -> None:
        order = select.args.get("order")
        if order is None:
            return
        only(order, "expressions")
        for item in order.expressions:
            only(item, "this", "desc", "nulls_first")
            # The grammar fills in Oracle's default: NULL is the largest value.
            nulls = "FIRST" if item.args.get("nulls_first") else "LAST"
            direction = "DESC" if item.args.get("desc") else "ASC"
            parts.order.append(f"{self._sort_key(item.this, select, parts)} {direction} NULLS {nulls}")

    def _sort_key(self, node: exp.Expression, select: exp.Select, parts: _Parts) -> str:
        if isinstance(node, exp.Literal) and not node.is_string:
            position = int(to_number(str(node.this)) or 0)
            if not 1 <= position <= len(parts.outputs):
                raise UnsupportedError(f"ORDER BY {position}: there is no such column")
            return str(position)
        if isinstance(node, exp.Column) and not node.args.get("table"):
            names = [output.name for output in parts.outputs]
            if names.count(node.name.lower()) == 1:
                return str(names.index(node.name.lower()) + 1)
        if parts.groups or _has_aggregate(select.expressions):
            self._check_grouped(node, parts)
        compiled = self.expressions.value(node, parts.scope).sql
        if parts.distinct and compiled not in {output.value.sql for output in parts.outputs}:
            raise UnsupportedError("with DISTINCT, ORDER BY can only name what is selected")
        return compiled


def _assembled(parts: _Parts) -> str:
    columns = ", ".join(
        f'{output.value.sql} AS "{output.name or position}"' for position, output in enumerate(parts.outputs)
    )
    words = ["SELECT", "DISTINCT" if parts.distinct else "", columns, "FROM"]
    for join, source, on in parts.joins:
        words += [join, source.sql(), f"ON {on}" if on else ""]
    words.append(f"WHERE {parts.where}" if parts.where else "")
    words.append(f"GROUP BY {', '.join(parts.groups)}" if parts.groups else "")
    words.append(f"HAVING {parts.having}" if parts.having else "")
    words.append(f"ORDER BY {', '.join(parts.order)}" if parts.order else "")
    words.append(f"LIMIT {parts.limit}" if parts.limit else "")
    return " ".join(word for word in words if word)


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


def _all_columns(node: exp.Expression, scope: Scope) -> list[Output]:
    wanted = written(node.args["table"]) if isinstance(node, exp.Column) else None
    if wanted is not None and wanted not in scope.sources:
        raise UnsupportedError(f"{wanted}.* names nothing in FROM")
    return [
        Output(name, Compiled(source.use(name), kind))
        for alias, source in scope.sources.items()
        if wanted in {None, alias}
        for name, kind in source.columns.items()
    ]


def _conjuncts(node: exp.Expression) -> list[exp.Expression]:
    if isinstance(node, exp.And):
        return [*_conjuncts(node.this), *_conjuncts(node.args["expression"])]
    return [node]


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
