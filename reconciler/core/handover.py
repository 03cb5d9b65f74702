"""One integration: what differs, and the operations that lead from live to desired without taking a token away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from reconciler.core.change import Action, Change, HeldRole, Reason, RecordState, TokenHolder
from reconciler.core.desired import quoted
from reconciler.core.diagnostics import Position
from reconciler.core.evidence import Evidence, Proof, Use, shown
from reconciler.core.live import Gapped, IntegrationState, LiveState, Role, Token
from reconciler.core.resolve import Resolved
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

_NOT_ENABLED = {IntegrationState.BLOCKED, IntegrationState.WAITING_FOR_APPROVAL}


@dataclass(frozen=True, slots=True)
class Handover:
    """The facts of one integration, judged once.

    Args:
        resolved: the integration and what it names.
        live: the account.
        evidence: the audit trail and tokens of its application.
        keep: the token that shall stay, if there is one: live, of the right owner and role, and not too old.
        proof: what is proven about `keep`.
        others: every other token of the application that is not revoked.
    """

    resolved: Resolved
    live: LiveState
    evidence: Evidence
    keep: Token | None
    proof: Proof
    others: tuple[Token, ...]

    @property
    def address(self) -> str:
        return f"{self.resolved.desired.address}.token"

    @property
    def tokens_known(self) -> bool:
        return not self.live.unread(Gapped.TOKENS)

    @property
    def logins_known(self) -> bool:
        return not self.live.unread(Gapped.LOGINS)

    @property
    def in_charge(self) -> bool:
        """The token that shall stay is proven to be the one in use, and would pass the login check now."""
        return self.keep is not None and self.proof.use is Use.PROVEN and self.evidence.can_log_in(self.keep)

    @property
    def decidable(self) -> bool:
        """Whether the facts that were read are enough to say if the token is as desired."""
        return self.tokens_known and (self.keep is None or self.logins_known)

    @property
    def token_differs(self) -> bool:
        return self.decidable and (self.keep is None or self.proof.use is not Use.PROVEN)

    @property
    def removes(self) -> bool:
        """Whether tokens may be planned away at all; what rests on a gap is not planned."""
        return self.tokens_known and self.logins_known

    @property
    def surplus(self) -> tuple[Token, ...]:
        """The tokens that have to go, as far as the audit trail can tell which of them are used."""
        twins = self.evidence.indistinguishable()
        if not self.removes or (self.keep is not None and self.keep.id in twins):
            return ()
        return tuple(token for token in self.others if token.id not in twins)


def handover(resolved: Resolved, live: LiveState) -> Handover:
    """Judge the facts of one integration."""
    evidence = Evidence(live, resolved.record, resolved.tokens, resolved.logins)
    proofs = {token.id: evidence.proof(token) for token in resolved.tokens if _is_wanted(token, resolved, live)}
    wanted = [token for token in resolved.tokens if token.id in proofs]
    keep = max(wanted, key=lambda token: _preference(token, proofs[token.id]), default=None)
    return Handover(
        resolved=resolved,
        live=live,
        evidence=evidence,
        keep=keep,
        proof=proofs[keep.id] if keep else Proof(Use.UNUSED, None, None),
        others=tuple(token for token in resolved.tokens if not token.revoked and token != keep),
    )


def _is_wanted(token: Token, resolved: Resolved, live: LiveState) -> bool:
    return (
        token.live
        and token.owner_id == resolved.owner.id
        and token.role_id == resolved.token_role.id
        and not _is_too_old(token, resolved, live)
    )


def _is_too_old(token: Token, resolved: Resolved, live: LiveState) -> bool:
    not_before = due(resolved, live)
    return not_before is not None and token.created is not None and token.created.date() < not_before


def due(resolved: Resolved, live: LiveState) -> date | None:
    """The day before which no token may have been made; a day that is still to come asks for nothing yet."""
    not_before = resolved.desired.token_not_before
    return not_before if not_before is not None and not_before <= live.read_at.date() else None


def _preference(token: Token, proof: Proof) -> tuple[float, float, int, str]:
    """The one in use wins, then the youngest; a token somebody made again after losing a secret is the younger one."""
    return (
        proof.last.timestamp() if proof.last else 0.0,
        token.created.timestamp() if token.created else 0.0,
        len(token.id),
        token.id,
    )


def changes(judged: Handover) -> Iterator[Change]:
    """What differs for this integration, apart from roles of previous owners."""
    yield from _state_change(judged)
    yield from _token_changes(judged)
    yield from _role_changes(judged)


def _state_change(judged: Handover) -> Iterator[Change]:
    record = judged.resolved.record
    if record is not None and record.state in _NOT_ENABLED:
        yield Change(
            f"{judged.resolved.desired.address}.state",
            Action.UPDATE,
            RecordState(record.state),
            RecordState(IntegrationState.ENABLED),
            Reason.INTEGRATION_NOT_ENABLED,
            judged.resolved.desired.at("application"),
        )


def _token_changes(judged: Handover) -> Iterator[Change]:
    before = _replaced_token(judged) if judged.token_differs else None
    if judged.token_differs:
        yield _change_of_token(judged, before)
    for token in judged.surplus:
        if token != before:
            yield _change_of_other_token(judged, token)


def _replaced_token(judged: Handover) -> Token | None:
    """The token that the new one takes over from: the one in use, else the live one used last, else any other."""
    if not judged.removes and judged.keep is not None:
        return None
    working = judged.evidence.working_token()
    if working in judged.others:
        return working

    def rank(token: Token) -> tuple[bool, float, int, str]:
        sign = judged.evidence.last_sign_of(token)
        return token.live, sign.timestamp() if sign else 0.0, len(token.id), token.id

    return max(judged.others, key=rank, default=None)


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
    if _is_too_old(before, judged.resolved, judged.live):
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
    for role, position, for_token in _roles_of_owner(judged):
        if judged.live.holds(judged.resolved.owner.id, role.id):
            continue
        if for_token:
            after, reason = HeldRole(role.name, f"for {desired.key}"), Reason.TOKEN_ROLE_MISSING
        else:
            after, reason = HeldRole(role.name, f"required by {desired.key}"), Reason.REQUIRED_ROLE_MISSING
        yield Change(address, Action.CREATE, None, after, reason, position)


def address_of_roles(label: str) -> str:
    return f"employees.{quoted(label)}.roles"


def _roles_of_owner(judged: Handover) -> Iterator[tuple[Role, Position, bool]]:
    resolved = judged.resolved
    yield resolved.token_role, resolved.desired.at("token_role"), True
    for role, position in resolved.required:
        if role.id != resolved.token_role.id:
            yield role, position, False


def items(judged: Handover, names_in_use: frozenset[str]) -> Iterator[Item]:
    """The operations of this integration with what the facts say of each; the order is made elsewhere.

    Args:
        judged: the facts.
        names_in_use: token names that the application has ever had.
    """
    resolved, address = judged.resolved, judged.address
    if resolved.record is not None and resolved.record.state in _NOT_ENABLED:
        yield Item(EnableIntegration(resolved.desired.application), f"{resolved.desired.address}.state")
    for role, _, for_token in _roles_of_owner(judged):
        held = judged.live.holds(resolved.owner.id, role.id)
        if not held or (for_token and judged.token_differs):
            yield Item(GrantRole(resolved.owner, role, for_token), address_of_roles(resolved.owner.label), done=held)
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
    replaced = _replaced_token(judged)
    operation = EnterCredentials(
        resolved.desired.application,
        resolved.owner,
        resolved.token_role,
        keep,
        spare_name,
        replaced if replaced is not None and judged.evidence.can_log_in(replaced) else None,
    )
    hold = None if judged.logins_known else "cannot be seen: the login audit trail could not be read"
    tried = judged.proof.use is Use.TRIED
    return Item(operation, judged.address, waits=tried, hold=hold, note=_progress(judged))


def _progress(judged: Handover) -> str | None:
    """How far the new token has got."""
    proof, keep = judged.proof, judged.keep
    if keep is None:
        return None
    if proof.use is Use.UNUSED:
        age = f"was created on {shown(keep.created)}" if keep.created else "exists"
        return f'token "{keep.name}" {age} and nobody has used it yet'
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
    if judged.live.unread(Gapped.AUDIT_CLOCK):
        hold = "cannot be judged: the zone of the login audit trail is not known"
        return Item(operation, judged.address, hold=hold)
    sign = judged.evidence.last_sign_of(token)
    heard = f"last heard of at {shown(sign)}" if sign else "never heard of"
    first = f", first login with the new one at {shown(judged.proof.first)}" if judged.proof.first else ""
    note = f"{heard}{first}; over at {shown(until)}" if judged.in_charge else None
    done = judged.in_charge and judged.live.read_at >= until
    return Item(operation, judged.address, done=done, waits=True, note=note)


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
    if judged.live.unread(Gapped.AUDIT_CLOCK):
        return "cannot be judged: the zone of the login audit trail is not known"
    last = judged.proof.last
    if not judged.evidence.could_log_in(token):
        sign = judged.evidence.last_sign_of(token)
        if last is not None and (sign is None or last > sign):
            return None
        return "waits for a login of the application after the last attempt with the old token"
    if last is None:
        return "waits for a login of the application with the token that shall stay"
    if judged.live.read_at < until:
        return f"the old token has to be silent until {shown(until)}"
    if last <= until:
        return f"waits for a login of the application after {shown(until)}"
    return None
