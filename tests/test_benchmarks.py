"""The benchmarks run and measure what they say; how long anything takes is not tested."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_benchmarks_print_a_ratio_for_start_reading_and_planning() -> None:
    told = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--employees", "20", "--runs", "1"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip

    assert [line.split(" x  ")[1].split(" ")[0] for line in told] == ["start:", "read", "plan"]
    assert all(float(line.split(" x ")[0]) > 0 for line in told)
