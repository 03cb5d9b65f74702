"""`init`: a repository of environments that passes its own checks at once, and keeps what is there."""

import json
import re
from pathlib import Path

import pytest
import yaml

from reconciler.cli.starting import SCHEMA
from reconciler.starter import Ci
from reconciler.wiring.configuration import schema_text
from tests.cli.conftest import Workspace
from tests.support.checkout import Checkout

PINNED = "reconciler[emulator,bucket] @ git+https://example.com/us/reconciler.git@" + "a" * 40
REQUIREMENTS = ".github/actions/reconciler/requirements.txt"


def written(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file() and ".reconciler" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}


@pytest.mark.parametrize("ci", Ci)
def test_the_result_passes_its_own_checks_at_once(
    workspace: Workspace, ci: Ci, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workspace.run("init", "new", "--ci", ci).code == 0
    Checkout.new(workspace.folder / "new").commit()
    monkeypatch.chdir(workspace.folder / "new")

    assert workspace.run("validate").code == 0
    plan = workspace.run("plan", "--detailed-exitcode")
    assert plan.code == 2, plan.err
    assert "EMULATOR" in plan.out
    assert "2 steps are automatic, 4 need a person" in plan.out
    applied = workspace.run("apply", "local", "--auto-approve")
    assert applied.code == 0, applied.err
    assert workspace.run("drift").code == 10, "the handover is under way"
    left = Checkout(workspace.folder / "new").git("status", "--porcelain")
    assert left == "", "what the tool keeps is ignored"


@pytest.mark.parametrize(
    ("ci", "there", "absent"),
    [
        ("github", ".github/workflows/reconciler-pull-request.yml", ".gitlab-ci.yml"),
        ("gitlab", ".gitlab-ci.yml", ".github"),
        ("none", "environments/local.yaml", ".github"),
    ],
)
def test_pipelines_are_those_of_the_forge(workspace: Workspace, ci: str, there: str, absent: str) -> None:
    assert workspace.run("init", "new", "--ci", ci).code == 0
    assert (workspace.folder / "new" / there).is_file()
    assert not (workspace.folder / "new" / absent).exists()


@pytest.mark.parametrize("ci", Ci)
def test_its_readme_speaks_of_what_is_there(workspace: Workspace, ci: Ci) -> None:
    assert workspace.run("init", "new", "--ci", ci).code == 0
    told = written(workspace.folder / "new")["README.md"]
    names = {Path(name).name for name in written(workspace.folder / "new")}

    assert "<!--" not in told
    for name in ("CODEOWNERS", "requirements.txt"):
        assert (name in told) == (name in names)
    assert ("pipelines" in told) == (ci is not Ci.NONE)
    assert told.count("- [ ] ") == (6 if ci is not Ci.NONE else 3)
    assert told.count("\n4. ") == 1
    assert "\n- [ ] `pre-commit install`" in told


def test_who_is_in_a_repository_is_not_told_to_make_one(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Next: cd new && git init && reconciler plan local;" in workspace.run("init", "new").err
    Checkout.new(workspace.folder / "old")
    assert "Next: cd old && reconciler plan local;" in workspace.run("init", "old").err
    assert "Next: cd old/below && reconciler plan local;" in workspace.run("init", "old/below").err
    monkeypatch.chdir(workspace.folder / "old")
    (workspace.folder / "old" / "README.md").unlink()
    assert "Next: reconciler plan local;" in workspace.run("init").err


def test_without_a_folder_it_writes_here_and_says_what(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace.folder / "empty").mkdir()
    monkeypatch.chdir(workspace.folder / "empty")
    result = workspace.run("init")
    files = written(Path())
    assert result.out.splitlines() == [f"created  {path}" for path in sorted(files)]
    assert "git init && reconciler plan local" in result.err


def test_what_is_there_is_kept_and_what_is_missing_is_added(workspace: Workspace) -> None:
    folder = workspace.folder / "ours"
    folder.mkdir()
    (folder / "README.md").write_text("Ours\n", encoding="utf-8")
    (folder / ".gitignore").symlink_to("nowhere")
    first = workspace.run("init", "ours")
    assert "kept     README.md" in first.out
    assert "kept     .gitignore" in first.out
    assert (folder / "README.md").read_text("utf-8") == "Ours\n"
    assert not (folder / "nowhere").exists()

    (folder / "environments/local.yaml").unlink()
    before = written(folder)
    again = workspace.run("init", "ours")
    assert "created  environments/local.yaml" in again.out
    assert "same     schemas/environment.schema.json" in again.out
    assert before.items() <= written(folder).items()
    assert "nothing was written" in workspace.run("init", "ours").err


def test_it_writes_nowhere_but_below_its_folder(workspace: Workspace) -> None:
    (workspace.folder / "elsewhere").mkdir()
    (workspace.folder / "new").mkdir()
    (workspace.folder / "new" / ".github").symlink_to("../elsewhere")
    result = workspace.run("init", "new")
    assert result.code == 64
    assert "a folder on the way is a link" in result.err
    assert written(workspace.folder / "new") == {}


def test_a_folder_that_cannot_be_made_is_told(workspace: Workspace) -> None:
    (workspace.folder / "file").write_text("", encoding="utf-8")
    result = workspace.run("init", "file/new")
    assert result.code == 1
    assert "cannot be made" in result.err


def test_an_unknown_forge_is_told_with_those_that_are_known(workspace: Workspace) -> None:
    result = workspace.run("init", "new", "--ci", "jenkins")
    assert result.code == 64
    assert "github, gitlab, none" in result.err
    assert not (workspace.folder / "new").exists()


def test_editors_find_the_schema_beside_the_file(workspace: Workspace) -> None:
    workspace.run("init", "new")
    folder = workspace.folder / "new"
    first = (folder / "environments/local.yaml").read_text("utf-8").splitlines()[0]
    assert (folder / "environments" / first.partition("$schema=")[2]).resolve() == (folder / SCHEMA).resolve()
    assert json.loads((folder / SCHEMA).read_text("utf-8")) == json.loads(schema_text("environment"))


class TestWhatPipelinesInstall:
    """It runs beside credentials, so it is pinned, or named by a person; a mere name may be somebody else's package."""

    def test_it_is_what_is_said(self, workspace: Workspace) -> None:
        workspace.run("init", "new", "--install", PINNED)
        lines = (workspace.folder / "new" / REQUIREMENTS).read_text("utf-8").splitlines()
        assert [line for line in lines if not line.startswith("#")] == [PINNED]

    def test_nobody_guesses_it(self, workspace: Workspace) -> None:
        """The tests run from a checkout, of which no other machine knows."""
        result = workspace.run("init", "new")
        assert "does not say yet what pipelines install" in result.err
        lines = (workspace.folder / "new" / REQUIREMENTS).read_text("utf-8").splitlines()
        assert all(line.startswith("#") for line in lines)
        assert "requirements.txt" not in workspace.run("init", "new").err, "said once"

    @pytest.mark.parametrize(
        ("origin", "expected"),
        [
            (
                {
                    "url": "https://example.com/us/reconciler.git",
                    "vcs_info": {"vcs": "git", "commit_id": "a" * 40, "requested_revision": "main"},
                },
                PINNED,
            ),
            (
                {"url": "https://example.com/r.whl", "archive_info": {"hashes": {"sha256": "b" * 64}}},
                "reconciler[emulator,bucket] @ https://example.com/r.whl#sha256=" + "b" * 64,
            ),
            ({"url": "file:///home/me/reconciler", "dir_info": {"editable": True}}, None),
            ({"url": "https://me:secret@example.com/r.git", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}}, None),
            ({"url": "https://example.com/r.git", "vcs_info": {"vcs": "git", "commit_id": "main"}}, None),
            ({"url": "https://example.com/r.whl\nevil", "archive_info": {"hashes": {"sha256": "b" * 64}}}, None),
            (None, None),
        ],
    )
    def test_else_it_is_where_this_came_from(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, origin: object, expected: str | None
    ) -> None:
        class Distribution:
            def read_text(self, name: str) -> str | None:
                assert name == "direct_url.json"
                return None if origin is None else json.dumps(origin)

        monkeypatch.setattr("reconciler.cli.starting.distribution", lambda _: Distribution())
        workspace.run("init", "new")
        lines = (workspace.folder / "new" / REQUIREMENTS).read_text("utf-8").splitlines()
        assert [line for line in lines if not line.startswith("#")] == ([expected] if expected else [])

    @pytest.mark.parametrize("line", ["", "  ", "-r https://example.com/x", "# nothing", "one\ntwo", "one\rtwo"])
    def test_it_is_one_requirement(self, workspace: Workspace, line: str) -> None:
        result = workspace.run("init", "new", "--install", line)
        assert result.code == 64
        assert not (workspace.folder / "new").exists()


def test_the_hook_in_a_new_repository_is_the_one_that_this_repository_offers(workspace: Workspace) -> None:
    workspace.run("init", "new")
    ours = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
    (repository,) = yaml.safe_load((workspace.folder / "new/.pre-commit-config.yaml").read_text("utf-8"))["repos"]
    (theirs,) = repository["hooks"]
    same = {"id", "entry", "files", "pass_filenames"}
    assert {key: theirs[key] for key in same} == {key: ours[key] for key in same}
    assert re.search(ours["files"], "environments/base/defaults.yaml"), "what others extend counts as well"
