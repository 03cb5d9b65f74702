"""Many accounts: whole, in shards, and on a cluster, the same is told; one that is away does not hide the others."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.planning import head, login, seed
from tests.support.emulator import serving

ROOT = Path(__file__).parents[2]
ACCOUNTS = 6
FIRST = 5000001
WANTED = "employees:\n  employee.000001@example.com: {roles: {at_least: [Seller]}}\n"


@dataclass(frozen=True)
class Repository:
    folder: Path
    environ: Mapping[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "reconciler", *arguments], cwd=self.folder, env=self.environ,
            capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """An environment for each of six accounts, two environments of one of them, and one that nobody answers for."""
    folder = tmp_path_factory.mktemp("repository")
    environments = folder / "environments"
    environments.mkdir()
    file = folder / "seed.json"
    file.write_text(seed(3, generate={"accounts": ACCOUNTS, "template": "1234567", "first": str(FIRST)}), "utf-8")
    with serving(seed=file) as emulator:
        for number in range(ACCOUNTS):
            text = head(emulator.url, str(FIRST + number), 2) + WANTED
            (environments / f"account-{number}.yaml").write_text(text, "utf-8")
        text = head(emulator.url, str(FIRST), 2) + "employees: {}\n"
        (environments / "again.yaml").write_text(text, "utf-8")
        (environments / "gone.yaml").write_text(head("http://127.0.0.1:9", "7654321", 2) + WANTED, "utf-8")
        yield Repository(folder, {**os.environ, **login(emulator), "PYTHONPATH": str(ROOT)})


def document(file: Path) -> list[dict[str, object]]:
    """The environments of a report, without what moves while nobody does anything."""
    found = json.loads(file.read_text("utf-8"))
    return [
        {**one, "observed": [fact for fact in one.get("observed", ()) if fact["fact"] != "read-at"]}
        for one in found.get("environments", [found])
    ]


@pytest.fixture(scope="module")
def whole(repository: Repository) -> list[dict[str, object]]:
    done = repository.run("plan", "--output", "json=whole.json")

    assert done.returncode == 1, done.stderr
    assert "gone (account 7654321)" in done.stderr
    return document(repository.folder / "whole.json")


def test_one_account_that_is_away_does_not_hide_the_others(whole: list[dict[str, object]]) -> None:
    assert [one["environment"] for one in whole] == ["account-0", "account-1", "account-2", "account-3", "account-4",
                                                     "account-5", "again", "gone"]  # fmt: skip
    assert [bool(one.get("changes")) for one in whole] == [True] * ACCOUNTS + [False, False]


def test_shards_are_the_whole_and_environments_of_one_account_are_in_one(
    repository: Repository, whole: list[dict[str, object]]
) -> None:
    parts = []
    for number in (1, 2, 3):
        file = repository.folder / f"{number}.json"
        repository.run("plan", "--shard", f"{number}/3", "--output", f"json={file}")
        parts.append(document(file))

    merged = sorted((one for part in parts for one in part), key=lambda one: str(one["environment"]))
    assert merged == whole
    together = next(part for part in parts if any(one["environment"] == "again" for one in part))
    assert "account-0" in {one["environment"] for one in together}


def test_a_shard_without_environments_says_so(repository: Repository) -> None:
    done = repository.run("plan", "again", "--shard", "2/2")

    assert (done.returncode, done.stdout) == (0, "")
    assert "No environment falls to this shard." in done.stderr


@contextmanager
def cluster(folder: Path, workers: int, environ: Mapping[str, str]) -> Iterator[str]:
    """A scheduler and its workers, each a process; the address of the first."""
    told = folder / "scheduler.json"
    common = ("--scheduler-file", str(told), "--no-dashboard")
    with running(
        "scheduler", "--host", "127.0.0.1", "--port", "0", *common, cwd=folder, environ=environ, log="scheduler"
    ):
        # It is there before it is written.
        wait_until(lambda: told.exists() and told.read_text("utf-8").endswith("}"))
        address = str(json.loads(told.read_text("utf-8"))["address"])
        options = ("--nthreads", "2", "--no-nanny", "--host", "127.0.0.1", *common)
        with ExitStack() as stack:
            for number in range(workers):
                stack.enter_context(running("worker", *options, cwd=folder, environ=environ, log=f"worker-{number}"))
            wait_for_workers(address, workers)
            yield address


def wait_for_workers(address: str, workers: int) -> None:
    if workers:
        code = "import sys; from distributed import Client; Client(sys.argv[1]).wait_for_workers(int(sys.argv[2]), 60)"
        subprocess.run([sys.executable, "-c", code, address, str(workers)], check=True)  # noqa: S603 - fixed


@contextmanager
def running(what: str, *options: str, cwd: Path, environ: Mapping[str, str], log: str) -> Iterator[None]:
    command = [sys.executable, "-m", "dask", what, *options]
    with (cwd / f"{log}.log").open("wb") as out:
        process = subprocess.Popen(command, cwd=cwd, env=environ, stdout=out, stderr=out)  # noqa: S603 - a fixed command
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a condition of another process."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def scheduler(repository: Repository) -> Iterator[str]:
    with cluster(repository.folder, 2, repository.environ) as address:
        yield address


def outputs(repository: Repository, *options: str) -> Sequence[str]:
    done = repository.run("plan", "--output", "text", "--output", "json=out.json", *options)
    assert done.returncode == 1, done.stderr
    assert "cluster" not in done.stderr
    return [done.stdout, json.dumps(document(repository.folder / "out.json"))]


def test_a_cluster_tells_the_same_as_this_process(repository: Repository, scheduler: str) -> None:
    assert outputs(repository, "--scheduler", scheduler) == outputs(repository)


def test_a_cluster_that_does_not_answer_is_told(repository: Repository) -> None:
    done = repository.run("plan", "--scheduler", "tcp://127.0.0.1:9")

    assert done.returncode == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:9." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_without_workers_is_told(repository: Repository, tmp_path: Path) -> None:
    with cluster(tmp_path, 0, repository.environ) as address:
        done = repository.run("plan", "--scheduler", address)

    assert done.returncode == 1
    assert "has no worker" in done.stderr


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tcp://", ""])
def test_what_is_no_address_is_told(repository: Repository, address: str) -> None:
    done = repository.run("plan", "--scheduler", address)

    assert done.returncode == 64
    assert "is no address" in done.stderr
    assert done.stdout == ""
