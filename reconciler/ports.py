"""The Protocols through which the pipeline reaches the world, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from reconciler.core.desired import DesiredState
from reconciler.core.live import Identity, LiveState, Scope
from reconciler.core.permissions import RolePermissions
from reconciler.core.plan import Plan
from reconciler.core.step import Step

if TYPE_CHECKING:
    # A plan needs none of them, and starts sooner without.
    from reconciler.core.access import Access
    from reconciler.core.asked import Seen
    from reconciler.core.journal import Remembered
    from reconciler.core.outcome import ApplyReport, RolesWritten, StepResult
    from reconciler.core.traffic import Traffic


class LiveReader(Protocol):
    """Reads an account. An implementation cannot write."""

    def read(self, scope: Scope) -> LiveState:
        """Live facts within the scope, with gaps for what could not be read.

        Raises:
            NetSuiteError: the login was refused, or the account could not be reached at all.
        """
        ...


class AccountReader(LiveReader, Protocol):
    """Reads what only those ask for who look and plan nothing."""

    def read_with_traffic(self, scope: Scope, days: int) -> "tuple[LiveState, Traffic]":
        """Live facts within the scope, and the orders of so many days; errors as in `read`."""
        ...

    def read_for_the_record(self, scope: Scope, days: int) -> "tuple[LiveState, Traffic, Mapping[str, str]]":
        """The same, and by its id who made each token of the scope's applications, where NetSuite says it."""
        ...

    def read_access(self, scope: Scope) -> "Access":
        """The whole account: everybody with access, every token; errors as in `read`."""
        ...


class PermissionReader(Protocol):
    """Reads what roles allow. An implementation cannot write."""

    def permissions(self, role_ids: Sequence[str]) -> Mapping[str, RolePermissions]:
        """By internal id those of every role asked for; what could not be read says so."""
        ...


class EmployeeWriter(Protocol):
    """Changes which roles an employee holds, and whether they are active and have access; nothing else is written."""

    def identity(self) -> Identity | None:
        """Who the writing login turned out to be, or None when the account does not show it."""
        ...

    def set_roles(self, employee_id: str, expected: frozenset[str], wanted: frozenset[str]) -> "RolesWritten":
        """Replace the complete set of role ids of one employee.

        Args:
            employee_id: internal id.
            expected: the set that planning saw; when the account now holds another set, nothing is written.
            wanted: the set to write, never empty.

        Returns:
            the set that is there afterwards, with the change in it; it may hold what somebody else changed meanwhile.

        Raises:
            RefusedError: NetSuite said no, or the set had moved; nothing was changed.
            UnansweredError: no answer came; only a fresh read can tell.
            KeepingError: the lock is not held any more; nothing was written.
        """
        ...

    def set_active(self, employee_id: str, *, active: bool) -> None:
        """Make an inactive employee active, or the other way round; errors as in `set_roles`."""
        ...

    def set_access(self, employee_id: str, *, access: bool) -> None:
        """Give access to an employee who has none, or take it away; errors as in `set_roles`."""
        ...


class Record(Protocol):
    """The lock and the journal of one apply. Every method raises KeepingError where it cannot do what it says."""

    def remembered(self) -> "Remembered":
        """What earlier applies left; empty where nothing tells."""
        ...

    def begin(self, plan: Plan, desired: DesiredState, overrides: Mapping[str, str]) -> None:
        """Keep what is about to be carried out: on which plan, of which file, and which guards are overridden."""
        ...

    def before(self, step: Step) -> None:
        """Make sure that nobody else applies, and keep which step comes now."""
        ...

    def after(self, result: "StepResult") -> None:
        """Keep what came of a step."""
        ...

    def end(self, report: "ApplyReport", news: "Iterable[Seen]" = ()) -> None:
        """Keep what fresh reads made of it and show of the steps of others, and how it ended."""
        ...
