"""What planning alone costs, without reading anything: how it grows with the number of people and handovers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Figure, environment_in, quickest, seconds_of
from reconciler.__main__ import look_for_garbage_seldom
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
from reconciler.core.plan_building import build_plan

READ_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADMINISTRATOR = Role("3", "Administrator", None, active=True)
CONNECTOR = Role("1047", "Connector", "customrole_connector", active=True)
EMPLOYEES_PER_INTEGRATION = 10
TIMES_SMALLER = 10


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
    """Measure a plan and one of a tenth: what grows with the work is ten times as large.

    Args:
        employees: how many the large file lists.
        runs: how often each side of a comparison is run.
        folder: an empty folder for the files.

    Raises:
        ValueError: a file that this benchmark wrote is refused, or its plan holds no step.
    """
    look_for_garbage_seldom()  # as the command does
    fewer = max(employees // TIMES_SMALLER, 1)
    desired, live = _read(folder, "large", desired_text(employees)), live_state(employees)
    small_desired, small_live = _read(folder, "small", desired_text(fewer)), live_state(fewer)
    if not build_plan(desired, live).steps:
        raise ValueError("The plan that is measured holds no step.")
    taken, small = quickest(
        seconds_of(lambda: build_plan(desired, live)),
        seconds_of(lambda: build_plan(small_desired, small_live)),
        runs=runs,
    )
    name = f"planning alone: {employees:,} employees and {len(_integrations(employees)):,} changes of owner"
    yield Figure(
        name, f"{taken:.2f} s", taken / small / TIMES_SMALLER, f"{employees / fewer:g} times a tenth of it", 1.3
    )


def _read(folder: Path, name: str, text: str) -> DesiredState:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return environment_in(path).desired
