"""The files of a repository that decide how the tool itself is run, and by whom a change to them must be read."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reconciler.config.rules import problem
from reconciler.core.diagnostics import Diagnostic, Position, Severity

_FOLDERS: Final = (".github/workflows", ".github/actions", ".gitlab")
# GitHub and GitLab look for code owners in these places, in this order.
_FILES: Final = (".gitlab-ci.yml", "CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS")
_MOST: Final = 2000
_HINT: Final = "read it line by line: it runs with this repository's credentials once it is merged"


def is_pipeline_file(path: str) -> bool:
    """Whether a path, from the root of the repository, is one of them."""
    return path in _FILES or any(path.startswith(f"{folder}/") for folder in _FOLDERS)


def pipeline_files(root: Path) -> dict[str, bytes]:
    """Those of a checkout by their paths; of a link, where it leads."""
    found: dict[str, bytes] = {}
    for name in (*_FILES, *_FOLDERS):
        for path in _below(root / name):
            if len(found) < _MOST:
                found[path.relative_to(root).as_posix()] = _content(path)
    return found


def _below(path: Path) -> Iterator[Path]:
    if path.is_symlink() or path.is_file():
        yield path
    elif path.is_dir():
        for inner in sorted(path.iterdir()):
            yield from _below(inner)


def _content(path: Path) -> bytes:
    return os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()


def pipeline_changes(before: Mapping[str, bytes], now: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """A warning for each of these files that differs between two states, at the first line that does."""
    for path in sorted(before.keys() | now.keys()):
        old, new = _lines(before.get(path)), _lines(now.get(path))
        if old == new:
            continue
        what = "is new" if old is None else "is gone" if new is None else "differs"
        line = _first_difference(old or [], new or [])
        detail = f"{path} {what}: it decides how this repository runs the tool, or who reviews that."
        position = None if new is None else Position(path, line, 1)
        yield problem("sensitive-change", detail, position=position, hint=_HINT, severity=Severity.WARNING)


def _lines(content: bytes | None) -> list[bytes] | None:
    return None if content is None else content.splitlines()


def _first_difference(old: list[bytes], new: list[bytes]) -> int:
    same = next((index for index, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    return min(len(old), len(new)) + (0 if len(new) <= len(old) else 1) if same is None else same + 1
