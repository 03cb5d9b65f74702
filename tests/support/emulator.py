"""The emulator as a process of its own, and its back door, through which a test acts as people and the Connector."""

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "1234567"
CONNECTOR = "NetSuite Connector"
LISTENING = "listening on "


@dataclass(frozen=True, slots=True)
class Emulator:
    url: str
    account: str = ACCOUNT

    def door(self, path: str, body: object = None, method: str | None = None) -> Any:
        """Ask the back door; a body makes it a POST."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  loopback
            f"{self.url}/_emulator/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  loopback
            return json.load(answer)

    def act(self, path: str, **body: object) -> Any:
        """Do something in the account, as Lee Wong unless somebody else is named."""
        return self.door(f"accounts/{self.account}/{path}", {"as": "lee.wong@example.com", **body})

    def credentials(self, employee: str, role: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.door(f"accounts/{self.account}/login", {"employee": employee, "role": role})
        return found

    def order(self) -> Any:
        return self.door(f"accounts/{self.account}/connectors/{urllib.parse.quote(CONNECTOR)}/orders", {})

    def enter(self, token: Mapping[str, str]) -> Any:
        path = f"accounts/{self.account}/connectors/{urllib.parse.quote(CONNECTOR)}/credentials"
        return self.door(path, {"token_id": token["token_id"], "token_secret": token["token_secret"]})

    def later(self, length: str) -> None:
        self.door("clock", {"advance": length})

    def behave(self, **switches: str) -> None:
        self.door("behaviours", {name.replace("_", "-"): value for name, value in switches.items()})

    def writes(self) -> list[str]:
        """Every request so far that could have changed something through the API."""
        log = self.door("requests")
        rows = log["requests"] if isinstance(log, dict) else log
        return [f"{row['method']} {row['path']}" for row in rows if row["method"] in {"PATCH", "PUT", "DELETE"}]


@contextmanager
def serving(*options: str, seed: Path | None = None) -> Iterator[Emulator]:
    """A fresh emulator in memory, with the built-in story unless a seed is given."""
    more = ("--seed", str(seed)) if seed else ()
    call = [sys.executable, "-m", "reconciler.emulator", "serve", "--until-stdin-closes", *more, *options]
    with subprocess.Popen(  # noqa: S603  our own program
        call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith(LISTENING), first
        yield Emulator(first.removeprefix(LISTENING).strip())
        process.stdin.close()
        process.wait(timeout=10)
