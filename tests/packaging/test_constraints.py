"""constraints.txt says which versions of everything at run time the tests passed with."""

import re
from pathlib import Path

from packaging.utils import canonicalize_name

from scripts.constraints import FILE, asked_for, pins, written
from tests.support.documents import ROOT

PIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*==[0-9][0-9a-z.]*")


def test_it_is_what_is_installed_where_the_tests_run() -> None:
    assert FILE.read_text("utf-8") == written(pins(asked_for())), "run: make constraints"


def test_it_satisfies_what_the_project_asks_for() -> None:
    pinned = dict(line.split("==") for line in lines(FILE))
    for requirement in asked_for():
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), str(requirement)


def test_extras_and_what_they_need_are_pinned_too() -> None:
    names = {line.partition("==")[0] for line in lines(FILE)}
    # Of the dependencies, of `pyjwt[crypto]`, and of each extra.
    assert {"pyyaml", "urllib3", "cffi", "sqlglot", "obstore", "jsonschema-rs"} <= names


def test_it_names_versions_alone() -> None:
    """Neither an index nor a hash nor a path, which would tie a pipeline to somebody else's machine."""
    assert [line for line in lines(FILE) if not PIN.fullmatch(line)] == []


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]


def test_whatever_is_set_up_from_the_project_keeps_to_it() -> None:
    for place in ("scripts/set_up.py", "Dockerfile", "scripts/test_pythons.py"):
        assert "constraints.txt" in (ROOT / place).read_text("utf-8"), place
