"""The schema serves editors too: each key explains itself, each example is right, each pattern is anchored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import Draft202012Validator

from reconciler.config.forms import FORMS, PLAIN
from reconciler.config.refused_forms import SPECIAL
from reconciler.config.schema import inlined, validate
from reconciler.config.schema_files import schema_names, schema_text
from reconciler.config.schema_hints import TO_ADD
from reconciler.config.yaml_document import read_yaml
from reconciler.core.errors import UsageError

SCHEMA = json.loads(schema_text("environment"))


def schemas(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, item in node.items():
            if key not in {"examples", "const", "enum"}:
                yield from schemas(item, f"{path}/{key}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from schemas(item, f"{path}/{index}")


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return resolved(SCHEMA["$defs"][node["$ref"].removeprefix("#/$defs/")]) | node
    return node


def declared_keys() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{path}/{key}", resolved(item))
        for path, node in schemas(SCHEMA)
        if node.get("additionalProperties") is False
        for key, item in node["properties"].items()
    ]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("path", "node"), declared_keys())
def test_every_key_explains_itself(path: str, node: dict[str, Any]) -> None:
    assert node.get("title"), path
    assert node["description"].endswith("."), path


@pytest.mark.parametrize(("path", "node"), declared_keys())
def test_every_example_fits(path: str, node: dict[str, Any]) -> None:
    validator = Draft202012Validator({**node, "$defs": SCHEMA["$defs"]})

    assert all(validator.is_valid(example) for example in node.get("examples", ())), path


def test_every_mapping_is_closed_and_every_pattern_anchored() -> None:
    for path, node in schemas(SCHEMA):
        if node.get("type") == "object":
            assert "additionalProperties" in node, path
        if isinstance(node.get("pattern"), str):
            assert node["pattern"].startswith("^"), path
            assert node["pattern"].endswith("$"), path


def test_every_special_wording_belongs_to_a_pattern() -> None:
    titles = {node.get("title") for _, node in schemas(SCHEMA) if isinstance(node.get("pattern"), str)}

    assert set(SPECIAL) <= titles


def test_every_pattern_that_is_no_plain_text_has_words() -> None:
    titles = {node["title"] for _, node in schemas(SCHEMA) if node.get("pattern", PLAIN) != PLAIN}

    assert titles <= set(SPECIAL) | set(FORMS)


def test_for_every_key_that_may_be_missing_it_is_said_what_to_add() -> None:
    # A schema that is only asked whether it fits requires "extends" and "endpoint", and so reports neither.
    required = {key for _, node in schemas(SCHEMA) for key in node.get("required", ())} - {"extends", "endpoint"}

    assert required == set(TO_ADD)


def test_definitions_in_the_place_of_references_find_the_same() -> None:
    plain, fast = Draft202012Validator(SCHEMA), Draft202012Validator(inlined(SCHEMA, SCHEMA["$defs"]))
    assert not [path for path, node in schemas(fast.schema) if "$ref" in node]

    for path in sorted(Path(__file__).parent.glob("*/*.yaml")):
        value = read_yaml(path.read_bytes(), path.name).value
        found, expected = (
            sorted((error.json_path, error.validator, error.message) for error in validator.iter_errors(value))
            for validator in (fast, plain)
        )
        assert found == expected, path


def test_a_reference_stays_where_a_definition_would_lose_a_check() -> None:
    beside = {"$ref": "#/$defs/some", "minItems": 2}

    assert inlined({"items": beside}, {"some": {"minItems": 1}}) == {"items": beside}


def test_an_unknown_schema_is_answered_with_the_nearest() -> None:
    assert "environment" in schema_names()
    with pytest.raises(UsageError) as caught:
        schema_text("enviroment")
    assert caught.value.hint == 'did you mean "environment"?'


def test_a_line_feed_at_the_end_is_not_overlooked() -> None:
    document = read_yaml(b'netsuite: {account: "1\\n", endpoint: emulator}', "f.yaml")

    assert [item.rule for item in validate(document, "environment")] == ["account-form"]


def test_no_message_is_that_of_the_library() -> None:
    text = (
        b"netsuite: {account: [], endpoint: 1, login: {method: 1}, apply_login: 2, concurrency: '1'}\nextends: {}\nx: 1"
    )
    found = validate(read_yaml(text, "f.yaml"), "environment")

    assert len(found) == 7
    for item in found:
        assert "is not valid under any" not in item.detail
        assert "was unexpected" not in item.detail
        assert item.rule != "schema"
