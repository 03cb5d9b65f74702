"""The report of `doctor`: nobody's data, what an account does otherwise, and an emulator that does the same."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.emulator import seed
from reconciler.wiring.configuration import schema_text
from tests.cli.conftest import Workspace, a_login, an_environment
from tests.cli.doctor.conftest import ADMIN, READER_ROLE, doctor, environment
from tests.support.emulator import Emulator, serving

# Positions of switches that a look can tell from the default, and that leave the account readable.
OTHERWISE = {
    "role-assignment-table": "employeeroles",
    "integration-table": "integration",
    "employee-externalid-column": "present",
    "employee-more-columns": "absent",
    "revoked-inactive": "F",
    "suiteql-params": "refused",
    "suiteql-missing-record": "invalid-search-type",
    "suiteql-fetch-first": "refused",
    "suiteql-unnamed": "refused",
    "suiteql-date-format": "DD.MM.YYYY",
    "loginaudit-count": "zero",
    "loginaudit-rows": "session",
    "admin-record-status": "403",
    "admin-record-code": "INSUFFICIENT_PERMISSION",
    "roles-keyed": "yes",
    "roles-line-key": "role",
    "unknown-parameter": "ignored",
    "tokeninfo-names": "lower-case",
    "tokeninfo-ids": "number",
}
HIDES_ADMINISTRATORS = {"admin-rows-visible": "no"}


def report(workspace: Workspace, name: str) -> dict[str, Any]:
    workspace.run("doctor", "production", "--report", name)
    found: dict[str, Any] = json.loads(Path(name).read_text("utf-8"))
    return found


def test_the_report_holds_nobodys_data(workspace: Workspace, emulator: Emulator) -> None:
    """Whatever stands in the account, in the file or in the credentials, none of it stands in the report."""
    environment(workspace, emulator)
    emulator.act(f"roles/{READER_ROLE}", permissions={"LIST_FIND": None})
    found = report(workspace, "report.json")
    jsonschema.validate(found, json.loads(schema_text("doctor-report")))

    text = Path("report.json").read_text("utf-8")
    hidden = {emulator.url, emulator.account, str(READER_ROLE)}
    for login in (emulator.credentials(), emulator.credentials(*ADMIN.values())):
        hidden |= set(login.values())
    account = seed.story(emulator.account)["accounts"][emulator.account]
    for kind in ("employees", "roles", "integrations", "tokens"):
        for row in account[kind]:
            hidden |= {row[key] for key in ("name", "email", "entityid", "scriptid", "application") if key in row}
    # The word for a login in that role is the tool's own, and nobody's name.
    assert not [value for value in hidden - {"Administrator", "administrator"} if value in text]
    assert len(hidden) > 40


def test_a_report_overwrites_the_one_before_and_is_written_though_something_is_missing(
    workspace: Workspace, emulator: Emulator
) -> None:
    environment(workspace, emulator, apply_login=None)
    assert report(workspace, "report.json")["ready"]
    emulator.act("tokens/104/deactivate")

    found = report(workspace, "report.json")

    assert not found["ready"]
    assert found["logins"]["login"]["failure"] == "login-refused"
    jsonschema.validate(found, json.loads(schema_text("doctor-report")))


@pytest.mark.parametrize(("name", "value"), (OTHERWISE | HIDES_ADMINISTRATORS).items())
def test_what_an_account_does_otherwise_is_seen(
    workspace: Workspace, emulator: Emulator, name: str, value: str
) -> None:
    environment(workspace, emulator)
    emulator.door("behaviours", {name: value})

    told = doctor(workspace)

    (doubt,) = [one for one in told.document["doubts"] if one["name"] == name]
    assert (doubt["standing"], doubt["value"]) == ("contradicts", value)


@pytest.mark.parametrize("switches", [OTHERWISE, HIDES_ADMINISTRATORS, {}], ids=["otherwise", "hidden", "usual"])
def test_an_emulator_like_the_report_gives_the_same_report(
    workspace: Workspace, emulator: Emulator, switches: Mapping[str, str]
) -> None:
    """Everything at once that a look can see: switches, permissions, the zone, the concurrency limit."""
    environment(workspace, emulator)
    emulator.door("behaviours", {**switches, "concurrency-limit": "7", "suiteql-zone": "account"})
    emulator.act(f"roles/{READER_ROLE}", permissions={"TRAN_FIND": None, "LIST_EMPLOYEE": "Edit"})
    seen = report(workspace, "seen.json")
    assert seen["behaviours"].items() >= switches.items()
    assert seen["concurrency"]["account"] == 7
    assert seen["clock"]["trail_offset_minutes"] < -300, "Denver"

    with serving("--like", "seen.json") as other:
        environment(workspace, other)
        assert report(workspace, "again.json") == seen


def test_an_emulator_like_an_account_that_an_administrator_read(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, login=a_login("APPLY_"), apply_login=None)
    seen = report(workspace, "seen.json")
    assert seen["logins"]["login"]["administrator"]

    with serving("--like", "seen.json") as other:
        # The default login of that account, which a client is given that asks for none.
        for name, value in other.credentials().items():
            workspace.environ(f"NETSUITE_{name.upper()}", str(value))
        content = an_environment(other.url)
        del content["netsuite"]["apply_login"]
        workspace.write("production", content)
        again = report(workspace, "again.json")

    assert again["logins"] == seen["logins"]
    assert again["behaviours"] == seen["behaviours"]


def test_a_switch_on_the_command_line_outdoes_the_report(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)
    emulator.behave(suiteql_params="refused")
    report(workspace, "seen.json")

    with serving("--like", "seen.json", "--behaviour", "suiteql-params=accepted") as other:
        switches = {one["name"]: one.get("value") for one in other.door("behaviours")}

    assert switches["suiteql-params"] == "accepted"
