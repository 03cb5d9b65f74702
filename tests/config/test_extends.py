"""A file takes over what it extends: merged as promised, every position in the right file, and nothing from outside."""

import json
import os
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.config import extends
from reconciler.config.environment import Loaded, read_environment
from reconciler.config.extends import MAX_BASES, MAX_DEPTH, Extended, read_extended
from reconciler.config.source import RealPaths
from reconciler.config.yaml_document import Document, read_yaml

NETSUITE = "netsuite: {account: '1', endpoint: emulator}\n"
# Few names, so that the same ones meet in several files.
KEYS = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    st.just("leaf"), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
MAPPINGS = st.dictionaries(KEYS, TREES, max_size=3)
BASES = st.lists(st.integers(0, 5), max_size=3, unique=True)
in_one_folder = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def read(folder: Path, name: str = "a.yaml") -> Loaded:
    return read_environment(folder / name, folder)


def told(loaded: Loaded, folder: Path) -> list[str]:
    return [f"{item.position} {item.rule}".removeprefix(f"{folder}/") for item in loaded.diagnostics]


def named(tree: Any, file: int) -> Any:
    """The tree, with the file it is in at every leaf."""
    if isinstance(tree, dict):
        return {key: named(item, file) for key, item in tree.items()}
    return [named(item, file) for item in tree] if isinstance(tree, list) else f"{tree} of {file}"


def seen_through(layers: list[Any]) -> Any:
    """What shows when the first of the layers lies on top: below what is no mapping, nothing does."""
    mappings = list(takewhile(lambda layer: isinstance(layer, dict), layers))
    keys = dict.fromkeys(key for mapping in mappings for key in mapping)
    if not mappings:
        return layers[0]
    return {key: seen_through([mapping[key] for mapping in mappings if key in mapping]) for key in keys}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield from paths(item, (*path, key))


def text_at(document: Document, path: tuple[str | int, ...], *, key: bool = False) -> tuple[str, str]:
    place = document.at_key(*path) if key else document.at(*path)
    return place.file, Path(place.file).read_text().splitlines()[place.line - 1][place.column - 1 :]


@in_one_folder
@given(trees=st.lists(MAPPINGS, min_size=6, max_size=6), bases=st.lists(BASES, min_size=6, max_size=6))
def test_a_merge_is_what_lies_on_top_and_every_position_is_in_its_file(
    trees: list[Any], bases: list[list[int]], tmp_path: Path
) -> None:
    below = [[other for other in names if other > number] for number, names in enumerate(bases)]
    contents = [named(tree, number) for number, tree in enumerate(trees)]
    for number, content in enumerate(contents):
        extended = {"extends": [f"{other}.yaml" for other in below[number]]} if below[number] else {}
        (tmp_path / f"{number}.yaml").write_text(json.dumps({**content, **extended}, indent=1))

    def expected(number: int) -> Any:
        return seen_through([contents[number], *(expected(other) for other in reversed(below[number]))])

    merged = read_extended(tmp_path / "0.yaml", tmp_path, RealPaths())

    assert isinstance(merged, Extended)
    assert merged.whole
    assert merged.document.value == expected(0)
    for path, value in paths(merged.document.value):
        file, text = text_at(merged.document, path)
        assert text.startswith(json.dumps(value, indent=1).split("\n")[0][:1])
        if isinstance(value, str):
            assert text.startswith(json.dumps(value))
            assert f"of {Path(file).stem}" in value
        if path and isinstance(path[-1], str):
            key_file, key = text_at(merged.document, path, key=True)
            assert key.startswith(json.dumps(path[-1]))
            assert key_file == file


