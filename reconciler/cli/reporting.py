"""Plans and applies in the formats beside text and JSON, those that failed among them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reconciler.cli.attempt import Attempt, findings
from reconciler.cli.formats import Format
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.outcome import ApplyReport
from reconciler.core.plan import Plan
from reconciler.render.describe import notices
from reconciler.render.findings import Finding
from reconciler.render.report import Report, apply_report, failure_report, plan_report
from reconciler.render.sources import Sources

Result = TypeVar("Result")
Formats = Mapping[Format, Callable[[Sequence[Attempt[Result]]], str]]


def plan_formats(sources: Sources, besides: Sequence[Diagnostic] = ()) -> Formats[Plan]:
    """How plans are shown to people on a forge, and to the forge itself.

    Args:
        sources: where lines of files can be opened.
        besides: what was found that is in no plan.
    """
    return _formats(sources, plan_report, lambda plan: plan.diagnostics, notices, besides)


def apply_formats(sources: Sources) -> Formats[ApplyReport]:
    """The same of what was applied."""
    return _formats(sources, apply_report, lambda applied: applied.after.diagnostics, lambda _: ())


def _formats(
    sources: Sources,
    to_report: Callable[[Result], Report],
    found: Callable[[Result], Sequence[Diagnostic]],
    noted: Callable[[Result], Sequence[Diagnostic]],
    besides: Sequence[Diagnostic] = (),
) -> Formats[Result]:
    """From the report of a result to people, from what was found in it to machines.

    What is `noted` besides stands beside the lines of a pull request only: a change is no finding.
    """
    alone = [Finding(item) for item in besides]

    # Each takes time to load, and most commands show none of them.
    def markdown(chosen: Sequence[Attempt[Result]]) -> str:
        from reconciler.render.to_markdown import to_markdown  # noqa: PLC0415  see above

        return to_markdown(_reports(chosen, to_report), sources)

    def html(chosen: Sequence[Attempt[Result]]) -> str:
        from reconciler.render.to_html import to_html  # noqa: PLC0415  see above

        return to_html(_reports(chosen, to_report), sources)

    def sarif(chosen: Sequence[Attempt[Result]]) -> str:
        from reconciler.render.to_sarif import to_sarif  # noqa: PLC0415  see above

        return to_sarif([*alone, *findings(chosen, found)], sources)

    def annotations(chosen: Sequence[Attempt[Result]]) -> str:
        from reconciler.render.to_github import to_github  # noqa: PLC0415  see above

        return to_github([*alone, *findings(chosen, noted), *findings(chosen, found)], sources)

    return {Format.MARKDOWN: markdown, Format.HTML: html, Format.SARIF: sarif, Format.GITHUB: annotations}


def _reports(chosen: Sequence[Attempt[Result]], to_report: Callable[[Result], Report]) -> list[Report]:
    return [
        failure_report(one.target.environment, one.target.account, one.diagnostics)
        if one.result is None
        else to_report(one.result).with_findings(one.diagnostics)
        for one in chosen
    ]
