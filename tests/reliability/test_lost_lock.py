"""Whoever loses the lock writes nothing any more, whenever it is lost and whatever keeps it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import requests

from reconciler.cli.exit_codes import ExitCode
from reconciler.core.errors import LockedError
from reconciler.store.journal_file import read_journal
from reconciler.store.lock import Lease, Lock
from reconciler.wiring.places import place_at
from tests.cli.conftest import an_environment
from tests.support.in_process import URL, Handler, InProcess, Said, in_process
from tests.support.stores import gcs, place, s3

__all__ = ["gcs", "place", "s3"]

DANA, TOM = "dana.ortiz@example.com", "tom.becker@example.com"
APPLY: Final = ("apply", "production")
STOPPED: Final = "The lock was lost"


@dataclass
class Stage:
    """An account, an environment with two roles to grant, and everybody who may free or take its lock."""

    account: InProcess
    lock: Lock
    store: str
    lose_at: int = 0
    """At which request of an apply the lock is lost; 0: at none."""
    after: bool = False
    """Whether NetSuite has answered it by then."""
    lose: Callable[["Stage"], None] = lambda _: None
    sent: list[str] = field(default_factory=list)
    lost_at: int | None = None
    """How many writes had been sent by then."""
    rival: Lease | None = None

    @property
    def writes(self) -> int:
        return self.sent.count("PATCH")

    def through(self, request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        self.sent.append(str(request.method))
        is_now = len(self.sent) == self.lose_at
        if is_now and not self.after:
            self.lost()
        answer = pass_on(request)
        if is_now and self.after:
            self.lost()
        return answer

    def lost(self) -> None:
        self.lose(self)
        self.lost_at = self.writes

    def unlock(self) -> None:
        holder = self.lock.holder()
        assert holder is not None
        said = self.account.run("unlock", "production", holder.id)
        assert said.code == 0, said.err

    def apply(self, *more: str) -> Said:
        self.account.door("snapshots/beginning/restore", {})
        self.sent.clear()
        self.lost_at = None
        return self.account.run(*APPLY, *more)


def freed(stage: Stage) -> None:
    stage.unlock()


def taken(stage: Stage) -> None:
    stage.unlock()
    stage.rival = stage.lock.take("apply", "dana", "https://ci.example.com/9", timedelta(0)).__enter__()


@pytest.fixture
def stage(tmp_path: Path, place: str) -> Iterator[Stage]:
    home = tmp_path / "home"
    home.mkdir()
    with in_process(home) as account:
        two = {TOM: {"roles": {"at_least": ["Buyer"]}}}
        content = an_environment(URL) | {"store": place, "employees": two}
        # One request after the other, so that each apply makes the same ones.
        content["netsuite"]["concurrency"] = 1
        account.write("production", content)
        account.door("snapshots/beginning", {})
        made = Stage(account, Lock(place_at(place, home), "production"), place)
        account.wire.through = made.through
        yield made


@pytest.mark.parametrize("lose", [freed, taken])
def test_at_any_moment_it_stops_before_the_next_write(stage: Stage, lose: Callable[[Stage], None]) -> None:
    undisturbed = stage.apply("--auto-approve")
    assert undisturbed.code == 0, undisturbed.err
    assert stage.writes == 2, "two steps, so that there is something between them"
    first = stage.sent.index("PATCH") + 1
    # Before the reads of the first write nothing differs from one moment to the next.
    numbers = [1, *range(first - 2, len(stage.sent) + 1)]
    moments = [(number, after) for number in numbers for after in (False, True)]
    stage.lose = lose

    for stage.lose_at, stage.after in moments:
        said = stage.apply("--auto-approve")
        when = f"request {stage.lose_at}, {'after' if stage.after else 'before'} its answer:\n{said.out}{said.err}"

        assert stage.lost_at is not None, when
        assert stage.writes == stage.lost_at, when
        assert "The lock of production was lost" in " ".join(said.err.split() + said.out.split()), when
        if (stage.lose_at, stage.after) < (first, False):
            assert (said.code, stage.writes) == (ExitCode.LOCKED, 0), when
        assert said.code != 0, when
        assert read_journal(place_at(stage.store, stage.account.folder), "production")[1] == (), when
        if stage.rival is not None:
            assert stage.lock.holder() == stage.rival.held, when
            stage.rival.__exit__()
        assert stage.lock.holder() is None, when


@pytest.mark.parametrize("lose", [freed, taken])
def test_who_loses_it_while_a_person_is_asked_writes_nothing_after_the_yes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, lose: Callable[[Stage], None]
) -> None:
    class Person(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]  # typeshed has text and bytes in one
            lose(stage)
            return "yes\n"

    monkeypatch.setattr("sys.stdin", Person())
    said = stage.apply()

    assert (said.code, stage.writes) == (ExitCode.LOCKED, 0), said.err
    assert f"{STOPPED} [lock-lost]" in said.err
    assert read_journal(place_at(stage.store, stage.account.folder), "production") == ((), ())


def test_the_one_who_took_it_is_not_disturbed(stage: Stage) -> None:
    stage.lose, stage.lose_at = taken, 1
    stage.apply("--auto-approve")
    stage.lose_at = 0

    assert stage.rival is not None
    stage.rival.require()
    with pytest.raises(LockedError):
        stage.lock.take("apply", "ann", "here", timedelta(0))
    assert stage.account.run(*APPLY, "--auto-approve").code == ExitCode.LOCKED
