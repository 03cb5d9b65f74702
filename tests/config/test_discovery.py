"""Environments are found by name or path; what looks like one and is none is not passed over."""

from pathlib import Path

import pytest

from reconciler.config.discovery import environment_names, find_environments
from reconciler.core.errors import ConfigurationError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "environments"
    (folder / "examples").mkdir(parents=True)
    for name in ("production", "sandbox", "examples/other"):
        (folder / f"{name}.yaml").touch()
    (folder / "README.md").touch()
    return folder


def test_without_names_all_of_the_folder_are_found_in_order(folder: Path) -> None:
    assert find_environments([], folder) == (folder / "production.yaml", folder / "sandbox.yaml")


def test_a_base_in_a_folder_below_is_no_environment(folder: Path) -> None:
    (folder / "base").mkdir()
    (folder / "base/defaults.yaml").touch()

    assert find_environments([], folder) == (folder / "production.yaml", folder / "sandbox.yaml")
    with pytest.raises(UsageError) as caught:
        find_environments(["defaults"], folder)
    assert caught.value.hint == "known here: production, sandbox"


def test_names_and_paths_are_found_once_in_the_order_given(folder: Path) -> None:
    names = ["sandbox", str(folder / "examples/other.yaml"), "production", str(folder / "examples/../sandbox.yaml")]

    assert find_environments(names, folder) == (
        folder / "sandbox.yaml",
        folder / "examples/other.yaml",
        folder / "production.yaml",
    )


def test_an_unknown_name_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match="There is no environment") as caught:
        find_environments(["prodution"], folder)

    assert caught.value.hint == 'did you mean "production"?'


def test_of_many_environments_the_nearest_ten_are_named_once(folder: Path) -> None:
    for number in range(20):
        (folder / f"customer-{number:02}.yaml").touch()

    with pytest.raises(UsageError) as caught:
        find_environments(["prod"], folder)

    message, hint = caught.value.message, caught.value.hint or ""
    assert "production" not in message
    assert hint.startswith("known here: production, ")
    assert hint.count(", ") == 9
    assert hint.endswith(" and 12 more")


def test_an_unknown_path_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match="There is no file") as caught:
        find_environments([str(folder / "sandbx.yaml")], folder)

    assert caught.value.hint == 'did you mean "sandbox.yaml"?'
    with pytest.raises(UsageError) as caught:
        find_environments(["nowhere/a.yaml"], folder)
    assert caught.value.hint == "there is no folder nowhere"


def test_a_file_that_is_no_environment_is_told_apart_from_a_misspelt_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "plan.html").write_text("<!DOCTYPE html>", encoding="utf-8")

    for name in ("plan.html", "./plan.html"):
        with pytest.raises(UsageError, match=r"plan\.html is no(ne| environment): theirs end in \.yaml") as told:
            find_environments([name], folder)
        assert told.value.hint
        assert "--output json=plan.json" in told.value.hint


def test_a_missing_or_empty_folder_is_said(tmp_path: Path) -> None:
    for names in ([], ["a"]):
        with pytest.raises(UsageError, match="There is no folder"):
            find_environments(names, tmp_path / "none")
        with pytest.raises(UsageError, match="holds"):
            find_environments(names, tmp_path)


def test_files_that_look_like_environments_are_not_passed_over(folder: Path) -> None:
    (folder / "test.yml").touch()
    (folder / "my env.yaml").touch()

    with pytest.raises(ConfigurationError) as caught:
        find_environments([], folder)

    assert [item.rule for item in caught.value.diagnostics] == ["environment-name"] * 2
    assert find_environments(["sandbox"], folder) == (folder / "sandbox.yaml",)
    for name in ("test", str(folder / "test.yml")):
        with pytest.raises(UsageError) as usage:
            find_environments([name], folder)
        assert usage.value.hint == "rename it to test.yaml"


def test_two_files_of_one_name_are_refused(folder: Path) -> None:
    (folder / "examples/sandbox.yaml").touch()

    with pytest.raises(UsageError, match="Two files are both"):
        find_environments(["sandbox", str(folder / "examples/sandbox.yaml")], folder)


def test_a_link_that_leads_to_itself_is_found_and_left_to_be_told_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")

    assert find_environments([], tmp_path) == (tmp_path / "loop.yaml",)
    assert find_environments(["loop"], tmp_path) == (tmp_path / "loop.yaml",)


def test_names_that_are_offered_are_those_that_can_be_given(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "misspelt.yml", "$(touch x).yaml", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.yaml").mkdir()

    assert environment_names(tmp_path) == ("a", "b")
    assert environment_names(tmp_path / "none") == ()
