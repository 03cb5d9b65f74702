"""One holder at a time, whoever dies, waits or loses an answer."""

import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.core.errors import AnotherLockError, FreeLockError, KeepingError, LockedError, LostLockError
from reconciler.store.folder import Folder
from reconciler.store.lock import LEASE, Clock, Lock
from reconciler.store.objects import ConflictError, Objects, Versioned

AT_ONCE = timedelta(0)
# Takes the lock, says so, and keeps it until its input ends.
HOLDING = textwrap.dedent("""
    import sys
    from datetime import timedelta
    from pathlib import Path
    from reconciler.store.bucket import Bucket
    from reconciler.store.folder import Folder
    from reconciler.store.lock import Lock
    place, patience = sys.argv[1], float(sys.argv[2])
    objects = Bucket.at(place) if "://" in place else Folder(Path(place))
    with Lock(objects, "production").take("apply", "somebody", "elsewhere", timedelta(seconds=patience)):
        print("held", flush=True)
        sys.stdin.read()
""")


@dataclass
class Time:
    """A clock that moves when it is told to."""

    at: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    seconds: float = 0

    def later(self, length: timedelta) -> None:
        self.at += length
        self.seconds += length.total_seconds()

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, lambda: self.seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def lock(objects: Objects, time: Time) -> Lock:
    return Lock(objects, "production", time.clock)


def test_who_comes_second_is_told_who_holds_it_and_what_to_do(lock: Lock) -> None:
    with lock.take("apply", "ann", "https://ci.example.com/job/7", AT_ONCE) as lease:
        with pytest.raises(LockedError) as refused:
            lock.take("apply", "dana", "laptop", AT_ONCE)
        told = refused.value.message

        assert "apply by ann, https://ci.example.com/job/7, since 2026-11-22 09:00 UTC" in told
        assert f"reconciler unlock production {lease.held.id}" in (refused.value.hint or "")
    assert lock.holder() is None


def test_a_lock_that_was_released_can_be_taken_again(lock: Lock) -> None:
    for who in ("ann", "dana", "ann"):
        with lock.take("apply", who, "here", AT_ONCE):
            assert str(lock.holder()).startswith(f"apply by {who}")


def test_environments_do_not_lock_each_other(objects: Objects, lock: Lock) -> None:
    with lock.take("apply", "ann", "here", AT_ONCE):
        Lock(objects, "sandbox").take("apply", "dana", "there", AT_ONCE)


def test_the_lock_of_somebody_who_died_ends_by_itself(lock: Lock, time: Time) -> None:
    lock.take("apply", "ann", "killed", AT_ONCE)
    time.later(LEASE - timedelta(seconds=1))
    with pytest.raises(LockedError):
        lock.take("apply", "dana", "here", AT_ONCE)
    time.later(timedelta(seconds=1))

    assert lock.take("apply", "dana", "here", AT_ONCE).held.who == "dana"


def test_a_beat_keeps_it_alive(lock: Lock, time: Time) -> None:
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    for _ in range(5):
        time.later(LEASE / 2)
        lease.beat()
        lease.require()

    with pytest.raises(LockedError):
        lock.take("apply", "dana", "here", AT_ONCE)


def test_a_holder_who_could_not_say_so_in_time_stops(lock: Lock, time: Time) -> None:
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    time.later(LEASE)

    with pytest.raises(LostLockError, match="could not be kept alive in time"):
        lease.require()


def test_a_clock_that_was_set_back_does_not_make_a_lease_longer(lock: Lock, time: Time) -> None:
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    time.later(LEASE)
    time.at -= LEASE

    with pytest.raises(LostLockError, match="could not be kept alive in time"):
        lease.require()


def test_a_machine_that_slept_does_not_go_on_with_a_lock_that_others_take_for_gone(lock: Lock, time: Time) -> None:
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    time.at += LEASE  # what counts seconds stands still meanwhile

    with pytest.raises(LostLockError, match="could not be kept alive in time"):
        lease.require()
    lease.beat()
    lease.require()


