"""How every text output is laid out: sections and wrapped lines; nothing of plans, for `validate` needs it as well."""

import textwrap

from reconciler.render.escaping import log_line

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


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
