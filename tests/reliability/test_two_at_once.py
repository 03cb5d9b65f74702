"""Two applies at once: one is refused while the other is with NetSuite, or waits for it; each role is written once."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.reliability.conftest import APPLY, GRANTING, ROLE, Stage


@contextmanager
def one_at_work(stage: Stage, request: int) -> Iterator[subprocess.Popen[str]]:
    """An apply whose n-th request NetSuite does not answer until the block ends."""
    with stage.applying(request, after=True) as (process, release):
        yield process
        stage.emulator.door(release, {})
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, out + err


@pytest.mark.parametrize("request_number", [1, 10, 20])
def test_the_second_is_refused_and_the_first_goes_on(stage: Stage, request_number: int) -> None:
    stage.begin(GRANTING)
    with one_at_work(stage, request_number):
        second = stage.run(*APPLY)
        assert second.code == ExitCode.LOCKED, second.out + second.err
        assert stage.works()

    assert ROLE in stage.roles("dana.ortiz")
    assert len(stage.emulator.writes()) == 1


def test_the_second_waits_if_it_is_asked_to_and_finds_nothing_to_do(stage: Stage) -> None:
    stage.begin(GRANTING)
    with one_at_work(stage, 1):
        second = stage.start(*APPLY, "--lock-timeout", "60s")
    out, err = second.communicate(timeout=90)

    assert second.returncode == 0, out + err
    assert "Waiting for a person" in out
    assert len(stage.emulator.writes()) == 1
