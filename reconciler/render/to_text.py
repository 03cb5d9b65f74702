"""A plan or an apply as people read it in a terminal; names from files and accounts are escaped first."""

from collections.abc import Iterable, Iterator, Sequence

from reconciler.core.outcome import ApplyReport, Outcome, StepResult
from reconciler.core.plan import Plan
from reconciler.render.diagnostic_text import diagnostics_to_text, pointer
from reconciler.render.escaping import log_line, safe
from reconciler.render.lines import document, wrapped
from reconciler.render.report import ChangeRow, Report, ResultRow, StepRow, apply_report, plan_report


def plan_to_text(plan: Plan, width: int | None = None) -> str:
    """A plan: outages first, then changes, steps, findings, and the verdict as the last line.

    Args:
        plan: what to show.
        width: columns of the terminal; None puts every change on one line, however long.
    """
    report = plan_report(plan)
    return document(_title(report, width), *_plan(report, width))


def _plan(report: Report, width: int | None) -> Iterator[str]:
    yield diagnostics_to_text(report.alarms, width)
    yield "\n".join(_changes(report.changes, width))
    yield "\n".join(_steps(report.steps, width))
    yield diagnostics_to_text(report.findings, width)
    yield pointer((*report.alarms, *report.findings), width)
    yield "\n".join(wrapped(report.verdict, "", width))


def _title(report: Report, width: int | None) -> str:
    return "\n".join(wrapped(report.title, "", width))


def _changes(changes: Sequence[ChangeRow], width: int | None) -> list[str]:
    """A line each while all fit; else the place below each, and then what it does below its address."""
    rows = [(f"{change.symbol} {change.address}", change.what, str(change.declared_at)) for change in changes]
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows), default=0)
    lines = [f"{address:<{first}}  {what:<{second}}  {place}" for address, what, place in rows]
    if width is None or max(map(len, lines), default=0) <= width:
        return lines
    if first + 2 + second <= width:
        return [line for address, what, place in rows for line in (f"{address:<{first}}  {what}", f"    {place}")]
    return [line for address, *below in rows for line in (address, *_all_wrapped(below, "    ", width))]


def _steps(steps: Sequence[StepRow], width: int | None) -> Iterator[str]:
    if not steps:
        return
    yield "Steps"
    digits = len(str(len(steps)))
    actor = max(len(step.actor) for step in steps)
    longest = max(len(step.summary) for step in steps)
    standing = max(len(step.standing) for step in steps)
    in_columns = width is None or 2 + digits + 2 + actor + 2 + longest + 2 + standing <= width
    margin = " " * (2 + digits + 2)
    for step in steps:
        if in_columns:
            yield f"  {step.number:>{digits}}  {step.actor:<{actor}}  {step.summary:<{longest}}  {step.standing}"
        else:
            yield from wrapped(f"{step.actor}: {step.summary}", f"  {step.number:>{digits}}  ", width)
            yield f"{margin}{step.standing}"
        yield from _about(step, margin, width)


def _about(step: StepRow, margin: str, width: int | None) -> Iterator[str]:
    if step.note:
        yield from wrapped(step.note, margin, width)
    for instruction in step.instructions:
        yield from wrapped(str(instruction), f"{margin}  ", width)
    if step.instructions:
        yield from wrapped(f"done when {step.done_when}", margin, width)


def _all_wrapped(texts: Iterable[str], margin: str, width: int | None) -> list[str]:
    return [line for text in texts for line in wrapped(text, margin, width)]


def result_to_text(result: StepResult, width: int | None = None) -> str:
    """One step that was tried."""
    result = safe(result)
    return _result(ResultRow(result.outcome, result.step.summary, result.message), width)


def _result(row: ResultRow, width: int | None) -> str:
    tail = f": {row.message}" if row.message else ""
    margin = f"  {row.outcome:<12}  "
    return "\n".join(map(log_line, wrapped(f"{row.summary}{tail}", margin, width, hanging=0)))


def apply_to_text(applied: ApplyReport, width: int | None = None) -> str:
    """What was done, what a fresh read shows now, and who has to act next."""
    report = apply_report(applied)
    title = "" if applied.declined else _title(report, width)
    closing = "\n".join(wrapped(report.closing, "", width))
    return document(_tried(report.results, width), title, *_plan(report, width), closing)


def _tried(results: Sequence[ResultRow], width: int | None) -> str:
    if not results:
        return ""
    heading = "Applied" if all(result.outcome is Outcome.DONE for result in results) else "Tried"
    return "\n".join([heading, *(_result(result, width) for result in results)])
