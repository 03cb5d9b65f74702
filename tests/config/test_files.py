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
# A case is a file, or a folder in which main.yaml extends others; each file states what is said about it.
ACCEPTED = sorted([*HERE.glob("accepted/*.yaml"), *HERE.glob("accepted/*/main.yaml")])
REFUSED = sorted([*HERE.glob("refused/*.yaml"), *HERE.glob("refused/*/main.yaml")])
# A base is no environment of its own.
SHIPPED = sorted(path for path in ROOT.glob("environments/**/*.yaml") if path.parent.name != "base")


def name(path: Path) -> str:
    return path.parent.name if path.name == "main.yaml" else path.stem


def stated(path: Path) -> list[tuple[str, str]]:
    """Where something is said, the rule before a blank, and what the hint holds."""
    files = sorted(path.parent.rglob("*.yaml")) if path.name == "main.yaml" else [path]
    texts = {str(file): file.read_bytes().decode("utf-8", errors="replace") for file in files}
    found = [(file, match) for file, text in texts.items() for match in EXPECT.findall(text)]
    return sorted((f"{file}:{line}:{column} {rule}", hint) for file, (line, column, rule, hint) in found)


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=name)
def test_a_file_gives_exactly_the_diagnostics_it_states(path: Path) -> None:
    told = sorted(f"{item.position} {item.rule}" for item in read_environment(path, ROOT).diagnostics)

    assert told == [place for place, _ in stated(path)]


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=name)
def test_a_stated_hint_is_given(path: Path) -> None:
    found = read_environment(path, ROOT).diagnostics

    for place, hint in stated(path):
        assert any(hint in (item.hint or "") for item in found if f"{item.position} {item.rule}" == place)


@pytest.mark.parametrize("path", ACCEPTED, ids=name)
def test_an_accepted_file_has_no_error(path: Path) -> None:
    assert not has_errors(read_environment(path, ROOT).diagnostics)


@pytest.mark.parametrize("path", REFUSED, ids=name)
def test_a_refused_file_gives_no_environment(path: Path) -> None:
    loaded = read_environment(path, ROOT)

    assert loaded.environment is None
    assert has_errors(loaded.diagnostics)


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=name)
def test_the_parser_in_python_says_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_environment(path, ROOT)
    monkeypatch.setattr(yaml_document, "FAST", yaml_document.PURE)

    assert read_environment(path, ROOT) == fast


@pytest.mark.parametrize("path", SHIPPED, ids=name)
def test_the_environments_that_we_ship_are_clean(path: Path) -> None:
    loaded = read_environment(path, ROOT)

    assert loaded.diagnostics == ()
    assert loaded.environment


def test_every_rule_is_shown_by_a_file_or_named_here() -> None:
    shown = {place.split()[-1] for path in [*ACCEPTED, *REFUSED] for place, _ in stated(path)}
    elsewhere = {
        "environment-name",
        "file-too-large",
        "no-trusted-settings",
        "schema",
        "sensitive-change",
        "too-many-bases",
        "too-many-problems",
        "too-many-values",
        "unusable-trusted-settings",
        "unreadable-file",
    }

    assert shown | elsewhere == set(SUMMARIES)
    assert not shown & elsewhere
