"""Findings as annotations of a GitHub workflow, one command a line.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.render.escaping import safe, workflow_data, workflow_property
from reconciler.render.findings import Finding, worst_first
from reconciler.render.sources import NOWHERE, Sources

SHOWN: Final = 10
"""GitHub keeps this many annotations of each kind in a step and drops the others without a word."""
_COMMAND: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PLURAL: Final = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "notices"}


def to_github(findings: Iterable[Finding], sources: Sources = NOWHERE) -> str:
    """Annotations, errors first; where GitHub would drop some, the last one it keeps says how many there are."""
    chosen = worst_first(safe(tuple(findings)))
    return "".join(
        f"{line}\n"
        for severity, group in groupby(chosen, key=lambda finding: finding.diagnostic.severity)
        for line in _of_one_kind(severity, list(group), sources)
    )


def _of_one_kind(severity: Severity, findings: Sequence[Finding], sources: Sources) -> Iterator[str]:
    # Several environments may say the same of one line, and one annotation tells it.
    lines = list(dict.fromkeys(_annotation(finding, sources) for finding in findings))
    kept = lines if len(lines) <= SHOWN else lines[: SHOWN - 1]
    yield from kept
    if hidden := len(lines) - len(kept):
        title = workflow_property(f"{hidden} more {_PLURAL[severity]}")
        said = f"GitHub shows {SHOWN} annotations of a kind in a step. The whole list is in the other outputs."
        yield f"::{_COMMAND[severity]} title={title}::{workflow_data(said)}"


def _annotation(finding: Finding, sources: Sources) -> str:
    item, place = finding.diagnostic, finding.place(sources)
    properties = [("title", f"{item.summary} [{item.rule}]")]
    if place:
        properties = [("file", place.file), ("line", str(place.line)), ("col", str(place.column)), *properties]
    lines = [item.detail or item.summary, f"hint: {item.hint}"] if item.hint else [item.detail or item.summary]
    told = ",".join(f"{name}={workflow_property(value)}" for name, value in properties)
    return f"::{_COMMAND[item.severity]} {told}::{workflow_data(chr(10).join(lines))}"
