"""What differs for one integration: its record, its tokens, the roles of its owner."""

from collections.abc import Iterator

from reconciler.core.change import Action, Change, HeldRole, Reason, RecordState, TokenHolder
from reconciler.core.handover import (
    Handover,
    address_of_roles,
    is_too_old,
    replaced_token,
    roles_of_owner,
)
from reconciler.core.live import NOT_ENABLED, IntegrationState, Token


def changes(judged: Handover) -> Iterator[Change]:
    """What differs for this integration, apart from roles of previous owners."""
    yield from _state_change(judged)
    yield from _token_changes(judged)
    yield from _role_changes(judged)


def _state_change(judged: Handover) -> Iterator[Change]:
    record = judged.resolved.record
    if record is not None and record.state in NOT_ENABLED:
        yield Change(
            f"{judged.resolved.desired.address}.state",
            Action.UPDATE,
            RecordState(record.state),
            RecordState(IntegrationState.ENABLED),
            Reason.INTEGRATION_NOT_ENABLED,
            judged.resolved.desired.at("application"),
        )


def _token_changes(judged: Handover) -> Iterator[Change]:
    before = replaced_token(judged) if judged.token_differs else None
    if judged.token_differs:
        yield _change_of_token(judged, before)
    for token in judged.surplus:
        if token != before:
            yield _change_of_other_token(judged, token)


def _change_of_token(judged: Handover, before: Token | None) -> Change:
    desired = judged.resolved.desired
    after = TokenHolder(
        judged.resolved.owner.label, judged.resolved.token_role.name, judged.keep.name if judged.keep else None
    )
    if before is None:
        action, reason, key = (
            (Action.CREATE, Reason.TOKEN_MISSING, "owner")
            if judged.keep is None
            else (Action.UPDATE, Reason.TOKEN_NOT_IN_USE, "owner")
        )
        side = None if judged.keep is None else after
        return Change(judged.address, action, side, after, reason, desired.at(key))
    reason, key = _why_replaced(judged, before)
    return Change(judged.address, Action.REPLACE, _holder(judged, before), after, reason, desired.at(key))


def _why_replaced(judged: Handover, before: Token) -> tuple[Reason, str]:
    if before.owner_id != judged.resolved.owner.id:
        return Reason.OWNER_DIFFERS, "owner"
    if before.role_id != judged.resolved.token_role.id:
        return Reason.ROLE_DIFFERS, "token_role"
    if is_too_old(before, judged.resolved, judged.live):
        return Reason.TOKEN_TOO_OLD, "token_not_before"
    return (Reason.TOKEN_MISSING if judged.keep is None else Reason.TOKEN_NOT_IN_USE), "owner"


def _holder(judged: Handover, token: Token) -> TokenHolder:
    return TokenHolder(judged.live.person(token.owner_id), judged.live.role_name(token.role_id), token.name)


def _change_of_other_token(judged: Handover, token: Token) -> Change:
    address = f"{judged.resolved.desired.address}.tokens.{token.id}"
    position = judged.resolved.desired.at("owner")
    return Change(address, Action.DELETE, _holder(judged, token), None, Reason.PREVIOUS_TOKEN, position)


def _role_changes(judged: Handover) -> Iterator[Change]:
    desired = judged.resolved.desired
    address = address_of_roles(judged.resolved.owner.label)
    for role, position, for_token in roles_of_owner(judged):
        if judged.live.holds(judged.resolved.owner.id, role.id):
            continue
        if for_token:
            after, reason = HeldRole(role.name, f"for {desired.key}"), Reason.TOKEN_ROLE_MISSING
        else:
            after, reason = HeldRole(role.name, f"required by {desired.key}"), Reason.REQUIRED_ROLE_MISSING
        yield Change(address, Action.CREATE, None, after, reason, position)
