"""What a forged commit can hold, and no honest one: nothing of it is read as something else or written elsewhere."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from reconciler.revisions import Repository, RevisionError
from tests.support.checkout import Checkout

FILE, LINK, FOLDER = "100644", "120000", "40000"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "checkout"
    folder.mkdir()
    return Checkout.new(folder)


def stored(checkout: Checkout, kind: str, content: bytes) -> str:
    """The id of an object that git did not look at."""
    command = ["git", "-C", str(checkout.folder), "hash-object", "-t", kind, "-w", "--stdin", "--literally"]
    done = subprocess.run(command, input=content, check=True, capture_output=True)  # noqa: S603  git, without a shell
    return done.stdout.decode().strip()


def tree(checkout: Checkout, entries: Sequence[tuple[str, str, str]]) -> str:
    parts = (f"{mode} {name}\0".encode() + bytes.fromhex(one) for mode, name, one in entries)
    return stored(checkout, "tree", b"".join(parts))


def commit(checkout: Checkout, root: str) -> str:
    who = "A <a@example.com> 0 +0000"
    return stored(checkout, "commit", f"tree {root}\nauthor {who}\ncommitter {who}\n\nForged\n".encode())


def test_a_name_that_leads_elsewhere_is_no_file(checkout: Checkout) -> None:
    content = stored(checkout, "blob", b"version: 1\n")
    inner = tree(checkout, [(FILE, "evil.yaml", content)])
    forged = commit(checkout, tree(checkout, [(FOLDER, "..", inner), (FILE, "good.yaml", content)]))

    assert Repository(checkout.folder).contents(forged, lambda _: True) == {"good.yaml": b"version: 1\n"}


def test_nothing_is_written_below_a_link(checkout: Checkout, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    away = stored(checkout, "blob", str(outside).encode())
    inner = tree(checkout, [(LINK, "b", stored(checkout, "blob", b"/etc/passwd"))])
    forged = commit(checkout, tree(checkout, [(LINK, "a", away), (FOLDER, "a", inner)]))

    with (
        pytest.raises(RevisionError, match="lies below a link"),
        Repository(checkout.folder).exported(forged, lambda _: True),
    ):
        pass
    assert list(outside.iterdir()) == []


def test_an_object_is_read_as_it_was_committed_whatever_stands_in_for_it(checkout: Checkout) -> None:
    true, other = stored(checkout, "blob", b"version: 1\n"), stored(checkout, "blob", b"version: 2\n")
    made = commit(checkout, tree(checkout, [(FILE, "one.yaml", true)]))
    checkout.git("replace", true, other)

    assert Repository(checkout.folder).contents(made, lambda _: True) == {"one.yaml": b"version: 1\n"}


def test_what_is_larger_than_any_environment_file_is_not_read(checkout: Checkout) -> None:
    large, small = stored(checkout, "blob", b"#" * (16 * 1024 * 1024 + 1)), stored(checkout, "blob", b"version: 1\n")
    made = commit(checkout, tree(checkout, [(FILE, "large.yaml", large), (FILE, "small.yaml", small)]))

    assert Repository(checkout.folder).contents(made, lambda _: True) == {"small.yaml": b"version: 1\n"}
