"""Builds plain values and their places from YAML events, with a stack of its own.

PyYAML's composer is not used: in C it recurses and crashes on deep nesting, and with its nodes it costs several times
what the bare events cost.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from reconciler.config.rules import address_of, problem
from reconciler.config.yaml_text import name_of
from reconciler.core.diagnostics import Diagnostic, Position
from reconciler.core.visible import FORBIDDEN

MAX_DEPTH: Final = 32
# 10,000 employees with six roles each make about 200,000.
MAX_VALUES: Final = 500_000
MAX_PROBLEMS: Final = 100
# Whole numbers up to 2**53, about 9.0e15, survive every program that reads JSON.
MAX_DIGITS: Final = 15
_MAX_FRACTION: Final = 40

Key = str | int
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?")
# What text without quotes begins with where it may be a number; one of `_WORDS` may be empty.
_NUMERIC: Final = frozenset("-0123456789")
# A key that is dropped, with the value under it.
_DROPPED: Final = ()


class StopReading(Exception):  # noqa: N818  # not an error of its own: the problem is noted already
    """Nothing after this point is worth reading."""


@dataclass(slots=True)
class Place:
    """Where one value stands, counted from 1; `source` is how it is written, where it is not text.

    A key of `keys` stands in the file of the child of that name.
    """

    file: str
    line: int
    column: int
    source: str | None = None
    children: "dict[Key, Place] | None" = None
    keys: dict[str, tuple[int, int]] | None = None


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is not closed yet; a mapping whose `key` is None waits for the next one."""

    value: dict[str, Any] | list[Any]
    children: dict[Key, Place]
    keys: dict[str, tuple[int, int]] | None
    name: Key | None
    key_place: tuple[int, int]
    key: str | tuple[()] | None = None


