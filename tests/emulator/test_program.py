"""The program: its first line, its exits, its database, and who may serve it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, Emulator, Program, Start

Started = Callable[..., Program]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reconciler.emulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - our own


def test_it_says_where_it_listens_and_ends_cleanly(program: Started) -> None:
    server = program()
    assert server.health()["accounts"] == [ACCOUNT]

    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait(10) == 0
    out, err = server.process.communicate()
    assert (out, err) == ("", "")


def test_an_interrupt_is_a_clean_end(program: Started) -> None:
    server = program("--account", "1234567_SB1")
    assert server.health()["accounts"] == ["1234567_SB1"]

    server.process.send_signal(signal.SIGINT)

    assert server.process.wait(10) == 0


def test_it_ends_when_its_parent_is_gone(program: Started, tmp_path: Path) -> None:
    registration = tmp_path / "here.json"
    server = program("--until-stdin-closes", "--registration", str(registration))
    assert json.loads(registration.read_text()) == {"url": server.url, "pid": server.process.pid, "database": None}
    assert server.process.stdin is not None

    server.process.stdin.close()

    assert server.process.wait(10) == 0
    assert not registration.exists()


def test_a_database_goes_on_as_it_was(program: Started, tmp_path: Path) -> None:
    database = tmp_path / "deep" / "emulator.sqlite"
    first = program("--database", str(database))
    door = f"{first.url}/_emulator"
    path = f"/accounts/{ACCOUNT}/employees/4210"
    body = {"as": "lee.wong@example.com", "active": False}
    login = requests.post(f"{door}/accounts/{ACCOUNT}/login", json={}, timeout=10).json()
    assert requests.post(f"{door}{path}", json=body, timeout=10).status_code == 200
    requests.post(f"{door}/clock", json={"set": "2030-01-01T00:00:00Z"}, timeout=10)
    first.process.kill()
    first.process.wait(10)

    second = program("--database", str(database))

    door = f"{second.url}/_emulator"
    assert requests.get(f"{door}{path}", timeout=10).json()["active"] is False
    assert requests.get(f"{door}/clock", timeout=10).json()["now"].startswith("2030-01-01")
    assert requests.post(f"{door}/accounts/{ACCOUNT}/login", json={}, timeout=10).json() == login


def test_one_process_serves_a_database(program: Started, tmp_path: Path) -> None:
    database = str(tmp_path / "emulator.sqlite")
    holder = program("--database", database)

    second = run("serve", "--database", database)

    assert second.returncode == 1
    assert second.stdout == ""
    assert holder.url in second.stderr
    assert str(holder.process.pid) in second.stderr
    assert second.stderr.startswith("Error: Emulator unavailable [emulator]\n")
    assert second.stderr.endswith("\n  hint: use that server, or stop it, or give another --database\n")


def test_a_port_in_use_is_told(program: Started) -> None:
    holder = program()

    port = holder.url.rpartition(":")[2]
    second = run("serve", "--port", port)

    assert second.returncode == 1
    assert second.stderr == (
        f"Error: Emulator unavailable [emulator]\n  Port {port} of 127.0.0.1 is in use by another program.\n"
        "  hint: stop that one, or give another --port; without it a free one is found\n"
    )


def test_wrong_usage_names_no_other_program() -> None:
    ended = run("serve", "--port", "99999")

    assert ended.returncode == 64
    assert ended.stderr == (
        "Error: Wrong usage [usage]\n"
        "  Argument --port: '99999' is no port; give a number from 0 to 65535.\n"
        "  hint: --help tells what there is\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["serve", "--port", "x"],
        ["serve", "--port", "70000"],
        ["serve", "--latency", "-1"],
        ["serve", "--behaviour", "x"],
        ["serve", "--behaviour", "nothing=1"],
        ["serve", "--behaviour", "suiteql-zone=mars"],
        ["serve", "--what"],
        ["serve", "--seed", "a.yaml", "--account", "1"],
    ],
)
def test_wrong_usage_exits_64(arguments: list[str]) -> None:
    ended = run(*arguments)

    assert ended.returncode == 64
    assert ended.stderr
    assert "Traceback" not in ended.stderr


def test_files_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database " * 100)

    for arguments in (["--database", str(text)], ["--seed", str(tmp_path / "none.yaml")], ["--account", "x_y"],
                      ["--database", str(tmp_path)]):  # fmt: skip
        ended = run("serve", *arguments)
        assert ended.returncode == 1, ended
        heading, told, hint = ended.stderr.splitlines()
        assert heading == "Error: Emulator unavailable [emulator]"
        assert told.startswith("  ")
        assert hint.startswith("  hint: ")
        assert "Traceback" not in ended.stderr


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "other.sqlite"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = database.read_bytes()

    ended = run("serve", "--database", str(database))

    assert ended.returncode == 1
    assert "not one of this emulator" in ended.stderr
    assert database.read_bytes() == before


def test_a_seed_that_fails_leaves_a_database_to_start_again(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("accounts: {}")
    database = tmp_path / "emulator.sqlite"
    assert run("serve", "--database", str(database), "--seed", str(seed)).returncode == 1

    from reconciler.emulator.database import Database  # noqa: PLC0415 - only this test looks inside

    reopened = Database(database)
    assert reopened.is_new
    reopened.close()


def test_help_explains_itself() -> None:
    assert "--until-stdin-closes" in run("serve", "--help").stdout
    assert "--assumed" in run("behaviours", "--help").stdout


def test_behaviours_can_be_set_at_the_start(program: Started) -> None:
    server = program("--behaviour", "suiteql-zone=utc", "--behaviour", "loginaudit-delay=5")

    rows = requests.get(f"{server.url}/_emulator/behaviours", timeout=10).json()

    assert {row["name"]: row["value"] for row in rows if row["value"] != row["default"]} == {
        "suiteql-zone": "utc", "loginaudit-delay": "5",
    }  # fmt: skip


def test_starting_loads_no_sql_parser() -> None:
    code = "import sys, reconciler.emulator.__main__ as m; print([x for x in ('sqlglot', 'yaml', 'jsonschema', 'requests') if x in sys.modules])"  # noqa: E501 - one line for -c

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own

    assert ended.stdout.strip() == "[]"


def test_it_listens_on_loopback_only(story: Emulator) -> None:
    assert story.server.server_address[0] == "127.0.0.1"


def test_a_kept_connection_is_not_slow(story: Emulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", story.server.server_address[1], timeout=10)
    began = time.monotonic()
    for _ in range(20):
        connection.request("GET", "/_emulator/health")
        connection.getresponse().read()
    connection.close()

    # With Nagle's algorithm each answer would wait 40 ms for an acknowledgement.
    assert time.monotonic() - began < 0.5


def raw(story: Emulator, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", story.server.server_address[1]), timeout=10) as connection:
        connection.sendall(data)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"400"),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", b"400"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", b"400"),
        (b"GET /_emulator/health HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /_emulator/health HTTP/1.1\r\nHost: [\r\n\r\n", b"400"),
        (b"GET /a HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", b"400"),
        (b"BREW /a HTTP/1.1\r\nHost: x\r\n\r\n", b"501"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
    ],
)
def test_broken_http_gets_an_answer_in_netsuites_shape(story: Emulator, data: bytes, status: bytes) -> None:
    head, _, body = raw(story, data).partition(b"\r\n\r\n")

    assert head.split(b" ")[1] == status
    assert json.loads(body)["o:errorDetails"]


def test_a_mistake_of_ours_is_a_500_and_the_server_lives(emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    client = emulator.reader
    emulator.run("ALTER TABLE nonces RENAME TO lost")
    answer = client.send("GET", "/services/rest/system/v1/serverTime")
    emulator.run("ALTER TABLE lost RENAME TO nonces")

    assert answer.status_code == 500
    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == "UNEXPECTED_ERROR"
    assert client.send("GET", "/services/rest/system/v1/serverTime").status_code == 200
    assert "failed to answer" in caplog.text


def test_requests_beyond_the_limit_are_refused(start: Start) -> None:
    emulator = start(latency=0)
    emulator.behave(concurrency_limit="1")
    client = emulator.reader
    lock = emulator.server.world.database.transaction()
    answers: list[int] = []

    def call() -> None:
        session = requests.Session()
        answers.append(client.with_(session=session).send("GET", "/services/rest/system/v1/serverTime").status_code)
        session.close()

    with lock:
        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while len(answers) < 2 and time.monotonic() < deadline:
            threads[0].join(0.01)
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 429, 429]


def test_overload_can_look_like_a_failed_login(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1", concurrency_answer="invalid-login", slow_login_seconds="0")
    with emulator.server.pool.place(ACCOUNT):
        answer = emulator.reader.send("GET", "/services/rest/system/v1/serverTime")

    assert answer.status_code == 401
    assert answer.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN"


def test_latency_delays_netsuite_but_not_the_back_door(start: Start) -> None:
    emulator = start(latency=0.2)
    client = emulator.reader
    began = time.monotonic()
    emulator.door("GET", "health")
    middle = time.monotonic()
    client.send("GET", "/services/rest/system/v1/serverTime")

    assert middle - began < 0.15
    assert time.monotonic() - middle >= 0.2


def test_parallel_clients_get_right_answers(emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="0")
    client = emulator.reader
    found: list[Any] = []

    def call() -> None:
        session = requests.Session()
        own = client.with_(session=session)
        found.extend(own.items("SELECT id FROM employee WHERE id = ?", 4172)[0]["id"] for _ in range(5))
        session.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["4172"] * 40


def test_it_works_under_another_locale_and_without_a_home() -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "reconciler.emulator", "behaviours"]

    ended = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=20)  # noqa: S603 - our own

    assert ended.returncode == 0


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(story: Emulator) -> None:
    with socket.create_connection(("127.0.0.1", story.server.server_address[1]), timeout=10) as connection:
        head = b"POST /_emulator/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"{}")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")


def test_the_ready_file_is_there_in_one_piece_while_it_serves(program: Started, tmp_path: Path) -> None:
    ready = tmp_path / "deep" / "ready.json"

    server = program("--ready-file", str(ready))

    assert json.loads(ready.read_text()) == {"url": server.url, "pid": server.process.pid, "database": None}
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == 0
    assert not ready.exists()


def test_a_ready_file_of_a_killed_server_is_gone_before_the_next_one_listens(program: Started, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    first = program("--ready-file", str(ready))
    first.process.kill()
    first.process.wait(10)
    assert ready.exists()

    ended = run("serve", "--ready-file", str(ready), "--seed", str(tmp_path / "none.yaml"))

    assert ended.returncode == 1
    assert not ready.exists()


def test_a_ready_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    ended = run("serve", "--ready-file", str(tmp_path))

    assert ended.returncode == 1
    assert "cannot start" in ended.stderr
    assert "Traceback" not in ended.stderr
