"""The three signals of who is at work, per day and person: logins, refused logins, and authors of orders."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reconciler.core.live import LiveState, LoginGroup, Token
from reconciler.core.refusal import Refusal, refusal
from reconciler.core.traffic import BY_HAND, OrderGroup


class Made(StrEnum):
    """How a person's orders came into being, by the notes of the first and the last; the word in every output."""

    BY_THE_ROLE = "in the token's role"
    BY_HAND = "by hand"
    IN_ANOTHER_ROLE = "in another role"
    IN_SEVERAL_WAYS = "in several ways"
    NOT_KNOWN = "not known how"


def made(orders: OrderGroup, role_id: str | None) -> Made:
    """By hand never proves anything of a token: its owner may type in an order as well (netsuite-2.md 1.2)."""
    ways = {_made(origin.context, origin.role_id, role_id) for origin in orders.origins}
    if len(ways) > 1:
        return Made.IN_SEVERAL_WAYS
    return ways.pop() if ways else Made.NOT_KNOWN


def _made(context: str, made_in: str, role_id: str | None) -> Made:
    if context in BY_HAND:
        return Made.BY_HAND
    if not made_in or role_id is None:
        return Made.NOT_KNOWN
    return Made.BY_THE_ROLE if made_in == role_id else Made.IN_ANOTHER_ROLE


def is_proof(orders: OrderGroup, role_id: str) -> bool:
    """Whether an order of the group surely came from outside, in the role of the token."""
    return any(_made(origin.context, origin.role_id, role_id) is Made.BY_THE_ROLE for origin in orders.origins)


@dataclass(frozen=True, slots=True)
class Day:
    """What one person did on one day, for one application; `made` is None without orders."""

    day: date
    person: str
    is_owner: bool
    logins: int
    refused: int
    details: tuple[str, ...]
    orders: int
    made: Made | None


def days(
    live: LiveState,
    logins: Iterable[LoginGroup],
    orders: Iterable[OrderGroup],
    owner_id: str | None,
    role_id: str | None,
) -> tuple[Day, ...]:
    """Newest first, on each day the declared owner first."""
    found: dict[tuple[date, str], tuple[list[LoginGroup], list[OrderGroup]]] = {}
    for login in logins:
        found.setdefault((login.day or login.first.date(), login.user_id), ([], []))[0].append(login)
    for group in orders:
        found.setdefault((group.day, group.author_id), ([], []))[1].append(group)
    order = sorted(found, key=lambda key: (-key[0].toordinal(), key[1] != owner_id, live.person(key[1])))
    return tuple(_day(live, key, *found[key], owner_id, role_id) for key in order)


def _day(
    live: LiveState,
    key: tuple[date, str],
    logins: Sequence[LoginGroup],
    orders: Sequence[OrderGroup],
    owner_id: str | None,
    role_id: str | None,
) -> Day:
    refused = [login for login in logins if not login.success]
    ways = {made(group, role_id) for group in orders}
    return Day(
        day=key[0],
        person=live.person(key[1]),
        is_owner=key[1] == owner_id,
        logins=sum(login.least for login in logins if login.success),
        refused=sum(login.least for login in refused),
        details=tuple(sorted({login.detail or "no detail" for login in refused})),
        orders=sum(group.number for group in orders),
        made=(ways.pop() if len(ways) == 1 else Made.IN_SEVERAL_WAYS) if ways else None,
    )


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refused logins that share their reason, person and token; `is_over` when a login succeeded since."""

    why: Refusal
    person: str
    token_name: str
    number: int
    last: datetime
    is_over: bool


def refusals(
    live: LiveState, tokens: Sequence[Token], logins: Iterable[LoginGroup], newest: LoginGroup | None
) -> tuple[Refusals, ...]:
    """The newest first. A refusal in the second of a success is taken to be the later one.

    Args:
        live: the account.
        tokens: those of the application.
        logins: its logins, refused ones and others.
        newest: its newest success.
    """
    found: dict[tuple[str, str, str], list[LoginGroup]] = {}
    for login in logins:
        if not login.success:
            found.setdefault((login.detail, login.user_id, login.token_name), []).append(login)
    told = [_refusals(live, tokens, groups, newest) for groups in found.values()]
    return tuple(sorted(told, key=lambda one: (one.last, one.why.detail, one.person, one.token_name), reverse=True))


def _refusals(
    live: LiveState, tokens: Sequence[Token], groups: Sequence[LoginGroup], newest: LoginGroup | None
) -> Refusals:
    last = max(groups, key=lambda group: (group.last, group.role_id))
    over = newest is not None and newest.last > last.last
    why = refusal(live, tokens, last, now=not over)
    number = sum(group.least for group in groups)
    return Refusals(why, live.person(last.user_id), last.token_name, number, last.last, over)


def relevant(orders: Iterable[OrderGroup], people: frozenset[str], role_id: str | None) -> Iterator[OrderGroup]:
    """Orders of people who have to do with the application, and of whoever made one in the role of its token."""
    for group in orders:
        if group.author_id in people or (role_id is not None and is_proof(group, role_id)):
            yield group
