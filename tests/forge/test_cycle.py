"""From a pull request to an issue that closes: the files that `init` writes, run step by step with their own shell.

The account is the emulator, the forge the local stand-in.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.cli.main import main
from tests.forge.account import (
    ANN,
    DANA,
    INSTALL,
    PRODUCTION,
    ROLE,
    credentials,
    enter,
    environment,
    new_token,
    old_token_is_revoked,
    secrets_in,
)
from tests.support.checkout import Checkout
from tests.support.emulator import CONNECTOR, Emulator, serving
from tests.support.forge_server import GITHUB_TOKEN, REPOSITORY, ForgeServer
from tests.support.forge_server import forge as forge_serving
from tests.support.github_runner import Environment, Event, Run, Runner

PULL, PUSH, SCHEDULE, BY_HAND = "pull_request", "push", "schedule", "workflow_dispatch"
# Names that a stranger may give to a branch or a file; each would leave a file behind if a shell read it.
HOSTILE_BRANCH = "it's-$(touch${IFS}gotcha)`touch${IFS}gotcha`;touch${IFS}gotcha"
HOSTILE_TITLE = "a title $(touch gotcha)`touch gotcha`\n::error::gotcha\n'; touch gotcha; '"


@dataclass(slots=True)
class Story:
    """A repository on GitHub, and the account that it is about."""

    origin: Checkout
    server: ForgeServer
    emulator: Emulator
    runner: Runner
    secrets: list[str]
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def main(self) -> str:
        return self.origin.git("rev-parse", "main")

    def propose(self, number: int, branch: str = "proposal", **files: str) -> str:
        """A branch with a commit, and the commit that GitHub makes of it and main; returns the latter."""
        self.origin.git("checkout", "--quiet", "-B", branch, "main")
        for path, text in files.items():
            self.origin.write(path, text)
        self.origin.commit("Propose a change")
        self.origin.git("checkout", "--quiet", "--detach", "main")
        self.origin.git("merge", "--quiet", "--no-ff", "--message", "Merge for a check", branch)
        merged = self.origin.git("rev-parse", "HEAD")
        self.origin.git("update-ref", f"refs/pull/{number}/merge", merged)
        self.origin.git("checkout", "--quiet", "main")
        return merged

    def pull_request(self, number: int, commit: str, branch: str = "proposal", repository: str = REPOSITORY) -> Run:
        pull = {
            "number": number,
            "title": HOSTILE_TITLE,
            "body": HOSTILE_TITLE,
            "head": {"ref": branch, "repo": {"full_name": repository}},
            "base": {"ref": "main", "sha": self.main},
        }
        return self.start("pull-request", Event(PULL, commit, f"refs/pull/{number}/merge", {"pull_request": pull}))

    def merge(self, number: int, branch: str = "proposal") -> Run:
        before = self.main
        self.origin.git("merge", "--quiet", "--no-ff", "--message", f"Merge pull request {number}", branch)
        self.server.state.merged[self.main] = [number]
        return self.on_main("apply", PUSH, before=before)

    def on_main(self, workflow: str, name: str, **payload: str) -> Run:
        return self.start(workflow, Event(name, self.main, "refs/heads/main", payload))

    def start(self, workflow: str, event: Event) -> Run:
        run = self.runner.start(f"reconciler-{workflow}", event)
        self.heard(run)
        return run

    def heard(self, run: Run) -> None:
        self.said += [text for job in run.jobs.values() for text in (job.output, job.summary)]

    def approve(self, run: Run) -> None:
        job = run.approve("apply")
        self.heard(run)
        assert job.state == "success", job.output

    def comments(self, number: int) -> list[str]:
        return [str(one["body"]) for one in self.server.state.on(number)]

    def issues(self) -> list[tuple[bool, str]]:
        """Every issue, whether it is open, with its first line."""
        return [(one["open"], one["body"].splitlines()[0]) for one in self.server.state.issues]

    def token_of(self, user: str) -> str:
        """The id of somebody's only token that is not revoked."""
        rows = self.emulator.door("accounts/1234567/tokens")
        (found,) = [
            row["id"] for row in rows if (row["user"], row["application"]) == (user, CONNECTOR) and not row["revoked"]
        ]
        return str(found)

    def nothing_leaked_or_ran(self) -> None:
        assert list(self.folder.rglob("gotcha*")) == []
        told = "\n".join([*self.said, *(str(one["body"]) for one in self.server.state.comments)])
        told += "\n".join(str(one["body"]) for one in self.server.state.issues)
        assert [secret for secret in (*self.secrets, GITHUB_TOKEN) if secret in told] == []


