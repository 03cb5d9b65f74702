"""The main job through the commands that users type, against an emulator reached over HTTP like NetSuite."""

import json
from typing import Any

from tests.cli.conftest import Workspace
from tests.support.emulator import CONNECTOR, Emulator


def plan_of(workspace: Workspace) -> dict[str, Any]:
    result = workspace.run("plan", "production", "--output", "json")
    assert result.code == 0
    document: dict[str, Any] = json.loads(result.out)
    return document


def kinds(document: dict[str, Any], status: str) -> list[str]:
    return [step["kind"] for step in document["steps"] if step["status"] == status]


def test_a_change_of_owner_from_the_first_plan_to_the_empty_one(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)

    assert kinds(plan_of(workspace), "ready") == ["grant-role"]
    assert emulator.writes() == []

    applied = workspace.run("apply", "production", "--auto-approve")
    assert applied.code == 0
    assert "done          grant NetSuite Connector Web Services to dana.ortiz@example.com" in applied.out
    assert len(emulator.writes()) == 1

    token = emulator.act(
        "tokens",
        application=CONNECTOR,
        user="dana.ortiz@example.com",
        role="NetSuite Connector Web Services",
        name=next(
            line.removeprefix("Token Name: ")
            for step in plan_of(workspace)["steps"]
            for line in step["instructions"]
            if line.startswith("Token Name: ")
        ),
    )
    emulator.later("10m")
    assert emulator.order()["set_by_email"] == "ann@example.com"
    assert kinds(plan_of(workspace), "ready") == ["enter-credentials"]

    emulator.later("10m")
    assert emulator.enter(token)["tested"]
    assert kinds(plan_of(workspace), "waiting") == ["enter-credentials"]

    emulator.later("10m")
    assert emulator.order()["set_by_email"] == "dana.ortiz@example.com"
    assert kinds(plan_of(workspace), "waiting") == ["quiet-period"]

    emulator.later("25h")
    emulator.order()
    (old,) = [
        row
        for row in emulator.door("accounts/1234567/tokens")
        if row["user"] == "ann@example.com" and not row["revoked"]
    ]
    assert kinds(plan_of(workspace), "ready") == ["deactivate-token"]
    emulator.act(f"tokens/{old['id']}/deactivate")
    emulator.later("1h")
    emulator.order()
    assert kinds(plan_of(workspace), "ready") == ["revoke-token"]
    emulator.act(f"tokens/{old['id']}/revoke")

    last = workspace.run("apply", "production", "--auto-approve")
    assert last.code == 0
    assert "remove NetSuite Connector Web Services from ann@example.com" in last.out
    assert last.out.endswith("Nothing is left to do.\n")

    empty = plan_of(workspace)
    assert empty["changes"] == []
    assert empty["steps"] == []
    assert empty["complete"]
    assert emulator.order()["posted"]
