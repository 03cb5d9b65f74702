"""Whatever the bytes are, they give a value with places, or diagnostics; never a traceback."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.config import yaml_builder
from reconciler.config.yaml_document import MAX_BYTES, Document, read_yaml

needs_c = pytest.mark.skipif(not hasattr(yaml, "CBaseLoader"), reason="PyYAML has no parser in C here")

SNIPPETS = st.sampled_from(
    [
        "a", "b", "no", "1", "-1", "1.5", "1e9", "0123", "true", "null", "~", "<<", "''", '""', '"x y"', "'it''s'",
        ": ", ":", "- ", "-", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "\r\n", " ", "# c", "&x ", "*x",
        "!t ", "|", ">", "|\n  x", "%", "@", "`", "---", "...", "\n---\n", '"\\ud800"', '"\\UFFFFFFFF"', '"\\q"',
        "\t", "\u00e9", "\U0001f600", "\u2028", "\x00", "\ufeff", "12345678901234567890", "1e999", '"', "'",
    ]
)  # fmt: skip
YAMLISH = st.lists(SNIPPETS, max_size=25).map("".join)
JSON_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False)
    | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(JSON_TEXT, inner, max_size=4),
    max_leaves=20,
)


def rules(document: Document) -> list[str]:
    return [item.rule for item in document.diagnostics]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield from paths(item, (*path, key))


@given(st.binary(max_size=200))
def test_random_bytes_give_a_value_or_a_diagnostic(data: bytes) -> None:
    document = read_yaml(data, "f.yaml")

    assert document.readable or document.diagnostics


@needs_c
@settings(max_examples=400, derandomize=True)
@given(YAMLISH)
def test_both_parsers_agree_on_everything(text: str) -> None:
    # A comment that touches the header of a block text: only the parser in C accepts it.
    assume(not re.search(r"[|>][-+0-9]*#", text))
    data = text.encode()

    assert read_yaml(data, "f.yaml") == read_yaml(data, "f.yaml", pure=True)


@given(JSON_VALUES)
def test_json_is_read_as_json(value: Any) -> None:
    document = read_yaml(json.dumps(value, ensure_ascii=False).encode(), "f.yaml")

    assert document.diagnostics == ()
    assert document.value == value


@given(JSON_VALUES)
def test_a_position_points_at_the_text_of_the_value(value: Any) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    lines = text.split("\n")
    document = read_yaml(text.encode(), "f.yaml")

    for path, item in paths(value):
        place = document.at(*path)
        written = json.dumps(item, indent=1, ensure_ascii=False).split("\n")[0]
        assert lines[place.line - 1][place.column - 1 :].startswith(written)
        if path and isinstance(path[-1], str):
            key = document.at_key(*path)
            assert lines[key.line - 1][key.column - 1 :].startswith(json.dumps(path[-1], ensure_ascii=False))


@pytest.mark.parametrize("text", ["no", "yes", "on", "off", "12:30", "1_000", "0123", "0x1F", "0o17", "2026-01-01"])
def test_what_yaml_would_change_stays_text(text: str) -> None:
    assert read_yaml(f"key: {text}".encode(), "f.yaml").value == {"key": text}


@pytest.mark.parametrize("text", [".nan", ".inf", "-.inf", "NaN", "~", "Null", "TRUE", "+1", "1.", ".5", "<<", "="])
def test_only_what_json_knows_is_more_than_text(text: str) -> None:
    assert read_yaml(f"key: {text}".encode(), "f.yaml").value == {"key": text}


@pytest.mark.parametrize("text", ["1234567890123456", "-" + "9" * 10_000, "1e999", "-1e999", "0." + "1" * 100_000])
def test_numbers_that_nobody_needs_are_refused(text: str) -> None:
    assert rules(read_yaml(f"key: {text}".encode(), "f.yaml")) == ["number-too-large"]


def test_every_duplicate_key_is_reported_and_the_first_counts() -> None:
    document = read_yaml(b"a: 1\na: 2\nb: {c: 1, c: 2, c: 3}\n", "f.yaml")

    assert rules(document) == ["duplicate-key"] * 3
    assert document.value == {"a": 1, "b": {"c": 1}}
    assert document.diagnostics[1].address == "b.c"


def test_what_was_wrong_before_a_syntax_error_is_reported_too() -> None:
    assert rules(read_yaml(b"a: 1\na: 2\nb: [\n", "f.yaml")) == ["duplicate-key", "yaml-syntax"]


def test_a_byte_order_mark_and_windows_line_ends_move_no_position() -> None:
    document = read_yaml(b"\xef\xbb\xbfa: 1\r\nb: caf\xff", "f.yaml")

    assert str(document.diagnostics[0].position) == "f.yaml:2:7"


def test_utf_16_is_named() -> None:
    document = read_yaml("a: 1".encode("utf-16"), "f.yaml")

    assert (rules(document), document.diagnostics[0].detail) == (["encoding"], "The file is UTF-16.")


def test_an_escape_cannot_bring_in_what_may_not_be_written() -> None:
    assert rules(read_yaml(rb'a: "x\0y"', "f.yaml")) == ["forbidden-character"]


@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"[" * 100_000, "too-deep"),
        (b"{a: " * 100_000, "too-deep"),
        (b"- " * 100_000 + b"x", "too-deep"),
        (b"? " * 100_000 + b"x", "key-not-text"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "anchor"),
        (b"[" + b"*a," * 1_000 + b"]", "too-many-problems"),
        (b"x" * (MAX_BYTES + 1), "file-too-large"),
        (b"\x00" * 1_000_000, "forbidden-character"),
    ],
)
def test_hostile_files_end_in_a_diagnostic(data: bytes, rule: str, pure: bool) -> None:
    document = read_yaml(data, "f.yaml", pure=pure)

    assert not document.readable
    assert rule in rules(document)
    assert len(document.diagnostics) <= yaml_builder.MAX_PROBLEMS + 1


def test_a_file_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_builder, "MAX_VALUES", 1_000)

    assert rules(read_yaml(b"[" + b"1," * 1_001 + b"]", "f.yaml")) == ["too-many-values"]


def test_one_long_line_is_read() -> None:
    assert read_yaml(b'a: "' + b"x" * 4_000_000 + b'"', "f.yaml").value == {"a": "x" * 4_000_000}


def test_ten_thousand_employees_fit() -> None:
    roles = "".join(f"        - A Role With A Rather Long Name {number}\n" for number in range(6))
    entry = f"    active: true\n    access: true\n    roles:\n      at_least:\n{roles}"
    text = "employees:\n" + "".join(f"  first.last{number}@example.com:\n{entry}" for number in range(10_000))
    started = time.monotonic()

    document = read_yaml(text.encode(), "f.yaml")

    assert (document.diagnostics, len(document.value["employees"])) == ((), 10_000)
    assert time.monotonic() - started < 15
