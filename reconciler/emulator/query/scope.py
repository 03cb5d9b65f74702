"""The pieces the compiler hands around: compiled values, sources of rows, and the scope of a SELECT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import Kind, Scalar, UnsupportedError

DISPLAY: Final = "$display"


class QueryError(Exception):
    """A mistake in the query, in NetSuite's words."""


@dataclass(frozen=True, slots=True)
class Compiled:
    sql: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a result; `name` is None for an expression nobody named."""

    name: str | None
    value: Compiled


@dataclass(frozen=True, slots=True)
class Source:
    """A table or derived table in FROM under the alias we gave it."""

    alias: str
    record: str
    columns: Mapping[str, Kind]
    rows: Table | str  # a derived table is its SQL
    used: set[str] = field(default_factory=set)  # a column nobody asks for is not computed

    def sql(self) -> str:
        if isinstance(self.rows, str):
            return f"({self.rows}) AS {self.alias}"
        columns = []
        for name in sorted(self.used):
            column = self.rows.columns[name.removesuffix(DISPLAY)]
            columns.append(f'{column.display if name.endswith(DISPLAY) else column.sql} AS "{name}"')
        listed = ", ".join(columns) or "1"
        # Everything here is written in tables.py; a caller's text is bound, never part of the SQL.
        return f"(SELECT {listed} FROM {self.rows.rows}) AS {self.alias}"  # noqa: S608 - see the line above

    def use(self, name: str) -> str:
        self.used.add(name)
        return f'{self.alias}."{name}"'


@dataclass(slots=True)
class Bindings:
    """Everything the query brings of its own is bound by name; none of its text reaches SQLite."""

    values: dict[str, Scalar]
    params: Sequence[Scalar]
    aliases: int = 0

    def literal(self, value: Scalar) -> str:
        # Equal literals share a name, so that equal expressions compile to equal SQL: GROUP BY compares them so.
        for name, bound in self.values.items():
            if name.startswith("v") and type(bound) is type(value) and bound == value:
                return f":{name}"
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def param(self, number: int) -> Compiled:
        value = self.params[number]
        kind = Kind.NULL if value is None else Kind.TEXT if isinstance(value, str) else Kind.NUMBER
        self.values[f"p{number}"] = value
        return Compiled(f":p{number}", kind)

    def alias(self) -> str:
        self.aliases += 1
        return f"t{self.aliases}"


@dataclass(slots=True)
class Scope:
    """The sources a SELECT can name, and those of the query around it."""

    tables: Mapping[str, Table]
    parent: "Scope | None" = None
    sources: dict[str, Source] = field(default_factory=dict)
    in_filter: bool = False
    aggregates_allowed: bool = False
    is_grouped: bool = False

    def resolve(self, name: str, table: str | None) -> tuple[Source, Kind]:
        """The source a column belongs to, looking outwards as Oracle does."""
        wanted = [source for alias, source in self.sources.items() if table in {None, alias}]
        owners = [source for source in wanted if name in source.columns]
        if len(owners) > 1:
            raise UnsupportedError(f"column {name!r} stands in several tables; write the table before it")
        if owners:
            return owners[0], owners[0].columns[name]
        if self.parent is not None:
            return self.parent.resolve(name, table)
        written = f"{table}.{name}" if table else name
        listed = ", ".join(f"{alias}={source.record}" for alias, source in self.sources.items())
        raise QueryError(
            f"Search error occurred: Unknown identifier '{written}'. Available identifiers are: {{{listed}}}."
        )


def only(node: exp.Expression, *known: str) -> None:
    """Refuse a clause we do not know: what the parser accepts is far more than what is answered here."""
    for name, value in node.args.items():
        if value and name not in known:
            raise UnsupportedError(f"{name.strip('_').upper()} is not served in this place ({type(node).__name__})")


def written(identifier: exp.Expression | None) -> str:
    if not isinstance(identifier, exp.Identifier):
        raise UnsupportedError("this way to name something is not served")
    return str(identifier.this).lower()
