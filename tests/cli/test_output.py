"""Where results go: nothing that was done is lost, and nothing that is no file is replaced."""

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from reconciler.cli import output, writing
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.main import main
from reconciler.cli.writing import UnwritableError, require_writable, write_whole
from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import Emulator, serving


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("file", ["nowhere/plan.json", "environments", "environments/production.yaml/plan.json"])
def test_a_result_without_a_place_is_found_before_anything_is_written(
    workspace: Workspace, emulator: Emulator, file: str
) -> None:
    workspace.production(emulator)
    result = workspace.run("apply", "production", "--auto-approve", "--output", f"json={file}")

    assert result.code == ExitCode.FAILED
    assert f"{file} cannot be written" in result.err
    assert ("hint: make the folder nowhere first" in result.err) == file.startswith("nowhere")
    assert emulator.writes() == []


def test_a_place_that_was_lost_meanwhile_loses_no_report(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(output, "require_writable", lambda _path: None)
    with serving() as emulator:
        workspace.production(emulator)
        result = workspace.run("apply", "production", "--auto-approve", "--output", "json=nowhere/plan.json")

        assert result.code == ExitCode.FAILED
        assert "done          grant NetSuite Connector Web Services to dana.ortiz@example.com" in result.err
        assert len(emulator.writes()) == 1


def test_a_lost_place_does_not_change_the_code_of_what_happened(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "require_writable", lambda _path: None)
    workspace.production(emulator, token_role="Nope")

    assert workspace.run("plan", "production", "--output", "json=nowhere/plan.json").code == ExitCode.INVALID


def test_a_full_disk_under_stdout_is_told_without_a_traceback(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.production(emulator)

    def full(_text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(sys.stdout, "write", full)
        result = workspace.run("plan", "production")

    assert result.code == ExitCode.FAILED
    assert "cannot be written to stdout: No space left on device" in result.err


@pytest.mark.parametrize("arguments", [["schema", "plan"], ["--version"], ["--help"], ["validate"]])
def test_a_full_disk_is_told_by_every_command(workspace: Workspace, arguments: list[str]) -> None:
    if not stat.S_ISCHR(os.stat("/dev/full").st_mode):  # noqa: PTH116  nothing may be written to what only looks like it
        pytest.skip("there is no full device")
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        call = [sys.executable, "-m", "reconciler", *arguments]
        done = subprocess.run(call, check=False, stdout=full, stderr=subprocess.PIPE, text=True)  # noqa: S603  our own

    assert done.returncode == ExitCode.FAILED
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_file_that_the_system_refuses_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_names: Sequence[str], _folder: Path, _output: Sequence[str]) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/srv/kept")

    monkeypatch.setattr("reconciler.cli.validating.run", refuse)

    assert main(["validate"]) == ExitCode.FAILED
    assert "The system refused: /srv/kept: Permission denied." in capsys.readouterr().err


def test_a_closed_pipe_is_quiet(workspace: Workspace) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    reading, writing_end = os.pipe()
    os.close(reading)
    call = [sys.executable, "-m", "reconciler", "schema", "plan"]
    try:
        done = subprocess.run(  # noqa: S603  our own program
            call, check=False, stdout=writing_end, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writing_end)

    assert (done.returncode, done.stderr) == (ExitCode.FAILED, "")


def test_a_closed_pipe_keeps_nothing_from_the_other_outputs(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.production(emulator)

    def gone(_text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    with monkeypatch.context() as patched:
        patched.setattr(sys.stdout, "write", gone)
        result = workspace.run("plan", "production", "--output", "text", "--output", "json=plan.json")

    assert (result.code, result.err) == (ExitCode.FAILED, "")
    assert json.loads((workspace.folder / "plan.json").read_text())["environment"] == "production"


def test_without_any_stdout_the_result_is_told_on_stderr(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", None)
        result = workspace.run("validate")

    assert result.code == ExitCode.FAILED
    assert "Bad file descriptor" in result.err
    assert "1 file checked: all valid" in result.err


def test_a_link_stays_a_link_and_its_target_is_replaced_whole(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)

    write_whole(link, "after")

    assert link.is_symlink()
    assert target.read_text() == "after"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "target.json"]


def test_a_link_to_nothing_yet_is_followed(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "target.json")
    require_writable(link)

    write_whole(link, "after")

    assert link.is_symlink()
    assert (tmp_path / "target.json").read_text() == "after"


def test_a_fifo_is_written_into_and_stays_one(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_text()), daemon=True)
    reader.start()
    require_writable(fifo)

    write_whole(fifo, "through")
    reader.join(timeout=10)

    assert got == ["through"]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_what_a_process_has_open_is_added_to_and_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link below /dev leads to stdout, which may be a log that others write, too; here a folder stands for /dev."""
    device, log = tmp_path / "dev", tmp_path / "log"
    device.mkdir()
    log.write_text("before\n")
    (device / "stdout").symlink_to(log)
    monkeypatch.setattr(writing, "_NOT_FILES", (device,))
    inode = log.stat().st_ino

    write_whole(device / "stdout", "after\n")

    assert log.read_text() == "before\nafter\n"
    assert log.stat().st_ino == inode


def test_what_was_there_stays_when_the_new_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("before")

    with pytest.raises(UnwritableError):
        write_whole(file, "\ud800")

    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_can_be_no_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnwritableError, match="cannot be written"):
        require_writable(tmp_path / name)


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(UnwritableError, match="cannot be written"):
        require_writable(tmp_path / "a")


def two_environments(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.write("unknown", an_environment(emulator.url, owner="nobody@example.com"))
    (workspace.folder / "environments" / "broken.yaml").write_text("netsuite: {account: 1}\n")


def test_a_placeholder_gives_each_environment_a_file_of_its_own(workspace: Workspace, emulator: Emulator) -> None:
    two_environments(workspace, emulator)
    result = workspace.run("plan", "--output", "json=x-{environment}.json", "--output", "text={environment}.txt")

    assert result.out == ""
    documents = {path.name: json.loads(path.read_text()) for path in workspace.folder.glob("x-*.json")}
    assert {name: one["environment"] for name, one in documents.items()} == {
        f"x-{name}.json": name for name in ("broken", "production", "unknown")
    }
    assert documents["x-broken.json"]["errored"]
    assert "± integrations" in (workspace.folder / "production.txt").read_text()
    assert "environments/broken.yaml:1:" in (workspace.folder / "broken.txt").read_text()


def test_without_a_placeholder_several_environments_are_one_document(workspace: Workspace, emulator: Emulator) -> None:
    two_environments(workspace, emulator)
    workspace.run("plan", "--output", "json=x.json")

    assert len(json.loads((workspace.folder / "x.json").read_text())["environments"]) == 3


def test_validate_and_show_know_the_placeholder(workspace: Workspace, emulator: Emulator) -> None:
    two_environments(workspace, emulator)
    workspace.run("validate", "--output", "json=v-{environment}.json")
    workspace.run("plan", "production", "unknown", "--output", "json=plans.json")
    workspace.run("show", "plans.json", "--output", "json=s-{environment}.json")

    assert not json.loads((workspace.folder / "v-broken.json").read_text())["valid"]
    assert json.loads((workspace.folder / "v-unknown.json").read_text())["valid"]
    assert json.loads((workspace.folder / "s-unknown.json").read_text())["environment"] == "unknown"


@pytest.mark.parametrize("file", ["x-{env}.json", "{}.json", "{account}/{environment}.json"])
def test_an_unknown_placeholder_is_wrong_usage(workspace: Workspace, file: str) -> None:
    result = workspace.run("plan", "--output", f"json={file}")

    assert result.code == ExitCode.USAGE
    assert "{environment}" in result.err


def test_two_outputs_that_meet_in_one_file_are_wrong_usage(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    result = workspace.run("plan", "--output", "json=x-production", "--output", "text=x-{environment}")

    assert result.code == ExitCode.USAGE


def test_the_name_in_a_saved_plan_leads_to_no_other_folder(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.run("plan", "production", "--output", "json=plan.json")
    file = workspace.folder / "plan.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"environment": "../x"}))

    assert workspace.run("show", "plan.json", "--output", "json={environment}.json").code == ExitCode.USAGE


def test_an_error_that_ends_an_environment_names_it_and_its_account(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.environ("NETSUITE_TOKEN_SECRET", "wrong")
    workspace.write("second", an_environment("http://127.0.0.1:9"))
    result = workspace.run("plan")

    assert "Error in production (account 1234567): Login refused [login-refused]" in result.err
    assert "Error in second (account 1234567): No answer [unanswered]" in result.err


def test_a_forged_argument_cannot_write_lines(workspace: Workspace) -> None:
    for arguments in (["plan", "x\x1b[2K\nforged"], ["x\x1b\nforged"], ["plan", "--x\x1b\nforged"]):
        result = workspace.run(*arguments)

        assert "\x1b" not in result.err
        assert not any(line.startswith("forged") for line in result.err.splitlines())


@pytest.mark.parametrize(
    ("command", "value", "wrong", "hint"),
    [
        (["validate"], "markdown", "This command has no output as markdown.", "text (default), json, sarif or github"),
        (
            ["plan"],
            "csv",
            "This command has no output as csv.",
            "text (default), json, markdown, html, sarif or github",
        ),
        (
            ["apply", "x"],
            "sarif",
            "This command has no output as sarif.",
            "text (default), json, markdown, html or github",
        ),
        (["history"], "html=x", "This command has no output as html.", "text (default) or json"),
        (["show", "x.json"], "yaml", 'There is no output format "yaml".', "text (default), json, markdown"),
    ],
)
def test_each_command_names_the_formats_it_has(
    workspace: Workspace, command: list[str], value: str, wrong: str, hint: str
) -> None:
    result = workspace.run(*command, "--output", value)

    assert result.code == ExitCode.USAGE
    assert wrong in result.err
    assert f"hint: formats here are {hint}" in result.err


def test_several_formats_come_of_one_run(workspace: Workspace) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9", owner="nobody"))
    result = workspace.run(
        "validate", "--output", "github", "--output", "sarif=a.sarif", "--output", "json={environment}.json"
    )

    assert result.code == ExitCode.INVALID
    assert result.out.startswith("::error file=environments/production.yaml,line=")
    (run,) = json.loads((workspace.folder / "a.sarif").read_text())["runs"]
    document = json.loads((workspace.folder / "production.json").read_text())
    assert [one["ruleId"] for one in run["results"]] == [one["rule"] for one in document["diagnostics"]]


@pytest.mark.parametrize("format_", ["sarif", "github"])
def test_an_environment_that_could_not_be_planned_is_among_the_findings(workspace: Workspace, format_: str) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    result = workspace.run("plan", "--output", format_)

    assert result.code == ExitCode.NO_ACCESS
    assert "environments/production.yaml" in result.out