@contextmanager
def story_of(folder: Path) -> Iterator[Story]:
    with serving() as emulator, forge_serving("github", page=5) as server:
        origin = Checkout.new(folder / "origin")
        origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
        assert main(["init", str(origin.folder), "--install", INSTALL]) == 0
        origin.write("environments/production.yaml", environment(emulator.url, ANN))
        origin.commit("Declare what is")
        reading, writing = credentials(emulator)
        environments = {
            "netsuite-read": Environment(reading),
            "netsuite-apply": Environment(reading | writing, main_only=True, reviewed=True),
            "netsuite-resume": Environment(reading | writing, main_only=True),
        }
        runner = Runner(origin, server, folder / "runs", environments)
        yield Story(origin, server, emulator, runner, secrets_in(reading | writing), folder)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with story_of(tmp_path) as one:
        yield one
        one.nothing_leaked_or_ran()


def states(run: Run) -> dict[str, str]:
    return {name: job.state for name, job in run.jobs.items()}


def test_a_change_goes_from_a_pull_request_to_an_issue_that_closes(story: Story) -> None:
    emulator, url = story.emulator, story.emulator.url
    assert states(story.on_main("drift", SCHEDULE)) == {"drift": "success"}
    assert story.issues() == [], "everything is as declared"

    # A pull request names another owner: a comment, and nothing written.
    proposed = story.propose(12, HOSTILE_BRANCH, **{PRODUCTION: environment(url, DANA)})
    run = story.pull_request(12, proposed, HOSTILE_BRANCH)
    assert states(run) == {"plan": "success", "validate": "skipped"}, run.jobs["plan"].output
    (comment,) = story.comments(12)
    assert "2 automatic, 4 need a person, 1 waits, no step takes away a working token" in comment.splitlines()[0]
    assert "2 automatic" in run.jobs["plan"].summary

    # A second push, with a guard that would change as well: the same comment, which begins with that.
    guarded = environment(url, DANA, guards={"max_removals": 30})
    proposed = story.propose(12, HOSTILE_BRANCH, **{PRODUCTION: guarded})
    assert states(story.pull_request(12, proposed, HOSTILE_BRANCH))["plan"] == "success"
    (comment,) = story.comments(12)
    assert comment.index("guards") < comment.index("integrations.netsuite-connector.token")

    # That was a mistake; the comment is as it was. Merged, the plan waits for an approval.
    proposed = story.propose(12, HOSTILE_BRANCH, **{PRODUCTION: environment(url, DANA)})
    story.pull_request(12, proposed, HOSTILE_BRANCH)
    merged = story.merge(12, HOSTILE_BRANCH)
    assert states(merged) == {"plan": "success", "apply": "waiting", "resume": "skipped"}, merged.jobs["plan"].output
    assert "this is the plan that was reviewed" in merged.jobs["plan"].output
    assert emulator.writes() == []

    # The schedule meanwhile finds nothing that was approved, and drift opens an issue.
    resumed = story.on_main("apply", SCHEDULE)
    assert states(resumed) == {"plan": "skipped", "apply": "skipped", "resume": "success"}, resumed.jobs
    assert "nothing was approved" in resumed.jobs["resume"].output
    assert emulator.writes() == []
    story.on_main("drift", SCHEDULE)
    assert story.issues() == [(True, "An account differs from what is declared.")]

    story.approve(merged)
    assert len(emulator.writes()) == 1

    # People act; the schedule goes on, and does what becomes possible.
    token = new_token(emulator)
    story.on_main("drift", SCHEDULE)
    assert story.issues() == [(True, "Only handovers that are under way differ; they wait for people or time.")]
    enter(emulator, token)
    assert states(story.on_main("apply", SCHEDULE))["resume"] == "success"
    old_token_is_revoked(emulator)
    assert len(emulator.writes()) == 1
    assert states(story.on_main("apply", SCHEDULE))["resume"] == "success"
    assert len(emulator.writes()) == 2, "the role of the previous owner is taken away by the schedule"

    # Nothing is left: the issue closes, the schedule rests, and the approval is used up.
    story.on_main("drift", SCHEDULE)
    assert story.issues() == [(False, "Everything is as declared. This issue opens again when that changes.")]
    rested = story.on_main("apply", SCHEDULE)
    assert "Nothing that was approved is left to do." in rested.jobs["resume"].summary

    # What differs later was approved by nobody: the schedule is red and writes nothing, and the issue opens again.
    emulator.act(f"tokens/{story.token_of(DANA)}/revoke")
    late = story.on_main("apply", SCHEDULE).jobs["resume"]
    assert (late.state, "stale" in late.output) == ("failure", True), late.output
    story.on_main("drift", SCHEDULE)
    assert story.issues() == [(True, "An account differs from what is declared.")]
    assert len(emulator.writes()) == 2


def test_a_run_that_could_not_look_keeps_the_issue_open_and_is_red(story: Story) -> None:
    story.origin.write(PRODUCTION, environment(story.emulator.url, DANA))
    story.origin.commit("Declare another owner")
    story.on_main("drift", SCHEDULE)
    story.origin.write(PRODUCTION, environment(story.emulator.url, ANN))
    story.origin.commit("Declare what is")
    story.runner.environments["netsuite-read"].secrets = {}
    run = story.on_main("drift", SCHEDULE)
    assert states(run) == {"drift": "failure"}
    assert story.issues() == [
        (True, "Something could not be read, so nobody can say whether accounts are as declared.")
    ]


