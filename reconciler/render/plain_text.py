"""Lines of plain text in so many columns, and what is wrong told in them.

Apart from plans, which take long to load: `validate` and every error message need only this.
"""

import textwrap
from collections.abc import Sequence

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.render.escaping import log_line, safe

_HEADING = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}
_NARROWEST = 40


def document(*sections: str) -> str:
    """The sections that are not empty, with an empty line between them and none that ends in spaces."""
    whole = "\n\n".join(section for section in sections if section)
    return "".join(f"{log_line(line.rstrip())}\n" for line in whole.split("\n"))


def wrapped(text: str, margin: str, width: int | None, hanging: int = 2) -> list[str]:
    """Lines of at most `width` columns; only a word that is longer, such as an address to copy, stands out."""
    if width is None:
        return [margin + text]
    following = " " * (len(margin) + (hanging if margin else 0))
    return textwrap.wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=margin,
        subsequent_indent=following,
        break_on_hyphens=False,
        break_long_words=False,
    )


def diagnostic_to_text(item: Diagnostic, width: int | None = None, where: str = "") -> str:
    """What is wrong, where, why, and what to do.

    Args:
        item: what is wrong.
        width: columns of the terminal; None puts every sentence on one line.
        where: the environment that it ended; a place in a file says so itself.
    """
    item, where = safe(item), safe(where)
    place = f" in {where}" if where and item.position is None else ""
    lines = wrapped(f"{_HEADING[item.severity]}{place}: {item.summary} [{item.rule}]", "", width)
    if item.position or item.address:
        lines.append(f"  {item.position or item.address}")
    lines += wrapped(item.detail, "  ", width)
    if item.hint:
        lines += wrapped(f"hint: {item.hint}", "  ", width)
    return "\n".join(map(log_line, lines))


def diagnostics_to_text(items: Sequence[Diagnostic], width: int | None = None, where: str = "") -> str:
    """Several of them, one below the other."""
    return "\n\n".join(diagnostic_to_text(item, width, where) for item in items)


def validation_to_text(items: Sequence[Diagnostic], files: Sequence[str], width: int | None = None) -> str:
    """What is wrong with the files, and how many there are."""
    errors = sum(item.severity is Severity.ERROR for item in items)
    found = _counted(errors, "error") if errors else "all valid"
    return document(diagnostics_to_text(items, width), f"{_counted(len(files), 'file')} checked: {found}")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
