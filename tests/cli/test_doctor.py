"""`doctor` against the emulator: a healthy account is said to be one, and each trouble is found, by a rule of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.wiring.configuration import schema_text
from tests.cli.conftest import Result, Workspace, a_login, an_environment
from tests.cli.test_oauth2 import READER, oauth2_login, registered, revoked
from tests.support.emulator import Emulator, serving
from tests.support.oauth2_keys import a_key

READER_ROLE = 1052
ADMIN = {"employee": "svc.admin@example.com", "role": "Administrator"}


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with serving() as started:
        started.snapshot("healthy")
        yield started


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset("healthy")
    return running


def doctor(workspace: Workspace, *options: str) -> tuple[Result, dict[str, Any]]:
    result = workspace.run("doctor", "production", "--output", "json", *options)
    return result, json.loads(result.out)


def verdicts(document: dict[str, Any]) -> dict[str, str]:
    return {one["rule"]: one["verdict"] for one in document["findings"]}


def troubles(document: dict[str, Any]) -> set[str]:
    return {rule for rule, verdict in verdicts(document).items() if verdict in {"missing", "unknown"}}


def looking(workspace: Workspace, emulator: Emulator, **netsuite: Any) -> None:
    """An environment that only looks."""
    workspace.production(emulator)
    content = an_environment(emulator.url)
    del content["netsuite"]["apply_login"]
    content["netsuite"] |= netsuite
    workspace.write("production", content)


@pytest.mark.parametrize("profile", ["look", "people", "owner"])
def test_a_healthy_account_is_ready_for_everything(workspace: Workspace, emulator: Emulator, profile: str) -> None:
    workspace.production(emulator)

    result, document = doctor(workspace, "--profile", profile)

    assert (result.code, document["ready"], troubles(document)) == (0, True, set())


def test_doctor_sends_nothing_that_could_write(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    doctor(workspace, "--profile", "owner")

    asked = [(row["method"], row["path"].partition("?")[0]) for row in emulator.requests()]
    assert len(asked) > 40
    assert {(method, path) for method, path in asked if method != "GET"} == {("POST", "/services/rest/query/v1/suiteql")}


def test_what_is_assumed_is_observed(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)

    _, document = doctor(workspace)

    standings = [one["standing"] for one in document["doubts"]]
    assert standings.count("contradicts") == 0
    assert standings.count("observed") > 20


@pytest.mark.parametrize(
    "permission",
    [
        "LIST_EMPLOYEE_RECORD",
        "ADMI_MANAGE_OAUTH_TOKENS",
        "ADMI_INTEGRAPP",
        "LIST_INTEGRAPP",
        "LIST_FIND",
        "LIST_SYSTEMNOTES",
        "TRAN_FIND",
        "TRAN_SALESORD",
    ],
)
def test_each_missing_permission_comes_with_the_way_to_grant_it(
    workspace: Workspace, emulator: Emulator, permission: str
) -> None:
    looking(workspace, emulator)
    emulator.act(f"roles/{READER_ROLE}", permissions={permission: None})

    result, document = doctor(workspace)

    assert result.code == 4
    assert f"permission-{permission}" in troubles(document)
    (finding,) = [one for one in document["findings"] if one["rule"] == f"permission-{permission}"]
    assert finding["todo"][0].startswith("Setup > Users/Roles > Manage Roles > Reconciler Reader > Edit > Permissions > ")


def test_without_the_roles_or_the_trail_the_tables_tell(workspace: Workspace, emulator: Emulator) -> None:
    """Then nobody knows the own permissions; a table that answers is enough, a silent one is not."""
    looking(workspace, emulator)
    emulator.act(f"roles/{READER_ROLE}", permissions={"ADMI_MANAGEROLES": None})

    result, document = doctor(workspace)

    found = verdicts(document)
    assert result.code == 4
    assert found["permission-ADMI_MANAGEROLES"] == "missing"
    assert found["permission-ADMI_MANAGE_OAUTH_TOKENS"] == "ok"
    assert found["permission-LIST_SYSTEMNOTES"] == "unknown"
    assert found["login-can-write"] == "unknown"


@pytest.mark.parametrize(
    ("permissions", "rule"),
    [
        ({"LIST_EMPLOYEE": "Full"}, "login-can-write"),
        ({"ADMI_KERNEL": "View"}, "login-can-write"),
        ({"TRAN_SALESORD": "Edit"}, "login-can-write-records"),
        ({"ADMI_MANAGE_OAUTH_TOKENS": "Create"}, "login-can-write"),
    ],
)
def test_a_reading_login_that_could_write_is_told(
    workspace: Workspace, emulator: Emulator, permissions: dict[str, str], rule: str
) -> None:
    looking(workspace, emulator)
    emulator.act(f"roles/{READER_ROLE}", permissions=permissions)

    result, document = doctor(workspace)

    assert result.code == 0, "it works, and deserves a look"
    assert verdicts(document)[rule] == "look"


def test_people_need_three_permissions_or_an_administrator(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url)
    # The same login for both, so that its role is the reader's.
    content["netsuite"]["apply_login"] = a_login() | {"acts_as": {"employee": READER[0], "role": READER[1]}}
    workspace.write("production", content)

    result, document = doctor(workspace, "--profile", "people")
    assert result.code == 4
    assert troubles(document) == {"permission-LIST_EMPLOYEE"} | (
        {"permission-LIST_EMPLOYEE_RECORD"} & troubles(document)
    )
    given = {"LIST_EMPLOYEE": "Full", "LIST_EMPLOYEE_RECORD": "Full", "LIST_EMPLOYEE_ACCESS": "Full"}
    emulator.act(f"roles/{READER_ROLE}", permissions=given)

    assert doctor(workspace, "--profile", "people")[0].code == 0
    assert troubles(doctor(workspace, "--profile", "owner")[1]) == {"not-administrator"}


def test_a_file_that_only_looks_is_not_ready_to_write(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)

    assert doctor(workspace)[1]["profile"] == "look"
    assert troubles(doctor(workspace, "--profile", "people")[1]) == {"no-apply-login"}


def test_an_unset_reference(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator, login=a_login("UNSET_"))

    result, document = doctor(workspace)

    assert result.code == 4
    assert troubles(document) == {"reference-unset"}
    assert "env:NETSUITE_UNSET_TOKEN_ID is not set" in result.out


def test_an_account_that_is_not_there(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator, account="7654321")

    result, document = doctor(workspace)

    assert (result.code, troubles(document)) == (4, {"account-unknown"})


def test_a_wrong_clock(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    emulator.behave(signature_clock="account")
    emulator.later("20m")

    result, document = doctor(workspace)

    assert result.code == 4
    assert "clock-wrong" in troubles(document)


def test_another_role_than_the_declared_one(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator, login=a_login() | {"acts_as": ADMIN})

    result, document = doctor(workspace)

    assert (result.code, troubles(document)) == (4, {"login-wrong-role"})
    assert "svc.reader@example.com (Reconciler Reader)" in result.out


@pytest.mark.parametrize(
    ("trouble", "rule"),
    [
        (("integrations/21", {"state": "Blocked"}), None),
        (("tokens/105", {"inactive": True}), "token-rejected"),
        (("employees/svc.admin@example.com", {"access": False}), "person-or-role-refused"),
    ],
)
def test_the_other_login_looks_up_why_one_is_refused(
    workspace: Workspace, emulator: Emulator, trouble: tuple[str, dict[str, Any]], rule: str | None
) -> None:
    workspace.production(emulator)
    path, what = trouble
    emulator.act(path, **what)

    result, document = doctor(workspace)

    assert result.code == 4
    # Blocked, both logins are refused, and nobody is left to look it up.
    assert troubles(document) == {rule or "login-refused"}


def test_a_consumer_key_that_is_refused(workspace: Workspace, emulator: Emulator) -> None:
    """The writing login belongs to another integration record, which is blocked."""
    workspace.production(emulator)
    emulator.act("tokens", application="Shipping Hub", user="svc.reader@example.com", role="Reconciler Reader")
    made = emulator.act("tokens", application="Shipping Hub", user="svc.reader@example.com", role="Reconciler Reader")
    keys = next(one for one in emulator.door(f"accounts/{emulator.account}/integrations") if one["name"] == "Shipping Hub")
    secret = emulator.act(f"integrations/{keys['id']}/reset-credentials")
    for name, value in {**secret, "token_id": made["token_id"], "token_secret": made["token_secret"]}.items():
        workspace.environ(f"NETSUITE_APPLY_{name.upper()}", str(value))
    emulator.act(f"integrations/{keys['id']}", state="Blocked")

    assert troubles(doctor(workspace, "--profile", "people")[1]) == {"integration-blocked"}


def test_too_many_requests_at_once(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    emulator.fault("GET /services/rest/system", times=50, status=429)

    result, document = doctor(workspace)

    assert (result.code, troubles(document)) == (4, {"concurrency-exhausted"})


def test_a_certificate_that_is_gone(workspace: Workspace, emulator: Emulator) -> None:
    """The token-based writing login looks up why."""
    workspace.production(emulator)
    content = an_environment(emulator.url)
    content["netsuite"]["login"] = oauth2_login()
    workspace.write("production", content)
    certificate = registered(workspace, emulator, READER, a_key(), "")
    assert doctor(workspace)[0].code == 0
    revoked(emulator, certificate)

    assert troubles(doctor(workspace)[1]) == {"certificate-ended-or-unknown"}


def test_rows_that_come_late(workspace: Workspace, emulator: Emulator) -> None:
    looking(workspace, emulator)
    emulator.behave(loginaudit_delay="600")

    result, document = doctor(workspace)

    assert result.code == 4
    assert {"trail-delay", "login-identity"} <= troubles(document)


def test_the_report_holds_nobodys_data(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    emulator.act(f"roles/{READER_ROLE}", permissions={"LIST_FIND": None})
    workspace.run("doctor", "production", "--report", "report.json")

    text = Path("report.json").read_text("utf-8")
    jsonschema.validate(json.loads(text), json.loads(schema_text("doctor-report")))
    for secret in ("example.com", "Ann", "Keller", "Reconciler Reader", "1234567", "4191", "1052", "NetSuite Connector"):
        assert secret not in text
    for login in (emulator.credentials(), emulator.credentials(*ADMIN.values())):
        assert not [value for value in login.values() if value in text]


# Positions that a look can tell from the default, and that leave the account readable.
OTHERWISE = {
    "role-assignment-table": "employeeroles",
    "integration-table": "integration",
    "employee-externalid-column": "present",
    "employee-more-columns": "absent",
    "admin-rows-visible": "no",
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


@pytest.mark.parametrize(("name", "value"), OTHERWISE.items())
def test_what_an_account_does_otherwise_is_seen(
    workspace: Workspace, emulator: Emulator, name: str, value: str
) -> None:
    workspace.production(emulator)
    emulator.door("behaviours", {name: value})

    _, document = doctor(workspace)

    (doubt,) = [one for one in document["doubts"] if one["name"] == name]
    assert (doubt["standing"], doubt["value"]) == ("contradicts", value)


def test_an_emulator_like_the_report_gives_the_same_report(workspace: Workspace, emulator: Emulator) -> None:
    """Everything at once that a look can see: switches, permissions, the zone, the concurrency limit."""
    workspace.production(emulator)
    emulator.door("behaviours", OTHERWISE | {"concurrency-limit": "7", "suiteql-zone": "account"})
    emulator.act(f"roles/{READER_ROLE}", permissions={"TRAN_FIND": None, "LIST_EMPLOYEE": "Edit"})
    workspace.run("doctor", "production", "--report", "seen.json")
    seen = json.loads(Path("seen.json").read_text("utf-8"))
    assert seen["behaviours"].items() >= OTHERWISE.items()
    assert seen["clock"]["trail_offset_minutes"] == -420, "Denver, in November"

    with serving("--like", "seen.json") as other:
        workspace.production(other)
        workspace.run("doctor", "production", "--report", "again.json")

    assert json.loads(Path("again.json").read_text("utf-8")) == seen
