"""Reads the bytes of a configuration file, within limits and only from where it claims to lie."""

import stat
from pathlib import Path

from reconciler.config.rules import problem
from reconciler.config.yaml_document import MAX_BYTES
from reconciler.core.diagnostics import Diagnostic, Position


class RealPaths:
    """Paths without links, for the time of one command; each folder is looked up once, however many files it holds."""

    def __init__(self) -> None:
        self._folders: dict[Path, Path] = {}

    def folder(self, path: Path) -> Path:
        """A folder without links; it need not be there.

        Raises:
            OSError, RuntimeError: a link leads to itself, or the like.
        """
        absolute = path.absolute()
        if absolute not in self._folders:
            self._folders[absolute] = absolute.resolve()
        return self._folders[absolute]

    def named(self, path: Path) -> Path:
        """A path whose folder is without links; itself it may be one."""
        return self.folder(path.parent) / path.name

    def of(self, path: Path) -> Path:
        """A path without links.

        Raises:
            OSError, RuntimeError: it leads nowhere, or to itself.
        """
        named = self.named(path)
        is_plain = path.name not in {"", ".."} and not stat.S_ISLNK(named.lstat().st_mode)
        return named if is_plain else path.resolve(strict=True)


def read_source(path: Path, root: Path, real_paths: RealPaths) -> bytes | Diagnostic:
    """The bytes of a file, one more than `MAX_BYTES` at most, or what keeps it from being read.

    Args:
        path: as the user gave it; positions carry it unchanged.
        root: the root of the repository. A file inside it may not be a link out of it, since a pull request could
            bring that link; a file that the user names outside is theirs to choose.
        real_paths: looks up where paths lead to.
    """
    position = Position(str(path), 1, 1)
    try:
        real, inside = real_paths.of(path), real_paths.folder(root)
        named = real_paths.named(path)
        if (named.is_relative_to(inside) or path.absolute().is_relative_to(inside)) and not real.is_relative_to(inside):
            detail = "The file is a link that leads out of the repository."
            return problem("outside-repository", detail, position=position, hint="put the file itself there")
        if not real.is_file():
            return problem("unreadable-file", "This is not a file.", position=position)
        with real.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        return problem("unreadable-file", f"The file cannot be read: {reason}.", position=position)
