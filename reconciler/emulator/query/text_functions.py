"""Oracle's texts in SQLite: an empty text is NULL, and positions count from 1."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from reconciler.emulator.query.values import Number, Scalar, UnsupportedError, oracle_number_text

LONGEST_TEXT: Final = 4000  # Oracle's VARCHAR2
LARGEST_ASCII: Final = 127


def to_text(value: Scalar) -> str | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else oracle_number_text(value)


def concat(*values: Scalar) -> str | None:
    """`||` treats NULL as empty text, and empty text is NULL."""
    return "".join(to_text(value) or "" for value in values) or None


def lowered(text: str) -> str:
    return text.lower() if text.isascii() else "".join(_one_character(str.lower, each) for each in text)


def uppered(text: str) -> str:
    return text.upper() if text.isascii() else "".join(_one_character(str.upper, each) for each in text)


def _one_character(change: Callable[[str], str], character: str) -> str:
    """Oracle changes the case of each character for itself; Python knows that some become several."""
    changed = change(character)
    if len(changed) == 1 or character == "ß":
        return changed if len(changed) == 1 else character
    raise UnsupportedError(f"the case of {character!r} depends on the language")


def initcap(text: str) -> str:
    """A capital at the start of each word; a word is letters and digits."""
    return re.sub(r"[^\W_]+", lambda word: uppered(word.group()[0]) + lowered(word.group()[1:]), text)


def substr(text: str | None, start: Number | None, length: Number | None = None) -> str | None:
    if text is None or start is None:
        return None
    begin = int(start)
    index = begin - 1 if begin > 0 else (len(text) + begin if begin < 0 else 0)
    if index < 0 or index >= len(text):
        return None
    end = len(text) if length is None else index + int(length)
    return text[index : max(index, end)] or None


def instr(text: str | None, part: str | None, start: Number | None = 1) -> int | None:
    if text is None or part is None or start is None:
        return None
    if start < 1:
        raise UnsupportedError("INSTR that searches backwards is not served")
    return text.find(part, int(start) - 1) + 1


def like(text: str | None, pattern: str | None, escape: str | None = "") -> int | None:
    """LIKE; an escape of NULL or of several characters is an error, no escape at all is ''."""
    if escape is None or len(escape) > 1:
        raise UnsupportedError("the escape of LIKE must be one character")
    if text is None or pattern is None:
        return None
    return int(_like_pattern(pattern, escape).fullmatch(text) is not None)


@lru_cache(maxsize=256)
def _like_pattern(pattern: str, escape: str) -> re.Pattern[str]:
    expression = ""
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            following = next(characters, "")
            if following not in {"%", "_", escape} or not following:
                raise UnsupportedError("a LIKE pattern escapes something other than % and _")
            expression += re.escape(following)
        else:
            expression += {"%": ".*", "_": "."}.get(character, re.escape(character))
    return re.compile(expression, re.DOTALL)


def replaced(text: str | None, search: str | None, replacement: str | None = None) -> str | None:
    if text is None or search is None:
        return text
    return text.replace(search, replacement or "") or None


def translated(text: str | None, from_: str | None, to: str | None) -> str | None:
    """Each character of `from_` becomes the one at its place in `to`; without one there it goes."""
    if text is None or from_ is None or to is None:
        return None
    table: dict[int, str] = {}
    for place, character in enumerate(from_):
        table.setdefault(ord(character), to[place] if place < len(to) else "")
    return text.translate(table) or None


def _padded(left: int) -> Callable[..., str | None]:
    def applied(text: str | None, length: Number | None, filling: str | None = " ") -> str | None:
        if text is None or length is None or filling is None or length < 1:
            return None
        if not (text + filling).isascii() or length > LONGEST_TEXT:
            raise UnsupportedError("LPAD and RPAD are served for ASCII: of other characters some count twice")
        missing = max(int(length) - len(text), 0)
        fill = (filling * missing)[:missing]
        return (fill * left + text + fill * (1 - left))[: int(length)] if missing else text[: int(length)]

    return applied


def _stripped(strip: Callable[[str, str], str]) -> Callable[..., str | None]:
    def applied(text: str | None, characters: str | None = " ") -> str | None:
        return None if text is None or characters is None else strip(text, characters) or None

    return applied


def _of_text(function: Callable[[str], Scalar]) -> Callable[[str | None], Scalar]:
    def applied(text: str | None) -> Scalar:
        return None if text is None else (function(text) or None)

    return applied


def _code(text: str) -> int:
    if ord(text[0]) > LARGEST_ASCII:
        raise UnsupportedError("ASCII of another character depends on the database's character set")
    return ord(text[0])


def _character(code: Number | None) -> str | None:
    if code is None:
        return None
    if not 1 <= code <= LARGEST_ASCII or code != int(code):
        raise UnsupportedError("CHR beyond ASCII depends on the database's character set")
    return chr(int(code))


TEXT_FUNCTIONS: Final[Mapping[str, Callable[..., Scalar]]] = MappingProxyType(
    {
        "ora_text": to_text,
        "ora_concat": concat,
        "ora_substr": substr,
        "ora_instr": instr,
        "ora_like": like,
        "ora_lower": _of_text(lowered),
        "ora_upper": _of_text(uppered),
        "ora_initcap": _of_text(initcap),
        "ora_trim": _stripped(str.strip),
        "ora_ltrim": _stripped(str.lstrip),
        "ora_rtrim": _stripped(str.rstrip),
        "ora_length": _of_text(len),
        "ora_replace": replaced,
        "ora_translate": translated,
        "ora_lpad": _padded(1),
        "ora_rpad": _padded(0),
        "ora_ascii": _of_text(_code),
        "ora_chr": _character,
    }
)
