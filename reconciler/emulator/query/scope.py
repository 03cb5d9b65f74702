"""The pieces the compiler hands around: compiled values, sources of rows, and the scope of a SELECT."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from sqlglot import exp

from reconciler.emulator.query.tables import Table
from reconciler.emulator.query.values import Kind, Scalar, UnsupportedError
from reconciler.emulator.query.zones import Zones

DISPLAY: Final = "$display"
STORED: Final = "$stored"


class QueryError(Exception):
    """A mistake in the query, in NetSuite's words."""


class Exact(IntEnum):
    """What is known of a number: Oracle counts in decimals of forty digits, SQLite in binary."""

    WHOLE = 0
    DECIMAL = 1  # few enough digits that it is the same here
    QUOTIENT = 2  # of two exact numbers: compares and rounds as Oracle's does, but has not its forty digits
    DERIVED = 3  # computed from a quotient


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression as SQL, with what is known of its values."""

    sql: str
    kind: Kind
    exact: Exact = Exact.WHOLE
    strict: str = ""  # of what was computed from a quotient: the same, failing where the quotient is not exact

    @property
    def is_constant(self) -> bool:
        """Whether it is the same for all rows: what comes from a row is in quotation marks, for so are columns."""
        return '"' not in self.sql and "(SELECT" not in self.sql


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a result; `name` is None for an expression nobody named."""

    name: str | None
    value: Compiled
    is_alias: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A table or derived table in FROM under the alias we gave it."""

    alias: str
    record: str
    columns: Mapping[str, Kind]
    rows: Table | str  # a derived table is its SQL
    zones: Zones
    decimals: frozenset[str] = frozenset()  # columns of a derived table that may hold more than whole numbers
    used: set[str] = field(default_factory=set)  # a column nobody asks for is not computed

    def sql(self) -> str:
        if isinstance(self.rows, str):
            return f"({self.rows}) AS {self.alias}"
        listed = ", ".join(f'{self._value(self.rows, name)} AS "{name}"' for name in sorted(self.used)) or "1"
        # Everything here is written in tables.py; a caller's text is bound, never part of the SQL.
        return f"(SELECT {listed} FROM {self.rows.rows}) AS {self.alias}"  # noqa: S608 - see the line above

    def _value(self, table: Table, name: str) -> str:
        if name.endswith(DISPLAY):
            return str(table.columns[name.removesuffix(DISPLAY)].display)
        if name.endswith(STORED):
            return table.columns[name.removesuffix(STORED)].sql
        return table.columns[name].value(self.zones)

    def use(self, name: str) -> str:
        self.used.add(name)
        return f'{self.alias}."{name}"'


@dataclass(slots=True)
class Bindings:
    """Everything the query brings of its own is bound by name; none of its text reaches SQLite."""

    values: dict[str, Scalar]
    params: Sequence[Scalar]
    aliases: int = 0
    literals: dict[tuple[type, Scalar], str] = field(default_factory=dict)
    compiled: dict[str, Compiled] = field(default_factory=dict)

    def literal(self, value: Scalar) -> str:
        # Equal literals share a name, so that equal expressions compile to equal SQL: GROUP BY compares them so.
        key = (type(value), value)
        if key not in self.literals:
            self.literals[key] = f"v{len(self.literals)}"
            self.values[self.literals[key]] = value
        return f":{self.literals[key]}"

    def param(self, name: str) -> Compiled:
        """The value of a mark, which the grammar calls p0, p1, ..."""
        # A mark is looked at more than once, and lists have a thousand of them.
        if name not in self.compiled:
            value = self.params[int(name.removeprefix("p"))]
            kind = Kind.NULL if value is None else Kind.TEXT if isinstance(value, str) else Kind.NUMBER
            self.values[name] = value
            self.compiled[name] = Compiled(f":{name}", kind, exactness(value))
        return self.compiled[name]

    def marked(self, nodes: Sequence[exp.Expression], kind: Kind) -> Sequence[Scalar]:
        """The values of a list of nothing but marks, if all are texts or all are whole numbers as `kind` says."""
        if kind not in _LISTED or any(type(node) is not exp.Placeholder for node in nodes):
            return ()
        # Marks are numbered in the order of the text, so those of a list follow each other.
        first = int(str(nodes[0].this).removeprefix("p"))
        values = self.params[first : first + len(nodes)]
        return values if set(map(type, values)) == {_LISTED[kind]} else ()

    def listed(self, values: Sequence[Scalar], function: str = "") -> str | None:
        """Texts or whole numbers as what IN looks into; None where there are none, or SQLite would cut one short.

        One binding for all: a list has a thousand members, and SQL that is the same for each list is compiled once.
        """
        if not values or any(isinstance(value, str) and "\0" in value for value in values):
            return None
        bound = self.literal(json.dumps(values, ensure_ascii=False))
        return f"SELECT {function}(value) FROM json_each({bound})"  # noqa: S608 - a name of our own

    def known(self, compiled: Compiled) -> Scalar:
        """The value of a literal or a parameter, or None for anything else."""
        return self.values.get(compiled.sql.removeprefix(":")) if compiled.sql.startswith(":") else None

    def alias(self) -> str:
        self.aliases += 1
        return f"t{self.aliases}"


_LISTED: Final[Mapping[Kind, type]] = {Kind.TEXT: str, Kind.NUMBER: int}


def exactness(value: Scalar) -> Exact:
    return Exact.DECIMAL if isinstance(value, float) else Exact.WHOLE


@dataclass(slots=True)
class Scope:
    """The sources a SELECT can name, and those of the query around it."""

    tables: Mapping[str, Table]
    parent: "Scope | None" = None
    sources: dict[str, Source] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)  # what an outer join may leave empty, by our own alias
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
