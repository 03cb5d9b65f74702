"""Run all benchmarks, or those that are named, and write their figures into a document."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import checking, emulator, looking, many, planning, pure, start
from benchmarks.measuring import Figure, machine, table, written
from benchmarks.plot import draw


@dataclass(frozen=True)
class Sizes:
    """How much is made up, and how often each figure is taken."""

    runs: int = 5
    files: int = 10_000
    plans: tuple[int, ...] = (1, 100, 1000, 10_000)
    accounts: tuple[int, int] = (100, 1000)
    looked_at: looking.Sizes = field(default_factory=looking.Sizes)
    emulated: emulator.Sizes = field(default_factory=emulator.Sizes)


SMALL = Sizes(
    runs=1, files=3, plans=(1, 5), accounts=(1, 2),
    looked_at=looking.Sizes(employees=20, audit_rows=40, access=5, times_smaller=2, runs=1),
    emulated=emulator.Sizes(accounts=2, people_each=3, employees=30, audit_rows=40, requests=4, runs=1),
)  # fmt: skip
PICTURE = "plans.svg"


def _plans(sizes: Sizes, folder: Path, picture: Path | None) -> Iterator[Figure]:
    taken = list(planning.points(sizes.plans, max(sizes.runs // 2, 1), folder))
    yield from planning.figures(taken)
    yield from planning.cost_figures(max(sizes.plans), folder)
    yield from planning.latency_figures(sizes.runs, folder)
    yield from pure.figures(max(sizes.plans), sizes.runs, folder)
    if picture:
        draw(taken, picture)


Part = Callable[[Sizes, Path, Path | None], Iterator[Figure]]
PARTS: dict[str, Part] = {
    "start": lambda sizes, folder, _: start.figures(4 * sizes.runs, folder),
    "checking": lambda sizes, folder, _: checking.figures(sizes.files, max(sizes.plans), sizes.runs, folder),
    "plans": _plans,
    "accounts": lambda sizes, folder, _: many.figures(sizes.accounts, folder),
    "looking": lambda sizes, folder, _: looking.figures(sizes.looked_at, folder),
    "emulator": lambda sizes, folder, _: emulator.figures(sizes.emulated, folder),
}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="Print what everything costs, as ratios.")
    parser.add_argument(
        "parts",
        nargs="*",
        # argparse checks an absent list against the choices as well.
        choices=[[], *PARTS],
        metavar="PART",
        help=f"what to measure: {', '.join(PARTS)}; all when none is named",
    )
    parser.add_argument("--small", action="store_true", help="as little as possible, to see that it runs")
    parser.add_argument("--runs", type=int, help="how often each figure is taken; the best counts")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the figures between the markers of a document")
    options = parser.parse_args(arguments)
    sizes = SMALL if options.small else Sizes()
    if options.runs:
        sizes = replace(sizes, runs=options.runs, emulated=replace(sizes.emulated, runs=options.runs))
    picture = options.write.parent / "images" / PICTURE if options.write else None
    for name in options.parts or PARTS:
        found = []
        with tempfile.TemporaryDirectory() as folder:
            for figure in PARTS[name](sizes, Path(folder), picture):
                print(figure.line, flush=True)
                found.append(figure)
        if options.write:
            text = f"Measured on {machine()}.\n\n{table(found)}"
            document = options.write.read_text("utf-8")
            options.write.write_text(written(document, f"benchmarks {name}", text), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
