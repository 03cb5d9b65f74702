"""Who is really at work for each integration: a verdict from logins and orders, and one sentence that says it.

A login is what proves that a token is in use. The author of an order confirms it or contradicts it: an order that was
typed in by hand proves nothing, for the owner of a token may do that as well.
"""

from datetime import timedelta

from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import in_order
from reconciler.core.directory import Directory
from reconciler.core.findings import gap_diagnostics
from reconciler.core.live import Gapped, LiveState, Token
from reconciler.core.plan import read_as
from reconciler.core.resolve import resolve
from reconciler.core.signals import days, refusals
from reconciler.core.traffic import Traffic
from reconciler.core.verdict import Plannable, Verdict, verdict_of
from reconciler.core.verification import TokenSeen, Verification, Verified
from reconciler.core.work import Work


def days_of(looked_back: timedelta) -> int:
    """Whole days that hold so much time, for queries that count in days."""
    return -(-looked_back // timedelta(days=1))


def verify(desired: DesiredState, live: LiveState, traffic: Traffic, looked_back: timedelta) -> Verification:
    """Judge every integration of a file. Pure.

    Args:
        desired: the file.
        live: the account, read within `scope_of(desired)`.
        traffic: orders of at least that time.
        looked_back: how far back the signals are shown and a login counts as traffic.
    """
    directory = Directory(live)
    resolved, problems = resolve(desired, directory)
    planned = {one.desired.key for one in resolved}
    gaps = (*live.gaps, *traffic.gaps)
    return Verification(
        environment=desired.environment,
        account=desired.account,
        emulator=desired.emulator,
        read_as=read_as(live),
        read_at=live.read_at,
        looked_back=looked_back,
        clock=traffic.clock,
        complete=not any(gap.what is not Gapped.IDENTITY for gap in gaps),
        integrations=tuple(
            _verified(work, verdict_of(work, Plannable(desired.environment, work.desired.key in planned)))
            for work in (Work(one, directory, traffic, looked_back) for one in desired.integrations)
        ),
        diagnostics=in_order([*problems, *gap_diagnostics(live, traffic.gaps)]),
    )


def _verified(work: Work, verdict: Verdict) -> Verified:
    live, newest = work.live, work.newest
    recent = [group for group in work.logins if group.last >= work.begin]
    orders = [group for group in work.orders() if group.last >= work.begin]
    ids = (work.owner.id if work.owner else None, work.role.id if work.role else None)
    return Verified(
        address=work.desired.address,
        position=work.desired.at("owner"),
        application=work.desired.application,
        owner=str(work.desired.owner),
        role=work.desired.token_role,
        standing=verdict.standing,
        sentence=verdict.sentence,
        hint=verdict.hint,
        at_work=live.person(newest.user_id) if newest else None,
        since=work.since,
        last=newest.last if newest else None,
        silence=work.silence,
        tokens=tuple(_token(live, token, *ids) for token in work.tokens if not token.revoked),
        days=days(live, recent, orders, *ids),
        refusals=refusals(live, work.tokens, recent, newest),
        others=tuple(work.others),
        depends=tuple(work.depends()),
    )


def _token(live: LiveState, token: Token, owner_id: str | None, role_id: str | None) -> TokenSeen:
    return TokenSeen(
        name=token.name,
        owner=live.person(token.owner_id),
        role=live.role_name(token.role_id),
        created=token.created,
        active=token.live,
        is_declared=(token.owner_id, token.role_id) == (owner_id, role_id),
    )
