"""A workspace with environment files, and a way to run commands in it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.main import main
from tests.support.emulator import CONNECTOR, Emulator, serving


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Workspace:
    folder: Path
    run: Callable[..., Result]
    environ: Callable[[str, str], None]

    def write(self, name: str, content: Mapping[str, Any]) -> Path:
        file = self.folder / "environments" / f"{name}.yaml"
        file.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return file

    def production(self, emulator: Emulator, **integration: Any) -> None:
        """An environment with real references, for an emulator that is reached like NetSuite: over HTTP."""
        self.write("production", an_environment(emulator.url, **integration))
        logins = {
            "": emulator.credentials("svc.reader@example.com", "Reconciler Reader"),
            "APPLY_": emulator.credentials("svc.admin@example.com", "Administrator"),
        }
        for kind, login in logins.items():
            for name in ("consumer_key", "consumer_secret", "token_id", "token_secret"):
                self.environ(f"NETSUITE_{kind}{name.upper()}", login[name])


def a_login(kind: str = "") -> dict[str, Any]:
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    return {"method": "tba", **{name: f"env:NETSUITE_{kind}{name.upper()}" for name in names}}


def an_environment(url: str, **integration: Any) -> dict[str, Any]:
    writer = {"employee": "svc.admin@example.com", "role": "Administrator"}
    return {
        "version": 1,
        "netsuite": {
            "account": "1234567",
            "endpoint": url,
            "login": a_login(),
            "apply_login": a_login("APPLY_") | {"acts_as": writer},
        },
        "integrations": {
            "netsuite-connector": {
                "application": CONNECTOR,
                "owner": "dana.ortiz@example.com",
                "token_role": "NetSuite Connector Web Services",
                "required_roles": ["Administrator"],
                **integration,
            }
        },
    }


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Workspace:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    # A CI job says where its files can be opened, and plans would have links to them.
    for name in ("GITHUB_SERVER_URL", "CI_PROJECT_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "environments").mkdir()

    def run(*arguments: str) -> Result:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Result(int(code), said.out, said.err)

    return Workspace(tmp_path, run, monkeypatch.setenv)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """One for each test; where tests leave it as it was, a file has one for all of its tests."""
    with serving() as running:
        yield running


@pytest.fixture
def two_grants_due(workspace: Workspace, emulator: Emulator) -> Workspace:
    """Dana is to own the token, and Tom to be a Buyer: two grants on two people that the tool can make."""
    workspace.production(emulator)
    people = {"tom.becker@example.com": {"roles": {"at_least": ["Buyer"]}}}
    workspace.write("production", an_environment(emulator.url) | {"employees": people})
    return workspace
