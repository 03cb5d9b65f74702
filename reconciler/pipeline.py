"""Applying, readable from top to bottom: look, ask, write, look again, until only people and time are left."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

from reconciler.core.approval import Approval
from reconciler.core.asked import Seen, news
from reconciler.core.desired import DesiredState
from reconciler.core.errors import KeepingError, LoginRefusedError, NetSuiteError
from reconciler.core.identity import require_declared_logins
from reconciler.core.journal import Remembered
from reconciler.core.live import Identity, LiveState
from reconciler.core.outcome import ApplyReport, Outcome, StepResult, settled
from reconciler.core.plan import Overrides, Plan
from reconciler.core.selection import EVERYTHING, Selection
from reconciler.core.step import Actor, Step
from reconciler.executor import execute
from reconciler.planning import Look, look
from reconciler.ports import EmployeeWriter, LiveReader, Record


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agrees to what is written.

    Args:
        ask: asked once, with the plan, before the first write.
        approval: a saved plan; nothing is carried out that it does not list.
        overrides: guards that shall not hold anything back in this run, each with its reason.
        selection: the part of the plan that is agreed to.
        takes_time: `ask` waits for a person, and meanwhile others act; what they do may forbid what was agreed to.
    """

    ask: Callable[[Plan], bool]
    approval: Approval | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    selection: Selection = EVERYTHING
    takes_time: bool = False


class Interruption(Protocol):
    """A person's wish to stop: a KeyboardInterrupt, but for the first one while it is put off."""

    @property
    def happened(self) -> bool: ...

    def put_off(self) -> AbstractContextManager[None]:
        """Let what is in flight come to its end; `happened` tells afterwards."""
        ...


def apply(
    desired: DesiredState,
    reader: LiveReader,
    open_writer: Callable[[], EmployeeWriter],
    consent: Consent,
    tell: Callable[[StepResult], None],
    interruption: Interruption,
    record: Record,
) -> ApplyReport:
    """Carry out what can be done now, look again, and go on until only people and time are left.

    Args:
        desired: the file.
        reader: reads the account; cannot write.
        open_writer: makes the writing login; called only when there is something to write.
        consent: who agrees to what is written.
        tell: told of each step as it ends.
        interruption: whether to stop; the report of an interrupted apply tells every step that was tried or skipped.
        record: keeps what is done before and after it is.

    Raises:
        StalePlanError: the saved plan, or the one that somebody was asked about, no longer says what is true; nothing
            was written.
        UsageError: the selection names an address that is not there; nothing was written.
        NetSuiteError: a login was refused or is not who the file says, or the account could not be reached; nothing
            was written.
        KeepingError: lock or journal could not be kept; nothing was written.
        KeyboardInterrupt: interrupted before the first write.
    """
    before = record.remembered()
    overrides = Overrides(consent.overrides, before.declared)

    def again() -> Look:
        return look(desired, reader, overrides, consent.selection)

    first = again()
    if consent.approval is not None:
        consent.approval.require_unmoved(desired, first.live, first.plan)
    if not first.plan.ready(Actor.RECONCILER):
        return _observed(first, before, desired, consent, record)
    if not consent.ask(first.plan):
        return ApplyReport(first.plan, first.plan, declined=True)
    if consent.takes_time:
        first = _still_true(first, desired, again())
    writer = open_writer()
    require_declared_logins(desired, first.live, _identity_of(writer))
    record.begin(_approved(first, consent), desired, consent.overrides)
    done = _Carried(writer, tell, interruption, record)
    report, last = _carried_out(first, done, again, consent.approval)
    with interruption.put_off():
        return _kept(report, record, _news(before, desired, last) if report.unverified is None else ())


def _still_true(agreed: Look, desired: DesiredState, now: Look) -> Look:
    """A fresh look that shows nothing else than what was agreed to."""
    Approval(agreed.plan).require_unmoved(desired, now.live, now.plan)
    return now


def _observed(first: Look, before: Remembered, desired: DesiredState, consent: Consent, record: Record) -> ApplyReport:
    """Nothing is to be written; what people did and have to do now is kept all the same, once."""
    report = ApplyReport(first.plan, first.plan)
    news = _news(before, desired, first)
    if not news:
        return report
    record.begin(_approved(first, consent), desired, consent.overrides)
    return _kept(report, record, news)


