"""Who may do what in a whole account: the facts that an access review rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reconciler.core.live import Employee, LiveState


@dataclass(frozen=True, slots=True)
class RoleDetail:
    """What a role that tokens were issued for may do.

    `permissions` are the ids and the names of what it may at least view; `cross_subsidiary` is its box *Allow
    Cross-Subsidiary Record Viewing*. Either is None where it could not be read.
    """

    permissions: frozenset[str] | None
    cross_subsidiary: bool | None


@dataclass(frozen=True, slots=True, order=True)
class QueryRead:
    """One query as it was asked, how many rows came, and how long after the beginning of the read the last of them."""

    text: str
    params: tuple[str | int, ...]
    rows: int
    after: timedelta = timedelta()


@dataclass(frozen=True)
class Access:
    """An account read as a whole (`Scope.whole`), with what only a review asks for.

    `last_seen` holds, by employee id, the last successful login of each of `people_of`, by hand or with a token (UTC).
    """

    live: LiveState
    role_details: Mapping[str, RoleDetail] = field(default_factory=dict)
    last_seen: Mapping[str, datetime] = field(default_factory=dict)
    queries: tuple[QueryRead, ...] = ()


def people_of(live: LiveState) -> tuple[Employee, ...]:
    """Whom a review tells of: everybody who has access, and whoever owns a token that is not revoked.

    Who has left and still owns a token is the very person a review is asked about.
    """
    owners = {token.owner_id for token in live.tokens if not token.revoked}
    return tuple(one for one in live.employees if (one.active and one.access) or one.id in owners)
