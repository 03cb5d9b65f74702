"""docs/reference/formats.md, from the schemas of what the tool writes and reads back."""

from collections.abc import Iterator
from typing import Final

from tests.support.reference.markdown import code, plain, table
from tests.support.reference.schemas import Key, Keys, Schema, schema

NAMES: Final = ("plan", "journal", "review", "decisions", "verification", "handover", "doctor-report")
_INTRODUCTION: Final = """\
What the tool writes for programs, and reads back. `reconciler schema NAME` prints each as a JSON Schema; readers ignore
keys they do not know, and a removal or another meaning raises the major number of `format_version`. Environment files
have [a page of their own](configuration.md); the emulator's seeds are told in
[its guide](../emulator.md#a-seed-of-your-own). A `[]` stands for each entry of a list, `NAME` for each key of a mapping
whose keys are names.
"""


def formats_page() -> str:
    parts = [
        "# Formats\n",
        _INTRODUCTION,
    ]
    return "\n".join([*parts, *(part for name in NAMES for part in _format(name))])


def _format(name: str) -> Iterator[str]:
    root = schema(name)
    yield f"## {root['title']}\n"
    yield f"`reconciler schema {name}`. {plain(root.get('description', ''))}\n"
    keys = Keys(root)
    shapes = [keys.resolved(one) for one in (*root.get("oneOf", ()), *root.get("anyOf", ()))] or [root]
    # The shape that is a result comes first; several of them, and what failed, stand below it.
    for shape in sorted(shapes, key=lambda one: -len(one.get("properties", ()))):
        yield from _shape(shape, keys, alone=len(shapes) == 1)


def _shape(shape: Schema, keys: Keys, *, alone: bool) -> Iterator[str]:
    if not alone and (told := shape.get("description")):
        yield f"{plain(told)}\n"
    yield table(("key", "holds", "means"), (_row(key) for key in keys.below(shape) if "environments[]" not in key.path))


def _row(key: Key) -> tuple[str, str, str]:
    return code(key.path), key.form, plain(key.means)
