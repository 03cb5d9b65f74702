"""What is found out about who is at work, for those who show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.core.dependents import Dependent
from reconciler.core.diagnostics import Diagnostic, Position
from reconciler.core.plan import ReadAs
from reconciler.core.signals import Day, Refusals
from reconciler.core.silence import Silence
from reconciler.core.standing import Standing

REACH = timedelta(days=400)
"""As far as the reader looks back at logins."""


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """A token that is not revoked, and whether it is the declared owner's in the declared role."""

    name: str
    owner: str
    role: str
    created: datetime | None
    active: bool
    is_declared: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """One integration.

    Args:
        address: its address in the file.
        position: where it is declared.
        application: the name of its integration record.
        owner: the declared owner, as the file names them.
        role: the declared role of the token.
        standing: what is proven.
        sentence: the same for people.
        hint: what to do, where something is to be done.
        at_work: who logged in last; None without a login.
        since: the first login of that person since anybody else's (UTC), as far as the trail tells.
        last: the last login (UTC).
        silence: the longest silence of the last 90 days.
        tokens: the tokens of the application that are not revoked.
        days: the signals within the time that was asked for.
        refusals: what was refused within that time.
        others: when everybody else last logged in for it.
        depends: live tokens of other applications that whoever is at work, or was, owns as well.
    """

    address: str
    position: Position
    application: str
    owner: str
    role: str
    standing: Standing
    sentence: str
    hint: str | None
    at_work: str | None
    since: datetime | None
    last: datetime | None
    silence: Silence | None
    tokens: tuple[TokenSeen, ...]
    days: tuple[Day, ...]
    refusals: tuple[Refusals, ...]
    others: tuple[tuple[str, datetime], ...]
    depends: tuple[tuple[str, Dependent], ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found out about all integrations of one environment.

    `clock` is how far the clock that days are told by is ahead of UTC; None where that is not known. `complete` is
    False when something could not be read.
    """

    environment: str
    account: str
    emulator: bool
    read_as: ReadAs | None
    read_at: datetime
    looked_back: timedelta
    clock: timedelta | None
    complete: bool
    integrations: tuple[Verified, ...]
    diagnostics: tuple[Diagnostic, ...]