class Builder:
    """Takes in the events of one file; afterwards `value`, `root` and `problems` hold what was read.

    `root` is None where the file holds nothing, `usable` False where the value lacks something that was written.
    `values` counts keys and values, from as many on as were read of other files before.
    """

    def __init__(self, file: str, values: int = 0) -> None:
        self.problems: list[Diagnostic] = []
        self.usable = True
        self.value: Any = None
        self.root: Place | None = None
        self.values = values
        self._file = file
        self._stack: list[_Frame] = []
        self._documents = 0

    def read(self, loader: Any) -> None:
        """Take in every event of a PyYAML loader.

        Raises:
            StopReading: going on makes no sense; `problems` says why.
        """
        handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            while (event := loader.get_event()) is not None:
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        finally:
            loader.dispose()

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._note("multiple-documents", "A second document begins here.", event, "keep one document in each file")
            raise StopReading

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        plain: bool = event.implicit[0]
        escaped = FORBIDDEN.search(text) if event.style == '"' else None
        if escaped and "\ud800" <= escaped.group() <= "\udfff":
            # Only the pure scanner lets a surrogate through; for the one in C it is a syntax error, as it is here.
            raise ValueError
        self._check(event)
        if escaped:
            detail = f"The text holds {name_of(escaped.group())}, written as an escape."
            self._note("forbidden-character", detail, event, "leave it out")
        mark = event.start_mark
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.keys is not None and frame.key is None:
            self._key(frame, event, (mark.line + 1, mark.column + 1))
            return
        place = Place(self._file, mark.line + 1, mark.column + 1)
        value: Any = text
        if plain and (text in _WORDS or text[0] in _NUMERIC):
            value = self._plain(text, event)
            if not isinstance(value, str):
                place.source = text
            if not text:
                # Nothing is written, and the two parsers differ about where that is; so it is said of what is around.
                place.line, place.column = frame.key_place if frame is not None else (1, 1)
        self._attach(value, place)

    def _plain(self, text: str, event: Any) -> Any:
        """The value of text without quotes: one of JSON's words or numbers, else the text itself."""
        if text in _WORDS:
            return _WORDS[text]
        match = _NUMBER.fullmatch(text)
        if match is None:
            return text
        whole = match["fraction"] is None and match["exponent"] is None
        limit = MAX_DIGITS if whole else _MAX_FRACTION
        if len(text.lstrip("-")) > limit or (not whole and abs(float(text)) == float("inf")):
            detail = f"A whole number has at most {MAX_DIGITS} digits here."
            self._note("number-too-large", detail, event, "put it in quotes if it is text")
            return 0
        return int(text) if whole else float(text)

    def _key(self, frame: _Frame, event: Any, place: tuple[int, int]) -> None:
        text: str = event.value
        plain: bool = event.implicit[0]
        if plain and not text:
            # Where nothing is written the parsers differ about the place, and about what may follow.
            self._note_at("key-not-text", "A key is missing here.", frame.key_place, "write a key before the colon")
            raise StopReading
        frame.key, frame.key_place = text, place
        if plain and text == "<<":
            frame.key = _DROPPED
            self._note("merge-key", "Merge keys (<<) are not read.", event, "write the keys out")
            return
        if plain and (text in _WORDS or (text[0] in _NUMERIC and _NUMBER.fullmatch(text))):
            self._note("key-not-text", f"The key {text} is not text.", event, f'write "{text}" in quotes')
        keys = frame.keys if frame.keys is not None else {}
        if text in keys:
            frame.key = _DROPPED
            detail = f"The key stands in line {keys[text][0]} already; one of the two would be ignored."
            path = (*(frame.name for frame in self._stack if frame.name is not None), text)
            self._note("duplicate-key", detail, event, "keep one of them", address_of(path))
        else:
            keys[text] = place

    def _start(self, event: Any) -> None:
        self._check(event)
        if len(self._stack) >= MAX_DEPTH:
            self._note("too-deep", f"Lists and mappings stand in each other more than {MAX_DEPTH} deep.", event)
            raise StopReading
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.keys is not None and frame.key is None:
            hint = 'text that begins with "{" or "[" needs quotes'
            self._note("key-not-text", "A list or mapping stands where a key belongs.", event, hint)
            raise StopReading
        mark = event.start_mark
        mapping = type(event) is yaml.MappingStartEvent
        value: dict[str, Any] | list[Any] = {} if mapping else []
        children: dict[Key, Place] = {}
        place = Place(self._file, mark.line + 1, mark.column + 1, None, children, {} if mapping else None)
        name = self._attach(value, place)
        self._stack.append(_Frame(value, children, place.keys, name, (place.line, place.column)))

    def _end(self, _event: Any) -> None:
        self._stack.pop()

    def _alias(self, event: Any) -> None:
        self.usable = False
        hint = "write the value out; text that begins with * needs quotes"
        self._note("alias", "References to other parts of a file (*) are not read.", event, hint)
        if not self._stack:
            raise StopReading
        frame = self._stack[-1]
        if frame.keys is not None and frame.key is None:
            frame.key = _DROPPED
        else:
            frame.key = None

    def _attach(self, value: Any, place: Place) -> Key | None:
        """Put a value where it belongs; returns its key there."""
        if not self._stack:
            self.value, self.root = value, place
            return None
        frame = self._stack[-1]
        if isinstance(frame.value, list):
            index = len(frame.value)
            frame.children[index] = place
            frame.value.append(value)
            return index
        key, frame.key = frame.key, None
        if not isinstance(key, str):
            return None
        frame.children[key] = place
        frame.value[key] = value
        return key

    def _check(self, event: Any) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            detail = f"The file, with those it extends, holds more than {MAX_VALUES:,} keys and values."
            self._note("too-many-values", detail, event)
            raise StopReading
        # The names of tags and anchors are not repeated: a pasted secret may begin with such a character.
        if event.anchor is not None:
            hint = "leave it out; text that begins with & needs quotes"
            self._note("anchor", "Anchors (&) are not read.", event, hint)
        if event.tag is not None:
            hint = "leave it out; text that begins with ! needs quotes"
            self._note("tag", "Tags (!) are not read.", event, hint)

    def _note(self, rule: str, detail: str, event: Any, hint: str | None = None, address: str | None = None) -> None:
        mark = event.start_mark
        self._note_at(rule, detail, (mark.line + 1, mark.column + 1), hint, address)

    def _note_at(
        self, rule: str, detail: str, place: tuple[int, int], hint: str | None = None, address: str | None = None
    ) -> None:
        position = Position(self._file, *place)
        if len(self.problems) >= MAX_PROBLEMS:
            detail = f"Only the first {MAX_PROBLEMS} are shown."
            self.problems.append(problem("too-many-problems", detail, position=position))
            raise StopReading
        self.problems.append(problem(rule, detail, position=position, address=address, hint=hint))
