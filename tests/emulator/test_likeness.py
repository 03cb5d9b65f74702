"""An emulator that is started like an account: from a report that it checks, and says what it cannot do."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator import likeness
from reconciler.emulator.__main__ import main
from reconciler.emulator.behaviours import Switches
from reconciler.emulator.client import serving
from reconciler.emulator.database import UnusableError

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_report(**different: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "format_version": "1.0",
        "account_type": "production",
        "profile": "look",
        "ready": True,
        "logins": {},
        "features": {},
        "concurrency": None,
        "clock": {},
        "tables": {},
        "counts": {},
        "behaviours": {},
        "doubts": [],
        "findings": [],
    }
    return base | different


def written(folder: Path, **different: Any) -> Path:
    file = folder / "report.json"
    file.write_text(json.dumps(a_report(**different)), "utf-8")
    return file


@given(quarters=st.integers(-48, 56))
def test_a_zone_is_found_for_every_offset(quarters: int) -> None:
    """Some quarter hours are no zone's; then it is UTC."""
    zone = ZoneInfo(likeness.zone_of(15 * quarters, NOW))

    offset = NOW.astimezone(zone).utcoffset()
    assert offset is not None
    assert offset.total_seconds() / 60 in {15 * quarters, 0}
    if quarters % 4 == 0:
        assert offset.total_seconds() / 60 == 15 * quarters


def test_what_is_not_possible_is_told_and_the_rest_is_done(tmp_path: Path) -> None:
    behaviours = {"suiteql-params": "refused", "roles-line-key": "colour", "of-a-later-version": "yes"}
    switches = Switches()

    impossible = likeness.read(written(tmp_path, behaviours=behaviours)).choose(switches)

    assert impossible == ("of-a-later-version=yes", "roles-line-key=colour")
    assert switches.value("suiteql-params") == "refused"


def test_features_and_limits_are_those_of_the_account(tmp_path: Path) -> None:
    file = written(tmp_path, features={"advanced_employee_permissions": True}, concurrency={"account": 3})

    with serving("--like", str(file)) as emulator:
        switches = {one["name"]: one.get("value") for one in emulator.door("behaviours")}

    assert switches["concurrency-limit"] == "3"


def test_an_empty_report_changes_nothing(tmp_path: Path) -> None:
    with serving("--like", str(written(tmp_path))) as like, serving() as usual:
        assert like.door("behaviours") == usual.door("behaviours")
        assert like.credentials().keys() == usual.credentials().keys()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps(a_report(format_version="2.0")),
        json.dumps(a_report(clock={"trail_offset_minutes": 100_000})),
        json.dumps(a_report(behaviours={"x": "line\nbreak"})),
    ],
    ids=["empty", "text", "list", "object", "deep", "later", "far", "break"],
)
def test_what_is_no_report_is_refused(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    file.write_text(text, "utf-8")

    with pytest.raises(UnusableError):
        likeness.read(file)
    assert main(["serve", "--like", str(file)]) == 1
    assert "report.json" in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="cannot be read"):
        likeness.read(tmp_path / "nothing.json")
