"""`--only`: a part of a plan, planned, saved and applied."""

import json

import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import Emulator

DANAS = 'employees."dana.ortiz@example.com"'
TOMS = 'employees."tom.becker@example.com"'
INTEGRATION = "integrations.netsuite-connector"


@pytest.fixture
def ready(two_grants_due: Workspace) -> Workspace:
    return two_grants_due


def results(out: str) -> list[str]:
    return [one["id"].split("/")[0] for one in json.loads(out)["results"]]


def test_a_part_is_planned_and_what_is_left_out_is_told(ready: Workspace) -> None:
    told = ready.run("plan", "production", "--only", TOMS).out

    assert "grant Buyer to tom.becker@example.com" in told
    assert "create a token" not in told
    (said,) = [line for line in told.splitlines() if "Left out: " in line]
    assert f"Only {TOMS}. Left out: " in said
    assert all(address in said for address in (f"{INTEGRATION}.token", f"{DANAS}.roles"))
    assert json.loads(ready.run("plan", "production", "--only", TOMS, "--output", "json").out)["only"] == [TOMS]


def test_a_part_is_applied_alone_and_told_as_a_part_of_it(ready: Workspace, emulator: Emulator) -> None:
    result = ready.run("apply", "production", "--auto-approve", "--only", TOMS, "--output", "json")

    assert result.code == 0, result.err
    assert results(result.out) == ["grant-role"]
    assert len(emulator.writes()) == 1
    again = ready.run("apply", "production", "--auto-approve", "--only", TOMS)
    assert "No changes in what was selected." in again.out
    assert f"  only {TOMS}\n" in ready.run("history", "production").out


def test_a_saved_part_is_applied_as_that_part(ready: Workspace, emulator: Emulator) -> None:
    ready.run("plan", "production", "--only", DANAS, "--output", "json=part.json")
    assert ready.run("apply", "part.json", "--only", TOMS).code == ExitCode.USAGE
    result = ready.run("apply", "part.json", "--output", "json")

    assert results(result.out) == ["grant-role"]
    assert len(emulator.writes()) == 1
    assert ready.run("apply", "part.json").code == 0, "again, when nothing is left of it"
    assert len(emulator.writes()) == 1


def test_a_saved_part_that_was_widened_is_stale(ready: Workspace, emulator: Emulator) -> None:
    ready.run("plan", "production", "--only", DANAS, "--output", "json=part.json")
    file = ready.folder / "part.json"
    part = json.loads(file.read_text())
    for different in ({"only": [TOMS]}, {"only": ["employees"]}):
        file.write_text(json.dumps(part | different))
        assert ready.run("apply", "part.json").code == ExitCode.STALE
    whole = {key: value for key, value in part.items() if key != "only"}
    file.write_text(json.dumps(whole))
    assert ready.run("apply", "part.json").code == ExitCode.STALE
    assert emulator.writes() == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("integrations.netsuite-conector", f"did you mean {INTEGRATION}?"),
        ("employees.tom.becker@example.com", "has no such address"),
        ('employees."tom', "that is no address"),
    ],
)
def test_a_glob_that_selects_nothing_is_wrong_usage(
    ready: Workspace, emulator: Emulator, given: str, says: str
) -> None:
    for command in (["plan", "production"], ["apply", "production", "--auto-approve"]):
        result = ready.run(*command, "--only", given)
        assert result.code == ExitCode.USAGE
        assert says in " ".join(result.err.split())
    assert emulator.writes() == []


def declaring(workspace: Workspace, emulator: Emulator, **employees: object) -> None:
    people = {f"{name}@example.com": {"roles": roles} for name, roles in employees.items()}
    workspace.write("production", an_environment(emulator.url) | {"employees": people, "integrations": {}})


NAMES = ("marco.silva", "ingrid.dahl", "tom.becker", "sofia.lopez")


@pytest.mark.parametrize("only", [["--only", TOMS], []])
def test_a_shrunken_file_stays_suspicious_until_somebody_says_that_it_is_meant(
    ready: Workspace, emulator: Emulator, only: list[str]
) -> None:
    declaring(ready, emulator, **{name: {"at_least": ["Accountant"]} for name in NAMES})
    ready.run("apply", "production", "--auto-approve")
    # A grant that nothing holds back is applied; it does not make the smaller file the usual one.
    declaring(ready, emulator, **{"tom.becker": {"at_least": ["Buyer"]}})
    assert ready.run("apply", "production", "--auto-approve", *only).code == 0
    declaring(ready, emulator, **{"tom.becker": {"exactly": ["Buyer"]}})
    result = ready.run("apply", "production", "--auto-approve")

    assert (result.code, "declares-less" in result.out) == (ExitCode.GUARDED, True), result.out
    meant = ready.run("apply", "production", "--auto-approve", "--override", "declares-less=the others have left")
    assert meant.code == 0, meant.out
