"""The container image, as far as it can be looked at without a program that builds images."""

import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from reconciler import __version__
from tests.packaging.conftest import done
from tests.support.checkers import passes
from tests.support.dockerfile import copied, instructions
from tests.support.documents import ROOT

FILE = instructions(ROOT / "Dockerfile")
INTO = "/opt/reconciler"
NOBODY = "65532"
COPIES = [copied(one) for one in FILE if one.word == "COPY" and "--from" not in one.rest]
SOURCES = [source for sources, _ in COPIES for source in sources]


def last(word: str) -> str:
    return [one.rest for one in FILE if one.word == word and one.stage == ""][-1]


def test_hadolint_finds_nothing() -> None:
    passes("hadolint", "Dockerfile", folder=ROOT)


def test_what_is_copied_is_there_and_is_all_that_a_build_gets_to_see() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    taken_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}

    assert rules[0] == "*", "everything is left out but what is named"
    assert taken_in == set(SOURCES)
    assert all((ROOT / source).exists() for source in SOURCES)
    assert not [source for source in SOURCES if fnmatch(source, ".*")]


def test_the_image_runs_as_nobody_and_starts_the_program() -> None:
    assert last("USER") == f"{NOBODY}:{NOBODY}"
    assert last("ENTRYPOINT") == '["reconciler"]'
    assert f"PATH={INTO}/bin:$PATH" in last("ENV")
    # Neither can be taken back by who runs it, nor seen by a linter.
    assert not [one for one in FILE if one.word in {"VOLUME", "EXPOSE", "ADD", "ARG", "SHELL"}]


def test_both_stages_have_the_same_python() -> None:
    """A virtual environment works only where the Python is that it was made with."""
    first, second = (one.rest.partition(" AS ")[0] for one in FILE if one.word == "FROM")

    assert first == second
    assert first.startswith("python:3.")


@pytest.fixture(scope="module")
def image(index: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build stage makes, made by its own instructions in folders of ours."""
    place = tmp_path_factory.mktemp("image")
    source, into = place / "source", place / "opt"
    source.mkdir()
    for one in (one for one in FILE if one.stage == "build"):
        if one.word == "COPY":
            names, target = copied(one)
            for name in names:
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, source / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / name, source / target)
        elif one.word == "RUN":
            # `python` is the image's, here that of the tests.
            command = f'python() {{ {shlex.quote(sys.executable)} "$@"; }}; {one.rest.replace(INTO, str(into))}'
            done("/bin/sh", "-ec", command, cwd=source)
    return into


def test_what_the_build_stage_makes_plans_without_writing_beside_its_work(image: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in image.rglob("*")}
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    program = image / "bin" / "reconciler"

    assert done(program, "--version", cwd=tmp_path) == f"reconciler {__version__}\n"
    assert "No step takes away a working token." in done(program, "plan", "local", cwd=tmp_path, HOME=str(tmp_path))
    assert {path: path.stat().st_mtime_ns for path in image.rglob("*")} == before
    # Nobody needs an installer in it.
    assert not (image / "bin" / "pip").exists()


def test_a_user_without_a_name_may_apply(image: Path, tmp_path: Path) -> None:
    """The user of the image stands in no list of users, as on many runners; the journal then says "unknown"."""
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    as_nobody = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
    if subprocess.run([*as_nobody, "true"], check=False, capture_output=True).returncode != 0:  # noqa: S603  see above
        pytest.skip("applying as a user without a name is left out: this machine maps no users")
    nameless = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME"), "")
    program = image / "bin" / "reconciler"

    told = done(*as_nobody, program, "apply", "local", "--auto-approve", cwd=tmp_path, HOME=str(tmp_path), **nameless)
    assert "done          grant" in told
    history = done(*as_nobody, program, "history", "local", cwd=tmp_path, HOME=str(tmp_path), **nameless)
    assert "unknown" in history
