"""Values written into a query stay values, whatever they hold."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from reconciler.core.errors import RefusedError
from reconciler.netsuite.literals import inlined, literal

HOSTILE = st.text(st.sampled_from("'\"\\?;-/*)( \u2019\u02bcaOR=1%_&{}")) | st.text()
VALUES = st.lists(HOSTILE | st.integers(-(10**17), 10**17), min_size=1, max_size=4)


def writable(value: str | int) -> bool:
    if isinstance(value, int):
        return True
    return all(unicodedata.category(one)[0] != "C" and unicodedata.category(one) not in {"Zl", "Zp"} for one in value)


@given(VALUES)
def test_a_query_with_literals_is_the_same_query(values: list[str | int]) -> None:
    marks = ", ".join("?" for _ in values)
    text = f"SELECT id FROM role WHERE name IN ({marks}) ORDER BY id"  # noqa: S608 - marks only
    if not all(map(writable, values)):
        with pytest.raises(RefusedError, match="control character"):
            inlined(text, values)
        return
    written = inlined(text, values)

    # By a tokenizer of our own: what is left without literals is the text without marks.
    assert re.sub(r"'(?:[^']|'')*'|-?\d+", "?", written) == text
    # By Oracle's grammar as somebody else reads it: one SELECT, and each literal is the value that went in.
    tree = parse_one(written, dialect="oracle")
    clause = tree.find(exp.In)
    assert clause is not None
    assert [read(node) for node in clause.expressions] == values
    assert isinstance(tree, exp.Select)


def read(node: exp.Expression) -> str | int:
    if isinstance(node, exp.Neg):
        return -int(node.this.this)
    return str(node.this) if node.args.get("is_string") else int(node.this)


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "a\u2028b", "\ud800", "\u202e", "a\x7f", True, 10**19])
def test_what_cannot_be_written_beyond_doubt_is_not_sent(value: str | int) -> None:
    with pytest.raises(RefusedError) as raised:
        literal(value)

    assert raised.value.status == 0


def test_marks_and_values_have_to_fit() -> None:
    with pytest.raises(ValueError, match="1 marks for 2"):
        inlined("a = ?", [1, 2])
