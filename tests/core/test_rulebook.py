"""Every rule that the code tells is explained, and nothing else is."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

from reconciler.config.rules import SUMMARIES
from reconciler.core.change import Reason
from reconciler.core.errors import ReconcilerError
from reconciler.core.guards import GUARDS
from reconciler.core.login_failure import SUMMARIES as CAUSES
from reconciler.core.review.rules import RULES
from reconciler.core.rulebook import ENTRIES, KINDS, Entry, find, kind_of
from tests.support.documents import ROOT
from tests.support.told_rules import Told, UnclearRuleError, told_rules
from tests.test_documents import anchors

_ORACLE = re.compile(r"https://docs\.oracle\.com/en/cloud/saas/netsuite/ns-online-help/[a-z]+_[A-Z0-9]+\.html")
_LONGEST = 600
# Rules that have no one summary: it says what was found.
_SEVERAL_SUMMARIES = {"sensitive-change"}


@cache
def told() -> dict[str, Told]:
    """By reading the code, and by asking the tables that it makes its rules from."""
    found = told_rules(ROOT / "reconciler", "reconciler", ("reconciler.emulator",))
    for name, summary, severity, place in tabled():
        one = found.setdefault(name, Told())
        one.places.add(place)
        one.summaries.update(filter(None, [summary]))
        one.severities.update(filter(None, [severity]))
    return found


def tabled() -> Iterator[tuple[str, str | None, str | None, str]]:
    for guard in GUARDS:
        yield guard.rule, guard.summary, "ERROR", "GUARDS"
    for rule in RULES:
        yield rule.name, rule.summary, rule.severity.name, "review RULES"
    for name, summary in SUMMARIES.items():
        yield name, summary, None, "config SUMMARIES"
    for name, summary in CAUSES.items():
        yield name, summary, None, "login_failure SUMMARIES"
    # The checks of doctor that are called like the key of their login.
    yield from ((key, None, None, "diagnosis") for key in ("login", "apply_login"))
    for reason in Reason:
        yield reason, None, None, "Reason"
    for error in errors(ReconcilerError):
        yield error.rule, error.summary, "ERROR", error.__name__


def errors(root: type[ReconcilerError]) -> Iterator[type[ReconcilerError]]:
    yield root
    for error in root.__subclasses__():
        yield from errors(error)


def test_every_rule_that_the_code_tells_has_an_entry() -> None:
    missing = {name: sorted(one.places) for name, one in told().items() if name not in ENTRIES}

    assert not missing, "write an entry for each in reconciler/core/rulebook/"


def test_every_entry_is_told_by_the_code() -> None:
    assert set(ENTRIES) <= set(told()), "take these out of reconciler/core/rulebook/"


def test_no_rule_is_explained_twice() -> None:
    names = [entry.name for entries in KINDS.values() for entry in entries]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_an_entry_calls_a_rule_what_the_code_calls_it(entry: Entry) -> None:
    summaries, severities = told()[entry.name].summaries, told()[entry.name].severities

    if entry.name not in _SEVERAL_SUMMARIES:
        assert not summaries or entry.summary in summaries
    if entry.severity is not None:
        assert not severities or entry.severity.name in severities


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_an_entry_is_a_few_plain_sentences(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z*][a-z0-9_*-]*", entry.name)
    assert not entry.summary.endswith(".")
    for text in (entry.means, entry.matters, entry.todo):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")
        assert "  " not in text
        assert len(text) < _LONGEST
        assert text.count("`") % 2 == 0
    assert len({entry.means, entry.matters, entry.todo}) == 3


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_what_an_entry_leads_to_is_there(entry: Entry) -> None:
    for place in entry.read:
        if place.startswith("docs/"):
            path, _, anchor = place.partition("#")
            assert (ROOT / path).is_file(), place
            assert not anchor or anchor in anchors(ROOT / path), place
        else:
            assert _ORACLE.fullmatch(place) or place.startswith("https://github.com/"), place


def test_the_golden_files_tell_no_other_rules() -> None:
    texts = [path.read_text("utf-8") for path in ROOT.glob("tests/**/*.txt") if ".reconciler" not in path.parts]
    shown = {
        name for text in texts for name in re.findall(r"^(?:Error|Warning|Note).* \[([a-z-]+)\]$", text, re.MULTILINE)
    }

    assert "outage" in shown
    assert {name for name in shown if find(name) is None} == set()


def test_a_pattern_stands_for_the_rules_of_its_form() -> None:
    patterns = [entry for entry in ENTRIES.values() if "*" in entry.name]

    for entry in patterns:
        assert find(entry.name.replace("*", "anything")) is entry
    assert find("nothing-of-the-kind") is None


def test_every_entry_stands_under_its_kind() -> None:
    for kind, entries in KINDS.items():
        assert {kind_of(entry) for entry in entries} == {kind}


class _Example(StrEnum):
    """Forms in which code tells a rule; what stands there has to be found."""

    FIELD = 'from p.d import D\ndef f(): return D("one", "Said")\n'
    KEYWORD = 'from p.d import D\ndef f(): return D(summary="Said", rule="one")\n'
    CONSTANT = 'from p.d import D\nONE = "one"\ndef f(): return D(ONE, "Said")\n'
    CHOICE = 'from p.d import D\ndef f(x): return D("one" if x else "two", "Said")\n'
    HELPER = 'from p.d import D\ndef g(rule: str): return D(rule, "")\ndef f(): return g("one")\n'
    METHOD = 'class C:\n    def g(self, rule: str): ...\n    def f(self): self.g("one")\n'
    PATTERN = 'from p.d import D\ndef f(x):\n    rule = f"one-{x}"\n    return D(rule, "Said")\n'
    CLASS = 'class E(Exception):\n    rule = "one"\n    summary = "Said"\n'


@pytest.mark.parametrize("example", _Example, ids=lambda one: one.name)
def test_rules_are_found_in_whatever_form_they_are_told(example: _Example, tmp_path: Path) -> None:
    (tmp_path / "d.py").write_text("class D:\n    rule: str\n    summary: str\n", encoding="utf-8")
    (tmp_path / "m.py").write_text(example, encoding="utf-8")
    expected = {"CHOICE": {"one", "two"}, "PATTERN": {"one-*"}}.get(example.name, {"one"})

    assert set(told_rules(tmp_path, "p")) == expected


def test_a_rule_that_reading_the_code_does_not_show_is_refused(tmp_path: Path) -> None:
    code = "class D:\n    rule: str\ndef f(x): return D(x + 'one')\n"
    (tmp_path / "d.py").write_text(code, encoding="utf-8")

    with pytest.raises(UnclearRuleError, match=r"p\.d:3"):
        told_rules(tmp_path, "p")


def test_the_rules_of_saved_plans_are_known(tmp_path: Path) -> None:
    documents = [json.loads(path.read_text("utf-8")) for path in ROOT.glob("tests/**/*.json") if _is_golden(path)]
    rules = {one["rule"] for document in documents for one in _diagnostics(document)}

    assert rules
    assert {name for name in rules if find(name) is None} == set()


def _is_golden(path: Path) -> bool:
    return not {"node_modules", ".reconciler"} & set(path.parts) and path.stat().st_size > 0


def _diagnostics(document: object) -> Iterator[dict[str, str]]:
    if isinstance(document, dict):
        if {"rule", "summary", "severity"} <= document.keys():
            yield document
        for value in document.values():
            yield from _diagnostics(value)
    elif isinstance(document, list):
        for value in document:
            yield from _diagnostics(value)
