"""`forge …`: what pipelines call, on either forge; whose words count, and whose plans."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.render.marker import marker
from tests.cli.conftest import Result, Workspace, an_environment, workspace
from tests.forge.conftest import COMMIT, WORKFLOW, Job
from tests.support.documents import ROOT
from tests.support.forge_server import Reply

__all__ = ["workspace"]

# A whole plan with changes, as `plan --output json=` writes it.
SAVED = (ROOT / "tests/scenarios/token-nobody-used/plan.json").read_text("utf-8")
DIGEST = json.loads(SAVED)["digest"]
OTHER = "sha256:" + "0" * 64


@pytest.fixture
def run(job: Job, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name, value in job.environ.items():
        monkeypatch.setenv(name, value)
    (workspace.folder / "plans").mkdir()
    return workspace.run


def saved(workspace: Workspace, name: str = "production", **changes: object) -> None:
    document = {**json.loads(SAVED), "environment": name, **changes}
    (workspace.folder / f"plans/{name}.json").write_text(json.dumps(document), encoding="utf-8")
    text = f"**{name}**: a plan\n\n{marker(name)}\n"
    (workspace.folder / f"plans/{name}.md").write_text(text, encoding="utf-8")


def shown(digest: str, name: str = "production") -> str:
    return f"**{name}**: a plan\n\n<!-- reconciler-plan: {digest} -->\n{marker(name)}\n"


def merged(job: Job, *numbers: int) -> None:
    job.server.state.merged[COMMIT] = list(numbers)


def test_a_comment_holds_the_digest_of_its_plan_before_its_mark(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    saved(workspace)
    (workspace.folder / "plans/new.md").write_text(f"**new**: not planned\n\n{marker('new')}\n", encoding="utf-8")
    assert run("forge", "comment", "plans").code == 0
    new, production = sorted(str(one["body"]) for one in job.server.state.on(12))
    assert production == f"**production**: a plan\n\n<!-- reconciler-plan: {DIGEST} -->\n{marker('production')}\n"
    assert "reconciler-plan" not in new


@pytest.mark.parametrize(
    ("code", "said"),
    [(0, "this change no longer touches it"), (3, "not planned: see the log of the check")],
)
def test_an_older_comment_says_why_it_holds_no_plan_any_more(
    job: Job, run: Callable[..., Result], code: int, said: str
) -> None:
    job.server.state.say(12, job.me, shown(DIGEST))
    assert run("forge", "comment", "plans", "--exit-code", str(code)).code == 0
    (body,) = (str(one["body"]) for one in job.server.state.on(12))
    assert body == f"**production**: {said}.\n\n{marker('production')}\n"


def test_the_longest_comment_still_holds_its_digest_and_is_taken(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    """A plan's comment has 60,000 characters at most, whatever changes."""
    saved(workspace)
    tail = f"\n{marker('production')}\n"
    lines = "- a change\n" * 6000
    text = lines[: 60_000 - len(tail)] + tail
    (workspace.folder / "plans/production.md").write_text(text, encoding="utf-8")
    assert run("forge", "comment", "plans").code == 0
    (body,) = (str(one["body"]) for one in job.server.state.on(12))
    assert body.endswith(f"<!-- reconciler-plan: {DIGEST} -->\n{marker('production')}\n")
    assert "did not fit" not in body


