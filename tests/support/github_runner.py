"""Runs workflows of GitHub: their very files, from the commit that GitHub would take them from, with their very shell.

Only what `init` writes is understood; a key, an action or an expression beyond it is refused. The variables of a step
are what GitHub sets and what the step asks for, and nothing else of this process.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.checkout import Checkout
from tests.support.expressions import evaluated, filled
from tests.support.forge_server import GITHUB_TOKEN, REPOSITORY, ForgeServer
from tests.support.shell import run_shell

_WORKFLOWS = ".github/workflows"
_JOB_KEYS = {
    *("name", "if", "needs", "runs-on", "timeout-minutes", "environment", "permissions", "outputs", "steps"),
}
_STEP_KEYS = {"name", "id", "if", "uses", "with", "env", "run", "shell", "working-directory"}


@dataclass(frozen=True, slots=True)
class Event:
    """What started a run: the commit that GITHUB_SHA names, the branch, and what the event says."""

    name: str
    commit: str
    ref: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class JobResult:
    """How a job ended: success, failure, skipped or waiting; `output` is its log, `summary` the page of its steps."""

    state: str
    output: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Environment:
    """An environment of the repository: who may use its secrets, and whether somebody has to say so."""

    secrets: Mapping[str, str]
    main_only: bool = False
    reviewed: bool = False


@dataclass(slots=True)
class Runner:
    """One repository with its forge; `origin` is what is cloned, `folder` is where jobs work."""

    origin: Checkout
    server: ForgeServer
    folder: Path
    environments: Mapping[str, Environment]
    _runs: int = 0

    def start(self, workflow: str, event: Event) -> "Run":
        """Run all jobs that nobody has to approve."""
        self._runs += 1
        text = self.origin.git("show", f"{event.commit}:{_WORKFLOWS}/{workflow}.yml")
        run = Run(self, f"{_WORKFLOWS}/{workflow}.yml", yaml.safe_load(text), event, self.folder / f"run-{self._runs}")
        run.go_on()
        return run


@dataclass(slots=True)
class Run:
    """One run of one workflow."""

    runner: Runner
    path: str
    workflow: Mapping[Any, Any]
    event: Event
    folder: Path
    jobs: dict[str, JobResult] = field(default_factory=dict)
    artifacts: dict[str, dict[str, bytes]] = field(default_factory=dict)

    @property
    def triggers(self) -> Mapping[str, Any]:
        # YAML 1.1 reads the key `on` as true.
        found: Mapping[str, Any] = self.workflow[True]
        return found

    def approve(self, job: str) -> JobResult:
        """Somebody who may do so lets a waiting job through."""
        assert self.jobs[job].state == "waiting"
        del self.jobs[job]
        self.go_on(approved=job)
        return self.jobs[job]

    def go_on(self, approved: str | None = None) -> None:
        assert self.event.name in self.triggers, f"{self.path} does not run on {self.event.name}"
        assert self.workflow["permissions"] == {}
        for name, job in self.workflow["jobs"].items():
            if name not in self.jobs:
                self.jobs[name] = self._job(name, job, is_approved=name == approved)

    def _job(self, name: str, job: Mapping[str, Any], *, is_approved: bool) -> JobResult:
        assert set(job) <= _JOB_KEYS, set(job) - _JOB_KEYS
        needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        states = {self.jobs[one].state for one in needs}
        contexts = self._contexts(needs)
        if states - {"success"} or evaluated(job.get("if", "'true'"), contexts) != "true":
            return JobResult("skipped")
        environment = self.runner.environments[job["environment"]] if "environment" in job else Environment({})
        if environment.main_only:
            assert self.event.ref == "refs/heads/main", "this environment is closed to other branches"
        if environment.reviewed and not is_approved:
            return JobResult("waiting")
        self.runner.server.permissions = job["permissions"]
        working = _Job(self, self.folder / name, {**contexts, "secrets": environment.secrets})
        return working.run(job)

    def _contexts(self, needs: list[str]) -> dict[str, Any]:
        github = {
            "repository": REPOSITORY,
            "event": self.event.payload,
            "event_name": self.event.name,
            "sha": self.event.commit,
            "token": GITHUB_TOKEN,
        }
        return {"github": github, "needs": {one: {"outputs": self.jobs[one].outputs} for one in needs}, "secrets": {}}


class _Job:
    """One job on a machine of its own: a workspace, a place for temporary files, and no memory of others."""

    def __init__(self, run: Run, folder: Path, contexts: Mapping[str, Any]) -> None:
        self.run_of, self.contexts = run, contexts
        self.workspace, self.temp = folder / "workspace", folder / "temp"
        for place in (self.workspace, self.temp, folder / "home"):
            place.mkdir(parents=True)
        self.event_file = folder / "event.json"
        self.event_file.write_text(json.dumps(run.event.payload), encoding="utf-8")
        self.summary = folder / "summary.md"
        self.summary.touch()
        self.home = folder / "home"
        self.log: list[str] = []

    def run(self, job: Mapping[str, Any]) -> JobResult:
        steps: dict[str, dict[str, Any]] = {}
        went_well = self._steps(job["steps"], {**self.contexts, "steps": steps, "runner": {"temp": str(self.temp)}}, {})
        outputs = {
            key: filled(value, {**self.contexts, "steps": steps}) for key, value in job.get("outputs", {}).items()
        }
        state = "success" if went_well else "failure"
        return JobResult(state, "".join(self.log), self.summary.read_text("utf-8"), outputs if went_well else {})

    def _steps(self, steps: list[dict[str, Any]], contexts: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
        for step in steps:
            assert set(step) <= _STEP_KEYS, set(step) - _STEP_KEYS
            if evaluated(step.get("if", "'true'"), contexts) != "true":
                continue
            own = {**environ, **{key: filled(value, contexts) for key, value in step.get("env", {}).items()}}
            outputs = self._used(step, contexts, own) if "uses" in step else self._shell(step, contexts, own)
            if outputs is None:
                return False
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs}
        return True

    def _shell(
        self, step: Mapping[str, Any], contexts: Mapping[str, Any], environ: Mapping[str, str]
    ) -> dict[str, str] | None:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression in a shell"
        output = self.temp / "output"
        output.write_text("", encoding="utf-8")
        event = self.run_of.event
        done = run_shell(
            step["run"],
            self.workspace / filled(step.get("working-directory", "."), contexts),
            self.home,
            {
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_API_URL": self.run_of.runner.server.url,
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_EVENT_PATH": str(self.event_file),
                "GITHUB_EVENT_NAME": event.name,
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_SHA": event.commit,
                "GITHUB_REF": event.ref,
                "GITHUB_REF_NAME": event.ref.removeprefix("refs/heads/").removeprefix("refs/pull/"),
                "GITHUB_HEAD_REF": str(event.payload.get("pull_request", {}).get("head", {}).get("ref", "")),
                "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/{self.run_of.path}@{event.ref}",
                "GITHUB_ACTION_PATH": str(contexts.get("action_path", "")),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "RUNNER_TEMP": str(self.temp),
                **environ,
            },
        )
        self.log.append(done.output)
        if done.code:
            return None
        lines = [line.partition("=") for line in output.read_text("utf-8").splitlines()]
        return {key: value for key, _, value in lines}

    def _used(
        self, step: Mapping[str, Any], contexts: Mapping[str, Any], environ: Mapping[str, str]
    ) -> dict[str, str] | None:
        given = {key: filled(str(value), contexts) for key, value in step.get("with", {}).items()}
        name = step["uses"].partition("@")[0]
        match name:
            case "actions/checkout":
                self._check_out(given)
            case "actions/setup-python":
                assert set(given) == {"python-version"}
            case "actions/upload-artifact":
                self._upload(given)
            case "actions/download-artifact":
                assert set(given) == {"name", "path"}
                for file, content in self.run_of.artifacts[given["name"]].items():
                    Path(given["path"]).mkdir(parents=True, exist_ok=True)
                    (Path(given["path"]) / file).write_bytes(content)
            case _:
                assert name.startswith("./"), f"{name} is not known"
                return self._composite(self.workspace / name, given, contexts, environ)
        return {}

    def _composite(
        self, folder: Path, given: Mapping[str, str], outside: Mapping[str, Any], environ: Mapping[str, str]
    ) -> dict[str, str] | None:
        action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        assert action["runs"]["using"] == "composite"
        assert set(given) <= set(action["inputs"])
        missing = {key for key, one in action["inputs"].items() if one.get("required") and key not in given}
        assert not missing
        inputs = {key: given.get(key, one.get("default", "")) for key, one in action["inputs"].items()}
        inner = {"inputs": inputs, "steps": {}, "runner": outside["runner"], "action_path": str(folder)}
        if not self._steps(action["runs"]["steps"], inner, environ):
            return None
        return {key: filled(one["value"], inner) for key, one in action.get("outputs", {}).items()}

    def _check_out(self, given: Mapping[str, str]) -> None:
        assert set(given) <= {"ref", "path", "fetch-depth", "persist-credentials"}
        assert given["persist-credentials"] == "False", "a token would stay in the checkout"
        folder = self.workspace / given.get("path", ".")
        commit = given.get("ref") or self.run_of.event.commit
        checkout = Checkout.new(folder)
        depth = [] if given.get("fetch-depth") == "0" else ["--depth=1"]
        wanted = [commit] if depth else [commit, "+refs/heads/*:refs/remotes/origin/*"]
        checkout.git("fetch", "--quiet", *depth, self.run_of.runner.origin.folder.as_uri(), *wanted)
        checkout.git("checkout", "--quiet", "--detach", commit)

    def _upload(self, given: Mapping[str, str]) -> None:
        assert set(given) <= {"name", "path", "if-no-files-found", "retention-days", "overwrite"}
        pattern = Path(given["path"])
        files = {file.name: file.read_bytes() for file in sorted(pattern.parent.glob(pattern.name))}
        if not files:
            assert given.get("if-no-files-found") == "ignore"
            return
        run, event = self.run_of, self.run_of.event
        run.artifacts[given["name"]] = files
        about = {"branch": event.ref.removeprefix("refs/heads/"), "event": event.name, "workflow": run.path}
        run.runner.server.state.keep(files, name=given["name"], **about)
