"""What a plan is: what differs, the steps that change it, and what there is to say about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from reconciler.core.change import Action, Change
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.diagnostics import in_order as diagnostics_in_order
from reconciler.core.digest import Fact
from reconciler.core.findings import NOT_SEEN
from reconciler.core.guards import is_guard
from reconciler.core.live import LiveState
from reconciler.core.permissions import PermissionDifference
from reconciler.core.search import UNDECIDED
from reconciler.core.step import (
    Actor,
    Status,
    Step,
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts: changes by action, and steps that are not done by who acts."""

    create: int
    update: int
    replace: int
    delete: int
    automatic: int
    manual: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ReadAs:
    """Who read the account for a plan, and the day (UTC) on which the certificate of that login ends, if it has one."""

    employee: str
    role: str
    certificate_ends: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs and what to do about it.

    `complete` is False when something could not be read or an integration could not be planned; `applyable` is True
    when there is an automatic step that could be carried out now. `read_as` is None when the account did not show who
    reads, `permissions` when nobody asked for them; neither is part of the digest. `only` holds the globs that cut
    this part out of the whole plan; none where it is the whole. `under_way` is True when all that differs belongs to
    handovers that wait for people or time; a saved plan does not tell.
    """

    environment: str
    account: str
    emulator: bool
    digest: str
    applyable: bool
    complete: bool
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    diagnostics: tuple[Diagnostic, ...]
    observed: tuple[Fact, ...]
    read_as: ReadAs | None = None
    permissions: tuple[PermissionDifference, ...] | None = None
    only: tuple[str, ...] = ()
    under_way: bool = False

    @property
    def summary(self) -> Summary:
        actions = Counter(change.action for change in self.changes)
        actors = Counter(step.actor for step in self.steps if step.status is not Status.DONE)
        return Summary(
            create=actions[Action.CREATE],
            update=actions[Action.UPDATE],
            replace=actions[Action.REPLACE],
            delete=actions[Action.DELETE],
            automatic=actors[Actor.RECONCILER],
            manual=actors[Actor.PERSON],
            waiting=actors[Actor.TIME],
        )

    @property
    def refused_by_guard(self) -> bool:
        """A guard holds back a step that would be ready."""
        return any(item.severity is Severity.ERROR and is_guard(item.rule) for item in self.diagnostics)

    @property
    def undecided(self) -> bool:
        """Something could not be read, and for some integration nothing can be said without it."""
        return any(item.severity is Severity.ERROR and item.rule == UNDECIDED for item in self.diagnostics)

    @property
    def unresolved(self) -> bool:
        """The file names something that the account does not have, or not once."""
        return any(
            item.severity is Severity.ERROR and item.rule != UNDECIDED and not is_guard(item.rule)
            for item in self.diagnostics
        )

    @property
    def drifted(self) -> bool:
        """Something differs from what the file declares, also when no step could change it."""
        return bool(self.changes) or self._not_seen

    @property
    def waits(self) -> bool:
        """Something differs, and all of it is a handover that takes its course."""
        return self.under_way and not self._not_seen

    @property
    def _not_seen(self) -> bool:
        return any(item.rule == NOT_SEEN for item in self.diagnostics)

    def with_diagnostics(self, found: Iterable[Diagnostic]) -> "Plan":
        """The same plan with what was found elsewhere, such as what a commit changes about the file (`SENSITIVE`)."""
        return replace(self, diagnostics=diagnostics_in_order([*self.diagnostics, *found]))

    def ready(self, actor: Actor) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.status is Status.READY and step.actor is actor)


def read_as(live: LiveState) -> ReadAs | None:
    """Said in the plan, and no part of its digest: who looks does not change what is true."""
    if live.reader is None:
        return None
    ends = live.certificate_ends
    person, role = live.person(live.reader.employee_id), live.role_name(live.reader.role_id)
    return ReadAs(person, role, ends.date() if ends else None)
