"""The times of the plans by size, as a picture for the document."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.planning import Point

# By shape as well as by colour.
MARKS = ("o", "s", "^", "D")


def draw(taken: Sequence[Point], file: Path) -> None:
    """Write an SVG whose both scales are logarithmic; the same points give the same bytes."""
    import matplotlib as mpl  # noqa: PLC0415  slow to load, and only this needs it

    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  after the choice of what draws

    with mpl.rc_context({"svg.hashsalt": "reconciler", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
        for mark, tool in zip(MARKS, dict.fromkeys(point.tool for point in taken), strict=False):
            own = [point for point in taken if point.tool == tool]
            axes.plot([point.size for point in own], [point.seconds for point in own], marker=mark, label=tool)
        axes.set(
            xscale="log", yscale="log", xlabel="declared things, one in a hundred differs", ylabel="seconds of a plan"
        )
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
    # Ends of lines carry blanks, which checks of a repository refuse.
    text = "\n".join(line.rstrip() for line in file.read_text("utf-8").splitlines())
    file.write_text(f"{text}\n", "utf-8")
