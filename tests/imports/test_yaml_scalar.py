"""Whatever a name is, the file says it so that every reader takes it for the same text."""

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.config.yaml_document import read_yaml
from reconciler.core.visible import FORBIDDEN
from reconciler.render.yaml_scalar import quoted, scalar
from tests.imports.accounts import HOSTILE

TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    st.from_regex(r"[-+0-9._:eExXoO~nulyotrefas ]{1,8}", fullmatch=True),
)


@given(text=TEXTS)
@example(text="0o17")
@example(text=".inf")
@example(text="2026-11-01T00:00:00Z")
@example(text="12:30:45")
@example(text="key: value # no comment")
def test_a_text_is_read_back_the_same(text: str) -> None:
    """By the strict reader where a file may hold it at all, and by any reader of YAML 1.1."""
    for form in (scalar(text), quoted(text)):
        assert form.isprintable()
        document = f"{form}:\n  - {form}\n  - [{form}, x]\n"
        if not FORBIDDEN.search(text):
            found = read_yaml(document.encode(), "test.yaml")
            assert found.diagnostics == ()
            assert found.value == {text: [text, [text, "x"]]}
        assert yaml.safe_load(f"[{form}]") == [text]


def test_what_is_plain_stays_plain() -> None:
    plain = ("NetSuite Connector", "dana.ortiz@example.com", "netsuite-connector", "customrole_1", "a/b_c+d")

    assert [scalar(text) for text in plain] == list(plain)
    assert scalar("no") == '"no"'
    assert scalar("1234567") == '"1234567"'