def _approved(first: Look, consent: Consent) -> Plan:
    """What was agreed to: a saved plan stays the approval, whatever progress has been made since."""
    return consent.approval.plan if consent.approval is not None else first.plan


def _news(before: Remembered, desired: DesiredState, last: Look) -> tuple[Seen, ...]:
    """Of all that is planned, whatever was selected."""
    return tuple(news(before.waiting, desired, last.whole, last.live))


def _carried_out(
    first: Look, done: "_Carried", again: Callable[[], Look], approval: Approval | None
) -> tuple[ApplyReport, Look]:
    """What came of it, and the last look."""
    now = first
    try:
        while steps := [
            step
            for step in now.plan.ready(Actor.RECONCILER)
            if step.id not in done.tried and (approval is None or approval.covers(step))
        ]:
            done.carry_out(steps, now.live)
            now = again()
    except KeyboardInterrupt:
        if not done.tried:
            raise
        return ApplyReport(first.plan, now.plan, done.interrupted(), unverified=INTERRUPTED), now
    except KeepingError as error:
        if not done.results:
            raise
        return ApplyReport(first.plan, now.plan, done.stopped(error.message), unverified=error.message), now
    except NetSuiteError as error:
        return ApplyReport(first.plan, now.plan, tuple(done.results), unverified=error.message), now
    return ApplyReport(first.plan, now.plan, settled(tuple(done.results), now.whole)), now


def _kept(report: ApplyReport, record: Record, news: Iterable[Seen]) -> ApplyReport:
    """The report, in the journal as well; one that could not be written there says so."""
    try:
        record.end(report, news)
    except KeepingError as error:
        return replace(report, unverified=report.unverified or error.message)
    return report


def _identity_of(writer: EmployeeWriter) -> Identity | None:
    try:
        return writer.identity()
    except LoginRefusedError as error:
        # Two logins may be refused, and the words for both are NetSuite's.
        message = f"The login that apply_login declares: {error.message} Nothing was written."
        raise LoginRefusedError(message, status=error.status, code=error.code, hint=error.hint) from error


INTERRUPTED = "interrupted. The next plan shows what is done"
_LOST = "interrupted while it was written; the next plan shows what came of it"
_NOT_TRIED = "interrupted before it was tried"


class _Carried:
    """What was carried out so far, kept so that no interruption can lose any of it."""

    def __init__(
        self,
        writer: EmployeeWriter,
        tell: Callable[[StepResult], None],
        interruption: Interruption,
        record: Record,
    ) -> None:
        self.results: list[StepResult] = []
        self.tried: set[str] = set()
        self._writer = writer
        self._tell = tell
        self._interruption = interruption
        self._record = record
        self._steps: Sequence[Step] = ()
        self._in_flight: Step | None = None

    def carry_out(self, steps: Sequence[Step], live: LiveState) -> None:
        """Carry out the steps, or those before an interruption.

        Raises:
            KeyboardInterrupt: interrupted; the step that was in flight then has come to its end, unless this was the
                second time.
        """
        self._steps = steps
        running = execute(self._handed_out(steps), live, self._writer)
        self.tried.update(step.id for step in steps)
        while True:
            result = self._next(running)
            if result is not None:
                self._tell(result)
            if self._interruption.happened:
                raise KeyboardInterrupt
            if result is None:
                return

    def _next(self, running: Iterator[StepResult]) -> StepResult | None:
        with self._interruption.put_off():
            result = next(running, None)
            if result is not None:
                self.results.append(result)
                self._in_flight = None
                self._record.after(result)
            self._in_flight = None
            return result

    def _handed_out(self, steps: Sequence[Step]) -> Iterator[Step]:
        for step in steps:
            self._record.before(step)
            self._in_flight = step
            yield step

    def interrupted(self) -> tuple[StepResult, ...]:
        """The results, with the steps that an interruption cut off or left undone."""
        cut_off = [step for step in self._left() if step is self._in_flight]
        self.results += [StepResult(step, Outcome.UNKNOWN, _LOST) for step in cut_off]
        return self.stopped(_NOT_TRIED)

    def stopped(self, why: str) -> tuple[StepResult, ...]:
        """The results, with the steps that were not tried, and why; of those nothing was sent."""
        return (*self.results, *(StepResult(step, Outcome.SKIPPED, why) for step in self._left()))

    def _left(self) -> list[Step]:
        known = {result.step.id for result in self.results}
        return [step for step in self._steps if step.id not in known]
