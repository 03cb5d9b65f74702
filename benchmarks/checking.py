"""What checking files costs: many small ones beside check-jsonschema, one large one beside PyYAML's C parser."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.measuring import ROOT, Figure, beside, environment_in, program, python, quickest, seconds_of

# The same program where the extra `quick` is not installed; what it starts inherits that.
WITHOUT_EXTRA = """
import sys
sys.modules["jsonschema_rs"] = None
from reconciler.__main__ import main
main()
"""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def file_of(number: int) -> str:
    """An environment of thirty lines."""
    return f"""\
version: 1

netsuite:
  account: "{1_000_000 + number}"
  endpoint: emulator
  apply_login:
    method: tba
    acts_as:
      employee: svc.admin@example.com
      role: Administrator
  concurrency: 2

integrations:
  netsuite-connector:
    application: NetSuite Connector
    owner: dana.ortiz{number}@example.com
    token_role: NetSuite Connector Web Services
    required_roles: [Administrator]
    previous_owner: retire
    quiet_period: 24h
    seen_within: 7d

employees:
  dana.ortiz{number}@example.com:
    active: true
    access: true

guards:
  protected_employees: [break.glass@example.com]
  min_administrators: 2
"""


def large_file(employees: int) -> str:
    listed = "".join(
        f"  first.last{number}@example.com: {{active: true, roles: {{at_least: [Connector]}}}}\n"
        for number in range(employees)
    )
    return f"version: 1\nnetsuite: {{account: '1234567', endpoint: emulator}}\nemployees:\n{listed}"


def figures(files: int, employees: int, runs: int, folder: Path) -> Iterator[Figure]:
    """Measure, one figure after the other.

    Args:
        files: how many small files there are.
        employees: how many the large file lists.
        runs: how often each side of a comparison is run; the best counts.
        folder: an empty folder for the files.
    """
    many = folder / "many"
    many.mkdir()
    for number in range(files):
        (many / f"account-{number}.yaml").write_text(file_of(number), "utf-8")
    schema = str(ROOT / "schemas" / "environment.schema.json")
    theirs = program(beside("check-jsonschema"), "--schemafile", schema, *map(str, many.iterdir()))
    folder_option = ("validate", "--environments", str(many))
    plain, quick, their_time = quickest(
        python("-c", WITHOUT_EXTRA, *folder_option), python("-m", "reconciler", *folder_option), theirs,
        runs=max(runs // 2, 1),
    )  # fmt: skip
    name = f"validate {files:,} files of 30 lines"
    yield Figure(name, f"{plain:.1f} s", plain / their_time, "check-jsonschema", 0.18)
    yield Figure(f"{name}, with the extra quick", f"{quick:.1f} s", quick / their_time, "check-jsonschema", 0.1)
    yield from large_figures(employees, runs, folder)


def large_figures(employees: int, runs: int, folder: Path) -> Iterator[Figure]:
    text = large_file(employees)
    path = folder / "large.yaml"
    path.write_text(text, "utf-8")

    plain, quick, loaded = quickest(
        lambda: _told("sys.modules['jsonschema_rs'] = None", path), lambda: _told("pass", path),
        seconds_of(lambda: yaml.load(text, Loader=LOADER)),  # noqa: S506 - a safe one
        runs=runs,
    )  # fmt: skip
    name = f"read and check one file with {employees:,} employees"
    yield Figure(name, f"{plain:.2f} s", plain / loaded, "PyYAML's C loader", 2.2)
    yield Figure(f"{name}, with the extra quick", f"{quick:.2f} s", quick / loaded, "PyYAML's C loader", 1.5)


def _told(before: str, path: Path) -> float:
    """What a process of its own says about reading a file, for an extra cannot be taken away from this one."""
    program = f"import sys; {before}; from benchmarks import checking; print(checking.seconds_to_read(sys.argv[1]))"
    return float(subprocess.check_output([sys.executable, "-c", program, str(path)], cwd=ROOT, text=True))


def seconds_to_read(path: str) -> float:
    """How long a file takes to be read and checked, everything loaded that is needed.

    Raises:
        ValueError: it is refused.
    """
    file = Path(path)
    small = file.with_name("first.yaml")
    small.write_text(file_of(0), "utf-8")
    environment_in(small)
    return quickest(seconds_of(lambda: environment_in(file)), runs=2)[0]
