"""What is wrong, as text; apart from plans, which take long to load: `validate` and error messages need only this."""

from collections.abc import Sequence

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.render.escaping import log_line, safe
from reconciler.render.lines import counted, document, wrapped

_HEADING = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}


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
    found = counted(errors, "error") if errors else "all valid"
    return document(diagnostics_to_text(items, width), f"{counted(len(files), 'file')} checked: {found}")
