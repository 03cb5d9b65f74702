"""Reading an account into a `LiveState` with the same few requests whatever its size."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reconciler.core.live import Gapped, Identity, LiveState, Scope
from reconciler.core.permissions import RANK, Level, RolePermissions
from reconciler.netsuite import queries, rows
from reconciler.netsuite.assembly import assembled
from reconciler.netsuite.audit_clock import AuditClock
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.external_ids import find
from reconciler.netsuite.own_login import identity_in, recognise
from reconciler.netsuite.own_view import View
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.rounds import Everything, external_ids, read_holders, read_met, read_named, read_view
from reconciler.netsuite.side_by_side import Starter, workers
from reconciler.netsuite.suiteql import Pages, chunks, read_all

if TYPE_CHECKING:
    # Loaded where they are read: a plan needs neither, and starts sooner without.
    from reconciler.core.access import Access
    from reconciler.core.traffic import Traffic


class NetSuiteReader:
    """Reads one account through a client that cannot write; implements `AccountReader` and `PermissionReader`."""

    def __init__(self, client: ReadClient, *, concurrency: int = 2) -> None:
        self._client = client
        self._concurrency = concurrency
        self._first_answer: datetime | None = None

    def read(self, scope: Scope) -> LiveState:
        """Live facts within the scope, with gaps for what could not be read.

        Raises:
            NetSuiteError: the very first request, which any working login may send, failed.
        """
        return self._seen(scope, self._client).live

    def read_with_traffic(self, scope: Scope, days: int) -> "tuple[LiveState, Traffic]":
        """The same, and the orders of so many days; errors as in `read`."""
        from reconciler.netsuite.traffic import read_traffic  # noqa: PLC0415  see above

        seen = self._seen(scope, self._client)
        with workers(self._concurrency) as pool:
            return seen.live, read_traffic(Starter(self._client, pool), seen.clock, seen.view, days)

    def read_for_the_record(self, scope: Scope, days: int) -> "tuple[LiveState, Traffic, Mapping[str, str]]":
        """The same as with traffic, and by its id who made each token of the scope's applications."""
        from reconciler.netsuite.makers import read_makers  # noqa: PLC0415  likewise
        from reconciler.netsuite.traffic import read_traffic  # noqa: PLC0415  likewise

        seen = self._seen(scope, self._client)
        live = seen.live
        names = {one.id: live.person(one.id) for one in live.employees}
        records = {one.id for one in live.integrations if one.name in scope.applications}
        tokens = [
            one.id for one in live.tokens if one.application in scope.applications or one.application_id in records
        ]
        with workers(self._concurrency) as pool:
            start = Starter(self._client, pool)
            traffic = read_traffic(start, seen.clock, seen.view, days)
            makers, gaps = read_makers(start, tokens, names)
        return replace(live, gaps=tuple(sorted({*live.gaps, *gaps}))), traffic, makers

    def read_access(self, scope: Scope) -> "Access":
        """Everybody with access and every token, with the queries that told it; errors as in `read`."""
        from reconciler.netsuite.access import read_access  # noqa: PLC0415  likewise
        from reconciler.netsuite.noted import Noted  # noqa: PLC0415  likewise

        begun = time.monotonic()
        noted = Noted(self._client, lambda: timedelta(seconds=time.monotonic() - begun))
        seen = self._seen(replace(scope, whole=True), noted)
        with workers(self._concurrency) as pool:
            return read_access(Starter(noted, pool), seen.live, seen.clock, noted.queries)

    def _seen(self, scope: Scope, pages: Pages) -> "_Seen":
        read_at = self._client.ping()
        # The client's first row in the trail stands for its first answer, however often it reads afterwards.
        self._first_answer = self._first_answer or read_at
        with workers(self._concurrency) as pool:
            certificate = pool.submit(self._client.certificate_ends)
            start = Starter(pages, pool)
            external = pool.submit(find, self._client, external_ids(scope))
            named = read_named(start, scope, self._client.user_agent)
            found = external.result()
            view = read_view(start, self._client.identity or identity_in(named.own.facts))
            holders = read_holders(start, scope, named.roles)
            met = read_met(start, scope, named, holders, found, self._client.user_agent)
            if view is None:
                # The own rows came late, or not at all.
                view = read_view(start, identity_in(met.own.facts))
            everything = Everything(named, holders, met, found, view and view())
            certificate_ends = certificate.result()
        own = recognise(everything.met.own, self._first_answer, self._client.identity)
        live = assembled(self._client.account.id, read_at, scope, everything, own)
        live = replace(live, certificate_ends=certificate_ends, clock_ahead=self._client.clock_ahead)
        return _Seen(live, own.clock, everything.view)

    def permissions(self, role_ids: Sequence[str]) -> Mapping[str, RolePermissions]:
        """What roles allow, by their internal ids; implements `PermissionReader`."""
        with workers(self._concurrency) as pool:
            each = map(queries.permissions_of_roles, chunks(role_ids))
            found = Starter(self._client, pool)(Gapped.PERMISSIONS, each, rows.role_permission)()
        return _by_role(role_ids, found)

    def identity_of(self, user_agent: str) -> Identity | None:
        """Who logged in under a user agent, be it another client's; None when the trail does not (yet) tell.

        Raises:
            NetSuiteError: the trail could not be read.
        """
        (query,) = queries.own_logins(user_agent)
        return identity_in(tuple(rows.own_login(row) for row in read_all(self._client, query).items))


def _by_role(role_ids: Sequence[str], found: Reading[rows.RolePermission]) -> dict[str, RolePermissions]:
    """A role without any row is one whose rows are hidden, for none can log in without a permission."""
    if found.gaps:
        told = " ".join(dict.fromkeys(gap.detail for gap in found.gaps))
        return {role: RolePermissions(unread=told) for role in role_ids}
    levels: dict[str, dict[str, Level]] = {}
    for fact in found.facts:
        of_role = levels.setdefault(fact.role_id, {})
        of_role[fact.name] = max(fact.level, of_role.get(fact.name, Level.NONE), key=RANK.__getitem__)
    hidden = RolePermissions(unread="the account shows none of them to this login.")
    return {role: RolePermissions(levels[role]) if role in levels else hidden for role in role_ids}


@dataclass(frozen=True, slots=True)
class _Seen:
    """The account, and what was found out about reading it."""

    live: LiveState
    clock: AuditClock
    view: View | None