@in_one_folder
@given(
    bases=st.lists(
        st.lists(st.sampled_from(["0", "1", "2", "3", "4", "folder", "none", "../0", "../.."]), max_size=4),
        min_size=5,
        max_size=5,
    ),
    contents=st.lists(
        st.sampled_from([NETSUITE, "guards: {}\n", "guards: [\n", "guards: 1\nguards: 2\n", "- a\n", "", "é: *x\n"]),
        min_size=5,
        max_size=5,
    ),
)
def test_whatever_extends_whatever_ends_in_an_environment_or_diagnostics(
    bases: list[list[str]], contents: list[str], tmp_path: Path
) -> None:
    (tmp_path / "folder.yaml").mkdir(exist_ok=True)
    for number, (names, content) in enumerate(zip(bases, contents, strict=True)):
        listed = f"extends: [{', '.join(f'{name}.yaml' for name in names)}]\n" if names else ""
        (tmp_path / f"{number}.yaml").write_text(listed + content)

    loaded = read(tmp_path, "0.yaml")

    assert loaded.environment or loaded.diagnostics
    assert all(item.position and Path(item.position.file).is_file() for item in loaded.diagnostics)


def test_a_diamond_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a.yaml": f"extends: [b.yaml, c.yaml, ./d.yaml]\n{NETSUITE}",
        "b.yaml": "extends: d.yaml",
        "c.yaml": "extends: [sub/../d.yaml, link.yaml]",
        "d.yaml": "guards: {max_removals: -1}",
        "sub/e.yaml": "",
    }
    write(tmp_path, files)
    (tmp_path / "link.yaml").symlink_to("d.yaml")
    names: list[str] = []

    def counted(data: bytes, file: str, *, values: int) -> Document:
        names.append(Path(file).name)
        return read_yaml(data, file, values=values)

    monkeypatch.setattr(extends, "read_yaml", counted)

    assert told(read(tmp_path), tmp_path) == ["d.yaml:1:24 out-of-range"]
    assert names == ["a.yaml", "b.yaml", "d.yaml", "c.yaml"]


def test_a_cycle_shows_the_chain_where_it_closes(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.yaml": f"{NETSUITE}extends: b/b.yaml", "b/b.yaml": "extends:\n  - c.yaml", "b/c.yaml": "extends: b.yaml"},
    )

    loaded = read(tmp_path)

    assert told(loaded, tmp_path) == ["b/c.yaml:1:10 extends-cycle"]
    chain = " -> ".join(str(tmp_path / name) for name in ("b/b.yaml", "b/c.yaml", "b/b.yaml"))
    assert loaded.diagnostics[0].detail == f"The file extends itself: {chain}."


def test_positions_name_a_base_as_seen_from_the_file_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"environments/a.yaml": "extends: ../shared/b.yaml", "shared/b.yaml": f"{NETSUITE}x: 1"})
    monkeypatch.chdir(tmp_path)

    assert str(read_environment(Path("environments/a.yaml"), Path()).diagnostics[0].position) == "shared/b.yaml:2:1"


def test_a_link_extends_what_the_file_extends_that_it_leads_to(tmp_path: Path) -> None:
    files = {"real/a.yaml": "extends: b.yaml", "real/b.yaml": f"{NETSUITE}x: 1", "linked/b.yaml": "y: 1"}
    write(tmp_path, files)
    (tmp_path / "linked/a.yaml").symlink_to("../real/a.yaml")

    assert told(read(tmp_path, "linked/a.yaml"), tmp_path) == ["real/b.yaml:2:1 unknown-key"]


def test_nothing_outside_the_repository_is_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = "CANARY: 1\n"
    write(tmp_path, {"outside.yaml": outside, "folder/b.yaml": outside, "root/base/b.yaml": ""})
    (root / "link.yaml").symlink_to("../outside.yaml")
    (root / "away").symlink_to("../folder")
    (root / "base/two.yaml").symlink_to("../link.yaml")

    for name in ("../outside", "link", "away/b", "away/none", "base/two", "away/../outside", "base/../../outside"):
        write(root, {"a.yaml": f"extends: {name}.yaml\n"})
        loaded = read(root)
        assert told(loaded, root) == ["a.yaml:1:10 outside-repository"], name
        assert "CANARY" not in repr(loaded)


