"""YAML files as documents quote them."""

import re
from pathlib import Path


def without_comments(file: Path) -> str:
    """The text with a blank line before each part of the file, and nowhere else."""
    lines = (re.sub(r"(^|\s+)#.*", "", line).rstrip() for line in file.read_text("utf-8").splitlines())
    kept: list[str] = []
    for line in filter(None, lines):
        kept += ["", line] if kept and not line.startswith(" ") else [line]
    return "\n".join(kept) + "\n"
