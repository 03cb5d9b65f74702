"""Turns YAML text into plain values with the place of every key and value, and refuses what YAML would quietly change.

Both parsers of PyYAML give the same values, places and messages. The one in C is used where there is one; where it
finds a syntax error the pure one reads again, because the two word and place the same error differently. Known to
differ: a comment that touches the header of a block text (`|#`), which only the one in C accepts.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from reconciler.config.rules import problem
from reconciler.config.yaml_builder import Builder, Key, Place, StopReading
from reconciler.config.yaml_text import directive, explain_syntax, forbidden_characters, not_utf8
from reconciler.core.diagnostics import Diagnostic, Position

# An environment of 10,000 employees with six roles each takes about 4 MiB.
MAX_BYTES: Final = 8 * 1024 * 1024

# The base loaders are parsers with nothing resolved or constructed; only their events are used.
PURE: type[Any] = yaml.BaseLoader
FAST: type[Any] = getattr(yaml, "CBaseLoader", PURE)


@dataclass(frozen=True, slots=True)
class Document:
    """The plain value of a file (dict, list, str, int, float, bool, None), and what was wrong with its YAML.

    `readable` is False where there is no value that is worth checking further. `values` counts keys and values, those
    of files that were read before included. Where files were merged, each place names the file it is in.
    """

    file: str
    value: Any
    diagnostics: tuple[Diagnostic, ...]
    readable: bool
    root: Place | None = None
    values: int = 0

    def at(self, *path: Key) -> Position:
        """The place of the value under these keys, or of the nearest thing around it that is there."""
        place = self.root
        if place is None:
            return Position(self.file, 1, 1)
        for key in path:
            inner = place.children.get(key) if place.children else None
            if inner is None:
                break
            place = inner
        return Position(place.file, place.line, place.column)

    def at_key(self, *path: Key) -> Position:
        """The place of the last of these keys; for an entry of a list, and where the key is missing, as `at`."""
        around = self._find(path[:-1])
        if not path or not around or not around.keys or not around.children:
            return self.at(*path)
        place, value = around.keys.get(str(path[-1])), around.children.get(path[-1])
        return Position(value.file, *place) if place and value else self.at(*path)

    def keys_at(self, *path: Key) -> dict[str, Position]:
        """The place of each key of the mapping under these keys, as `at_key` tells it; of anything else nothing."""
        around = self._find(path)
        if not around or not around.keys or not around.children:
            return {}
        children = around.children
        return {name: Position(children[name].file, *at) for name, at in around.keys.items() if name in children}

    def source(self, *path: Key) -> str | None:
        """How a number, `true`, `false` or `null` is written; None where the value is text, a list or a mapping."""
        place = self._find(path)
        return place.source if place else None

    def without(self, key: str) -> "Document":
        """The same, a mapping, without one of its keys."""
        return replace(self, value={name: item for name, item in self.value.items() if name != key})

    def over(self, base: "Document") -> "Document":
        """Both in one: mappings that meet are merged, anything else of this document replaces what it meets."""
        if self.root is None or base.root is None:
            return self
        value, root = _merged((self.value, self.root), (base.value, base.root))
        return replace(self, value=value, root=root)

    def _find(self, path: tuple[Key, ...]) -> Place | None:
        place = self.root
        for key in path:
            place = place.children.get(key) if place and place.children else None
        return place


def _merged(over: tuple[Any, Place], under: tuple[Any, Place]) -> tuple[Any, Place]:
    (value, place), (base, base_place) = over, under
    # What two files took over from one base is the very same place in both.
    if not isinstance(value, dict) or not isinstance(base, dict) or place is base_place:
        return over
    values, children = dict(base), dict(base_place.children or {})
    for key, item in value.items():
        inner = (item, (place.children or {})[key])
        values[key], children[key] = _merged(inner, (values[key], children[key])) if key in values else inner
    keys = {**(base_place.keys or {}), **(place.keys or {})}
    return values, Place(place.file, place.line, place.column, None, children, keys)


def read_yaml(data: bytes, file: str, *, pure: bool = False, values: int = 0) -> Document:
    """Read the bytes of one YAML file; nothing in them makes this raise.

    Args:
        data: the file's bytes, at most `MAX_BYTES`.
        file: the name that positions carry.
        pure: use the parser written in Python even where there is the faster one in C.
        values: how many keys and values were read of other files, which count towards the limit.
    """
    if len(data) > MAX_BYTES:
        detail = f"The file is larger than the {MAX_BYTES:,} bytes that are read at most."
        return _unreadable(file, problem("file-too-large", detail, position=Position(file, 1, 1)))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unreadable(file, not_utf8(data, error, file))
    refused = forbidden_characters(text, file) or directive(text, file)
    if refused:
        return _unreadable(file, *refused)
    if not pure and FAST is not PURE:
        try:
            return _built(Builder(file, values), text, file, FAST)
        except (yaml.YAMLError, ValueError):
            # Read once more from the start, for the two parsers word and place the same error differently.
            pass
    builder = Builder(file, values)
    try:
        return _built(builder, text, file, PURE)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # An escape beyond Unicode makes the pure scanner fail with a bare ValueError or OverflowError.
        return _unreadable(file, *builder.problems, explain_syntax(text, file, error))


def _built(builder: Builder, text: str, file: str, loader: type[Any]) -> Document:
    try:
        builder.read(loader(text))
    except StopReading:
        return _unreadable(file, *builder.problems)
    if builder.root is None:
        detail = "The file holds no value: only comments, or nothing."
        return _unreadable(
            file,
            *builder.problems,
            problem("empty-file", detail, position=Position(file, 1, 1), hint="write keys into it, or delete it"),
        )
    return Document(file, builder.value, tuple(builder.problems), builder.usable, builder.root, builder.values)


def _unreadable(file: str, *problems: Diagnostic) -> Document:
    return Document(file, None, problems, readable=False)
