"""What a reader of the plan should know before the steps: outages, silence, doubts, gaps."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.evidence import length_shown, shown
from reconciler.core.handover import Handover
from reconciler.core.live import Gap, Gapped, LiveState
from reconciler.core.outage import outage
from reconciler.core.search import UNDECIDED
from reconciler.core.tolerances import CLOCKS_AGREE

NOT_SEEN = "not-seen"
"""The rule of the warning that an application has not logged in for longer than its file declares."""


def findings(judged: Handover) -> Iterator[Diagnostic]:
    """Everything worth knowing about one integration, apart from what its changes say."""
    if not judged.live.looks_refreshed:
        # In a sandbox that was just refreshed nothing can log in, and the trail is that of production.
        yield from outage(judged.resolved.desired, judged.evidence)
        yield from _silence(judged)
    yield from _doubts(judged)
    yield from _turns(judged)
    yield from _other_holders(judged)
    yield from _undecided(judged)


def _finding(
    judged: Handover, severity: Severity, rule: str, summary: str, detail: str, hint: str | None, *keys: str
) -> Diagnostic:
    desired = judged.resolved.desired
    return Diagnostic(severity, rule, summary, detail, desired.address, desired.at(*keys), hint)


def _silence(judged: Handover) -> Iterator[Diagnostic]:
    limit, newest = judged.resolved.desired.seen_within, judged.evidence.newest_success()
    if limit is None or not judged.logins_known or judged.live.unread(Gapped.AUDIT_CLOCK):
        return
    if newest is None or judged.live.read_at - newest.last > limit:
        last = f"at {shown(newest.last)}" if newest else "never, as far as the audit trail reaches"
        yield _finding(
            judged,
            Severity.WARNING,
            NOT_SEEN,
            "No recent login",
            f"{judged.resolved.desired.application} last logged in {last}; "
            f"it is declared to be seen within {length_shown(limit)}.",
            None,
            "seen_within",
        )


def _doubts(judged: Handover) -> Iterator[Diagnostic]:
    doubtful = sorted(judged.evidence.indistinguishable())
    if doubtful:
        yield _finding(
            judged,
            Severity.WARNING,
            "cannot-tell-apart",
            "Tokens cannot be told apart",
            f"Live tokens {', '.join(doubtful)} of {judged.resolved.desired.application} have the same owner, role and "
            "name. The audit trail knows tokens by name alone, so nothing is taken away.",
            "make those that nobody uses inactive by hand, one after the other, and watch the logins",
            "application",
        )


_LATELY = timedelta(days=7)


def _turns(judged: Handover) -> Iterator[Diagnostic]:
    """Two tokens of the application logged in by turns, so something else logs in with it too."""
    keep, live = judged.keep, judged.live
    other = judged.evidence.newest_success_without(keep) if keep is not None else None
    if keep is None or other is None or not (judged.logins_known and judged.tokens_known):
        return
    one = _lately(judged, keep.name, keep.owner_id, keep.role_id)
    two = _lately(judged, other.token_name, other.user_id, other.role_id)
    if not (_among(one, two) and _among(two, one)):
        return
    yield _finding(
        judged,
        Severity.WARNING,
        "used-by-turns",
        "Two tokens are in use by turns",
        f'{judged.resolved.desired.application} logs in with "{keep.name}" ({live.person(keep.owner_id)}, '
        f'{live.role_name(keep.role_id)}, last at {shown(max(one))}) and, between that, with "{other.token_name}" '
        f"({live.person(other.user_id)}, {live.role_name(other.role_id)}, last at {shown(max(two))}). So something "
        "else uses the application as well, and would stop when its token is taken away.",
        "give the other use an integration record and a token of its own first",
        "application",
    )


def _lately(judged: Handover, name: str, user: str, role: str) -> list[datetime]:
    return [
        instant
        for group in judged.evidence.logins
        if group.success and (group.token_name, group.user_id, group.role_id) == (name, user, role)
        for instant in (group.first, group.last)
        if judged.live.read_at - instant < _LATELY
    ]


def _among(some: list[datetime], others: list[datetime]) -> bool:
    return bool(others) and any(min(others) < one < max(others) for one in some)


_CONSEQUENCE = {
    Gapped.EMPLOYEES: "Without employees nothing can be planned.",
    Gapped.ROLES: "Without roles nothing can be planned.",
    Gapped.GRANTS: "Without knowing who holds which role nothing can be planned.",
    Gapped.TOKENS: "Whether a token is missing or has to go is not planned; roles that are missing are.",
    Gapped.INTEGRATIONS: "Whether an integration is blocked is not known.",
    Gapped.LOGINS: "Which token is in use is not known, so nothing is taken away.",
    Gapped.AUDIT_CLOCK: "How long a token has been silent is not known, so none that could still log in is taken away.",
    Gapped.IDENTITY: "Whether a removal would hit the login of this tool is not known, unless acts_as says who it is.",
    Gapped.PERMISSIONS: "Rows that NetSuite hides from this login would not be noticed, so silence proves nothing.",
    Gapped.ORDERS: "Who creates orders is not known.",
    Gapped.NOTES: "Whether an order came from the integration or was typed in by the same person is not known.",
}


def gap_diagnostics(live: LiveState, more: Sequence[Gap] = ()) -> Iterator[Diagnostic]:
    """What is to be said of the account as a whole: each thing that could not be read, a wrong clock, a refresh.

    Args:
        live: the account.
        more: gaps of what was read beside it.
    """
    for hint, gaps in _by_remedy((*live.gaps, *more)).items():
        detail = _told_once(gaps)
        yield Diagnostic(Severity.WARNING, "gap", "Something could not be read", detail, None, None, hint)
    if live.clock_ahead is not None and abs(live.clock_ahead) > CLOCKS_AGREE:
        seconds = round(abs(live.clock_ahead).total_seconds())
        detail = (
            f"This machine's clock and NetSuite's are {seconds} seconds apart. Beyond 5 minutes NetSuite refuses every "
            "login that is signed here, and says only that the login is invalid."
        )
        hint = "set this machine's clock, best by a time service"
        yield Diagnostic(Severity.WARNING, "clock-differs", "Clocks differ", detail, None, None, hint)
    if live.looks_refreshed:
        yield Diagnostic(
            Severity.WARNING,
            "sandbox-refreshed",
            "All tokens are gone",
            f"Sandbox {live.account} has no token of any application, apart from this tool's own, as after a refresh: "
            "tokens are never copied from production. The steps of this plan make the declared ones again.",
            None,
            None,
            "applications that no file declares need new tokens as well",
        )


def _by_remedy(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    """What one remedy helps against is told once."""
    found: dict[str, list[Gap]] = {}
    for gap in sorted(gaps):
        found.setdefault(gap.hint, []).append(gap)
    return found


_MOST_DETAILS = 2


def _told_once(gaps: Sequence[Gap]) -> str:
    """What happened to a few of them, and what follows from all: one cause often hits every read alike."""
    details = list(dict.fromkeys(gap.detail.rstrip(".") for gap in gaps))
    more = f" The same goes for {len(details) - _MOST_DETAILS} more reads." if len(details) > _MOST_DETAILS else ""
    told = ". ".join(details[:_MOST_DETAILS])
    return f"{told}.{more} {' '.join(dict.fromkeys(_CONSEQUENCE[gap.what] for gap in gaps))}"


_MOST_NAMES = 5


def _other_holders(judged: Handover) -> Iterator[Diagnostic]:
    """Who holds the role of the token without being its owner, a standby, or an owner or user of a token of it."""
    resolved, live = judged.resolved, judged.live
    if live.unread(Gapped.TOKENS, Gapped.LOGINS):
        return
    role = resolved.token_role
    known = {resolved.owner.id, *(person.id for person in resolved.standby)}
    known |= {group.user_id for group in resolved.logins}
    holders = live.holders_without_token.get(role.id, {})
    count = len(holders) - sum(person in holders for person in known)
    if count:
        names = islice((name for holder, name in holders.items() if holder not in known), _MOST_NAMES)
        more = f" and {count - _MOST_NAMES} more" if count > _MOST_NAMES else ""
        yield _finding(
            judged,
            Severity.INFO,
            "other-holders",
            "Others hold the role of the token",
            f"{', '.join(names)}{more}: without a token of their own with {role.name}, and left alone.",
            "list whoever may hold it under standby, or take the role away by hand",
            "token_role",
        )


def _undecided(judged: Handover) -> Iterator[Diagnostic]:
    """An error when a gap forbids to say whether this integration is as desired."""
    if not judged.decidable:
        missing = Gapped.LOGINS if judged.tokens_known else Gapped.TOKENS
        hints = [gap.hint for gap in judged.live.gaps if gap.what is missing]
        yield _finding(
            judged,
            Severity.ERROR,
            UNDECIDED,
            "Cannot say whether this is as desired",
            f"The {missing} could not be read, so nothing is planned for the token of "
            f"{judged.resolved.desired.application}.",
            hints[0] if hints else None,
            "owner",
        )
