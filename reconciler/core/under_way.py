"""Tells a handover that takes its course from an account that has drifted: only the latter needs somebody to look."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from reconciler.core.change import Change, Reason
from reconciler.core.evidence import Use
from reconciler.core.handover import Handover
from reconciler.core.step import Actor, Status, Step

_REMOVAL = "remove-role"
_IN_ITS_COURSE = frozenset(
    {
        Reason.OWNER_DIFFERS,
        Reason.ROLE_DIFFERS,
        Reason.TOKEN_TOO_OLD,
        Reason.TOKEN_NOT_IN_USE,
        Reason.PREVIOUS_TOKEN,
        Reason.PREVIOUS_OWNER,
        Reason.REQUIRED_ROLE_MISSING,
    }
)


def only_handovers_under_way(judged: Sequence[Handover], changes: Iterable[Change], steps: Iterable[Step]) -> bool:
    """Whether all that differs belongs to handovers that were begun and now wait for people or time.

    Facts alone decide, for nothing is remembered between runs. A step that the tool could carry out now is no waiting;
    nor is a token that turned up beside the one that shall stay, a role that was lost, or a token that is used again
    after the new one was.

    Args:
        judged: every integration that could be resolved.
        changes: everything that differs.
        steps: all steps of the plan.
    """
    if not all(change.reason in _IN_ITS_COURSE for change in changes):
        return False
    if any(_could_be_done(step) for step in steps):
        return False
    return all(_takes_its_course(one) for one in judged)


def _could_be_done(step: Step) -> bool:
    return step.status is Status.READY and (step.actor is Actor.RECONCILER or step.kind == _REMOVAL)


def _takes_its_course(one: Handover) -> bool:
    """True also for an integration that is as declared."""
    owner, live = one.resolved.owner, one.live
    if one.token_differs:
        begun = live.holds(owner.id, one.resolved.token_role.id)
        fresh = one.keep is None or one.proof.use in {Use.UNUSED, Use.TRIED}
        return begun and fresh and one.evidence.working_token() is not None
    complete = all(live.holds(owner.id, role.id) for role, _ in one.resolved.required)
    return complete and all(_is_older(one, token.created) for token in one.surplus)


def _is_older(one: Handover, created: datetime | None) -> bool:
    kept = one.keep.created if one.keep else None
    return kept is not None and created is not None and created <= kept
