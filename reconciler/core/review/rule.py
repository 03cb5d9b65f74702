"""The shape of a rule of the review."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reconciler.core.diagnostics import Severity
from reconciler.core.live import Gapped
from reconciler.core.review.subject import Place, Subject


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found; `severity` where it is not the rule's own."""

    place: Place
    detail: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name in findings and waivers, what it looks for, and what to do about what it finds.

    `needs` is what has to have been read in full; without it nothing is judged, and the review says so.
    """

    name: str
    severity: Severity
    summary: str
    check: Callable[[Subject], Iterator[Found]]
    hint: str
    needs: tuple[Gapped, ...] = ()
