"""What every benchmark shares: taking figures, servers to measure against, and tables for a document.

Seconds depend on the machine and on what else it does; a ratio of two measurements taken in turn depends on it less.
"""

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.config.environment import Environment, read_environment
from reconciler.emulator.client import Emulator

ROOT = Path(__file__).parents[1]
KIBIBYTES = 1024
FEW = 10
INTERPRETER = "a bare interpreter"


@dataclass(frozen=True)
class Figure:
    """One figure: the value measured, and how it stands to something else of the same run.

    Args:
        name: what was measured.
        measured: its value with its unit.
        ratio: how many times `against` that is; None where there is nothing to compare with.
        target: what the ratio shall be at most.
    """

    name: str
    measured: str
    ratio: float | None = None
    against: str = ""
    target: float | None = None

    @property
    def compared(self) -> str:
        return "" if self.ratio is None else f"{_short(self.ratio)} x {self.against}"

    @property
    def aim(self) -> str:
        """The target and whether it is met; a ratio counts as it is shown."""
        if self.target is None or self.ratio is None:
            return ""
        met = float(_short(self.ratio)) <= self.target
        return f"at most {self.target:g}: {'met' if met else '**not met**'}"

    @property
    def line(self) -> str:
        """For somebody who watches."""
        return "  ".join(part for part in (self.name, self.measured, self.compared, self.aim) if part)


def _short(ratio: float) -> str:
    return f"{ratio:.{2 if ratio < FEW else 1}f}"


def environment_in(path: Path) -> Environment:
    """What a file that a benchmark wrote declares.

    Raises:
        ValueError: it is refused.
    """
    loaded = read_environment(path, path.parent)
    if loaded.environment is None:
        raise ValueError(f"{path.name} is refused: {loaded.diagnostics[0]}")
    return loaded.environment


@dataclass(frozen=True)
class Server:
    """A server that listens, and how long it took until it did."""

    port: int
    process: int
    seconds: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def memory(self) -> str:
        """Resident memory, as `ps` tells it."""
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process)],  # noqa: S607 - wherever the system has its ps
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        return megabytes(int(told))

    @property
    def cpu_seconds(self) -> float:
        """Processor time that its process has taken, all threads."""
        ticks = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return sum(map(int, ticks[11:13])) / os.sysconf("SC_CLK_TCK")

    @property
    def door(self) -> Emulator:
        """The back door, where the server is the emulator."""
        return Emulator(self.url)


@contextmanager
def serving(*command: str) -> Iterator[Server]:
    """Run a server as a process of its own; its first line ends with its port."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        first = process.stdout.readline() if process.stdout else ""
        seconds = time.perf_counter() - begin
        try:
            yield Server(int(first.rpartition(":")[2]), process.pid, seconds)
        finally:
            process.terminate()


def emulator(*options: str) -> Sequence[str]:
    return ("-m", "reconciler.emulator", "serve", "--until-stdin-closes", *options)


@dataclass(frozen=True)
class Run:
    """What one process took: wall and processor seconds, and its most resident memory in KiB."""

    seconds: float
    cpu_seconds: float
    memory: int

    @staticmethod
    def of(command: Sequence[str], *, cwd: Path = ROOT, environ: Mapping[str, str] | None = None) -> "Run":
        """Run a program to its end, with its children.

        Raises:
            ValueError: it failed; what it said is in the message.
        """
        begin = time.perf_counter()
        with subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(environ or {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as process:  # fmt: skip
            peak = _Peak(process.pid)
            said = process.stdout.read() if process.stdout else ""
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        if process.returncode:
            raise ValueError(f"{' '.join(command[:6])} … failed with {process.returncode}: {said[-2000:]}")
        return Run(seconds, used.ru_utime + used.ru_stime, peak.kibibytes())


class _Peak:
    """The most resident memory of a process, watched from outside.

    What `wait4` tells begins with that of this process, for the other one was made from it.
    """

    _EVERY = 0.02  # seconds

    def __init__(self, process: int) -> None:
        self._file = Path(f"/proc/{process}/status")
        self._highest = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def kibibytes(self) -> int:
        """The highest that was seen, once the process has ended."""
        self._thread.join()
        return self._highest

    def _watch(self) -> None:
        while (now := self._now()) is not None:
            self._highest = max(self._highest, now)
            time.sleep(self._EVERY)

    def _now(self) -> int | None:
        try:
            lines = self._file.read_text("ascii").splitlines()
        except OSError:
            return None
        # A process that has ended and was not waited for has no memory any more.
        return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)


def quickest(*works: Callable[[], float], runs: int) -> tuple[float, ...]:
    """The best of each, taken in turn, so that a busy moment of the machine meets all."""
    taken = [[work() for work in works] for _ in range(runs)]
    return tuple(min(column) for column in zip(*taken, strict=True))


def seconds_of(action: Callable[[], object]) -> Callable[[], float]:
    """How long a function of this process takes, each time it is asked."""

    def taken() -> float:
        begin = time.perf_counter()
        action()
        return time.perf_counter() - begin

    return taken


def program(*command: str, cwd: Path = ROOT, environ: Mapping[str, str] | None = None) -> Callable[[], float]:
    """How long a program takes, each time it is asked."""
    return lambda: Run.of(command, cwd=cwd, environ=environ).seconds


def python(*arguments: str, cwd: Path = ROOT, environ: Mapping[str, str] | None = None) -> Callable[[], float]:
    return program(sys.executable, *arguments, cwd=cwd, environ=environ)


def beside(name: str) -> str:
    """A program of this interpreter's own environment."""
    return str(Path(sys.executable).with_name(name))


def megabytes(kibibytes: int) -> str:
    return f"{kibibytes / KIBIBYTES:,.0f} MB"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table of Markdown, with a column for targets where there are any."""
    aims = any(figure.aim for figure in figures)
    rows = [["what", "measured", "ratio", *(["target"] if aims else [])]]
    rows += [[one.name, one.measured, one.compared, *([one.aim] if aims else [])] for one in figures]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def machine() -> str:
    """Where the figures were taken, without the machine's name."""
    return f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {platform.system()}"


def written(document: str, part: str, text: str) -> str:
    """A document with this text between the markers of one part.

    Raises:
        ValueError: it has none.
    """
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"There is no place for the figures: {begin} … {end} is missing.")
    return f"{before}{begin}\n{text}\n{end}{after}"
