"""What a reviewer has to see first: who may do everything from now on, and what no longer protects."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.core.change import Change, HeldRole
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.step import GrantRole, Status, Step

SENSITIVE: Final = "sensitive-change"
"""The rule of what heads a pull request's comment; what a commit changes about a file may be told under it as well."""


def administrators_added(steps: Iterable[Step], changes: Sequence[Change]) -> Iterator[Diagnostic]:
    """One warning for each grant of Administrator that is still to be made, at the line that asks for it."""
    asked = {
        (change.address, change.after.role): change.declared_at
        for change in reversed(changes)
        if isinstance(change.after, HeldRole)
    }
    for step in steps:
        operation = step.operation
        if step.status is Status.DONE or not isinstance(operation, GrantRole) or not operation.makes_an_administrator:
            continue
        yield Diagnostic(
            Severity.WARNING,
            SENSITIVE,
            "Adds an Administrator",
            f"{operation.employee.label} would hold {operation.role.name}, who may do everything in the account.",
            step.address,
            asked.get((step.address, operation.role.name)),
        )
