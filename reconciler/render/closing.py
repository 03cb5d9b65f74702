"""The last sentence about an apply."""

from collections.abc import Sequence

from reconciler.core.ending import Ending
from reconciler.core.outcome import ApplyReport
from reconciler.core.step import Actor, Status, Step

_CLOSING = {
    Ending.NOTHING_TO_DO: "Nothing is left to do.",
    Ending.DONE: "Nothing is left to do.",
    Ending.CONTRADICTED: "A fresh read contradicts what NetSuite confirmed. Look before applying again.",
    Ending.FAILED: "Failed: see {where}.",
    Ending.PARTLY: "Partly applied: see {where}.",
}


def closing(report: ApplyReport, where: str = "above") -> str:
    """How an apply ended, and who has to act next; what it points at stands `above` or `below`."""
    if report.declined:
        return f"Declined: nothing was written to {report.after.environment}, account {report.after.account}."
    if report.unverified is not None:
        return f"The account was not read again afterwards: {_sentence(report.unverified)}"
    if report.ending in _CLOSING:
        return _CLOSING[report.ending].format(where=where)
    again = "then apply again"
    open_now = [step for step in report.after.steps if step.status in {Status.READY, Status.WAITING}]
    people = [step for step in open_now if step.actor is Actor.PERSON and step.status is Status.READY]
    if people:
        return f"Waiting for a person: {_listed(people)}; {again}."
    if open_now:
        return f"Waiting: {_listed(open_now)}; {again}."
    held = next((step for step in report.after.steps if step.status is Status.BLOCKED and step.note), None)
    if held is not None and not report.after.refused_by_guard:
        return f"Not yet: {held.summary} ({held.note}); {again}."
    return f"Nothing can be done now: see {where}."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _listed(steps: Sequence[Step]) -> str:
    return "; ".join(_named(step) for step in steps)


def _named(step: Step) -> str:
    """The step; where nobody has to act, what it waits for."""
    return f"{step.summary} ({step.note})" if step.status is Status.WAITING and step.note else step.summary
