"""Two moments of a handover at which `apply` writes, kept as snapshots that each case begins from."""

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from reconciler.cli.main import main
from reconciler.netsuite.retries import Retries
from tests.cli.conftest import Result, an_environment
from tests.support.emulator import Emulator, serving

ROLE = "NetSuite Connector Web Services"
GRANTING, RETIRING = "granting", "retiring"
MOMENTS = (GRANTING, RETIRING)


@dataclass
class Stage:
    """An emulator with both moments, and the command line in a folder of its own."""

    emulator: Emulator
    folder: Path
    environ: Mapping[str, str]
    requests: dict[str, int] = field(default_factory=dict)
    """How many requests an undisturbed apply makes at each moment."""

    def begin(self, moment: str) -> None:
        self.emulator.door("faults", method="DELETE")
        self.emulator.door(f"snapshots/{moment}/restore", {})
        self.emulator.door("requests/clear", {})

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "reconciler", *arguments]

    def run(self, *arguments: str) -> Result:
        """A command in this process, which saves the start of one for each of many hundred."""
        out, err = io.StringIO(), io.StringIO()
        with chdir(self.folder), patch.dict(os.environ, self.environ), redirect_stdout(out), redirect_stderr(err):
            code = main(arguments)
        return Result(code, out.getvalue(), err.getvalue())

    def roles(self, person: str) -> set[str]:
        found = self.emulator.door(f"accounts/{self.emulator.account}/employees/{person}@example.com")
        return {role["name"] for role in found["roles"]}

    def is_reached(self, moment: str) -> bool:
        """Whether the account is as the file asks, as far as this moment goes."""
        return ROLE in self.roles("dana.ortiz") if moment == GRANTING else ROLE not in self.roles("ann")

    def works(self) -> bool:
        """Whether the Connector can post an order with the token it has."""
        return bool(self.emulator.order()["posted"])


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries have tests of their own; here they would take most of the time."""
    defaults = Retries.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", lambda _seconds: None)


@pytest.fixture(autouse=True, scope="session")
def _no_looks_meanwhile() -> Iterator[None]:
    """Whether there is time for a look while a write is under way depends on speed, and requests are counted here."""
    with patch("reconciler.netsuite.employee_writer.LOOK_EVERY", None):
        yield


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("reliability")
    (folder / "environments").mkdir()
    with serving() as emulator:
        made = Stage(emulator, folder, _environ(emulator))
        _write(folder, an_environment(emulator.url, quiet_period="1h"))
        emulator.door(f"snapshots/{GRANTING}", {})
        _hand_over(made)
        emulator.door(f"snapshots/{RETIRING}", {})
        for moment in MOMENTS:
            made.begin(moment)
            done = made.run("apply", "production", "--auto-approve")
            assert done.code == 0, done.out + done.err
            assert made.is_reached(moment)
            made.requests[moment] = len(emulator.door("requests"))
        yield made


def _environ(emulator: Emulator) -> dict[str, str]:
    logins = {
        "": emulator.credentials("svc.reader@example.com", "Reconciler Reader"),
        "APPLY_": emulator.credentials("svc.admin@example.com", "Administrator"),
    }
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    references = {f"NETSUITE_{kind}{name.upper()}": login[name] for kind, login in logins.items() for name in names}
    return {**os.environ, **references}


def _write(folder: Path, content: Mapping[str, Any]) -> None:
    (folder / "environments" / "production.yaml").write_text(json.dumps(content), encoding="utf-8")


def _hand_over(stage: Stage) -> None:
    """Everything that people do, up to where only the old owner's role is left to take."""
    emulator = stage.emulator
    emulator.act("employees/dana.ortiz@example.com/roles", add=[ROLE])
    token = emulator.act(
        "tokens", application="NetSuite Connector", user="dana.ortiz@example.com", role=ROLE, name="Dana #1"
    )
    emulator.enter(token)
    for _ in range(4):
        emulator.later("30m")
        assert emulator.order()["posted"]
    (old,) = [
        row
        for row in emulator.door(f"accounts/{emulator.account}/tokens")
        if row["application"] == "NetSuite Connector" and row["user"] == "ann@example.com" and not row["revoked"]
    ]
    emulator.act(f"tokens/{old['id']}/deactivate")
    emulator.later("1h")
    assert emulator.order()["posted"]
    emulator.act(f"tokens/{old['id']}/revoke")
    assert emulator.order()["posted"]
