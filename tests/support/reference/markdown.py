"""Tables and texts in Markdown."""

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(map(cell, line))} |" for line in rows)
    return "\n".join([f"| {' | '.join(head)} |", f"{'|---' * len(head)}|", *lines]) + "\n"


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    return f"`{text}`"


def plain(text: str) -> str:
    """A text that was not written as Markdown: nothing in it becomes an element of HTML."""
    return re.sub(r"<(?=\w|/)", "&lt;", text)


def anchor(heading: str) -> str:
    """As a forge names a section in addresses."""
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
