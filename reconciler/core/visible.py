"""Makes visible what a terminal would obey or hide, so that no name can forge a line of a plan."""

import re
import unicodedata
from typing import Final

# Control, format, surrogate, private and unassigned characters, line and paragraph separators. A surrogate stands for
# a byte of a file name that is no text, and could not be written at all.
_ESCAPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LAST_BYTE: Final = 0xFF
_LAST_OF_PLANE_0: Final = 0xFFFF
# Fillers, joiners and selectors that Unicode counts as letters, marks or symbols although nothing is to be seen.
_UNSEEN: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f"
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f"
)
_SELECTORS: Final = range(0xE0100, 0xE01F0)

# What may not stand in a file of ours, as an escape neither: control characters and what YAML does not print; breaks
# that editors do not count as lines; and what cannot be seen or turns the reading direction, since a reviewer must see
# what the program reads.
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
    "|\r(?!\n)"
)


def visible(text: str) -> str:
    r"""The text on one line, with `\x1b`, `\u202e`, `\n` for what cannot be seen; what is visible already stays."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def _shown(letter: str) -> str:
    if not _is_escaped(letter):
        return letter
    number = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    if number <= _LAST_BYTE:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= _LAST_OF_PLANE_0 else f"\\U{number:08x}"


def _is_escaped(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category in _ESCAPED or letter in _UNSEEN or ord(letter) in _SELECTORS:
        return True
    # Every space but the usual one looks like it, or like none.
    return category == "Zs" and letter != " "
