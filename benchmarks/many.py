"""What many accounts cost: `plan` over environments of as many accounts, each answer of which takes 50 ms to come.

Three things bound the wall time, whatever is done: how long the answers take with so many requests in flight, and the
processor time of either side, for each is one process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.emulator import ACCOUNT
from benchmarks.measuring import Figure, Run, Server, emulator, megabytes, serving
from benchmarks.planning import Repository, head, login, seed
from reconciler.cli.side_by_side import MOST_AT_ONCE

LATENCY = 50  # milliseconds
CONCURRENCY = 2
FIRST = 5000001


@dataclass(frozen=True)
class Taken:
    """One plan over many environments: what it took, and what the server did meanwhile."""

    run: Run
    requests: int
    server_seconds: float

    def bound(self, at_once: int) -> float:
        """Seconds that it must take at least, with so many requests in flight."""
        latency = self.requests * LATENCY / 1000 / at_once
        return max(latency, self.run.cpu_seconds, self.server_seconds)


@contextmanager
def accounts_of(count: int, folder: Path) -> Iterator[tuple[Server, Repository]]:
    """An emulator with so many accounts, and an environment for each."""
    environments = folder / "environments"
    environments.mkdir(parents=True)
    file = folder / "seed.json"
    file.write_text(seed(3, generate={"accounts": count, "template": ACCOUNT, "first": str(FIRST)}), "utf-8")
    options = ("--seed", str(file), "--latency", str(LATENCY), "--concurrency-limit", "0")
    with serving(*emulator(*options)) as server:
        for number in range(FIRST, FIRST + count):
            people = "employees:\n  employee.000001@example.com: {roles: {at_least: [Seller]}}\n"
            text = head(server.url, str(number), CONCURRENCY) + people
            (environments / f"account-{number}.yaml").write_text(text, "utf-8")
        yield server, Repository(folder, login(server.door))


def plan_of(server: Server, repository: Repository, *options: str) -> Taken:
    server.door.door("requests/clear", {})
    before = server.cpu_seconds
    run = Run.of([*repository.command, *options], environ=repository.environ)
    sent = int(server.door.door("requests/summary")["requests"])
    return Taken(run, sent, server.cpu_seconds - before)


def figures(counts: tuple[int, int], folder: Path) -> Iterator[Figure]:
    """Measure a smaller and a larger number of accounts.

    Args:
        counts: how many accounts there are, the smaller number first.
        folder: an empty folder.
    """
    taken = []
    for count in counts:
        with accounts_of(count, folder / f"{count}") as (server, repository):
            taken.append(plan_of(server, repository))
    few, many = taken
    name = f"plan {counts[1]:,} accounts at a latency of {LATENCY} ms"
    bound = many.bound(MOST_AT_ONCE * CONCURRENCY)
    yield Figure(name, f"{many.run.seconds:.1f} s", many.run.seconds / bound, f"what bounds it ({bound:.1f} s)", 1.3)
    per_account = (many.run.seconds / counts[1]) / (few.run.seconds / counts[0])
    yield Figure(
        "the same for one account",
        f"{many.run.seconds / counts[1] * 1000:.0f} ms",
        per_account,
        f"one of {counts[0]:,}",
        1.1,
    )
    memory = (many.run.memory - few.run.memory) / (counts[1] - counts[0])
    yield Figure("memory of the same", megabytes(many.run.memory))
    yield Figure("what another account adds to that", f"{memory:.0f} KiB")
