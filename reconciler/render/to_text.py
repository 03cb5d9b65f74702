"""A plan or an apply as people read it in a terminal; names from files and accounts are escaped first."""

from collections.abc import Iterable, Iterator, Sequence

from reconciler.core.change import SYMBOL, Change
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.ending import Ending
from reconciler.core.outcome import ApplyReport, Outcome, StepResult
from reconciler.core.plan import Plan
from reconciler.core.step import Actor, Status, Step
from reconciler.render.describe import Course, described, verdict
from reconciler.render.escaping import safe
from reconciler.render.lines import counted, document, title, wrapped

_HEADING = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}
_FIRST = {"outage", "failing-logins", "sandbox-refreshed"}


def plan_to_text(plan: Plan, width: int | None = None) -> str:
    """A plan: outages first, then changes, steps, findings, and the verdict as the last line.

    Args:
        plan: what to show.
        width: columns of the terminal; None puts every change on one line, however long.
    """
    plan = safe(plan)
    return document(
        "\n".join(wrapped(title(plan), "", width)),
        diagnostics_to_text([item for item in plan.diagnostics if item.rule in _FIRST], width),
        "\n".join(_changes(plan.changes, width)),
        "\n".join(_steps(plan.steps, width)),
        diagnostics_to_text([item for item in plan.diagnostics if item.rule not in _FIRST], width),
        "\n".join(wrapped(verdict(plan), "", width)),
    )


def _changes(changes: Sequence[Change], width: int | None) -> list[str]:
    """A line each while all fit; else the place below each, and then what it does below its address."""
    rows = [
        (f"{SYMBOL[change.action]} {change.address}", described(change), str(change.declared_at)) for change in changes
    ]
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows), default=0)
    lines = [f"{address:<{first}}  {what:<{second}}  {place}" for address, what, place in rows]
    if width is None or max(map(len, lines), default=0) <= width:
        return lines
    if first + 2 + second <= width:
        return [line for address, what, place in rows for line in (f"{address:<{first}}  {what}", f"    {place}")]
    return [line for address, *below in rows for line in (address, *_all_wrapped(below, "    ", width))]


def _steps(steps: Sequence[Step], width: int | None) -> Iterator[str]:
    if not steps:
        return
    yield "Steps"
    course = Course(steps)
    digits = len(str(len(steps)))
    actor = max(len(step.actor) for step in steps)
    longest = max(len(step.summary) for step in steps)
    standings = [course.standing(step) for step in steps]
    in_columns = width is None or 2 + digits + 2 + actor + 2 + longest + 2 + max(map(len, standings)) <= width
    margin = " " * (2 + digits + 2)
    for number, (step, standing) in enumerate(zip(steps, standings, strict=True), 1):
        if in_columns:
            yield f"  {number:>{digits}}  {step.actor:<{actor}}  {step.summary:<{longest}}  {standing}"
        else:
            yield from wrapped(f"{step.actor}: {step.summary}", f"  {number:>{digits}}  ", width)
            yield f"{margin}{standing}"
        yield from _about(step, margin, width)


def _about(step: Step, margin: str, width: int | None) -> Iterator[str]:
    if step.note and step.status is not Status.DONE:
        yield from wrapped(step.note, margin, width)
    for instruction in step.instructions:
        yield from wrapped(instruction, f"{margin}  ", width)
    if step.instructions:
        yield from wrapped(f"done when {step.done_when}", margin, width)


def _all_wrapped(texts: Iterable[str], margin: str, width: int | None) -> list[str]:
    return [line for text in texts for line in wrapped(text, margin, width)]


def diagnostic_to_text(item: Diagnostic, width: int | None = None, where: str = "") -> str:
    """What is wrong, where, why, and what to do.

    Args:
        item: what is wrong.
        width: columns of the terminal; None puts every sentence on one line.
        where: the environment that it ended; a place in a file says so itself.
    """
    item, where = safe(item), safe(where)
    place = f" in {where}" if where and item.position is None else ""
    lines = wrapped(f"{_HEADING[item.severity]}{place}: {item.summary} [{item.rule}]", "", width)
    if item.position or item.address:
        lines.append(f"  {item.position or item.address}")
    lines += wrapped(item.detail, "  ", width)
    if item.hint:
        lines += wrapped(f"hint: {item.hint}", "  ", width)
    return "\n".join(lines)


def diagnostics_to_text(items: Sequence[Diagnostic], width: int | None = None, where: str = "") -> str:
    """Several of them, one below the other."""
    return "\n\n".join(diagnostic_to_text(item, width, where) for item in items)


def validation_to_text(items: Sequence[Diagnostic], files: Sequence[str], width: int | None = None) -> str:
    """What is wrong with the files, and how many there are."""
    errors = sum(item.severity is Severity.ERROR for item in items)
    found = counted(errors, "error") if errors else "all valid"
    return document(diagnostics_to_text(items, width), f"{counted(len(files), 'file')} checked: {found}")


def result_to_text(result: StepResult, width: int | None = None) -> str:
    """One step that was tried."""
    result = safe(result)
    tail = f": {result.message}" if result.message else ""
    margin = f"  {result.outcome:<12}  "
    return "\n".join(wrapped(f"{result.step.summary}{tail}", margin, width, hanging=0))


def apply_to_text(report: ApplyReport, width: int | None = None) -> str:
    """What was done, what a fresh read shows now, and who has to act next."""
    report = safe(report)
    closing = "\n".join(wrapped(_closing(report), "", width))
    if report.ending is Ending.DECLINED:
        # Whoever said no has the plan before their eyes.
        return document(closing)
    # Without a fresh read the plan at hand is the one from before the writing, and would deny what was done.
    plan = title(report.after) if report.unverified is not None else plan_to_text(report.after, width).rstrip("\n")
    return document(_tried(report.results, width), plan, closing)


def _tried(results: Sequence[StepResult], width: int | None) -> str:
    if not results:
        return ""
    heading = "Applied" if all(result.outcome is Outcome.DONE for result in results) else "Tried"
    return "\n".join([heading, *(result_to_text(result, width) for result in results)])


_CLOSING = {
    Ending.NOTHING_TO_DO: "Nothing is left to do.",
    Ending.DONE: "Nothing is left to do.",
    Ending.CONTRADICTED: "A fresh read contradicts what NetSuite confirmed. Look before applying again.",
    Ending.FAILED: "Failed: see above.",
    Ending.PARTLY: "Partly applied: see above.",
}


def _closing(report: ApplyReport) -> str:
    if report.declined:
        return f"Declined: nothing was written to {report.after.environment}, account {report.after.account}."
    if report.unverified is not None:
        return f"The account was not read again afterwards: {_sentence(report.unverified)}"
    if report.ending in _CLOSING:
        return _CLOSING[report.ending]
    again = "then apply again"
    open_now = [step for step in report.after.steps if step.status in {Status.READY, Status.WAITING}]
    people = [step for step in open_now if step.actor is Actor.PERSON and step.status is Status.READY]
    if people:
        return f"Waiting for a person: {_listed(people)}; {again}."
    if open_now:
        return f"Waiting: {_listed(open_now)}; {again}."
    return "Nothing can be done now: see above."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _listed(steps: Sequence[Step]) -> str:
    return "; ".join(_named(step) for step in steps)


def _named(step: Step) -> str:
    """The step; where nobody has to act, what it waits for."""
    return f"{step.summary} ({step.note})" if step.status is Status.WAITING and step.note else step.summary
