"""One shape for everything that is wrong or worth knowing, from a YAML typo to a guard."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
"""The worst comes first."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something a person should know.

    The summary is short and never changes for a rule; names, reasons and what to do stand in detail and hint.
    """

    severity: Severity
    rule: str
    summary: str
    detail: str
    address: str | None = None
    position: Position | None = None
    hint: str | None = None


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same diagnostics without repetitions, errors first, then by place: equal input gives equal output."""

    def key(item: Diagnostic) -> tuple[int, bool, Position | None, str, str, str, str]:
        nowhere = Position("", 0, 0)
        return (
            RANK[item.severity],
            item.position is None,
            item.position or nowhere,
            item.address or "",
            item.rule,
            item.detail,
            item.hint or "",
        )

    return tuple(sorted(set(diagnostics), key=key))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True when at least one of them is an error."""
    return any(item.severity is Severity.ERROR for item in diagnostics)
