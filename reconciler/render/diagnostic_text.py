"""What is wrong, as text; apart from plans, which take long to load: `validate` and error messages need only this."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.render.escaping import log_line, safe
from reconciler.render.lines import counted, document, wrapped

# A name to type; that of a saved plan may be anything.
_A_RULE: Final = re.compile(r"[a-z][a-z0-9_-]*")
HEADING: Final = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}


def diagnostic_to_text(item: Diagnostic, width: int | None = None, where: str = "") -> str:
    """What is wrong, where, why, and what to do.

    Args:
        item: what is wrong.
        width: columns of the terminal; None puts every sentence on one line.
        where: the environment that it ended; a place in a file says so itself.
    """
    item, where = safe(item), safe(where)
    place = f" in {where}" if where and item.position is None else ""
    lines = wrapped(f"{HEADING[item.severity]}{place}: {item.summary} [{item.rule}]", "", width)
    if item.position or item.address:
        lines.append(f"  {item.position or item.address}")
    lines += wrapped(item.detail, "  ", width)
    if item.hint:
        lines += wrapped(f"hint: {item.hint}", "  ", width)
    return "\n".join(map(log_line, lines))


def diagnostics_to_text(items: Sequence[Diagnostic], width: int | None = None, where: str = "") -> str:
    """Several of them, one below the other."""
    return "\n\n".join(diagnostic_to_text(item, width, where) for item in items)


def pointer(items: Iterable[Diagnostic], width: int | None = None) -> str:
    """Where to read what the findings mean, for whoever meets one for the first time; nothing where there is none."""
    rules = sorted({item.rule for item in items if _A_RULE.fullmatch(item.rule)})
    if len(rules) == 1:
        told = f"What [{rules[0]}] means and what to do: reconciler explain {rules[0]}"
    else:
        told = "What a name in [brackets] means and what to do: reconciler explain NAME" if rules else ""
    return "\n".join(wrapped(told, "", width))


def validation_to_text(items: Sequence[Diagnostic], files: Sequence[str], width: int | None = None) -> str:
    """What is wrong with the files, and how many there are."""
    errors = sum(item.severity is Severity.ERROR for item in items)
    found = counted(errors, "error") if errors else "all valid"
    checked = f"{counted(len(files), 'file')} checked: {found}"
    return document(diagnostics_to_text(items, width), pointer(items, width), checked)
