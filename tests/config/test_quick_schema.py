"""The compiled validator may only say yes where jsonschema does."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.config import schema
from reconciler.config.quick_schema import quick_validator
from reconciler.config.schema_files import schema_text
from reconciler.config.yaml_document import Document, read_yaml

ROOT = Path(__file__).resolve().parents[2]
NAME = "environment"
WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(sys.maxunicode))))
BASES = [
    read_yaml((ROOT / "environments" / name).read_bytes(), name).value
    for name in ("local.yaml", "examples/production.yaml", "examples/base/defaults.yaml")
]


def paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in children:
        yield from paths(item, (*path, key))


odd = st.text(st.sampled_from(WHITE_SPACE + "aZ09_.:/@\"'[]~\n\x1b\x00\u200b\u0130é😀"), max_size=6)
written = st.sampled_from(sorted({str(found) for found in re.findall(r'"([^"]*)"', schema_text(NAME))}))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
    | odd | written | st.builds("{}{}{}".format, odd, written, odd),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd | written, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """One of the files of the repository with some of its values or keys replaced."""
    document = copy.deepcopy(draw(st.sampled_from(BASES)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(paths(document), key=str)))
        if not path:
            continue
        around = document
        for key in path[:-1]:
            around = around[key]
        kept = around[path[-1]]
        if isinstance(kept, str) and draw(st.booleans()):
            around[path[-1]] = draw(odd) + kept + draw(odd)
        elif isinstance(around, dict) and draw(st.booleans()):
            around[draw(odd | written)] = around.pop(path[-1])
        else:
            around[path[-1]] = draw(values)
    return document


@settings(max_examples=600)
@given(document=changed())
@example(document={"netsuite": {"account": "1", "endpoint": "emulator"}, "store": "a\x1c"})
@example(document={"netsuite": {"account": "1\n", "endpoint": "emulator"}})
def test_its_yes_is_always_right(document: Any) -> None:
    quick = quick_validator(NAME)
    assert quick is not None, "the extra `quick` is not installed"

    if quick(document):
        assert schema.full_validator(NAME).is_valid(document)


@pytest.mark.parametrize("document", BASES[:2])
def test_it_says_yes_to_what_is_right(document: Any) -> None:
    quick = quick_validator(NAME)

    assert quick is not None
    assert quick(document) is schema.full_validator(NAME).is_valid(document) is True


def test_white_space_is_the_same_to_both() -> None:
    quick = quick_validator(NAME)
    assert quick is not None

    for character in WHITE_SPACE:
        document = {"netsuite": {"account": "1", "endpoint": "emulator"}, "store": f"a{character}"}
        assert not quick(document), ascii(character)


def test_without_the_extra_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(Path(__file__).parent.glob("*/*.yaml"))
    documents = [read_yaml(path.read_bytes(), path.name) for path in files]

    def found() -> list[Any]:
        return [schema.validate(document, NAME) for document in documents if document.readable]

    with_it = found()
    monkeypatch.setattr(schema, "quick_validator", lambda _: None)

    assert found() == with_it
    assert any(with_it)
    assert not all(with_it)


def test_every_white_space_of_a_pattern_stands_in_brackets() -> None:
    for pattern in re.findall(r'"pattern": (".*")', schema_text(NAME)):
        for match in re.finditer(r"\\s", text := json.loads(pattern)):
            assert text.rfind("[", 0, match.start()) > text.rfind("]", 0, match.start()), text


def test_what_is_right_does_not_load_jsonschema() -> None:
    code = (
        "import sys; from pathlib import Path; from reconciler.config.environment import read_environment\n"
        "assert read_environment(Path('environments/local.yaml'), Path()).environment\n"
        "print('jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  # our own code

    assert done.stdout == "False\n"


def test_a_document_that_is_no_mapping_is_looked_at() -> None:
    assert schema.validate(Document("f.yaml", [], (), readable=True), NAME)
