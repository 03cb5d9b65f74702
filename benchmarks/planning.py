"""What a plan costs, by the number of things declared, beside octoDNS and terraform on the same work.

Each tool is a process of its own that reads N declared things and N live ones, of which one in a hundred differs, and
shows what it would change. Ours asks the emulator, a process that its time includes; octoDNS reads its target from a
file, terraform its state, so both wait for nobody.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.emulator import ACCOUNT
from benchmarks.measuring import (
    KIBIBYTES,
    Figure,
    Run,
    Server,
    beside,
    emulator,
    megabytes,
    program,
    python,
    quickest,
    serving,
)
from reconciler.emulator.client import Emulator

ONE_IN = 100
MADE_UP = [digit * 64 for digit in "abcd"]
OURS = "reconciler, employees"
OCTODNS = "octoDNS, records"
BLOCKS = "terraform, blocks"
FOR_EACH = "terraform, for_each"
# With more, terraform's own set-up takes longer than everything else here.
MOST_BLOCKS = 1000
MOST_MEMORY = 150
# From the time over what needs no id and who holds a role to everybody who was met.
ROUNDS = 4
LATENCY = 100  # milliseconds


@dataclass(frozen=True)
class Repository:
    """A folder with environments, and what their references resolve to."""

    folder: Path
    environ: Mapping[str, str]

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "reconciler", "plan", "--environments", str(self.folder / "environments")]


def login(emulator: Emulator) -> Mapping[str, str]:
    """The variables that a declared login names."""
    found = emulator.credentials()
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    return {f"NETSUITE_{name.upper()}": str(found[name]) for name in names}


def head(url: str, account: str, concurrency: int) -> str:
    return (
        f"version: 1\nnetsuite:\n  account: '{account}'\n  endpoint: {url}\n  concurrency: {concurrency}\n"
        "  login:\n    method: tba\n    acts_as: {employee: admin@example.com, role: Administrator}\n"
        "    consumer_key: env:NETSUITE_CONSUMER_KEY\n    consumer_secret: env:NETSUITE_CONSUMER_SECRET\n"
        "    token_id: env:NETSUITE_TOKEN_ID\n    token_secret: env:NETSUITE_TOKEN_SECRET\n"
    )


def declared(server: Server, employees: int, concurrency: int) -> str:
    """Everybody is a buyer, and one in a hundred shall be a seller too."""
    listed = "".join(
        f"  employee.{number:06}@example.com: "
        f"{{active: true, access: true, roles: {{at_least: [{'Seller' if number % ONE_IN == 1 else 'Buyer'}]}}}}\n"
        for number in range(1, employees + 1)
    )
    return f"{head(server.url, ACCOUNT, concurrency)}employees:\n{listed}"


def seed(employees: int, **more: object) -> str:
    account = {
        "name": "Load",
        "roles": [
            {"id": 3, "name": "Administrator"},
            {"id": 1001, "name": "Buyer", "permissions": {"LIST_FIND": "View"}},
            {"id": 1002, "name": "Seller", "permissions": {"LIST_FIND": "View"}},
        ],
        "employees": [
            {"id": 1, "entityid": "Admin", "email": "admin@example.com", "access": True, "roles": ["Administrator"]},
            {"id": 2, "entityid": "Other", "email": "other@example.com", "access": True, "roles": ["Administrator"]},
        ],
        # Given, so that accounts made after this one have the same.
        "integrations": [{"id": 1, "name": "Load", "consumer_key": MADE_UP[0], "consumer_secret": MADE_UP[1]}],
        "tokens": [
            {
                "application": "Load",
                "role": "Administrator",
                "user": "Admin",
                "name": "Load token",
                "token_id": MADE_UP[2],
                "token_secret": MADE_UP[3],
            }
        ],
        "logins": [{"application": "Load", "role": "Administrator", "employee": "Admin", "default": True}],
        "generate": {"employees": employees, "access": True, "roles": ["Buyer"]},
    }
    return json.dumps({"accounts": {ACCOUNT: account}, **more})


@contextmanager
def account_of(employees: int, folder: Path, *options: str, concurrency: int = 5) -> Iterator[Repository]:
    """An emulator with so many employees, and a repository that declares them."""
    (folder / "environments").mkdir(parents=True)
    seed_file = folder / "seed.json"
    seed_file.write_text(seed(employees), "utf-8")
    with serving(*emulator("--seed", str(seed_file), "--concurrency-limit", "0", *options)) as server:
        text = declared(server, employees, concurrency)
        (folder / "environments" / "load.yaml").write_text(text, "utf-8")
        yield Repository(folder, login(server.door))


def octodns(records: int, folder: Path) -> Sequence[str]:
    """A zone of so many addresses, of which one in a hundred shall be another."""
    provider = "octodns.provider.yaml.YamlProvider"
    for name in ("source", "target"):
        place = folder / name
        place.mkdir(parents=True)
        zone = "".join(
            f"host-{number:06}: {{type: A, value: 10.{number >> 16 & 255}.{number >> 8 & 255}."
            f"{1 if name == 'source' and number % ONE_IN == 1 else 2}}}\n"
            for number in range(1, records + 1)
        )
        (place / "example.com.yaml").write_text(f"---\n{zone}", "utf-8")
    providers = "\n".join(
        f"  {name}: {{class: {provider}, directory: {folder / name}, default_ttl: 300, enforce_order: false}}"
        for name in ("source", "target")
    )
    configuration = folder / "config.yaml"
    zones = "zones:\n  example.com.: {sources: [source], targets: [target]}\n"
    configuration.write_text(f"providers:\n{providers}\n{zones}", "utf-8")
    return [beside("octodns-sync"), "--config-file", str(configuration), "--force"]


def terraform(binary: str, resources: int, folder: Path, *, for_each: bool) -> Sequence[str]:
    """So many `terraform_data`, all of them in the state, one in a hundred with another input."""
    folder.mkdir(parents=True)
    for value in ("old", "new"):
        values = [value if number % ONE_IN == 1 else "same" for number in range(1, resources + 1)]
        (folder / "main.tf").write_text(_for_each(values) if for_each else _blocks(values), "utf-8")
        if value == "old":
            Run.of([binary, "init", "-no-color"], cwd=folder)
            Run.of([binary, "apply", "-auto-approve", "-no-color"], cwd=folder)
    return [binary, "plan", "-no-color", "-lock=false"]


def _blocks(values: Sequence[str]) -> str:
    return "".join(
        f'resource "terraform_data" "r{number}" {{\n  input = "{value}"\n}}\n' for number, value in enumerate(values)
    )


def _for_each(values: Sequence[str]) -> str:
    listed = "".join(f'    r{number} = "{value}"\n' for number, value in enumerate(values))
    return f'resource "terraform_data" "all" {{\n  for_each = {{\n{listed}  }}\n  input = each.value\n}}\n'


@dataclass(frozen=True)
class Point:
    """The best time of one tool for so many things."""

    tool: str
    size: int
    seconds: float


def points(sizes: Sequence[int], runs: int, folder: Path) -> Iterator[Point]:
    """Measure every tool at every size, in turn.

    Args:
        sizes: how many things are declared.
        runs: how often each is run; the best counts.
        folder: an empty folder.
    """
    found = shutil.which("terraform")
    for size in sizes:
        place = folder / f"{size}"
        with account_of(size, place / "ours") as ours:
            tools = {OURS: program(*ours.command, environ=ours.environ)}
            tools[OCTODNS] = program(*octodns(size, place / "octodns"))
            if found and size <= MOST_BLOCKS:
                for name, for_each in ((BLOCKS, False), (FOR_EACH, True)):
                    where = place / f"terraform-{for_each}"
                    tools[name] = program(*terraform(found, size, where, for_each=for_each), cwd=where)
            for tool, seconds in zip(tools, quickest(*tools.values(), runs=runs), strict=True):
                yield Point(tool, size, seconds)


def figures(taken: Sequence[Point]) -> Iterator[Figure]:
    """The same as ratios; the targets are about the largest size."""
    largest = max(point.size for point in taken)
    times = {(point.tool, point.size): point.seconds for point in taken}
    for (tool, size), seconds in times.items():
        if tool != OURS:
            mine = times[OURS, size]
            target = 0.5 if size == largest and tool == OCTODNS else None
            yield Figure(f"plan of {size:,} employees", f"{mine:.2f} s", mine / seconds, f"{tool}: {size:,}", target)
    blocks = max((size for tool, size in times if tool == BLOCKS), default=None)
    if blocks is not None:
        mine, seconds = times[OURS, largest], times[BLOCKS, blocks]
        yield Figure(f"plan of {largest:,} employees", f"{mine:.2f} s", mine / seconds, f"{BLOCKS}: {blocks:,}", 1.0)


def cost_figures(size: int, folder: Path) -> Iterator[Figure]:
    """What the largest plan takes beside time."""
    with account_of(size, folder / "cost") as ours:
        run = Run.of(ours.command, environ=ours.environ)
    name = f"memory of the plan of {size:,} employees"
    yield Figure(name, megabytes(run.memory), run.memory / KIBIBYTES / MOST_MEMORY, f"{MOST_MEMORY} MB", 1.0)
    per_thousand = run.cpu_seconds * 1000 / size
    yield Figure("processor time of that plan for 1,000 employees", f"{per_thousand:.2f} s")


def latency_figures(runs: int, folder: Path) -> Iterator[Figure]:
    """What distance adds to a plan: its reads wait for each other in four rounds, whatever the number of reads."""
    with (
        account_of(1, folder / "near", concurrency=15) as near,
        account_of(1, folder / "far", "--latency", str(LATENCY), concurrency=15) as far,
    ):
        at_once, later, bare = quickest(
            program(*near.command, environ=near.environ), program(*far.command, environ=far.environ),
            python("-m", "reconciler", "--version"), runs=runs,
        )  # fmt: skip
    rounds = ROUNDS * LATENCY / 1000
    what = f"what a latency of {LATENCY} ms adds to a plan"
    yield Figure(what, f"{(later - at_once) * 1000:,.0f} ms", (later - at_once) / rounds, f"{ROUNDS} round trips", 1.2)
    yield Figure(f"plan at a latency of {LATENCY} ms", f"{later:.2f} s", later / bare, "reconciler --version")