def test_a_plan_that_reviewers_did_not_see_is_applied_by_hand_only(story: Story) -> None:
    """A fact moves between review and merge: the merge is refused, and a person who reads the new plan goes on."""
    proposed = story.propose(12, **{PRODUCTION: environment(story.emulator.url, DANA)})
    story.pull_request(12, proposed)
    emulator = story.emulator
    emulator.act("tokens", application=CONNECTOR, user=ANN, role=ROLE, name="made by somebody")
    merged = story.merge(12)
    assert states(merged)["plan"] == "failure"
    assert "not-reviewed" in merged.jobs["plan"].output
    assert states(merged)["apply"] == "skipped"

    by_hand = story.on_main("apply", BY_HAND)
    assert states(by_hand) == {"plan": "success", "apply": "waiting", "resume": "skipped"}, by_hand.jobs["plan"].output
    assert "made by somebody" in by_hand.jobs["plan"].summary


def test_a_pull_request_of_a_fork_is_validated_and_told_why_there_is_no_plan(story: Story) -> None:
    proposed = story.propose(13, **{PRODUCTION: environment(story.emulator.url, DANA)})
    run = story.pull_request(13, proposed, repository="mallory/netsuite")
    assert states(run) == {"plan": "skipped", "validate": "success"}, run.jobs["validate"].output
    assert "Plan skipped: no credentials." in run.jobs["validate"].summary
    assert "::notice title=reconciler::Plan skipped: no credentials." in run.jobs["validate"].output
    assert story.emulator.requests() == []
    assert story.server.asked == []

    wrong = environment(story.emulator.url, DANA).replace('"owner"', '"ownr"')
    run = story.pull_request(13, story.propose(13, **{PRODUCTION: wrong}), repository="mallory/netsuite")
    assert states(run)["validate"] == "failure"
    assert re.search(r"^::error file=environments/production.yaml,line=\d+", run.jobs["validate"].output, re.MULTILINE)


def test_a_pull_request_that_changes_the_pipeline_alone_is_annotated(story: Story) -> None:
    workflow = ".github/workflows/reconciler-apply.yml"
    text = (story.origin.folder / workflow).read_text("utf-8").replace("30m", "31m").replace("netsuite-apply", "none")
    run = story.pull_request(16, story.propose(16, **{workflow: text}))
    assert states(run)["plan"] == "success", run.jobs["plan"].output
    (annotation,) = re.findall(r"^::warning .*", run.jobs["plan"].output, re.MULTILINE)
    assert f"file={workflow},line=" in annotation
    assert story.comments(16) == []


def hostile(story: Story) -> dict[str, str]:
    """Another action, another requirement, packages in the way of ours: all of it is data."""
    action, local = ".github/actions/reconciler/action.yml", "environments/local.yaml"
    gotcha = f"open({str(story.folder / 'gotcha')!r}, 'w')\n"
    names = ("reconciler/__init__", "reconciler/__main__", "reconciler/emulator/__main__", "json", "sitecustomize")
    return {
        PRODUCTION: environment(story.emulator.url, DANA),
        local: (story.origin.folder / local).read_text("utf-8").replace(DANA, "lee.wong@example.com"),
        action: (story.origin.folder / action).read_text("utf-8").replace("shopt", "touch gotcha; shopt"),
        ".github/actions/reconciler/requirements.txt": "gotcha\n",
        **{f"{name}.py": gotcha for name in names},
    }


@pytest.mark.parametrize("repository", [REPOSITORY, "mallory/netsuite"])
def test_nothing_that_a_pull_request_brings_is_executed(story: Story, repository: str) -> None:
    run = story.pull_request(14, story.propose(14, HOSTILE_BRANCH, **hostile(story)), HOSTILE_BRANCH, repository)
    assert sorted(states(run).values()) == ["skipped", "success"], run.jobs
    (installed,) = story.folder.rglob("installed")
    assert INSTALL in installed.read_text("utf-8").splitlines(), "from the base branch"
    if repository == REPOSITORY:
        local, production = sorted(story.comments(14))
        assert "EMULATOR" in local
        assert production.index("action.yml") < production.index("integrations.netsuite-connector.token")


@pytest.mark.parametrize("name", ["$(touch gotcha)", "`touch gotcha`\n::error::gotcha", "-o gotcha"])
def test_a_file_name_for_a_shell_is_refused_as_a_name(story: Story, name: str) -> None:
    story.pull_request(15, story.propose(15, **{PRODUCTION: environment(story.emulator.url, DANA)}))
    files = {PRODUCTION: environment(story.emulator.url, DANA), f"environments/{name}.yaml": "version: 1\n"}
    run = story.pull_request(15, story.propose(15, **files))
    assert states(run)["plan"] == "failure"
    assert not re.search(r"^::error::gotcha", run.jobs["plan"].output, re.MULTILINE)
    (comment,) = story.comments(15)
    assert comment.startswith("**production**: not planned"), "what stood there was about an earlier commit"
