"""The same way on GitLab: the template that `init` writes, job by job with its own shell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.cli.main import main
from tests.forge.account import (
    ANN,
    DANA,
    INSTALL,
    PRODUCTION,
    credentials,
    enter,
    environment,
    new_token,
    old_token_is_revoked,
    secrets_in,
)
from tests.support.checkout import Checkout
from tests.support.emulator import Emulator, serving
from tests.support.forge_server import GITLAB_TOKEN, PROJECT, ForgeServer
from tests.support.forge_server import forge as forge_serving
from tests.support.gitlab_runner import Pipeline, Runner

BRANCH = "it's-$(touch${IFS}gotcha)`touch${IFS}gotcha`"
MERGE_REQUEST, PUSH, SCHEDULE, BY_HAND = "merge_request_event", "push", "schedule", "web"


class Story:
    """A project on GitLab, and the account that it is about."""

    def __init__(self, origin: Checkout, server: ForgeServer, emulator: Emulator, folder: Path) -> None:
        self.origin, self.server, self.emulator, self.folder = origin, server, emulator, folder
        reading, writing = credentials(emulator)
        self.secrets = [*secrets_in(reading | writing), GITLAB_TOKEN]
        self.runner = Runner(origin, server, folder / "runs", {"": reading, "netsuite": writing})
        self.said: list[str] = []

    def propose(self, number: int, project: str = PROJECT, **files: str) -> Pipeline:
        self.origin.git("checkout", "--quiet", "-B", BRANCH, "main")
        for path, text in files.items():
            self.origin.write(path, text)
        head = self.origin.commit("Propose a change")
        self.origin.git("checkout", "--quiet", "main")
        return self.heard(
            self.runner.start(
                MERGE_REQUEST,
                head,
                CI_MERGE_REQUEST_IID=str(number),
                CI_MERGE_REQUEST_TITLE="$(touch gotcha)`touch gotcha`\n",
                CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=BRANCH,
                CI_MERGE_REQUEST_SOURCE_PROJECT_ID=project,
                CI_MERGE_REQUEST_DIFF_BASE_SHA=self.origin.git("merge-base", "main", head),
            )
        )

    def merge(self, number: int) -> Pipeline:
        before = self.origin.git("rev-parse", "main")
        self.origin.git("merge", "--quiet", "--no-ff", "--message", f"Merge branch of !{number}", BRANCH)
        self.server.state.merged[self.origin.git("rev-parse", "main")] = [number]
        return self.on_main(PUSH, CI_COMMIT_BEFORE_SHA=before)

    def on_main(self, source: str, **variables: str) -> Pipeline:
        return self.heard(self.runner.start(source, self.origin.git("rev-parse", "main"), "main", **variables))

    def scheduled(self, what: str) -> Pipeline:
        return self.on_main(SCHEDULE, RECONCILER_SCHEDULE=what)

    def heard(self, pipeline: Pipeline) -> Pipeline:
        self.said += [job.output for job in pipeline.jobs.values()]
        return pipeline

    def notes(self, number: int) -> list[str]:
        return [str(one["body"]) for one in self.server.state.on(number)]

    def issues(self) -> list[tuple[bool, str]]:
        return [(one["open"], one["body"].splitlines()[0]) for one in self.server.state.issues]

    def nothing_leaked_or_ran(self) -> None:
        assert list(self.folder.rglob("gotcha*")) == []
        told = "\n".join([*self.said, *(str(one["body"]) for one in self.server.state.comments)])
        assert [secret for secret in self.secrets if secret in told] == []


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with serving() as emulator, forge_serving("gitlab", page=5) as server:
        origin = Checkout.new(tmp_path / "origin")
        origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
        assert main(["init", str(origin.folder), "--ci", "gitlab", "--install", INSTALL]) == 0
        origin.write(PRODUCTION, environment(emulator.url, ANN))
        origin.commit("Declare what is")
        one = Story(origin, server, emulator, tmp_path)
        yield one
        one.nothing_leaked_or_ran()


def states(pipeline: Pipeline) -> dict[str, str]:
    return {name.removeprefix("reconciler-"): job.state for name, job in pipeline.jobs.items()}


def test_a_change_goes_from_a_merge_request_to_an_issue_that_closes(story: Story) -> None:
    emulator = story.emulator
    proposed = story.propose(12, **{PRODUCTION: environment(emulator.url, DANA)})
    assert states(proposed) == {"merge-request": "success"}, proposed.jobs
    (note,) = story.notes(12)
    assert "2 automatic, 4 need a person" in note.splitlines()[0]

    merged = story.merge(12)
    assert states(merged) == {"plan": "success", "apply": "manual"}, merged.jobs
    assert "this is the plan that was reviewed" in merged.jobs["reconciler-plan"].output
    assert states(story.scheduled("resume")) == {"resume": "success"}
    assert emulator.writes() == [], "nothing was approved yet"
    assert states(story.scheduled("drift")) == {"drift": "success"}
    assert story.issues() == [(True, "An account differs from what is declared.")]

    applied = merged.play("reconciler-apply")
    assert applied.state == "success", applied.output
    assert len(emulator.writes()) == 1

    enter(emulator, new_token(emulator))
    story.scheduled("drift")
    assert story.issues() == [(True, "Only handovers that are under way differ; they wait for people or time.")]
    old_token_is_revoked(emulator)
    resumed = story.scheduled("resume")
    assert states(resumed) == {"resume": "success"}, resumed.jobs
    assert len(emulator.writes()) == 2, "the role of the previous owner is taken away by the schedule"

    story.scheduled("drift")
    assert story.issues() == [(False, "Everything is as declared. This issue opens again when that changes.")]
    rested = story.scheduled("resume")
    assert "Nothing that was approved is left to do." in rested.jobs["reconciler-resume"].output


def test_a_plan_that_reviewers_did_not_see_is_applied_by_hand_only(story: Story) -> None:
    story.origin.write(PRODUCTION, environment(story.emulator.url, DANA))
    before = story.origin.git("rev-parse", "main")
    story.origin.commit("Push past every review")
    pushed = story.on_main(PUSH, CI_COMMIT_BEFORE_SHA=before)
    assert states(pushed) == {"plan": "failure", "apply": "skipped"}
    assert "not-reviewed" in pushed.jobs["reconciler-plan"].output
    by_hand = story.on_main(BY_HAND)
    assert states(by_hand) == {"plan": "success", "apply": "manual"}, by_hand.jobs


def test_a_merge_request_of_a_fork_is_validated_and_told_why_there_is_no_plan(story: Story) -> None:
    proposed = story.propose(13, project="666", **{PRODUCTION: environment(story.emulator.url, DANA)})
    assert states(proposed) == {"merge-request-of-a-fork": "success"}, proposed.jobs
    assert "Plan skipped, no credentials." in proposed.jobs["reconciler-merge-request-of-a-fork"].output
    assert story.emulator.requests() == []
    assert story.server.asked == []


@pytest.mark.parametrize("name", ["plans/production.md", "approved/production.json", "drift.md"])
def test_what_is_checked_out_cannot_pass_for_what_a_job_made(story: Story, name: str) -> None:
    shown = "**production**: nothing to see here\n\n<!-- reconciler: production -->\n"
    proposed = story.propose(15, **{name: shown, "environments/sandbox.yaml": environment(story.emulator.url, DANA)})
    assert states(proposed) == {"merge-request": "failure"}
    assert story.notes(15) == []
    merged = story.merge(15)
    assert states(merged) == {"plan": "failure", "apply": "skipped"}
    assert states(story.scheduled("resume")) == {"resume": "failure"}
    assert states(story.scheduled("drift")) == {"drift": "failure"}
    assert story.issues() == []


def test_what_is_installed_and_what_stands_in_the_folder_are_not_the_merge_requests(story: Story) -> None:
    gotcha = f"open({str(story.folder / 'gotcha')!r}, 'w')\n"
    files = {PRODUCTION: environment(story.emulator.url, DANA), ".gitlab/requirements.txt": "gotcha\n"}
    files |= {f"{name}.py": gotcha for name in ("reconciler/__init__", "reconciler/emulator/__main__", "json")}
    proposed = story.propose(14, **files)
    assert states(proposed) == {"merge-request": "success"}, proposed.jobs
    (installed,) = story.folder.rglob("installed")
    assert INSTALL in installed.read_text("utf-8").splitlines(), "from the target branch"
    (note,) = story.notes(14)
    assert note.index(".gitlab/requirements.txt") < note.index("integrations.netsuite-connector.token")
