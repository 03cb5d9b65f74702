"""Environment files, read without network and without secrets."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.config.discovery import find_environments
from reconciler.config.environment import Environment, Loaded, read_environment
from reconciler.config.schema import schema_names, schema_text
from reconciler.config.sections import around_sections

__all__ = [
    "Environment",
    "Loaded",
    "around_sections",
    "load",
    "read_text",
    "repository_root",
    "schema_names",
    "schema_text",
]


def load(names: Sequence[str], folder: Path) -> tuple[tuple[Path, Loaded], ...]:
    """Each named environment with what its file says, or all of the folder when none is named.

    Raises:
        UsageError: a name is not there.
        ConfigurationError: a file of the folder can be no environment.
    """
    paths = find_environments(names, folder)
    return tuple((path, read_environment(path, repository_root(path))) for path in paths)


def read_text(path: Path, text: str) -> Loaded:
    """What a file of this text would say, were it there; read by the same rules as every file."""
    return read_environment(path, repository_root(path), text.encode())


def repository_root(path: Path) -> Path:
    """The checkout that a file lies in, which nothing it names may lead out of; without one, its folder's parent."""
    folder = path.absolute().parent
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return folder.parent
