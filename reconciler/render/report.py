"""What every output for people says about one environment, before it is put into words of a medium.

Text, Markdown and HTML are made from this and nothing else, so that none of them says what another does not know. All
texts in it are visible already (`escaping.safe`); each medium still has to escape them for itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from reconciler.core.change import SYMBOL
from reconciler.core.diagnostics import Diagnostic, Position, Severity, has_errors
from reconciler.core.digest import Fact
from reconciler.core.ending import Ending
from reconciler.core.outcome import ApplyReport, Outcome, StepResult
from reconciler.core.permissions import PermissionDifference
from reconciler.core.plan import Plan
from reconciler.core.sensitive import SENSITIVE
from reconciler.core.step import Actor, Status, Step
from reconciler.render.closing import closing
from reconciler.render.describe import Course, described, headline, verdict
from reconciler.render.escaping import safe
from reconciler.render.lines import read_as_told
from reconciler.render.timeline import Timeline, timelines

# A plan begins with an outage. Whoever reviews a pull request sees first what the change would open.
_FIRST: Final = ("outage", "failing-logins", "sandbox-refreshed", SENSITIVE)


class Tone(StrEnum):
    """How it stands, in the words that outputs show beside any colour."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as a table shows it."""

    symbol: str
    action: str
    address: str
    what: str
    declared_at: Position


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of what a person does; `value` is to be copied as it is, `behind` stands after it."""

    text: str
    value: str = ""
    behind: str = ""

    def __str__(self) -> str:
        return f"{self.text}{self.value}{self.behind}"


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as a list shows it; instructions are there for what is ready."""

    number: int
    actor: Actor
    summary: str
    status: Status
    standing: str
    note: str
    instructions: tuple[Instruction, ...]
    done_when: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of one step."""

    outcome: Outcome
    summary: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """One environment: a plan, an apply with the plan that is left, or why there is none.

    Args:
        environment: its name.
        account: its account; empty where that is not known.
        emulator: the facts are the emulator's.
        read_as: who read them; empty where that is not known.
        tone: how it stands.
        headline: who has to act and whether anything can break, in one line.
        verdict: the same in sentences.
        alarms: what has to be seen before anything else, an outage first of all.
        results: the steps that were tried.
        changes: what differs.
        steps: what leads there.
        findings: what else is wrong or worth knowing.
        permissions: what people may do more or less.
        timelines: each handover as a picture shows it.
        observed: the facts that it rests on.
        digest: the checksum that an approval is about.
        closing: how an apply ended; empty for a plan.
    """

    environment: str
    account: str
    emulator: bool
    read_as: str
    tone: Tone
    headline: str
    verdict: str
    alarms: tuple[Diagnostic, ...] = ()
    results: tuple[ResultRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    permissions: tuple[PermissionDifference, ...] = ()
    timelines: tuple[Timeline, ...] = ()
    observed: tuple[Fact, ...] = ()
    digest: str = ""
    closing: str = ""

    @property
    def title(self) -> str:
        mark = "EMULATOR, not NetSuite  " if self.emulator else ""
        account = f": account {self.account}" if self.account else ""
        return f"{mark}{self.environment}{account}{self.read_as}"

    @property
    def alarms_for_reviewers(self) -> tuple[Diagnostic, ...]:
        """The same as `alarms`, those about sensitive changes first: they head the comment of a pull request."""
        return tuple(sorted(self.alarms, key=lambda item: item.rule != SENSITIVE))

    def with_findings(self, found: Sequence[Diagnostic]) -> "Report":
        """The same with what went wrong later, in a further round."""
        return replace(self, findings=(*safe(tuple(found)), *self.findings)) if found else self


def plan_report(plan: Plan) -> Report:
    """What there is to say about a plan."""
    plan = safe(plan)
    course = Course(plan.steps)
    return Report(
        environment=plan.environment,
        account=plan.account,
        emulator=plan.emulator,
        read_as=read_as_told(plan.read_as),
        tone=_tone(plan),
        headline=headline(plan),
        verdict=verdict(plan),
        alarms=tuple(item for rule in _FIRST for item in plan.diagnostics if item.rule == rule),
        changes=tuple(
            ChangeRow(SYMBOL[one.action], one.action, one.address, described(one), one.declared_at)
            for one in plan.changes
        ),
        steps=tuple(_step(number, step, course) for number, step in enumerate(plan.steps, 1)),
        findings=tuple(item for item in plan.diagnostics if item.rule not in _FIRST),
        permissions=plan.permissions or (),
        timelines=timelines(plan),
        observed=plan.observed,
        digest=plan.digest,
    )


def apply_report(applied: ApplyReport) -> Report:
    """What there is to say about an apply: what was tried, and the plan that a fresh read gave.

    Whoever declined has the plan before their eyes; and where no fresh read came, the plan at hand is the one from
    before the writing, and would deny what was done. Neither shows it.
    """
    applied = safe(applied)
    left = plan_report(applied.after)
    results = tuple(_result(result) for result in applied.results)
    if applied.ending is Ending.DECLINED or applied.unverified is not None:
        left = replace(left, verdict="", alarms=(), changes=(), steps=(), findings=(), timelines=(), observed=())
    return replace(
        left,
        results=results,
        closing=closing(applied),
        headline=closing(applied, "below"),
        tone=_OF_ENDING.get(applied.ending, Tone.BAD),
    )


def failure_report(environment: str, account: str | None, diagnostics: Sequence[Diagnostic]) -> Report:
    """Why there is nothing to show of an environment."""
    found = safe(tuple(diagnostics))
    said = f"Nothing can be said: {found[0].summary}." if found else "Nothing can be said."
    return Report(
        environment=safe(environment),
        account=safe(account or ""),
        emulator=False,
        read_as="",
        tone=Tone.BAD,
        headline=said,
        verdict=said,
        findings=found,
    )


_COPIED: Final = re.compile(
    r"((?:Application Name|User|Role|NetSuite Account ID|.*\bToken Name): )(.+?)( \([^()]*@[^()]*\))?"
)


def _instruction(line: str) -> Instruction:
    """A line with the value that a form takes; a person stands there by name, without the address behind it."""
    found = _COPIED.fullmatch(line)
    return Instruction(found[1], found[2], found[3] or "") if found else Instruction(line)


_OF_ENDING: Final[Mapping[Ending, Tone]] = {
    Ending.NOTHING_TO_DO: Tone.GOOD,
    Ending.DONE: Tone.GOOD,
    Ending.WAITING: Tone.ATTENTION,
    Ending.DECLINED: Tone.ATTENTION,
}


def _step(number: int, step: Step, course: Course) -> StepRow:
    return StepRow(
        number,
        step.actor,
        step.summary,
        step.status,
        course.standing(step),
        step.note if step.note and step.status is not Status.DONE else "",
        tuple(map(_instruction, step.instructions)),
        step.done_when,
    )


def _result(result: StepResult) -> ResultRow:
    return ResultRow(result.outcome, result.step.summary, result.message)


def _tone(plan: Plan) -> Tone:
    if has_errors(plan.diagnostics):
        return Tone.BAD
    quiet = plan.complete and all(item.severity is Severity.INFO for item in plan.diagnostics)
    return Tone.GOOD if quiet and not plan.changes else Tone.ATTENTION
