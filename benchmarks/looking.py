"""What plan, verify and review cost in small and large accounts: seconds, memory of the command, requests.

Each command is a process of its own against an emulator that is another one. An account is large by what the commands
have no need of: people without access, and rows of the audit trail that NetSuite groups.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.emulator import MEGABYTE, Row, table, written
from reconciler.emulator.client import ACCOUNT, Emulator, serving

PLACE: Final = "benchmarks/looking.py"
COMMANDS: Final = ("plan", "verify", "review")
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
    seconds: float
    kilobytes: int
    requests: int

    @property
    def told(self) -> str:
        return f"{self.seconds:.2f} s, {self.kilobytes / MEGABYTE:,.0f} MB, {self.requests} requests"

    def against(self, other: "Cost") -> str:
        seconds, memory = self.seconds / other.seconds, self.kilobytes / other.kilobytes
        return f"{seconds:.1f} x the seconds, {memory:.1f} x the memory"


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
    return json.dumps({"version": 1, "netsuite": netsuite, "integrations": {"connector": wanted}})


def measured(command: str, emulator: Emulator, folder: Path, runs: int) -> Cost:
    """What one command costs that reads the account, by its quickest run; its own memory, at its highest."""
    (folder / "environments").mkdir(exist_ok=True)
    (folder / "environments" / "load.yaml").write_text(environment(emulator.url), encoding="utf-8")
    login = {f"NETSUITE_{name.upper()}": value for name, value in emulator.credentials().items()}
    call = [sys.executable, "-m", "reconciler", command, "load", "--output", "json=out.json"]
    costs = []
    for _ in range(runs):
        before, begin = len(emulator.requests()), time.perf_counter()
        process = subprocess.Popen(call, cwd=folder, env={**os.environ, **login}, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        if process.returncode:
            raise RuntimeError(f"reconciler {command} ended with {process.returncode}.")
        costs.append(Cost(seconds, used.ru_maxrss, len(emulator.requests()) - before))
    return min(costs, key=lambda cost: cost.seconds)


def rows(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Measure each command in a small account, a large one, and one of many with access."""
    small, few_rows = sizes.employees // sizes.times_smaller, sizes.audit_rows // sizes.times_smaller
    few = _costs(folder, sizes, seed(small, few_rows, access=False))
    for command, cost in few.items():
        yield Row(f"{command}: {small:,} employees, {few_rows:,} audit rows", cost.told)
    for command, cost in _costs(folder, sizes, seed(sizes.employees, sizes.audit_rows, access=False)).items():
        name = f"{command}: {sizes.employees:,} employees, {sizes.audit_rows:,} audit rows"
        yield Row(name, cost.told, cost.against(few[command]))
    for command, cost in _costs(folder, sizes, seed(sizes.access, few_rows, access=True)).items():
        name = f"{command}: {sizes.access:,} employees who have access, {few_rows:,} audit rows"
        yield Row(name, cost.told, cost.against(few[command]))


def _costs(folder: Path, sizes: Sizes, content: str) -> dict[str, Cost]:
    path = folder / "seed.yaml"
    path.write_text(content, encoding="utf-8")
    with serving(seed=path) as emulator:
        return {command: measured(command, emulator, folder, sizes.runs) for command in COMMANDS}


def main(arguments: Sequence[str]) -> None:
    sizes = Sizes()
    parser = argparse.ArgumentParser(description="Print what plan, verify and review cost.")
    for name in vars(sizes):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(sizes, name), metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the figures between the markers of a document")
    options = vars(parser.parse_args(arguments))
    target: Path | None = options.pop("write")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Sizes(**options), Path(folder)):
            print(row.line, flush=True)
            found.append(row)
    if target:
        target.write_text(written(target.read_text(encoding="utf-8"), table(found), PLACE), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
