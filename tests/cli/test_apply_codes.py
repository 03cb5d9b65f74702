"""What the codes 8, 9 and 10 of `apply` mean, through NetSuite's answers to two writes on two people."""

import re

import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.cli.conftest import Workspace
from tests.support.emulator import Emulator

DANAS = "grant NetSuite Connector Web Services to dana.ortiz@example.com"
TOMS = "grant Buyer to tom.becker@example.com"
WRITE = "PATCH .*"


@pytest.fixture
def ready(two_grants_due: Workspace) -> Workspace:
    return two_grants_due


def applied(workspace: Workspace) -> tuple[int, dict[str, str]]:
    """The exit code, and from the closing table the outcome of each step that was tried."""
    result = workspace.run("apply", "production", "--auto-approve", "--detailed-exitcode")
    told = re.findall(rf"^  (\w+) +({DANAS}|{TOMS})(?:$|: )", result.out.partition("\n\n")[0], re.MULTILINE)
    return result.code, {summary: outcome for outcome, summary in told}


@pytest.mark.parametrize("fails", [DANAS, TOMS])
def test_8_when_one_step_failed_and_another_went_on(ready: Workspace, emulator: Emulator, fails: str) -> None:
    emulator.fault(WRITE, nth=[DANAS, TOMS].index(fails) + 1, status=400)
    code, outcomes = applied(ready)

    assert code == ExitCode.PARTLY
    assert outcomes == {DANAS: "done", TOMS: "done"} | {fails: "failed"}
    assert f"  failed    {fails}: " in ready.run("history", "production").out
    assert applied(ready) == (ExitCode.WAITING, {fails: "done"})


def test_8_when_one_step_is_unknown_after_another_was_done(ready: Workspace, emulator: Emulator) -> None:
    emulator.fault(WRITE, nth=2, drop=True)

    assert applied(ready) == (ExitCode.PARTLY, {DANAS: "done", TOMS: "unknown"})


def test_1_when_nothing_was_done(ready: Workspace, emulator: Emulator) -> None:
    emulator.fault(WRITE, times=2, status=400)

    assert applied(ready) == (ExitCode.FAILED, {DANAS: "failed", TOMS: "failed"})


def test_10_when_an_answer_was_lost_and_a_read_settles_it(ready: Workspace, emulator: Emulator) -> None:
    emulator.fault(WRITE, nth=2, drop=True, after=True)

    assert applied(ready) == (ExitCode.WAITING, {DANAS: "done", TOMS: "done"})


def test_9_when_netsuite_said_yes_and_did_nothing(ready: Workspace, emulator: Emulator) -> None:
    emulator.fault(WRITE, nth=2, status=204)
    code, outcomes = applied(ready)

    assert (code, outcomes) == (ExitCode.CONTRADICTED, {DANAS: "done", TOMS: "failed"})
    assert "a second look finds" in ready.run("history", "production").out
