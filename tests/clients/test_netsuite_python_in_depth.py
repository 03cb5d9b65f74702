"""What else `netsuite-python` can do: the names of all records, with an access token."""

from pathlib import Path

from tests.clients.conftest import Stage
from tests.clients.test_netsuite_python import config, done

__all__ = ["config"]  # a fixture


def test_it_lists_the_records_there_are(stage: Stage, tmp_path: Path, config: dict[str, str]) -> None:
    stage.emulator.behave(assertion_audience_check="ignored")

    _, names = done(stage, tmp_path, config, ("token", [], {}), ("recordtypes", [], {}))

    assert "employee" in names