def test_what_cannot_be_read_is_said_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    names = ["folder.yaml", "loop.yaml", "pipe.yaml"]
    write(tmp_path, {"a.yaml": "extends:\n" + "".join(f"  - {name}\n" for name in names)})

    assert told(read(tmp_path), tmp_path) == [f"a.yaml:{line}:5 unreadable-file" for line in (2, 3, 4)]


def test_a_base_may_be_deep_but_not_too_deep(tmp_path: Path) -> None:
    write(tmp_path, {f"{depth}.yaml": f"extends: {depth + 1}.yaml" for depth in range(MAX_DEPTH + 1)})
    write(tmp_path, {f"{MAX_DEPTH}.yaml": NETSUITE})

    assert read(tmp_path, "0.yaml").environment

    write(tmp_path, {f"{MAX_DEPTH}.yaml": f"extends: {MAX_DEPTH + 1}.yaml", f"{MAX_DEPTH + 1}.yaml": NETSUITE})
    assert told(read(tmp_path, "0.yaml"), tmp_path) == [f"{MAX_DEPTH}.yaml:1:10 too-many-bases"]


def test_an_environment_extends_many_files_but_not_too_many(tmp_path: Path) -> None:
    listed = f"extends: [{', '.join(f'{number}.yaml' for number in range(MAX_BASES))}]"
    write(tmp_path, {f"{number}.yaml": "guards: {}" for number in range(MAX_BASES + 1)})
    write(tmp_path, {"a.yaml": f"{NETSUITE}{listed}"})

    assert read(tmp_path).environment

    write(tmp_path, {"0.yaml": f"extends: {MAX_BASES}.yaml"})
    column = listed.index(f"{MAX_BASES - 1}.yaml") + 1
    assert told(read(tmp_path), tmp_path) == [f"a.yaml:2:{column} too-many-bases"]


def test_limits_hold_for_all_files_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.yaml": f"extends: [b.yaml, c.yaml]\n{NETSUITE}", "b.yaml": "netsuite: {}", "c.yaml": "guards: {}"}
    write(tmp_path, files)
    size = sum(map(len, files.values()))
    keys_and_values = 11 + 3 + 3

    for most, expected in ((size, []), (size - 1, ["a.yaml:1:19 file-too-large"])):
        monkeypatch.setattr(extends, "MAX_BYTES", most)
        assert told(read(tmp_path), tmp_path) == expected
    monkeypatch.undo()
    for most, expected in ((keys_and_values, []), (keys_and_values - 1, ["c.yaml:1:9 too-many-values"])):
        monkeypatch.setattr("reconciler.config.yaml_builder.MAX_VALUES", most)
        assert told(read(tmp_path), tmp_path) == expected


def test_what_is_wrong_is_told_once_for_two_files_that_extend_it(tmp_path: Path) -> None:
    files = {
        "a.yaml": f"extends: [b.yaml, c.yaml]\n{NETSUITE}",
        "b.yaml": "extends: d.yaml",
        "c.yaml": "extends: d.yaml",
    }
    write(tmp_path, {**files, "d.yaml": "a: [\n"})

    assert told(read(tmp_path), tmp_path) == ["d.yaml:2:1 yaml-syntax"]


def test_ten_thousand_employees_of_a_base_arrive(tmp_path: Path) -> None:
    entries = "".join(
        f"  first.last{number}@example.com: {{roles: {{at_least: [A, B]}}}}\n" for number in range(10_000)
    )
    own = "employees: {first.last7@example.com: {active: true}}\n"
    write(tmp_path, {"a.yaml": f"extends: b.yaml\n{NETSUITE}{own}", "b.yaml": f"employees:\n{entries}"})

    environment = read(tmp_path).environment

    assert environment
    assert len(environment.desired.employees) == 10_000
    seventh = next(item for item in environment.desired.employees if item.key == "first.last7@example.com")
    assert (seventh.active, seventh.roles) == (True, ("A", "B"))
    assert seventh.at("active").file == str(tmp_path / "a.yaml")
    assert seventh.at("roles.1").file == str(tmp_path / "b.yaml")
