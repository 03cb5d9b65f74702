"""`apply` killed at every request, before it is carried out and after: run again, it always gets there."""

import json

import pytest

from tests.reliability.conftest import MOMENTS, Stage


def killed_at(stage: Stage, number: int, *, after: bool) -> None:
    """Start `apply`, and kill it while its n-th request is with NetSuite."""
    with stage.applying(number, after=after) as (process, _):
        process.kill()
    stage.emulator.door("faults", method="DELETE")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_apply_is_repaired_by_running_it_again(stage: Stage, moment: str, after: bool) -> None:
    for number in range(1, stage.requests[moment] + 1):
        stage.begin(moment)
        assert stage.works()
        killed_at(stage, number, after=after)
        assert stage.works(), f"request {number}"
        again = stage.run("apply", "production", "--auto-approve", "--output", "json")

        assert again.code == 0, f"request {number}: {again.out}{again.err}"
        assert stage.is_reached(moment), f"request {number}"
        assert stage.works(), f"request {number}"
        told = stage.run("history", "production", "--output", "json")
        assert told.code == 0, told.out + told.err
        assert json.loads(told.out)["damage"] == []
