"""What is said of other people's clients is what is installed."""

import json
import re
import tomllib
from importlib.metadata import distributions

import pytest

from tests.clients.conftest import APART, HERE, program_of_node
from tests.support.documents import ROOT

# A pin of these groups that is no client but something that one of them needs.
NO_CLIENTS = {"authlib"}
_ROW = re.compile(r"^\| `([^`]+)` \| ([0-9.]+) \| (Python|JavaScript) \| .+ \| .+ \|$", re.MULTILINE)


def pinned() -> set[tuple[str, str, str]]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    pins = [re.split("==|>=", pin) for pin in (*groups["clients"], *groups["clients-apart"])]
    python = {(name, version, "Python") for name, version in pins if name not in NO_CLIENTS}
    packages = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    return python | {(name, version, "JavaScript") for name, version in packages.items()}


def test_the_document_lists_every_client_with_its_version() -> None:
    rows = _ROW.findall((ROOT / "docs" / "emulator-reference.md").read_text("utf-8"))

    assert len(rows) == len(set(rows))
    assert set(rows) == pinned()


def test_every_client_has_its_tests() -> None:
    for name, _, _ in pinned():
        assert (HERE / f"test_{re.sub('[^a-z0-9]+', '_', name).strip('_')}.py").is_file(), name


def test_the_clients_of_python_are_those_that_are_pinned() -> None:
    found = [*distributions(), *distributions(path=[str(APART)])]
    installed = {(one.name.lower().replace("_", "-"), one.version) for one in found}

    assert {(name, version) for name, version, language in pinned() if language == "Python"} <= installed


def test_the_lock_file_holds_the_clients_by_content_and_names_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))

    packages = {path: package for path, package in lock["packages"].items() if path}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    locked = {(path.removeprefix("node_modules/"), package["version"]) for path, package in packages.items()}
    assert {(name, version) for name, version, language in pinned() if language == "JavaScript"} <= locked


def test_without_node_its_clients_are_left_out_unless_they_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REQUIRE_CLIENTS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make clients"):
        program_of_node()
    monkeypatch.setenv("REQUIRE_CLIENTS", "1")
    with pytest.raises(pytest.fail.Exception, match="make clients"):
        program_of_node()
