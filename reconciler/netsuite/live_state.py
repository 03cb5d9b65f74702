"""Reading an account into a `LiveState` with the same few requests whatever its size."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from reconciler.core.desired import PersonKey
from reconciler.core.live import (
    ADMINISTRATOR,
    Employee,
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
from reconciler.netsuite import queries, rows
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.own_login import Own, identity_in, recognise
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
            start = _Starter(self._client, pool)
            named = _read_named(start, scope)
            holders = _read_holders(start, scope, named.roles)
            met = _read_met(start, named, holders, self._client.user_agent)
        own = recognise(met.own, self._first_answer)
        return _assembled(self._client.account.id, read_at, scope, named, holders, met, own)

    def identity_of(self, user_agent: str) -> Identity | None:
        """Who logged in under a user agent, be it another client's; None when the trail does not (yet) tell.

        Raises:
            NetSuiteError: the trail could not be read.
        """
        (query,) = queries.own_logins(user_agent)
        return identity_in(tuple(rows.own_login(row) for row in read_all(self._client, query).items))


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
    employees: Reading[Employee]


def _read_named(start: _Starter, scope: Scope) -> _Named:
    people = {key: sorted({ref.value for ref in scope.people if ref.by is key}) for key in PersonKey}
    roles = start(Gapped.ROLES, [queries.roles()], rows.role)
    tokens = start(Gapped.TOKENS, [queries.tokens()], rows.token)
    integrations = start(Gapped.INTEGRATIONS, [queries.integrations()], rows.integration)
    logins = start(Gapped.LOGINS, map(queries.logins, chunks(sorted(set(scope.applications)))), rows.login)
    by_email = map(queries.employees_by_email, chunks(people[PersonKey.EMAIL]))
    by_entity_id = map(queries.employees_by_entity_id, chunks(people[PersonKey.ENTITY_ID]))
    employees = start(Gapped.EMPLOYEES, [*by_email, *by_entity_id], rows.employee)
    return _Named(roles(), tokens(), integrations(), logins(), employees())


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

    employees: Reading[Employee]
    grants: Reading[Grant]
    own: Reading[rows.OwnLogin]


def _read_met(start: _Starter, named: _Named, holders: Reading[Grant], user_agent: str) -> _Met:
    known = {employee.id for employee in named.employees.facts}
    met = {grant.employee_id for grant in holders.facts}
    met |= {row.token.owner_id for row in named.tokens.facts} | {row.user_id for row in named.logins.facts}
    met -= {""}
    own = start(Gapped.IDENTITY, [queries.own_logins(user_agent)], rows.own_login)
    by_id = map(queries.employees_by_id, chunks(_in_order(met - known)))
    employees = start(Gapped.EMPLOYEES, by_id, rows.employee)
    grants = start(Gapped.GRANTS, map(queries.grants_of_employees, chunks(_in_order(met | known))), rows.grant)
    return _Met(employees(), grants(), own())


def _assembled(
    account: str, read_at: datetime, scope: Scope, named: _Named, holders: Reading[Grant], met: _Met, own: Own
) -> LiveState:
    employees = {employee.id: employee for employee in (*named.employees.facts, *met.employees.facts)}
    gaps = {*own.gaps, *holders.gaps, *met.employees.gaps, *met.grants.gaps, *_hidden_in(scope, named)}
    gaps |= {*named.roles.gaps, *named.tokens.gaps, *named.integrations.gaps, *named.logins.gaps, *named.employees.gaps}
    if not any(gap.what is Gapped.EMPLOYEES for gap in gaps):
        gaps |= {*_unseen(holders, employees)}
    logins = (row.at(own.clock) for row in named.logins.facts)
    return LiveState(
        account=account,
        read_at=read_at,
        employees=tuple(sorted(employees.values(), key=lambda employee: int(employee.id))),
        roles=tuple(sorted(named.roles.facts, key=lambda role: int(role.id))),
        grants=tuple(sorted({*holders.facts, *met.grants.facts})),
        tokens=tuple(sorted((row.at(own.clock) for row in named.tokens.facts), key=lambda token: int(token.id))),
        integrations=tuple(sorted(named.integrations.facts, key=lambda record: int(record.id))),
        logins=tuple(sorted(logins, key=lambda login: (login.application, login.first, login.last, repr(login)))),
        reader=own.identity,
        gaps=tuple(sorted(gaps)),
    )


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


def _unseen(holders: Reading[Grant], employees: Mapping[str, Employee]) -> Iterator[Gap]:
    """A role that sees fewer rows gets no error (netsuite.md 8); these two betray it."""
    unseen = _in_order({grant.employee_id for grant in holders.facts} - set(employees))
    if unseen:
        detail = f"Some employees who hold a role do not show themselves (internal ids {', '.join(unseen[:10])})."
        yield Gap(Gapped.EMPLOYEES, detail, _UNRESTRICTED)
    if not holders.gaps and all(grant.role_id != ADMINISTRATOR for grant in holders.facts):
        # Every account has one; some roles may not see administrators at all (netsuite-2.md 3, D11).
        detail = "No employee with the Administrator role can be seen, so others may be hidden too."
        yield from (Gap(what, detail, _UNRESTRICTED) for what in (Gapped.EMPLOYEES, Gapped.GRANTS))


_UNRESTRICTED = "Remove employee and subsidiary restrictions from the role of this login."


def _in_order(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=int)
