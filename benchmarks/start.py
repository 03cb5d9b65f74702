"""What a command costs before it does anything, as ratios to an interpreter that does nothing."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.checking import WITHOUT_EXTRA
from benchmarks.measuring import INTERPRETER, Figure, python, quickest

COMPLETION = {"_RECONCILER_COMPLETE": "complete_bash", "COMP_WORDS": "reconciler pl", "COMP_CWORD": "1"}
ONE_FILE = """\
version: 1
netsuite:
  account: "1234567"
  endpoint: emulator
integrations:
  netsuite-connector:
    application: NetSuite Connector
    owner: dana.ortiz@example.com
    token_role: NetSuite Connector Web Services
    required_roles: [Administrator]
"""


def figures(runs: int, folder: Path) -> Iterator[Figure]:
    """Measure, one command after the other, each beside the bare interpreter.

    Args:
        runs: how often each is run; the best counts.
        folder: an empty folder for a file.
    """
    file = folder / "one.yaml"
    file.write_text(ONE_FILE, "utf-8")
    commands = (
        ("--version", python("-m", "reconciler", "--version"), 3.0),
        ("completion of a command", python("-m", "reconciler", environ=COMPLETION), 8.0),
        ("--help", python("-m", "reconciler", "--help"), 9.0),
        ("validate one file", python("-c", WITHOUT_EXTRA, "validate", str(file)), 15.0),
        ("validate one file, with the extra quick", python("-m", "reconciler", "validate", str(file)), 11.0),
    )
    for name, command, target in commands:
        taken, bare = quickest(command, python("-c", "pass"), runs=runs)
        yield Figure(f"start: {name}", f"{taken * 1000:,.0f} ms", taken / bare, INTERPRETER, target)
