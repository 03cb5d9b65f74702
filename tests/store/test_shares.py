"""The places of an account in a pool that several processes share."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.core.errors import KeepingError, LockedError
from reconciler.wiring.shares import POOL, share

AT_ONCE = timedelta(0)
HOLDER = """
import os, sys
from datetime import timedelta
from pathlib import Path
from reconciler.wiring.shares import share
with share("1234567", int(sys.argv[1]), os.environ, Path.cwd(), timedelta(0)) as allowed:
    print(allowed, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {POOL: str(tmp_path / "pool")}


def test_without_a_pool_a_process_has_what_its_file_says(tmp_path: Path) -> None:
    with share("1234567", 5, {}, tmp_path) as allowed:
        assert allowed == 5

    assert list(tmp_path.iterdir()) == []


def test_processes_share_the_places_of_an_account(environ: dict[str, str], tmp_path: Path) -> None:
    with ExitStack() as stack:
        allowed = [stack.enter_context(share("1234567", wanted, environ, tmp_path, AT_ONCE)) for wanted in (2, 3)]
        other = stack.enter_context(share("7654321", 2, environ, tmp_path, AT_ONCE))

        assert (allowed, other) == ([2, 1], 2)
        with pytest.raises(LockedError, match=r"Every place of account 1234567 in the pool .* is taken: read by"):
            stack.enter_context(share("1234567", 3, environ, tmp_path, AT_ONCE))

    with share("1234567", 3, environ, tmp_path, AT_ONCE) as again:
        assert again == 3


@pytest.fixture
def other_process(environ: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, "2"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=environ | {"PYTHONPATH": str(Path(__file__).parents[2])}, cwd=tmp_path,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "2\n"
        yield process
        process.kill()


def test_a_process_that_was_killed_leaves_its_places_to_others(
    environ: dict[str, str], tmp_path: Path, other_process: subprocess.Popen[str]
) -> None:
    with pytest.raises(LockedError), share("1234567", 2, environ, tmp_path, AT_ONCE):
        pass

    other_process.kill()
    other_process.wait()

    with share("1234567", 2, environ, tmp_path, AT_ONCE) as allowed:
        assert allowed == 2


def test_a_place_that_gets_free_is_taken_by_whoever_waits(
    environ: dict[str, str], tmp_path: Path, other_process: subprocess.Popen[str]
) -> None:
    assert other_process.stdin
    other_process.stdin.close()

    with share("1234567", 2, environ, tmp_path, timedelta(minutes=1)) as allowed:
        assert allowed >= 1


def test_a_pool_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "pool").write_text("no folder", "utf-8")

    with pytest.raises(KeepingError), share("1234567", 2, {POOL: "pool"}, tmp_path):
        pass
