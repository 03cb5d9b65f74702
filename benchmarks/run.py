"""What start, reading and planning cost, each as a ratio against something measured in the same run.

Seconds depend on the machine and on what else it does; a ratio of two measurements taken in turn depends on it less.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from reconciler.config.environment import read_environment
from reconciler.core.desired import DesiredState
from reconciler.core.live import (
    Employee,
    Grant,
    Identity,
    IntegrationRecord,
    IntegrationState,
    LiveState,
    Role,
    Token,
)
from reconciler.core.plan import build_plan

READ_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADMINISTRATOR = Role("3", "Administrator", None, active=True)
CONNECTOR = Role("1047", "Connector", "customrole_connector", active=True)
EMPLOYEES_PER_INTEGRATION = 10
TIMES_SMALLER = 10
FASTEST_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Figure:
    """`measured` and `against` are the best of the same number of runs, in seconds."""

    work: str
    baseline: str
    measured: float
    against: float

    @property
    def line(self) -> str:
        ratio = f"{self.measured / self.against:6.2f} x"
        return f"{ratio}  {self.work} ({self.measured:.3f} s), against {self.baseline} ({self.against:.3f} s)"


def compared(
    work: str, measured: Callable[[], object], baseline: str, against: Callable[[], object], runs: int
) -> Figure:
    """Run both in turn, so that a busy moment of the machine meets both, and keep the best of each."""
    pairs = [(_seconds(measured), _seconds(against)) for _ in range(runs)]
    return Figure(work, baseline, min(pair[0] for pair in pairs), min(pair[1] for pair in pairs))


def _seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def desired_text(employees: int) -> str:
    """An environment file: each employee keeps one role, and every tenth owns the token of an application."""
    listed = "".join(
        f"  {_address(number)}: {{active: true, roles: {{at_least: [{CONNECTOR.name}]}}}}\n"
        for number in range(employees)
    )
    owned = "".join(
        f"  application-{number}:\n"
        f"    application: Application {number}\n"
        f"    owner: {_address(number)}\n"
        f"    token_role: {CONNECTOR.name}\n"
        for number in _integrations(employees)
    )
    return (
        f"version: 1\nnetsuite: {{account: '1234567', endpoint: emulator}}\nemployees:\n{listed}integrations:\n{owned}"
    )


def live_state(employees: int) -> LiveState:
    """The account of `desired_text`, but the token of every application belongs to the next employee: all change owner.

    Nobody has logged in, so that the whole handover is planned and nothing rests on evidence.
    """
    people = tuple(
        Employee(str(100 + n), f"Employee {n}", _address(n), active=True, access=True) for n in range(employees)
    )
    tokens = tuple(
        Token(
            id=str(number),
            name=f"token {number}",
            application_id=str(number),
            application=f"Application {number}",
            owner_id=people[(number + 1) % employees].id,
            role_id=CONNECTOR.id,
            created=datetime(2026, 1, 1, tzinfo=UTC),
            inactive=False,
            revoked=False,
        )
        for number in _integrations(employees)
    )
    return LiveState(
        account="1234567",
        read_at=READ_AT,
        employees=people,
        roles=(ADMINISTRATOR, CONNECTOR),
        grants=tuple(Grant(person.id, role.id) for person in people for role in (CONNECTOR, ADMINISTRATOR)),
        tokens=tokens,
        integrations=tuple(
            IntegrationRecord(str(number), f"Application {number}", IntegrationState.ENABLED)
            for number in _integrations(employees)
        ),
        reader=Identity(people[0].id, ADMINISTRATOR.id),
    )


def _address(number: int) -> str:
    return f"first.last{number}@example.com"


def _integrations(employees: int) -> range:
    return range(0, employees, EMPLOYEES_PER_INTEGRATION)


def figures(employees: int, runs: int, folder: Path) -> Iterator[Figure]:
    """Measure, one figure after the other.

    Args:
        employees: how many the large file lists; the small one lists a tenth.
        runs: how often each side of a comparison is run.
        folder: an empty folder for the files.

    Raises:
        ValueError: a file that this benchmark wrote is refused, or its plan holds no step.
    """
    yield compared(
        "start: reconciler --version", _program("-m", "reconciler", "--version"),
        "a bare interpreter", _program("-c", "pass"), runs,
    )  # fmt: skip
    text = desired_text(employees)
    yield compared(
        f"read and validate {employees:,} employees", lambda: _read(folder, "large", text),
        "PyYAML loading the same file", lambda: yaml.load(text, Loader=FASTEST_SAFE_LOADER), runs,  # noqa: S506 - a safe one
    )  # fmt: skip
    fewer = max(employees // TIMES_SMALLER, 1)
    desired, live = _read(folder, "large", text), live_state(employees)
    small_desired, small_live = _read(folder, "small", desired_text(fewer)), live_state(fewer)
    if not build_plan(desired, live).steps:
        raise ValueError("The plan that is measured holds no step.")
    yield compared(
        f"plan {employees:,} employees and {len(_integrations(employees)):,} changes of owner",
        lambda: build_plan(desired, live),
        f"{fewer:,} employees and {len(_integrations(fewer)):,}", lambda: build_plan(small_desired, small_live), runs,
    )  # fmt: skip


def _program(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def _read(folder: Path, name: str, text: str) -> DesiredState:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = read_environment(path, folder)
    if loaded.environment is None:
        raise ValueError(f"{path.name} is refused: {loaded.diagnostics[0]}")
    return loaded.environment.desired


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Print what start, reading and planning cost, as ratios.")
    parser.add_argument("--employees", type=int, default=10_000, help="how many the large file lists")
    parser.add_argument("--runs", type=int, default=5, help="how often each side of a comparison is run")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for figure in figures(options.employees, options.runs, Path(folder)):
            print(figure.line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
