"""What a rule means, for a terminal, for a page and for programs; every text is our own."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry
from reconciler.render.diagnostic_text import HEADING
from reconciler.render.lines import document

FORMAT_VERSION: Final = "1.0"
_COLUMNS: Final = 80
_EMPHASIS: Final = re.compile(r"\*([^*]+)\*")


def entry_to_text(entry: Entry, kind: str, width: int | None = None) -> str:
    """One rule, within 80 columns but for addresses, or within less where the terminal has less."""
    columns = min(width or _COLUMNS, _COLUMNS)
    severity = f", usually {_with_article(entry.severity)}" if entry.severity else ""
    title = _wrapped(f"{entry.name}: {entry.summary}", columns, first="")
    sections = [f"{title}\n{kind}{severity}", _wrapped(entry.means, columns)]
    sections += [
        f"{heading}\n{_wrapped(text, columns)}"
        for heading, text in (("Why it matters", entry.matters), ("What to do", entry.todo))
    ]
    if entry.read:
        is_ours = any(place.startswith("docs/") for place in entry.read)
        heading = "Read on; docs/ is in the repository that reconciler came from" if is_ours else "Read on"
        sections.append(f"{heading}\n" + "\n".join(f"  {place}" for place in entry.read))
    return document(*sections)


def _with_article(severity: Severity) -> str:
    name = HEADING[severity].lower()
    return f"{'an' if name == 'error' else 'a'} {name}"


def _wrapped(text: str, columns: int, margin: str = "  ", first: str | None = None) -> str:
    return textwrap.fill(
        _EMPHASIS.sub(r"\1", text),
        columns,
        initial_indent=margin if first is None else first,
        subsequent_indent=margin,
        break_on_hyphens=False,
        break_long_words=False,
    )


def list_to_text(kinds: Mapping[str, Sequence[Entry]], width: int | None = None) -> str:
    """Every rule with what it is called, by kind."""
    columns = min(width or _COLUMNS, _COLUMNS)
    number = sum(map(len, kinds.values()))
    return document(
        *("\n".join([kind, *_rows(entries, columns)]) for kind, entries in kinds.items()),
        f"{number} rules. `reconciler explain RULE` says what one means and what to do.",
    )


def _rows(entries: Sequence[Entry], columns: int) -> Iterator[str]:
    longest = max(len(entry.name) for entry in entries)
    margin = " " * (2 + longest + 2)
    for entry in entries:
        yield _wrapped(entry.summary, columns, margin, f"  {entry.name:<{longest}}  ")


def entry_to_markdown(entry: Entry, level: int, links: Mapping[str, str] | None = None) -> str:
    """One rule as a section of a page.

    Args:
        entry: the rule.
        level: of its heading.
        links: by a place to read on what leads there; without it, addresses are links and files are named.
    """
    severity = f" Usually {_with_article(entry.severity)}." if entry.severity else ""
    parts = [
        f"{'#' * level} {_code(entry.name)}",
        f"**{entry.summary}.**{severity} {entry.means}",
        f"Why it matters: {entry.matters}",
        f"What to do: {entry.todo}",
    ]
    if entry.read:
        parts.append(f"Read on: {', '.join(_link(place, links) for place in entry.read)}")
    return "\n\n".join(parts) + "\n"


def _code(name: str) -> str:
    return f"`{name}`"


def _link(place: str, links: Mapping[str, str] | None) -> str:
    if place.startswith("https://"):
        return f"<{place}>"
    return f"[{place}]({links[place]})" if links else _code(place)


def list_to_markdown(kinds: Mapping[str, Sequence[Entry]]) -> str:
    """Every rule in a table for each kind."""
    tables = (
        "\n".join([f"## {kind}\n", "| rule | told as |", "|---|---|", *map(_table_row, entries)])
        for kind, entries in kinds.items()
    )
    return "\n\n".join(tables) + "\n"


def _table_row(entry: Entry) -> str:
    return f"| {_code(entry.name)} | {entry.summary} |"


def rules_document(kinds: Mapping[str, Sequence[Entry]]) -> dict[str, Any]:
    """The same as data; one shape for one rule and for all."""
    return {
        "format_version": FORMAT_VERSION,
        "rules": [_document(entry, kind) for kind, entries in kinds.items() for entry in entries],
    }


def _document(entry: Entry, kind: str) -> dict[str, Any]:
    return {
        "rule": entry.name,
        "kind": kind,
        "severity": entry.severity,
        "summary": entry.summary,
        "means": entry.means,
        "matters": entry.matters,
        "todo": entry.todo,
        "read": list(entry.read),
    }
