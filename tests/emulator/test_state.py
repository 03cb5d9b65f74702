"""Dumping, restoring and snapshots: exact, all or nothing, and safe while requests come in."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.clients import ACCOUNT, Emulator, Program, Start

LEE = "lee.wong@example.com"
TIME = "/services/rest/system/v1/serverTime"
PERSON = "4210"


def dump(emulator: Emulator) -> bytes:
    answer = requests.get(f"{emulator.url}/_emulator/state", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/vnd.sqlite3")
    return answer.content


def put(emulator: Emulator, state: bytes, method: str = "PUT") -> requests.Response:
    return requests.request(method, f"{emulator.url}/_emulator/state", data=state, timeout=10)


def everything(emulator: Emulator) -> list[str]:
    """The database as SQL, in one order."""
    with emulator.server.world.database.exclusive() as connection:
        return list(connection.iterdump())


@pytest.fixture(params=["memory", "file"])
def kept(request: pytest.FixtureRequest, start: Start, tmp_path: Path) -> Emulator:
    return start(database=tmp_path / "emulator.sqlite" if request.param == "file" else None)


def change(emulator: Emulator) -> None:
    emulator.act(f"employees/{PERSON}", {"as": LEE, "active": False, "title": "Gone"})
    emulator.act("tokens/102/revoke", {"as": LEE})
    emulator.door("POST", "clock", {"set": "2031-01-01T00:00:00Z"})
    emulator.behave(suiteql_zone="utc")


def test_a_restored_state_is_the_one_that_was_dumped(kept: Emulator) -> None:
    emulator = kept
    emulator.door("POST", "clock", {"set": "2030-05-05T00:00:00Z"})
    emulator.behave(loginaudit_delay="7")
    before, switches = everything(emulator), emulator.door("GET", "behaviours")
    state = dump(emulator)
    change(emulator)
    assert everything(emulator) != before

    assert put(emulator, state).json() == {"restored": True}

    assert everything(emulator) == before
    assert emulator.door("GET", "behaviours") == switches
    assert emulator.door("GET", "clock")["now"].startswith("2030-05-05")
    assert emulator.reader.send("GET", TIME).status_code == 200


def test_a_state_goes_from_one_server_to_another(kept: Emulator, start: Start) -> None:
    change(kept)
    other = start()

    assert put(other, dump(kept), "POST").status_code == 200

    assert everything(other) == everything(kept)
    assert other.person(PERSON)["title"] == "Gone"


def test_a_dumped_state_can_be_served(kept: Emulator, tmp_path: Path, program: Callable[..., Program]) -> None:
    change(kept)
    file = tmp_path / "dumped.sqlite"
    file.write_bytes(dump(kept))

    server = program("--database", str(file))

    path = f"{server.url}/_emulator/accounts/{ACCOUNT}/employees/{PERSON}"
    assert requests.get(path, timeout=10).json()["title"] == "Gone"


def test_a_restored_file_is_there_after_a_start(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "emulator.sqlite"
    first = start(database=file)
    state = dump(first)
    change(first)
    put(first, state)
    first.server.world.database.close()

    again = start(database=file)

    assert again.person(PERSON)["active"] is True
    assert again.server.world.database.rows("PRAGMA journal_mode")[0][0] == "wal"


def changed(state: bytes, tmp_path: Path, *statements: str) -> bytes:
    file = tmp_path / "changed.sqlite"
    file.write_bytes(state)
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return file.read_bytes()


@pytest.mark.parametrize(
    ("statement", "status", "words"),
    [
        ("PRAGMA user_version = 99", 409, "format 99"),
        ("DROP TABLE tokens", 400, "no state of this emulator"),
        ("ALTER TABLE tokens ADD COLUMN more TEXT", 400, "no state of this emulator"),
        ("CREATE TABLE more (a)", 400, "no state of this emulator"),
        ("CREATE TRIGGER t AFTER INSERT ON tokens BEGIN DELETE FROM tokens; END", 400, "no state of this emulator"),
        ("""UPDATE settings SET value = '{"nothing": "x"}' WHERE name = 'switches'""", 400, "no behaviour 'nothing'"),
        ("UPDATE settings SET value = '[1]' WHERE name = 'switches'", 400, "no object of texts"),
        ("UPDATE settings SET value = '{' WHERE name = 'switches'", 400, "cannot be read"),
        ("INSERT INTO settings VALUES ('clock offset', 'soon')", 400, "cannot be read"),
        ("INSERT INTO settings VALUES ('clock offset', '99999999999999')", 400, "no date that the emulator can show"),
    ],
)
def test_a_state_that_is_not_ours_is_refused_and_changes_nothing(
    emulator: Emulator, tmp_path: Path, statement: str, status: int, words: str
) -> None:
    state = changed(dump(emulator), tmp_path, statement)
    before = everything(emulator)

    answer = put(emulator, state)

    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.text
    assert everything(emulator) == before


@pytest.mark.parametrize("cut", [0, 10, 100, 5000, -4096])
def test_what_is_damaged_is_refused(emulator: Emulator, cut: int) -> None:
    before = everything(emulator)

    answer = put(emulator, dump(emulator)[:cut])

    assert answer.status_code in {400, 409}
    assert answer.json()["error"]
    assert everything(emulator) == before


def test_garbage_is_refused(emulator: Emulator) -> None:
    state = dump(emulator)
    for garbage in (b"not a database " * 1000, state[:4096] + b"\xff" * (len(state) - 4096)):
        answer = put(emulator, garbage)
        assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert emulator.reader.send("GET", TIME).status_code == 200


def test_a_state_may_be_larger_than_any_other_body(emulator: Emulator) -> None:
    note = "x" * 1_000_000
    for number in range(6):
        emulator.run("INSERT INTO settings VALUES (?, ?)", f"filler {number}", note)
    state = dump(emulator)
    assert len(state) > 6_000_000

    assert put(emulator, state).status_code == 200


def test_snapshots_bring_back_database_clock_and_switches(kept: Emulator) -> None:
    emulator = kept
    before = everything(emulator)
    assert emulator.door("POST", "snapshots/clean%20one", {}, 201)["name"] == "clean one"

    for _ in range(3):
        change(emulator)
        assert emulator.door("POST", "snapshots/clean%20one/restore", {}) == {"restored": True}
        assert everything(emulator) == before

    values = {row["name"]: row["value"] for row in emulator.door("GET", "behaviours")}
    assert values["suiteql-zone"] == "caller"


def test_snapshots_are_listed_replaced_and_deleted(emulator: Emulator) -> None:
    emulator.door("POST", "snapshots/b", {}, 201)
    emulator.door("POST", "snapshots/a", {}, 201)
    emulator.act(f"employees/{PERSON}", {"as": LEE, "title": "Later"})
    emulator.door("POST", "snapshots/a", {}, 201)
    assert [row["name"] for row in emulator.door("GET", "snapshots")] == ["a", "b"]

    emulator.door("POST", "snapshots/b/restore", {})
    emulator.door("POST", "snapshots/a/restore", {})
    assert emulator.person(PERSON)["title"] == "Later"

    emulator.door("DELETE", "snapshots/a")
    assert "There are: b." in emulator.door("POST", "snapshots/a/restore", {}, 404)["error"]
    assert "no snapshot" in emulator.door("DELETE", "snapshots/a", status=404)["error"]


def test_there_is_an_end_to_snapshots(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.emulator.state.MOST_SNAPSHOTS", 1)
    emulator.door("POST", "snapshots/a", {}, 201)
    emulator.door("POST", "snapshots/a", {}, 201)

    assert "Delete one" in emulator.door("POST", "snapshots/b", {}, 409)["error"]


def test_requests_in_flight_see_one_state_or_the_other(kept: Emulator) -> None:
    emulator = kept
    emulator.behave(concurrency_limit="0")
    emulator.door("POST", "snapshots/a", {}, 201)
    client, statuses, done = emulator.admin, list[int](), threading.Event()

    def call() -> None:
        with requests.Session() as session:
            own = client.with_(session=session)
            while not done.is_set():
                statuses.append(own.patch(f"/services/rest/record/v1/employee/{PERSON}", {"title": "x"}).status_code)

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    answers: list[Any] = [emulator.door("POST", "snapshots/a/restore", {}) for _ in range(30)]
    done.set()
    for thread in threads:
        thread.join(10)

    assert answers == [{"restored": True}] * 30
    assert set(statuses) == {204}
    with emulator.server.world.database.exclusive() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.parametrize("size", [512, 8192])
def test_a_state_that_another_program_packed_anew_is_refused(kept: Emulator, tmp_path: Path, size: int) -> None:
    file = tmp_path / "packed.sqlite"
    file.write_bytes(dump(kept))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("VACUUM")
    before = everything(kept)

    answer = put(kept, file.read_bytes())

    assert (answer.status_code, f"pages of {size} bytes" in answer.text) == (400, True), answer.text
    assert everything(kept) == before
