"""An emulator whose account is healthy at the start of each test, and words for what doctor found there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cli.conftest import Result, Workspace, an_environment
from tests.support.emulator import Emulator, serving

READER_ROLE = 1052
ADMIN = {"employee": "svc.admin@example.com", "role": "Administrator"}


@dataclass(frozen=True, slots=True)
class Told:
    """What doctor said, as data."""

    result: Result
    document: dict[str, Any]

    @property
    def code(self) -> int:
        return self.result.code

    @property
    def verdicts(self) -> dict[str, str]:
        return {one["rule"]: one["verdict"] for one in self.document["findings"]}

    @property
    def troubles(self) -> set[str]:
        """What is missing or unknown, but for the limits, which only an Administrator sees and nothing rests on."""
        found = {rule for rule, verdict in self.verdicts.items() if verdict in {"missing", "unknown"}}
        return found - {"concurrency"}

    def finding(self, rule: str) -> dict[str, Any]:
        (found,) = [one for one in self.document["findings"] if one["rule"] == rule]
        return dict(found)


def doctor(workspace: Workspace, *options: str) -> Told:
    result = workspace.run("doctor", "production", "--output", "json", *options)
    return Told(result, json.loads(result.out))


def environment(workspace: Workspace, emulator: Emulator, **netsuite: Any) -> None:
    """The usual environment with both logins, and these keys under `netsuite`; None takes one away."""
    workspace.production(emulator)
    content = an_environment(emulator.url)
    changed = content["netsuite"] | netsuite
    content["netsuite"] = {key: value for key, value in changed.items() if value is not None}
    workspace.write("production", content)


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with serving() as started:
        started.snapshot("healthy")
        yield started


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset("healthy")
    return running
