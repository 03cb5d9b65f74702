"""What reviewers decided, held against what is there: each role of a person and each live token, keep or remove."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.review.facts import Facts


class Verdict(StrEnum):
    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Item:
    """What is decided on: a role that somebody holds, or a token of theirs, which its application then names."""

    employee: str
    role: str
    application: str | None = None
    token: str | None = None

    def __str__(self) -> str:
        if self.token is None:
            return f"role {self.role} of {self.employee}"
        return f'token "{self.token}" of {self.application}, owned by {self.employee} in role {self.role}'


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer has decided about one item, and where the file says so."""

    item: Item
    verdict: Verdict
    reviewer: str
    reason: str
    day: date
    position: Position


@dataclass(frozen=True, slots=True)
class Decisions:
    """A decisions file: the environment it is about, the extract that was before the reviewers, what they decided."""

    file: str
    environment: str
    extract: str | None
    made: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """How many items there are and how many of them are decided, and what is wrong."""

    file: str
    extract: str | None
    items: int
    decided: int
    findings: tuple[Diagnostic, ...]


def items_of(facts: Facts) -> tuple[Item, ...]:
    """Every role of whoever has access, and every live token."""
    roles = [
        Item(person.label, held.role)
        for person in facts.people
        if person.active and person.access
        for held in person.roles
    ]
    tokens = [Item(token.owner, token.role, token.application, token.name) for token in facts.tokens if token.active]
    return tuple(dict.fromkeys([*roles, *tokens]))


def check_decisions(decisions: Decisions, facts: Facts) -> Decided:
    """Hold decisions against the facts: what is undecided, not carried out, about nothing, or decided by oneself."""
    items = items_of(facts)
    known = {_key(item): item for item in items}
    latest: dict[Item, Decision] = {}
    for decision in sorted(decisions.made, key=lambda one: (one.day, one.position)):
        latest[_key(decision.item)] = decision
    findings = [
        *_undecided(items, latest, decisions),
        *_not_carried_out(known, latest.values()),
        *_about_nothing(known, latest.values()),
        *_by_oneself(decisions.made),
    ]
    decided = sum(_key(item) in latest for item in items)
    return Decided(decisions.file, decisions.extract, len(items), decided, tuple(findings))


def _key(item: Item) -> Item:
    """E-mail addresses are compared without case."""
    return Item(item.employee.casefold(), item.role, item.application, item.token)


def _undecided(items: Sequence[Item], latest: dict[Item, Decision], decisions: Decisions) -> Iterator[Diagnostic]:
    for item in items:
        if _key(item) not in latest:
            yield Diagnostic(
                Severity.WARNING,
                "decision-missing",
                "Not decided",
                f"Nobody has decided on {item}.",
                None,
                Position(decisions.file, 1, 1),
                "add a decision: keep or remove",
            )


def _not_carried_out(known: dict[Item, Item], latest: Iterable[Decision]) -> Iterator[Diagnostic]:
    for one in latest:
        if one.verdict is Verdict.REMOVE and _key(one.item) in known:
            yield Diagnostic(
                Severity.ERROR,
                "decision-not-carried-out",
                "Decided to remove, and still there",
                f"{one.reviewer} decided on {one.day} to remove {one.item}: {one.reason}. It is still there.",
                None,
                one.position,
                "take it out of the environment file, then plan and apply; or by hand what no file declares",
            )


def _about_nothing(known: dict[Item, Item], latest: Iterable[Decision]) -> Iterator[Diagnostic]:
    """A removal that was carried out is about nothing any more, as it should be."""
    for one in latest:
        if one.verdict is Verdict.KEEP and _key(one.item) not in known:
            yield Diagnostic(
                Severity.WARNING,
                "decision-without-item",
                "Decision on what is not there",
                f"{one.reviewer} decided on {one.day} to keep {one.item}, which this account does not have.",
                None,
                one.position,
                "check the spelling, or remove the decision",
            )


def _by_oneself(made: Iterable[Decision]) -> Iterator[Diagnostic]:
    for one in made:
        if one.verdict is Verdict.KEEP and one.reviewer.casefold() == one.item.employee.casefold():
            yield Diagnostic(
                Severity.ERROR,
                "decision-by-oneself",
                "Reviewed by the person themselves",
                f"{one.reviewer} decided on {one.day} to keep {one.item}: their own access.",
                None,
                one.position,
                "have somebody else decide",
            )
