"""However large an account is, doctor and import ask for what they need, not for all there is."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.emulator import seed
from tests.cli.conftest import Workspace, an_environment
from tests.cli.doctor.conftest import environment
from tests.support.emulator import ACCOUNT, Emulator, serving

TOKEN = "NetSuite Connector - Ann Keller, NetSuite Connector Web Services"


def asked(workspace: Workspace, emulator: Emulator, *command: str) -> tuple[list[str], int]:
    """The requests of a command, and how many there are."""
    environment(workspace, emulator)
    content = an_environment(emulator.url)
    (workspace.folder / "environments" / "production.yaml").write_text(yaml.safe_dump({**content, "integrations": {}}))
    emulator.door("requests/clear", {})
    assert workspace.run(*command).code == 0
    log = emulator.requests()
    return sorted(f"{row['method']} {row['path'].partition('?')[0]}" for row in log), len(log)


@pytest.mark.parametrize("command", [("doctor",), ("import",), ("import", "--employees")], ids=" ".join)
def test_a_large_account_takes_as_many_requests_as_a_small_one(
    workspace: Workspace, tmp_path: Path, command: tuple[str, ...]
) -> None:
    story: dict[str, Any] = json.loads(json.dumps(dict(seed.story(ACCOUNT)), default=str))
    large = {
        "employees": 3000,
        "access": True,
        "roles": ["Shipping Hub Web Services"],
        "login_audit": [{"application": "NetSuite Connector", "token": TOKEN, "rows": 20_000, "days": 89}],
    }
    story["accounts"][ACCOUNT]["generate"] = large
    file = tmp_path / "large.json"
    file.write_text(json.dumps(story), "utf-8")
    name, *options = command
    with serving() as small:
        few = asked(workspace, small, name, "production", *options)
    with serving(seed=file) as big:
        many = asked(workspace, big, name, "production", *options)

    assert many == few
