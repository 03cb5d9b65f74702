"""How every text output is laid out: sections, lines, tables, titles; loads no plan, as `validate` needs it too."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from reconciler.render.escaping import log_line

if TYPE_CHECKING:
    from reconciler.core.plan import ReadAs

_NARROWEST = 40


class OfAnAccount(Protocol):
    """What was read of one environment's account."""

    @property
    def environment(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def emulator(self) -> bool: ...
    @property
    def read_as(self) -> "ReadAs | None": ...


def title(of: OfAnAccount) -> str:
    """Which environment and account this is about, and as whom it was read."""
    return f"{emulator_told(of, '  ')}{account_told(of)}"


def emulator_told(of: OfAnAccount, behind: str) -> str:
    """That this is not NetSuite, and what parts it from the account; nothing where it is."""
    return f"EMULATOR, not NetSuite{behind}" if of.emulator else ""


def account_told(of: OfAnAccount) -> str:
    """The title without that mark, for pages that have another place for it."""
    return f"{of.environment}: account {of.account}{read_as_told(of.read_as)}"


def read_as_told(login: "ReadAs | None") -> str:
    """What stands behind the account in a title."""
    if login is None:
        return ""
    until = f", whose certificate ends on {login.certificate_ends}" if login.certificate_ends else ""
    return f", read as {login.employee} ({login.role}){until}"


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


def table(
    rows: Sequence[Sequence[str]], margin: str, right: frozenset[int] = frozenset(), width: int | None = None
) -> Iterator[str]:
    """The rows in columns as wide as their widest cell; numbers in `right` are aligned to that side.

    Columns that have no room in `width` stand below the others, indented.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    chunks = list(_chunks(widths, len(margin), width))
    for row in rows:
        for number, chunk in enumerate(chunks):
            cells = (f"{row[one]:>{widths[one]}}" if one in right else f"{row[one]:<{widths[one]}}" for one in chunk)
            line = "  ".join(cells).rstrip()
            if line or not number:
                yield f"{margin}{_BELOW if number else ''}{line}".rstrip()


_BELOW = " " * 4


def _chunks(widths: Sequence[int], margin: int, width: int | None) -> Iterator[list[int]]:
    """The columns that stand on one line; at least one does, however wide it is."""
    chunk = [0]
    used = margin + widths[0]
    for column, wide in enumerate(widths[1:], 1):
        used += 2 + wide
        if width is not None and used > max(width, _NARROWEST):
            yield chunk
            chunk, used = [], margin + len(_BELOW) + wide
        chunk.append(column)
    yield chunk


def fits(lines: Sequence[str], width: int | None) -> bool:
    """Whether no line is wider than the terminal; a file has no width."""
    return width is None or max(map(len, lines), default=0) <= max(width, _NARROWEST)


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
