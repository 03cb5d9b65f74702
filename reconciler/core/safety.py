"""Plays the steps of a plan through and says which of them would take a working token away.

It shares nothing with the rules that order the steps, so that a mistake in one is caught by the other.
"""

from collections.abc import Sequence

from reconciler.core.handover import Handover
from reconciler.core.live import LiveState
from reconciler.core.step import DeactivateToken, EnterCredentials, RemoveRole, RevokeToken, Status, Step


def steps_that_take_away_a_working_token(
    steps: Sequence[Step], judged: Sequence[Handover], live: LiveState
) -> tuple[str, ...]:
    """The ids of steps after which an application that had a working token has none.

    Args:
        steps: in the order of the plan.
        judged: the declared integrations; the token each works with is the one its audit trail shows in use.
        live: the account; of undeclared applications every live token is taken to be in use.
    """
    in_use = {
        one.resolved.desired.application: token.id
        for one in judged
        if (token := one.evidence.working_token()) is not None
    }
    working = set(in_use.values())
    declared = {token.id for one in judged for token in one.resolved.tokens}
    live_tokens = [token for token in live.tokens if token.live]
    foreign = {token.id for token in live_tokens if token.id not in declared}
    of_holder: dict[tuple[str, str], set[str]] = {}
    for token in live_tokens:
        of_holder.setdefault((token.owner_id, token.role_id), set()).add(token.id)
    bad: list[str] = []
    for step in steps:
        operation = step.operation
        if isinstance(operation, EnterCredentials):
            if step.status is not Status.DONE:
                working.discard(in_use.pop(operation.application, ""))
                if operation.token:
                    in_use[operation.application] = operation.token.id
                    working.add(operation.token.id)
        elif isinstance(operation, DeactivateToken | RevokeToken):
            if operation.token.id in working:
                bad.append(step.id)
        elif isinstance(operation, RemoveRole):
            lost = of_holder.get((operation.employee.id, operation.role.id), set())
            if not (lost.isdisjoint(foreign) and lost.isdisjoint(working)):
                bad.append(step.id)
    return tuple(bad)
