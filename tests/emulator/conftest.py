"""A running emulator, in a thread or as a program of its own."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from reconciler.emulator.__main__ import open_world
from reconciler.emulator.behaviours import Switches
from reconciler.emulator.server import EmulatorServer, serve_in_thread
from tests.emulator.browser import Browser
from tests.emulator.clients import ACCOUNT, Emulator, Program, Start


def running() -> Iterator[Start]:
    servers: list[tuple[EmulatorServer, threading.Thread, requests.Session]] = []

    def started(seed: Path | None = None, database: Path | None = None, latency: float = 0) -> Emulator:
        world = open_world(database, Switches(), seed, ACCOUNT)
        server = EmulatorServer(world, latency=latency)
        session = requests.Session()
        session.trust_env = False
        servers.append((server, serve_in_thread(server), session))
        return Emulator(server, session)

    yield started
    for server, thread, session in servers:
        session.close()
        server.shutdown()
        thread.join()
        server.server_close()
        server.world.database.close()


start = pytest.fixture(running, name="start")


@pytest.fixture(scope="session")
def story() -> Iterator[Emulator]:
    """One emulator for all tests that change nothing."""
    for start_one in running():
        yield start_one()


@pytest.fixture
def emulator(start: Start) -> Emulator:
    return start()


@pytest.fixture
def lee(emulator: Emulator) -> Iterator[Browser]:
    """Lee at the screen, an Administrator."""
    browser = Browser(emulator).log_in()
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def looker(story: Emulator) -> Iterator[Browser]:
    """Lee, who only looks."""
    browser = Browser(story).log_in()
    yield browser
    browser.close()


@pytest.fixture
def program() -> Iterator[Callable[..., Program]]:
    processes: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> Program:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "reconciler.emulator", "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("listening on http://127.0.0.1:"), first
        return Program(process, first.removeprefix("listening on ").strip())

    yield started
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def a_seed(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    def written(account: dict[str, Any]) -> Path:
        path = tmp_path / "seed.yaml"
        # JSON is YAML, and safe_dump would be one more thing that can go wrong.
        path.write_text(json.dumps({"accounts": {ACCOUNT: {"name": "Test", **account}}}))
        return path

    return written
