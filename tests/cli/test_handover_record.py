"""Records of handovers through the command that users type: the journal joined with what NetSuite recorded."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.cli.exit_codes import ExitCode
from tests.cli.conftest import Workspace
from tests.cli.test_faults import a_story
from tests.support.emulator import CONNECTOR, Emulator, serving

ADDRESS = "integrations.netsuite-connector"
OLD = '"NetSuite Connector - Ann Keller, NetSuite Connector Web Services"'
NEW = '"NetSuite Connector - Dana Ortiz #1"'


def apply(workspace: Workspace) -> None:
    result = workspace.run("apply", "plan.json")
    assert result.code == ExitCode.OK, result.err


def old_token(emulator: Emulator) -> str:
    rows = emulator.door("accounts/1234567/tokens")
    (old,) = [row for row in rows if row["user"] == "ann@example.com" and not row["revoked"]]
    return str(old["id"])


def hand_over(workspace: Workspace, emulator: Emulator) -> str:
    """The whole handover on one approved plan, applied again after what people do; returns the plan's digest."""
    workspace.production(emulator)
    workspace.run("plan", "production", "--output", "json=plan.json")
    apply(workspace)
    token = emulator.act(
        "tokens",
        application=CONNECTOR,
        user="dana.ortiz@example.com",
        role="NetSuite Connector Web Services",
        name=NEW.strip('"'),
    )
    emulator.later("10m")
    emulator.order()
    apply(workspace)
    emulator.enter(token)
    emulator.later("10m")
    emulator.order()
    apply(workspace)
    emulator.later("25h")
    emulator.order()
    apply(workspace)
    old = old_token(emulator)
    emulator.act(f"tokens/{old}/deactivate")
    emulator.later("1h")
    emulator.order()
    apply(workspace)
    emulator.act(f"tokens/{old}/revoke")
    apply(workspace)
    plan: dict[str, Any] = json.loads((workspace.folder / "plan.json").read_text())
    return str(plan["digest"])


def record_of(workspace: Workspace, code: ExitCode = ExitCode.OK) -> dict[str, Any]:
    """The only record of the environment, once the whole was checked against its schema."""
    result = workspace.run("history", "production", "--handover", "--output", "json")
    assert result.code == code, result.err
    document = json.loads(result.out)
    schema = json.loads(workspace.run("schema", "handover").out)
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    (record,) = document["handovers"]
    return {**record, "whole": document}


