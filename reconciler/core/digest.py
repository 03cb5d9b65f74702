"""What a plan rests on, as facts that a reviewer can read, and one checksum over them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter

from reconciler.core.desired import DesiredEmployee, DesiredIntegration, DesiredState, GuardSettings
from reconciler.core.employees import ResolvedEmployee
from reconciler.core.handover import Handover
from reconciler.core.live import Employee, Gapped, LiveState, Role, Token


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A conclusion about the account: ids, flags, grants, states; never a time, a count or who looked."""

    fact: str
    value: str


def observed(live: LiveState, judged: Sequence[Handover], people: Iterable[ResolvedEmployee] = ()) -> tuple[Fact, ...]:
    """The facts that the changes and steps of these integrations and people rest on."""
    facts = {_employee(one.person, live) for one in people}
    for one in judged:
        facts.update(_facts_of(one, live))
    facts.update(_token(token) for token in _tokens_that_may_need_a_role(live, judged))
    facts.update(Fact(f"unread: {gap.what}", "gap") for gap in live.gaps if gap.what is not Gapped.IDENTITY)
    return tuple(sorted(facts, key=attrgetter("fact", "value")))


def _tokens_that_may_need_a_role(live: LiveState, judged: Sequence[Handover]) -> Iterator[Token]:
    """Whether a previous owner loses a role rests on all live tokens that need it, whatever their application.

    The owner is counted from the start, or these facts would seem to move when the new token is first used.
    """
    given: dict[str, set[str]] = {}
    for one in judged:
        owners = {one.resolved.owner.id, *(token.owner_id for token in one.resolved.tokens)}
        users = {group.user_id for group in one.resolved.logins if group.success}
        for identifier in owners | users:
            given.setdefault(identifier, set()).add(one.resolved.token_role.id)
    return (token for token in live.tokens if token.live and token.role_id in given.get(token.owner_id, ()))


def _facts_of(one: Handover, live: LiveState) -> Iterator[Fact]:
    resolved = one.resolved
    people = {resolved.owner.id, *(person.id for person in resolved.standby)}
    roles = {resolved.token_role.id, *(role.id for role, _ in resolved.required)}
    if resolved.record is not None:
        yield Fact(f"application {resolved.desired.application}", f"id {resolved.record.id}, {resolved.record.state}")
    for token in resolved.tokens:
        people.add(token.owner_id)
        roles.add(token.role_id)
        yield _token(token)
    working = one.evidence.working_token()
    yield Fact(f"{resolved.desired.address}: token in use", f"id {working.id}" if working else "none")
    yield Fact(
        f"{resolved.desired.address}: token to keep", f"id {one.keep.id}, {one.proof.use}" if one.keep else "none"
    )
    people.update(group.user_id for group in resolved.logins if group.success)
    for identifier in people:
        if employee := live.employees_by_id.get(identifier):
            yield _employee(employee, live)
    for identifier in roles:
        if role := live.roles_by_id.get(identifier):
            yield _role(role)


def _token(token: Token) -> Fact:
    state = "revoked" if token.revoked else "inactive" if token.inactive else "live"
    return Fact(
        f"token {token.id}",
        f'"{token.name}" of {token.application}, owner {token.owner_id}, role {token.role_id}, {state}',
    )


def _employee(employee: Employee, live: LiveState) -> Fact:
    roles = ", ".join(sorted(live.roles_of.get(employee.id, ()), key=lambda role: (len(role), role)))
    active = "active" if employee.active else "inactive"
    access = "access" if employee.access else "no access"
    return Fact(f"employee {employee.label}", f"id {employee.id}, {active}, {access}, roles {roles or 'none'}")


def _role(role: Role) -> Fact:
    return Fact(f"role {role.name}", f"id {role.id}, {'active' if role.active else 'inactive'}")


def digest(desired: DesiredState, facts: Iterable[Fact], only: Sequence[str] = ()) -> str:
    """A checksum over desired state and observed facts: `sha256:` and 64 hexadecimal digits.

    It does not depend on the order of files, lists, queries or reads, nor on time, host, commit or who runs it. A
    part of the plan (`only`) rests on the same facts as the whole, for guards and rules look at all of them.
    """
    content = {
        "account": desired.account,
        "environment": desired.environment,
        "integrations": sorted(_integration(integration) for integration in desired.integrations),
        "employees": sorted(_listed_employee(employee) for employee in desired.employees),
        "guards": _guards(desired.guards),
        "facts": sorted([fact.fact, fact.value] for fact in facts),
        **({"only": sorted(only)} if only else {}),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # A name that NetSuite cut in the middle of a character ends in half of it.
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _guards(guards: GuardSettings) -> list[str]:
    """What holds steps back is part of what was approved: a looser guard would let more happen."""
    return [
        f"max_removals {guards.max_removals}",
        f"min_administrators {guards.min_administrators}",
        *(f"protected {str(person).casefold()}" for person in sorted(guards.protected_employees)),
        *sorted(f"frozen {_in_utc(window.start)} to {_in_utc(window.end)}" for window in guards.freeze),
    ]


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _listed_employee(employee: DesiredEmployee) -> list[str]:
    return [
        str(employee.person).casefold(),
        f"active {employee.active}",
        f"access {employee.access}",
        f"exactly {employee.exactly}",
        *(f"role {name}" for name in sorted(employee.roles)),
    ]


def _integration(integration: DesiredIntegration) -> list[str]:
    return [
        integration.key,
        integration.application,
        str(integration.owner).casefold(),
        integration.token_role,
        *(f"requires {name}" for name in sorted(integration.required_roles)),
        f"previous owner: {integration.previous_owner}",
        *(f"standby {str(person).casefold()}" for person in sorted(integration.standby)),
        f"not before {integration.token_not_before}",
        f"quiet for {int(integration.quiet_period.total_seconds())} s",
        f"seen within {integration.seen_within}",
    ]
