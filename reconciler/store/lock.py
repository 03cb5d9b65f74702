"""One apply at a time for each environment: a lease that its holder keeps alive, and that ends when the holder does."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from reconciler.core.errors import AnotherLockError, FreeLockError, KeepingError, LockedError, LostLockError
from reconciler.store.objects import ConflictError, Objects, Versioned

LEASE: Final = timedelta(seconds=120)
"""How long a holder counts as alive after its last sign."""
BEAT: Final = timedelta(seconds=30)
LOOK_AGAIN: Final = timedelta(seconds=2)
FREE: Final = b'{"released": true}\n'


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds the lock: `id` is what `unlock` asks for; times are in UTC."""

    id: str
    environment: str
    operation: str
    who: str
    where: str
    since: datetime
    expires: datetime
    mark: str = ""
    """By which others on the same machine can tell that the holder is gone (`Objects.presence`)."""

    def __str__(self) -> str:
        since = f"{self.since:%Y-%m-%d %H:%M} UTC"
        return f"{self.operation} by {self.who}, {self.where}, since {since}, lock id {self.id}"


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` tells the time in UTC; `steady` counts seconds and never goes back."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    steady: Callable[[], float] = time.monotonic


class Lock:
    """The lock of one environment."""

    def __init__(self, objects: Objects, environment: str, clock: Clock | None = None) -> None:
        self._objects = objects
        self._key = f"locks/{environment}.json"
        self._environment = environment
        self._clock = clock or Clock()

    def holder(self) -> Held | None:
        """Who holds it now, or None."""
        return self._living(self._objects.read(self._key))

    def take(self, operation: str, who: str, where: str, patience: timedelta) -> "Lease":
        """Take the lock, or wait for it as long as `patience`.

        Raises:
            LockedError: somebody else still holds it then.
            KeepingError: the place cannot be used.
        """
        with ExitStack() as present:
            lease = self._waited_for(operation, who, where, patience, present)
            lease.ends_with(present.pop_all())
            return lease

    def _waited_for(self, operation: str, who: str, where: str, patience: timedelta, present: ExitStack) -> "Lease":
        lock_id = uuid.uuid4().hex[:12]
        mark = present.enter_context(self._objects.presence(self._presence(lock_id)))
        wanted = Held(lock_id, self._environment, operation, who, where, *self._times(), mark)
        deadline = self._clock.steady() + patience.total_seconds()
        while True:
            version, holder = self._taken(wanted)
            if version is not None:
                return Lease(self._objects, self._key, wanted, version, self._clock)
            left = deadline - self._clock.steady()
            if left <= 0:
                raise LockedError(
                    f"The lock of {self._environment} in {self._objects} is held: {holder}.",
                    hint="wait for it with --lock-timeout 10m; if it is certain that nobody is at work there any more: "
                    f"reconciler unlock {self._environment} {holder.id if holder else 'ID'}",
                )
            threading.Event().wait(min(left, LOOK_AGAIN.total_seconds()))

    def release(self, lock_id: str) -> Held:
        """Free the lock of somebody who is gone; returns whose it was.

        Raises:
            FreeLockError: it is free already.
            AnotherLockError: it has another id.
            LockedError: its holder said at this very moment that it is alive.
        """
        found = self._objects.read(self._key)
        held = _read(found)
        if found is None or held is None:
            raise FreeLockError(
                f"Nobody holds the lock of {self._environment} in {self._objects}.",
                hint="there is nothing to do: the next apply can take it",
            )
        if held.id != lock_id:
            raise AnotherLockError(
                f"The lock of {self._environment} in {self._objects} was not freed, for it has another id: {held}.",
                hint="somebody took it since that id was told; if it is certain that nobody is at work there any more: "
                f"reconciler unlock {self._environment} {held.id}",
            )
        try:
            self._objects.replace(self._key, FREE, found.version)
        except ConflictError as error:
            message = f"The lock of {self._environment} changed at this moment: its holder is at work."
            raise LockedError(message, hint="look again: whoever is at work now is named by apply") from error
        return held

    def _times(self) -> tuple[datetime, datetime]:
        now = self._clock.now()
        return now, now + LEASE

    def _taken(self, wanted: Held) -> tuple[str | None, Held | None]:
        """The version of our own lock, or None with who holds it."""
        found = self._objects.read(self._key)
        holder = self._living(found)
        if holder is not None:
            return None, holder
        try:
            if found is None:
                return self._objects.create(self._key, _written(wanted)), None
            return self._objects.replace(self._key, _written(wanted), found.version), None
        except ConflictError:
            # Somebody was quicker; or it was us, and the answer to an earlier try was lost on the way.
            again = self._objects.read(self._key)
            now_held = _read(again)
            ours = again is not None and now_held is not None and now_held.id == wanted.id
            return (again.version, None) if ours and again else (None, now_held)

    def _living(self, found: Versioned | None) -> Held | None:
        held = _read(found)
        if held is None or held.expires <= self._clock.now():
            return None
        return None if self._objects.is_deserted(self._presence(held.id), held.mark) else held

    def _presence(self, lock_id: str) -> str:
        return f"locks/{self._environment}.{lock_id}"


class Lease:
    """A lock that is ours, kept alive by a thread until the block ends."""

    def __init__(self, objects: Objects, key: str, held: Held, version: str, clock: Clock) -> None:
        self.held = held
        self._objects = objects
        self._key = key
        self._version = version
        self._clock = clock
        self._alive_until = clock.steady() + LEASE.total_seconds()
        self._ended = threading.Event()
        self._is_lost = False
        self._present = ExitStack()
        self._thread = threading.Thread(target=self._keep_alive, daemon=True)

    def ends_with(self, present: ExitStack) -> None:
        """What shows that the holder is at work goes when the lease does."""
        self._present = present

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        # Where that fails it is somebody else's by now, or ends by itself when its time is over.
        with suppress(KeepingError):
            self._free()
        self._present.close()

    def _free(self) -> None:
        """Free what is still ours; somebody else's lock stays."""
        try:
            self._objects.replace(self._key, FREE, self._version)
        except ConflictError:
            if self._found_again():
                with suppress(ConflictError):
                    self._objects.replace(self._key, FREE, self._version)

    def require(self) -> None:
        """Nobody else holds the lock at this moment: asked before each write, of the store and not of memory.

        Raises:
            LostLockError: somebody freed or took it, or it could not be kept alive in time.
            KeepingError: the store does not tell, so nothing may be written either.
        """
        try:
            held = _read(self._objects.read(self._key))
        except KeepingError as error:
            message = f"It cannot be told whether the lock of {self.held.environment} is still held: {error.message}"
            raise KeepingError(message, hint=error.hint) from error
        if held is None or held.id != self.held.id:
            raise self._lost(f"it is held now: {held}" if held else "somebody freed it")
        # The clock on the wall goes on while a machine sleeps, and is what others go by.
        if held.expires <= self._clock.now() or self._clock.steady() >= self._alive_until:
            raise self._lost("it could not be kept alive in time")

    def _lost(self, how: str) -> LostLockError:
        return LostLockError(
            f"The lock of {self.held.environment} was lost while this apply was at work: {how}. "
            "Nothing is written without it.",
            hint="look at the next plan, then apply again",
        )

    def beat(self) -> None:
        """Say once that the holder is alive."""
        renewed = replace(self.held, expires=self._clock.now() + LEASE)
        begun = self._clock.steady()
        try:
            self._version = self._objects.replace(self._key, _written(renewed), self._version)
        except ConflictError:
            self._is_lost = not self._found_again()
        except KeepingError:
            return  # the next beat may get through; until then the time that is left counts
        else:
            self._alive_until = begun + LEASE.total_seconds()

    def _found_again(self) -> bool:
        """Whether the lock is still ours, as when the answer to an earlier beat was lost on the way."""
        try:
            found = self._objects.read(self._key)
        except KeepingError:
            return True
        held = _read(found)
        if found is None or held is None or held.id != self.held.id:
            return False
        self._version = found.version
        return True

    def _keep_alive(self) -> None:
        while not self._is_lost and not self._ended.wait(BEAT.total_seconds()):
            self.beat()


def _written(held: Held) -> bytes:
    content = asdict(held) | {"since": held.since.isoformat(), "expires": held.expires.isoformat()}
    return (json.dumps(content, indent=1) + "\n").encode()


def _read(found: Versioned | None) -> Held | None:
    """Who stands in a lock; a released or damaged one is nobody's."""
    if found is None:
        return None
    try:
        content = json.loads(found.content)
        since, expires = (datetime.fromisoformat(content.pop(name)) for name in ("since", "expires"))
        held = Held(**content, since=since, expires=expires)
        is_whole = held.id.isalnum() and since.tzinfo is not None and expires.tzinfo is not None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return held if is_whole else None
