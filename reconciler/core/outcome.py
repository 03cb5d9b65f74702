"""What came of the steps that were tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reconciler.core.ending import Ending
from reconciler.core.plan import Plan
from reconciler.core.step import Actor, Status, Step


class Outcome(StrEnum):
    DONE = "done"
    """Carried out, and a fresh read shows it."""
    FAILED = "failed"
    """NetSuite said no; nothing changed."""
    UNKNOWN = "unknown"
    """Sent, and neither an answer nor a fresh read tells what came of it."""
    SKIPPED = "skipped"
    """Not tried, because an earlier step on the same person did not end well; or no longer asked for."""
    WAITING = "waiting"
    """For a person or for time; never of a step that was tried."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """`contradicted`: it failed although NetSuite had said yes, for a fresh read does not show it."""

    step: Step
    outcome: Outcome
    message: str = ""
    contradicted: bool = False


@dataclass(frozen=True, slots=True)
class RolesWritten:
    """The ids of the roles that somebody holds after a write, and what else is worth knowing of it."""

    roles: frozenset[str]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What an apply did.

    Args:
        before: the plan that was approved.
        after: the plan that a fresh read gave when nothing more could be done.
        results: every step that was tried.
        declined: a person said no.
        unverified: why the account could not be read again after writing, or None.
    """

    before: Plan
    after: Plan
    results: tuple[StepResult, ...] = ()
    declined: bool = False
    unverified: str | None = None

    @property
    def ending(self) -> Ending:
        """The one word for it; the worst thing that happened wins."""
        return next(self._endings())

    def _endings(self) -> Iterator[Ending]:
        outcomes = {result.outcome for result in self.results}
        unsuccessful = bool(outcomes & {Outcome.FAILED, Outcome.UNKNOWN})
        is_open = any(step.status is not Status.DONE for step in self.after.steps)
        occurred = {
            Ending.DECLINED: self.declined,
            Ending.CONTRADICTED: any(result.contradicted for result in self.results),
            Ending.PARTLY: unsuccessful and Outcome.DONE in outcomes,
            Ending.FAILED: unsuccessful,
            Ending.UNVERIFIED: self.unverified is not None,
            Ending.UNDECIDED: self.after.undecided or not (is_open or self.after.complete or self.after.unresolved),
            Ending.UNRESOLVED: self.after.unresolved,
            Ending.GUARDED: self.after.refused_by_guard,
            Ending.WAITING: is_open,
            Ending.DONE: bool(self.results),
            Ending.NOTHING_TO_DO: True,
        }
        return (ending for ending, did in occurred.items() if did)


def settled(results: tuple[StepResult, ...], after: Plan) -> tuple[StepResult, ...]:
    """The results as a fresh read shows them: what it shows is done, what it does not show is not.

    Args:
        results: what the writer answered.
        after: the plan made from the fresh read; a step that is still in it and not done did not take effect.
    """
    left = {step.id for step in after.steps if step.status is not Status.DONE and step.actor is Actor.RECONCILER}
    return tuple(_settled(result, still_to_do=result.step.id in left) for result in results)


def _settled(result: StepResult, *, still_to_do: bool) -> StepResult:
    if result.outcome is Outcome.DONE and still_to_do:
        message = "NetSuite accepted it, but a fresh read does not show it"
        return StepResult(result.step, Outcome.FAILED, message, contradicted=True)
    if result.outcome is Outcome.UNKNOWN and not still_to_do:
        return StepResult(result.step, Outcome.DONE, "the answer was lost; a fresh read shows that it took effect")
    return result
