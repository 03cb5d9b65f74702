"""Every fault at every request of an `apply`: never a traceback, never a lost token, and run again it gets there."""

from collections.abc import Mapping

import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.reliability.conftest import MOMENTS, Stage

FAULTS: dict[str, Mapping[str, object]] = {
    "dropped before": {"drop": True},
    "dropped after": {"drop": True, "after": True},
    "cut short": {"truncate": 20, "after": True},
    "429": {"status": 429},
    "401": {"status": 401},
    "403": {"status": 403},
    "500 before": {"status": 500},
    "500 after": {"status": 500, "after": True},
    "503": {"status": 503},
    "no JSON": {"status": 200, "body": "<html>down for maintenance</html>"},
}
EXPECTED = {
    ExitCode.OK,
    ExitCode.FAILED,
    ExitCode.NO_ACCESS,
    ExitCode.GUARDED,
    ExitCode.PARTLY,
    ExitCode.CONTRADICTED,
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_fault_is_told_and_repaired_by_running_again(stage: Stage, moment: str, name: str) -> None:
    for number in range(1, stage.requests[moment] + 1):
        where = f"{name} at request {number}"
        stage.begin(moment)
        stage.emulator.door("faults", {"match": "* .*", "skip": number - 1, "times": 1, **FAULTS[name]})
        first = stage.run("apply", "production", "--auto-approve")

        assert first.code in EXPECTED, f"{where}: {first.code}"
        assert "Traceback" not in first.out + first.err, where
        assert stage.works(), where
        stage.emulator.door("faults", method="DELETE")
        again = stage.run("apply", "production", "--auto-approve")
        assert again.code == 0, f"{where}: {again.out}{again.err}"
        assert stage.is_reached(moment), where
        assert stage.works(), where
