"""Lock and journal as users meet them: apply, history, unlock."""

import json
from datetime import timedelta

import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.store.folder import Folder
from reconciler.store.lock import Lock
from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import Emulator


@pytest.fixture
def ready(workspace: Workspace, emulator: Emulator) -> Workspace:
    workspace.production(emulator)
    return workspace


def the_lock(workspace: Workspace) -> Lock:
    return Lock(Folder(workspace.folder / ".reconciler"), "production")


def test_history_tells_what_was_applied_by_whom_and_on_which_plan(
    ready: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTOR", "ann")
    monkeypatch.setenv("GITHUB_RUN_ID", "7")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "ops/netsuite")
    monkeypatch.setenv("GITHUB_SHA", "8e70124c0ffee")
    applied = json.loads(ready.run("apply", "production", "--auto-approve", "--output", "json").out)
    told = ready.run("history", "production").out

    assert "production: account 1234567, applied 20" in told
    assert "by ann, https://github.example.com/ops/netsuite/actions/runs/7, commit 8e70124c0ffe" in told
    assert (
        "\n  done      grant NetSuite Connector Web Services to dana.ortiz@example.com"
        "\n  waiting   create a token for dana.ortiz@example.com\n  ended     waiting; " in told
    )
    (made,) = json.loads(ready.run("history", "production", "--output", "json").out)["applies"]
    assert made["run"]["digest"] != applied["digest"], "the plan that was approved, not the one afterwards"
    assert [(step["id"].split("/")[0], step["outcome"]) for step in made["steps"]] == [
        ("grant-role", "done"),
        ("create-token", "waiting"),
    ]


def test_nothing_applied_is_nothing_told(ready: Workspace) -> None:
    result = ready.run("history", "production")

    assert (result.code, result.out) == (0, "production: nothing was applied yet.\n")


def test_a_damaged_journal_is_told_and_hides_nothing(ready: Workspace) -> None:
    ready.run("apply", "production", "--auto-approve")
    (file,) = (ready.folder / ".reconciler" / "journal" / "production").iterdir()
    file.write_text(file.read_text() + '{"cut')
    result = ready.run("history", "production")

    assert result.code == ExitCode.FAILED
    assert "done      grant" in result.out
    assert "Damaged: journal/production/000000001.jsonl:6: it is not JSON; it may be cut short" in result.out


def test_a_second_apply_is_refused_and_told_by_whom(ready: Workspace, emulator: Emulator) -> None:
    with the_lock(ready).take("apply", "dana", "https://ci.example.com/9", timedelta(0)) as lease:
        result = ready.run("apply", "production", "--auto-approve")

        assert result.code == ExitCode.LOCKED
        assert "apply by dana, https://ci.example.com/9, since" in " ".join(result.err.split())
        assert f"reconciler unlock production {lease.held.id}" in result.err
        assert emulator.writes() == []
        assert ready.run("plan", "production").code == 0, "looking needs no lock"
    assert ready.run("apply", "production", "--auto-approve").code == 0


def test_unlock_frees_the_lock_of_who_is_gone(ready: Workspace) -> None:
    lease = the_lock(ready).take("apply", "dana", "a laptop that is off", timedelta(0))

    another = ready.run("unlock", "production", "000000000000")
    assert another.code == ExitCode.LOCKED
    assert "Another lock is held now [another-lock]" in another.err
    assert f"reconciler unlock production {lease.held.id}" in another.err
    result = ready.run("unlock", "production", lease.held.id)
    assert (result.code, result.out) == (0, "")
    assert "Unlocked production. The lock was held: apply by dana, a laptop that is off" in result.err
    assert ready.run("apply", "production", "--auto-approve").code == 0
    free = ready.run("unlock", "production", lease.held.id)
    assert free.code == ExitCode.LOCKED
    assert free.err.startswith("Error: Nothing to unlock [nothing-to-unlock]\n")
    assert "hint: there is nothing to do: the next apply can take it" in free.err


@pytest.mark.parametrize("text", ["", "10", "m", "-1s", "1.5m", "10 m", "9999999s"])
def test_a_length_that_is_none_is_wrong_usage(ready: Workspace, text: str) -> None:
    assert ready.run("apply", "production", "--auto-approve", "--lock-timeout", text).code == ExitCode.USAGE


def test_a_store_that_cannot_be_used_keeps_everything_from_being_written(ready: Workspace, emulator: Emulator) -> None:
    (ready.folder / "file").write_text("x")
    for store in ("file", "../elsewhere", "s3://"):
        ready.write("production", an_environment(emulator.url) | {"store": store})
        assert ready.run("apply", "production", "--auto-approve").code in {ExitCode.FAILED, ExitCode.INVALID}, store
    assert emulator.writes() == []


def test_on_a_runner_a_folder_is_said_not_to_be_shared(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    assert "on this runner, where no other one sees it" in ready.run("apply", "production", "--auto-approve").err
    monkeypatch.delenv("CI")
    assert "runner" not in ready.run("apply", "production", "--auto-approve").err


FROZEN = {"freeze": [{"from": "2020-01-01T00:00Z", "until": "2099-01-01T00:00Z", "reason": "year end"}]}


def frozen(workspace: Workspace, emulator: Emulator) -> None:
    """Priya is to lose a role, which the freeze holds back."""
    people = {"tom.becker@example.com": {"roles": {"exactly": ["Buyer"]}}}
    content = an_environment(emulator.url) | {"guards": FROZEN, "employees": people, "integrations": {}}
    workspace.write("production", content)


def test_an_override_lets_it_happen_and_the_journal_keeps_the_reason(ready: Workspace, emulator: Emulator) -> None:
    frozen(ready, emulator)
    ready.run("apply", "production", "--auto-approve")
    assert ready.run("apply", "production", "--auto-approve").code == ExitCode.GUARDED
    result = ready.run("apply", "production", "--auto-approve", "--override", "freeze=agreed with the CFO")

    assert result.code == 0, result.err
    assert "done          remove Accountant from tom.becker@example.com" in result.out
    assert "  override freeze: agreed with the CFO\n" in ready.run("history", "production").out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("freeze", "needs a reason"),
        ("freeze= ", "needs a reason"),
        ("frieze=x", "is no guard"),
        ("own-access=x", "is never overridden"),
        ("working-token=x", "is never overridden"),
    ],
)
def test_an_override_that_cannot_be_given_is_wrong_usage(ready: Workspace, given: str, says: str) -> None:
    result = ready.run("apply", "production", "--auto-approve", "--override", given)

    assert result.code == ExitCode.USAGE
    assert says in result.err


def test_a_file_that_shrank_since_it_was_applied_takes_nothing_away(ready: Workspace, emulator: Emulator) -> None:
    def declaring(**employees: list[str]) -> None:
        people = {f"{name}@example.com": {"roles": {"exactly": roles}} for name, roles in employees.items()}
        ready.write("production", an_environment(emulator.url) | {"employees": people, "integrations": {}})

    names = ["marco.silva", "ingrid.dahl", "tom.becker", "sofia.lopez"]
    declaring(**{name: ["Accountant"] for name in names})
    assert ready.run("apply", "production", "--auto-approve").code == 0
    declaring(**{"tom.becker": ["Buyer"]})
    result = ready.run("apply", "production", "--auto-approve")

    assert result.code == ExitCode.GUARDED
    assert "The file declares much less than before" in result.out + result.err
