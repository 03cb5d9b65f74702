"""Diagnostics as the formats for machines take them, whichever command found them."""

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.core.diagnostics import RANK, Diagnostic, Position
from reconciler.render.sources import Sources


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and the environment's file for one that names no place; None where no file is known."""

    diagnostic: Diagnostic
    file: str | None = None

    def place(self, sources: Sources) -> Position | None:
        """The line to show it at, in a file as the repository names it."""
        position = self.diagnostic.position or (Position(self.file, 1, 1) if self.file else None)
        return Position(sources.path(position.file), position.line, position.column) if position else None


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then warnings, then what is only worth knowing; in each, the order they came in, and each once."""
    return sorted(dict.fromkeys(findings), key=lambda finding: RANK[finding.diagnostic.severity])
