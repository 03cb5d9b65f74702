"""`apply PLAN.json`: the file is the approval; what is carried out is planned anew."""

import json
from typing import Any

import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import Emulator


@pytest.fixture
def saved(workspace: Workspace, emulator: Emulator) -> Workspace:
    workspace.production(emulator)
    assert workspace.run("plan", "production", "--output", "json=plan.json").code == 0
    return workspace


def edited(workspace: Workspace, **different: Any) -> None:
    file = workspace.folder / "plan.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | different))


def test_a_saved_plan_is_applied_without_asking_and_again(saved: Workspace, emulator: Emulator) -> None:
    first = saved.run("apply", "plan.json", "--detailed-exitcode")

    assert first.code == ExitCode.WAITING
    assert "done          grant NetSuite Connector Web Services to dana.ortiz@example.com" in first.out
    assert len(emulator.writes()) == 1
    again = saved.run("apply", "plan.json", "--detailed-exitcode")
    assert again.code == ExitCode.WAITING
    assert len(emulator.writes()) == 1


def test_a_fact_that_moved_is_named_and_nothing_is_written(saved: Workspace, emulator: Emulator) -> None:
    emulator.act("employees/dana.ortiz@example.com/roles", add=["Accountant"])
    result = saved.run("apply", "plan.json")

    assert result.code == ExitCode.STALE
    assert "employee dana.ortiz@example.com was: id 4172, active, access, roles 3; is now: " in " ".join(
        result.err.split()
    )
    assert emulator.writes() == []


def test_a_file_that_changed_since_is_refused(saved: Workspace, emulator: Emulator) -> None:
    saved.write("production", an_environment(emulator.url, owner="lee.wong@example.com"))
    result = saved.run("apply", "plan.json")

    assert result.code == ExitCode.STALE
    assert "[stale-plan]" in result.err
    assert emulator.writes() == []


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"account": "7654321"}, ExitCode.STALE),
        ({"emulator": True}, ExitCode.STALE),
        ({"digest": "sha256:" + "0" * 64}, ExitCode.STALE),
        ({"observed": []}, ExitCode.STALE),
        ({"steps": []}, ExitCode.STALE),
        ({"environment": "elsewhere"}, ExitCode.USAGE),
        ({"environment": "../production"}, ExitCode.USAGE),
        ({"environment": "production.yaml"}, ExitCode.USAGE),
        ({"format_version": "2.0"}, ExitCode.FAILED),
        ({"steps": 1}, ExitCode.FAILED),
    ],
)
def test_a_foreign_or_tampered_file_is_refused(
    saved: Workspace, emulator: Emulator, different: dict[str, Any], code: ExitCode
) -> None:
    edited(saved, **different)
    result = saved.run("apply", "plan.json")

    assert result.code == code, result.err
    assert result.err
    assert emulator.writes() == []


def test_plans_and_environments_are_not_mixed(saved: Workspace) -> None:
    assert saved.run("apply", "plan.json", "production").code == ExitCode.USAGE
    assert saved.run("apply", "plan.json", "plan.json").code == ExitCode.USAGE


def test_a_plan_of_several_environments_is_applied_to_each(saved: Workspace, emulator: Emulator) -> None:
    saved.write("second", an_environment(emulator.url))
    saved.run("plan", "--output", "json=plans.json")
    result = saved.run("apply", "plans.json", "--output", "json")

    assert result.code == 0
    assert [one["environment"] for one in json.loads(result.out)["environments"]] == ["production", "second"]


def test_a_plan_in_which_everything_had_failed_approves_nothing(saved: Workspace) -> None:
    saved.environ("NETSUITE_TOKEN_SECRET", "wrong")
    saved.run("plan", "production", "--output", "json=failed.json")

    assert saved.run("apply", "failed.json").code == ExitCode.USAGE
