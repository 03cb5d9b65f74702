"""Keys of a JSON Schema, with what each may hold and what it means."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tests.support.reference.markdown import code

_FOLDER: Final = Path(__file__).parents[3] / "schemas"
_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
    "null": "null",
}
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping: `keys` lead to it, `[]` stands for each entry of a list and NAME for each key."""

    path: str
    form: str
    is_needed: bool
    default: str
    means: str


def schema(name: str) -> Schema:
    document: Schema = json.loads((_FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return document


class Keys:
    """Reads one schema, following its references."""

    def __init__(self, root: Schema, named: Mapping[str, str] = MappingProxyType({})) -> None:
        """`named` are definitions that are told elsewhere, each with where; they are called by their titles."""
        self._root = root
        self._named = named

    def resolved(self, part: Schema) -> Schema:
        """The part with what its reference says; what stands beside the reference wins."""
        if "$ref" not in part:
            return part
        target = self.resolved(self._root["$defs"][part["$ref"].rsplit("/", 1)[-1]])
        return {**target, **{key: value for key, value in part.items() if key != "$ref"}}

    def below(self, part: Schema, path: str = "", *, deep: bool = True) -> Iterator[Key]:
        """Every key of a mapping, each followed by the keys below it."""
        part = self.resolved(part)
        needed = part.get("required", ())
        for name, declared in part.get("properties", {}).items():
            one = self.resolved(declared)
            default = json.dumps(one["default"]).strip('"') if "default" in one else ""
            here = f"{path}{name}"
            yield Key(here, self.form(declared), name in needed, default, one.get("description", ""))
            if deep:
                yield from self._inside(declared, here)

    def _inside(self, part: Schema, path: str) -> Iterator[Key]:
        seen: set[str] = set()
        for inner, where in self._parts(part, path):
            for key in self.below(inner, where):
                if key.path not in seen:
                    seen.add(key.path)
                    yield key

    def _parts(self, part: Schema, path: str) -> Iterator[tuple[Schema, str]]:
        if part.get("$ref", "").rsplit("/", 1)[-1] in self._named:
            return
        part = self.resolved(part)
        if "properties" in part:
            yield part, f"{path}."
        if isinstance(items := part.get("items"), dict):
            yield from self._parts(items, f"{path}[]")
        if isinstance(more := part.get("additionalProperties"), dict):
            yield from self._parts(more, f"{path}.NAME")
        for choice in (*part.get("oneOf", ()), *part.get("anyOf", ())):
            yield from self._parts(choice, path)

    def form(self, part: Schema) -> str:
        """What a value may be, in a few words."""
        name = part.get("$ref", "").rsplit("/", 1)[-1]
        if name in self._named:
            title = self.resolved(self._root["$defs"][name])["title"]
            return f"[{title[0].lower()}{title[1:]}]({self._named[name]})"
        part = self.resolved(part)
        if "const" in part:
            return code(json.dumps(part["const"]).strip('"'))
        if "enum" in part:
            return " or ".join(code(json.dumps(value).strip('"')) for value in part["enum"])
        choices = (*part.get("oneOf", ()), *part.get("anyOf", ()))
        if choices:
            return " or ".join(dict.fromkeys(self.form(choice) for choice in choices))
        if part.get("type") == "array" and "items" in part:
            return f"list of {self.form(part['items'])}"
        types = part.get("type", "anything")
        return " or ".join(_WORDS.get(one, one) for one in ([types] if isinstance(types, str) else types))
