"""One record of a handover for each integration: what the journal says we did, joined with what NetSuite recorded.

Nothing is guessed. What nobody records (who typed a token into the integration, who made another one inactive) is said
to be unrecorded, with the bounds that are known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.desired import DesiredIntegration, DesiredState
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.directory import Directory
from reconciler.core.evidence import Evidence, evidence_of
from reconciler.core.journal import Damage, Entry
from reconciler.core.live import LiveState, Token
from reconciler.core.plan import ReadAs
from reconciler.core.record_runs import ApprovalRecord, Lives, approvals, lives
from reconciler.core.record_steps import StepRecord, steps_of
from reconciler.core.signals import Made, made, relevant
from reconciler.core.standing import Standing
from reconciler.core.traffic import Traffic
from reconciler.core.verification import Verification, Verified


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """One token of the application, revoked ones included, with its whole life as far as NetSuite tells it.

    `created_by` is None where NetSuite does not say. `first` and `last` are its successful logins within the reach of
    the login audit trail; `refused` counts its refused ones, at least.
    """

    id: str
    name: str
    owner: str
    role: str
    state: str
    created: datetime | None
    created_by: str | None
    first: datetime | None
    last: datetime | None
    refused: int
    last_refused: datetime | None


@dataclass(frozen=True, slots=True)
class OrdersRecord:
    """Orders since the declared owner is at work, by author: whose name they carry as Set By."""

    author: str
    number: int
    last: datetime
    made: tuple[Made, ...]


@dataclass(frozen=True, slots=True)
class HandoverRecord:
    """One integration.

    `old_owners` are those who owned it before, the last one first, each with their last login (UTC) or None. `earlier`
    are applies to what the account does not hold any more; no step is told from them.
    """

    address: str
    application: str
    role: str
    new_owner: str
    old_owners: tuple[tuple[str, datetime | None], ...]
    standing: Standing
    sentence: str
    approvals: tuple[ApprovalRecord, ...]
    steps: tuple[StepRecord, ...]
    tokens: tuple[TokenRecord, ...]
    orders: tuple[OrdersRecord, ...]
    earlier: tuple[ApprovalRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoverRecords:
    """Those of one environment; `complete` is False when something could not be read, or a line is damaged."""

    environment: str
    account: str
    emulator: bool
    read_as: ReadAs | None
    read_at: datetime
    complete: bool
    records: tuple[HandoverRecord, ...]
    damage: tuple[Damage, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """All that is joined.

    Args:
        live: the account.
        traffic: its orders.
        makers: by the id of a token who made it.
        entries: the journal, oldest first.
        damage: the lines of it that cannot be trusted.
    """

    live: LiveState
    traffic: Traffic
    makers: Mapping[str, str]
    entries: Sequence[Entry]
    damage: Sequence[Damage] = ()


def handover_records(desired: DesiredState, recorded: Recorded, verified: Verification) -> HandoverRecords:
    """Join what is known of every integration of a file. Pure.

    Args:
        desired: the file.
        recorded: what was read.
        verified: the verdict on who is at work, from the same facts.
    """
    directory = Directory(recorded.live)
    parted = lives(recorded.entries, recorded.live.account, emulator=desired.emulator)
    verdicts = {one.address: one for one in verified.integrations}
    return HandoverRecords(
        environment=desired.environment,
        account=desired.account,
        emulator=desired.emulator,
        read_as=verified.read_as,
        read_at=recorded.live.read_at,
        complete=verified.complete and not recorded.damage,
        records=tuple(_record(one, directory, recorded, parted, verdicts[one.address]) for one in desired.integrations),
        damage=tuple(recorded.damage),
        diagnostics=verified.diagnostics,
    )


def _record(
    desired: DesiredIntegration, directory: Directory, recorded: Recorded, parted: Lives, verdict: Verified
) -> HandoverRecord:
    application = desired.application
    evidence = evidence_of(application, directory)
    owner, role = directory.person(desired.owner), directory.role(desired.token_role)
    owner_id = owner.id if owner else None
    tokens = tuple(_token(token, evidence, recorded.makers) for token in _oldest_first(evidence.tokens))
    people = {token.owner_id for token in evidence.tokens} | {group.user_id for group in evidence.logins}
    people |= {owner_id} if owner_id else set()
    needed = {one.id for name in (desired.token_role, *desired.required_roles) for one in directory.roles(name)}

    def about(entries: Iterable[Entry]) -> list[Entry]:
        return [one for one in entries if _is_about(one, application, evidence, people, needed)]

    entries = about(parted.current)
    return HandoverRecord(
        address=desired.address,
        application=application,
        role=desired.token_role,
        new_owner=owner.label if owner else str(desired.owner),
        old_owners=_old_owners(evidence, owner_id),
        standing=verdict.standing,
        sentence=verdict.sentence,
        approvals=approvals(entries, parted.current, parted.gone),
        steps=steps_of(entries, evidence, owner_id, recorded.makers),
        tokens=tokens,
        orders=tuple(_orders(recorded, verdict, people, role.id if role else None)),
        earlier=approvals(about(parted.earlier), parted.earlier, parted.gone),
    )


def _is_about(entry: Entry, application: str, evidence: Evidence, people: set[str], needed: set[str]) -> bool:
    """By what a step does, not by its address: an address may be renamed (design section 3)."""
    kind = entry.kind or ""
    subject, _, role_id = (entry.step or "").removeprefix(f"{kind}/").partition("/")
    match kind:
        case "create-token" | "enter-credentials" | "enable-integration":
            return (entry.step or "").removeprefix(f"{kind}/") == application
        case "quiet-period" | "deactivate-token" | "revoke-token":
            return any(token.id == subject for token in evidence.tokens)
        case "grant-role" | "remove-role":
            return subject in people and role_id in needed
    return False


def _oldest_first(tokens: Iterable[Token]) -> list[Token]:
    return sorted(tokens, key=lambda token: (len(token.id), token.id))


def _token(token: Token, evidence: Evidence, makers: Mapping[str, str]) -> TokenRecord:
    live = evidence.live
    own = [group for group in evidence.logins if evidence.is_login_of(group, token)]
    under_its_name = [group for group in evidence.logins if group.token_name == token.name and not group.success]
    refused = [group for group in under_its_name if group.user_id in {"", token.owner_id}]
    successes = [at for group in own if group.success for at in (group.first, group.last)]
    if token.created is not None:
        successes = [at for at in successes if at >= token.created]
    return TokenRecord(
        id=token.id,
        name=token.name,
        owner=live.person(token.owner_id),
        role=live.role_name(token.role_id),
        state="revoked" if token.revoked else "inactive" if token.inactive else "live",
        created=token.created,
        created_by=makers.get(token.id),
        first=min(successes, default=None),
        last=max(successes, default=None),
        refused=sum(group.least for group in refused),
        last_refused=max((group.last for group in refused), default=None),
    )


def _old_owners(evidence: Evidence, owner_id: str | None) -> tuple[tuple[str, datetime | None], ...]:
    last: dict[str, datetime | None] = {token.owner_id: None for token in evidence.tokens}
    for group in evidence.logins:
        before = last.get(group.user_id)
        if group.success:
            last[group.user_id] = max(group.last, before or group.last)
    found = [(evidence.live.person(who), at) for who, at in last.items() if who not in {owner_id, ""}]
    return tuple(sorted(found, key=lambda one: (-(one[1].timestamp() if one[1] else 0.0), one[0])))


def _orders(recorded: Recorded, verdict: Verified, people: set[str], role_id: str | None) -> Iterator[OrdersRecord]:
    since = verdict.since
    if since is None:
        return
    groups = [one for one in relevant(recorded.traffic.orders, frozenset(people - {""}), role_id) if one.last >= since]
    for author_id in sorted({group.author_id for group in groups}):
        own = [group for group in groups if group.author_id == author_id]
        yield OrdersRecord(
            author=recorded.live.person(author_id),
            number=sum(group.number for group in own),
            last=max(group.last for group in own),
            made=tuple(sorted({made(group, role_id) for group in own})),
        )
