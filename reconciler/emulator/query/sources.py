"""Compiling FROM: tables, derived tables, and the joins between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from reconciler.emulator.query.expressions import Expressions
from reconciler.emulator.query.scope import Bindings, Exact, QueryError, Scope, Source, only, written
from reconciler.emulator.query.statement import Statement
from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import UnsupportedError
from reconciler.emulator.query.zones import Zones

_SIDES: Final = {"": "JOIN", "LEFT": "LEFT JOIN", "RIGHT": "RIGHT JOIN", "FULL": "FULL JOIN"}


@dataclass(frozen=True, slots=True)
class Sources:
    """Fills in the sources of a SELECT; `nested` compiles a SELECT that stands in FROM."""

    tables: Mapping[str, Table]
    bindings: Bindings
    zones: Zones
    missing: Callable[[str], QueryError]
    nested: Callable[[exp.Select], Statement]

    def fill(self, select: exp.Select, statement: Statement, expressions: Expressions) -> None:
        clause = select.args.get("from_") or select.args.get("from")
        if clause is None:
            raise UnsupportedError("a SELECT without FROM is not served")
        joins = select.args.get("joins") or []
        listed = [join for join in joins if _is_comma(join)]
        if listed and len(listed) < len(joins):
            # https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0824094533.html
            raise UnsupportedError("SuiteQL takes tables joined by commas or by JOIN, not by both in one query")
        statement.joins.append(("", self._source(clause.this, statement.scope), ""))
        marked = marked_conditions(select)
        for join in joins:
            self._join(join, statement, expressions, marked)
        if marked:
            raise UnsupportedError(f"(+) is served at a table that stands after a comma in FROM: {', '.join(marked)}")

    def _join(
        self,
        join: exp.Join,
        statement: Statement,
        expressions: Expressions,
        marked: dict[str, list[exp.Expression]],
    ) -> None:
        only(join, "this", "side", "kind", "on")
        side, kind = str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper()
        condition = join.args.get("on")
        if side not in _SIDES or kind not in {"", "INNER", "OUTER", "CROSS"}:
            raise UnsupportedError(f"{side} {kind} JOIN is not served")
        if bool(condition) is (kind == "CROSS") and not _is_comma(join):
            raise UnsupportedError("JOIN needs ON, and CROSS JOIN has none")
        scope = statement.scope
        before = list(scope.sources.values())
        source = self._source(join.this, scope)
        outer = marked.pop(list(scope.sources)[-1], []) if _is_comma(join) else []
        if outer:
            side = "LEFT"
        try:
            on = " AND ".join(
                expressions.condition(each, scope) for each in outer or ([condition] if condition else [])
            )
        except QueryError as error:
            if not outer:
                raise
            raise UnsupportedError("a table with (+) must stand behind those it is compared with in FROM") from error
        # A row without a partner has NULL in every column of the other side.
        scope.optional.update(each.alias for each in before if side in {"RIGHT", "FULL"})
        scope.optional.update({source.alias} if side in {"LEFT", "FULL"} else ())
        statement.joins.append((_SIDES[side], source, on))

    def _source(self, node: exp.Expression, scope: Scope) -> Source:
        if isinstance(node, exp.Subquery):
            source = self._derived(node)
            name = written(node.args["alias"].this) if node.args.get("alias") else source.alias
        else:
            only(node, "this", "alias")
            record = written(node.this)
            table = self.tables.get(record)
            if table is None:
                raise self.missing(record)
            name = written(node.args["alias"].this) if node.args.get("alias") else record
            kinds = {column: description.kind for column, description in table.columns.items()}
            source = Source(self.bindings.alias(), record, kinds, table, self.zones)
        if name in scope.sources:
            raise UnsupportedError(f"{name!r} stands twice in FROM; give each its own alias")
        scope.sources[name] = source
        return source

    def _derived(self, node: exp.Subquery) -> Source:
        only(node, "this", "alias")
        if not isinstance(node.this, exp.Select):
            raise UnsupportedError("only a SELECT is served in FROM")
        statement = self.nested(node.this)
        kinds = {output.name: output.value.kind for output in statement.outputs if output.name}
        if len(kinds) != len(statement.outputs):
            raise UnsupportedError("every column of a SELECT in FROM needs a name of its own")
        decimals = frozenset(out.name for out in statement.outputs if out.name and out.value.exact is not Exact.WHOLE)
        return Source(self.bindings.alias(), "subquery", kinds, statement.sql, self.zones, decimals)


def marked_conditions(select: exp.Select) -> dict[str, list[exp.Expression]]:
    """The conditions of WHERE that make an outer join by (+), without that mark, by the table they leave empty.

    https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_160045333353.html and article_0824094533.html
    """
    where = select.args.get("where")
    found: dict[str, list[exp.Expression]] = {}
    for condition in conjuncts(where.this) if where is not None else ():
        columns = list(condition.find_all(exp.Column))
        tables = {written(column.args.get("table")) for column in columns if column.args.get("join_mark")}
        if not tables:
            continue
        if len(tables) > 1 or condition.find(exp.Or, exp.Select) or _is_right_join(condition):
            raise UnsupportedError("this use of (+) is not served")
        (table,) = tables
        if any(column.table.lower() == table and not column.args.get("join_mark") for column in columns):
            raise UnsupportedError("(+) must stand at all columns of its table in a condition")
        plain = condition.copy()
        for column in plain.find_all(exp.Column):
            column.set("join_mark", None)
        found.setdefault(table, []).append(plain)
    return found


def _is_right_join(condition: exp.Expression) -> bool:
    """`a.id(+) = b.id`, which SuiteQL does not take."""
    left, right = condition.args.get("this"), condition.args.get("expression")
    is_marked = isinstance(left, exp.Column) and bool(left.args.get("join_mark"))
    return is_marked and isinstance(right, exp.Expression) and right.find(exp.Column) is not None


def conjuncts(node: exp.Expression) -> list[exp.Expression]:
    """The conditions that are joined by AND at the top."""
    if isinstance(node, exp.And):
        return [*conjuncts(node.this), *conjuncts(node.args["expression"])]
    return [node]


def _is_comma(join: exp.Join) -> bool:
    return not any(join.args.get(name) for name in ("side", "kind", "on", "method", "using"))
