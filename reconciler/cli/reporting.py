"""Plans and applies in the formats beside text and JSON, those that failed among them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reconciler.cli.attempt import Attempt
from reconciler.cli.formats import Format
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.outcome import ApplyReport
from reconciler.core.plan import Plan
from reconciler.render.findings import Finding
from reconciler.render.sources import Sources
from reconciler.render.to_github import to_github
from reconciler.render.to_sarif import to_sarif

Result = TypeVar("Result")
Formats = Mapping[Format, Callable[[Sequence[Attempt[Result]]], str]]


def plan_formats(sources: Sources) -> Formats[Plan]:
    """How plans are shown to people on a forge, and to the forge itself."""
    return {
        Format.SARIF: lambda chosen: to_sarif(_findings(chosen, lambda plan: plan.diagnostics), sources),
        Format.GITHUB: lambda chosen: to_github(_findings(chosen, lambda plan: plan.diagnostics), sources),
    }


def apply_formats(sources: Sources) -> Formats[ApplyReport]:
    """The same of what was applied."""
    return {
        Format.GITHUB: lambda chosen: to_github(_findings(chosen, lambda report: report.after.diagnostics), sources)
    }


def _findings(chosen: Sequence[Attempt[Result]], found: Callable[[Result], Sequence[Diagnostic]]) -> list[Finding]:
    """What is wrong or worth knowing, also where it kept an environment from having a result."""
    return [
        Finding(item, one.target.file)
        for one in chosen
        for item in (*one.diagnostics, *(found(one.result) if one.result is not None else ()))
    ]
