"""The reads of one look, in rounds: what needs no id, who holds a role, and everybody who was met."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.core.desired import PersonKey
from reconciler.core.live import ADMINISTRATOR, Gapped, Grant, Identity, IntegrationRecord, Role, Scope
from reconciler.netsuite import queries, rows
from reconciler.netsuite.own_view import View
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.side_by_side import Starter
from reconciler.netsuite.suiteql import chunks


@dataclass(frozen=True, slots=True)
class Named:
    """What can be read without knowing any id."""

    roles: Reading[Role]
    tokens: Reading[rows.TokenRow]
    integrations: Reading[IntegrationRecord]
    logins: Reading[rows.LoginRow]
    employees: Reading[rows.EmployeeRow]
    own: Reading[rows.OwnLogin]


def external_ids(scope: Scope) -> list[str]:
    """The external ids by which a scope names people, each once."""
    return sorted({ref.value for ref in scope.people if ref.by is PersonKey.EXTERNAL_ID})


def read_named(start: Starter, scope: Scope, user_agent: str) -> Named:
    """The first round; `user_agent` is what the login's own rows of the trail are found by."""
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
    return Named(roles(), tokens(), integrations(), logins(), employees(), own())


def read_view(start: Starter, identity: Identity | None) -> Callable[[], View] | None:
    """What waits for it; None while it is not known who the login is."""
    if identity is None:
        return None
    role_id = identity.role_id
    permissions = start(Gapped.PERMISSIONS, [queries.permissions(role_id)], rows.permission)
    role = start(Gapped.PERMISSIONS, [queries.own_role(role_id)], rows.own_role)
    return lambda: View(role_id, permissions(), role())


def read_holders(start: Starter, scope: Scope, roles: Reading[Role]) -> Reading[Grant]:
    """Everybody who holds a role of the scope or Administrator."""
    names = set(scope.roles)
    script_ids = {name.casefold() for name in names}
    found = {
        role.id
        for role in roles.facts
        if role.name in names or (role.script_id is not None and role.script_id.casefold() in script_ids)
    }
    return start(Gapped.GRANTS, map(queries.grants_of_roles, chunks(in_order(found | {ADMINISTRATOR}))), rows.grant)()


@dataclass(frozen=True, slots=True)
class Met:
    """What is known of everybody who was met: named, a holder of a role, an owner of a token, or in the trail."""

    employees: Reading[rows.EmployeeRow]
    grants: Reading[Grant]
    own: Reading[rows.OwnLogin]
    watched: tuple[str, ...]
    uses: Reading[rows.UseRow]


def read_met(
    start: Starter,
    scope: Scope,
    named: Named,
    holders: Reading[Grant],
    found: Reading[tuple[str, str]],
    user_agent: str,
) -> Met:
    """The last round, for those whom the rounds before it have named."""
    known = {row.employee.id for row in named.employees.facts}
    met = {employee_id for employee_id, _ in found.facts} | {grant.employee_id for grant in holders.facts}
    met |= {row.token.owner_id for row in named.tokens.facts} | {row.user_id for row in named.logins.facts}
    met -= {""}
    watched = _watched(scope, named, found)
    used = in_order({*watched, *_owners_elsewhere(scope, named)})
    again = not named.own.facts and not named.own.gaps
    own = start(Gapped.IDENTITY, [queries.own_logins(user_agent)] if again else [], rows.own_login)
    by_id = map(queries.employees_by_id, chunks(in_order(met - known)))
    employees = start(Gapped.EMPLOYEES, by_id, rows.employee)
    grants = start(Gapped.GRANTS, map(queries.grants_of_employees, chunks(in_order(met | known))), rows.grant)
    uses = start(Gapped.LOGINS, map(queries.token_uses, chunks(used)), rows.token_use)
    return Met(employees(), grants(), own() if again else named.own, tuple(watched), uses())


def _owners_elsewhere(scope: Scope, named: Named) -> set[str]:
    """Owners of tokens of the scope's applications who own a live token of another one too: it may go down with them.

    Where all logins are read anyway, nothing more has to be.
    """
    tokens = [] if scope.whole else [row.token for row in named.tokens.facts]
    owners = {token.owner_id for token in tokens if token.application in scope.applications}
    return owners & {one.owner_id for one in tokens if one.live and one.application not in scope.applications} - {""}


def _watched(scope: Scope, named: Named, found: Reading[tuple[str, str]]) -> list[str]:
    """Internal ids of the people whose last login with any token has to be known."""
    refs = {(ref.by, ref.value.casefold() if ref.by is PersonKey.EMAIL else ref.value) for ref in scope.watched}
    people = [row.employee for row in named.employees.facts]
    ids = {one.id for one in people if one.email and (PersonKey.EMAIL, one.email.casefold()) in refs}
    ids |= {one.id for one in people if (PersonKey.ENTITY_ID, one.entity_id) in refs}
    return in_order(ids | {who for who, external_id in found.facts if (PersonKey.EXTERNAL_ID, external_id) in refs})


@dataclass(frozen=True, slots=True)
class Everything:
    """All readings of one look, before a state is made of them."""

    named: Named
    holders: Reading[Grant]
    met: Met
    found: Reading[tuple[str, str]]
    view: View | None


def in_order(ids: Iterable[str]) -> list[str]:
    """Internal ids in the order of their numbers, so that equal scopes send equal queries."""
    return sorted(ids, key=int)
