"""Somebody else edits the same employee while their roles are written: each moment at which that may happen.

The emulator holds a request wherever a test wants it; whether a look has seen the edit is told by its request log.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import pytest

from reconciler.core.errors import ContradictionError, LostLockError, RefusedError, UnansweredError
from reconciler.core.outcome import RolesWritten
from reconciler.core.role_race import Undone
from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import WriteClient
from reconciler.netsuite.employee_writer import NetSuiteEmployeeWriter
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials
from tests.support.emulator import ACCOUNT, Emulator, serving

ROLE = "NetSuite Connector Web Services"
TOM = "tom.becker@example.com"
WRITE = "PATCH /record/v1/employee"
READ = "GET /record/v1/employee"
SOON = 0.01


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    with serving() as running:
        running.snapshot("beginning")
        yield running


@pytest.fixture
def emulator(server: Emulator) -> Emulator:
    server.door("faults", method="DELETE")
    server.door("snapshots/beginning/restore", {})
    server.door("requests/clear", {})
    return server


class Person:
    """Tom, as everybody in the story sees him."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        everybody = emulator.door(f"accounts/{ACCOUNT}/employees")
        self.ids = {role["name"]: str(role["id"]) for one in everybody for role in one["roles"]}

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = self._emulator.door(f"accounts/{ACCOUNT}/employees/{TOM}")
        return found

    @property
    def id(self) -> str:
        return str(self.record["id"])

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role["name"] for role in self.record["roles"])

    def edited(self, **change: Any) -> None:
        """Another administrator edits the record in NetSuite's pages."""
        self._emulator.act(f"employees/{TOM}/roles", **change)

    def of(self, names: frozenset[str]) -> frozenset[str]:
        return frozenset(self.ids[name] for name in names)


@pytest.fixture
def tom(emulator: Emulator) -> Person:
    return Person(emulator)


@contextmanager
def writing(
    emulator: Emulator, look_every: float | None = None, before_write: Callable[[], None] | None = None
) -> Iterator[NetSuiteEmployeeWriter]:
    login = emulator.credentials("svc.admin@example.com", "Administrator")
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    account = Account(ACCOUNT, emulator.url)
    signer = TokenBasedAuth(account.realm, TokenCredentials(*(Secret(login[name]) for name in names)))
    with WriteClient(account, signer, before_write=before_write) as client:
        yield NetSuiteEmployeeWriter(client, look_every=look_every)


def granted(writer: NetSuiteEmployeeWriter, tom: Person) -> Callable[[], RolesWritten]:
    before = tom.of(tom.roles)
    return lambda: writer.set_roles(tom.id, before, before | {tom.ids[ROLE]})


def while_held(
    emulator: Emulator, fault: int, work: Callable[[], RolesWritten], meanwhile: Callable[[], None]
) -> Future[RolesWritten]:
    """What came of the work, of which one request was held while something else happened."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        emulator.wait_until_held(fault)
        meanwhile()
        emulator.release(fault)
        wait([future])
    return future


def looks(emulator: Emulator) -> int:
    return sum(row["method"] == "GET" and "/employee/" in row["path"] for row in emulator.requests())


def after_a_look(emulator: Emulator, *edits: Callable[[], None], times: int = 1) -> Callable[[], None]:
    """Each edit, and then as many whole looks as are to see it."""

    def act() -> None:
        for edit in edits:
            edit()
            # One may have been under way already, so one more than that.
            enough = looks(emulator) + times + 1
            while looks(emulator) < enough:
                emulator.door("clock")

    return act


def test_an_edit_before_the_read_is_noticed_and_nothing_is_written(emulator: Emulator, tom: Person) -> None:
    with writing(emulator) as writer:
        grant = granted(writer, tom)
        tom.edited(add=["Buyer"])
        with pytest.raises(RefusedError, match="changed since it was read") as raised:
            grant()

    assert "Access > History" in (raised.value.hint or "")
    assert emulator.writes() == []
    assert "Buyer" in tom.roles


def test_a_grant_that_the_write_took_back_is_given_back_and_told(emulator: Emulator, tom: Person) -> None:
    before = tom.roles
    with writing(emulator, SOON) as writer:
        fault = emulator.fault(WRITE, hold=True)
        edit = after_a_look(emulator, lambda: tom.edited(add=["Buyer"]))
        written = while_held(emulator, fault, granted(writer, tom), edit).result()

    assert tom.roles == before | {ROLE, "Buyer"}
    assert written.roles == tom.of(tom.roles)
    assert f"somebody else granted {tom.ids['Buyer']} while this was written" in written.remark
    assert "given back" in written.remark
    assert "Access > History" in written.remark


def test_a_removal_that_the_write_took_back_is_carried_out_again(emulator: Emulator, tom: Person) -> None:
    tom.edited(add=["Buyer"])
    before = tom.roles
    with writing(emulator, SOON) as writer:
        fault = emulator.fault(WRITE, hold=True)
        edit = after_a_look(emulator, lambda: tom.edited(remove=["Buyer"]), times=2)
        written = while_held(emulator, fault, granted(writer, tom), edit).result()

    assert tom.roles == before - {"Buyer"} | {ROLE}
    assert f"somebody else removed {tom.ids['Buyer']}" in written.remark


def test_administrator_is_never_given_back_by_the_tool(emulator: Emulator, tom: Person) -> None:
    with writing(emulator, SOON) as writer:
        fault = emulator.fault(WRITE, hold=True)
        edit = after_a_look(emulator, lambda: tom.edited(add=["Administrator"]))
        future = while_held(emulator, fault, granted(writer, tom), edit)
        with pytest.raises(
            ContradictionError, match="somebody else granted 3 while they were written, which took it back"
        ):
            future.result()

    assert "Administrator" not in tom.roles
    assert len(emulator.writes()) == 1


def test_what_one_look_only_did_not_show_is_left_to_a_person(
    emulator: Emulator, tom: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been a look at a record that was just being written; nothing is taken away on that."""
    perhaps = Undone(perhaps_removed=frozenset({tom.ids["Buyer"]}))
    monkeypatch.setattr("reconciler.netsuite.employee_writer.undone", lambda *_: perhaps)
    with writing(emulator) as writer, pytest.raises(ContradictionError, match="somebody else perhaps removed"):
        granted(writer, tom)()

    assert len(emulator.writes()) == 1


