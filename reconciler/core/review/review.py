"""An access review: facts, findings, what is accepted, and what could not be judged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reconciler.core.access import Access, QueryRead
from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Diagnostic, Severity, in_order
from reconciler.core.findings import gap_diagnostics
from reconciler.core.live import Gap
from reconciler.core.plan import ReadAs, read_as
from reconciler.core.resolve import resolve
from reconciler.core.review.comparison import Comparison
from reconciler.core.review.decisions import Decided
from reconciler.core.review.facts import Facts, facts
from reconciler.core.review.rule import Rule
from reconciler.core.review.rules import RULES
from reconciler.core.review.subject import Subject
from reconciler.core.review.waiving import Sorted, Waived, apply_waivers


@dataclass(frozen=True, slots=True)
class Review:
    """What a review of one environment says.

    `complete` is False when something could not be read; `not_judged` are the rules that rest on it. `findings` are
    those that count, `waived` those that the file accepts. `queries` are all that were asked, with their times.
    """

    environment: str
    account: str
    emulator: bool
    read_as: ReadAs | None
    read_at: datetime
    complete: bool
    facts: Facts
    findings: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]
    not_judged: tuple[str, ...]
    gaps: tuple[Gap, ...]
    gap_findings: tuple[Diagnostic, ...]
    queries: tuple[QueryRead, ...]
    decided: Decided | None = None
    compared: Comparison | None = None

    @property
    def counted(self) -> tuple[Diagnostic, ...]:
        """Every finding that counts, those about decisions among them."""
        return (*self.findings, *(self.decided.findings if self.decided else ()))

    def worst(self) -> Severity | None:
        """The severity of the worst finding that counts."""
        return next((one for one in Severity if any(item.severity is one for item in self.counted)), None)


def review(desired: DesiredState, access: Access, rules: Sequence[Rule] = RULES) -> Review:
    """Judge a whole account against a file. Pure: equal inputs give an equal review.

    Args:
        desired: the file.
        access: the account, read as a whole.
        rules: given only by tests.
    """
    live = access.live
    subject = Subject(desired, access)
    judged = [rule for rule in rules if not live.unread(*rule.needs)]
    names = {rule.name for rule in rules}
    _, problems = resolve(desired, subject.directory)
    found = [item for rule in judged for item in _findings(rule, subject)]
    told = {(item.rule, item.position) for item in found}
    # What the file names and the account does not have; what a rule looks for is told by the rule.
    found += (
        problem
        for problem in problems
        if problem.rule not in names and (_TOLD_BY.get(problem.rule), problem.position) not in told
    )
    accepted: Sorted = apply_waivers(in_order(found), desired.waivers, live.read_at.date())
    return Review(
        environment=desired.environment,
        account=desired.account,
        emulator=desired.emulator,
        read_as=read_as(live),
        read_at=live.read_at,
        complete=not live.gaps,
        facts=facts(subject),
        findings=in_order(accepted.open),
        waived=accepted.waived,
        not_judged=tuple(rule.name for rule in rules if rule not in judged),
        gaps=live.gaps,
        gap_findings=in_order(item for item in gap_diagnostics(live) if item.rule != "sandbox-refreshed"),
        queries=access.queries,
    )


_TOLD_BY: Final = {"role-inactive": "token-role-inactive", "unknown-role": "token-role-missing"}
"""Of the role of a token, the rule says the same at the same line, and of which token."""


def _findings(rule: Rule, subject: Subject) -> Iterator[Diagnostic]:
    for found in rule.check(subject):
        yield Diagnostic(
            found.severity or rule.severity,
            rule.name,
            rule.summary,
            found.detail,
            found.place.address,
            found.place.position,
            rule.hint,
        )
