"""A client of the back door, and a way to run the emulator as a process of its own: for tests, yours and ours.

It needs the standard library only, and loads nothing of the server.
"""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote, urlsplit

ACCOUNT: Final = "1234567"
CONNECTOR: Final = "NetSuite Connector"
HELPER: Final = "lee.wong@example.com"
LISTENING: Final = "listening on "
SECONDS: Final = 60
BEGINNING: Final = "beginning"


class BackDoorError(Exception):
    """The back door refused; `status` is the HTTP status, the text its own sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class StartError(Exception):
    """The emulator did not start."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator: its address for the clients under test, and its back door.

    Attributes:
        url: where NetSuite's own paths are served.
        account: the account that is meant where none is named.
        acts_as: the e-mail of whoever acts where nobody else is named.
    """

    url: str
    account: str = ACCOUNT
    acts_as: str = HELPER

    def of(self, account: str, acts_as: str | None = None) -> Self:
        """The same server, where another account is meant; `acts_as` is the e-mail of somebody there."""
        return replace(self, account=account, acts_as=acts_as or self.acts_as)

    def door(self, path: str, body: object = None, method: str | None = None) -> Any:
        """Ask the back door; a body makes it a POST.

        Raises:
            BackDoorError: it refused.
        """
        content = None if body is None else json.dumps(body).encode()
        return json.loads(self._exchange(method or ("GET" if content is None else "POST"), path, content))

    def _exchange(self, method: str, path: str, content: bytes | None) -> bytes:
        # Straight to the address: no proxy of the environment stands between a test and loopback.
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=SECONDS)) as connection:
            connection.request(method, f"/_emulator/{path}", content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = answer.read()
        if answer.status >= http.client.BAD_REQUEST:
            raise BackDoorError(answer.status, _sentence(told))
        return told

    def act(self, path: str, **body: object) -> Any:
        """Do something in the account as `acts_as`, unless `as` names somebody else."""
        return self.door(f"accounts/{self.account}/{path}", {"as": self.acts_as, **body})

    def credentials(self, employee: str = "", role: str = "") -> Mapping[str, str]:
        """Consumer key and secret, token id and secret of a login of the seed; without a name, of its default one."""
        found: Mapping[str, str] = self.door(f"accounts/{self.account}/login", {"employee": employee, "role": role})
        return found

    def order(self, application: str = CONNECTOR) -> Any:
        """Let the Connector post an order."""
        return self.door(f"accounts/{self.account}/connectors/{quote(application, safe='')}/orders", {})

    def enter(self, token: Mapping[str, str], application: str = CONNECTOR) -> Any:
        """Enter a token in the Connector: Save and Test Connection."""
        path = f"accounts/{self.account}/connectors/{quote(application, safe='')}/credentials"
        return self.door(path, {"token_id": token["token_id"], "token_secret": token["token_secret"]})

    def later(self, length: str) -> None:
        """Move the accounts' clock on, as by `36h`."""
        self.door("clock", {"advance": length})

    def behave(self, **switches: str) -> None:
        """Set switches; an underscore stands for the hyphen in a name."""
        self.door("behaviours", {name.replace("_", "-"): value for name, value in switches.items()})

    def fault(self, match: str, **what: object) -> int:
        """Inject a fault, and answer with its id."""
        added: int = self.door("faults", {"match": match, **what})["id"]
        return added

    def wait_until_held(self, fault: int, held: int = 1) -> None:
        """Wait until a fault with `hold` holds so many requests.

        Raises:
            BackDoorError: it did not come to that.
        """
        self.door(f"faults/{fault}/await", {"held": held})

    def release(self, fault: int) -> None:
        """Let go of what a fault holds."""
        self.door(f"faults/{fault}/release", {})

    def requests(self) -> list[dict[str, Any]]:
        """The log of requests to NetSuite."""
        rows: list[dict[str, Any]] = self.door("requests")
        return rows

    def writes(self) -> list[str]:
        """Every request so far that could have changed something through the API."""
        return [f"{row['method']} {row['path']}" for row in self.requests() if row["method"] in _WRITING]

    def dump(self) -> bytes:
        """The whole state, as `load` takes it and `--database` serves it."""
        return self._exchange("GET", "state", None)

    def load(self, state: bytes) -> None:
        """Put a dumped state in place of all there is."""
        self._exchange("PUT", "state", state)

    def snapshot(self, name: str) -> None:
        """Keep the state in the server's memory under a name."""
        self.door(f"snapshots/{quote(name, safe='')}", {})

    def reset(self, name: str = BEGINNING) -> None:
        """Back to a snapshot, with no fault waiting and an empty request log."""
        self.door("faults", method="DELETE")
        self.door(f"snapshots/{quote(name, safe='')}/restore", {})
        self.door("requests/clear", {})


_WRITING: Final = frozenset({"PATCH", "PUT", "DELETE"})


def _sentence(told: bytes) -> str:
    try:
        return str(json.loads(told)["error"])
    except (ValueError, LookupError, TypeError):
        return told.decode(errors="replace")


def _of_its_account(emulator: Emulator) -> Emulator:
    """The account of the built-in story is meant where it is there, else the first one."""
    accounts = emulator.door("health")["accounts"]
    return emulator if emulator.account in accounts or not accounts else emulator.of(accounts[0])


@contextmanager
def serving(*options: str, seed: Path | None = None) -> Iterator[Emulator]:
    """A fresh emulator in memory on a free port, with the built-in story unless a seed is given.

    It ends with the block, and with this process, whatever ends that.

    Args:
        options: more of the command line of `python -m reconciler.emulator serve`.
        seed: a file of your own.

    Raises:
        StartError: it did not start; why stands on standard error.
    """
    more = ("--seed", str(seed)) if seed else ()
    call = [sys.executable, "-m", "reconciler.emulator", "serve", "--until-stdin-closes", *more, *options]
    # What it says on standard error goes where ours goes, so that pytest shows it beside a test that fails.
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            first = process.stdout.readline() if process.stdout else ""
            if not first.startswith(LISTENING):
                raise StartError(f"The emulator did not start; it ended with exit code {process.wait(SECONDS)}.")
            yield _of_its_account(Emulator(first.removeprefix(LISTENING).strip()))
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
