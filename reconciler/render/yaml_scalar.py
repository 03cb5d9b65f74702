"""Text as a YAML scalar that every reader takes for that text: plain where it is plain, else in double quotes."""

import re

from reconciler.core.visible import visible

# No word that some version of YAML reads as something else, no number, date or time, no mark of the syntax.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@+ -]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_NUMBER_LIKE = re.compile(r"[-+.]?[0-9._eExXoO+-]+|[-+.]*(inf|nan)", re.IGNORECASE)
_LAST_BYTE = 0xFF
_LAST_OF_PLANE_0 = 0xFFFF


def scalar(text: str) -> str:
    """The text as a value or key; for text that a file may hold at all."""
    plain = _PLAIN.fullmatch(text) and not text.endswith(" ") and text.casefold() not in _WORDS
    return text if plain and not _NUMBER_LIKE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """The text in double quotes; what cannot be seen is an escape."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if visible(letter) == letter:
        return letter
    number = ord(letter)
    if number <= _LAST_BYTE:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= _LAST_OF_PLANE_0 else f"\\U{number:08x}"
