"""Reading SuiteQL: sqlglot's Oracle grammar, with every function left as it was written."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Final

from sqlglot import exp
from sqlglot.dialects.oracle import Oracle
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType  # type: ignore[attr-defined]  # its home moved between the versions served

from reconciler.emulator.query.values import UnsupportedError

LONGEST_QUERY: Final = 100_000
LONGEST_REMEMBERED: Final = 4_000
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;]*m")  # sqlglot underlines what it does not understand
FOREIGN: Final = frozenset({"==", "<=>"})  # sqlglot reads the first one as =


class SuiteQL(Oracle):
    """sqlglot gives known functions forms of its own (TO_DATE becomes strptime); the compiler wants the original."""

    class Parser(Oracle.Parser):  # type: ignore[misc,valid-type]  # sqlglot declares its nested classes as variables
        """Every function is an unknown one, except CASE, which is none."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parser for name, parser in Oracle.Parser.NO_PAREN_FUNCTION_PARSERS.items() if name == "CASE"
        }


def parsed(text: str) -> tuple[exp.Select, int]:
    """The one SELECT in a query, and how many parameter marks it has; anything else is refused.

    Clients ask the same again and again, with other values or for the next page, so the latest are remembered: what is
    returned must not be changed.
    """
    if len(text) > LONGEST_QUERY:
        raise UnsupportedError(f"the query is longer than {LONGEST_QUERY} characters")
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else _parsed(text)


def _parsed(text: str) -> tuple[exp.Select, int]:
    try:
        dialect = SuiteQL()
        tokens = dialect.tokenize(text)
        numbered, marks = _numbered(text, tokens)
        _check_joins(tokens)
        statements = dialect.parser().parse(dialect.tokenize(numbered) if marks else tokens, numbered)
    except (SqlglotError, RecursionError) as error:
        raise UnsupportedError(f"the query cannot be parsed: {_ESCAPES.sub('', str(error))[:200]}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise UnsupportedError("only a single SELECT is served, without UNION, WITH or a second statement")
    return statements[0], marks


_remembered: Final = lru_cache(maxsize=128)(_parsed)


def _check_joins(tokens: Sequence[Token]) -> None:
    """The grammar takes a JOIN without ON for a comma; Oracle does not."""
    waiting: list[int] = []  # how deep in brackets each JOIN stands that still needs its ON
    depth = 0
    before = None
    for token in tokens:
        kind = token.token_type
        depth += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
        if kind is TokenType.JOIN and before not in {TokenType.CROSS, TokenType.NATURAL}:
            waiting.append(depth)
        if kind in {TokenType.ON, TokenType.USING} and waiting:
            waiting.pop()
        before = kind
    if waiting:
        raise UnsupportedError("JOIN needs ON")


def _numbered(text: str, tokens: Iterable[Token]) -> tuple[str, int]:
    """Write `?` as `:p0`, `:p1`, ...: the compiler does not visit the marks in the order of the text."""
    parts = []
    position = marks = 0
    for token in tokens:
        if token.token_type is TokenType.COLON:
            raise UnsupportedError("only anonymous parameter marks are served")
        if text[token.start : token.end + 1] in FOREIGN:
            raise UnsupportedError(f"{token.text} is no operator of SuiteQL")
        if token.token_type is TokenType.PLACEHOLDER:
            parts.append(f"{text[position : token.start]}:p{marks}")
            position = token.end + 1
            marks += 1
    return "".join(parts) + text[position:], marks
