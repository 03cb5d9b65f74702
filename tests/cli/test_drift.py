"""`drift`: a schedule learns from the exit code whether accounts are as declared, and whether anybody has to look."""

import pytest

from tests.cli.conftest import Workspace, an_environment
from tests.support.emulator import CONNECTOR, Emulator

ROLE = "NetSuite Connector Web Services"
DANA, ANN = "dana.ortiz@example.com", "ann@example.com"


@pytest.fixture
def drift(workspace: Workspace, emulator: Emulator) -> "Drift":
    workspace.production(emulator)
    return Drift(workspace, emulator)


class Drift:
    def __init__(self, workspace: Workspace, emulator: Emulator) -> None:
        self.workspace, self.emulator = workspace, emulator

    def code(self, *names: str) -> int:
        return self.workspace.run("drift", *names).code

    def apply(self) -> None:
        assert self.workspace.run("apply", "production", "--auto-approve").code == 0

    def token(self, owner: str = DANA, name: str = "NetSuite Connector - Dana Ortiz #1") -> dict[str, str]:
        made: dict[str, str] = self.emulator.act("tokens", application=CONNECTOR, user=owner, role=ROLE, name=name)
        return made

    def old_token(self) -> str:
        rows = self.emulator.door("accounts/1234567/tokens")
        (old,) = [row for row in rows if row["user"] == ANN and not row["revoked"]]
        return str(old["id"])

    def handed_over(self) -> dict[str, str]:
        """Everything until the owner is the declared one and nothing is left."""
        self.apply()
        token = self.token()
        for _ in range(2):
            self.emulator.later("10m")
            self.emulator.enter(token)
            self.emulator.order()
        self.emulator.later("25h")
        self.emulator.order()
        old = self.old_token()
        self.emulator.act(f"tokens/{old}/deactivate")
        self.emulator.later("1h")
        self.emulator.order()
        self.emulator.act(f"tokens/{old}/revoke")
        self.apply()
        return token


def test_a_handover_is_a_change_until_it_is_begun_then_waits_then_is_in_sync(drift: Drift) -> None:
    assert drift.code() == 2, "nobody has applied it yet"
    drift.apply()
    assert drift.code() == 10
    token = drift.token()
    drift.emulator.later("10m")
    drift.emulator.order()
    assert drift.code() == 10, "the new token waits to be entered"
    for _ in range(2):
        drift.emulator.later("10m")
        drift.emulator.enter(token)
        drift.emulator.order()
        assert drift.code() == 10
    drift.emulator.later("25h")
    drift.emulator.order()
    assert drift.code() == 10, "the old one waits to be made inactive"
    old = drift.old_token()
    drift.emulator.act(f"tokens/{old}/deactivate")
    drift.emulator.later("1h")
    drift.emulator.order()
    assert drift.code() == 10
    drift.emulator.act(f"tokens/{old}/revoke")
    assert drift.code() == 2, "the tool itself could go on"
    drift.apply()
    assert drift.code() == 0


def test_during_a_handover_verify_says_who_is_at_work_and_that_this_is_no_alarm(drift: Drift) -> None:
    drift.apply()
    before = drift.workspace.run("verify", "production")

    assert (before.code, drift.code()) == (9, 10)
    assert "during a handover this stays so until the new token is entered" in before.out
    drift.handed_over()
    assert (drift.workspace.run("verify", "production").code, drift.code()) == (0, 0)


def test_a_token_that_turns_up_beside_the_right_one_is_drift(drift: Drift) -> None:
    drift.handed_over()
    drift.emulator.later("1h")
    drift.token(DANA, "another one")
    assert drift.code() == 2


def test_the_old_token_used_again_after_the_new_one_is_drift(drift: Drift) -> None:
    kept = drift.token(ANN, "kept by somebody")
    drift.emulator.enter(kept)
    drift.emulator.order()
    drift.apply()
    token = drift.token()
    drift.emulator.later("10m")
    drift.emulator.enter(token)
    assert drift.code() == 10
    drift.emulator.later("10m")
    drift.emulator.enter(kept)
    drift.emulator.order()
    assert drift.code() == 2


def test_a_role_that_was_lost_is_drift(drift: Drift) -> None:
    drift.handed_over()
    drift.emulator.later("10m")
    assert drift.code() == 0
    drift.emulator.act(f"employees/{DANA}/roles", remove=["Administrator"])
    assert drift.code() == 2


def test_an_outage_is_drift_even_in_a_handover(drift: Drift) -> None:
    drift.apply()
    assert drift.code() == 10
    drift.emulator.act(f"tokens/{drift.old_token()}/revoke")
    drift.emulator.later("10m")
    drift.emulator.order()
    assert drift.code() == 2


def test_what_could_not_be_read_is_never_in_sync(drift: Drift) -> None:
    drift.handed_over()
    assert drift.code() == 0
    drift.emulator.act("roles/Reconciler%20Reader", permissions={"ADMI_AUDITLOGIN": None})
    assert drift.code() == 4


def test_one_environment_that_fails_does_not_hide_another(drift: Drift) -> None:
    drift.workspace.write("broken", {"version": 1, "netsuite": {"account": "?"}})
    result = drift.workspace.run("drift")
    assert result.code == 3
    assert "integrations.netsuite-connector.token" in result.out
    assert drift.code("production") == 2


def test_an_unset_credential_is_no_access(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("production", an_environment(emulator.url))
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET"):
        monkeypatch.delenv(f"NETSUITE_{name}", raising=False)
    assert workspace.run("drift").code == 4
