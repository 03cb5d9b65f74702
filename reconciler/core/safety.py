"""Plays the steps of a plan through and says which of them would take a working token away.

It shares nothing with the rules that order the steps, so that a mistake in one is caught by the other.
"""

from collections.abc import Sequence
from datetime import timedelta

from reconciler.core.employees import is_silent
from reconciler.core.handover import Handover
from reconciler.core.live import LiveState, Token
from reconciler.core.step import (
    DeactivateToken,
    EnterCredentials,
    Inactivate,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
)


def steps_that_take_away_a_working_token(
    steps: Sequence[Step], judged: Sequence[Handover], live: LiveState, recent: timedelta
) -> tuple[str, ...]:
    """The ids of steps after which an application that had a working token has none.

    Args:
        steps: in the order of the plan.
        judged: the declared integrations; the token each works with is the one its audit trail shows in use.
        live: the account. Of undeclared applications every live token is taken to be in use, unless its owner is known
            not to have logged in with any token lately.
        recent: how long a login counts as recent.
    """
    play = _Play(judged, live, recent)
    return tuple(step.id for step in steps if play.takes_a_working_token(step))


class _Play:
    """Which tokens are at work after each step."""

    def __init__(self, judged: Sequence[Handover], live: LiveState, recent: timedelta) -> None:
        self._in_use = {
            one.resolved.desired.application: token.id
            for one in judged
            if (token := one.evidence.working_token()) is not None
        }
        declared = {token.id for one in judged for token in one.resolved.tokens}
        self._at_work = set(self._in_use.values())
        self._by_role: dict[tuple[str, str], list[Token]] = {}
        self._by_owner: dict[str, list[Token]] = {}
        for token in live.tokens:
            if token.live:
                self._by_role.setdefault((token.owner_id, token.role_id), []).append(token)
                self._by_owner.setdefault(token.owner_id, []).append(token)
        self._foreign = {
            token.id
            for owner_id, tokens in self._by_owner.items()
            if not is_silent(owner_id, live, recent)
            for token in tokens
            if token.id not in declared
        }

    def takes_a_working_token(self, step: Step) -> bool:
        """Play one step; True when it would take away a token that is at work."""
        match step.operation:
            case EnterCredentials(application=application, token=token) if step.status is not Status.DONE:
                self._at_work.discard(self._in_use.pop(application, ""))
                if token is not None:
                    self._in_use[application] = token.id
                    self._at_work.add(token.id)
            case DeactivateToken(token=token) | RevokeToken(token=token):
                return token.id in self._at_work
            case RemoveRole(employee=employee, role=role):
                return self._any_at_work(self._by_role.get((employee.id, role.id), ()))
            case RemoveAccess(employee=employee) | Inactivate(employee=employee):
                return self._any_at_work(self._by_owner.get(employee.id, ()))
        return False

    def _any_at_work(self, tokens: Sequence[Token]) -> bool:
        return any(token.id in self._at_work or token.id in self._foreign for token in tokens)
