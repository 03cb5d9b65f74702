"""What an artifact holds, and what is none."""

import io
import zipfile

import pytest

from reconciler.forge.archive import files_of
from reconciler.forge.model import ForgeError
from tests.support.forge_server import zipped


def test_files_are_known_by_their_last_names() -> None:
    assert files_of(zipped({"plans/production.json": b"one", "plans/": b"", "sandbox.json": b"two"})) == {
        "production.json": b"one",
        "sandbox.json": b"two",
    }


@pytest.mark.parametrize("content", [b"", b"no archive", zipped({"a": b"b" * 100})[:-40]])
def test_what_is_no_archive_is_told(content: bytes) -> None:
    with pytest.raises(ForgeError, match="no archive"):
        files_of(content)


def test_a_damaged_file_is_told() -> None:
    content = zipped({"a": b"abcdefghij"}).replace(b"abcdefghij", b"abcdefghiX", 1)
    with pytest.raises(ForgeError, match="no archive"):
        files_of(content)


def test_a_small_archive_that_unpacks_to_a_large_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.forge.archive._MOST_BYTES", 1000)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in "ab":
            archive.writestr(name, b"0" * 600)
    with pytest.raises(ForgeError, match="larger than any"):
        files_of(data.getvalue())


def test_an_archive_of_countless_files_is_refused() -> None:
    with pytest.raises(ForgeError, match="more files"):
        files_of(zipped({str(number): b"" for number in range(2001)}))
