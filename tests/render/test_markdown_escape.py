"""A text stays a text in Markdown, whatever it is made of."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.core.visible import visible
from reconciler.render.escaping import log_line, markdown, markdown_code

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "</td><script>alert(1)</script>",
    "| x |\n## Safe",
    "::error::",
    "[a](http://evil.example)",
    "![a](http://evil.example/x.png)",
    "<http://evil.example>",
    "http://evil.example www.evil.example",
    "@admins",
    "#1 !1 $1 %1 &1 GH-1 ~bug",
    "- a",
    "1. a",
    "# a",
    "> a",
    "/close",
    "`a` ``b`` **c** __d__ ~~e~~ $f$",
    "&lt;b&gt; &#64;x",
    "a\\",
    "<!-- reconciler: production -->",
    "    indented",
    "[x]: http://evil.example",
    "***",
    "===",
]
TEXTS = st.one_of(
    st.text(), st.sampled_from(HOSTILE), st.lists(st.sampled_from("|<>[]()!`*_~#@:/\\&;$-+=.1a \n")).map("".join)
)
PLACES = ["- {}", "| {} | b |\n|---|---|\n| {} | c |", "**B** {}", "> {}"]


def shown(text: str) -> tuple[str, set[str]]:
    """What a reader sees of it, and the kinds of everything in it that is more than text."""
    words: list[str] = []
    kinds: set[str] = set()
    for token in PARSER.parse(text):
        for child in token.children or []:
            if child.type in {"text", "text_special"}:
                words.append(child.content)
            elif child.type == "html_inline":
                kinds |= {child.content} - {"<!-- -->"}
            else:
                kinds.add(child.type)
        kinds |= {token.type} - {"inline"}
    return "".join(words), kinds


@pytest.mark.parametrize("place", PLACES)
@given(text=TEXTS)
def test_a_text_is_shown_as_it_is_and_nothing_else_comes_of_it(place: str, text: str) -> None:
    told = visible(text).strip()
    assume(told)
    words, kinds = shown(place.format(markdown(told), markdown(told)))
    plain_words, plain_kinds = shown(place.format("QQQ", "QQQ"))

    assert kinds == plain_kinds
    assert words.split() == plain_words.replace("QQQ", told).split()


@given(text=TEXTS)
def test_no_forge_makes_a_link_a_mention_or_a_command_of_it(text: str) -> None:
    told = markdown(visible(text))

    assert not re.search(r"(?<![A-Za-z0-9])@\w", told)
    assert not re.search(r"[#!%~$]\w", told)
    assert not re.search(r"https?://|www\.|mailto:", told, re.IGNORECASE)
    assert not told.lstrip().startswith("/")


@pytest.mark.parametrize("place", PLACES)
@given(text=TEXTS)
def test_what_is_to_be_copied_stays_inside_its_element(place: str, text: str) -> None:
    told = markdown_code(visible(text).strip())
    assume(told)
    words, kinds = shown(place.format(told, told))
    plain_words, plain_kinds = shown(place.format("<code>QQQ</code>", "<code>QQQ</code>"))

    assert kinds == plain_kinds
    assert words.split() == plain_words.replace("QQQ", visible(text).strip()).split()
    assert told.count("<code>") == told.count("</code>") == 1
    # Forges look for no mention in there, but parsers of Markdown do look for addresses.
    assert not re.search(r"https?://|www\.|mailto:", told, re.IGNORECASE)


def test_ordinary_names_stay_readable() -> None:
    for name in (
        "dana.ortiz@example.com",
        "NetSuite Connector Web Services",
        "Jürgen Groß (A/P)",
        "owner a -> b",
        "Setup",
    ):
        assert markdown(name) == name
    assert markdown_code("Dana Ortiz #1") == "<code>Dana Ortiz #1</code>", "as it is to be copied"
    assert markdown_code("") == ""


@given(text=TEXTS)
def test_no_log_line_is_a_command(text: str) -> None:
    line = log_line(f"  {visible(text)}")

    assert not line.strip().startswith("::")
    assert "##[" not in line
    assert "##vso[" not in line
