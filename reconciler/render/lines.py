"""How every text output is laid out: sections, lines, tables, titles; loads no plan, as `validate` needs it too."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
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


def table(rows: Sequence[Sequence[str]], margin: str, right: frozenset[int] = frozenset()) -> Iterator[str]:
    """The rows in columns as wide as their widest cell; numbers in `right` are aligned to that side."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            f"{cell:>{wide}}" if one in right else f"{cell:<{wide}}"
            for one, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        yield f"{margin}{'  '.join(cells)}".rstrip()


def table_or_records(in_columns: Iterable[str], records: Iterable[str], width: int | None) -> Iterator[str]:
    """The table where a terminal has room for it, else for each row lines of its own that name what they tell."""
    lines = list(in_columns)
    yield from lines if _fits(lines, width) else records


def _fits(lines: Sequence[str], width: int | None) -> bool:
    """Whether no line is wider than the terminal; a file has no width."""
    return width is None or max(map(len, lines), default=0) <= max(width, _NARROWEST)


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
