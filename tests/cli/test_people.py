"""`employees:` through the commands, against the emulator: what an API may do is done, the rest waits for people."""

import json
from collections.abc import Mapping
from typing import Any

from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import Emulator

PRIYA, VICTOR, DANA = "priya.nair@example.com", "victor.lund@example.com", "dana.ortiz@example.com"


def ask(workspace: Workspace, emulator: Emulator, employees: Mapping[str, Any]) -> None:
    workspace.production(emulator)
    content = an_environment(emulator.url) | {"employees": employees}
    del content["integrations"]
    workspace.write("production", content)


def person(emulator: Emulator, who: str) -> Any:
    return emulator.door(f"accounts/1234567/employees/{who}")


def kinds(workspace: Workspace) -> list[tuple[str, str, str]]:
    plan = json.loads(workspace.run("plan", "production", "--output", "json").out)
    return [(step["kind"], step["actor"], step["status"]) for step in plan["steps"]]


def test_somebody_comes_back(workspace: Workspace, emulator: Emulator) -> None:
    wanted = {"active": True, "access": True, "roles": {"at_least": ["Accountant"]}}
    ask(workspace, emulator, {VICTOR: wanted})

    applied = workspace.run("apply", "production", "--auto-approve")
    assert applied.code == 0
    found = person(emulator, VICTOR)
    assert found["active"] is True
    assert "Accountant" in [role["name"] for role in found["roles"]]
    assert found["access"] is False, "giving access takes a mail or a password, and so a person"
    assert kinds(workspace) == [("give-access", "person", "ready")]

    emulator.act(f"employees/{VICTOR}", access=True)
    assert kinds(workspace) == []


def test_somebody_leaves_when_their_tokens_have_been_silent(workspace: Workspace, emulator: Emulator) -> None:
    """Priya owns the token of an application that no file declares."""
    ask(workspace, emulator, {PRIYA: {"active": False, "access": False}})
    plan = workspace.run("plan", "production").out

    if "a token of theirs logged in" in plan:
        assert workspace.run("apply", "production", "--auto-approve").code == 0
        assert person(emulator, PRIYA)["active"] is True
    emulator.later("8d")
    assert workspace.run("apply", "production", "--auto-approve").code == 0
    found = person(emulator, PRIYA)
    assert (found["active"], found["access"]) == (False, False)
    assert kinds(workspace) == []


def test_an_exact_list_of_an_administrator_leaves_administrator_to_people(
    workspace: Workspace, emulator: Emulator
) -> None:
    emulator.act(f"employees/{DANA}/roles", add=["Accountant", "Buyer"])
    ask(workspace, emulator, {DANA: {"roles": {"exactly": ["Administrator", "Buyer"]}}})

    assert workspace.run("apply", "production", "--auto-approve").code == 0
    assert sorted(role["name"] for role in person(emulator, DANA)["roles"]) == ["Administrator", "Buyer"]
    assert kinds(workspace) == []


def test_people_are_found_by_external_id_too(workspace: Workspace, emulator: Emulator) -> None:
    ask(workspace, emulator, {"external_id:emp-victor-lund": {"active": True}})

    assert workspace.run("apply", "production", "--auto-approve").code == 0
    assert person(emulator, VICTOR)["active"] is True


def test_the_tool_never_takes_its_own_access_away(workspace: Workspace, emulator: Emulator) -> None:
    ask(workspace, emulator, {"svc.reader@example.com": {"active": False}})
    result = workspace.run("apply", "production", "--auto-approve")

    assert "[own-access]" in result.out
    assert person(emulator, "svc.reader@example.com")["active"] is True
    assert emulator.writes() == []
