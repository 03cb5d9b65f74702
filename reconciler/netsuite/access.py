"""Reading what only an access review asks for, of an account that was read as a whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from reconciler.core.access import Access, QueryRead, RoleDetail, people_of
from reconciler.core.live import Gapped, LiveState
from reconciler.netsuite import access_queries, queries, rows
from reconciler.netsuite.audit_clock import AuditClock
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.rows import id_in
from reconciler.netsuite.side_by_side import Starter
from reconciler.netsuite.suiteql import Row, chunks


def read_access(
    start: Starter, live: LiveState, clock: AuditClock, asked: Callable[[], tuple[QueryRead, ...]]
) -> Access:
    """What the roles of live tokens may do, and when whoever has access, or owns a token, logged in last.

    Args:
        start: starts reads.
        live: the account, read as a whole.
        clock: on which the login audit trail runs.
        asked: what was asked so far.
    """
    role_ids = sorted({token.role_id for token in live.tokens if token.live and token.role_id}, key=int)
    people = [person.id for person in people_of(live)]
    permissions = start(Gapped.PERMISSIONS, map(queries.permissions_of_roles, chunks(role_ids)), _role_permission)
    viewing = start(Gapped.ROLES, map(access_queries.viewing_of_roles, chunks(role_ids)), _viewing)
    seen = start(Gapped.LOGINS, map(queries.last_seen, chunks(people)), rows.last_login)
    may, sees, logins = permissions(), viewing(), seen()
    gaps = {*live.gaps, *may.gaps, *sees.gaps, *logins.gaps}
    return Access(
        live=replace(live, gaps=tuple(sorted(gaps))),
        role_details=_details(role_ids, may, sees),
        last_seen={row.user_id: clock.utc(row.last) for row in logins.facts},
        queries=asked(),
    )


@dataclass(frozen=True, slots=True)
class _RolePermission:
    """A permission of a role, before rows of the same role are put together."""

    role_id: str
    permission: rows.Permission


@dataclass(frozen=True, slots=True)
class _Viewing:
    """Whether a role sees all subsidiaries; None where its record does not tell."""

    role_id: str
    allowed: bool | None


def _role_permission(row: Row) -> _RolePermission:
    return _RolePermission(id_in(row, "role"), rows.permission(row))


def _viewing(row: Row) -> _Viewing:
    said = row.get("subsidiaryviewingallowed")
    return _Viewing(id_in(row, "id"), None if said is None else said == "T")


def _details(role_ids: Iterable[str], may: Reading[_RolePermission], sees: Reading[_Viewing]) -> dict[str, RoleDetail]:
    """A role of which no permission at all is to be seen is not known: NetSuite hides rows without an error."""
    held: dict[str, set[str]] = {}
    for one in may.facts:
        if one.permission.level != "0":
            held.setdefault(one.role_id, set()).update((one.permission.key, one.permission.name))
    allowed = {one.role_id: one.allowed for one in sees.facts}
    return {
        role_id: RoleDetail(frozenset(held[role_id]) if role_id in held else None, allowed.get(role_id))
        for role_id in role_ids
    }
