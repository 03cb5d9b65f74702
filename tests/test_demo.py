"""`make demo` tells the whole story, and its orders prove that it went well."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documents import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    for part in ("environments", "scripts"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "scripts/demo.py"],
        cwd=folder,
        env=os.environ | {"COLUMNS": "120"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_acts_end_with_every_order_posted(told: str) -> None:
    closing = [line for line in told.splitlines() if "orders were posted while the owner changed" in line]

    assert len(closing) == 2
    for line in closing:
        total, of = line.removeprefix("» ").split(" ")[0::2][:2]
        assert total == of
        assert "by Ann Keller, " in line
        assert "by Dana Ortiz." in line
    assert told.count("Nothing is left to do.") == 2
    assert told.count("✓ order ") == sum(int(line.split()[1]) for line in closing)


def test_a_person_is_where_the_step_is_done(told: str) -> None:
    entering = [line for line in told.splitlines() if line.startswith("» Lee Wong") and ": enter the token" in line]

    assert len(entering) == 2
    assert all("at app.farapp.com" in line for line in entering)


def test_the_second_act_shows_only_what_is_new(told: str) -> None:
    first, second = told.split("The same change of owner")

    assert "New Access Token" in first
    assert "New Access Token" not in second
    assert "Roles: click NetSuite Connector Web Services > Remove > Save" in second
    assert second.count("\n    Steps\n") == 1
    assert len(second.splitlines()) < 0.7 * len(first.splitlines())


def test_afterwards_the_plan_is_empty_and_a_reset_begins_anew(told: str, folder: Path) -> None:
    def called(*arguments: str) -> str:
        call = [sys.executable, "-m", "reconciler", *arguments]
        return subprocess.run(  # noqa: S603  our own program
            call, cwd=folder, check=True, capture_output=True, text=True
        ).stdout

    assert "No changes." in called("plan", "local")
    assert told.rstrip().splitlines()[-2].endswith("reconciler emulator reset local")
    assert told.rstrip().splitlines()[-1].endswith("reconciler plan local")
    called("emulator", "reset", "local")
    assert "1 to create, 1 to replace, 1 to delete" in called("plan", "local")


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C: the terminal sends it to the whole group; what is left of the group is looked for afterwards."""
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert at_work(process.pid) == []
    return process.returncode, told


def at_work(group: int) -> list[list[str]]:
    """The processes of a group; those that have ended, and that nobody asked about yet, are not at work."""
    call = ["ps", "-axo", "pgid=,stat=,args="]
    rows = subprocess.run(call, check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603  whichever ps is there
    found = [row.split(maxsplit=2) for row in rows]
    return [args for pgid, stat, *args in found if pgid == str(group) and not stat.startswith("Z")]


def begun(folder: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_ends_it_with_a_line_and_leaves_nobody_at_work(folder: Path) -> None:
    with begun(folder, "scripts/demo.py", "local") as process:
        assert process.stdout is not None
        assert any(line.startswith("$ reconciler plan local") for line in process.stdout)
        code, told = interrupted(process)

    assert code == 130
    assert told.endswith("\ndemo: interrupted; it begins anew each time.\n")
    assert "Traceback" not in told


def test_ctrl_c_while_setting_up_ends_it_with_a_line(folder: Path, tmp_path: Path) -> None:
    with begun(folder, "scripts/set_up.py", str(tmp_path / "venv")) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Making a virtual environment in ")
        code, told = interrupted(process)

    assert code == 130
    assert told.endswith("\nSetting up was interrupted; the next time it goes on.\n")
    assert "Traceback" not in told
