"""What is built is whole: the wheel has everything that it needs inside, and the sdist everything that makes it."""

import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from reconciler import __version__
from tests.packaging.conftest import PIP, Built, done
from tests.support.checkers import passes
from tests.support.documents import ROOT


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The wheel, unpacked where Python finds it before the checkout; what it needs is that of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    done(sys.executable, *PIP, "install", "--no-deps", "--no-index", "--target", folder, built.wheel, cwd=folder)
    return str(folder)


def called(*arguments: str, cwd: Path, path: str) -> str:
    return done(sys.executable, *arguments, cwd=cwd, PYTHONPATH=path)


def metadata(wheel: Path) -> Metadata:
    with zipfile.ZipFile(wheel) as archive:
        (file,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Metadata.from_email(archive.read(file), validate=True)


def test_both_files_are_fit_for_an_index(built: Built, tmp_path: Path) -> None:
    passes("twine", "check", "--strict", str(built.wheel), str(built.sdist), folder=tmp_path)


def test_the_sdist_builds_the_same_wheel(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as archive:
        # The first releases of Python 3.11 know no filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(tmp_path)  # noqa: S202  the archive was made a moment ago
    (source,) = tmp_path.iterdir()
    again = tmp_path / "again"
    done(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", again, cwd=source)

    assert (again / built.wheel.name).read_bytes() == built.wheel.read_bytes()


def test_the_sdist_has_what_its_tests_look_at(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        held = {Path(*Path(name).parts[1:]).as_posix() for name in archive.getnames()}
    asked = {
        "Makefile", "Dockerfile", ".dockerignore", "constraints.txt", "action.yml", "mkdocs.yml", "SECURITY.md",
        "CONTRIBUTING.md", ".github/workflows/release.yml", ".ci/run", "tests/packaging/test_wheel.py",
    }  # fmt: skip

    assert asked <= held
    assert not [name for name in held if "__pycache__" in name or name.startswith((".venv", "tests/clients/node_mod"))]


def test_the_version_comes_from_one_place(built: Built) -> None:
    assert str(metadata(built.wheel).version) == __version__
    assert built.wheel.name.startswith(f"reconciler-{__version__}-")
    assert built.sdist.name == f"reconciler-{__version__}.tar.gz"


def test_the_wheel_works_outside_the_checkout(installed: str, tmp_path: Path) -> None:
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


def test_the_wheel_has_the_emulators_pages(installed: str, tmp_path: Path) -> None:
    code = (
        "from reconciler.emulator import __main__ as m; from reconciler.emulator.behaviours import Switches;"
        "from reconciler.emulator.pages import Pages; from reconciler.emulator.wire import Request;"
        "pages = Pages(m.open_world(None, Switches(), None, '1234567'));"
        "paths = ('/', '/pages/style.css', '/1234567/app/login/secure/login.nl', '/1234567/connector/orders');"
        "print(*(pages.answer(Request('GET', path, {'host': '127.0.0.1'})).status for path in paths))"
    )
    assert called("-c", code, cwd=tmp_path, path=installed).split() == ["200"] * 4


def test_the_wheel_writes_a_repository_with_the_action_of_the_checkout(installed: str, tmp_path: Path) -> None:
    called("-m", "reconciler", "init", "new", cwd=tmp_path, path=installed)
    action = tmp_path / "new" / ".github" / "actions" / "reconciler" / "action.yml"
    assert action.read_bytes() == (ROOT / "action.yml").read_bytes()
    called("-m", "reconciler", "validate", cwd=tmp_path / "new", path=installed)


USER = """\
from reconciler.emulator.client import Emulator, serving
from reconciler.emulator.testing import netsuite_emulator

def test_mine(netsuite_emulator: Emulator) -> None:
    reveal_type(netsuite_emulator.url)
    reveal_type(netsuite_emulator.requests())
    reveal_type(netsuite_emulator.credentials())
    netsuite_emulator.later(36)

with serving() as emulator:
    reveal_type(emulator)
"""


def test_those_who_use_its_fixtures_see_their_types(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(USER, encoding="utf-8")
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", str(bare / "python"), "test_mine.py")
    checked = done("/bin/sh", "-c", '"$@" || [ $? = 1 ]', "mypy", *mypy, cwd=tmp_path)

    assert [line.partition(": ")[2] for line in checked.splitlines()[:-1]] == [
        'note: Revealed type is "str"',
        'note: Revealed type is "list[dict[str, Any]]"',
        'note: Revealed type is "typing.Mapping[str, str]"',
        'error: Argument 1 to "later" of "Emulator" has incompatible type "int"; expected "str"  [arg-type]',
        'note: Revealed type is "reconciler.emulator.client.Emulator"',
    ]
