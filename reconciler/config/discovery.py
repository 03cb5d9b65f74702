"""Finds the environment files that a command is about."""

import re
from collections.abc import Iterable, Sequence
from os.path import realpath
from pathlib import Path
from typing import Final

from reconciler.config.rules import problem
from reconciler.core.diagnostics import Diagnostic, Position, in_order
from reconciler.core.errors import ConfigurationError, UsageError
from reconciler.core.spelling import did_you_mean

_SUFFIX: Final = ".yaml"
_MISSPELT: Final = {".yml", ".yaml"}
# The name becomes part of paths and file names.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def find_environments(names: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """The files of the named environments, in the order of the names; all of the folder, sorted, when none is named.

    Args:
        names: a name is a file's stem; whatever holds a slash or ends in .yaml is a path.
        folder: where environments lie; folders in it are not looked into.

    Raises:
        UsageError: a name or path is not there, there is no folder, or it is empty.
        ConfigurationError: the folder holds a file that looks like an environment and can be none.
    """
    found = [_path(name) if _is_path(name) else _named(name, folder) for name in names] if names else _all(folder)
    once: dict[str, Path] = {}
    for path in found:
        # Not Path.resolve, which before Python 3.13 raises RuntimeError at a link that leads to itself.
        once.setdefault(realpath(path), path)
    _require_names_once(once.values())
    return tuple(once.values())


def environment_names(folder: Path) -> tuple[str, ...]:
    """The names in a folder, sorted, to be offered; none where it cannot be read. No file is opened."""
    try:
        files = _files(folder)
    except (UsageError, OSError):
        return ()
    return tuple(path.stem for path in files if name_problem(path) is None)


def name_problem(path: Path) -> Diagnostic | None:
    """What keeps a file's name from being that of an environment."""
    position = Position(str(path), 1, 1)
    if path.suffix != _SUFFIX:
        hint = f"rename it to {path.stem}{_SUFFIX}"
        return problem("environment-name", f"Environment files end in {_SUFFIX}.", position=position, hint=hint)
    if not _NAME.fullmatch(path.stem):
        detail = "A name begins with a letter or digit and holds at most 64 letters, digits, dots, dashes, underscores."
        return problem("environment-name", detail, position=position, hint="rename the file")
    return None


def _is_path(name: str) -> bool:
    return "/" in name or Path(name).suffix.lower() in _MISSPELT


def _path(name: str) -> Path:
    path = Path(name)
    if path.suffix.lower() in _MISSPELT and path.suffix != _SUFFIX:
        raise UsageError(f"Environment files end in {_SUFFIX}: {name}", hint=f"rename it to {path.stem}{_SUFFIX}")
    if not path.is_file():
        raise UsageError(f"There is no file {name}.", hint=_neighbours(path))
    if path.suffix != _SUFFIX:
        raise UsageError(f"{name} is no environment: theirs end in {_SUFFIX}.", hint=_SAVED)
    return path


def _neighbours(path: Path) -> str | None:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    return did_you_mean(path.name, [item.name for item in path.parent.glob(f"*{_SUFFIX}")])


def _named(name: str, folder: Path) -> Path:
    files = _files(folder)
    known = {path.stem: path for path in files if path.suffix == _SUFFIX}
    if name in known:
        return known[name]
    misspelt = next((path for path in files if path.stem == name), None)
    if misspelt:
        raise UsageError(f"Environment files end in {_SUFFIX}: {misspelt}", hint=f"rename it to {name}{_SUFFIX}")
    if Path(name).is_file():
        raise UsageError(
            f'There is no environment "{name}" in {folder}, and the file {name} is none: theirs end in {_SUFFIX}.',
            hint=_SAVED,
        )
    names = sorted(known)
    if not names:
        raise UsageError(f'There is no environment "{name}": {folder} holds none.', hint=_FIRST)
    raise UsageError(f'There is no environment "{name}" in {folder}.', hint=did_you_mean(name, names))


def _all(folder: Path) -> list[Path]:
    files = _files(folder)
    wrong = [found for path in files if (found := name_problem(path))]
    if wrong:
        raise ConfigurationError(in_order(wrong))
    if not files:
        raise UsageError(f"The folder {folder} holds no environment.", hint=_FIRST)
    return files


_SAVED: Final = (
    "a plan that can be applied is saved with: reconciler plan ENV --output json=plan.json; `apply plan.json` and "
    "`show plan.json` take that file"
)
_FIRST: Final = (
    f"begin with `reconciler init`, write environments/NAME{_SUFFIX}, or name another folder with --environments"
)


def _files(folder: Path) -> list[Path]:
    """Everything directly in the folder that ends like YAML; a link that leads nowhere too, to be reported later."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", hint=_FIRST)
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _MISSPELT and not path.is_dir())


def _require_names_once(paths: Iterable[Path]) -> None:
    by_name: dict[str, Path] = {}
    for path in paths:
        other = by_name.setdefault(path.stem, path)
        if other is not path:
            hint = "each environment has its own lock and journal, found by its name; name them one at a time"
            raise UsageError(f'Two files are both the environment "{path.stem}": {other} and {path}.', hint=hint)
