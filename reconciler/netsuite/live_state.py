"""Reading an account into a `LiveState` with the same few requests whatever its size."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from reconciler.core.access import Access
from reconciler.core.desired import PersonKey
from reconciler.core.live import (
    ADMINISTRATOR,
    Gap,
    Gapped,
    Grant,
    Identity,
    IntegrationRecord,
    IntegrationState,
    LiveState,
    Role,
    Scope,
)
from reconciler.core.permissions import RANK, Level, RolePermissions
from reconciler.core.traffic import Traffic
from reconciler.netsuite import queries, rows
from reconciler.netsuite.access import read_access
from reconciler.netsuite.audit_clock import AuditClock
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.external_ids import find, with_external_ids
from reconciler.netsuite.grants import differing
from reconciler.netsuite.makers import read_makers
from reconciler.netsuite.noted import Noted
from reconciler.netsuite.own_login import Own, identity_in, recognise
from reconciler.netsuite.own_view import UNRESTRICTED, View, hidden_from
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.side_by_side import Starter, workers
from reconciler.netsuite.suiteql import Pages, chunks, read_all
from reconciler.netsuite.traffic import read_traffic

_EVER = datetime.min.replace(tzinfo=UTC)


class NetSuiteReader:
    """Reads one account through a client that cannot write; implements `LiveReader`."""

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

    def read_with_traffic(self, scope: Scope, days: int) -> tuple[LiveState, Traffic]:
        """The same, and the orders of so many days; errors as in `read`."""
        seen = self._seen(scope, self._client)
        with workers(self._concurrency) as pool:
            return seen.live, read_traffic(Starter(self._client, pool), seen.clock, seen.view, days)

    def read_for_the_record(self, scope: Scope, days: int) -> tuple[LiveState, Traffic, Mapping[str, str]]:
        """The same as with traffic, and by its id who made each token of the scope's applications."""
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

    def read_access(self, scope: Scope) -> Access:
        """Everybody with access and every token, with the queries that told it; errors as in `read`."""
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
            external = pool.submit(find, self._client, _external_ids(scope))
            named = _read_named(start, scope, self._client.user_agent)
            found = external.result()
            view = _read_view(start, self._client.identity or identity_in(named.own.facts))
            holders = _read_holders(start, scope, named.roles)
            met = _read_met(start, scope, named, holders, found, self._client.user_agent)
            if view is None:
                # The own rows came late, or not at all.
                view = _read_view(start, identity_in(met.own.facts))
            everything = _Everything(named, holders, met, found, view and view())
            certificate_ends = certificate.result()
        own = recognise(everything.met.own, self._first_answer, self._client.identity)
        live = _assembled(self._client.account.id, read_at, scope, everything, own)
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


@dataclass(frozen=True, slots=True)
class _Named:
    """What can be read without knowing any id."""

    roles: Reading[Role]
    tokens: Reading[rows.TokenRow]
    integrations: Reading[IntegrationRecord]
    logins: Reading[rows.LoginRow]
    employees: Reading[rows.EmployeeRow]
    own: Reading[rows.OwnLogin]


def _external_ids(scope: Scope) -> list[str]:
    return sorted({ref.value for ref in scope.people if ref.by is PersonKey.EXTERNAL_ID})


def _read_named(start: Starter, scope: Scope, user_agent: str) -> _Named:
    people = {key: sorted({ref.value for ref in scope.people if ref.by is key}) for key in PersonKey}
    own = start(Gapped.IDENTITY, [queries.own_logins(user_agent)], rows.own_login)
    roles = start(Gapped.ROLES, [queries.roles()], rows.role)
    tokens = start(Gapped.TOKENS, [queries.tokens()], rows.token)
    integrations = start(Gapped.INTEGRATIONS, [queries.integrations()], rows.integration)
    by_application = map(queries.logins, chunks(sorted(set(scope.applications))))
    logins = start(Gapped.LOGINS, [queries.logins_of_all_applications()] if scope.whole else by_application, rows.login)
    by_email = map(queries.employees_by_email, chunks(people[PersonKey.EMAIL]))
    by_entity_id = map(queries.employees_by_entity_id, chunks(people[PersonKey.ENTITY_ID]))
    with_access = [queries.employees_with_access()] if scope.whole else []
    employees = start(Gapped.EMPLOYEES, [*by_email, *by_entity_id, *with_access], rows.employee)
    return _Named(roles(), tokens(), integrations(), logins(), employees(), own())