def test_a_handover_is_told_as_one_record(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTOR", "ci-bot")
    monkeypatch.setenv("GITHUB_SHA", "8e70124c0ffee")
    digest = hand_over(workspace, emulator)
    record = record_of(workspace)

    assert record["whole"]["complete"]
    assert record["address"] == ADDRESS
    assert record["new_owner"] == "dana.ortiz@example.com"
    assert [one["person"] for one in record["old_owners"]] == ["ann@example.com", "victor.lund@example.com"]
    assert record["standing"] == "at work"
    assert {(one["digest"], one["commit"], one["who"]) for one in record["approvals"]} == {
        (digest, "8e70124c0ffee", "ci-bot")
    }, "a saved plan stays the approval, whatever progress was made"
    assert [one["ending"] for one in record["approvals"]] == [*["waiting"] * 5, "done"]
    done = [(one["kind"], one["who"], one["source"]) for one in record["steps"] if one["outcome"] == "done"]
    assert done == [
        ("grant-role", "ci-bot", "journal"),
        ("create-token", "lee.wong@example.com", "NetSuite"),
        ("enter-credentials", None, "NetSuite"),
        ("quiet-period", None, "journal"),
        ("deactivate-token", None, "journal"),
        ("revoke-token", None, "NetSuite"),
        ("revoke-token", None, "journal"),
        ("remove-role", "ci-bot", "journal"),
    ]
    assert len(done) == len(record["steps"])
    assert {one["name"]: (one["state"], one["created_by"]) for one in record["tokens"]}[NEW.strip('"')] == (
        "live",
        "lee.wong@example.com",
    )
    assert [(one["author"], one["made"]) for one in record["orders"]] == [
        ("dana.ortiz@example.com", ["in the token's role"])
    ]


def test_the_record_reads_well(workspace: Workspace, emulator: Emulator) -> None:
    hand_over(workspace, emulator)
    told = workspace.run("history", "production", "--handover").out

    assert f"\n{ADDRESS}: at work\n  old owner  ann@example.com (last login 20" in told
    assert "  new owner  dana.ortiz@example.com, NetSuite Connector Web Services\n" in told
    assert f"token {NEW} made: done by lee.wong@example.com (NetSuite)\n" in told
    assert f"token {OLD} revoked: done (journal); asked for, then seen done; NetSuite" in told
    assert "carries that name" in told
    assert "dana.ortiz@example.com: 3, last 20" in told
    assert "the machine that applied" in told, "whose clock each time is by"


def test_refusals_of_the_new_token_are_counted(workspace: Workspace, emulator: Emulator) -> None:
    hand_over(workspace, emulator)
    (new,) = [row for row in emulator.door("accounts/1234567/tokens") if row["name"] == NEW.strip('"')]
    emulator.act(f"tokens/{new['id']}/deactivate")
    emulator.later("5m")
    assert not emulator.order()["posted"]
    record = record_of(workspace)

    assert record["standing"] == "refused"
    (told,) = [one for one in record["tokens"] if one["name"] == NEW.strip('"')]
    assert (told["state"], told["refused"] >= 1, told["last_refused"] > told["last"]) == ("inactive", True, True)


def test_without_an_apply_there_is_a_record_all_the_same(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    told = workspace.run("history", "production", "--handover").out
    record = record_of(workspace)

    assert record["standing"] == "somebody else"
    assert "The journal knows of no apply for it." in told
    assert record["approvals"] == []
    assert all(one["source"] == "NetSuite" for one in record["steps"])


def test_a_damaged_line_is_told_and_makes_the_record_incomplete(workspace: Workspace, emulator: Emulator) -> None:
    hand_over(workspace, emulator)
    file = workspace.folder / ".reconciler" / "journal" / "production" / "000000001.jsonl"
    file.write_text(file.read_text().replace('"who":', '"who" :', 1).replace("dana.ortiz", "dana.other", 1))
    record = record_of(workspace, ExitCode.FAILED)

    assert not record["whole"]["complete"]
    assert record["whole"]["damage"][0]["line"] == 2
    told = workspace.run("history", "production", "--handover").out
    assert "Damaged: journal/production/000000001.jsonl:2: " in told
    assert "Incomplete: not everything could be read" in told


@pytest.mark.parametrize(
    ("permission", "told"),
    [("ADMI_AUDITLOGIN", "Nobody can say who is at work"), ("TRAN_SALESORD", "orders could not be read in full")],
)
def test_what_is_hidden_is_said_and_makes_the_record_incomplete(
    workspace: Workspace, tmp_path: Path, permission: str, told: str
) -> None:
    def without(roles: list[Any]) -> list[Any]:
        reader = next(role for role in roles if role["name"] == "Reconciler Reader")
        del reader["permissions"][permission]
        return roles

    with serving(seed=a_story(tmp_path, roles=without)) as emulator:
        hand_over(workspace, emulator) if permission == "TRAN_SALESORD" else workspace.production(emulator)
        record = record_of(workspace, ExitCode.NO_ACCESS)

    assert not record["whole"]["complete"]
    assert told in record["sentence"]
    assert record["whole"]["diagnostics"]


def test_history_alone_asks_netsuite_nothing(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    before = len(emulator.requests())
    assert workspace.run("history", "production").code == ExitCode.OK
    assert len(emulator.requests()) == before


def test_the_record_is_read_and_nothing_is_written(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)
    workspace.run("history", "production", "--handover")

    assert emulator.writes() == []
    assert not (workspace.folder / ".reconciler" / "journal").exists()


def test_a_part_of_the_records_is_chosen_by_address(workspace: Workspace, emulator: Emulator) -> None:
    workspace.production(emulator)

    assert ADDRESS in workspace.run("history", "production", "--handover", "--only", "integrations.*").out
    assert workspace.run("history", "production", "--handover", "--only", "integrations.nope").code == ExitCode.USAGE
    result = workspace.run("history", "production", "--only", "integrations.*")
    assert (result.code, "belongs to --handover" in result.err) == (ExitCode.USAGE, True)


def test_a_login_that_is_refused_ends_with_its_own_code(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.production(emulator)
    monkeypatch.setenv("NETSUITE_TOKEN_SECRET", "wrong")

    assert workspace.run("history", "production", "--handover").code == ExitCode.NO_ACCESS
    assert workspace.run("history", "production").code == ExitCode.OK
