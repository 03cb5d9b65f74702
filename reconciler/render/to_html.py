"""A report as one page that needs nothing else: to keep, to mail, to open on a phone, to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler import __version__
from reconciler.render.pages import page
from reconciler.render.picture import Picture, drawn
from reconciler.render.report import Report
from reconciler.render.sources import NOWHERE, Sources

MOST_PICTURES: Final = 20


@dataclass(frozen=True, slots=True)
class _Part:
    """A report with the pictures of its first handovers, and how many have none."""

    report: Report
    pictures: tuple[Picture, ...]
    undrawn: int


def to_html(reports: Sequence[Report], sources: Sources = NOWHERE) -> str:
    """One page for all environments; equal input gives equal bytes.

    Args:
        reports: what to show.
        sources: where the lines of YAML can be opened; they are plain text where that is not known.
    """
    return page(
        "report.html",
        {
            "parts": [_part(report) for report in reports],
            "title": _title(reports),
            "url": sources.url,
            "version": __version__,
        },
    )


def _part(report: Report) -> _Part:
    shown = report.timelines[:MOST_PICTURES]
    return _Part(report, tuple(map(drawn, shown)), len(report.timelines) - len(shown))


def _title(reports: Sequence[Report]) -> str:
    what = "Apply" if any(report.closing for report in reports) else "Plan"
    return f"{what} for {reports[0].environment}" if len(reports) == 1 else f"{what} for {len(reports)} environments"
