"""The files of an artifact, which is a ZIP archive that a job made and nobody else has to be trusted for."""

from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  a class, whatever its name

from reconciler.forge.model import ForgeError

_MOST_FILES: Final = 2000
_MOST_BYTES: Final = 256 * 1024 * 1024
_BROKEN: Final = (BadZipFile, ZlibError, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)


def files_of(archive: bytes) -> dict[str, bytes]:
    """Its files by their last names; nothing is written anywhere, so no name can lead anywhere.

    Raises:
        ForgeError: it is no archive, or holds more than any artifact of this tool.
    """
    found: dict[str, bytes] = {}
    left = _MOST_BYTES
    try:
        with ZipFile(BytesIO(archive)) as content:
            members = [member for member in content.infolist() if not member.is_dir()]
            if len(members) > _MOST_FILES:
                raise ForgeError("An artifact holds more files than any of this tool.")
            for member in members:
                with content.open(member) as stream:
                    data = stream.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise ForgeError("An artifact is larger than any of this tool.")
                found[PurePosixPath(member.filename).name] = data
    except _BROKEN as error:
        raise ForgeError(f"An artifact is no archive that can be read: {error}.") from error
    return found
