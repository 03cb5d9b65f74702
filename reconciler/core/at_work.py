"""Who is really at work for each integration: a verdict from logins and orders, and one sentence that says it.

A login is what proves that a token is in use. The author of an order confirms it or contradicts it: an order that was
typed in by hand proves nothing, for the owner of a token may do that as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from reconciler.core.dependents import Dependent, dependents
from reconciler.core.desired import DesiredIntegration, DesiredState
from reconciler.core.diagnostics import in_order
from reconciler.core.directory import Directory
from reconciler.core.evidence import evidence_of, length_shown, shown
from reconciler.core.findings import gap_diagnostics
from reconciler.core.live import Gapped, LiveState, LoginGroup, Token
from reconciler.core.plan import read_as
from reconciler.core.refusal import Refusal, refusal
from reconciler.core.resolve import resolve
from reconciler.core.signals import days, is_proof, refusals, relevant
from reconciler.core.silence import Silence, length_told, longest_silence
from reconciler.core.standing import Standing
from reconciler.core.traffic import OrderGroup, Traffic
from reconciler.core.verification import TokenSeen, Verification, Verified

SILENCE_WITHIN = timedelta(days=90)


def days_of(looked_back: timedelta) -> int:
    """Whole days that hold so much time, for queries that count in days."""
    return -(-looked_back // timedelta(days=1))


def verify(desired: DesiredState, live: LiveState, traffic: Traffic, looked_back: timedelta) -> Verification:
    """Judge every integration of a file. Pure.

    Args:
        desired: the file.
        live: the account, read within `scope_of(desired)`.
        traffic: orders of at least that time.
        looked_back: how far back the signals are shown and a login counts as traffic.
    """
    directory = Directory(live)
    resolved, problems = resolve(desired, directory)
    planned = {one.desired.key for one in resolved}
    gaps = (*live.gaps, *traffic.gaps)
    return Verification(
        environment=desired.environment,
        account=desired.account,
        emulator=desired.emulator,
        read_as=read_as(live),
        read_at=live.read_at,
        looked_back=looked_back,
        clock=traffic.clock,
        complete=not any(gap.what is not Gapped.IDENTITY for gap in gaps),
        integrations=tuple(
            _Judged(one, directory, traffic, looked_back, _Planning(desired.environment, one.key in planned)).verified()
            for one in desired.integrations
        ),
        diagnostics=in_order([*problems, *gap_diagnostics(live, traffic.gaps)]),
    )


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Who is at work, in one sentence, and what to do about it."""

    standing: Standing
    sentence: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class _Planning:
    """What a plan is asked for by, and whether it has steps for the integration: what it names was found."""

    environment: str
    is_possible: bool


