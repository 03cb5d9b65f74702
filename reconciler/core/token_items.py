"""The operations that lead one integration from live to desired, with what the facts say of each."""

from collections.abc import Iterator
from datetime import datetime

from reconciler.core.evidence import Use, shown
from reconciler.core.handover import (
    Handover,
    address_of_roles,
    due,
    replaced_token,
    roles_of_owner,
)
from reconciler.core.live import NOT_ENABLED, Gapped, Token
from reconciler.core.step import (
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GrantRole,
    Item,
    QuietPeriod,
    RevokeToken,
)


def items(judged: Handover, names_in_use: frozenset[str]) -> Iterator[Item]:
    """The operations of this integration with what the facts say of each; the order is made elsewhere.

    Args:
        judged: the facts.
        names_in_use: token names that the application has ever had.
    """
    resolved, address = judged.resolved, judged.address
    if resolved.record is not None and resolved.record.state in NOT_ENABLED:
        yield Item(EnableIntegration(resolved.desired.application), f"{resolved.desired.address}.state")
    for role, _, for_token in roles_of_owner(judged):
        held = judged.live.holds(resolved.owner.id, role.id)
        if not held or (for_token and judged.token_differs):
            yield Item(
                GrantRole(resolved.owner, role, for_token, (resolved.desired.application,)),
                address_of_roles(resolved.owner.label),
                done=held,
            )
    if judged.token_differs:
        name = free_token_name(judged, names_in_use)
        yield Item(
            CreateToken(
                resolved.desired.application, resolved.owner, resolved.token_role, name, due(resolved, judged.live)
            ),
            address,
            done=judged.keep is not None,
        )
        yield _enter_credentials(judged, name)
    for token in judged.surplus:
        yield from _retire_token(judged, token)


def free_token_name(judged: Handover, names_in_use: frozenset[str]) -> str:
    """A token name that no row of the application has, so that its logins can be told from all others.

    The audit trail knows a token by its name alone (netsuite-2.md 5). The name is the same in every run until somebody
    uses it.
    """
    person = judged.resolved.owner.entity_id or judged.resolved.owner.label
    number = 1
    while (name := f"{judged.resolved.desired.application} - {person} #{number}") in names_in_use:
        number += 1
    return name


def _enter_credentials(judged: Handover, spare_name: str) -> Item:
    resolved, keep = judged.resolved, judged.keep
    replaced = replaced_token(judged)
    operation = EnterCredentials(
        resolved.desired.application,
        resolved.owner,
        resolved.token_role,
        keep,
        spare_name,
        replaced if replaced is not None and judged.evidence.can_log_in(replaced) else None,
    )
    hold = None if judged.logins_known else "cannot be seen: the login audit trail could not be read"
    waits = judged.proof.use is Use.TRIED and _refused_since(judged) is None
    return Item(operation, judged.address, waits=waits, hold=hold, note=_progress(judged))


def _refused_since(judged: Handover) -> datetime | None:
    """When a login was last refused since the newest one with the token that shall stay: something else was entered."""
    failure, last = judged.evidence.newest_failure(), judged.proof.last
    return failure.last if failure is not None and last is not None and failure.last >= last else None


def _progress(judged: Handover) -> str | None:
    """How far the new token has got."""
    proof, keep = judged.proof, judged.keep
    if keep is None:
        return None
    if proof.use is Use.UNUSED:
        age = f"was created on {shown(keep.created)}" if keep.created else "exists"
        return f'token "{keep.name}" {age} and nobody has used it yet'
    if proof.use is Use.TRIED and (refused := _refused_since(judged)):
        return f"one login was seen, and since then logins are refused, last at {shown(refused)}: enter it again"
    if proof.use is Use.TRIED and proof.last:
        return f"one login was seen at {shown(proof.last)}, which may have been the form's test; waits for another"
    if proof.use is Use.OVERTAKEN and (other := judged.evidence.newest_success_without(keep)):
        by = f"as {judged.live.person(other.user_id)}"
        if other.user_id == keep.owner_id:
            by = (
                f'with another token of the same person, "{other.token_name}" ({judged.live.role_name(other.role_id)}),'
            )
        return f"the application last logged in {by} at {shown(other.last)}"
    return None


def _retire_token(judged: Handover, token: Token) -> Iterator[Item]:
    application = judged.resolved.desired.application
    hold = _why_not_touched(judged)
    until = judged.evidence.quiet_until(token, judged.proof, judged.resolved.desired.quiet_period)
    if token.live:
        if judged.evidence.can_log_in(token):
            yield _quiet_period(judged, token, until)
        yield Item(DeactivateToken(application, token), judged.address, hold=hold)
        yield Item(RevokeToken(application, token), judged.address, hold=hold)
    else:
        hold = hold or _why_not_revoked(judged, token, until)
        yield Item(RevokeToken(application, token), judged.address, hold=hold)


def _quiet_period(judged: Handover, token: Token, until: datetime) -> Item:
    length = judged.resolved.desired.quiet_period
    operation = QuietPeriod(judged.resolved.desired.application, token, length)
    if hold := _why_silence_is_unknown(judged):
        return Item(operation, judged.address, hold=hold)
    sign = judged.evidence.last_sign_of(token)
    heard = f"last heard of at {shown(sign)}" if sign else "never heard of"
    first = f", first login with the new one at {shown(judged.proof.first)}" if judged.proof.first else ""
    note = f"{heard}{first}; over at {shown(until)}" if judged.in_charge else None
    done = judged.in_charge and judged.live.read_at >= until
    return Item(operation, judged.address, done=done, waits=True, note=note)


def _why_silence_is_unknown(judged: Handover) -> str | None:
    """Why nobody can tell how long a token was silent; rows that NetSuite hides are missing without an error."""
    if judged.live.unread(Gapped.AUDIT_CLOCK):
        return "cannot be judged: the zone of the login audit trail is not known"
    if judged.live.unread(Gapped.PERMISSIONS):
        return "cannot be judged: whether the login audit trail shows all its rows is not known"
    return None


def _why_not_touched(judged: Handover) -> str | None:
    if judged.keep is not None and not judged.evidence.can_log_in(judged.keep):
        return "the token that shall stay cannot log in yet"
    return None


def _why_not_revoked(judged: Handover, token: Token, until: datetime) -> str | None:
    """Why an inactive token may not be revoked yet.

    NetSuite does not tell when a token was made inactive, so "a login since then" is judged from what it does tell:
    the token was silent for the whole quiet period, refused attempts included, and the application has logged in with
    the other token after that.
    """
    if unknown := _why_silence_is_unknown(judged):
        return unknown
    last, application = judged.proof.last, judged.resolved.desired.application
    if not judged.evidence.could_log_in(token):
        sign = judged.evidence.last_sign_of(token)
        if last is not None and (sign is None or last > sign):
            return None
        return f"waits for the next login of {application}; none was seen since the last attempt with the old token"
    if last is None:
        return f"waits for a login of {application} with the token that shall stay"
    if judged.live.read_at < until:
        return f"the old token has to be silent until {shown(until)}"
    if last <= until:
        return f"waits for the next login of {application}; none was seen since {shown(until)}"
    return None
