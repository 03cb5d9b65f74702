"""Reads the bytes of a configuration file, within limits and only from where it claims to lie."""

from pathlib import Path

from reconciler.config.rules import problem
from reconciler.config.yaml_document import MAX_BYTES
from reconciler.core.diagnostics import Diagnostic, Position


def read_source(path: Path, root: Path) -> bytes | Diagnostic:
    """The bytes of a file, one more than `MAX_BYTES` at most, or what keeps it from being read.

    Args:
        path: as the user gave it; positions carry it unchanged.
        root: the root of the repository. A file inside it may not be a link out of it, since a pull request could
            bring that link; a file that the user names outside is theirs to choose.
    """
    position = Position(str(path), 1, 1)
    try:
        real, inside = path.resolve(strict=True), root.resolve()
        named = Path(path.parent.resolve(), path.name)
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
