"""Making one state of all that was read, with gaps for what is missing or does not fit together."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from operator import attrgetter

from reconciler.core.live import ADMINISTRATOR, Gap, Gapped, Grant, IntegrationState, LiveState, Scope, Token
from reconciler.netsuite import rows
from reconciler.netsuite.external_ids import with_external_ids
from reconciler.netsuite.grants import differing
from reconciler.netsuite.own_login import Own
from reconciler.netsuite.own_view import UNRESTRICTED, hidden_from
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.rounds import Everything, Met, Named, in_order

_EVER = datetime.min.replace(tzinfo=UTC)


def assembled(account: str, read_at: datetime, scope: Scope, read: Everything, own: Own) -> LiveState:
    """The state that these readings give.

    Args:
        account: its id.
        read_at: the server's time (UTC) before the first of them.
        scope: what was to be read.
        read: the readings.
        own: who the login is, and the zone of the audit trail.
    """
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


def _last_token_logins(met: Met, own: Own) -> Mapping[str, datetime | None]:
    """Nothing at all where the trail could not be read, for that is not the same as never."""
    if met.uses.gaps:
        return {}
    last: dict[str, datetime] = {}
    for row in met.uses.facts:
        last[row.owner_id] = max(own.clock.utc(row.last), last.get(row.owner_id, _EVER))
    return {employee_id: last.get(employee_id) for employee_id in met.watched}


def _gaps(
    scope: Scope, read: Everything, own: Own, people: Mapping[str, rows.EmployeeRow], grants: set[Grant]
) -> set[Gap]:
    """What failed, and then what came, and yet does not show everything."""
    named, holders, met = read.named, read.holders, read.met
    gaps = {*own.gaps, *holders.gaps, *met.employees.gaps, *met.grants.gaps, *met.uses.gaps, *read.found.gaps}
    gaps |= {*named.roles.gaps, *named.tokens.gaps, *named.integrations.gaps, *named.logins.gaps, *named.employees.gaps}
    gaps |= {*_hidden_in(scope, named), *_half_told(people.values())}
    if read.view is not None:
        gaps |= {*hidden_from(read.view, tuple(gaps))}
    told = {gap.what for gap in gaps}
    if Gapped.EMPLOYEES not in told:
        gaps |= {*_unseen(holders, people)}
    if Gapped.GRANTS not in told:
        gaps |= {*differing(people.values(), grants)}
    return gaps


def _hidden_in(scope: Scope, named: Named) -> Iterator[Gap]:
    """Gaps that no failed read shows: rows that came, and do not say enough."""
    if named.roles.gaps:
        detail = "Who holds the roles of this file is not known, for the roles themselves could not be read."
        yield Gap(Gapped.GRANTS, detail, named.roles.gaps[0].hint)
    unclear = [row.token.id for row in named.tokens.facts if not row.complete and _matters(row.token, scope)]
    if unclear:
        detail = f"Some tokens do not say their application, owner or role (internal ids {', '.join(unclear[:10])})."
        yield Gap(Gapped.TOKENS, detail, "Look at them in Setup > Users/Roles > Access Tokens.")
    for record in named.integrations.facts:
        if record.name in scope.applications and record.state is IntegrationState.UNKNOWN:
            detail = f"The state of integration record {record.name} is in words that are not known here."
            yield Gap(Gapped.INTEGRATIONS, detail, "Look at it in Setup > Integration > Manage Integrations.")


def _matters(token: Token, scope: Scope) -> bool:
    """A live one may be anybody's; an inactive one matters where it is to be revoked, and its owner's role to go."""
    return token.live or token.application in scope.applications


def _half_told(people: Iterable[rows.EmployeeRow]) -> Iterator[Gap]:
    """Whoever has no access cannot log in, so their token may go at once: that has to be said, and is not assumed."""
    unclear = in_order(row.employee.id for row in people if not row.complete)
    if unclear:
        detail = f"Some employees do not say whether they have access (internal ids {', '.join(unclear[:10])})."
        yield Gap(
            Gapped.EMPLOYEES, detail, "Look at Lists > Employees > Edit > Access > Give Access, and save the record."
        )


def _unseen(holders: Reading[Grant], employees: Mapping[str, rows.EmployeeRow]) -> Iterator[Gap]:
    """A role that sees fewer rows gets no error (netsuite.md 8); these two betray it."""
    unseen = in_order({grant.employee_id for grant in holders.facts} - set(employees))
    if unseen:
        detail = f"Some employees who hold a role do not show themselves (internal ids {', '.join(unseen[:10])})."
        yield Gap(Gapped.EMPLOYEES, detail, UNRESTRICTED)
    if not holders.gaps and all(grant.role_id != ADMINISTRATOR for grant in holders.facts):
        # Every account has one; some roles may not see administrators at all (netsuite-2.md 3).
        detail = "No employee with the Administrator role can be seen, so others may be hidden too."
        yield from (Gap(what, detail, UNRESTRICTED) for what in (Gapped.EMPLOYEES, Gapped.GRANTS))
