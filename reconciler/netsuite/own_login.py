"""Recognising one's own login in the audit trail: who one is, and on which clock the trail runs (netsuite-2.md 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.live import Gap, Gapped, Identity
from reconciler.netsuite.audit_clock import AuditClock, calibrate
from reconciler.netsuite.reading import Reading
from reconciler.netsuite.rows import OwnLogin

_LATER = "Rows may appear late in the trail: run again in a few minutes."
_NOT_SHOWN = "The login audit trail does not show the login of this run."
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


def recognise(own: Reading[OwnLogin], first_answer: datetime, said: Identity | None = None) -> Own:
    """Identity and clock from a client's own rows and the server's time at its first request.

    Args:
        own: the rows.
        first_answer: the server's time then.
        said: who the login itself says it is, which an access token does (netsuite.md 4.1).
    """
    clock, clock_gaps = _clock(own, first_answer)
    identity, identity_gaps = _identity(own, said)
    return Own(identity, clock, (*identity_gaps, *clock_gaps))


def _identity(own: Reading[OwnLogin], said: Identity | None) -> tuple[Identity | None, tuple[Gap, ...]]:
    """One's own identity; where access token and trail differ, neither is believed."""
    shown = {Identity(login.user_id, login.role_id) for login in own.facts if login.user_id and login.role_id}
    if said is not None:
        if shown <= {said}:
            return said, ()
        others = " and ".join(_told(each) for each in sorted(shown - {said}))
        detail = f"The access token says that this run is {_told(said)}, and the login audit trail {others}."
        return None, (Gap(Gapped.IDENTITY, detail, _LOOK),)
    if own.gaps:
        return None, own.gaps[:1]
    if not own.facts:
        return None, (Gap(Gapped.IDENTITY, _NOT_SHOWN, _LATER),)
    identity = identity_in(own.facts)
    if identity is None:
        detail = "The login audit trail does not say as which employee and role this run logged in."
        return None, (Gap(Gapped.IDENTITY, detail, _LOOK),)
    return identity, ()


def _clock(own: Reading[OwnLogin], first_answer: datetime) -> tuple[AuditClock, tuple[Gap, ...]]:
    if own.gaps:
        unread = own.gaps[0]
        return AuditClock(), (Gap(Gapped.AUDIT_CLOCK, unread.detail, unread.hint),)
    if not own.facts:
        return AuditClock(), (Gap(Gapped.AUDIT_CLOCK, _NOT_SHOWN, _LATER),)
    clock = calibrate(min(login.first for login in own.facts), first_answer)
    if not clock.calibrated:
        detail = "The login of this run stands in the login audit trail at a time that fits no time zone."
        return clock, (Gap(Gapped.AUDIT_CLOCK, detail, _LOOK),)
    return clock, ()


def _told(identity: Identity) -> str:
    return f"employee {identity.employee_id} in role {identity.role_id}"
