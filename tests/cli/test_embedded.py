"""`endpoint: emulator`: started when needed, its story kept between commands, a running server used again."""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.embedded import emulator_files, running
from reconciler.store.folder import Folder
from reconciler.store.lock import Lock
from tests.cli.conftest import Workspace
from tests.support.checkout import Checkout
from tests.support.emulator import LISTENING, Emulator

LOCAL = Path(__file__).parents[2] / "environments"


@pytest.fixture(autouse=True)
def environments(workspace: Workspace) -> None:
    for file in LOCAL.glob("local*.yaml"):
        (workspace.folder / "environments" / file.name).write_text(file.read_text("utf-8"), encoding="utf-8")


def test_everything_shown_from_it_says_so(workspace: Workspace) -> None:
    result = workspace.run("plan", "local")

    assert result.code == 0
    assert result.out.startswith(
        "EMULATOR, not NetSuite  local: account 1234567, read as svc.reader@example.com (Reconciler Reader)\n"
    )
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


def test_another_account_has_another_database(workspace: Workspace) -> None:
    workspace.run("apply", "local", "--auto-approve")
    file = workspace.folder / "environments" / "local.yaml"
    file.write_text(file.read_text("utf-8").replace('"1234567"', '"7654321"'), encoding="utf-8")
    result = workspace.run("plan", "local")

    assert result.out.startswith(
        "EMULATOR, not NetSuite  local: account 7654321, read as svc.reader@example.com (Reconciler Reader)\n"
    )
    assert "1 to create, 1 to replace" in result.out


def test_a_reset_begins_anew_and_says_what_it_removed(workspace: Workspace) -> None:
    workspace.run("apply", "local", "--auto-approve")
    workspace.run("apply", "local-read-only")
    reset = workspace.run("emulator", "reset", "local")

    assert reset.code == 0
    assert "Removed .reconciler/emulator/local-1234567.sqlite\n" in reset.err
    assert "1 to create, 1 to replace" in workspace.run("plan", "local").out
    assert (workspace.folder / ".reconciler/emulator/local-read-only-1234567.sqlite").exists()


