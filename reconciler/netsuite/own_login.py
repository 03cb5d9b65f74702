"""Recognising one's own login in the audit trail: who one is, and on which clock the trail runs (netsuite-2.md 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.live import Gap, Gapped, Identity
from reconciler.netsuite.audit_clock import AuditClock, calibrate
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.rows import OwnLogin

_LATER = "Rows may appear late in the trail: run again in a few minutes."
_LOOK = "Look at Setup > Users/Roles > View Login Audit Trail, filter User Agent: reconciler."


@dataclass(frozen=True, slots=True)
class Own:
    """What one's own rows tell; without them times are taken for UTC, and a gap says so."""

    identity: Identity | None
    clock: AuditClock
    gaps: tuple[Gap, ...]


def identity_in(logins: Sequence[OwnLogin]) -> Identity | None:
    """The one employee and role of these rows, or None when there is not exactly one."""
    found = {Identity(login.user_id, login.role_id) for login in logins if login.user_id and login.role_id}
    return found.pop() if len(found) == 1 else None


def recognise(own: Reading[OwnLogin], first_answer: datetime) -> Own:
    """Identity and clock from a client's own rows and the server's time at its first request."""
    if own.gaps:
        unread = own.gaps[0]
        return Own(None, AuditClock(), (unread, Gap(Gapped.AUDIT_CLOCK, unread.detail, unread.hint)))
    if not own.facts:
        detail = "The login audit trail does not show the login of this run."
        return Own(None, AuditClock(), tuple(Gap(what, detail, _LATER) for what in _BOTH))
    gaps: list[Gap] = []
    identity = identity_in(own.facts)
    if identity is None:
        detail = "The login audit trail does not say as which employee and role this run logged in."
        gaps.append(Gap(Gapped.IDENTITY, detail, _LOOK))
    clock = calibrate(min(login.first for login in own.facts), first_answer)
    if not clock.calibrated:
        detail = "The login of this run stands in the login audit trail at a time that fits no time zone."
        gaps.append(Gap(Gapped.AUDIT_CLOCK, detail, _LOOK))
    return Own(identity, clock, tuple(gaps))


_BOTH = (Gapped.IDENTITY, Gapped.AUDIT_CLOCK)
