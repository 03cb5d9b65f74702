"""What people and pipelines read, byte for byte; `python -m tests.render.samples` writes the files anew."""

import json

import jsonschema
import pytest

from tests.render.samples import GOLDEN, golden
from tests.support.documents import ROOT

FILES = golden()


@pytest.mark.parametrize("name", FILES)
def test_what_is_rendered_is_the_golden_file(name: str) -> None:
    assert FILES[name]() == (GOLDEN / name).read_text("utf-8"), "run: python -m tests.render.samples"


def test_there_is_no_golden_file_without_a_sample() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".txt")])
def test_no_line_ends_in_spaces_or_is_wider_than_the_terminal(name: str) -> None:
    for line in FILES[name]().splitlines():
        assert line == line.rstrip()
        assert not name.endswith(".80.txt") or len(line) <= 80


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".json")])
def test_every_golden_document_is_as_its_schema_says(name: str) -> None:
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text("utf-8"))

    jsonschema.validate(json.loads(FILES[name]()), schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".sarif")])
def test_every_golden_log_is_as_the_standards_schema_says(name: str) -> None:
    schema = json.loads((ROOT / "tests" / "render" / "sarif-schema-2.1.0.json").read_text("utf-8"))

    jsonschema.validate(json.loads(FILES[name]()), schema, jsonschema.Draft4Validator)
