"""Prints what CHANGELOG.md says of the version that a tag names; refuses a tag that is not the version."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def version(root: Path = ROOT) -> str:
    """The version that pyproject.toml, `--version` and the files that are built have."""
    stated = re.search(
        r'^__version__ = "(.+)"$', (root / "reconciler" / "__init__.py").read_text("utf-8"), re.MULTILINE
    )
    if not stated:
        raise ValueError("reconciler/__init__.py states no version.")
    return stated[1]


def notes(tag: str, root: Path = ROOT) -> str:
    """The part of the changelog below the heading of the version.

    Raises:
        ValueError: the tag is not `v` and the version, or the changelog has nothing of that version.
    """
    named = version(root)
    if tag != f"v{named}":
        raise ValueError(f"The tag is {tag}, the version is {named}: tag v{named}, or change reconciler/__init__.py.")
    parts = re.split(r"^## (.+)\n", (root / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        if re.fullmatch(rf"\[?{re.escape(named)}\]?( - .+)?", heading) and text.strip():
            return f"{text.strip()}\n"
    raise ValueError(f"CHANGELOG.md has no section {named}: what is new belongs there before it is released.")


if __name__ == "__main__":
    try:
        print(notes(sys.argv[1]), end="")
    except ValueError as wrong:
        sys.exit(str(wrong))
