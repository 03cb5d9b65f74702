"""Where the lines of the repository's files can be found: its paths, and its pages on the web."""

import posixpath
from dataclasses import dataclass
from urllib.parse import quote

from reconciler.core.diagnostics import Position


@dataclass(frozen=True, slots=True)
class Sources:
    """The repository around a run.

    Args:
        root: absolute path of the repository; None where there is none, and then paths stay as they are.
        folder: absolute path that relative ones begin at.
        base: address of the repository's files on the web, such as https://github.com/o/r/blob/main, or None.
    """

    root: str | None = None
    folder: str = "/"
    base: str | None = None

    def path(self, file: str) -> str:
        """The file as the repository names it; one outside of it stays as it is."""
        return self._inside(file) or file

    def url(self, position: Position) -> str | None:
        """The page that shows the line; None where none is known."""
        inside = self._inside(position.file)
        if self.base is None or inside is None:
            return None
        return f"{self.base}/{quote(inside, errors='replace')}#L{position.line}"

    def _inside(self, file: str) -> str | None:
        if self.root is None:
            return None if file.startswith("/") else file
        whole = posixpath.normpath(posixpath.join(self.folder, file))
        root = self.root.rstrip("/")
        return whole.removeprefix(f"{root}/") if whole.startswith(f"{root}/") else None


NOWHERE = Sources()
