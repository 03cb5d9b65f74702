"""Runs what the documents show: `python -m tests.support.documents` writes fresh outputs, the tests compare.

A console block's `reconciler` commands are run one after the other in a copy of the repository's environments; what
they print has to stand below each of them. A YAML block under `<!-- file: PATH -->` has to be that file without its
comments.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.reference import write_pages
from tests.support.reference.yaml_text import without_comments
from tests.support.surroundings import leave_pipeline

ROOT = Path(__file__).parents[2]
CHECKED = (
    ROOT / "README.md",
    *(
        ROOT / "docs" / f"{name}.md"
        for name in ("doctor", "emulator", "emulator-reference", "github", "import", "outputs", "review", "verify")
    ),
)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"(<!-- file: (\S+) -->\n```yaml\n)(.*?)(```)", re.DOTALL)
_RUN = "$ reconciler "
# Commands with a placeholder in place of a name are not for running.
_SHAPES = re.compile(r"[\[<]|\bENV\b")
# What another run tells differently although nothing else happened: days, times, checksums.
_MOVING = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?: UTC|Z)?)?|sha256:[0-9a-f]{64}")


def refreshed(document: str) -> str:
    """The document with every output and every quoted file as it is now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "environments", folder / "environments")
        document = _CONSOLE.sub(lambda block: f"```console\n{_settled(block[1], _run(block[1], folder))}```", document)
    return _FILE.sub(lambda block: f"{block[1]}{without_comments(ROOT / block[2])}{block[4]}", document)


def _settled(shown: str, now: str) -> str:
    """What is shown, where nothing but days, times and checksums is different now."""
    return shown if _MOVING.sub("", shown) == _MOVING.sub("", now) else now


def _run(block: str, folder: Path) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    if not commands[0].startswith(_RUN) or any(_SHAPES.search(command) for command in commands):
        return block
    return "".join(f"{command}\n{_output(command, folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    arguments = command.removeprefix(_RUN).split()
    surroundings = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", "reconciler", *arguments],
        cwd=folder,
        env=surroundings,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


if __name__ == "__main__":
    leave_pipeline(os.environ)
    for path in CHECKED:
        path.write_text(refreshed(path.read_text("utf-8")), encoding="utf-8")
    write_pages()
