"""The verdict on who is at work for one integration, in one sentence, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.core.evidence import length_shown, shown
from reconciler.core.live import Gapped, LoginGroup
from reconciler.core.refusal import Refusal, refusal
from reconciler.core.silence import length_told
from reconciler.core.standing import Standing
from reconciler.core.work import Work


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who is at work, in one sentence, and what to do about it."""

    standing: Standing
    sentence: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Plannable:
    """What a plan is asked for by, and whether it has steps for the integration: what it names was found."""

    environment: str
    is_possible: bool


_MOST_OTHERS: Final = 2
_UNTIL_ENTERED: Final = (
    "during a handover this stays so until the new token is entered, and plan shows the steps that lead there; "
    "without one, find out who entered this token"
)


def verdict_of(work: Work, plannable: Plannable) -> Verdict:
    """Judge who is at work."""
    if work.live.unread(Gapped.LOGINS):
        return Verdict(
            Standing.UNKNOWN, "Nobody can say who is at work: the login audit trail could not be read in full."
        )
    hidden = _hidden(work)
    if hidden:
        return Verdict(Standing.UNKNOWN, f"{_last_login(work)} Whether that is as declared cannot be said: {hidden}.")
    refused = _refused(work, plannable)
    if refused is not None:
        return refused
    if work.newest is None or work.newest.last < work.begin:
        return Verdict(Standing.NOT_PROVEN, _no_traffic(work))
    if work.is_declared(work.newest):
        return _declared_one(work, work.newest)
    return _somebody_else(work, work.newest)


def _hidden(work: Work) -> str | None:
    """What of the declaration cannot be found because it could not be read."""
    if work.owner is None and work.live.unread(Gapped.EMPLOYEES):
        return "people are hidden"
    if work.role is None and work.live.unread(Gapped.ROLES):
        return "roles are hidden"
    return None


def _refused(work: Work, plannable: Plannable) -> Verdict | None:
    """Nobody is at work when whoever was last at work is refused now; another person's refusals are another's."""
    failures = [group for group in work.logins if not group.success and group.last >= work.begin]
    newest = work.newest
    if newest is not None:
        # The declared owner too: their new token refused is the integration refused, whoever was there before.
        ids = {"", newest.user_id, work.owner.id if work.owner else newest.user_id}
        failures = [one for one in failures if one.last >= newest.last and one.user_id in ids]
    if not failures:
        return None
    last = max(failures, key=lambda group: (group.last, group.detail))
    why = refusal(work.live, work.tokens, last)
    begun = min(one.first if newest is None else max(one.first, newest.last) for one in failures)
    before = (
        f"the last success was by {work.live.person(newest.user_id)} at {shown(newest.last)}"
        if newest
        else "it has never logged in, as far as the trail reaches"
    )
    return Verdict(
        Standing.REFUSED,
        f"Nobody is at work: logins are refused since {shown(begun)}, last at {shown(last.last)}, with "
        f"{why.told}; {before}.",
        _remedy(work, plannable, why, last),
    )


def _remedy(work: Work, plannable: Plannable, why: Refusal, last: LoginGroup) -> str:
    """A plan has the clicks wherever no token would be accepted and steps can change that."""
    if not why.planned or work.evidence.working_token() is not None:
        return f"{why.todo}, then verify again"
    plan = f"reconciler plan {plannable.environment} shows the steps that bring it back"
    if not plannable.is_possible:
        return f"do what the error about {work.desired.address} says; then {plan}"
    were = {last.user_id, work.newest.user_id if work.newest else last.user_id}
    already = work.owner is not None and work.owner.id not in were
    return f"{plan}; the file names {work.desired.owner} already" if already else plan


def _no_traffic(work: Work) -> str:
    seen = _last_login(work) if work.newest else "It has never logged in, as far as the audit trail reaches."
    return f"Not proven yet: {work.desired.application} has not logged in for {length_shown(work.looked_back)}. {seen}"


def _declared_one(work: Work, newest: LoginGroup) -> Verdict:
    person = work.live.person(newest.user_id)
    if work.before is not None and work.before >= newest.last:
        return Verdict(
            Standing.NOT_PROVEN,
            f"Not proven yet: {person} and somebody else logged in in the same second, at {shown(newest.last)}.",
        )
    count = sum(group.least for group in work.spell if work.before is None or group.last > work.before)
    if work.since == newest.last and count == 1:
        return Verdict(
            Standing.NOT_PROVEN,
            f"Not proven yet: {person} has logged in once, at {shown(newest.last)}, which may have been the "
            "credential form's test; a second login proves it.",
        )
    contradiction = work.order_of_another()
    if contradiction is not None:
        return Verdict(
            Standing.SOMEBODY_ELSE,
            f"{person} logs in as declared, but orders made in role {work.desired.token_role} still carry "
            f"{work.live.person(contradiction.author_id)}, the last at {shown(contradiction.last)}.",
            "look for a second client of this application with the old token",
        )
    parts = [
        f"{person} is at work as declared, {_since(work, newest)}, last at {shown(newest.last)}",
        *_told_of_orders(work),
        *_told_of_others(work),
        *_told_of_silence(work),
    ]
    return Verdict(Standing.AT_WORK, f"{'; '.join(parts)}.")


def _somebody_else(work: Work, newest: LoginGroup) -> Verdict:
    person, declared = work.live.person(newest.user_id), str(work.desired.owner)
    who = f"{person} is at work, not {declared} as declared"
    if work.owner is not None and newest.user_id == work.owner.id:
        role = work.live.role_name(newest.role_id)
        who = f"{person} is at work in role {role}, not in {work.desired.token_role} as declared"
    parts = [
        f"{who}: {_since(work, newest)}, last at {shown(newest.last)}",
        *_told_of_others(work),
        *_told_of_silence(work),
    ]
    return Verdict(Standing.SOMEBODY_ELSE, f"{'; '.join(parts)}.", _UNTIL_ENTERED)


def _since(work: Work, newest: LoginGroup) -> str:
    """Where nobody else's login is known, the person may have been at work before the trail begins."""
    least = "at least " if work.before is None else ""
    return f"since {least}{shown(work.since or newest.first)}"


def _last_login(work: Work) -> str:
    newest = work.newest
    if newest is None:
        return "Nobody has logged in."
    return f"The last login was by {work.live.person(newest.user_id)} at {shown(newest.last)}."


def _told_of_orders(work: Work) -> Iterator[str]:
    if work.traffic.unread(Gapped.ORDERS, Gapped.NOTES):
        yield "orders could not be read in full"
        return
    proofs = [one for one in work.proofs() if one.last >= work.begin]
    if proofs:
        newest = max(proofs, key=lambda one: one.last)
        yield f"the newest order made in this role, at {shown(newest.last)}, carries {_name(work, newest.author_id)}"
    else:
        yield f"no order was made in this role for {length_shown(work.looked_back)}"


def _name(work: Work, author_id: str) -> str:
    same = work.newest is not None and author_id == work.newest.user_id
    return "that name" if same else work.live.person(author_id)


def _told_of_others(work: Work) -> Iterator[str]:
    owner = work.owner
    if owner is not None and not any(group.user_id == owner.id for group in (*work.spell, *work.rivals)):
        yield f"{owner.label} has never logged in for it"
    for person, last in work.others[:_MOST_OTHERS]:
        yield f"{person} has been silent since {shown(last)}"


def _told_of_silence(work: Work) -> Iterator[str]:
    silence = work.silence
    if silence is not None:
        until = "and goes on" if silence.is_open else f"until {shown(silence.end)}"
        yield f"the longest silence of the last 90 days was {length_told(silence.length)}, {until}"
