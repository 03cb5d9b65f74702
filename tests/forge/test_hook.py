"""The hooks for pre-commit: the one that `init` writes, and the one that this repository offers, each really run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.main import main
from tests.support.checkout import Checkout
from tests.support.documents import ROOT

TOOLS = Path(sys.executable).parent


def pre_commit(checkout: Checkout, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environ = {
        "HOME": str(home),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PATH": f"{TOOLS}:{os.defpath}",
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(  # noqa: S603  a tool of the development dependencies
        [TOOLS / "pre-commit", *arguments],
        cwd=checkout.folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout.new(tmp_path / "repository")
    assert main(["init", str(made.folder), "--ci", "none"]) == 0
    made.commit()
    return made


def test_the_hook_of_a_new_repository_lets_valid_files_through_and_no_others(
    checkout: Checkout, tmp_path: Path
) -> None:
    done = pre_commit(checkout, "run", "--all-files", home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "validate environments" in done.stdout
    file = checkout.folder / "environments/local.yaml"
    checkout.write("environments/local.yaml", file.read_text("utf-8").replace("owner:", "ownr:"))
    done = pre_commit(checkout, "run", "--all-files", home=tmp_path)
    assert done.returncode == 1
    assert "ownr" in done.stdout
    assert "environments/local.yaml:" in done.stdout


def test_the_hooks_that_this_repository_offers_are_ones_that_pre_commit_takes(
    checkout: Checkout, tmp_path: Path
) -> None:
    done = pre_commit(checkout, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    done = pre_commit(checkout, "validate-config", ".pre-commit-config.yaml", home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
