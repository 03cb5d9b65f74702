"""What is offered while a command is typed, without loading more than names need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.formats import APPLY
from tests.cli.conftest import Workspace
from tests.cli.test_commands import HEAVY

ASK = (
    "import atexit, sys; from reconciler.cli.main import main;"
    "atexit.register(lambda: print(*filter(sys.modules.get, list(sys.modules)), file=sys.stderr)); main([])"
)
# What checks an environment file; names alone are asked for.
READING = {"yaml", "jsonschema", "jsonschema_rs", "reconciler.config.environment"}


def asked(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The answer to a shell; fish takes one on each line, with its help behind a tab."""
    question = {"_RECONCILER_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", ASK], cwd=folder, env=os.environ | question | {"_TYPER_COMPLETE_ARGS": line},
        check=True, capture_output=True, text=True,
    )  # fmt: skip


def offered(line: str, folder: Path) -> list[str]:
    return [row.partition("\t")[0] for row in asked(line, folder).stdout.splitlines() if row]


@pytest.mark.parametrize(
    "command",
    [
        "plan",
        "validate",
        "apply",
        "history",
        "unlock",
        "drift",
        "verify",
        "review",
        "import",
        "doctor",
        "emulator serve",
        "emulator reset",
    ],
)
def test_environments_are_offered_wherever_one_is_asked_for(workspace: Workspace, command: str) -> None:
    for name in ("production", "sandbox"):
        workspace.write(name, {})

    assert offered(f"reconciler {command} ", workspace.folder) == ["production", "sandbox"]
    assert offered(f"reconciler {command} sa", workspace.folder) == ["sandbox"]


def test_a_name_that_stands_there_is_not_offered_again(workspace: Workspace) -> None:
    for name in ("production", "sandbox"):
        workspace.write(name, {})

    assert offered("reconciler plan sandbox ", workspace.folder) == ["production"]


def test_no_folder_and_no_name_offer_nothing(tmp_path: Path) -> None:
    assert offered("reconciler plan ", tmp_path) == []
    assert offered("reconciler plan --environments none ", tmp_path) == []


def test_the_formats_of_the_command_are_offered(tmp_path: Path) -> None:
    assert offered("reconciler apply --output ", tmp_path) == [form.value for form in APPLY]
    assert offered("reconciler validate --output s", tmp_path) == ["sarif"]


def test_help_stands_on_the_line_of_what_it_is_about(tmp_path: Path) -> None:
    """Help that is wrapped would be offered as further words."""
    rows = asked("reconciler plan --output", tmp_path).stdout.splitlines()

    assert len(rows) == 1
    assert rows[0].startswith("--output\ttext (default), json")


@pytest.mark.parametrize("line", ["reconciler ", "reconciler plan ", "reconciler plan --", "reconciler schema "])
def test_a_question_loads_nothing_heavy(workspace: Workspace, line: str) -> None:
    workspace.write("production", {})
    loaded = set(asked(line, workspace.folder).stderr.split())

    assert "reconciler.cli.app" in loaded
    assert loaded.isdisjoint(HEAVY | READING)