class _Judged:
    """One integration with what was found of it."""

    def __init__(
        self,
        desired: DesiredIntegration,
        directory: Directory,
        traffic: Traffic,
        looked_back: timedelta,
        planning: _Planning,
    ) -> None:
        self.desired = desired
        self.planning = planning
        self.live = directory.live
        self.traffic = traffic
        self.looked_back = looked_back
        self.owner = directory.person(desired.owner)
        self.role = directory.role(desired.token_role)
        self.evidence = evidence_of(desired.application, directory)
        self.tokens, self.logins = self.evidence.tokens, self.evidence.logins
        self.begin = self.live.read_at - looked_back
        successes = [group for group in self.logins if group.success]
        self.newest = max(successes, key=lambda group: (group.last, group.user_id, group.role_id), default=None)
        self.rivals = [group for group in successes if self.newest is not None and not _same(group, self.newest)]
        self.before = max((group.last for group in self.rivals), default=None)
        self.spell = [group for group in successes if self.newest is not None and _same(group, self.newest)]
        self.since = min(
            (at for one in self.spell for at in (one.first, one.last) if self.before is None or at > self.before),
            default=None,
        )

    def verified(self) -> Verified:
        live, newest = self.live, self.newest
        verdict = self._verdict()
        recent = [group for group in self.logins if group.last >= self.begin]
        orders = [group for group in self._orders() if group.last >= self.begin]
        ids = (self.owner.id if self.owner else None, self.role.id if self.role else None)
        return Verified(
            address=self.desired.address,
            position=self.desired.at("owner"),
            application=self.desired.application,
            owner=str(self.desired.owner),
            role=self.desired.token_role,
            standing=verdict.standing,
            sentence=verdict.sentence,
            hint=verdict.hint,
            at_work=live.person(newest.user_id) if newest else None,
            since=self.since,
            last=newest.last if newest else None,
            silence=self._silence,
            tokens=tuple(_token(live, token, *ids) for token in self.tokens if not token.revoked),
            days=days(live, recent, orders, *ids),
            refusals=refusals(live, self.tokens, recent, newest),
            others=tuple(self._others),
            depends=tuple(self._depends()),
        )

    def _verdict(self) -> _Verdict:
        if self.live.unread(Gapped.LOGINS):
            return _Verdict(
                Standing.UNKNOWN, "Nobody can say who is at work: the login audit trail could not be read in full."
            )
        hidden = self._hidden()
        if hidden:
            return _Verdict(
                Standing.UNKNOWN, f"{self._last_login()} Whether that is as declared cannot be said: {hidden}."
            )
        refused = self._refused()
        if refused is not None:
            return refused
        if self.newest is None or self.newest.last < self.begin:
            return _Verdict(Standing.NOT_PROVEN, self._no_traffic())
        if self._is_declared(self.newest):
            return self._declared_one(self.newest)
        return self._somebody_else(self.newest)

    def _hidden(self) -> str | None:
        """What of the declaration cannot be found because it could not be read."""
        if self.owner is None and self.live.unread(Gapped.EMPLOYEES):
            return "people are hidden"
        if self.role is None and self.live.unread(Gapped.ROLES):
            return "roles are hidden"
        return None

    def _is_declared(self, group: LoginGroup) -> bool:
        owner, role = self.owner, self.role
        return owner is not None and group.user_id == owner.id and role is not None and group.role_id in {"", role.id}

    def _refused(self) -> _Verdict | None:
        """Nobody is at work when whoever was last at work is refused now; another person's refusals are another's."""
        failures = [group for group in self.logins if not group.success and group.last >= self.begin]
        newest = self.newest
        if newest is not None:
            # The declared owner too: their new token refused is the integration refused, whoever was there before.
            ids = {"", newest.user_id, self.owner.id if self.owner else newest.user_id}
            failures = [one for one in failures if one.last >= newest.last and one.user_id in ids]
        if not failures:
            return None
        last = max(failures, key=lambda group: (group.last, group.detail))
        why = refusal(self.live, self.tokens, last)
        begun = min(one.first if newest is None else max(one.first, newest.last) for one in failures)
        before = (
            f"the last success was by {self.live.person(newest.user_id)} at {shown(newest.last)}"
            if newest
            else "it has never logged in, as far as the trail reaches"
        )
        return _Verdict(
            Standing.REFUSED,
            f"Nobody is at work: logins are refused since {shown(begun)}, last at {shown(last.last)}, with "
            f"{why.told}; {before}.",
            self._remedy(why, last),
        )

    def _remedy(self, why: Refusal, last: LoginGroup) -> str:
        """A plan has the clicks wherever no token would be accepted and steps can change that."""
        if not why.planned or self.evidence.working_token() is not None:
            return f"{why.todo}, then verify again"
        plan = f"reconciler plan {self.planning.environment} shows the steps that bring it back"
        if not self.planning.is_possible:
            return f"do what the error about {self.desired.address} says; then {plan}"
        were = {last.user_id, self.newest.user_id if self.newest else last.user_id}
        already = self.owner is not None and self.owner.id not in were
        return f"{plan}; the file names {self.desired.owner} already" if already else plan

    def _no_traffic(self) -> str:
        seen = self._last_login() if self.newest else "It has never logged in, as far as the audit trail reaches."
        return (
            f"Not proven yet: {self.desired.application} has not logged in for {length_shown(self.looked_back)}. {seen}"
        )

    def _declared_one(self, newest: LoginGroup) -> _Verdict:
        person = self.live.person(newest.user_id)
        if self.before is not None and self.before >= newest.last:
            return _Verdict(
                Standing.NOT_PROVEN,
                f"Not proven yet: {person} and somebody else logged in in the same second, at {shown(newest.last)}.",
            )
        count = sum(group.least for group in self.spell if self.before is None or group.last > self.before)
        if self.since == newest.last and count == 1:
            return _Verdict(
                Standing.NOT_PROVEN,
                f"Not proven yet: {person} has logged in once, at {shown(newest.last)}, which may have been the "
                "credential form's test; a second login proves it.",
            )
        contradiction = self._order_of_another()
        if contradiction is not None:
            return _Verdict(
                Standing.SOMEBODY_ELSE,
                f"{person} logs in as declared, but orders made in role {self.desired.token_role} still carry "
                f"{self.live.person(contradiction.author_id)}, the last at {shown(contradiction.last)}.",
                "look for a second client of this application with the old token",
            )
        parts = [
            f"{person} is at work as declared, {self._since(newest)}, last at {shown(newest.last)}",
            *self._told_of_orders(),
            *self._told_of_others(),
            *self._told_of_silence(),
        ]
        return _Verdict(Standing.AT_WORK, f"{'; '.join(parts)}.")

    def _somebody_else(self, newest: LoginGroup) -> _Verdict:
        person, declared = self.live.person(newest.user_id), str(self.desired.owner)
        who = f"{person} is at work, not {declared} as declared"
        if self.owner is not None and newest.user_id == self.owner.id:
            role = self.live.role_name(newest.role_id)
            who = f"{person} is at work in role {role}, not in {self.desired.token_role} as declared"
        parts = [
            f"{who}: {self._since(newest)}, last at {shown(newest.last)}",
            *self._told_of_others(),
            *self._told_of_silence(),
        ]
        return _Verdict(Standing.SOMEBODY_ELSE, f"{'; '.join(parts)}.", _UNTIL_ENTERED)

    def _since(self, newest: LoginGroup) -> str:
        """Where nobody else's login is known, the person may have been at work before the trail begins."""
        least = "at least " if self.before is None else ""
        return f"since {least}{shown(self.since or newest.first)}"

    def _last_login(self) -> str:
        newest = self.newest
        if newest is None:
            return "Nobody has logged in."
        return f"The last login was by {self.live.person(newest.user_id)} at {shown(newest.last)}."

    def _told_of_orders(self) -> Iterator[str]:
        if self.traffic.unread(Gapped.ORDERS, Gapped.NOTES):
            yield "orders could not be read in full"
            return
        proofs = [one for one in self._proofs() if one.last >= self.begin]
        if proofs:
            newest = max(proofs, key=lambda one: one.last)
            yield f"the newest order made in this role, at {shown(newest.last)}, carries {self._name(newest.author_id)}"
        else:
            yield f"no order was made in this role for {length_shown(self.looked_back)}"

    def _name(self, author_id: str) -> str:
        same = self.newest is not None and author_id == self.newest.user_id
        return "that name" if same else self.live.person(author_id)

    def _told_of_others(self) -> Iterator[str]:
        owner = self.owner
        if owner is not None and not any(group.user_id == owner.id for group in (*self.spell, *self.rivals)):
            yield f"{owner.label} has never logged in for it"
        for person, last in self._others[:_MOST_OTHERS]:
            yield f"{person} has been silent since {shown(last)}"

    def _told_of_silence(self) -> Iterator[str]:
        silence = self._silence
        if silence is not None:
            until = "and goes on" if silence.is_open else f"until {shown(silence.end)}"
            yield f"the longest silence of the last 90 days was {length_told(silence.length)}, {until}"

    @cached_property
    def _silence(self) -> Silence | None:
        return longest_silence(self.logins, self.live.read_at, SILENCE_WITHIN)

    @cached_property
    def _others(self) -> list[tuple[str, datetime]]:
        last: dict[str, datetime] = {}
        for group in self.rivals:
            if self.newest is not None and group.user_id != self.newest.user_id:
                person = self.live.person(group.user_id)
                last[person] = max(group.last, last.get(person, group.last))
        return sorted(last.items(), key=lambda one: (-one[1].timestamp(), one[0]))

    def _people(self) -> frozenset[str]:
        people = {token.owner_id for token in self.tokens} | {group.user_id for group in self.logins}
        return frozenset((people | ({self.owner.id} if self.owner else set())) - {""})

    def _orders(self) -> Iterator[OrderGroup]:
        return relevant(self.traffic.orders, self._people(), self.role.id if self.role else None)

    def _proofs(self) -> list[OrderGroup]:
        role = self.role
        return [one for one in self.traffic.orders if role is not None and is_proof(one, role.id)]

    def _order_of_another(self) -> OrderGroup | None:
        """The newest order that came in the token's role from somebody else, after the declared owner began."""
        owner, since = self.owner, self.since
        if owner is None or since is None or self._role_has_other_tokens():
            return None
        wrong = [one for one in self._proofs() if one.author_id != owner.id and one.last > since]
        return max(wrong, key=lambda one: (one.last, one.author_id), default=None)

    def _role_has_other_tokens(self) -> bool:
        """Then an order in that role may be another application's: orders do not say which one made them."""
        ids = {token.id for token in self.tokens}
        return any(
            token.id not in ids and token.live and self.role is not None and token.role_id == self.role.id
            for token in self.live.tokens
        )

    def _depends(self) -> Iterator[tuple[str, Dependent]]:
        own = {token.id for token in self.tokens}
        for person in sorted(self._people()):
            for dependent in dependents(self.live, person, without=own):
                yield self.live.person(person), dependent


_MOST_OTHERS = 2
_UNTIL_ENTERED = (
    "during a handover this stays so until the new token is entered, and plan shows the steps that lead there; "
    "without one, find out who entered this token"
)


def _same(one: LoginGroup, other: LoginGroup) -> bool:
    """Logins of one person in one role; a row may lack its role (netsuite-2.md 5)."""
    return one.user_id == other.user_id and (one.role_id == other.role_id or "" in {one.role_id, other.role_id})


def _token(live: LiveState, token: Token, owner_id: str | None, role_id: str | None) -> TokenSeen:
    return TokenSeen(
        name=token.name,
        owner=live.person(token.owner_id),
        role=live.role_name(token.role_id),
        created=token.created,
        active=token.live,
        is_declared=(token.owner_id, token.role_id) == (owner_id, role_id),
    )
