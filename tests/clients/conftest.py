"""A stage for NetSuite clients that were not written here: the emulator as a program, under NetSuite's own names."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulator import ACCOUNT, Emulator, serving
from tests.support.front_door import FrontDoor, front_door

HERE = Path(__file__).parent
# Packages that would overwrite another client's files stand in a folder of their own; see scripts/set_up.py.
APART = Path(sys.prefix) / "clients-apart"
ORIGIN = f"https://{ACCOUNT}.suitetalk.api.netsuite.com"
EMPLOYEE = f"{ORIGIN}/services/rest/record/v1/employee"
PRIYA = "4210"
"""An employee without the Administrator role."""
DANA = "4172"
"""An employee who holds it."""
BAD_QUERY = (
    "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
    "Unknown identifier 'nosuchcolumn'. Available identifiers are: {employee=employee}."
)
ADMIN_RECORD = (
    "Error while accessing a resource. For security reasons, only an administrator is allowed to edit an "
    "administrator record."
)
_FROM_THE_MACHINE = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "curl_ca_bundle"})


@dataclass(frozen=True)
class Stage:
    emulator: Emulator
    front: FrontDoor

    @property
    def admin(self) -> dict[str, str]:
        return dict(self.emulator.credentials("svc.admin@example.com", "Administrator"))

    @property
    def reader(self) -> dict[str, str]:
        """A role that may read employees, but not those who hold Administrator."""
        return dict(self.emulator.credentials("svc.reader@example.com", "Reconciler Reader"))

    @property
    def stranger(self) -> dict[str, str]:
        """A login whose token secret is wrong."""
        return {**self.reader, "token_secret": "wrong"}

    def busy_once(self) -> None:
        """The next request finds the account at its concurrency limit."""
        self.emulator.door("faults", {"match": "* .*", "status": 429})

    def asked(self) -> list[tuple[str, str, int]]:
        """Method, path and status of every request so far."""
        return [(row["method"], row["path"], row["status"]) for row in self.emulator.door("requests")]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Clients that take their surroundings from the environment find the emulator at NetSuite's addresses."""
    for name in [name for name in os.environ if name.lower() in _FROM_THE_MACHINE]:
        monkeypatch.delenv(name)
    with serving() as emulator, front_door(emulator.url, tmp_path) as front:
        for name, value in front.surroundings.items():
            monkeypatch.setenv(name, value)
        yield Stage(emulator, front)
        assert front.refused == [], "a client wanted to go elsewhere"


def login_of(credentials: Mapping[str, str]) -> dict[str, str]:
    """What a client needs to sign with."""
    return {name: credentials[name] for name in ("consumer_key", "consumer_secret", "token_id", "token_secret")}


def detail_of(problem: Any, status: int, code: str) -> str:
    """The one detail of an error in NetSuite's shape."""
    # A 429 may have a code above its details as well.
    assert set(problem) - {"o:errorCode"} == {"type", "title", "status", "o:errorDetails"}
    assert problem["status"] == status
    (detail,) = problem["o:errorDetails"]
    assert detail["o:errorCode"] == code
    text: str = detail["detail"]
    return text


def program_of_node() -> str:
    """Where node is; without it or the clients the test is left out, or fails where REQUIRE_CLIENTS is set."""
    program = shutil.which("node")
    if program is None or not (HERE / "node_modules").is_dir():
        reason = "clients from npm are left out: node and npm are needed, then `make clients`"
        if os.environ.get("REQUIRE_CLIENTS"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


NodeClient = Callable[[str, Mapping[str, Any]], list[dict[str, Any]]]


@pytest.fixture
def node(stage: Stage) -> NodeClient:
    """Runs a client from npm: a script beside this file gets a job and prints what came of each request."""
    del stage  # whose surroundings the script is to run in

    def run(script: str, job: Mapping[str, Any]) -> list[dict[str, Any]]:
        # Asked here and not in the fixture, so that pytest tells of all tests left out in one line.
        program = program_of_node()
        done = subprocess.run(  # noqa: S603  a script of ours
            [program, str(HERE / script)],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        results: list[dict[str, Any]] = json.loads(done.stdout)
        return results

    return run
