"""The benchmarks run and measure what they say; how long anything takes is not tested."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measuring import Figure, table, written

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
PARTS = ("start", "checking", "plans", "accounts", "looking", "emulator")


def rows(document: str, part: str) -> list[str]:
    """What the rows of a part are about, whatever their numbers; terraform is not everywhere."""
    text = document.partition(f"<!-- benchmarks {part}: begin -->")[2].partition("<!-- benchmarks")[0]
    lines = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    about = [re.sub(r"[0-9][0-9,.]*", "N", f"{cells[0]} {' '.join(cells[2].split()[2:])}") for cells in lines]
    return sorted({one for one in about if "terraform" not in one})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as a run of all benchmarks writes it, each as small as can be."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "images").mkdir()
    parts = (f"<!-- benchmarks {part}: begin -->\nold\n<!-- benchmarks {part}: end -->" for part in PARTS)
    document = folder / "performance.md"
    document.write_text("\n".join(["before", *parts, "after\n"]), "utf-8")
    command = [sys.executable, "-m", "benchmarks", "--small", "--write", str(document)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own program
    return document


@pytest.mark.parametrize("part", PARTS)
def test_the_document_has_the_figures_that_the_benchmarks_make(made: Path, part: str) -> None:
    text = made.read_text("utf-8")

    assert rows(text, part) == rows(DOCUMENT.read_text("utf-8"), part)
    assert len(rows(text, part)) > 1


def test_a_run_leaves_everything_else_in_the_document_as_it_was(made: Path) -> None:
    text = made.read_text("utf-8")

    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text


def test_the_picture_shows_every_tool_that_was_measured(made: Path) -> None:
    drawn = (made.parent / "images" / "plans.svg").read_text("utf-8")

    assert {"reconciler, employees", "octoDNS, records"} <= set(re.findall(r">([^<>]+)</text>", drawn))


@pytest.mark.parametrize(
    ("ratio", "told"), [(2.99, "at most 3: met"), (3.004, "at most 3: met"), (3.01, "at most 3: **not met**")]
)
def test_a_figure_stands_beside_its_target_whether_it_is_met_or_not(ratio: float, told: str) -> None:
    assert f"| {told} |" in table([Figure("start", "1 ms", ratio, "a bare interpreter", 3.0)])


def test_a_document_without_a_place_for_the_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        written("nothing", "benchmarks start", "figures")
