"""This project's own workflows: what they may do, what they run, and what a release refuses."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler import __version__
from scripts.release_notes import notes
from tests.support.checkers import actionlint, passes, tool, yamllint, zizmor
from tests.support.documents import ROOT

FOLDER = ROOT / ".github"
FILES = sorted((FOLDER / "workflows").glob("*.yml"))
# The one that is not pinned to a commit is this project's own.
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|uses: \./\.github/workflows/ci\.yml")


def jobs(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / "workflows" / f"{name}.yml").read_text("utf-8"))["jobs"]
    return content


def test_they_are_what_the_forge_takes() -> None:
    check = ("--no-cache", "--builtin-schema")
    passes("check-jsonschema", *check, "vendor.github-workflows", *map(str, FILES), folder=ROOT)
    passes("check-jsonschema", *check, "vendor.dependabot", str(FOLDER / "dependabot.yml"), folder=ROOT)
    yamllint(".github", folder=ROOT)


def test_linters_find_nothing(tmp_path: Path) -> None:
    assert actionlint(*FILES) == []
    zizmor(ROOT / ".github", tmp_path)


def test_zizmor_looks_at_them(tmp_path: Path) -> None:
    """The check above can fail: an action that is not pinned is found."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = re.sub(r"@[0-9a-f]{40} #", "@", FILES[0].read_text("utf-8"))
    (folder / "ci.yml").write_text(text, encoding="utf-8")
    assert "unpinned-uses" in tool("zizmor", "--offline", "--no-progress", ".", folder=tmp_path).stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_shell_of_every_step_passes_shellcheck(file: Path, tmp_path: Path) -> None:
    scripts = [step["run"] for job in jobs(file.stem).values() for step in job.get("steps", []) if "run" in step]
    assert scripts
    for number, script in enumerate(scripts):
        assert "${{" not in script
        (tmp_path / f"{number}.sh").write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        passes("shellcheck", "--norc", f"{number}.sh", folder=tmp_path)


def test_actions_of_others_are_pinned_to_a_commit_and_say_its_version() -> None:
    for file in FILES:
        used = [line.strip().removeprefix("- ") for line in file.read_text("utf-8").splitlines() if "uses:" in line]
        assert used
        assert all(PINNED.fullmatch(line) for line in used), used


def test_a_job_may_do_no_more_than_it_must() -> None:
    for file in FILES:
        assert yaml.safe_load(file.read_text("utf-8"))["permissions"] == {}
    assert all(job["permissions"] == {"contents": "read"} for job in jobs("ci").values())
    may_write = {
        name: {what for what, right in job["permissions"].items() if right == "write"}
        for name, job in jobs("release").items()
    }
    assert may_write == {
        "test": set(),
        "build": set(),
        "attest": {"id-token", "attestations"},
        "publish": {"id-token"},
        "announce": {"contents"},
    }


def test_no_stored_secret_is_used() -> None:
    assert not [file.name for file in FILES if "secrets." in file.read_text("utf-8")]


def test_what_may_write_runs_nothing_of_the_checkout() -> None:
    for name in ("attest", "publish", "announce"):
        assert not [step for step in jobs("release")[name]["steps"] if "checkout" in step.get("uses", "")]


def test_nothing_is_published_that_was_not_tested_and_attested() -> None:
    release = jobs("release")
    assert set(release["attest"]["needs"]) == {"test", "build"}
    assert release["publish"]["needs"] == "attest"
    assert release["announce"]["needs"] == "publish"
    assert release["publish"]["environment"] == "pypi"


def test_every_change_is_tested_with_every_python_that_is_promised() -> None:
    promised = {
        one.rpartition(" ")[2]
        for one in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", one)
    }
    assert set(jobs("ci")["pythons"]["strategy"]["matrix"]["python"]) == promised
    assert [step.get("run") for step in jobs("ci")["test"]["steps"]][-1] == ".ci/run"


def test_dependabot_looks_at_everything_that_is_pinned() -> None:
    updates = yaml.safe_load((FOLDER / "dependabot.yml").read_text("utf-8"))["updates"]
    assert {(one["package-ecosystem"], one["directory"]) for one in updates} == {
        ("pip", "/"), ("github-actions", "/"), ("docker", "/"), ("npm", "/tests/clients")
    }  # fmt: skip


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A checkout of a version 1.2.3 that the changelog tells of."""
    (tmp_path / "reconciler").mkdir()
    (tmp_path / "reconciler" / "__init__.py").write_text('__version__ = "1.2.3"\n', encoding="utf-8")
    text = "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-12-01\n\n### Added\n\n- A.\n\n## 1.2.2\n\n- B.\n"
    (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_notes_of_a_release_are_the_changelogs(released: Path) -> None:
    assert notes("v1.2.3", released) == "### Added\n\n- A.\n"


@pytest.mark.parametrize("tag", ["v1.2.2", "1.2.3", "v1.2.3rc1", "v", ""])
def test_a_tag_that_is_not_the_version_is_refused(released: Path, tag: str) -> None:
    with pytest.raises(ValueError, match=r"the version is 1\.2\.3"):
        notes(tag, released)


@pytest.mark.parametrize(
    "text", ["# Changelog\n", "## Unreleased\n\n- A.\n", "## 1.2.3\n\n## 1.2.2\n\n- B.\n", "## 1.2.30\n- A.\n"]
)
def test_a_version_of_which_the_changelog_is_silent_is_refused(released: Path, text: str) -> None:
    (released / "CHANGELOG.md").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"CHANGELOG\.md has no section 1\.2\.3"):
        notes("v1.2.3", released)


def test_the_tag_of_this_version_is_the_one_that_is_asked_for() -> None:
    with pytest.raises(ValueError, match=re.escape(f"tag v{__version__},")):
        notes("v0.0.0")