def _read_view(start: Starter, identity: Identity | None) -> Callable[[], View] | None:
    """What waits for it; None while it is not known who the login is."""
    if identity is None:
        return None
    role_id = identity.role_id
    permissions = start(Gapped.PERMISSIONS, [queries.permissions(role_id)], rows.permission)
    role = start(Gapped.PERMISSIONS, [queries.own_role(role_id)], rows.own_role)
    return lambda: View(role_id, permissions(), role())


def _read_holders(start: Starter, scope: Scope, roles: Reading[Role]) -> Reading[Grant]:
    """Everybody who holds a role of the scope or Administrator."""
    names = set(scope.roles)
    script_ids = {name.casefold() for name in names}
    found = {
        role.id
        for role in roles.facts
        if role.name in names or (role.script_id is not None and role.script_id.casefold() in script_ids)
    }
    return start(Gapped.GRANTS, map(queries.grants_of_roles, chunks(_in_order(found | {ADMINISTRATOR}))), rows.grant)()


@dataclass(frozen=True, slots=True)
class _Met:
    """What is known of everybody who was met: named, a holder of a role, an owner of a token, or in the trail."""

    employees: Reading[rows.EmployeeRow]
    grants: Reading[Grant]
    own: Reading[rows.OwnLogin]
    watched: tuple[str, ...]
    uses: Reading[rows.UseRow]


def _read_met(
    start: Starter,
    scope: Scope,
    named: _Named,
    holders: Reading[Grant],
    found: Reading[tuple[str, str]],
    user_agent: str,
) -> _Met:
    known = {row.employee.id for row in named.employees.facts}
    met = {employee_id for employee_id, _ in found.facts} | {grant.employee_id for grant in holders.facts}
    met |= {row.token.owner_id for row in named.tokens.facts} | {row.user_id for row in named.logins.facts}
    met -= {""}
    watched = _watched(scope, named, found)
    used = _in_order({*watched, *_owners_elsewhere(scope, named)})
    again = not named.own.facts and not named.own.gaps
    own = start(Gapped.IDENTITY, [queries.own_logins(user_agent)] if again else [], rows.own_login)
    by_id = map(queries.employees_by_id, chunks(_in_order(met - known)))
    employees = start(Gapped.EMPLOYEES, by_id, rows.employee)
    grants = start(Gapped.GRANTS, map(queries.grants_of_employees, chunks(_in_order(met | known))), rows.grant)
    uses = start(Gapped.LOGINS, map(queries.token_uses, chunks(used)), rows.token_use)
    return _Met(employees(), grants(), own() if again else named.own, tuple(watched), uses())


def _owners_elsewhere(scope: Scope, named: _Named) -> set[str]:
    """Owners of tokens of the scope's applications who own a live token of another one too: it may go down with them.

    Where all logins are read anyway, nothing more has to be.
    """
    tokens = [] if scope.whole else [row.token for row in named.tokens.facts]
    owners = {token.owner_id for token in tokens if token.application in scope.applications}
    return owners & {one.owner_id for one in tokens if one.live and one.application not in scope.applications} - {""}


def _watched(scope: Scope, named: _Named, found: Reading[tuple[str, str]]) -> list[str]:
    """Internal ids of the people whose last login with any token has to be known."""
    refs = {(ref.by, ref.value.casefold() if ref.by is PersonKey.EMAIL else ref.value) for ref in scope.watched}
    people = [row.employee for row in named.employees.facts]
    ids = {one.id for one in people if one.email and (PersonKey.EMAIL, one.email.casefold()) in refs}
    ids |= {one.id for one in people if (PersonKey.ENTITY_ID, one.entity_id) in refs}
    return _in_order(ids | {who for who, external_id in found.facts if (PersonKey.EXTERNAL_ID, external_id) in refs})


@dataclass(frozen=True, slots=True)
class _Everything:
    """All readings of one look, before a state is made of them."""

    named: _Named
    holders: Reading[Grant]
    met: _Met
    found: Reading[tuple[str, str]]
    view: View | None


