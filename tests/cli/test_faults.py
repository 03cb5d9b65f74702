"""Bad input and broken accounts: each gives a clear message and its exit code, and nothing is written."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Result, Workspace, an_environment
from tests.support.emulator import CONNECTOR, Emulator, serving

STORY = Path(__file__).parents[2] / "reconciler" / "emulator" / "story.yaml"


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    """One emulator for all tests that only read."""
    with serving() as running:
        yield running


def a_story(folder: Path, **change: Any) -> Path:
    """The built-in story with something different: `change` maps a table to a function over its rows."""
    content = yaml.safe_load(STORY.read_text("utf-8"))
    account = content["accounts"]["1234567"]
    for table, edit in change.items():
        account[table] = edit(account.get(table, []))
    file = folder / "story.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def refused_by(workspace: Workspace, emulator: Emulator, code: int, *said: str) -> Result:
    """Plan and apply both end with the code and say the same; the account is as it was."""
    planned, applied = workspace.run("plan", "production"), workspace.run("apply", "production", "--auto-approve")
    for result in (planned, applied):
        text = result.out + result.err
        assert result.code == code, text
        for words in said:
            assert words in " ".join(text.split())
    assert emulator.writes() == []
    return applied


def test_a_reference_that_is_not_set(workspace: Workspace, shared: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.production(shared)
    monkeypatch.delenv("NETSUITE_TOKEN_SECRET")

    refused_by(workspace, shared, 4, "NETSUITE_TOKEN_SECRET is not set", "environments/production.yaml:")


def test_all_references_that_are_not_set_are_told_at_once(
    workspace: Workspace, shared: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.production(shared)
    monkeypatch.delenv("NETSUITE_CONSUMER_KEY")
    monkeypatch.setenv("NETSUITE_TOKEN_ID", "")

    refused_by(workspace, shared, 4, "NETSUITE_CONSUMER_KEY is not set", "NETSUITE_TOKEN_ID is empty")


def test_a_wrong_secret_tells_where_the_reason_stands(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared)
    workspace.environ("NETSUITE_TOKEN_SECRET", "wrong")

    result = refused_by(workspace, shared, 4, "Login refused", "View Login Audit Trail")
    assert "wrong\n" not in result.err


def test_a_wrong_writing_secret_is_found_before_anything_is_written(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared)
    workspace.environ("NETSUITE_APPLY_TOKEN_SECRET", "wrong")
    result = workspace.run("apply", "production", "--auto-approve")

    assert result.code == 4
    assert "Login refused" in result.err
    assert shared.writes() == []


def test_a_writing_login_that_is_somebody_else(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared)
    for name, value in shared.credentials("svc.reader@example.com", "Reconciler Reader").items():
        workspace.environ(f"NETSUITE_APPLY_{name.upper()}", value)
    result = workspace.run("apply", "production", "--auto-approve")

    assert result.code == 4
    assert "logs in as svc.reader@example.com (Reconciler Reader)" in result.err
    assert shared.writes() == []


def test_an_account_that_cannot_be_reached(workspace: Workspace, shared: Emulator) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    workspace.production(shared)
    workspace.write("production", an_environment(nowhere))

    refused_by(workspace, shared, 1, nowhere.removeprefix("http://"))


def test_an_unknown_role_names_its_line_and_the_nearest(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared, token_role="NetSuite Conector Web Services")

    refused_by(
        workspace,
        shared,
        3,
        "Unknown role [unknown-role]",
        "environments/production.yaml:",
        'did you mean "NetSuite Connector Web Services"?',
    )


def test_an_unknown_employee_may_be_hidden(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared, owner="nobody@example.com")

    refused_by(workspace, shared, 3, "nobody@example.com: unknown, or hidden from this role")


def test_an_unknown_application(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared, application="Netsuite Conector")

    refused_by(workspace, shared, 3, "Unknown application", f'did you mean "{CONNECTOR}"?')


def test_two_people_with_one_address(workspace: Workspace, tmp_path: Path) -> None:
    def twin(employees: list[dict[str, Any]]) -> list[dict[str, Any]]:
        dana = next(one for one in employees if one["email"] == "dana.ortiz@example.com")
        return [*employees, dana | {"id": 9001, "entityid": "Dana Ortiz II", "external_id": "emp-dana-2"}]

    with serving(seed=a_story(tmp_path, employees=twin)) as emulator:
        workspace.production(emulator)

        refused_by(workspace, emulator, 3, "More than one employee fits", "4172, 9001", "entity_id")


def test_an_inactive_owner_is_never_activated(workspace: Workspace, tmp_path: Path) -> None:
    with serving() as emulator:
        emulator.act("employees/dana.ortiz@example.com", active=False)
        workspace.production(emulator)

        refused_by(workspace, emulator, 3, "Owner is inactive", "Nothing under integrations re-activates a person")
        assert emulator.door("accounts/1234567/employees/dana.ortiz@example.com")["active"] is False


def test_an_owner_without_access(workspace: Workspace) -> None:
    with serving() as emulator:
        emulator.act("employees/dana.ortiz@example.com", access=False)
        workspace.production(emulator)

        refused_by(workspace, emulator, 3, "Owner has no access", "Nothing under integrations gives access")


def test_a_blocked_integration_is_a_persons_step(workspace: Workspace) -> None:
    with serving() as emulator:
        emulator.act("integrations/NetSuite%20Connector", state="Blocked")
        emulator.order()
        workspace.production(emulator)
        result = workspace.run("plan", "production")

        assert result.code == 0
        assert "~ integrations.netsuite-connector.state" in result.out
        assert "NetSuite Connector > Edit > State: Enabled > Save" in result.out
        assert '"consumer_key_refused", because the integration record is Blocked' in result.out


PERMISSIONS = {
    "ADMI_MANAGE_OAUTH_TOKENS": "Access Token Management",
    "ADMI_AUDITLOGIN": "View Login Audit Trail",
    "ADMI_MANAGEROLES": "Bulk Manage Roles",
    "LIST_EMPLOYEE_RECORD": "Employee Record",
}


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_table_that_the_role_may_not_read_names_the_permission(
    workspace: Workspace, tmp_path: Path, permission: str
) -> None:
    def without(roles: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for role in roles:
            if role["name"] == "Reconciler Reader":
                del role["permissions"][permission]
        return roles

    with serving(seed=a_story(tmp_path, roles=without)) as emulator:
        workspace.production(emulator)
        result = workspace.run("plan", "production")

        assert PERMISSIONS[permission] in result.out
        assert "Incomplete: " in result.out
        assert not json.loads(workspace.run("plan", "production", "--output", "json").out)["complete"]
        assert emulator.writes() == []


@pytest.mark.parametrize("employees", [1000, 1001])
def test_the_boundary_of_a_page_changes_nothing(workspace: Workspace, tmp_path: Path, employees: int) -> None:
    """So many people hold the token's role that their grants fill a page to the last row, or just not."""

    def crowd(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
        holders = sum("NetSuite Connector Web Services" in one.get("roles", ()) for one in people)
        administrators = sum("Administrator" in one.get("roles", ()) for one in people)
        more = [
            {
                "id": 20_000 + number,
                "entityid": f"Extra {number}",
                "email": f"extra{number}@example.com",
                "access": True,
                "roles": ["NetSuite Connector Web Services"],
            }
            for number in range(employees - holders - administrators)
        ]
        return [*people, *more]

    with serving(seed=a_story(tmp_path, employees=crowd)) as emulator:
        workspace.production(emulator)
        result = json.loads(workspace.run("plan", "production", "--output", "json").out)

        assert result["complete"]
        assert result["summary"] == {
            "create": 1,
            "update": 0,
            "replace": 1,
            "delete": 1,
            "automatic": 2,
            "manual": 4,
            "waiting": 1,
        }


def test_a_write_that_netsuite_refuses(workspace: Workspace) -> None:
    with serving() as emulator:
        emulator.behave(roles_patch="refused")
        workspace.production(emulator)
        result = workspace.run("apply", "production", "--auto-approve")

        assert result.code == 1
        assert "failed        grant NetSuite Connector Web Services to dana.ortiz@example.com" in result.out
        assert result.out.endswith("Failed: see above.\n")


def test_a_lost_answer_is_settled_by_reading(workspace: Workspace) -> None:
    with serving() as emulator:
        workspace.production(emulator)
        emulator.door("faults", {"match": "PATCH .*", "times": 1, "drop": True, "after": True})
        result = workspace.run("apply", "production", "--auto-approve")

        assert result.code == 0
        assert "done          grant NetSuite Connector Web Services" in result.out
        assert len(emulator.writes()) == 1


def test_one_bad_integration_does_not_hide_the_other(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared)
    content = an_environment(shared.url)
    content["integrations"]["other"] = content["integrations"]["netsuite-connector"] | {
        "application": "Shipping Hub",
        "owner": "nobody@example.com",
    }
    workspace.write("production", content)
    result = workspace.run("plan", "production")

    assert result.code == 3
    assert "± integrations.netsuite-connector.token" in result.out
    assert "nobody@example.com: unknown" in result.out


def test_one_bad_environment_does_not_hide_the_other(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared)
    (workspace.folder / "environments" / "broken.yaml").write_text("netsuite: {account: 1}\n")
    result = workspace.run("plan")

    assert result.code == 3
    assert "environments/broken.yaml:1:" in result.err
    assert "± integrations.netsuite-connector.token" in result.out


def test_apply_checks_every_named_file_before_it_writes_anything(workspace: Workspace, shared: Emulator) -> None:
    workspace.production(shared)
    (workspace.folder / "environments" / "broken.yaml").write_text("netsuite: {account: 1}\n")
    result = workspace.run("apply", "production", "broken", "--auto-approve")

    assert result.code == 3
    assert shared.writes() == []