def test_a_file_that_is_no_comment_of_this_tool_is_not_posted(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    (workspace.folder / "plans/notes.md").write_text("my notes\n", encoding="utf-8")
    assert run("forge", "comment", "plans").code == 64
    assert job.server.asked == []
    assert run("forge", "comment", "nowhere").code == 64


def test_the_plan_that_was_shown_on_the_merged_pull_request_is_reviewed(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    saved(workspace)
    job.server.state.say(12, job.me, shown(DIGEST))
    merged(job, 11, 12)
    assert run("forge", "reviewed", "plans").code == 0


@pytest.mark.parametrize(
    "case", ["nothing", "another digest", "another environment", "another author", "not merged", "quoted", "outdated"]
)
def test_any_other_plan_is_not(job: Job, run: Callable[..., Result], workspace: Workspace, case: str) -> None:
    saved(workspace)
    merged(job, *([] if case == "not merged" else [12]))
    said = {
        "another digest": (job.me, shown(OTHER)),
        "another environment": (job.me, shown(DIGEST, "sandbox")),
        "another author": ("mallory", shown(DIGEST)),
        "not merged": (job.me, shown(DIGEST)),
        "quoted": (job.me, f"{shown(DIGEST)}\nThis is what I see."),
        "outdated": (job.me, f"**production**: this change no longer touches it.\n\n{marker('production')}\n"),
    }
    if case in said:
        job.server.state.say(12, *said[case])
    result = run("forge", "reviewed", "plans")
    assert result.code == 6
    assert "not-reviewed" in result.err
    assert "start the workflow by hand" in result.err


@pytest.mark.parametrize("case", ["still open", "into another branch"])
def test_a_plan_on_a_pull_request_that_was_not_merged_here_is_not_reviewed(
    job: Job, run: Callable[..., Result], workspace: Workspace, case: str
) -> None:
    """A commit may also be on a pull request that nobody merged, or that went elsewhere: anybody can open one."""
    saved(workspace)
    merged(job, 12)
    if case == "still open":
        job.server.state.still_open.add(12)
    else:
        job.server.state.branches[12] = "playground"
    job.server.state.say(12, job.me, shown(DIGEST))
    assert run("forge", "reviewed", "plans").code == 6


def test_a_comment_holds_no_digest_of_another_environments_plan(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    saved(workspace)
    file = workspace.folder / "plans/production.json"
    file.write_text(json.dumps({**json.loads(SAVED), "environment": "sandbox"}), encoding="utf-8")
    assert run("forge", "comment", "plans").code == 0
    (body,) = (str(one["body"]) for one in job.server.state.on(12))
    assert "reconciler-plan" not in body


def test_a_plan_without_changes_needs_no_review(job: Job, run: Callable[..., Result], workspace: Workspace) -> None:
    saved(workspace, changes=[], steps=[])
    assert run("forge", "reviewed", "plans").code == 0
    assert job.server.asked == []


def approved(job: Job, files: dict[str, bytes], **about: object) -> None:
    given = {"branch": "main", "event": "push", "workflow": WORKFLOW}
    given["name"] = "reconciler-apply" if job.server.kind == "gitlab" else "reconciler-approved"
    job.server.state.keep(files, **(given | about))


def test_the_newest_plan_of_each_environment_that_was_let_through_is_fetched(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    for name in ("production", "sandbox", "quiet"):
        workspace.write(name, an_environment("http://127.0.0.1:9"))
    approved(job, {"production.json": b"oldest", "sandbox.json": b"of sandbox"})
    approved(job, {"production.json": b"newest", "gone.json": b"of an environment that is gone"})
    result = run("forge", "approved", "got/it")
    assert result.code == 0
    got = {file.name: file.read_bytes() for file in Path("got/it").iterdir()}
    assert got == {"production.json": b"newest", "sandbox.json": b"of sandbox"}
    assert "quiet: nothing was approved" in result.err


@pytest.mark.parametrize(
    ("job", "about"),
    [
        ("github", {"branch": "a-branch-of-mine"}),
        ("github", {"event": "pull_request"}),
        ("github", {"event": "schedule"}),
        ("github", {"workflow": ".github/workflows/mine.yml"}),
        ("github", {"head_repository": 666}),
        ("github", {"name": "reconciler-plan"}),
        ("github", {"expired": True}),
        ("gitlab", {"branch": "a-branch-of-mine"}),
        ("gitlab", {"event": "merge_request_event"}),
        ("gitlab", {"event": "schedule"}),
        ("gitlab", {"name": "reconciler-plan"}),
        ("gitlab", {"expired": True}),
        ("gitlab", {"tag": True}),
    ],
    indirect=["job"],
)
def test_nobody_else_can_leave_a_plan_to_be_resumed(
    job: Job, run: Callable[..., Result], workspace: Workspace, about: dict[str, object]
) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    approved(job, {"production.json": b"forged"}, **about)
    result = run("forge", "approved", "got")
    assert result.code == 0
    assert list(Path("got").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../production.json", "/etc/production.json", "x/../../production.json", "production"]
)
def test_no_name_in_an_archive_leads_out_of_the_folder(
    job: Job, run: Callable[..., Result], workspace: Workspace, name: str
) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    approved(job, {name: b"content"})
    before = set(workspace.folder.parent.rglob("*.json"))
    assert run("forge", "approved", "got").code == 0
    new = set(workspace.folder.parent.rglob("*.json")) - before
    assert new <= {workspace.folder / "got/production.json"}


def test_an_artifact_is_fetched_from_no_place_where_others_read_along(
    job: Job, run: Callable[..., Result], workspace: Workspace
) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    approved(job, {"production.json": b"content"})
    elsewhere = Reply(302, {}, {"Location": "http://files.invalid/1?signature=of-the-forge"})
    job.server.troubles.append((r"GET .*/[0-9]+/(zip|artifacts)", elsewhere))
    result = run("forge", "approved", "got")
    assert result.code == 1
    assert "leads to no https address" in result.err
    assert "signature" not in result.err


def test_a_netrc_gives_nothing_to_where_a_forge_keeps_its_files(
    job: Job, run: Callable[..., Result], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in's storage takes no request with credentials."""
    netrc = workspace.folder / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    approved(job, {"production.json": b"content"})
    assert run("forge", "approved", "got").code == 0
    assert Path("got/production.json").read_bytes() == b"content"


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 10])
def test_the_issue_says_first_how_it_stands(job: Job, run: Callable[..., Result], code: int) -> None:
    page = Path("drift.md")
    page.write_text("# details\n", encoding="utf-8")
    assert run("forge", "issue", "--exit-code", str(code), "drift.md").code == 0
    opened = [one["body"] for one in job.server.state.issues]
    assert len(opened) == (0 if code in {0, 10} else 1), "only what somebody has to look at opens one"
    for body in opened:
        assert body.endswith(".\n\n# details\n\n<!-- reconciler-drift -->\n")
    assert run("forge", "issue", "--exit-code", "0", "drift.md").code == 0
    assert [one["open"] for one in job.server.state.issues] == [False] * len(opened)


@pytest.mark.parametrize(
    ("content", "said"), [(b"\xff", "not UTF-8"), (b" " * (4 * 1024 * 1024 + 1), "larger than any comment")]
)
def test_a_page_that_is_none_is_told(run: Callable[..., Result], content: bytes, said: str) -> None:
    Path("drift.md").write_bytes(content)
    result = run("forge", "issue", "--exit-code", "2", "drift.md")
    assert result.code == 64
    assert said in result.err
    assert run("forge", "issue", "--exit-code", "2", "nowhere.md").code == 64


def test_a_folder_that_cannot_be_made_is_told(job: Job, run: Callable[..., Result], workspace: Workspace) -> None:
    workspace.write("production", an_environment("http://127.0.0.1:9"))
    approved(job, {"production.json": b"content"})
    Path("file").write_text("", encoding="utf-8")
    result = run("forge", "approved", "file/folder")
    assert result.code == 64
    assert "cannot be made" in result.err


def test_outside_of_a_pipeline_it_says_where_it_belongs(workspace: Workspace) -> None:
    (workspace.folder / "plans").mkdir()
    result = workspace.run("forge", "comment", "plans")
    assert result.code == 64
    assert "GitHub Actions or GitLab CI" in result.err