def test_a_removal_that_would_leave_no_role_is_left_to_a_person(
    emulator: Emulator, tom: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def every_role(_before: object, _wanted: object, _seen: object, found: frozenset[str]) -> Undone:
        return Undone(removed=found)

    monkeypatch.setattr("reconciler.netsuite.employee_writer.undone", every_role)
    with writing(emulator) as writer, pytest.raises(ContradictionError, match="that is for a person to look at"):
        granted(writer, tom)()

    assert len(emulator.writes()) == 1


def test_what_cannot_be_given_back_is_told_as_a_contradiction(emulator: Emulator, tom: Person) -> None:
    with writing(emulator, SOON) as writer:
        fault = emulator.fault(WRITE, hold=True)
        emulator.fault(WRITE, status=403)
        edit = after_a_look(emulator, lambda: tom.edited(add=["Buyer"]))
        future = while_held(emulator, fault, granted(writer, tom), edit)
        with pytest.raises(ContradictionError, match="giving it back failed"):
            future.result()


def test_who_lost_the_lock_meanwhile_gives_nothing_back_and_says_so(emulator: Emulator, tom: Person) -> None:
    asked = []

    def lost_after_the_first_write() -> None:
        asked.append("a write")
        if len(asked) > 1:
            raise LostLockError("the lock is gone")

    with writing(emulator, SOON, lost_after_the_first_write) as writer:
        fault = emulator.fault(WRITE, hold=True)
        edit = after_a_look(emulator, lambda: tom.edited(add=["Buyer"]))
        future = while_held(emulator, fault, granted(writer, tom), edit)
        with pytest.raises(ContradictionError, match="giving it back failed: the lock is gone"):
            future.result()

    assert len(emulator.writes()) == 1


def test_an_edit_that_no_look_has_seen_is_taken_back_unnoticed(emulator: Emulator, tom: Person) -> None:
    """What the documentation says cannot be noticed: this fails on the day on which it can."""
    before = tom.roles
    with writing(emulator) as writer:
        fault = emulator.fault(WRITE, hold=True)
        written = while_held(emulator, fault, granted(writer, tom), lambda: tom.edited(add=["Buyer"])).result()

    assert tom.roles == before | {ROLE}
    assert written.remark == ""


def test_an_edit_after_the_write_stays_and_is_told(emulator: Emulator, tom: Person) -> None:
    before = tom.roles
    with writing(emulator) as writer:
        fault = emulator.fault(READ, hold=True, nth=2)
        written = while_held(emulator, fault, granted(writer, tom), lambda: tom.edited(add=["Buyer"])).result()

    assert tom.roles == before | {ROLE, "Buyer"}
    assert written.roles == tom.of(tom.roles)
    assert "somebody else changed roles meanwhile" in written.remark


def test_a_write_that_somebody_undid_before_the_second_look_is_a_contradiction(emulator: Emulator, tom: Person) -> None:
    with writing(emulator) as writer:
        fault = emulator.fault(READ, hold=True, nth=2)
        future = while_held(emulator, fault, granted(writer, tom), lambda: tom.edited(remove=[ROLE]))
        with pytest.raises(ContradictionError, match="a second look finds"):
            future.result()


def test_a_lost_answer_and_a_foreign_edit_are_unknown_until_the_next_read(emulator: Emulator, tom: Person) -> None:
    with writing(emulator) as writer:
        lost = emulator.fault(WRITE, drop=True, hold=True)
        future = while_held(emulator, lost, granted(writer, tom), lambda: tom.edited(add=["Buyer"]))
        with pytest.raises(UnansweredError, match="Somebody else changed it") as raised:
            future.result()

    assert raised.value.sent
    assert "Buyer" in tom.roles


def test_an_account_that_takes_one_request_at_a_time_is_not_looked_at_meanwhile(
    emulator: Emulator, tom: Person
) -> None:
    with writing(emulator) as writer:
        granted(writer, tom)()

    assert [row["method"] for row in emulator.requests()] == ["GET", "PATCH", "GET"]