def test_wherever_one_stands_it_is_the_same_one_and_git_sees_nothing_of_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = Checkout.new(workspace.folder)
    checkout.commit()
    monkeypatch.chdir(workspace.folder / "environments")
    assert workspace.run("plan", "local.yaml").code == 0
    assert checkout.git("status", "--porcelain") == "", "before anything was applied"
    assert workspace.run("apply", "local.yaml", "--auto-approve").code == 0

    monkeypatch.chdir(workspace.folder)
    assert "grant NetSuite Connector Web Services to dana.ortiz@example.com  done" in workspace.run("plan", "local").out
    assert checkout.git("status", "--porcelain") == ""
    assert not (workspace.folder / "environments" / ".reconciler").exists()
    monkeypatch.chdir(workspace.folder / "environments")
    call = [sys.executable, "-m", "reconciler", "emulator", "serve", "local.yaml"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own program
        assert server.stdout is not None
        assert server.stdout.readline().startswith(LISTENING)
        registration = workspace.folder / ".reconciler" / "emulator" / "local-1234567.json"
        assert json.loads(registration.read_text("utf-8"))["pid"] == server.pid
        server.send_signal(signal.SIGTERM)
    reset = workspace.run("emulator", "reset", "local.yaml").err
    assert f"Removed {workspace.folder}/.reconciler/emulator/local-1234567.sqlite\n" in reset


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(workspace: Workspace) -> None:
    (workspace.folder / ".reconciler").write_text("a file is in the way")
    for command in (("plan", "local"), ("emulator", "serve", "local")):
        result = workspace.run(*command)

        assert result.code == 1
        told = " ".join(result.err.split())
        assert "Emulator unavailable [emulator]" in told
        assert ".reconciler/emulator, where the emulator keeps its databases, cannot be made: Not a directory." in told
        assert "hint: make the repository's folder writable" in told


def test_what_keeps_it_from_starting_is_told_with_what_to_do(workspace: Workspace) -> None:
    folder = workspace.folder / ".reconciler" / "emulator"
    folder.mkdir(parents=True)
    (folder / "local-1234567.sqlite").write_text("not a database " * 100)
    result = workspace.run("plan", "local")

    told = " ".join(result.err.split())
    assert result.code == 1
    assert "The embedded emulator did not start: .reconciler/emulator/local-1234567.sqlite cannot be used" in told
    assert "hint: `reconciler emulator reset local` begins anew; its folder has to be writable" in told


def test_a_reset_of_nothing_says_so(workspace: Workspace) -> None:
    result = workspace.run("emulator", "reset", "local")

    assert result.code == 0
    assert result.err.startswith("Nothing to remove.")
    assert workspace.run("emulator", "reset", "nowhere").code == 64


def test_what_was_applied_before_a_reset_is_told_as_gone(workspace: Workspace) -> None:
    workspace.run("apply", "local", "--auto-approve")

    assert "The journal stays, and notes the reset" in workspace.run("emulator", "reset", "local").err
    told = workspace.run("history", "local", "--handover").out
    assert "  The journal knows of no apply for it.\n" in told
    heading = "  Applied earlier, to what is no longer in the account; no step below is from these\n"
    assert re.search(heading + r"    20.*: waiting \(run \w+, before the emulator was reset at 20", told)
    assert "grant NetSuite Connector Web Services" not in told
    history = workspace.run("history", "local").out
    assert re.search(
        r"\nEMULATOR  local: account 1234567, reset 20.*; it holds nothing of what is told above\n", history
    )
    workspace.run("apply", "local", "--auto-approve")
    again = workspace.run("history", "local")
    assert (again.code, "skipped" in again.out) == (0, False)
    for line in (workspace.folder / ".reconciler/journal/local").glob("*.jsonl"):
        schema = Draft202012Validator(json.loads(workspace.run("schema", "journal").out))
        for entry in line.read_text("utf-8").splitlines():
            schema.validate(json.loads(entry))


def test_nothing_is_reset_while_somebody_applies(workspace: Workspace) -> None:
    workspace.run("apply", "local", "--auto-approve")
    with Lock(Folder(workspace.folder / ".reconciler"), "local").take("apply", "ann", "here", timedelta()):
        result = workspace.run("emulator", "reset", "local")

    assert result.code == 7
    assert "Removed" not in result.err
    assert (workspace.folder / ".reconciler/emulator/local-1234567.sqlite").exists()


def test_a_database_that_is_served_is_not_removed(workspace: Workspace) -> None:
    call = [sys.executable, "-m", "reconciler", "emulator", "serve", "local"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own program
        assert server.stdout is not None
        assert server.stdout.readline().startswith(LISTENING)
        result = workspace.run("emulator", "reset", "local")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0

    assert result.code == 1
    assert "local-1234567.sqlite is being served" in result.err
    assert (workspace.folder / ".reconciler/emulator/local-1234567.sqlite").exists()


def test_a_login_that_the_emulator_does_not_know_is_refused(workspace: Workspace) -> None:
    file = workspace.folder / "environments" / "local.yaml"
    file.write_text(file.read_text("utf-8").replace("svc.admin@", "svc.nobody@"), encoding="utf-8")
    result = workspace.run("apply", "local", "--auto-approve")

    assert result.code == 4
    assert "Error in local (account 1234567): Login refused [login-refused]" in result.err
    assert "no login for svc.nobody@example.com as Administrator" in result.err


def test_after_a_sandbox_refresh_the_logins_are_gone_and_a_reset_helps(workspace: Workspace) -> None:
    call = [sys.executable, "-m", "reconciler", "emulator", "serve", "local"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own program
        assert server.stdout is not None
        Emulator(server.stdout.readline().removeprefix(LISTENING).strip()).act("refresh")
        result = workspace.run("plan", "local")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0

    assert result.code == 4
    assert "Login refused" in result.err
    assert "reconciler emulator reset" in result.err
    workspace.run("emulator", "reset", "local")
    assert workspace.run("plan", "local").code == 0


def test_the_help_of_serve_is_our_own(workspace: Workspace) -> None:
    result = workspace.run("emulator", "serve", "--help")

    assert result.code == 0
    for word in (
        "reconciler emulator serve",
        "[ENV]",
        "--environments",
        "--port",
        "--latency",
        "--behaviour",
        "--seed",
    ):
        assert word in result.out


def test_options_reach_the_emulator_wherever_they_stand(workspace: Workspace) -> None:
    call = [sys.executable, "-m", "reconciler", "emulator", "serve"]
    arguments = ["--latency", "1", "local", "--environments", "environments", "--behaviour", "suiteql-zone=utc"]
    with subprocess.Popen([*call, *arguments], stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own
        assert server.stdout is not None
        emulator = Emulator(server.stdout.readline().removeprefix(LISTENING).strip())
        switches = emulator.door("behaviours")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0

    assert "utc" in str(switches)


def test_the_list_of_behaviours_takes_names_and_options() -> None:
    call = [sys.executable, "-m", "reconciler", "emulator", "behaviours", "suiteql-*zone", "--assumed", "--json"]
    done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603  our own program

    assert [row["name"] for row in json.loads(done.stdout)] == ["suiteql-zone", "suiteql-sysdate-zone"]


def test_an_interruption_is_not_for_the_emulator_that_still_has_to_answer(tmp_path: Path) -> None:
    files = emulator_files(tmp_path, "local")
    with running(files, "1234567"):
        lock = files.database("1234567").with_name("local-1234567.sqlite.lock")
        emulator = json.loads(lock.read_text("utf-8"))["pid"]

        assert os.getpgid(emulator) != os.getpgid(0)


def test_options_of_the_emulator_are_passed_on(workspace: Workspace) -> None:
    ready = workspace.folder / "ready.json"
    call = [sys.executable, "-m", "reconciler", "emulator", "serve", "--ready-file", str(ready), "--latency", "1"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own program
        assert server.stdout is not None
        url = server.stdout.readline().removeprefix(LISTENING).strip()
        assert json.loads(ready.read_text("utf-8")) == {"url": url, "pid": server.pid, "database": None}
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0
    assert not ready.exists()


def test_nothing_in_the_folder_of_the_command_is_taken_for_a_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request may bring a folder of the same name."""
    forged = tmp_path / "reconciler" / "emulator"
    forged.mkdir(parents=True)
    for folder in (forged.parent, forged):
        (folder / "__init__.py").write_text("", encoding="utf-8")
    (forged / "__main__.py").write_text("open('executed', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with running(emulator_files(tmp_path / "kept", "local"), "1234567") as url:
        assert url.startswith("http://127.0.0.1:")

    assert not (tmp_path / "executed").exists()
