"""`validate` over many files: the same findings by several processes, and a clean end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

GOOD = "netsuite: {account: '%d', endpoint: emulator}\n"
BAD = "netsuite: {account: '%d', endpoint: nowhere}\n"
# As it is called, but that a few files are worth a process already.
CODE = """
import sys
from reconciler.wiring import configuration
from reconciler.cli.main import main
configuration._WORTH_A_PROCESS, configuration._AT_ONCE = {worth}, 3
sys.exit(main())
"""


def started(folder: Path, worth: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CODE.format(worth=worth), "validate", "--output", "json=found.json"]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603  our own program


def written(folder: Path, count: int) -> None:
    (folder / "environments").mkdir()
    for number in range(count):
        text = (BAD if number % 5 == 0 else GOOD) % (1000000 + number)
        (folder / f"environments/e{number:04}.yaml").write_text(text, encoding="utf-8")


def test_several_processes_find_what_one_finds_in_the_same_order(tmp_path: Path) -> None:
    written(tmp_path, 40)

    outcomes = []
    for worth in (2, 1000):
        with started(tmp_path, worth) as process:
            err = process.communicate()[1]
        outcomes.append((process.returncode, (tmp_path / "found.json").read_text("utf-8"), err))

    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0] == 3
    assert outcomes[0][1].count('"untrusted-endpoint"') + outcomes[0][1].count('"wrong-form"') >= 8


def test_an_interruption_ends_all_of_them_without_a_traceback(tmp_path: Path) -> None:
    written(tmp_path, 3000)
    with started(tmp_path, 100) as process:
        while not children_of(process.pid):
            assert process.poll() is None, "it ended before it had any"
        os.killpg(process.pid, signal.SIGINT)
        err = process.communicate()[1]

    assert (process.returncode, err) == (130, "Interrupted.\n")
    assert not (tmp_path / "found.json").exists()


def children_of(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
