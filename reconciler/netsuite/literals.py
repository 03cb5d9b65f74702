"""Writing bound parameters into a query's text, for accounts that know none (netsuite-2.md 9: new in 2026.2)."""

import re
import unicodedata
from collections.abc import Sequence

from reconciler.core.errors import RefusedError

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NOTHING_SENT = 0


def inlined(text: str, params: Sequence[str | int]) -> str:
    """The query with each question mark replaced by its value as a literal.

    The texts of our queries hold question marks for parameters only, which `Query` checks.

    Raises:
        RefusedError: a value cannot be written as a literal beyond doubt; nothing was sent.
    """
    pieces = text.split("?")
    if len(pieces) != len(params) + 1:
        raise ValueError(f"{len(pieces) - 1} marks for {len(params)} parameters")
    literals = [literal(value) for value in params]
    return pieces[0] + "".join(written + piece for written, piece in zip(literals, pieces[1:], strict=True))


def literal(value: str | int) -> str:
    """A whole number as its digits, a text in quotes with every quote doubled; nothing else is needed.

    Raises:
        RefusedError: the value holds a control character, or is no number that an id could be.
    """
    if isinstance(value, int):
        # A bool is an int too, and would come out as a word.
        if type(value) is int and _NUMBER.fullmatch(str(value)):
            return str(value)
    elif not any(unicodedata.category(letter) in _NOT_WRITABLE for letter in value):
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    raise RefusedError(
        "This account takes no bound parameters, and a name in the file cannot be written into a query safely: "
        "it holds a control character. Nothing was sent.",
        status=_NOTHING_SENT,
        hint="Retype the name in the file.",
    )


# Control, format and unassigned characters, halves of a pair, and the two separators that end a line.
_NOT_WRITABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
