"""Whether an approved plan still stands: the progress it predicted is never stale, any other moved fact is.

The progress that a plan predicts follows from its desired state alone, so nothing in a plan's file can widen it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.core.desired import DesiredEmployee, PreviousOwner
from reconciler.core.digest import Fact
from reconciler.core.employees import ResolvedEmployee, needed_by_integrations
from reconciler.core.evidence import Use
from reconciler.core.handover import Handover
from reconciler.core.live import IntegrationState

_EMPLOYEE = re.compile(r"id (\S+), (active|inactive), (access|no access), roles (.+)")
_TOKEN = re.compile(r"(.+, owner (\S+), role (\S+)), (live|inactive|revoked)", re.DOTALL)
_RECORD = re.compile(r"id (\S+), (.+)")
_KEPT = re.compile(r"id (\S+), (\w+)")
_USED = re.compile(r"id (\S+)")
_TOKEN_STATES = ("live", "inactive", "revoked")


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that is not what it was when the plan was made; None where it was not there, or is there no more."""

    fact: str
    approved: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class _Person:
    """What an employee's fact says."""

    id: str
    active: bool
    access: bool
    roles: frozenset[str]


class Prediction:
    """How facts may move while the desired state is carried out, and only then."""

    def __init__(self, judged: Iterable[Handover], people: Iterable[ResolvedEmployee]) -> None:
        """From the integrations and the listed employees, judged by what is true now."""
        judged = tuple(judged)
        self._by_address = {one.resolved.desired.address: one for one in judged}
        self._by_token = {token.id: one for one in judged for token in one.resolved.tokens}
        self._entries: dict[str, list[DesiredEmployee]] = {}
        self._gains = {
            (one.resolved.owner.id, role.id)
            for one in judged
            for role in (one.resolved.token_role, *(role for role, _ in one.resolved.required))
        }
        for entry in people:
            self._entries.setdefault(entry.person.id, []).append(entry.desired)
            self._gains |= {(entry.person.id, role.id) for role, _ in entry.roles}
        self._stays = needed_by_integrations([one.resolved for one in judged]) | self._gains
        retire = PreviousOwner.RETIRE
        self._retired = {one.resolved.token_role.id for one in judged if one.resolved.desired.previous_owner is retire}

    def moved(self, approved: Iterable[Fact], now: Iterable[Fact]) -> tuple[Moved, ...]:
        """The facts that moved otherwise than predicted, by name."""
        before, after = _by_name(approved), _by_name(now)
        return tuple(
            one
            for name in sorted(before.keys() | after.keys())
            for one in _differences(name, before.get(name, []), after.get(name, []))
            if not self._covers(one)
        )

    def _covers(self, one: Moved) -> bool:
        address, mark, what = one.fact.rpartition(": token ")
        if mark and address in self._by_address:
            judged = self._by_address[address]
            return _use_moves_on(judged, one) if what == "in use" else _keep_moves_on(judged, one)
        kind, _, name = one.fact.partition(" ")
        match kind:
            case "employee":
                return self._employee_moves_on(one)
            case "token" if name in self._by_token:
                return _token_moves_on(self._by_token[name], name, one)
            case "application":
                return _record_moves_on(one)
        return False

    def _employee_moves_on(self, one: Moved) -> bool:
        before, now = _person(one.approved), _person(one.now)
        if before is None or now is None or before.id != now.id:
            return False
        entries = self._entries.get(now.id, [])
        return (
            (before.active == now.active or any(entry.active == now.active for entry in entries))
            and (before.access == now.access or any(entry.access == now.access for entry in entries))
            and all((now.id, role) in self._gains for role in now.roles - before.roles)
            and all(self._may_lose(now.id, role) for role in before.roles - now.roles)
        )

    def _may_lose(self, employee_id: str, role_id: str) -> bool:
        exact = any(entry.exactly for entry in self._entries.get(employee_id, []))
        return (employee_id, role_id) not in self._stays and (exact or role_id in self._retired)


def _token_moves_on(judged: Handover, token_id: str, one: Moved) -> bool:
    """A token of the declared owner and role may come; any other one that the file does not keep may go."""
    before, now = _parsed(_TOKEN, one.approved), _parsed(_TOKEN, one.now)
    token = next((token for token in judged.resolved.tokens if token.id == token_id), None)
    if token is None or now is None:
        return False
    if before is None:
        return (now[1], now[2]) == (judged.resolved.owner.id, judged.resolved.token_role.id)
    may_go = judged.keep is not None and judged.keep.id != token_id
    goes_on = _TOKEN_STATES.index(now[3]) > _TOKEN_STATES.index(before[3])
    return before[0] == now[0] and goes_on and may_go


def _record_moves_on(one: Moved) -> bool:
    before, now = _parsed(_RECORD, one.approved), _parsed(_RECORD, one.now)
    return before is not None and now is not None and before[0] == now[0] and now[1] == IntegrationState.ENABLED


def _use_moves_on(judged: Handover, one: Moved) -> bool:
    """The application goes over to the token that shall stay, or works again where it did not."""
    before, now = _parsed(_USED, one.approved), _parsed(_USED, one.now)
    return now is not None and (before is None or (judged.keep is not None and now[0] == judged.keep.id))


def _keep_moves_on(judged: Handover, one: Moved) -> bool:
    """The token that shall stay comes and is proven; one that was proven stays the one it is."""
    before, now = _parsed(_KEPT, one.approved), _parsed(_KEPT, one.now)
    if now is None or judged.keep is None:
        return False
    return before is None or before[1] != Use.PROVEN


def _by_name(facts: Iterable[Fact]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in facts:
        found.setdefault(fact.fact, []).append(fact.value)
    return found


def _differences(name: str, before: Sequence[str], now: Sequence[str]) -> Iterator[Moved]:
    """Several people may share one address, so a name may stand for several facts; those are never paired."""
    gone = [value for value in before if value not in now]
    came = [value for value in now if value not in before]
    if len(gone) == len(came) == 1:
        yield Moved(name, gone[0], came[0])
        return
    yield from (Moved(name, value, None) for value in gone)
    yield from (Moved(name, None, value) for value in came)


def _parsed(pattern: re.Pattern[str], value: str | None) -> tuple[str, ...] | None:
    found = pattern.fullmatch(value) if value is not None else None
    return found.groups() if found else None


def _person(value: str | None) -> _Person | None:
    parts = _parsed(_EMPLOYEE, value)
    if parts is None:
        return None
    identifier, active, access, roles = parts
    held = frozenset() if roles == "none" else frozenset(roles.split(", "))
    return _Person(identifier, active == "active", access == "access", held)
