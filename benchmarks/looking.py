"""What the commands that only look cost in small and large accounts: seconds, memory of the command, requests.

Each command is a process of its own against an emulator that is another one. An account is large by what the commands
have no need of: people without access, and rows of the audit trail that NetSuite groups.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from benchmarks.measuring import Figure, Run, megabytes
from reconciler.emulator.client import ACCOUNT, Emulator, serving

COMMANDS: Final = {
    "plan": ("load", "--output", "json=out.json"),
    "verify": ("load", "--output", "json=out.json"),
    "review": ("load", "--output", "json=out.json"),
    "import": ("load",),
    "doctor": ("load", "--profile", "look", "--output", "json=out.json"),
}
ROLE: Final = "Connector Web Services"


@dataclass(frozen=True)
class Sizes:
    """How large the larger accounts are; `access` people have access in the last of them. The best of `runs` counts."""

    employees: int = 100_000
    audit_rows: int = 1_000_000
    access: int = 10_000
    times_smaller: int = 100
    runs: int = 3


@dataclass(frozen=True)
class Cost:
    """The quickest run of a command, and how many requests it sent."""

    run: Run
    requests: int


def seed(employees: int, audit_rows: int, *, access: bool) -> str:
    """An account with one integration that is at work, and what is made up around it."""
    people = ("admin@example.com", "owner@example.com")
    of_owner = {"application": "Connector", "role": ROLE}
    of_admin = {"application": "Reconciler", "role": "Administrator"}
    account = {
        "name": "Load",
        "roles": [
            {"id": 3, "name": "Administrator"},
            {"id": 1001, "name": ROLE, "permissions": {"ADMI_LOGIN_OAUTH": "Full", "TRAN_SALESORD": "Full"}},
            {"id": 1002, "name": "Buyer", "permissions": {"LIST_FIND": "View"}},
        ],
        "employees": [
            {"id": n, "entityid": f"P{n}", "email": who, "access": True, "roles": ["Administrator", ROLE]}
            for n, who in enumerate(people, 1)
        ],
        "integrations": [{"id": 1, "name": "Connector"}, {"id": 2, "name": "Reconciler"}],
        "tokens": [
            {**of_owner, "user": people[1], "name": "at work", "created": "-100d"},
            {**of_admin, "user": people[0], "name": "own", "created": "-100d"},
        ],
        "logins": [{**of_admin, "employee": people[0], "default": True}],
        "generate": {
            "employees": employees,
            **({"access": True, "roles": ["Buyer"]} if access else {}),
            "login_audit": [{"application": "Connector", "token": "at work", "rows": audit_rows, "days": 90}],
            "orders": [{"by": people[1], "role": ROLE, "rows": max(audit_rows // 100, 1), "days": 90}],
        },
    }
    return json.dumps({"accounts": {ACCOUNT: account}})


def environment(url: str) -> str:
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    login = {"method": "tba", **{name: f"env:NETSUITE_{name.upper()}" for name in names}}
    wanted = {"application": "Connector", "owner": "owner@example.com", "token_role": ROLE}
    netsuite = {"account": ACCOUNT, "endpoint": url, "login": login}
    text: str = yaml.safe_dump({"version": 1, "netsuite": netsuite, "integrations": {"connector": wanted}})
    return text


def measured(command: str, emulator: Emulator, folder: Path, runs: int) -> Cost:
    """What one command costs that reads the account, by its quickest run; its own memory, at its highest."""
    (folder / "environments").mkdir(exist_ok=True)
    (folder / "environments" / "load.yaml").write_text(environment(emulator.url), encoding="utf-8")
    login = {f"NETSUITE_{name.upper()}": value for name, value in emulator.credentials().items()}
    call = [sys.executable, "-m", "reconciler", command, *COMMANDS[command]]
    costs = []
    for _ in range(runs):
        before = len(emulator.requests())
        run = Run.of(call, cwd=folder, environ=login)
        costs.append(Cost(run, len(emulator.requests()) - before))
    return min(costs, key=lambda cost: cost.run.seconds)


def figures(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Measure each command in a small account, a large one, and one of many with access."""
    small, few_rows = sizes.employees // sizes.times_smaller, sizes.audit_rows // sizes.times_smaller
    few = _costs(folder, sizes, seed(small, few_rows, access=False))
    smallest = f"{small:,} employees, {few_rows:,} audit rows"
    for command, cost in few.items():
        yield Figure(f"{command}: {smallest}", f"{cost.run.seconds:.2f} s, {cost.requests} requests")
    large = _costs(folder, sizes, seed(sizes.employees, sizes.audit_rows, access=False))
    name = f"{sizes.employees:,} employees, {sizes.audit_rows:,} audit rows"
    yield from _compared(name, large, few, flat=True)
    many = _costs(folder, sizes, seed(sizes.access, few_rows, access=True))
    yield from _compared(f"{sizes.access:,} employees who have access", many, few, flat=False)


def _compared(name: str, costs: dict[str, Cost], few: dict[str, Cost], *, flat: bool) -> Iterator[Figure]:
    for command, cost in costs.items():
        least = few[command]
        told = f"{cost.run.seconds:.2f} s, {cost.requests} requests"
        yield Figure(f"{command}: {name}", told, cost.run.seconds / least.run.seconds, "the first")
        memory, target = cost.run.memory / least.run.memory, 1.1 if flat else None
        yield Figure(f"memory of {command}: {name}", megabytes(cost.run.memory), memory, "the first", target)


def _costs(folder: Path, sizes: Sizes, content: str) -> dict[str, Cost]:
    path = folder / "seed.yaml"
    path.write_text(content, encoding="utf-8")
    with serving(seed=path) as emulator:
        return {command: measured(command, emulator, folder, sizes.runs) for command in COMMANDS}
