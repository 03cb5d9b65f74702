"""`explain`: what a rule means, for whoever has just met one."""

import json
import os
import subprocess
import sys

import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.rulebook import ENTRIES, KINDS
from reconciler.render.diagnostic_text import pointer, validation_to_text
from tests.cli.conftest import Workspace, an_environment

COLUMNS = 80


@pytest.mark.parametrize("name", ENTRIES)
def test_every_rule_is_explained_within_eighty_columns(workspace: Workspace, name: str) -> None:
    result = workspace.run("explain", name)
    entry = ENTRIES[name]

    assert result.code == ExitCode.OK
    assert " ".join(result.out.split()).startswith(f"{name}: {entry.summary} ")
    assert "\nWhy it matters\n" in result.out
    assert "\nWhat to do\n" in result.out
    assert all(place in result.out for place in entry.read)
    assert all(len(line) <= COLUMNS for line in result.out.splitlines() if "https://" not in line)


def test_without_a_rule_all_are_listed_by_kind(workspace: Workspace) -> None:
    lines = workspace.run("explain").out.splitlines()

    assert [line for line in lines if line in KINDS] == list(KINDS)
    assert [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "] == list(ENTRIES)
    assert all(len(line) <= COLUMNS for line in lines)
    assert lines[-1].startswith(f"{len(ENTRIES)} rules. ")


def test_a_misspelt_rule_is_wrong_usage_with_the_nearest_name(workspace: Workspace) -> None:
    result = workspace.run("explain", "owner-inactiv")

    assert result.code == ExitCode.USAGE
    assert result.out == ""
    assert 'did you mean "owner-inactive"?' in result.err


def test_a_rule_that_is_like_none_points_to_the_list_and_to_no_rule_by_chance(workspace: Workspace) -> None:
    said = workspace.run("explain", "nosuch").err

    assert said.splitlines()[-1] == f"  hint: `reconciler explain` lists all {len(ENTRIES)}"


def test_a_word_of_several_rules_lists_those_and_how_to_see_all(workspace: Workspace) -> None:
    *_, one = workspace.run("explain", "Waiver-Unu").err.splitlines()
    *_, two = workspace.run("explain", "holder").err.splitlines()
    *_, many = workspace.run("explain", "token").err.splitlines()

    assert one == '  hint: did you mean "waiver-unused"?'
    assert two.startswith("  hint: known with that word: other-holders, stray-role-holder; `reconciler explain` lists")
    assert many.count("token") > 1
    assert " more; `reconciler explain` lists all" in many


def test_a_name_that_is_hostile_is_shown_harmless(workspace: Workspace) -> None:
    result = workspace.run("explain", "\x1b[2J\u202eevil")

    assert result.code == ExitCode.USAGE
    assert "\x1b" not in result.err
    assert "\u202e" not in result.err


def test_a_permission_of_doctor_is_explained_by_its_form(workspace: Workspace) -> None:
    result = workspace.run("explain", "permission-ADMI_AUDITLOGIN")

    assert result.code == ExitCode.OK
    assert "One permission of a role" in result.out


def test_the_same_as_data_and_as_a_page(workspace: Workspace) -> None:
    one = json.loads(workspace.run("explain", "outage", "--output", "json").out)
    every = json.loads(workspace.run("explain", "--output", "json").out)
    page = workspace.run("explain", "outage", "--output", "markdown").out

    assert [each["rule"] for each in one["rules"]] == ["outage"]
    assert [each["rule"] for each in every["rules"]] == list(ENTRIES)
    assert one["rules"][0] in every["rules"]
    assert one["rules"][0] | {"read": list(ENTRIES["outage"].read)} == one["rules"][0]
    assert page.startswith("## `outage`\n\n**The application cannot log in.**")
    assert "| `outage` | The application cannot log in |" in workspace.run("explain", "--output", "markdown").out


def test_a_file_gets_the_same_and_belongs_to_no_environment(workspace: Workspace) -> None:
    shown = workspace.run("explain", "gap").out
    workspace.run("explain", "gap", "--output", "text=gap.txt")

    assert (workspace.folder / "gap.txt").read_text("utf-8") == shown
    assert workspace.run("explain", "gap", "--output", "text={environment}.txt").code == ExitCode.USAGE


def test_tab_completes_the_name_of_a_rule() -> None:
    surroundings = os.environ | {
        "_RECONCILER_COMPLETE": "complete_bash",
        "COMP_WORDS": "reconciler explain own-",
        "COMP_CWORD": "2",
    }
    call = [sys.executable, "-m", "reconciler"]
    done = subprocess.run(call, env=surroundings, check=False, capture_output=True, text=True)  # noqa: S603  our own

    assert set(done.stdout.split()) == {name for name in ENTRIES if name.startswith("own-")}


def a_finding(rule: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, rule, "Said", "Found.")


def test_findings_point_to_what_explains_them() -> None:
    assert pointer([]) == ""
    assert pointer([a_finding("gap"), a_finding("gap")]).endswith(": reconciler explain gap")
    assert pointer([a_finding("gap"), a_finding("outage")]).endswith(": reconciler explain NAME")
    assert validation_to_text([], ["a.yaml"]) == "1 file checked: all valid\n"


@pytest.mark.parametrize("rule", ["$(reboot)", "gap; reboot", "Gap", "", "-gap", "a b"])
def test_what_a_saved_file_calls_a_rule_is_no_command_to_copy(rule: str) -> None:
    assert pointer([a_finding(rule)]) == ""


def test_an_error_points_there_too_and_wrong_usage_does_not(workspace: Workspace) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9") | {"surprise": 1})

    assert "reconciler explain unknown-key" in workspace.run("validate").out
    assert "reconciler explain unknown-key" in workspace.run("plan").err
    assert "reconciler explain" not in workspace.run("plan", "elsewhere").err
