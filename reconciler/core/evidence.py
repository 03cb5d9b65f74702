"""What the live facts prove about the tokens of one application.

Every judgement is made anew from what was read; nothing is remembered between runs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from reconciler.core.directory import Directory
from reconciler.core.live import NOT_ENABLED, Gapped, IntegrationRecord, LiveState, LoginGroup, Token

_EVER = datetime.min.replace(tzinfo=UTC)
# No two time zones are farther apart.
_FARTHEST_ZONES = timedelta(hours=26)


class Use(StrEnum):
    """How far a token has got."""

    UNUSED = "unused"
    TRIED = "tried"
    """One successful login: it may have been the credential form's own test."""
    OVERTAKEN = "overtaken"
    """It has logged in, but the application's newest login is another one's."""
    PROVEN = "proven"


@dataclass(frozen=True, slots=True)
class Proof:
    """`first` and `last` are the successful logins with the token that are known, in UTC; None when it is unused."""

    use: Use
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Evidence:
    """The login audit trail and the tokens of one application, with the account around them."""

    live: LiveState
    record: IntegrationRecord | None
    tokens: tuple[Token, ...]
    logins: tuple[LoginGroup, ...]

    def newest_success(self) -> LoginGroup | None:
        return _latest(group for group in self.logins if group.success)

    def newest_success_without(self, token: Token) -> LoginGroup | None:
        """The newest successful login that was made with something else than this token."""
        return _latest(group for group in self.logins if group.success and not self.is_login_of(group, token))

    def newest_failure(self) -> LoginGroup | None:
        return _latest(group for group in self.logins if not group.success)

    def proof(self, token: Token) -> Proof:
        """Whether the application really works with this token.

        Proven is: its newest successful login is by the token's owner, in its role, under its name and not older than
        the token, and it is at least the second one (design section 5, step 3). Nobody says that tokens' times are in
        the trail's zone (netsuite-2.md 2), so a token that shares its name may really be younger than it looks, and
        logins soon after its making may be those of the other one.
        """
        if token.created is None and self._shares_its_name(token):
            return Proof(Use.UNUSED, None, None)
        instants = {
            instant
            for group in self._logins_by_name.get(token.name, ())
            if group.success and self.is_login_of(group, token)
            for instant in (group.first, group.last)
            if token.created is None or instant >= token.created
        }
        if not instants:
            return Proof(Use.UNUSED, None, None)
        first, last = min(instants), max(instants)
        other = self.newest_success_without(token)
        # Times are known to the second: of two logins in the same one, neither is the newer.
        if other is not None and other.last >= last:
            return Proof(Use.OVERTAKEN, first, last)
        is_proven = len(instants) > 1 and self._is_surely_of(token, last)
        return Proof(Use.PROVEN if is_proven else Use.TRIED, first, last)

    def last_sign_of(self, token: Token) -> datetime | None:
        """The newest row of any status that may have been made with the token.

        A failed login may lack its user or role (netsuite-2.md 5), so a name without a user counts too. A successful
        one in another role was made with another token; so was one that a live token of the same owner, role and name
        can have made, when this one is not live itself. A row under a name that no token has any more may be of this
        one before it was renamed.
        """
        own = token.live or not self._has_live_twin(token)
        groups = [*self._logins_by_name.get(token.name, ()), *self._under_lost_names]
        signs = [
            group.last
            for group in groups
            if group.user_id in {"", token.owner_id}
            and (not group.success or (own and group.role_id in {"", token.role_id}))
        ]
        return max(signs, default=None)

    def quiet_until(self, token: Token, proof: Proof, length: timedelta) -> datetime:
        """When an old token has been silent for long enough.

        Counted from the newer of its own last sign and the first login with the new one.
        """
        counted_from = max(self.last_sign_of(token) or _EVER, proof.first or _EVER)
        return counted_from + length

    def could_log_in(self, token: Token) -> bool:
        """True unless it is certain that a token of this owner and role would be refused, were it active."""
        live = self.live
        if self.record and self.record.state in NOT_ENABLED:
            return False
        if not live.unread(Gapped.EMPLOYEES):
            owner = live.employees_by_id.get(token.owner_id)
            if owner is not None and not (owner.active and owner.access):
                return False
        if not live.unread(Gapped.ROLES):
            role = live.roles_by_id.get(token.role_id)
            if role is not None and not role.active:
                return False
        known = token.owner_id in live.employees_by_id and not live.unread(Gapped.GRANTS)
        return live.holds(token.owner_id, token.role_id) or not known

    def can_log_in(self, token: Token) -> bool:
        """Whether the token would pass the login check now (netsuite.md 1.4)."""
        return token.live and self.could_log_in(token)

    def working_token(self) -> Token | None:
        """The token the application last logged in with, if it would pass the login check now.

        A token that was made after that login is not it, although it may have the name of one that is gone.
        """
        newest = self.newest_success()
        if newest is None:
            return None
        fitting = (token for token in self.tokens if self.is_login_of(newest, token) and self.can_log_in(token))
        return next((token for token in fitting if token.created is None or newest.last >= token.created), None)

    def indistinguishable(self) -> frozenset[str]:
        """Ids of live tokens that share owner, role and name: the audit trail cannot tell which of them is used."""
        return self._indistinguishable

    @cached_property
    def _indistinguishable(self) -> frozenset[str]:
        seen: dict[tuple[str, str, str], list[str]] = {}
        for token in self.tokens:
            if token.live:
                seen.setdefault((token.owner_id, token.role_id, token.name), []).append(token.id)
        return frozenset(identifier for ids in seen.values() if len(ids) > 1 for identifier in ids)

    @cached_property
    def _logins_by_name(self) -> Mapping[str, list[LoginGroup]]:
        found: dict[str, list[LoginGroup]] = {}
        for group in self.logins:
            found.setdefault(group.token_name, []).append(group)
        return found

    @cached_property
    def _under_lost_names(self) -> tuple[LoginGroup, ...]:
        names = {"", *(token.name for token in self.tokens)}
        return tuple(group for group in self.logins if group.token_name not in names)

    def _has_live_twin(self, token: Token) -> bool:
        return any(other.live and other.role_id == token.role_id for other in self._namesakes(token))

    def is_login_of(self, group: LoginGroup, token: Token) -> bool:
        """By name, user and role; where a row lacks its role (netsuite-2.md 5), the name must be the token's alone."""
        if (group.token_name, group.user_id) != (token.name, token.owner_id):
            return False
        return group.role_id == token.role_id or (not group.role_id and not self._shares_its_name(token))

    def _is_surely_of(self, token: Token, instant: datetime) -> bool:
        """Whether a login under the token's name at this time cannot be one of an older token of that name."""
        if token.created is None or not self._shares_its_name(token):
            return True
        return instant >= token.created + _FARTHEST_ZONES

    def _shares_its_name(self, token: Token) -> bool:
        return any(self._namesakes(token))

    def _namesakes(self, token: Token) -> Iterator[Token]:
        """The other tokens of the same owner and name."""
        return (other for other in self._by_owner_and_name[token.owner_id, token.name] if other.id != token.id)

    @cached_property
    def _by_owner_and_name(self) -> Mapping[tuple[str, str], Sequence[Token]]:
        found: dict[tuple[str, str], list[Token]] = {}
        for token in self.tokens:
            found.setdefault((token.owner_id, token.name), []).append(token)
        return defaultdict(tuple, found)


def evidence_of(application: str, directory: Directory) -> Evidence:
    """What an account shows of an application; its record only where that is the only one of its name."""
    tokens, logins = directory.tokens(application), directory.logins(application)
    return Evidence(directory.live, directory.record(application), tokens, logins)


def _latest(groups: Iterable[LoginGroup]) -> LoginGroup | None:
    return max(
        groups,
        key=lambda group: (group.last, group.user_id, group.role_id, group.token_name, group.detail),
        default=None,
    )


def shown(instant: datetime) -> str:
    """An instant as people read it."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def to_the_second(instant: datetime) -> str:
    """An instant of UTC as journals and records tell it."""
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def length_shown(length: timedelta) -> str:
    """A duration as it is written in a file: the largest unit that divides it."""
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size * (2 if unit == "d" else 1) and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
