"""Reading an account into a `LiveState` with the same few requests whatever its size."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

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
from reconciler.core.permissions import Level, RolePermissions
from reconciler.netsuite import queries, rows
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.external_ids import find, with_external_ids
from reconciler.netsuite.grants import differing
from reconciler.netsuite.own_login import Own, identity_in, recognise
from reconciler.netsuite.own_view import UNRESTRICTED, hidden_from
from reconciler.netsuite.reading import Reading, Source, joined, read_source
from reconciler.netsuite.suiteql import Query, Row, chunks, read_all

Fact = TypeVar("Fact")


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
        read_at = self._client.ping()
        # The client's first row in the trail stands for its first answer, however often it reads afterwards.
        self._first_answer = self._first_answer or read_at
        with _workers(self._concurrency) as pool:
            certificate = pool.submit(self._client.certificate_ends)
            start = _Starter(self._client, pool)
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
        return replace(live, certificate_ends=certificate_ends, clock_ahead=self._client.clock_ahead)

    def permissions(self, role_ids: Sequence[str]) -> Mapping[str, RolePermissions]:
        """What roles allow, by their internal ids; implements `PermissionReader`."""
        with _workers(self._concurrency) as pool:
            each = map(queries.permissions_of_roles, chunks(role_ids))
            found = _Starter(self._client, pool)(Gapped.PERMISSIONS, each, rows.role_permission)()
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
        of_role[fact.name] = max(fact.level, of_role.get(fact.name, Level.NONE), key=list(Level).index)
    hidden = RolePermissions(unread="the account shows none of them to this login.")
    return {role: RolePermissions(levels[role]) if role in levels else hidden for role in role_ids}


class _Starter:
    """Starts reads on the pool's threads; what it returns waits for all of them and joins their facts."""

    def __init__(self, client: ReadClient, pool: ThreadPoolExecutor) -> None:
        self._client = client
        self._pool = pool

    def __call__(
        self, what: Gapped, each: Iterable[Sequence[Query]], parse: Callable[[Row], Fact]
    ) -> Callable[[], Reading[Fact]]:
        started: list[Future[Reading[Fact]]] = [
            self._pool.submit(read_source, self._client, Source(what, tuple(alternatives), parse))
            for alternatives in each
        ]
        return lambda: joined(future.result() for future in started)


@contextmanager
def _workers(count: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="netsuite-read")
    try:
        yield pool
    finally:
        # After an interruption only what is in flight is awaited.
        pool.shutdown(wait=True, cancel_futures=True)


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


def _read_named(start: _Starter, scope: Scope, user_agent: str) -> _Named:
    people = {key: sorted({ref.value for ref in scope.people if ref.by is key}) for key in PersonKey}
    own = start(Gapped.IDENTITY, [queries.own_logins(user_agent)], rows.own_login)
    roles = start(Gapped.ROLES, [queries.roles()], rows.role)
    tokens = start(Gapped.TOKENS, [queries.tokens()], rows.token)
    integrations = start(Gapped.INTEGRATIONS, [queries.integrations()], rows.integration)
    logins = start(Gapped.LOGINS, map(queries.logins, chunks(sorted(set(scope.applications)))), rows.login)
    by_email = map(queries.employees_by_email, chunks(people[PersonKey.EMAIL]))
    by_entity_id = map(queries.employees_by_entity_id, chunks(people[PersonKey.ENTITY_ID]))
    employees = start(Gapped.EMPLOYEES, [*by_email, *by_entity_id], rows.employee)
    return _Named(roles(), tokens(), integrations(), logins(), employees(), own())


@dataclass(frozen=True, slots=True)
class _View:
    """What is known of the login's own role, and so of what it does not see."""

    role_id: str
    permissions: Reading[rows.Permission]
    role: Reading[rows.OwnRole]


def _read_view(start: _Starter, identity: Identity | None) -> Callable[[], _View] | None:
    """What waits for it; None while it is not known who the login is."""
    if identity is None:
        return None
    role_id = identity.role_id
    permissions = start(Gapped.PERMISSIONS, [queries.permissions(role_id)], rows.permission)
    role = start(Gapped.PERMISSIONS, [queries.own_role(role_id)], rows.own_role)
    return lambda: _View(role_id, permissions(), role())


def _read_holders(start: _Starter, scope: Scope, roles: Reading[Role]) -> Reading[Grant]:
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
    last_logins: Reading[rows.LastLogin]


def _read_met(
    start: _Starter,
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
    again = not named.own.facts and not named.own.gaps
    own = start(Gapped.IDENTITY, [queries.own_logins(user_agent)] if again else [], rows.own_login)
    by_id = map(queries.employees_by_id, chunks(_in_order(met - known)))
    employees = start(Gapped.EMPLOYEES, by_id, rows.employee)
    grants = start(Gapped.GRANTS, map(queries.grants_of_employees, chunks(_in_order(met | known))), rows.grant)
    last_logins = start(Gapped.LOGINS, map(queries.last_logins, chunks(watched)), rows.last_login)
    return _Met(employees(), grants(), own() if again else named.own, tuple(watched), last_logins())


def _watched(scope: Scope, named: _Named, found: Reading[tuple[str, str]]) -> list[str]:
    """Internal ids of the people whose last login with any token has to be known."""
    refs = {(ref.by, ref.value.casefold() if ref.by is PersonKey.EMAIL else ref.value) for ref in scope.watched}
    people = [row.employee for row in named.employees.facts]
    ids = {one.id for one in people if one.email and (PersonKey.EMAIL, one.email.casefold()) in refs}
    ids |= {one.id for one in people if (PersonKey.ENTITY_ID, one.entity_id) in refs}
    return _in_order(ids | {who for who, external_id in found.facts if (PersonKey.EXTERNAL_ID, external_id) in refs})


@dataclass(frozen=True, slots=True)
class _Everything:
    named: _Named
    holders: Reading[Grant]
    met: _Met
    found: Reading[tuple[str, str]]
    view: _View | None


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
        grants=tuple(sorted(grants)),
        tokens=tuple(sorted(tokens, key=lambda token: int(token.id))),
        integrations=tuple(sorted(named.integrations.facts, key=lambda record: int(record.id))),
        logins=tuple(sorted(logins, key=lambda login: (login.application, login.first, login.last, repr(login)))),
        reader=own.identity,
        last_token_logins=_last_token_logins(met, own),
        gaps=tuple(sorted(_gaps(scope, read, own, people, grants))),
    )


def _last_token_logins(met: _Met, own: Own) -> Mapping[str, datetime | None]:
    """Nothing at all where the trail could not be read, for that is not the same as never."""
    if met.last_logins.gaps:
        return {}
    last = {row.user_id: own.clock.utc(row.last) for row in met.last_logins.facts}
    return {employee_id: last.get(employee_id) for employee_id in met.watched}


def _gaps(
    scope: Scope, read: _Everything, own: Own, people: Mapping[str, rows.EmployeeRow], grants: set[Grant]
) -> set[Gap]:
    """What failed, and then what came, and yet does not show everything."""
    named, holders, met = read.named, read.holders, read.met
    gaps = {*own.gaps, *holders.gaps, *met.employees.gaps, *met.grants.gaps, *met.last_logins.gaps, *read.found.gaps}
    gaps |= {*named.roles.gaps, *named.tokens.gaps, *named.integrations.gaps, *named.logins.gaps, *named.employees.gaps}
    gaps |= {*_hidden_in(scope, named)}
    if read.view is not None:
        gaps |= {*hidden_from(read.view.role_id, read.view.permissions, read.view.role, tuple(gaps))}
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
