"""`init`: a repository of environments that works at once."""

from collections.abc import Iterator
from pathlib import Path

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import say
from reconciler.cli.writing import UnwritableError, to_stdout, write_whole
from reconciler.core.errors import UsageError
from reconciler.starter import Ci, files
from reconciler.wiring.configuration import schema_text

SCHEMA = "schemas/environment.schema.json"


def run(folder: Path, ci: str) -> ExitCode:
    """Write what is missing, keep what is there, and say which is which.

    Raises:
        UsageError: there are no pipelines for such a forge, or a file would lie outside the folder.
        UnwritableError: a file cannot be written.
    """
    if ci not in set(Ci):
        raise UsageError(f'There are no pipelines for "{ci}".', hint=f"--ci takes {', '.join(Ci)}")
    wanted = dict(sorted({**files(Ci(ci)), SCHEMA: schema_text("environment")}.items()))
    missing = {path: text for path, text in wanted.items() if not _is_there(folder, path)}
    for path in missing:
        _require_inside(folder, path)
    _make_folders(folder, missing)
    for path, text in missing.items():
        write_whole(folder / path, text)
    to_stdout("".join(f"{line}\n" for line in _told(folder, wanted, missing)))
    say(_next(folder) if missing else "Everything is there already; nothing was written.")
    return ExitCode.OK


def _told(folder: Path, wanted: dict[str, str], missing: dict[str, str]) -> Iterator[str]:
    for path, text in wanted.items():
        if path in missing:
            yield f"created  {path}"
        else:
            yield f"{'same    ' if _holds(folder / path, text) else 'kept    '} {path}"


def _is_there(folder: Path, path: str) -> bool:
    there = folder / path
    return there.is_symlink() or there.exists()


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text("utf-8") == text
    except (OSError, ValueError):
        return False


def _require_inside(folder: Path, path: str) -> None:
    root = folder.resolve()
    if not (root / path).resolve().is_relative_to(root):
        raise UsageError(
            f"{path} would lie outside {folder}: a folder on the way is a link.", hint="nothing was written"
        )


def _make_folders(folder: Path, paths: dict[str, str]) -> None:
    for path in paths:
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableError(f"{(folder / path).parent} cannot be made: {error.strerror}.") from error


def _next(folder: Path) -> str:
    where = "" if folder == Path() else f"cd {folder} && "
    return f"Next: {where}git init && reconciler plan local; README.md tells the rest."
