"""Finds the JSON Schemas that ship with the product, and validates documents against them."""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from reconciler.config.followers import without_followers
from reconciler.config.rules import did_you_mean
from reconciler.config.schema_wording import diagnostics_of
from reconciler.config.yaml_builder import MAX_PROBLEMS
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic, in_order
from reconciler.core.errors import UsageError

_SUFFIX: Final = ".schema.json"
# What a schema says to people and checks nothing.
_TOLD: Final = {"title", "description", "examples"}
_PACKAGE: Final = Path(__file__).resolve().parent.parent


def _folder() -> Path:
    """A wheel carries the schemas inside the package; an editable install finds the checkout's own."""
    inside = _PACKAGE / "schemas"
    return inside if inside.is_dir() else _PACKAGE.parent / "schemas"


def schema_names() -> tuple[str, ...]:
    """The names of all schemas, in order."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in _folder().glob(f"*{_SUFFIX}")))


def schema_text(name: str) -> str:
    """The text of one schema, such as `environment`.

    Raises:
        UsageError: there is none of that name.
    """
    names = schema_names()
    if name not in names:
        raise UsageError(f'There is no schema "{name}".', hint=did_you_mean(name, names))
    return (_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def validate(document: Document, name: str) -> tuple[Diagnostic, ...]:
    """What does not fit a schema, in order of place; where that is very much, enough to see that it is too much."""
    errors = islice(_validator(name).iter_errors(document.value), MAX_PROBLEMS + 1)
    return in_order(without_followers([item for error in errors for item in diagnostics_of(error, document)]))


@cache
def _validator(name: str) -> Any:
    # Loading jsonschema takes several times as long as starting Python, so only validating does it.
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415
    from jsonschema.validators import Draft202012Validator, extend  # noqa: PLC0415

    def pattern(_validator: Any, wanted: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
        # Python's $ also matches before a line feed at the end; JSON Schema's does not. Every pattern is anchored.
        if isinstance(instance, str) and not re.fullmatch(wanted, instance):
            yield ValidationError("pattern")

    def additional(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        # In the order of the file; the library takes the keys from a set, so which errors come first would be chance.
        known = schema.get("properties", {})
        others = [key for key in instance if key not in known] if isinstance(instance, dict) else []
        if wanted is False and others:
            yield ValidationError("additionalProperties")
        for key in others if isinstance(wanted, dict) else ():
            yield from validator.descend(instance[key], wanted, path=key)

    make: Any = extend
    strict = make(Draft202012Validator, {"pattern": pattern, "additionalProperties": additional})
    schema = json.loads(schema_text(name))
    return strict(inlined(schema, schema.get("$defs", {})))


def inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """The schema with definitions in the place of the references to them.

    Following a reference takes longer than most of what is checked behind it, and 10,000 employees hold 90,000. A
    reference stays where what stands beside it would replace something that is checked; none may lead to itself.
    """
    if isinstance(node, list):
        return [inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    beside = {key: inlined(item, definitions) for key, item in node.items()}
    if "$ref" not in node:
        return beside
    target = inlined(definitions[beside.pop("$ref").removeprefix("#/$defs/")], definitions)
    return node if target.keys() & beside.keys() - _TOLD else {**target, **beside}
