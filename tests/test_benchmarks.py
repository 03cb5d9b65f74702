"""The benchmarks run and measure what they say; how long anything takes is not tested."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import emulator, looking
from benchmarks.emulator import markers, written

ROOT = Path(__file__).parents[1]


def test_the_benchmarks_print_a_ratio_for_start_reading_and_planning() -> None:
    told = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--employees", "20", "--runs", "1"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip

    assert [line.split(" x  ")[1].split(" ")[0] for line in told] == ["start:", "read", "plan"]
    assert all(float(line.split(" x ")[0]) > 0 for line in told)


BEGIN, END = markers(emulator.PLACE)
SMALL = {"accounts": 2, "people-each": 3, "employees": 30, "audit-rows": 40, "requests": 4, "runs": 1}
LARGE = {"2 accounts": "1,000 accounts", "3 employees": "50 employees", "30 employees": "100,000 employees",
         "40 audit rows": "1,000,000 audit rows", "12 requests": "6,000 requests"}  # fmt: skip


def names(table: str) -> list[str]:
    """The first cells of a table's rows."""
    return [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")]


def test_the_document_has_the_figures_that_the_benchmark_of_the_emulator_makes(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    options = [part for name, value in SMALL.items() for part in (f"--{name}", str(value))]

    told = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.emulator", *options, "--write", str(document)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    made = document.read_text("utf-8")
    assert made.startswith(f"before\n{BEGIN}\nMeasured on ")
    assert made.endswith(f"{END}\nafter\n")
    assert "old" not in made
    assert names(made) == ["what", *names(told)]
    shown = (ROOT / "docs" / "performance.md").read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert names(shown) == [in_large(name) for name in names(made)]


def in_large(name: str) -> str:
    for small, large in LARGE.items():
        name = name.replace(small, large)
    return name


def test_a_document_without_a_place_for_the_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        written("nothing", "figures")


def test_the_benchmark_of_looking_measures_each_command_in_each_account(tmp_path: Path) -> None:
    sizes = looking.Sizes(employees=20, audit_rows=40, access=5, times_smaller=2, runs=1)

    found = list(looking.rows(sizes, tmp_path))

    assert [row.name for row in found] == [
        f"{command}: {account}"
        for account in ("10 employees, 20 audit rows", "20 employees, 40 audit rows",
                        "5 employees who have access, 20 audit rows")
        for command in looking.COMMANDS
    ]  # fmt: skip
    assert all(" requests" in row.measured for row in found)
    begin, end = markers(looking.PLACE)
    shown = (ROOT / "docs" / "performance.md").read_text("utf-8").partition(begin)[2].partition(end)[0]
    assert [name.partition(":")[0] for name in names(shown)[1:]] == [*looking.COMMANDS] * 3
