"""What is built is whole: the wheel works outside the checkout, with everything that it needs inside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documents import ROOT


def called(*command: str, cwd: Path, path: Path | None = None) -> str:
    surroundings = dict(os.environ)
    if path:
        surroundings["PYTHONPATH"] = str(path)
    done = subprocess.run(  # noqa: S603  our own build and program
        [sys.executable, *command], cwd=cwd, env=surroundings, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where Python finds it before the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = ("-m", "pip", "--disable-pip-version-check", "--no-input")
    called(*pip, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    (wheel,) = folder.glob("reconciler-*.whl")
    called(*pip, "install", "--no-deps", "--no-index", "--target", str(folder / "site"), str(wheel), cwd=folder)
    return folder / "site"


def test_the_wheel_works_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = called("-c", "import reconciler; print(reconciler.__file__)", cwd=tmp_path, path=installed)
    assert Path(where.strip()).is_relative_to(installed)

    names = called("-m", "reconciler", "schema", cwd=tmp_path, path=installed).split()
    assert names == sorted(file.name.removesuffix(".schema.json") for file in (ROOT / "schemas").glob("*.schema.json"))

    (tmp_path / "environments").mkdir()
    local = (ROOT / "environments" / "local.yaml").read_text("utf-8")
    (tmp_path / "environments" / "local.yaml").write_text(local, encoding="utf-8")
    outputs = ("--output", "text", "--output", "html=plan.html")
    plan = called("-m", "reconciler", "plan", "local", *outputs, cwd=tmp_path, path=installed)
    assert "No step takes away a working token." in plan
    page = (tmp_path / "plan.html").read_text("utf-8")
    assert "<h1>Plan for local</h1>" in page
    assert "--page:" in page.partition("</style>")[0]


def test_the_wheel_has_the_emulators_pages(installed: Path, tmp_path: Path) -> None:
    code = (
        "from reconciler.emulator import __main__ as m; from reconciler.emulator.behaviours import Switches;"
        "from reconciler.emulator.pages import Pages; from reconciler.emulator.wire import Request;"
        "pages = Pages(m.open_world(None, Switches(), None, '1234567'));"
        "paths = ('/', '/pages/style.css', '/1234567/app/login/secure/login.nl', '/1234567/connector/orders');"
        "print(*(pages.answer(Request('GET', path, {'host': '127.0.0.1'})).status for path in paths))"
    )
    assert called("-c", code, cwd=tmp_path, path=installed).split() == ["200"] * 4


def test_the_wheel_writes_a_repository_with_the_action_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    called("-m", "reconciler", "init", "new", cwd=tmp_path, path=installed)
    action = tmp_path / "new" / ".github" / "actions" / "reconciler" / "action.yml"
    assert action.read_bytes() == (ROOT / "action.yml").read_bytes()
    called("-m", "reconciler", "validate", cwd=tmp_path / "new", path=installed)


def test_the_wheel_says_that_it_is_typed(installed: Path) -> None:
    assert (installed / "reconciler" / "py.typed").is_file()
