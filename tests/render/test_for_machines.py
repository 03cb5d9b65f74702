"""SARIF and GitHub's annotations: what their readers accept, whatever the findings are called."""

import json
import re
from dataclasses import replace
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.rulebook import ENTRIES
from reconciler.render.findings import Finding
from reconciler.render.sources import Sources
from reconciler.render.to_github import SHOWN, to_github
from reconciler.render.to_sarif import to_sarif
from tests.render.samples import FOUND, GAPPED
from tests.support.documents import ROOT

SCHEMA = json.loads((ROOT / "tests" / "render" / "sarif-schema-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
SOURCES = Sources(root="/checkout", folder="/checkout/config", base="https://forge.example/o/r/blob/main")
ERROR = Diagnostic(
    Severity.ERROR,
    "owner-inactive",
    "Owner is inactive",
    "Ann is.",
    "integrations.a",
    Position("environments/a.yaml", 3, 5),
)
NAMES = st.one_of(
    st.text(), st.sampled_from(["::error::x", "\n::stop-commands::x", "a,b:c%0A", "%", "\r\n", "##[error]x"])
)
POSITIONS = st.builds(Position, NAMES, st.integers(1, 9), st.integers(1, 9))
DIAGNOSTICS = st.builds(
    Diagnostic,
    st.sampled_from(Severity),
    NAMES,
    NAMES,
    NAMES,
    st.none() | NAMES,
    st.none() | POSITIONS,
    st.none() | NAMES,
)
FINDINGS = st.lists(st.builds(Finding, DIAGNOSTICS, st.none() | NAMES), max_size=8)


def log_of(*findings: Finding, sources: Sources = SOURCES) -> dict[str, Any]:
    log = json.loads(to_sarif(findings, sources))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@given(FINDINGS)
def test_every_log_is_as_the_standards_schema_says(findings: list[Finding]) -> None:
    run = log_of(*findings)

    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert len(run["results"]) == len(set(findings))


def test_a_rule_brings_its_explanation_and_one_that_nobody_knows_does_not() -> None:
    stranger = replace(ERROR, rule="what-a-newer-version-tells")
    known, unknown = log_of(Finding(ERROR), Finding(stranger))["tool"]["driver"]["rules"]
    entry = ENTRIES["owner-inactive"]

    assert known["fullDescription"]["text"] == entry.means
    assert all(part in known["help"]["text"] for part in (entry.matters, entry.todo, *entry.read))
    assert known["help"]["markdown"].startswith("## `owner-inactive`\n")
    assert unknown["id"] == stranger.rule
    assert "help" not in unknown


def test_a_result_is_at_its_line_in_the_repository() -> None:
    (result,) = log_of(Finding(ERROR))["results"]

    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "config/environments/a.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "integrations.a"}]


def test_what_has_no_line_is_shown_at_the_file_of_its_environment() -> None:
    (result,) = log_of(Finding(replace(ERROR, position=None), "environments/a b.yaml"))["results"]

    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "config/environments/a%20b.yaml"
    assert physical["region"]["startLine"] == 1


def test_a_finding_keeps_its_identity_when_lines_move_and_words_change() -> None:
    def identity(item: Diagnostic) -> object:
        return log_of(Finding(item))["results"][0]["partialFingerprints"]

    moved = replace(ERROR, position=Position("environments/a.yaml", 30, 1), detail="Ann is, since today.")
    assert identity(moved) == identity(ERROR)
    assert identity(replace(ERROR, address="integrations.b")) != identity(ERROR)
    same_place = log_of(Finding(ERROR), Finding(replace(ERROR, detail="Bob is.")))["results"]
    assert same_place[0]["partialFingerprints"] != same_place[1]["partialFingerprints"]


def test_a_rule_is_told_once_and_errors_come_first() -> None:
    run = log_of(*(Finding(item) for item in (*GAPPED.diagnostics[::-1], *FOUND.diagnostics)))

    levels = [result["level"] for result in run["results"]]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert names == sorted(set(names))


COMMAND = re.compile(r"::(error|warning|notice)( [^:\n]*)?::[^\n]*")


@given(FINDINGS)
def test_every_line_is_one_command_and_no_name_adds_another(findings: list[Finding]) -> None:
    lines = to_github(findings, SOURCES).splitlines()

    assert len(lines) == len({to_github([finding], SOURCES) for finding in findings})
    for line in lines:
        command = COMMAND.fullmatch(line)
        assert command is not None
        names = {pair.partition("=")[0].strip() for pair in (command[2] or "").split(",")}
        assert names <= {"file", "line", "col", "title"}


def test_an_annotation_stands_at_the_line_and_says_what_to_do() -> None:
    said = to_github([Finding(replace(ERROR, detail="50% of a, b: c", hint="name another"))], SOURCES)

    assert said == (
        "::error file=config/environments/a.yaml,line=3,col=5,title=Owner is inactive [owner-inactive]"
        "::50%25 of a, b: c%0Ahint: name another\n"
    )


def test_what_github_would_drop_is_counted_and_errors_come_first() -> None:
    many = [Finding(replace(ERROR, severity=severity, detail=str(n))) for n in range(23) for severity in Severity]
    lines = to_github(many).splitlines()

    assert [line.split(" ")[0] for line in lines] == [
        f"::{kind}" for kind in ("error", "warning", "notice") for _ in range(SHOWN)
    ]
    assert "title=14 more errors::" in lines[SHOWN - 1]
    assert len(to_github(many[:30:3]).splitlines()) == SHOWN


def test_a_finding_that_several_environments_share_is_told_once() -> None:
    assert to_github([Finding(ERROR, "a.yaml"), Finding(ERROR, "a.yaml")]).count("::error") == 1


def test_nothing_to_say_is_nothing() -> None:
    assert to_github([]) == ""
    assert log_of()["results"] == []


def test_links_lead_to_the_line_in_the_repository_and_nowhere_else() -> None:
    assert SOURCES.url(Position("a b.yaml", 7, 1)) == "https://forge.example/o/r/blob/main/config/a%20b.yaml#L7"
    assert SOURCES.url(Position("../x.yaml", 1, 1)) == "https://forge.example/o/r/blob/main/x.yaml#L1"
    assert SOURCES.url(Position("../../x.yaml", 1, 1)) is None
    assert SOURCES.url(Position("/checkout/x.yaml", 1, 1)) == "https://forge.example/o/r/blob/main/x.yaml#L1"
    assert replace(SOURCES, base=None).url(Position("a.yaml", 1, 1)) is None
    assert Sources(base="https://f.example").url(Position("/etc/x", 1, 1)) is None
    assert Sources().path("a.yaml") == "a.yaml"
