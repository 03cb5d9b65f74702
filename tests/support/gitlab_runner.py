"""Runs `.gitlab-ci.yml`: the very file, from the commit that GitLab would take it from, with its very shell.

Only what `init` writes is understood; a key or a rule beyond it is refused. The variables of a job are what GitLab sets
and what the project gives it, and nothing else of this process.
https://docs.gitlab.com/ci/yaml/
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.checkout import Checkout
from tests.support.forge_server import GITLAB_TOKEN, PROJECT, ForgeServer
from tests.support.shell import run_shell

_GLOBAL = {"stages", "workflow", "variables", "default"}
_KEYS = {
    *("stage", "interruptible", "rules", "before_script", "script", "variables", "artifacts", "needs", "environment"),
    "resource_group",
}
_COMPARED = re.compile(r"(\$\w+) (==|!=) (\$\w+|\"[^\"]*\")")


@dataclass(slots=True)
class JobResult:
    """How a job ended: success, failure, skipped or manual."""

    state: str
    output: str = ""


@dataclass(slots=True)
class Runner:
    """One project; `secrets` are variables by the environment they are limited to, under "" those for every job."""

    origin: Checkout
    server: ForgeServer
    folder: Path
    secrets: Mapping[str, Mapping[str, str]]
    _pipelines: int = 0

    def start(self, source: str, commit: str, branch: str | None = None, **variables: str) -> "Pipeline":
        """Run all jobs that nobody has to start.

        Args:
            source: what started the pipeline, as CI_PIPELINE_SOURCE says it.
            commit: what it runs on.
            branch: of a pipeline for a branch.
            variables: more that GitLab sets, or a schedule.
        """
        self._pipelines += 1
        known = {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": self.server.url,
            "CI_PROJECT_ID": PROJECT,
            "CI_PROJECT_URL": "https://gitlab.example/acme/netsuite",
            "CI_PIPELINE_SOURCE": source,
            "CI_COMMIT_SHA": commit,
            "CI_DEFAULT_BRANCH": "main",
            **({"CI_COMMIT_BRANCH": branch} if branch else {}),
            **variables,
        }
        content = yaml.safe_load(self.origin.git("show", f"{commit}:.gitlab-ci.yml"))
        assert any(holds(rule["if"], known) for rule in content["workflow"]["rules"]), "no pipeline"
        pipeline = Pipeline(self, content, known, self.folder / f"pipeline-{self._pipelines}")
        pipeline.go_on()
        return pipeline


@dataclass(slots=True)
class Pipeline:
    """One pipeline; only jobs whose rules fit are in it."""

    runner: Runner
    content: Mapping[str, Any]
    variables: Mapping[str, str]
    folder: Path
    jobs: dict[str, JobResult] = field(default_factory=dict)
    artifacts: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def play(self, name: str) -> JobResult:
        """Somebody who may do so starts a job that waits for it."""
        assert self.jobs[name].state == "manual"
        del self.jobs[name]
        self.go_on(played=name)
        return self.jobs[name]

    def go_on(self, played: str | None = None) -> None:
        jobs = {name: job for name, job in self.content.items() if name not in _GLOBAL and not name.startswith(".")}
        for stage in self.content["stages"]:
            for name, job in jobs.items():
                assert set(job) <= _KEYS, set(job) - _KEYS
                rule = next((rule for rule in job["rules"] if holds(rule["if"], self.variables)), None)
                if job["stage"] == stage and rule is not None and name not in self.jobs:
                    assert set(rule) <= {"if", "when"}
                    self.jobs[name] = self._job(name, job, rule, is_played=name == played)

    def _job(self, name: str, job: Mapping[str, Any], rule: Mapping[str, str], *, is_played: bool) -> JobResult:
        if any(self.jobs[one].state != "success" for one in job.get("needs", [])):
            return JobResult("skipped")
        if rule.get("when") == "manual" and not is_played:
            return JobResult("manual")
        workspace, home = self.folder / name / "workspace", self.folder / name / "home"
        home.mkdir(parents=True)
        self._check_out(workspace)
        for one in job.get("needs", []):
            for path, content in self.artifacts.get(one, {}).items():
                (workspace / path).parent.mkdir(parents=True, exist_ok=True)
                (workspace / path).write_bytes(content)
        environ = {
            **self.content["variables"],
            **self.variables,
            **self.runner.secrets[""],
            **self.runner.secrets.get(job.get("environment", ""), {}),
            "RECONCILER_GITLAB_TOKEN": GITLAB_TOKEN,
            "TMPDIR": str(home),
            **job.get("variables", {}),
        }
        done = run_shell("\n".join(lines(job.get("before_script", []), job["script"])), workspace, home, environ)
        if done.code == 0 or job.get("artifacts", {}).get("when") == "always":
            self._keep(name, job, workspace)
        return JobResult("failure" if done.code else "success", done.output)

    def _check_out(self, folder: Path) -> None:
        assert self.content["variables"]["GIT_DEPTH"] == "0"
        checkout = Checkout.new(folder)
        branches = "+refs/heads/*:refs/remotes/origin/*"
        commit = self.variables["CI_COMMIT_SHA"]
        checkout.git("fetch", "--quiet", self.runner.origin.folder.as_uri(), commit, branches)
        checkout.git("checkout", "--quiet", "--detach", commit)

    def _keep(self, name: str, job: Mapping[str, Any], workspace: Path) -> None:
        files = {
            file.relative_to(workspace).as_posix(): file.read_bytes()
            for path in job.get("artifacts", {}).get("paths", [])
            for file in sorted((workspace / path).rglob("*"))
            if file.is_file()
        }
        if files:
            self.artifacts[name] = files
            about = {"branch": self.variables.get("CI_COMMIT_BRANCH"), "event": self.variables["CI_PIPELINE_SOURCE"]}
            self.runner.server.state.keep(files, name=name, **about)


def holds(rule: str, variables: Mapping[str, str]) -> bool:
    """Whether the condition of a rule holds; https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions."""
    for part in rule.strip().split(" && "):
        compared = _COMPARED.fullmatch(part)
        assert compared, f"unknown rule: {part}"
        one, other = (
            side.strip('"') if side.startswith('"') else variables.get(side[1:]) for side in (compared[1], compared[3])
        )
        if (one == other) != (compared[2] == "=="):
            return False
    return True


def lines(*script: Any) -> Iterator[str]:
    """GitLab takes lists of lists of lines for one script."""
    for part in script:
        if isinstance(part, str):
            yield part
        else:
            yield from lines(*part)
