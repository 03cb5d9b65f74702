"""What schemas say of keys and defaults, which documents are made from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from reconciler.config.environment import DEFAULT_CONCURRENCY, DEFAULT_STORE
from reconciler.config.schema_files import schema_names, schema_text
from reconciler.core.desired import DesiredIntegration, GuardSettings, ReviewSettings
from tests.support.documents import ROOT
from tests.support.reference.formats import NAMES
from tests.support.reference.schemas import Keys

# The seed of the emulator has a guide of its own.
PUBLISHED = ("environment", *NAMES)


def test_every_schema_has_its_page() -> None:
    assert set(schema_names()) == {*PUBLISHED, "emulator-seed"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_key_of_a_published_format_is_described_by_a_sentence(name: str) -> None:
    root = json.loads(schema_text(name))
    keys = Keys(root)
    told = {path: keys.resolved(part).get("description", "") for path, part in properties(root)}

    assert told
    assert {path: text for path, text in told.items() if not text.endswith(".")} == {}


def properties(part: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "properties" and not path.endswith(("/if", "/then", "/else", "complete", "netsuite")):
                yield from ((f"{path}/{name}", inner) for name, inner in value.items() if isinstance(inner, dict))
            yield from properties(value, f"{path}/{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from properties(value, f"{path}/{index}")


def test_the_defaults_that_are_told_are_those_that_hold() -> None:
    root = json.loads(schema_text("environment"))
    defs = root["$defs"]
    guards, review = defs["guards"]["properties"], root["properties"]["review"]["properties"]

    assert guards["max_removals"]["default"] == GuardSettings().max_removals
    assert guards["min_administrators"]["default"] == GuardSettings().min_administrators
    assert defs["netsuite"]["properties"]["concurrency"]["default"] == DEFAULT_CONCURRENCY
    assert root["properties"]["store"]["default"] == DEFAULT_STORE
    assert length(review["token_age"]["default"]) == ReviewSettings().token_age
    assert length(review["unused"]["default"]) == ReviewSettings().unused
    quiet = next(one.default for one in fields(DesiredIntegration) if one.name == "quiet_period")
    assert length(defs["integration"]["properties"]["quiet_period"]["default"]) == quiet
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text("utf-8")
    assert "| `quiet_period` | [duration](#how-values-are-written) | `24h` |" in page


def length(text: str) -> timedelta:
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[text[-1]]: int(text[:-1])})
