"""`apply --wait`: people act while it pauses, and it goes on by itself."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reconciler.cli import waiting
from reconciler.cli.exit_codes import ExitCode
from reconciler.store.folder import Folder
from reconciler.store.lock import Lock
from tests.cli.conftest import Workspace
from tests.support.emulator import CONNECTOR, Emulator

ROLE = "NetSuite Connector Web Services"


@pytest.fixture
def ready(workspace: Workspace, emulator: Emulator) -> Workspace:
    workspace.production(emulator, quiet_period="1h")
    return workspace


class Pauses:
    """In place of the pause: what happens meanwhile, one thing in each; after the last the time is over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *meanwhile: Callable[[], Any]) -> None:
        self.left = list(meanwhile)
        self.lengths: list[float] = []
        self._now = 0.0
        monkeypatch.setattr(waiting, "rest", self.rest)
        monkeypatch.setattr(waiting, "now", lambda: self._now)

    def rest(self, seconds: float) -> None:
        self.lengths.append(seconds)
        self._now += seconds
        if self.left:
            self.left.pop(0)()
        else:
            self._now += 10**6


def token_made(emulator: Emulator) -> Callable[[], Any]:
    def make() -> None:
        token = emulator.act("tokens", application=CONNECTOR, user="dana.ortiz@example.com", role=ROLE, name="Dana #1")
        emulator.enter(token)

    return make


def orders(emulator: Emulator) -> None:
    for _ in range(4):
        emulator.later("30m")
        assert emulator.order()["posted"]


def old_one(emulator: Emulator, token: str, verb: str) -> Callable[[], Any]:
    def act() -> None:
        emulator.act(f"tokens/{token}/{verb}")
        orders(emulator)

    return act


def the_old_id(emulator: Emulator) -> str:
    rows = emulator.door(f"accounts/{emulator.account}/tokens")
    return str(next(row["id"] for row in rows if row["application"] == CONNECTOR and row["user"] == "ann@example.com"))


def test_it_stays_through_the_whole_handover(
    ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = the_old_id(emulator)
    pauses = Pauses(
        monkeypatch,
        lambda: None,
        token_made(emulator),
        lambda: orders(emulator),
        old_one(emulator, old, "deactivate"),
        old_one(emulator, old, "revoke"),
    )
    result = ready.run("apply", "production", "--auto-approve", "--wait", "8h", "--output", "json")

    assert result.code == 0, result.err
    told = json.loads(result.out)
    assert [(one["id"].split("/")[0], one["outcome"]) for one in told["results"]] == [
        ("grant-role", "done"),
        ("remove-role", "done"),
    ]
    assert told["steps"] == []
    assert pauses.left == []
    assert "New Access Token" in result.err
    assert result.err.count("Setup > Users/Roles > Access Tokens > New Access Token") == 1, "told once while it waits"
    assert "Looking again every 15 s or more, for 8 h." in result.err
    applies = json.loads(ready.run("history", "production", "--output", "json").out)["applies"]
    assert [[(step["id"].split("/")[0], step["outcome"]) for step in made["steps"]] for made in applies] == [
        [("grant-role", "done"), ("create-token", "waiting")],
        [("create-token", "done"), ("enter-credentials", "waiting")],
        [("enter-credentials", "done"), ("deactivate-token", "waiting")],
        [("deactivate-token", "done"), ("revoke-token", "waiting")],
        [("remove-role", "done"), ("revoke-token", "done")],
    ]


def test_the_lock_is_free_between_two_looks(
    ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Lock(Folder(ready.folder / ".reconciler"), "production")
    held: list[object] = []
    Pauses(monkeypatch, lambda: held.append(lock.holder()))
    ready.run("apply", "production", "--auto-approve", "--wait", "1h")

    assert held == [None]


def test_pauses_grow_while_nothing_happens_and_are_short_again_after_a_change(
    ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = [lambda: None] * 7
    pauses = Pauses(monkeypatch, *idle, token_made(emulator), lambda: None)
    result = ready.run("apply", "production", "--auto-approve", "--wait", "8h", "--detailed-exitcode")

    assert result.code == ExitCode.WAITING
    assert pauses.lengths[:8] == sorted(pauses.lengths[:8])
    assert max(pauses.lengths) == 120
    assert pauses.lengths[8] == 15


def test_somebody_else_who_applies_meanwhile_is_no_failure(
    ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Lock(Folder(ready.folder / ".reconciler"), "production")
    leases = []
    Pauses(
        monkeypatch,
        lambda: leases.append(lock.take("apply", "dana", "there", timedelta(0)).__enter__()),
        lambda: leases.pop().__exit__(),
        lambda: None,
    )
    result = ready.run("apply", "production", "--auto-approve", "--wait", "1h", "--detailed-exitcode")

    assert result.code == ExitCode.WAITING, result.err


def test_a_fact_that_moves_while_it_waits_for_a_saved_plan_ends_it(
    ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.run("plan", "production", "--output", "json=plan.json")
    Pauses(monkeypatch, lambda: emulator.act("employees/dana.ortiz@example.com/roles", add=["Accountant"]))
    result = ready.run("apply", "plan.json", "--wait", "1h")

    assert result.code == ExitCode.STALE
    assert "[stale-plan]" in result.err
    assert "done          grant" in result.out, "what was done before is told all the same"


def test_an_interruption_while_it_waits_ends_it_cleanly(
    ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    Pauses(monkeypatch, interrupt)
    result = ready.run("apply", "production", "--auto-approve", "--wait", "1h")

    assert "done          grant" in result.out
    assert len(emulator.writes()) == 1


def test_what_does_not_wait_ends_at_once(ready: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    ready.environ("NETSUITE_TOKEN_SECRET", "wrong")
    pauses = Pauses(monkeypatch)

    assert ready.run("apply", "production", "--auto-approve", "--wait", "1h").code == ExitCode.NO_ACCESS
    assert pauses.lengths == []
