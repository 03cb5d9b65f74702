"""What was built, and where it was installed: made once in a run of the tests, whichever process asks first."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.documents import ROOT

CONSTRAINTS = ROOT / "constraints.txt"
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")
Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Built:
    wheel: Path
    sdist: Path


def outside() -> dict[str, str]:
    """The variables of a shell in which nobody points to this checkout, nor to the environment of the tests."""
    hidden = {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"}
    # Coverage would measure the processes of the checkout, which is not what runs outside of it.
    return {name: value for name, value in os.environ.items() if name not in hidden and not name.startswith("COVERAGE")}


def done(*command: str | Path, cwd: Path, **more: str) -> str:
    """What a command prints; it has to succeed."""
    ended = subprocess.run(  # noqa: S603  what was built here, and what installs it
        command, cwd=cwd, env=outside() | more, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Make], Path]:
    """A folder that the first process makes and the others find."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Make) -> Path:
        folder = shared / f"packaging-{name}"
        with (shared / f"packaging-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            finished = folder / ".finished"
            if not finished.exists():
                folder.mkdir(exist_ok=True)
                make(folder)
                finished.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def built(once: Callable[[str, Make], Path]) -> Built:
    def build(folder: Path) -> None:
        done(sys.executable, "-m", "hatchling", "build", "--directory", folder, cwd=ROOT)

    folder = once("built", build)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="session")
def index(once: Callable[[str, Make], Path]) -> None:
    """A package index that can be reached; without one the test is left out, or fails where REQUIRE_INDEX is set."""
    if os.environ.get("REQUIRE_INDEX"):
        return

    def ask(folder: Path) -> None:
        package = next(line for line in CONSTRAINTS.read_text("utf-8").splitlines() if line.startswith("idna=="))
        asked = subprocess.run(  # noqa: S603  our own Python
            [sys.executable, *PIP, "download", "--quiet", "--no-deps", "--dest", folder, package],
            env=outside(), check=False, capture_output=True,
        )  # fmt: skip
        if asked.returncode == 0:
            (folder / "reached").touch()

    if not (once("index", ask) / "reached").exists():
        pytest.skip("installing from scratch is left out: no package index can be reached")


@pytest.fixture(scope="session")
def bare(once: Callable[[str, Make], Path], built: Built, index: None) -> Path:
    """The `bin` of a virtual environment that holds the wheel, its dependencies and nothing else."""

    def install(folder: Path) -> None:
        done(sys.executable, "-m", "venv", folder / "environment", cwd=folder)
        wanted = ("--constraint", CONSTRAINTS, f"{built.wheel}[emulator]")
        done(folder / "environment" / "bin" / "python", *PIP, "install", "--quiet", *wanted, cwd=folder)

    return once("bare", install) / "environment" / "bin"
