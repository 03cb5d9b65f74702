"""Validates documents against the JSON Schemas that ship with the product."""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, Final

from reconciler.config.followers import without_followers
from reconciler.config.quick_schema import quick_validator
from reconciler.config.schema_files import schema_text
from reconciler.config.yaml_builder import MAX_PROBLEMS
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic, in_order

# What a schema says to people and checks nothing.
_TOLD: Final = {"title", "description", "examples"}


def validate(document: Document, name: str) -> tuple[Diagnostic, ...]:
    """What does not fit a schema, in order of place; where that is very much, enough to see that it is too much."""
    quick = quick_validator(name)
    if quick is not None and quick(document.value):
        return ()
    errors = list(islice(full_validator(name).iter_errors(document.value), MAX_PROBLEMS + 1))
    if not errors:
        return ()
    # Most files are right, and need no words for what is wrong.
    from reconciler.config.schema_wording import diagnostics_of  # noqa: PLC0415

    return in_order(without_followers([item for error in errors for item in diagnostics_of(error, document)]))


@cache
def full_validator(name: str) -> Any:
    """The validator of jsonschema for one of the schemas: it finds everything, and has the last word."""
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