@pytest.mark.parametrize("beats", [0, 1, 2])
def test_a_holder_whose_lock_was_freed_stops_and_never_takes_it_back(lock: Lock, beats: int) -> None:
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    lock.release(lease.held.id)
    for _ in range(beats):
        lease.beat()

    with pytest.raises(LostLockError, match="was lost while this apply was at work: somebody freed it"):
        lease.require()
    assert lock.holder() is None


@pytest.mark.parametrize("beats", [0, 1, 2])
def test_a_holder_whose_lock_was_taken_stops_and_leaves_it(lock: Lock, beats: int) -> None:
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    lock.release(lease.held.id)
    rival = lock.take("apply", "dana", "here", AT_ONCE)
    for _ in range(beats):
        lease.beat()

    with pytest.raises(LostLockError, match="it is held now: apply by dana"):
        lease.require()
    assert lock.holder() == rival.held
    rival.require()


def test_a_lock_that_is_gone_with_its_folder_is_lost(time: Time, tmp_path: Path) -> None:
    lease = Lock(Folder(tmp_path), "production", time.clock).take("apply", "ann", "here", AT_ONCE)
    (tmp_path / "locks" / "production.json").unlink()
    lease.beat()

    with pytest.raises(LostLockError):
        lease.require()
    assert not (tmp_path / "locks" / "production.json").exists()


def test_where_the_store_does_not_tell_nothing_may_be_written(objects: Objects, time: Time) -> None:
    away = Losing(objects)
    lease = Lock(away, "production", time.clock).take("apply", "ann", "here", AT_ONCE)
    away.cannot_read = True

    with pytest.raises(KeepingError, match="cannot be told whether the lock of production is still held: unreachable"):
        lease.require()
    away.cannot_read = False
    lease.require()


def test_leaving_never_frees_the_lock_of_somebody_else(lock: Lock) -> None:
    with lock.take("apply", "ann", "here", AT_ONCE) as lease:
        lock.release(lease.held.id)
        lock.take("apply", "dana", "here", AT_ONCE)

    assert str(lock.holder()).startswith("apply by dana")


def test_only_the_right_id_unlocks(lock: Lock) -> None:
    with pytest.raises(FreeLockError, match="Nobody holds the lock of production"):
        lock.release("x")
    lease = lock.take("apply", "ann", "here", AT_ONCE)
    with pytest.raises(AnotherLockError, match="another id: apply by ann, here") as refused:
        lock.release("x")
    assert f"reconciler unlock production {lease.held.id}" in (refused.value.hint or "")

    assert lock.release(lease.held.id) == lease.held


def a_lock(**changed: str) -> bytes:
    times = {"since": "2026-11-22T12:00:00+00:00", "expires": "9999-11-22T12:00:00+00:00"}
    text = dict.fromkeys(("id", "environment", "operation", "who", "where", "mark"), "x")
    return json.dumps({**text, **times, **changed}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"id": 1}',
        b"\xff",
        b'{"since": 1, "expires": 2}',
        b"[" * 100_000,
        a_lock(expires="9999-11-22T12:00:00"),
        a_lock(id="../x\0"),
    ],
)
def test_a_damaged_lock_is_nobodys(objects: Objects, lock: Lock, content: bytes) -> None:
    objects.create("locks/production.json", content)

    assert lock.holder() is None
    assert lock.take("apply", "ann", "here", AT_ONCE).held.who == "ann"


def test_a_lock_that_is_whole_is_somebodys(objects: Objects, lock: Lock) -> None:
    objects.create("locks/production.json", a_lock(who="dana"))

    assert str(lock.holder()).startswith("x by dana")


