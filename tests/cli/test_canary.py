"""A secret never reaches a file, a log, a plan or a message: every place that a run leaves behind is searched."""

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli.main import main
from tests.cli.conftest import Workspace
from tests.support.emulator import Emulator

LOGINS = (("", "svc.reader@example.com", "Reconciler Reader"), ("APPLY_", "svc.admin@example.com", "Administrator"))
SECRET_NAMES = ("consumer_key", "consumer_secret", "token_id", "token_secret")


def secrets_of(emulator: Emulator) -> set[str]:
    found: set[str] = set()
    for _, employee, role in LOGINS:
        login: Mapping[str, str] = emulator.credentials(employee, role)
        found |= {login[name] for name in SECRET_NAMES}
    return found


def left_behind(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


FAULTS: Mapping[str, object] = {
    "none": None,
    "refused": {"match": "PATCH .*", "times": 1, "status": 403},
    "lost": {"match": "PATCH .*", "times": 1, "drop": True, "after": True},
    "broken": {"match": "POST .*suiteql.*", "times": 3, "status": 200, "body": "not json"},
    "overload": {"match": "POST .*suiteql.*", "times": 2, "status": 429},
    "gone": {"match": "GET .*serverTime", "times": 30, "drop": True},
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("wrong", ["", "NETSUITE_TOKEN_SECRET", "NETSUITE_APPLY_TOKEN_SECRET"])
def test_no_secret_is_left_anywhere(
    workspace: Workspace, emulator: Emulator, caplog: pytest.LogCaptureFixture, fault: str, wrong: str
) -> None:
    workspace.production(emulator)
    canaries = secrets_of(emulator)
    if wrong:
        workspace.environ(wrong, "CanarySecretThatNobodyKnows")
        canaries.add("CanarySecretThatNobodyKnows")
    if FAULTS[fault]:
        emulator.door("faults", FAULTS[fault])
    with caplog.at_level(logging.DEBUG):
        said = [
            workspace.run("plan", "production", "--output", "text", "--output", "json=plan.json"),
            workspace.run("apply", "production", "--auto-approve", "--output", "text", "--output", "json=apply.json"),
            workspace.run("show", "plan.json") if (workspace.folder / "plan.json").exists() else None,
        ]

    everything = "\n".join(result.out + result.err for result in said if result)
    everything += caplog.text + left_behind(workspace.folder)
    assert "production" in everything
    assert not {canary for canary in canaries if canary in everything}
    assert "oauth_signature" not in everything


def test_a_traceback_with_all_its_variables_holds_no_secret(
    workspace: Workspace, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody planned may end in a traceback; even with local variables it shows no credential."""
    workspace.production(emulator)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nobody planned this")

    monkeypatch.setattr("reconciler.netsuite.live_state.assembled", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        main(["plan", "production"])

    whole = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    text = "".join(whole.format())
    assert "nobody planned this" in text
    assert not {secret for secret in secrets_of(emulator) if secret in text}
