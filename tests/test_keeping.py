"""Nothing is written for which the lock is not held any more."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from reconciler.core.errors import LockedError
from reconciler.store.folder import Folder
from reconciler.store.lock import Lease, Lock
from reconciler.store.objects import ConflictError
from reconciler.wiring.keeping import Kept, commit_of
from reconciler.wiring.logins import Surroundings
from tests.support.checkout import Checkout


class Lost:
    def require(self) -> None:
        raise LockedError("The lock was lost.")


class Raced(Folder):
    def replace(self, key: str, content: bytes, version: str) -> str:
        del key, content, version
        raise ConflictError


def test_without_the_lock_nothing_begins_and_nothing_is_written_down(tmp_path: Path) -> None:
    nothing = cast("Any", None)
    kept = Kept(cast("Lease", Lost()), Folder(tmp_path), "production", nothing)

    with pytest.raises(LockedError, match="was lost"):
        kept.begin(nothing, nothing, {})
    for forbidden in (kept.before, kept.after, kept.end):
        with pytest.raises(LockedError, match="was lost"):
            forbidden(nothing)
    with pytest.raises(LockedError, match="was lost"):
        kept.still_held()


def test_a_lock_whose_holder_is_at_work_at_this_moment_is_not_freed(tmp_path: Path) -> None:
    with (
        Lock(Folder(tmp_path), "production").take("apply", "ann", "here", timedelta()) as lease,
        pytest.raises(LockedError, match="its holder is at work"),
    ):
        Lock(Raced(tmp_path), "production").release(lease.held.id)


def test_a_repository_without_commits_has_none_to_tell(tmp_path: Path) -> None:
    around = Surroundings(state=tmp_path, environ={}, root=tmp_path)
    assert commit_of(around) is None

    checkout = Checkout.new(tmp_path)
    assert commit_of(around) is None

    made = checkout.commit()
    assert commit_of(around) == made
