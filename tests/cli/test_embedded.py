"""`endpoint: emulator`: started when needed, its story kept between commands, a running server used again."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Workspace
from tests.support.emulator import LISTENING, Emulator

LOCAL = Path(__file__).parents[2] / "environments"


@pytest.fixture(autouse=True)
def environments(workspace: Workspace) -> None:
    for file in LOCAL.glob("local*.yaml"):
        (workspace.folder / "environments" / file.name).write_text(file.read_text("utf-8"), encoding="utf-8")


def test_everything_shown_from_it_says_so(workspace: Workspace) -> None:
    result = workspace.run("plan", "local")

    assert result.code == 0
    assert result.out.startswith("EMULATOR, not NetSuite  local: account 1234567\n")
    assert json.loads(workspace.run("plan", "local", "--output", "json").out)["emulator"] is True


def test_what_apply_wrote_is_there_in_the_next_command(workspace: Workspace) -> None:
    workspace.run("apply", "local", "--auto-approve")
    result = workspace.run("plan", "local")

    assert "grant NetSuite Connector Web Services to dana.ortiz@example.com  done" in result.out


def test_environments_do_not_share_a_database(workspace: Workspace) -> None:
    workspace.run("apply", "local", "--auto-approve")

    assert "1 to create, 1 to replace" in workspace.run("plan", "local-read-only").out


def test_a_server_that_runs_is_used_again_and_people_can_act_between_commands(workspace: Workspace) -> None:
    call = [sys.executable, "-m", "reconciler", "emulator", "serve", "local"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own program
        assert server.stdout is not None
        emulator = Emulator(server.stdout.readline().removeprefix(LISTENING).strip())
        emulator.act("employees/dana.ortiz@example.com/roles", add=["NetSuite Connector Web Services"])
        result = workspace.run("plan", "local")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0

    assert "grant NetSuite Connector Web Services to dana.ortiz@example.com  done" in result.out


def test_a_stale_registration_is_ignored(workspace: Workspace) -> None:
    workspace.run("plan", "local")
    file = workspace.folder / ".reconciler" / "emulator" / "local-1234567.json"
    file.write_text('{"url": "http://127.0.0.1:9", "pid": 1, "database": "gone"}')

    assert workspace.run("plan", "local").code == 0
