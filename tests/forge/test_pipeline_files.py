"""What `init` writes for pipelines passes the checks of the forges' own schemas and of linters for abuse and shell."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.cli.main import main
from reconciler.config.pipeline_files import is_pipeline_file
from tests.support.checkers import actionlint, passes, tool, yamllint, zizmor
from tests.support.documents import ROOT
from tests.support.gitlab_runner import lines

WORKFLOWS = ("reconciler-apply", "reconciler-drift", "reconciler-pull-request")
ACTION = ".github/actions/reconciler/action.yml"
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
# An action that is checked out beside the workflow is as trustworthy as what was checked out.
OWN = {"./.github/actions/reconciler", "./trusted/.github/actions/reconciler"}


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("github")
    assert main(["init", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def gitlab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gitlab")
    assert main(["init", str(folder), "--ci", "gitlab"]) == 0
    return folder


def workflow(folder: Path, name: str) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load((folder / f".github/workflows/{name}.yml").read_text("utf-8"))
    return content


def steps(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of the workflows and of the action, with where it stands."""
    for name in WORKFLOWS:
        for key, job in workflow(folder, name)["jobs"].items():
            for step in job["steps"]:
                yield f"{name}/{key}", step
    for step in yaml.safe_load((folder / ACTION).read_text("utf-8"))["runs"]["steps"]:
        yield "action", step


def test_the_files_are_what_the_forges_take(github: Path, gitlab: Path) -> None:
    check = ("--no-cache", "--builtin-schema")
    passes(
        "check-jsonschema",
        *check,
        "vendor.github-workflows",
        *(f".github/workflows/{n}.yml" for n in WORKFLOWS),
        folder=github,
    )
    passes("check-jsonschema", *check, "vendor.github-actions", ACTION, folder=github)
    passes("check-jsonschema", *check, "vendor.gitlab-ci", ".gitlab-ci.yml", folder=gitlab)


def test_the_yaml_is_tidy(github: Path, gitlab: Path) -> None:
    for folder in (github, gitlab):
        yamllint(".", folder=folder)
    yamllint("action.yml", ".pre-commit-hooks.yaml", folder=ROOT)


def test_nothing_can_be_abused_that_zizmor_knows_of(github: Path, tmp_path: Path) -> None:
    zizmor(github, tmp_path)


def test_zizmor_looks_at_these_files(github: Path, tmp_path: Path) -> None:
    """The check above can fail: an expression of a stranger's making in a shell is found."""
    text = (github / ".github/workflows/reconciler-drift.yml").read_text("utf-8")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    evil = "      - name: Tell\n        run: echo ${{ github.event.issue.title }}\n"
    (folder / "evil.yml").write_text(text.replace("    steps:\n", f"    steps:\n{evil}"), encoding="utf-8")
    assert "template-injection" in tool("zizmor", "--offline", "--no-progress", ".", folder=tmp_path).stdout


def test_actionlint_finds_nothing(github: Path) -> None:
    assert actionlint(*(github / f".github/workflows/{name}.yml" for name in WORKFLOWS)) == []


def test_the_shell_of_every_step_passes_shellcheck(github: Path, gitlab: Path, tmp_path: Path) -> None:
    scripts = {f"{place}: {step['name']}": step["run"] for place, step in steps(github) if "run" in step}
    content = yaml.safe_load((gitlab / ".gitlab-ci.yml").read_text("utf-8"))
    scripts |= {
        name: "\n".join(lines(job.get("before_script", []), job["script"]))
        for name, job in content.items()
        if isinstance(job, dict) and "script" in job
    }
    assert len(scripts) == 7 + 6
    for number, (place, script) in enumerate(sorted(scripts.items())):
        file = tmp_path / f"{number}.sh"
        file.write_text(f"#!/bin/bash\n# {place}\n{script}\n", encoding="utf-8")
        passes("shellcheck", "--norc", file.name, folder=tmp_path)


def test_no_expression_stands_in_a_shell(github: Path) -> None:
    assert [place for place, step in steps(github) if "${{" in step.get("run", "")] == []


def test_actions_of_others_are_pinned_to_a_commit_and_say_its_version(github: Path) -> None:
    used = {step["uses"] for _, step in steps(github) if "uses" in step}
    assert all(PINNED.fullmatch(one) or one in OWN for one in used)
    for file in (github / ".github").rglob("*.yml"):
        for line in file.read_text("utf-8").splitlines():
            if "uses: actions/" in line:
                assert re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_no_workflow_runs_with_the_rights_of_the_base_on_what_a_fork_sends(github: Path) -> None:
    for name in WORKFLOWS:
        # YAML 1.1 reads the key `on` as true.
        triggers = set(workflow(github, name)[True])
        assert triggers <= {"pull_request", "push", "schedule", "workflow_dispatch"}
        assert workflow(github, name)["permissions"] == {}
        for job in workflow(github, name)["jobs"].values():
            assert job["permissions"]["contents"] == "read"


def test_writing_credentials_are_known_to_jobs_on_the_protected_branch_alone(github: Path) -> None:
    for name in WORKFLOWS:
        for key, job in workflow(github, name)["jobs"].items():
            knows = {secret for step in job["steps"] for secret in re.findall(r"secrets\.(\w+)", str(step))}
            writes = any("APPLY" in secret for secret in knows)
            assert writes == (key in {"apply", "resume"})
            assert ("environment" in job) == bool(knows), (
                "credentials stand in environments, which say who may use them"
            )
            assert job.get("environment") in (
                {"netsuite-apply", "netsuite-resume"} if writes else {"netsuite-read", None}
            )


def test_a_fork_gets_no_credential_on_either_forge(github: Path, gitlab: Path) -> None:
    jobs = workflow(github, "reconciler-pull-request")["jobs"]
    ours = "github.event.pull_request.head.repo.full_name == github.repository"
    assert jobs["plan"]["if"] == ours
    assert jobs["validate"]["if"] == ours.replace("==", "!=")
    assert "secrets." not in str(jobs["validate"])
    assert jobs["validate"]["permissions"] == {"contents": "read"}
    job = yaml.safe_load((gitlab / ".gitlab-ci.yml").read_text("utf-8"))["reconciler-merge-request-of-a-fork"]
    assert job["rules"][0]["if"].endswith("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_PROJECT_ID")
    assert job["script"] == ['echo "Plan skipped, no credentials."', "reconciler validate"]


def test_every_file_that_decides_how_the_tool_runs_is_watched(github: Path, gitlab: Path) -> None:
    for folder in (github, gitlab):
        written = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
        harmless = {path for path in written if not is_pipeline_file(path)}
        assert harmless == {
            ".gitignore",
            ".pre-commit-config.yaml",
            "README.md",
            "environments/local.yaml",
            "schemas/environment.schema.json",
        }
