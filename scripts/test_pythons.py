"""Runs the tests of the core with every Python from 3.11 on that is on this machine; needs nothing but one of them."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from scripts.set_up import pip_of

ROOT = Path(__file__).parents[1]
OLDEST = (3, 11)
# What is pure or only reads files; the rest needs programs that stand beside the Python of `make test`.
TESTS = ("tests/core", "tests/config")
_ASK = (
    "import platform, sys;print(platform.python_implementation(), *sys.version_info[:3], sys.prefix == sys.base_prefix)"
)


def candidates() -> Iterable[str]:
    """Names that a Python may have, on the path and below pyenv's folder."""
    for folder in os.get_exec_path():
        yield from map(str, sorted(Path(folder).glob("python3.[0-9][0-9]")))
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob("versions/*/bin/python3")))


def found(names: Iterable[str]) -> dict[tuple[int, int], tuple[str, str]]:
    """The newest working Python of each minor version: its full version and its program."""
    newest: dict[tuple[int, int], tuple[tuple[int, ...], str]] = {}
    for name in names:
        try:
            asked = subprocess.run([name, "-c", _ASK], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        implementation, major, minor, patch, is_base = asked.stdout.split()
        version = (int(major), int(minor), int(patch))
        if implementation == "CPython" and is_base == "True" and version >= OLDEST:
            newest[version[:2]] = max(newest.get(version[:2], (version, name)), (version, name), key=lambda one: one[0])
    return {minor: (".".join(map(str, version)), name) for minor, (version, name) in sorted(newest.items())}


def tested(program: str, folder: Path) -> bool:
    """Whether the tests pass with a Python, in a virtual environment that is kept for the next time."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([program, "-m", "venv", folder], check=True)
    pip = [*pip_of(python), "--constraint", "constraints.txt"]
    subprocess.run([*pip, "--editable", ".[emulator,quick]", "--group", "test"], check=True)
    return subprocess.run([python, "-m", "pytest", "-q", "-n", "2", *TESTS], check=False).returncode == 0


def main(names: list[str]) -> None:
    os.chdir(ROOT)
    pythons = found(names or candidates())
    if not pythons:
        sys.exit("There is no Python 3.11 or newer here.")
    failed = []
    for minor, (version, program) in pythons.items():
        print(f"Python {version}", flush=True)
        if not tested(program, ROOT / ".venv-{}.{}".format(*minor)):
            failed.append(version)
    if failed:
        sys.exit(f"Failed with Python {', '.join(failed)}.")
    print(f"Passed with Python {', '.join(version for version, _ in pythons.values())}.")


if __name__ == "__main__":
    main(sys.argv[1:])
