"""However it is installed, the program works in a folder that has nothing to do with the checkout."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from reconciler import __version__
from tests.packaging.conftest import CONSTRAINTS, Built, done
from tests.support.checkers import TOOLS
from tests.support.documents import ROOT


def by_pip(request: pytest.FixtureRequest, _folder: Path, _wheel: Path) -> Path:
    bare: Path = request.getfixturevalue("bare")
    return bare / "reconciler"


def by_pipx(_request: pytest.FixtureRequest, folder: Path, wheel: Path) -> Path:
    homes = {"PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "bin"), "HOME": str(folder)}
    more = ("--python", sys.executable, "--pip-args", f"--constraint {CONSTRAINTS}")
    done(TOOLS / "pipx", "install", "--quiet", *more, f"{wheel}[emulator]", cwd=folder, **homes)
    return folder / "bin" / "reconciler"


def by_uv(_request: pytest.FixtureRequest, folder: Path, wheel: Path) -> Path:
    homes = {"UV_TOOL_DIR": str(folder / "uv"), "UV_TOOL_BIN_DIR": str(folder / "bin"), "HOME": str(folder)}
    more = ("--no-config", "--no-python-downloads", "--python", sys.executable, "--constraints", CONSTRAINTS)
    done(TOOLS / "uv", "tool", "install", "--quiet", *more, f"reconciler[emulator] @ {wheel}", cwd=folder, **homes)
    return folder / "bin" / "reconciler"


Install = Callable[[pytest.FixtureRequest, Path, Path], Path]


@pytest.mark.parametrize("install", [by_pip, by_pipx, by_uv])
def test_what_was_installed_works(
    install: Install, built: Built, index: None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    program = install(request, tmp_path, built.wheel)
    work = tmp_path / "work"
    shutil.copytree(ROOT / "environments", work / "environments")

    assert done(program, "--version", cwd=work) == f"reconciler {__version__}\n"
    assert done(program, "schema", "plan", cwd=work) == (ROOT / "schemas" / "plan.schema.json").read_text("utf-8")
    assert done(program, "validate", "local", cwd=work) == "1 file checked: all valid\n"
    assert "No step takes away a working token." in done(program, "plan", "local", cwd=work)


def test_pipelines_get_the_versions_that_the_tests_passed_with(bare: Path, tmp_path: Path) -> None:
    code = "from importlib.metadata import distributions as d; print(*(f'{x.name}=={x.version}' for x in d()))"
    told = (one.split("==") for one in done(bare / "python", "-c", code, cwd=tmp_path).split())
    installed = {f"{canonicalize_name(name)}=={version}" for name, version in told}
    pinned = {line for line in CONSTRAINTS.read_text("utf-8").splitlines() if not line.startswith("#")}
    of_the_environment = {"reconciler", "pip", "setuptools"}

    assert {one for one in installed if one.partition("==")[0] not in of_the_environment} <= pinned
