"""`plan --changed-since REV`: only environments whose effective configuration a range of commits touches."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.core.errors import UsageError
from reconciler.revisions import Repository
from reconciler.wiring.configuration import load
from reconciler.wiring.revisions import changed_since
from tests.cli.conftest import Workspace
from tests.support.checkout import Checkout

NETSUITE = {"account": "1234567", "endpoint": "emulator"}
ENVIRONMENTS = Path("environments")


@pytest.fixture
def checkout(workspace: Workspace) -> Checkout:
    made = Checkout.new(workspace.folder)
    made.write("environments/base/guards.yaml", "guards:\n  max_removals: 2\n")
    made.write("environments/base/common.yaml", "extends: guards.yaml\nstore: .reconciler\n")
    environment(made, "one", extends="base/common.yaml", netsuite=NETSUITE)
    environment(made, "two", extends=["base/guards.yaml"], netsuite=NETSUITE)
    environment(made, "three", netsuite=NETSUITE)
    made.commit("Begin")
    made.git("checkout", "--quiet", "-b", "topic")
    return made


def environment(checkout: Checkout, name: str, **content: object) -> None:
    checkout.write(f"environments/{name}.yaml", json.dumps({"version": 1, **content}, indent=1))


def touched(revision: str = "main") -> list[str]:
    changed = changed_since(load([], ENVIRONMENTS), ENVIRONMENTS, revision, named=False)
    return [path.stem for path, _ in changed.files]


def test_nothing_is_touched_at_first(checkout: Checkout) -> None:
    assert touched() == []


def test_a_change_in_a_base_touches_all_that_extend_it_however_far_away(checkout: Checkout) -> None:
    checkout.write("environments/base/guards.yaml", "guards:\n  max_removals: 1\n")
    assert touched() == ["one", "two"]
    checkout.commit()
    assert touched() == ["one", "two"]


def test_a_change_in_a_base_that_an_environment_overrides_does_not_touch_it(checkout: Checkout) -> None:
    environment(checkout, "two", extends="base/guards.yaml", netsuite=NETSUITE, guards={"max_removals": 2})
    assert touched() == []
    checkout.write("environments/base/guards.yaml", "guards:\n  max_removals: 1\n")
    assert touched() == ["one"]


def test_comments_order_form_and_where_a_key_stands_do_not_count(checkout: Checkout) -> None:
    checkout.write(
        "environments/three.yaml",
        '# for the third one\nnetsuite: {endpoint: emulator, account: "1234567"} # quoted\nversion: 1\n',
    )
    checkout.write("environments/base/common.yaml", "# moved\nstore: .reconciler\nguards: {max_removals: 2}\n")
    assert touched() == []


def test_what_is_new_or_renamed_or_was_unreadable_is_touched_and_what_is_gone_is_told(
    checkout: Checkout, workspace: Workspace
) -> None:
    environment(checkout, "four", netsuite=NETSUITE)
    checkout.git("mv", "environments/three.yaml", "environments/drei.yaml")
    checkout.commit()
    assert touched() == ["drei", "four"]
    changed = changed_since(load([], ENVIRONMENTS), ENVIRONMENTS, "main", named=False)
    assert changed.removed == ("three",)
    assert changed_since(load(["one"], ENVIRONMENTS), ENVIRONMENTS, "main", named=True).removed == ()

    checkout.git("checkout", "--quiet", "main")
    checkout.write("environments/three.yaml", "version: [\n")
    broken = checkout.commit()
    environment(checkout, "three", netsuite=NETSUITE)
    assert touched(broken) == ["three"]
    checkout.write("environments/three.yaml", "version: [\n")
    assert touched(broken) == ["three"], "what cannot be read is never left out"


def test_a_base_that_is_gone_touches_whoever_extended_it(checkout: Checkout) -> None:
    (checkout.folder / "environments/base/common.yaml").unlink()
    assert touched() == ["one"]


def test_what_happened_on_the_other_branch_since_does_not_count(checkout: Checkout) -> None:
    checkout.git("checkout", "--quiet", "main")
    environment(checkout, "three", netsuite=NETSUITE, guards={"max_removals": 1})
    checkout.commit()
    checkout.git("checkout", "--quiet", "topic")
    assert touched() == []


def test_the_command_plans_only_those_and_says_when_there_are_none(checkout: Checkout, workspace: Workspace) -> None:
    none = workspace.run("plan", "--changed-since", "main")
    assert (none.code, none.out) == (0, "")
    assert "No environment differs from what it was at main." in none.err

    environment(checkout, "two", netsuite=NETSUITE | {"concurrency": 1})
    (checkout.folder / "environments/three.yaml").unlink()
    some = workspace.run("plan", "--changed-since", "main", "--output", "json")
    assert some.code == 0
    assert json.loads(some.out)["environment"] == "two"
    assert "three is no longer declared" in some.err
    assert json.loads(workspace.run("plan", "--changed-since", "main", "one", "--output", "json").out) == {
        "format_version": "1.0",
        "environments": [],
    }


@pytest.mark.parametrize(
    "revision", ["-x", "--output=/tmp/x", "", "no such branch", "a\nb", "nowhere", "main..topic", "$(touch gotcha)"]
)
def test_a_revision_that_is_none_is_refused_and_nothing_is_run(
    checkout: Checkout, workspace: Workspace, revision: str
) -> None:
    result = workspace.run("plan", f"--changed-since={revision}")
    assert result.code == 64
    assert "revision" in result.err
    assert not (workspace.folder / "gotcha").exists()


def test_a_shallow_clone_says_how_to_get_the_rest(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    checkout.commit("Second")
    Checkout.cloned(checkout, tmp_path / "shallow", "--depth=1", "--branch=topic", "--no-single-branch")
    monkeypatch.chdir(tmp_path / "shallow")
    for revision in ("main", "origin/main", checkout.git("rev-parse", "main")):
        result = workspace.run("plan", "--changed-since", revision)
        assert result.code == 64
        assert "fetch-depth: 0" in result.err


def test_a_folder_that_is_no_checkout_is_told(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write("one", {"version": 1, "netsuite": NETSUITE})
    result = workspace.run("plan", "--changed-since", "main")
    assert result.code == 1
    assert "is not in a git checkout" in result.err


def test_git_that_is_missing_is_told(
    checkout: Checkout, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = workspace.run("plan", "--changed-since", "main")
    assert result.code == 1
    assert "git is not installed" in result.err


def test_neither_hooks_nor_filters_nor_links_of_the_repository_are_obeyed(checkout: Checkout, tmp_path: Path) -> None:
    """A pull request may bring attributes and links; the old files are read as they are, and stay in their folder."""
    checkout.git("config", "filter.evil.smudge", f"touch {tmp_path}/gotcha; cat")
    checkout.git("config", "diff.external", f"touch {tmp_path}/gotcha")
    checkout.write(".gitattributes", "*.yaml filter=evil export-ignore\n")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text("guards: {max_removals: 9}\n", encoding="utf-8")
    (checkout.folder / "environments/base/link.yaml").symlink_to(outside)
    environment(checkout, "two", extends="base/link.yaml", netsuite=NETSUITE)
    commit = checkout.commit()
    with Repository(checkout.folder).exported(commit, lambda path: path.endswith(".yaml")) as folder:
        assert (folder / "environments/base/link.yaml").is_symlink()
        assert (folder / "environments/one.yaml").read_bytes() == (
            checkout.folder / "environments/one.yaml"
        ).read_bytes()
    assert touched(commit) == ["two"], "a link that leads out is never followed, so nothing is known of it"
    assert not (tmp_path / "gotcha").exists()


def test_variables_of_another_repository_are_not_obeyed(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert Repository(checkout.folder).commit("main")


def test_histories_without_a_common_commit_are_told(checkout: Checkout) -> None:
    checkout.git("checkout", "--quiet", "--orphan", "alone")
    checkout.commit()
    with pytest.raises(UsageError, match="no commit in common"):
        Repository(checkout.folder).fork_point("main")


KEYS = st.sampled_from(["version", "netsuite", "guards"])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["version", "netsuite", "guards"]), comment=st.text("abc #:-", max_size=9), limit=KEYS)
def test_only_what_a_file_means_counts(checkout: Checkout, order: list[str], comment: str, limit: str) -> None:
    content = {"version": 1, "netsuite": NETSUITE, "guards": {"max_removals": 2}}
    environment(checkout, "three", **{key: content[key] for key in ("netsuite", "guards")})
    commit = checkout.commit()
    shuffled = {key: content[key] for key in order}
    checkout.write("environments/three.yaml", f"# {comment}\n{json.dumps(shuffled, indent=3)}\n# {comment}\n")
    assert touched(commit) == []
    del shuffled[limit]
    checkout.write("environments/three.yaml", json.dumps(shuffled))
    assert touched(commit) == ["three"]