def _assembled(account: str, read_at: datetime, scope: Scope, read: _Everything, own: Own) -> LiveState:
    named, met = read.named, read.met
    people = {row.employee.id: row for row in (*named.employees.facts, *met.employees.facts)}
    employees = with_external_ids([row.employee for row in people.values()], read.found.facts)
    grants = {*read.holders.facts, *met.grants.facts}
    logins = (row.at(own.clock) for row in named.logins.facts)
    tokens = (row.at(own.clock, read_at) for row in named.tokens.facts)
    return LiveState(
        account=account,
        read_at=read_at,
        employees=tuple(sorted(employees, key=lambda employee: int(employee.id))),
        roles=tuple(sorted(named.roles.facts, key=lambda role: int(role.id))),
        grants=tuple(sorted(grants, key=attrgetter("employee_id", "role_id"))),
        tokens=tuple(sorted(tokens, key=lambda token: int(token.id))),
        integrations=tuple(sorted(named.integrations.facts, key=lambda record: int(record.id))),
        logins=tuple(sorted(logins, key=lambda login: (login.application, login.first, login.last, repr(login)))),
        reader=own.identity,
        last_token_logins=_last_token_logins(met, own),
        token_uses=tuple(sorted(row.at(own.clock) for row in met.uses.facts)),
        gaps=tuple(sorted(_gaps(scope, read, own, people, grants))),
    )


def _last_token_logins(met: _Met, own: Own) -> Mapping[str, datetime | None]:
    """Nothing at all where the trail could not be read, for that is not the same as never."""
    if met.uses.gaps:
        return {}
    last: dict[str, datetime] = {}
    for row in met.uses.facts:
        last[row.owner_id] = max(own.clock.utc(row.last), last.get(row.owner_id, _EVER))
    return {employee_id: last.get(employee_id) for employee_id in met.watched}


def _gaps(
    scope: Scope, read: _Everything, own: Own, people: Mapping[str, rows.EmployeeRow], grants: set[Grant]
) -> set[Gap]:
    """What failed, and then what came, and yet does not show everything."""
    named, holders, met = read.named, read.holders, read.met
    gaps = {*own.gaps, *holders.gaps, *met.employees.gaps, *met.grants.gaps, *met.uses.gaps, *read.found.gaps}
    gaps |= {*named.roles.gaps, *named.tokens.gaps, *named.integrations.gaps, *named.logins.gaps, *named.employees.gaps}
    gaps |= {*_hidden_in(scope, named)}
    if read.view is not None:
        gaps |= {*hidden_from(read.view, tuple(gaps))}
    told = {gap.what for gap in gaps}
    if Gapped.EMPLOYEES not in told:
        gaps |= {*_unseen(holders, people)}
    if Gapped.GRANTS not in told:
        gaps |= {*differing(people.values(), grants)}
    return gaps


def _hidden_in(scope: Scope, named: _Named) -> Iterator[Gap]:
    """Gaps that no failed read shows: rows that came, and do not say enough."""
    if named.roles.gaps:
        detail = "Who holds the roles of this file is not known, for the roles themselves could not be read."
        yield Gap(Gapped.GRANTS, detail, named.roles.gaps[0].hint)
    unclear = [row.token.id for row in named.tokens.facts if not row.complete]
    if unclear:
        detail = f"Some tokens do not say their application, owner or role (internal ids {', '.join(unclear[:10])})."
        yield Gap(Gapped.TOKENS, detail, "Look at them in Setup > Users/Roles > Access Tokens.")
    for record in named.integrations.facts:
        if record.name in scope.applications and record.state is IntegrationState.UNKNOWN:
            detail = f"The state of integration record {record.name} is in words that are not known here."
            yield Gap(Gapped.INTEGRATIONS, detail, "Look at it in Setup > Integration > Manage Integrations.")


def _unseen(holders: Reading[Grant], employees: Mapping[str, rows.EmployeeRow]) -> Iterator[Gap]:
    """A role that sees fewer rows gets no error (netsuite.md 8); these two betray it."""
    unseen = _in_order({grant.employee_id for grant in holders.facts} - set(employees))
    if unseen:
        detail = f"Some employees who hold a role do not show themselves (internal ids {', '.join(unseen[:10])})."
        yield Gap(Gapped.EMPLOYEES, detail, UNRESTRICTED)
    if not holders.gaps and all(grant.role_id != ADMINISTRATOR for grant in holders.facts):
        # Every account has one; some roles may not see administrators at all (netsuite-2.md 3, D11).
        detail = "No employee with the Administrator role can be seen, so others may be hidden too."
        yield from (Gap(what, detail, UNRESTRICTED) for what in (Gapped.EMPLOYEES, Gapped.GRANTS))


def _in_order(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=int)
