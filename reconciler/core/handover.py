"""One integration, judged once from live facts: which token shall stay, what is proven of it, and which have to go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reconciler.core.desired import quoted
from reconciler.core.diagnostics import Position
from reconciler.core.evidence import Evidence, Proof, Use
from reconciler.core.live import Gapped, LiveState, Role, Token
from reconciler.core.resolve import Resolved


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
        and not is_too_old(token, resolved, live)
    )


def is_too_old(token: Token, resolved: Resolved, live: LiveState) -> bool:
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


def replaced_token(judged: Handover) -> Token | None:
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


def address_of_roles(label: str) -> str:
    return f"employees.{quoted(label)}.roles"


def roles_of_owner(judged: Handover) -> Iterator[tuple[Role, Position, bool]]:
    resolved = judged.resolved
    yield resolved.token_role, resolved.desired.at("token_role"), True
    for role, position in resolved.required:
        if role.id != resolved.token_role.id:
            yield role, position, False
