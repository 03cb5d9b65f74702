"""The emulator in the process of the test: no sockets, a clock that only the test moves, and a say in every request.

A request of the product passes through `Wire.answer`, on whatever thread it is made, so that a test can act between any
two of them, look at what each one changed, and have all of it again in the same order.
"""

import functools
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import quote, urlsplit
from weakref import WeakValueDictionary

import requests
import typer.main
from requests.adapters import HTTPAdapter

from reconciler.cli.main import main
from reconciler.emulator.__main__ import open_world
from reconciler.emulator.accounts import World
from reconciler.emulator.behaviours import Switches
from reconciler.emulator.client import ACCOUNT, BackDoorError
from reconciler.emulator.server import EmulatorServer
from reconciler.emulator.wire import Answer, Request
from reconciler.netsuite import pool
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import TokenBasedAuth

URL: Final = "http://127.0.0.1:1"
NOON: Final = 1_795_348_800  # 2026-11-22T12:00:00Z
LOGINS: Final = {
    "": ("svc.reader@example.com", "Reconciler Reader"),
    "APPLY_": ("svc.admin@example.com", "Administrator"),
}

Handler = Callable[[requests.PreparedRequest], requests.Response]


@dataclass
class Wire:
    """What lies between the product and the emulator; `through` is asked about every request if there is one."""

    server: EmulatorServer
    through: Callable[[requests.PreparedRequest, Handler], requests.Response] | None = None

    def answer(self, request: requests.PreparedRequest) -> requests.Response:
        return self.through(request, self.pass_on) if self.through else self.pass_on(request)

    def pass_on(self, request: requests.PreparedRequest) -> requests.Response:
        parts = urlsplit(request.url or "")
        headers = {name.lower(): _text(value) for name, value in request.headers.items()} | {"host": parts.netloc}
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        body = request.body or b""
        content = body if isinstance(body, bytes) else str(body).encode()
        answer = self.server.answer(Request(request.method or "", target, headers, content))
        assert answer is not None
        return response(request, answer.status, answer.body, {"Content-Type": answer.content_type, **answer.headers})


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def response(
    request: requests.PreparedRequest, status: int, body: bytes, headers: Mapping[str, str]
) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.headers.update(headers)
    made.raw = io.BytesIO(body)
    made.request = request
    return made


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass
class InProcess:
    """An account, its people and its clock; and the command line in a folder of its own."""

    folder: Path
    server: EmulatorServer
    wire: Wire
    environ: Mapping[str, str] = field(default_factory=dict)
    seconds: int = NOON

    @property
    def world(self) -> World:
        return self.server.world

    def door(self, path: str, body: object = None, method: str | None = None) -> Any:
        """Ask the back door; a body makes it a POST.

        Raises:
            BackDoorError: it refused.
        """
        content = b"" if body is None else json.dumps(body).encode()
        how = method or ("GET" if body is None else "POST")
        answer = self.server.answer(Request(how, f"/_emulator/{path}", {"host": "127.0.0.1"}, content))
        assert isinstance(answer, Answer)
        told = json.loads(answer.body)
        if answer.status >= requests.codes.bad_request:
            raise BackDoorError(answer.status, told["error"])
        return told

    def act(self, path: str, by: str, **body: object) -> Any:
        return self.door(f"accounts/{ACCOUNT}/{path}", {"as": by, **body})

    def order(self, application: str) -> bool:
        path = f"accounts/{ACCOUNT}/connectors/{quote(application, safe='')}/orders"
        return bool(self.door(path, {})["posted"])

    def enter(self, application: str, token: Mapping[str, str]) -> bool:
        """Save and Test Connection."""
        path = f"accounts/{ACCOUNT}/connectors/{quote(application, safe='')}/credentials"
        wanted = {"token_id": token["token_id"], "token_secret": token["token_secret"]}
        return bool(self.door(path, wanted)["tested"])

    def write(self, name: str, content: Mapping[str, Any]) -> Path:
        file = self.folder / "environments" / f"{name}.yaml"
        file.write_text(json.dumps(content), encoding="utf-8")
        return file

    def run(self, *arguments: str) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with (
            chdir(self.folder), patch.dict(os.environ, self.environ), redirect_stdout(out), redirect_stderr(err),
            # A run within another one stands for a process of its own, which shares no places with it.
            patch.object(pool, "_pools", WeakValueDictionary()),
        ):  # fmt: skip
            code = main(arguments)
        return Said(int(code), out.getvalue(), err.getvalue())


@contextmanager
def in_process(folder: Path, seed: Path | None = None) -> Iterator[InProcess]:
    """An emulator with the built-in story, or a seed; while the block lasts the product talks to nothing else."""
    (folder / "environments").mkdir()
    server = EmulatorServer(open_world(None, Switches(), seed, ACCOUNT))
    made = InProcess(folder, server, Wire(server))

    def machine() -> float:
        return float(made.seconds)

    def send(_adapter: HTTPAdapter, request: requests.PreparedRequest, **_: object) -> requests.Response:
        return made.wire.answer(request)

    with ExitStack() as patches:
        for change in (
            patch.object(server.world.clock, "_machine", machine),
            patch.dict(TokenBasedAuth.__init__.__kwdefaults__ or {}, {"clock": machine}),
            patch.dict(Retries.__init__.__kwdefaults__ or {}, {"sleep": lambda _seconds: None}),
            patch.object(HTTPAdapter, "send", send),
            # The same command line, thousands of times.
            patch.object(typer.main, "get_command", functools.lru_cache(typer.main.get_command)),
        ):
            patches.enter_context(change)
        made.environ = _references(made)
        yield made
    server.server_close()
    server.world.database.close()


def _references(made: InProcess) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, (employee, role) in LOGINS.items():
        login = made.door(f"accounts/{ACCOUNT}/login", {"employee": employee, "role": role})
        found |= {
            f"NETSUITE_{kind}{name.upper()}": login[name]
            for name in ("consumer_key", "consumer_secret", "token_id", "token_secret")
        }
    return found
