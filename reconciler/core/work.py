"""Who has been at work for one integration: what its logins and orders show, before it is judged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property

from reconciler.core.dependents import Dependent, dependents
from reconciler.core.desired import DesiredIntegration
from reconciler.core.directory import Directory
from reconciler.core.evidence import evidence_of
from reconciler.core.live import LoginGroup
from reconciler.core.signals import is_proof, relevant
from reconciler.core.silence import Silence, longest_silence
from reconciler.core.traffic import OrderGroup, Traffic

SILENCE_WITHIN = timedelta(days=90)


class Work:
    """One integration with what was found of it.

    Args:
        desired: the integration as it is declared.
        directory: the account.
        traffic: its orders.
        looked_back: how far back a login counts as traffic.
    """

    def __init__(
        self, desired: DesiredIntegration, directory: Directory, traffic: Traffic, looked_back: timedelta
    ) -> None:
        self.desired = desired
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

    def is_declared(self, group: LoginGroup) -> bool:
        owner, role = self.owner, self.role
        return owner is not None and group.user_id == owner.id and role is not None and group.role_id in {"", role.id}

    @cached_property
    def silence(self) -> Silence | None:
        return longest_silence(self.logins, self.live.read_at, SILENCE_WITHIN)

    @cached_property
    def others(self) -> list[tuple[str, datetime]]:
        last: dict[str, datetime] = {}
        for group in self.rivals:
            if self.newest is not None and group.user_id != self.newest.user_id:
                person = self.live.person(group.user_id)
                last[person] = max(group.last, last.get(person, group.last))
        return sorted(last.items(), key=lambda one: (-one[1].timestamp(), one[0]))

    def people(self) -> frozenset[str]:
        people = {token.owner_id for token in self.tokens} | {group.user_id for group in self.logins}
        return frozenset((people | ({self.owner.id} if self.owner else set())) - {""})

    def orders(self) -> Iterator[OrderGroup]:
        return relevant(self.traffic.orders, self.people(), self.role.id if self.role else None)

    def proofs(self) -> list[OrderGroup]:
        role = self.role
        return [one for one in self.traffic.orders if role is not None and is_proof(one, role.id)]

    def order_of_another(self) -> OrderGroup | None:
        """The newest order that came in the token's role from somebody else, after the declared owner began."""
        owner, since = self.owner, self.since
        if owner is None or since is None or self._role_has_other_tokens():
            return None
        wrong = [one for one in self.proofs() if one.author_id != owner.id and one.last > since]
        return max(wrong, key=lambda one: (one.last, one.author_id), default=None)

    def _role_has_other_tokens(self) -> bool:
        """Then an order in that role may be another application's: orders do not say which one made them."""
        ids = {token.id for token in self.tokens}
        return any(
            token.id not in ids and token.live and self.role is not None and token.role_id == self.role.id
            for token in self.live.tokens
        )

    def depends(self) -> Iterator[tuple[str, Dependent]]:
        own = {token.id for token in self.tokens}
        for person in sorted(self.people()):
            for dependent in dependents(self.live, person, without=own):
                yield self.live.person(person), dependent


def _same(one: LoginGroup, other: LoginGroup) -> bool:
    """Logins of one person in one role; a row may lack its role (netsuite-2.md 5)."""
    return one.user_id == other.user_id and (one.role_id == other.role_id or "" in {one.role_id, other.role_id})
