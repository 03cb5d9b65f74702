"""Conditional writes: nobody overwrites what they have not seen."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from reconciler.core.errors import KeepingError
from reconciler.store.bucket import Bucket
from reconciler.store.folder import Folder
from reconciler.store.objects import ConflictError, Objects

# Each of the processes adds one to a number as often as it is told; a lost update would show in the sum.
COUNTING = textwrap.dedent("""
    import sys
    from pathlib import Path
    from reconciler.store.bucket import Bucket
    from reconciler.store.folder import Folder
    from reconciler.store.objects import ConflictError
    place, times = sys.argv[1], int(sys.argv[2])
    objects = Bucket.at(place) if "://" in place else Folder(Path(place))
    while times:
        found = objects.read("number")
        try:
            if found is None:
                objects.create("number", b"1")
            else:
                objects.replace("number", str(int(found.content) + 1).encode(), found.version)
        except ConflictError:
            continue
        times -= 1
""")


def test_what_is_not_there_is_nothing(objects: Objects) -> None:
    assert objects.read("locks/x.json") is None
    assert objects.keys("journal/x/") == []


def test_what_was_written_is_read(objects: Objects) -> None:
    version = objects.create("a/b.json", b"one")
    found = objects.read("a/b.json")

    assert found is not None
    assert (found.content, found.version) == (b"one", version)
    assert objects.keys("a/") == ["a/b.json"]


def test_what_is_there_is_not_created_again(objects: Objects) -> None:
    objects.create("a", b"one")

    with pytest.raises(ConflictError):
        objects.create("a", b"two")
    assert objects.read("a").content == b"one"  # type: ignore[union-attr]  # it was created above


def test_only_the_version_that_was_seen_is_replaced(objects: Objects) -> None:
    first = objects.create("a", b"one")
    second = objects.replace("a", b"two", first)

    with pytest.raises(ConflictError):
        objects.replace("a", b"three", first)
    objects.replace("a", b"four", second)
    with pytest.raises(ConflictError):
        objects.replace("absent", b"x", second)


def test_no_update_is_lost_between_processes(place: str, objects: Objects) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", COUNTING, place, "15"])  # noqa: S603  our own program
        for _ in range(2)
    ]

    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert objects.read("number").content == b"30"  # type: ignore[union-attr]  # both have written it


def test_two_may_make_the_folder_at_the_same_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path / "store")
    folder.create("one", b"1")
    with monkeypatch.context() as a_moment_ago:
        a_moment_ago.setattr(Path, "exists", lambda *_, **__: False)
        folder.create("other", b"2")

    contents = [found.content for key in ("one", "other") if (found := folder.read(key))]
    assert contents == [b"1", b"2"]


def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    folder = Folder(tmp_path / "file")

    with pytest.raises(KeepingError, match="cannot be used"):
        folder.create("a", b"x")


def test_a_folder_keeps_itself_out_of_the_history(tmp_path: Path) -> None:
    Folder(tmp_path / "store").create("a", b"x")

    assert (tmp_path / "store" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("url", ["s3://", "nowhere://x", "s3://no-such-bucket-here/x"])
def test_a_bucket_that_is_none_says_so(url: str, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")

    with pytest.raises(KeepingError, match="cannot be used"):
        Bucket.at(url).create("a", b"x")


def test_without_the_extra_a_bucket_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)

    with pytest.raises(KeepingError) as error:
        Bucket.at("s3://x/y")
    assert "with the extra bucket" in (error.value.hint or "")
