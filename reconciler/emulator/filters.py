"""The `q` language of record collections: `email IS "a@example.com" AND isInactive IS false`."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.emulator.wire import RefusedError

Test = Callable[[sqlite3.Row], bool]

_TOKEN: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+))')
_FIELDS: Final[Mapping[str, Callable[[sqlite3.Row], str]]] = {
    "id": lambda row: str(row["id"]),
    "email": lambda row: row["email"] or "",
    "entityid": lambda row: row["entityid"] or "",
    "externalid": lambda row: row["external_id"] or "",
    "firstname": lambda row: row["firstname"] or "",
    "lastname": lambda row: row["lastname"] or "",
    "isinactive": lambda row: "false" if row["active"] else "true",
    "giveaccess": lambda row: "true" if row["access"] else "false",
}
_FLAGS: Final = frozenset({"isinactive", "giveaccess"})
# Whether text is compared with its case is not documented (5.6); without is what NetSuite's lists do.
_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "IS": lambda value, wanted: value == wanted,
    "IS_NOT": lambda value, wanted: value != wanted,
    "CONTAIN": lambda value, wanted: wanted in value,
    "CONTAIN_NOT": lambda value, wanted: wanted not in value,
    "START_WITH": lambda value, wanted: value.startswith(wanted),
    "START_WITH_NOT": lambda value, wanted: not value.startswith(wanted),
    "END_WITH": lambda value, wanted: value.endswith(wanted),
    "ENDWITH": lambda value, wanted: value.endswith(wanted),
}


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    quoted: bool

    def is_word(self, word: str) -> bool:
        return not self.quoted and self.text.upper() == word


def parse(text: str) -> Test:
    """A test for one employee's row; AND binds tighter than OR."""
    words = _words(text)
    test = _either(words)
    if words:
        raise _wrong(f"nothing is expected at {words[0].text!r}")
    return test


def _words(text: str) -> list[_Word]:
    words = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise _wrong("a quotation mark is not closed")
        quoted, bracket, plain = match.groups()
        words.append(
            _Word(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bracket or plain, quoted is not None)
        )
        position = match.end()
    return words


def _either(words: list[_Word]) -> Test:
    tests = [_both(words)]
    while words and words[0].is_word("OR"):
        words.pop(0)
        tests.append(_both(words))
    return lambda row: any(test(row) for test in tests)


def _both(words: list[_Word]) -> Test:
    tests = [_condition(words)]
    while words and words[0].is_word("AND"):
        words.pop(0)
        tests.append(_condition(words))
    return lambda row: all(test(row) for test in tests)


def _condition(words: list[_Word]) -> Test:
    if words and words[0].is_word("("):
        words.pop(0)
        test = _either(words)
        if not words or not words.pop(0).is_word(")"):
            raise _wrong("a bracket is not closed")
        return test
    if len(words) < len(("field", "operator", "value")):
        raise _wrong("a condition is a field, an operator and a value")
    field, operator, value = words.pop(0), words.pop(0), words.pop(0)
    read, compare = _FIELDS.get(field.text.lower()), _OPERATORS.get(operator.text.upper())
    if read is None or field.quoted:
        raise _wrong(f"field {field.text!r} is not served")
    if compare is None or (field.text.lower() in _FLAGS and not operator.text.upper().startswith("IS")):
        raise _wrong(f"operator {operator.text!r} is not served for {field.text}")
    wanted = {"t": "true", "f": "false"}.get(value.text.lower(), value.text.lower())
    if field.text.lower() not in _FLAGS:
        wanted = value.text.lower()
    return lambda row: compare(read(row).lower(), wanted)


def _wrong(reason: str) -> RefusedError:
    return RefusedError(
        400, "INVALID_PARAMETER", f"Invalid search query. {reason[0].upper()}{reason[1:]}.", ("o:errorQueryParam", "q")
    )