@dataclass
class Losing:
    """Objects whose writes take effect while the answers are lost, so that a second try finds a conflict."""

    inner: Objects
    lose: bool = False
    fail: bool = False
    cannot_read: bool = False

    is_shared = True

    def read(self, key: str) -> Versioned | None:
        if self.cannot_read:
            raise KeepingError("unreachable")
        return self.inner.read(key)

    def create(self, key: str, content: bytes) -> str:
        return self._answer(self.inner.create(key, content))

    def replace(self, key: str, content: bytes, version: str) -> str:
        if self.fail:
            raise KeepingError("unreachable")
        return self._answer(self.inner.replace(key, content, version))

    def keys(self, prefix: str) -> list[str]:
        return self.inner.keys(prefix)

    def presence(self, key: str) -> AbstractContextManager[str]:
        return self.inner.presence(key)

    def is_deserted(self, key: str, mark: str) -> bool:
        return self.inner.is_deserted(key, mark)

    def _answer(self, version: str) -> str:
        if self.lose:
            raise ConflictError
        return version


def test_a_lost_answer_does_not_lock_us_out(objects: Objects, time: Time) -> None:
    losing = Losing(objects, lose=True)
    lease = Lock(losing, "production", time.clock).take("apply", "ann", "here", AT_ONCE)
    time.later(LEASE / 2)
    lease.beat()

    lease.require()
    losing.lose = False
    with lease:
        pass
    assert Lock(objects, "production", time.clock).holder() is None


def test_leaving_frees_our_own_lock_although_an_answer_was_lost(objects: Objects, time: Time) -> None:
    losing = Losing(objects)
    lock = Lock(losing, "production", time.clock)
    with lock.take("apply", "ann", "here", AT_ONCE) as lease:
        losing.lose = losing.cannot_read = True
        time.later(LEASE / 2)
        lease.beat()
        losing.lose = losing.cannot_read = False

    assert lock.holder() is None


def test_a_store_that_is_away_for_a_moment_costs_nothing_but_time(objects: Objects, time: Time) -> None:
    away = Losing(objects)
    lease = Lock(away, "production", time.clock).take("apply", "ann", "here", AT_ONCE)
    away.fail = True
    time.later(LEASE / 2)
    lease.beat()
    lease.require()
    time.later(LEASE / 2)

    with pytest.raises(LockedError):
        lease.require()


def test_of_two_processes_one_waits_for_the_other(place: str, open_place: Callable[[], Objects]) -> None:
    command = [sys.executable, "-c", HOLDING, place]
    with subprocess.Popen(  # noqa: S603  our own program
        [*command, "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        refused = subprocess.run([*command, "0"], check=False, capture_output=True, text=True)  # noqa: S603  as above
        assert "LockedError" in refused.stderr
        with subprocess.Popen(  # noqa: S603  our own program
            [*command, "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as second:
            assert second.stdin is not None
            assert second.stdout is not None
            first.stdin.close()
            assert second.stdout.readline() == "held\n"
            second.stdin.close()
    assert Lock(open_place(), "production").holder() is None


def test_what_is_kept_is_json_that_names_no_secret(objects: Objects, lock: Lock) -> None:
    lock.take("apply", "ann", "here", AT_ONCE)
    found = objects.read("locks/production.json")

    assert found is not None
    content = json.loads(found.content)
    assert sorted(content) == ["environment", "expires", "id", "mark", "operation", "since", "where", "who"]
    assert re.fullmatch("[0-9a-f]{12}", content["id"])


def test_on_one_machine_a_holder_who_was_killed_is_out_of_the_way_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-c", HOLDING, str(tmp_path), "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = Lock(Folder(tmp_path), "production")
        with pytest.raises(LockedError):
            lock.take("apply", "dana", "here", AT_ONCE)
        holder.kill()
    with lock.take("apply", "dana", "here", AT_ONCE) as lease:
        assert lease.held.who == "dana"


def test_a_holder_on_another_machine_is_never_taken_for_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    lease = Lock(folder, "production").take("apply", "ann", "elsewhere", AT_ONCE)
    lease.ends_with(ExitStack())  # as far as this machine can see, nobody is there
    monkeypatch.setattr("reconciler.store.folder.BOOT_ID", tmp_path / "another")

    assert Lock(folder, "production").holder() == lease.held
