"""Lock and journal of an environment: where they are kept, and by whom an apply is run."""

import subprocess
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from reconciler.config.environment import Environment
from reconciler.core import journal
from reconciler.core.asked import Seen
from reconciler.core.desired import DesiredState
from reconciler.core.outcome import ApplyReport, StepResult
from reconciler.core.plan import Plan
from reconciler.core.step import Step
from reconciler.store.journal_file import JournalWriter, read_journal
from reconciler.store.lock import Held, Lease, Lock
from reconciler.store.objects import Objects
from reconciler.wiring.logins import Surroundings
from reconciler.wiring.places import place_at, where_it_runs, who_runs

__all__ = ["Held", "commit_of", "history_of", "keeping", "note_reset", "unlock"]

SECONDS_FOR_GIT: Final = 5
# The variables in which CI systems name the commit.
COMMIT: Final = ("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT")


class Kept:
    """The lock and the journal of one apply."""

    def __init__(self, lease: Lease, objects: Objects, environment: str, run: Callable[[Plan], journal.Run]) -> None:
        self._lease = lease
        self._objects = objects
        self._environment = environment
        self._run = run
        self._told: dict[str, StepResult] = {}

    def remembered(self) -> journal.Remembered:
        entries, _ = read_journal(self._objects, self._environment)
        return journal.remembered(entries)

    def begin(self, plan: Plan, desired: DesiredState, overrides: Mapping[str, str]) -> None:
        self._lease.require()
        self._journal = JournalWriter(self._objects, self._environment)
        since = journal.declared_since(self.remembered().declared, desired, plan, overrides)
        self._this = replace(self._run(plan), overrides=dict(overrides), declared=since)
        self._journal.append(journal.begun(self._this, _now()))

    def before(self, step: Step) -> None:
        self._lease.require()
        self._journal.append(journal.about_to(self._this, step, _now()))

    def still_held(self) -> None:
        """Asked right before each write, for much can happen between the beginning of a step and its write."""
        self._lease.require()

    def after(self, result: StepResult) -> None:
        """Without the lock it is not kept: whoever has it now goes on with the journal, and two break its chain."""
        self._lease.require()
        self._told[result.step.id] = result
        self._journal.append(journal.came_of(self._this, result, _now()))

    def end(self, report: ApplyReport, news: Iterable[Seen] = ()) -> None:
        self._lease.require()
        # What a fresh read made of a result is the last word on it.
        for result in (one for one in report.results if self._told.get(one.step.id) != one):
            self._journal.append(journal.came_of(self._this, result, _now()))
        for one in news:
            self._journal.append(journal.seen(self._this, one, _now()))
        self._journal.append(journal.ended(self._this, report.ending, report.unverified or "", _now()))


@contextmanager
def keeping(
    environment: Environment, around: Surroundings, patience: timedelta, tell: Callable[[str], None]
) -> Iterator[Kept]:
    """Hold the lock of an environment until the block ends.

    Args:
        environment: whose lock and journal.
        around: the root of the repository, and the variables that say who runs this.
        patience: how long to wait for somebody else to release the lock.
        tell: told when the lock is one that other machines do not see.

    Raises:
        LockedError: somebody else holds it.
        KeepingError: the place cannot be used.
    """
    objects = place_at(environment.store, around.root)
    who, where = who_runs(around.environ), where_it_runs(around.environ)
    with Lock(objects, environment.name).take("apply", who, where, patience) as lease:
        if around.environ.get("CI") and not objects.is_shared:
            tell(
                f"The lock of {environment.name} lies in {objects} on this runner, where no other one sees it; name a "
                "bucket as store: to share it."
            )

        def run(plan: Plan) -> journal.Run:
            return replace(_run(environment, around, plan.digest, emulator=plan.emulator), only=plan.only)

        yield Kept(lease, objects, environment.name, run)


def note_reset(environment: Environment, around: Surroundings, remove: Callable[[], bool]) -> bool:
    """Reset the emulator of an environment while nobody applies, and note it in the journal, where there is one.

    Args:
        environment: whose.
        around: the root of the repository, and the variables that say who runs this.
        remove: removes what there is, and says whether there was something.

    Returns:
        Whether it was noted.

    Raises:
        LockedError: somebody is applying.
        KeepingError: the place cannot be used.
    """
    objects = place_at(environment.store, around.root)
    who, where = who_runs(around.environ), where_it_runs(around.environ)
    entries, _ = read_journal(objects, environment.name)
    if not entries:
        remove()
        return False
    with Lock(objects, environment.name).take("emulator reset", who, where, timedelta()):
        if not remove():
            return False
        run = _run(environment, around, journal.NOTHING_BEFORE, emulator=True)
        as_before = replace(run, declared=entries[-1].run.declared)
        JournalWriter(objects, environment.name).append(journal.reset(as_before, _now()))
    return True


def _run(environment: Environment, around: Surroundings, digest: str, *, emulator: bool) -> journal.Run:
    """One that begins now, of whoever runs this."""
    return journal.Run(
        id=uuid.uuid4().hex[:12],
        environment=environment.name,
        account=environment.desired.account,
        emulator=emulator,
        who=who_runs(around.environ),
        where=where_it_runs(around.environ),
        commit=commit_of(around),
        digest=digest,
        overrides={},
    )


def unlock(environment: Environment, around: Surroundings, lock_id: str) -> Held:
    """Free the lock of somebody who is gone.

    Raises:
        FreeLockError: it is free.
        AnotherLockError: it has another id.
    """
    return Lock(place_at(environment.store, around.root), environment.name).release(lock_id)


def history_of(
    environment: Environment, around: Surroundings
) -> tuple[tuple[journal.Entry, ...], tuple[journal.Damage, ...]]:
    """The journal of an environment, oldest entry first, and the lines that are damaged."""
    return read_journal(place_at(environment.store, around.root), environment.name)


def commit_of(around: Surroundings) -> str | None:
    """The commit of the files: as the CI system names it, else that of the checkout; None where there is none."""
    named = next((around.environ[name] for name in COMMIT if around.environ.get(name)), None)
    if named or not (around.root / ".git").exists():
        return named
    try:
        done = subprocess.run(  # noqa: S603  a fixed command
            ["git", "-C", str(around.root), "rev-parse", "--verify", "--quiet", "HEAD"],  # noqa: S607  whichever git is there
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_GIT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # Before the first commit there is no HEAD.
    return None if done.returncode else done.stdout.strip() or None


def _now() -> datetime:
    return datetime.now(UTC)
