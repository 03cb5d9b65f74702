"""Every file under accepted/ and refused/ says itself what is expected of it."""

import re
from pathlib import Path

import pytest

from reconciler.config import yaml_document
from reconciler.config.environment import read_environment
from reconciler.config.rules import SUMMARIES
from reconciler.core.diagnostics import has_errors

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXPECT = re.compile(r"# expect: (\d+):(\d+) ([a-z0-9-]+) ?(.*?)\r?$", re.MULTILINE)
ACCEPTED = sorted(HERE.glob("accepted/*.yaml"))
REFUSED = sorted(HERE.glob("refused/*.yaml"))
SHIPPED = sorted(ROOT.glob("environments/**/*.yaml"))


def told(path: Path) -> list[tuple[int, int, str]]:
    found = read_environment(path, ROOT).diagnostics
    return sorted((item.position.line, item.position.column, item.rule) for item in found if item.position)


def expected(path: Path) -> list[tuple[int, int, str, str]]:
    text = path.read_bytes().decode("utf-8", errors="replace")
    return sorted((int(line), int(column), rule, hint) for line, column, rule, hint in EXPECT.findall(text))


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=lambda path: path.stem)
def test_a_file_gives_exactly_the_diagnostics_it_states(path: Path) -> None:
    assert told(path) == [(line, column, rule) for line, column, rule, _ in expected(path)]


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=lambda path: path.stem)
def test_a_stated_hint_is_given(path: Path) -> None:
    found = read_environment(path, ROOT).diagnostics

    for line, column, rule, hint in expected(path):
        hints = [
            item.hint or ""
            for item in found
            if item.position and (item.position.line, item.position.column, item.rule) == (line, column, rule)
        ]
        assert any(hint in given for given in hints)


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_an_accepted_file_has_no_error(path: Path) -> None:
    assert not has_errors(read_environment(path, ROOT).diagnostics)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_refused_file_gives_no_environment(path: Path) -> None:
    loaded = read_environment(path, ROOT)

    assert loaded.environment is None
    assert has_errors(loaded.diagnostics)


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=lambda path: path.stem)
def test_the_parser_in_python_says_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_environment(path, ROOT)
    monkeypatch.setattr(yaml_document, "FAST", yaml_document.PURE)

    assert read_environment(path, ROOT) == fast


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_environments_that_we_ship_are_clean(path: Path) -> None:
    loaded = read_environment(path, ROOT)

    assert loaded.diagnostics == ()
    assert loaded.environment


def test_every_rule_is_shown_by_a_file_or_named_here() -> None:
    shown = {rule for path in [*ACCEPTED, *REFUSED] for _, _, rule, _ in expected(path)}
    elsewhere = {
        "environment-name",
        "file-too-large",
        "outside-repository",
        "schema",
        "too-many-problems",
        "too-many-values",
        "unreadable-file",
    }

    assert shown | elsewhere == set(SUMMARIES)
    assert not shown & elsewhere
