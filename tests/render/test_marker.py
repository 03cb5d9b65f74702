"""A comment is found again by its last line, and by nothing that somebody else wrote."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.render.marker import is_marked, marker


@given(st.text(), st.text())
def test_a_marker_is_one_comment_and_belongs_to_one_environment(name: str, other: str) -> None:
    line = marker(name)

    assert line.startswith("<!-- ")
    assert "--" not in line.removeprefix("<!--").removesuffix("-->")
    assert len(line.splitlines()) == 1
    assert (marker(other) == line) == (name == other)


def test_a_comment_is_marked_by_its_last_line_only() -> None:
    assert is_marked(f"Plan\n{marker('production')}\n", "production")
    assert is_marked(f"Plan\r\n{marker('production')}\r\n\r\n", "production")
    assert not is_marked(f"> Plan\n> {marker('production')}", "production")
    assert not is_marked(f"{marker('production')}\nI disagree", "production")
    assert not is_marked(f"Plan\n{marker('production')}", "sandbox")
    assert not is_marked("", "production")
