"""Writes constraints.txt: the exact version of everything that the tool and its extras need, as installed here.

Run it where the tests passed; `make constraints` does, after an upgrade.
"""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILE = ROOT / "constraints.txt"
HEAD = """\
# The versions that the tests passed with, for whoever installs with `--constraint constraints.txt`: docs/install.md.
# Made by `make constraints` from what pyproject.toml asks for, extras included.
"""


def asked_for(project: Path = ROOT / "pyproject.toml") -> list[Requirement]:
    """What pyproject.toml lists as dependencies, with those of all extras."""
    listed = tomllib.loads(project.read_text("utf-8"))["project"]
    extras: Mapping[str, list[str]] = listed["optional-dependencies"]
    return [Requirement(text) for texts in (listed["dependencies"], *extras.values()) for text in texts]


def pins(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Name and installed version of the requirements and of all that they need on this machine.

    Raises:
        PackageNotFoundError: one of them is not installed.
    """
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements]
    while waiting:
        requirement, wanted_by_extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": wanted_by_extra}):
            continue
        installed = distribution(requirement.name)
        name = canonicalize_name(requirement.name)
        found[name] = installed.version
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(Requirement(text), extra) for text in installed.requires or ()]
    return found


def written(versions: Mapping[str, str]) -> str:
    return HEAD + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


def main() -> None:
    try:
        text = written(pins(asked_for()))
    except PackageNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed here. Run: make constraints")
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
