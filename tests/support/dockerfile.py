"""A Dockerfile as a list of what it does; enough for this project's own, and no more."""

import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """`stage` is the name of its build stage, empty for one without a name."""

    stage: str
    word: str
    rest: str


def instructions(file: Path) -> list[Instruction]:
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.lstrip().startswith("#")]
    found: list[Instruction] = []
    stage = ""
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stage = rest.partition(" AS ")[2]
        found.append(Instruction(stage, word, " ".join(rest.split())))
    return found


def copied(copy: Instruction) -> tuple[list[str], str]:
    """What a COPY takes from the build context, and where it puts it."""
    *sources, target = shlex.split(copy.rest)
    return sources, target
