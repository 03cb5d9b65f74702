"""`init`: a repository of environments that works at once."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import say
from reconciler.cli.writing import UnwritableError, to_stdout, write_whole
from reconciler.core.errors import UsageError
from reconciler.starter import Ci, files
from reconciler.wiring.configuration import repository_root, schema_text

SCHEMA = "schemas/environment.schema.json"
_PACKAGE: Final = "reconciler[emulator,bucket]"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CHECKSUM: Final = re.compile(r"[0-9a-f]{64}")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9._~:/%+-]+")


def run(folder: Path, ci: str, install: str | None = None) -> ExitCode:
    """Write what is missing, keep what is there, and say which is which.

    Args:
        folder: the repository.
        ci: for which forge pipelines are written.
        install: what they install; None: what this very package was installed from, where that is pinned.

    Raises:
        UsageError: there are no pipelines for such a forge, or a file would lie outside the folder.
        UnwritableError: a file cannot be written.
    """
    if ci not in set(Ci):
        raise UsageError(f'There are no pipelines for "{ci}".', hint=f"--ci takes {', '.join(Ci)}")
    requirement = _origin() if install is None else _one_line(install)
    wanted = dict(sorted({**files(Ci(ci), requirement), SCHEMA: schema_text("environment")}.items()))
    missing = {path: text for path, text in wanted.items() if not _is_there(folder, path)}
    for path in missing:
        _require_inside(folder, path)
    _make_folders(folder, missing)
    for path, text in missing.items():
        write_whole(folder / path, text)
    to_stdout("".join(f"{line}\n" for line in _told(folder, wanted, missing)))
    if requirement is None and any(path.endswith("requirements.txt") for path in missing):
        say("requirements.txt does not say yet what pipelines install; the file tells what may stand there.")
    say(_next(folder) if missing else "Everything is there already; nothing was written.")
    return ExitCode.OK


def _one_line(install: str) -> str:
    line = install.strip()
    if not line or not line.isprintable() or line.startswith(("-", "#")):
        raise UsageError("--install takes one requirement as pip reads it.", hint=f"{_PACKAGE} @ git+https://…@COMMIT")
    return line


def _origin() -> str | None:
    """What installs this very package again; None where that is a folder, or an index, which may be another one there.

    https://packaging.python.org/en/latest/specifications/direct-url-data-structure/
    """
    try:
        about = json.loads(distribution("reconciler").read_text("direct_url.json") or "null")
    except (PackageNotFoundError, ValueError):
        return None
    match about:
        case {"url": str(url), "vcs_info": {"vcs": "git", "commit_id": str(commit)}}:
            return f"{_PACKAGE} @ git+{url}@{commit}" if _ADDRESS.fullmatch(url) and _COMMIT.fullmatch(commit) else None
        case {"url": str(url), "archive_info": {"hashes": {"sha256": str(checksum)}}}:
            pinned = _ADDRESS.fullmatch(url) and _CHECKSUM.fullmatch(checksum)
            return f"{_PACKAGE} @ {url}#sha256={checksum}" if pinned else None
    return None


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
    begin = "" if (repository_root(folder / "file") / ".git").exists() else "git init && "
    return f"Next: {where}{begin}reconciler plan local; README.md tells the rest."
