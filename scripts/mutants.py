"""Takes one safeguard after the other out of a copy of the project, and runs the tests that must notice.

Prints each that nobody missed, and ends with exit code 1 if there is one. Give parts of names to try only some.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.reliability.safeguards import SAFEGUARDS, Safeguard  # noqa: E402  it lies beside this folder

AT_ONCE = int(os.environ.get("MUTANTS_AT_ONCE", "2"))
SECONDS_FOR_ONE = 300
NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv*",
    "site",
    ".reconciler",
    ".hypothesis",
    "*_cache",
    "__pycache__",
    "node_modules",
    "dist",
    ".coverage*",
)
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")


def noticed(copy: Path, tests: Sequence[str]) -> tuple[bool, str]:
    """Whether one of the tests fails, and what was said at the end."""
    found = [test for test in tests if (copy / test).exists()]
    environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "FIRST_FAILURE": "yes"}
    try:
        done = subprocess.run(
            [sys.executable, *PYTEST, *found],
            cwd=copy,
            env=environ,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_ONE,
        )
    except subprocess.TimeoutExpired:
        return True, "it never ended"
    if done.returncode not in {0, 1, 2}:
        sys.exit(f"pytest itself failed:\n{done.stdout}{done.stderr}")
    said = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return done.returncode != 0, said[0][:150] if said else ""


def without(copy: Path, one: Safeguard) -> tuple[bool, str]:
    """Try the copy without one safeguard; it has it again afterwards."""
    file = copy / one.file
    code = file.read_text("utf-8")
    if code.count(one.text) != 1:
        sys.exit(f"{one.name}: this does not stand once in the code; correct tests/reliability/safeguards.py")
    file.write_text(code.replace(one.text, one.without), encoding="utf-8")
    try:
        return noticed(copy, one.tests)
    finally:
        file.write_text(code, encoding="utf-8")


def main(*wanted: str) -> int:
    # In the background of a shell Ctrl-C is ignored, and the tests of interruptions would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chosen = [one for one in SAFEGUARDS if not wanted or any(part in one.name for part in wanted)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copies.put(shutil.copytree(ROOT, Path(folder) / str(number), ignore=NOT_COPIED))

        def tried(one: Safeguard) -> tuple[bool, str]:
            copy = copies.get()
            try:
                return without(copy, one)
            finally:
                copies.put(copy)

        first = copies.get()
        fails, said = noticed(first, sorted({test for one in chosen for test in one.tests}))
        if fails:
            sys.exit(f"The tests fail with every safeguard in place, so they could tell nothing: {said}")
        copies.put(first)
        survived = []
        for one, (is_missed, said) in zip(chosen, pool.map(tried, chosen), strict=True):
            print(f"{'missed' if is_missed else 'NOBODY MISSED'}  {one.name}\n    {said}", flush=True)
            survived += [] if is_missed else [one]
    print(f"{len(chosen)} safeguards taken out, one at a time; {len(survived)} that nobody missed.")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
