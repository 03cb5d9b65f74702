"""What else stops when somebody loses a role or leaves: the blast radius of a change."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.evidence import shown
from reconciler.core.live import Gapped, LiveState, Token
from reconciler.core.step import (
    DeactivateToken,
    Inactivate,
    Operation,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
)

ALSO_AFFECTED = "also-affected"


@dataclass(frozen=True, slots=True)
class Dependent:
    """A live token that needs its owner to hold its role, and when it last logged in (UTC).

    `last` is None where no login is known; `is_known` says whether that means that there was none.
    """

    token: Token
    last: datetime | None
    is_known: bool

    @property
    def told(self) -> str:
        if self.last is not None:
            return f'token "{self.token.name}" of {self.token.application}, last used at {shown(self.last)}'
        used = "not used lately" if self.is_known else "whose use is not known"
        return f'token "{self.token.name}" of {self.token.application}, {used}'


def dependents(
    live: LiveState, employee_id: str, role_id: str | None = None, without: Collection[str] = ()
) -> tuple[Dependent, ...]:
    """Live tokens that stop when this employee loses this role, or with None as the role, leaves.

    A token works only while its owner is active, has access and holds its role (netsuite.md 1.4).

    Args:
        live: the account.
        employee_id: whose tokens.
        role_id: the role; None for all of them.
        without: ids of tokens that are known already.
    """
    found = (
        token
        for token in live.live_tokens_of.get(employee_id, ())
        if role_id in {None, token.role_id} and token.id not in without
    )
    in_order = sorted(found, key=lambda token: (token.application, token.name, token.id))
    return tuple(_dependent(live, token) for token in in_order)


def _dependent(live: LiveState, token: Token) -> Dependent:
    watched = token.owner_id in live.last_token_logins or token.application in live.applications_seen
    is_known = watched and not live.unread(Gapped.LOGINS, Gapped.AUDIT_CLOCK)
    return Dependent(token, live.last_use(token), is_known)


def also_affected(steps: Sequence[Step], live: LiveState) -> Iterator[Diagnostic]:
    """For each open step that takes a role, access or activity from somebody: the tokens that stop with it.

    Tokens that the same plan deactivates or revokes are the purpose, and not told. A warning, although guards and
    waiting keep a token that is in use from being hit: the next person has to know it too.
    """
    open_steps = [step for step in steps if step.status is not Status.DONE]
    meant = {
        step.operation.token.id for step in open_steps if isinstance(step.operation, DeactivateToken | RevokeToken)
    }
    for step in open_steps:
        hit = _hit(step.operation)
        stops = dependents(live, *hit, without=meant) if hit else ()
        if stops:
            yield Diagnostic(
                Severity.WARNING,
                ALSO_AFFECTED,
                "Tokens depend on what is taken away",
                f'Needed by what step "{step.summary}" takes away: {"; ".join(one.told for one in stops)}. '
                f"{'It stops' if len(stops) == 1 else 'They stop'} with that step.",
                step.address,
                None,
                "hand those tokens over first, or make them inactive when nothing needs them",
            )


def _hit(operation: Operation | None) -> tuple[str, str | None] | None:
    """Who loses which role, None for all of them; nothing where nothing is taken from a person."""
    match operation:
        case RemoveRole(employee=employee, role=role):
            return employee.id, role.id
        case RemoveAccess(employee=employee) | Inactivate(employee=employee):
            return employee.id, None
    return None
