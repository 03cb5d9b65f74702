"""Whether an application can log in now, and if not, what is known of why and what brings it back soonest."""

from collections.abc import Iterator
from typing import Final

from reconciler.core.desired import DesiredIntegration
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.evidence import Evidence, shown
from reconciler.core.live import Gapped, LiveState, LoginGroup, Token
from reconciler.core.refusal import Refusal, refusal

OUTAGE: Final = "outage"
"""The rule of an application without a token that would be accepted."""


def outage(desired: DesiredIntegration, evidence: Evidence) -> Iterator[Diagnostic]:
    """At most one warning: the application cannot log in, its logins are being refused, or its token has no name left.

    Args:
        desired: the integration, whether or not its owner and roles could be found.
        evidence: the tokens and the audit trail of its application.
    """
    live, newest = evidence.live, evidence.newest_success()
    failure = _failure_since(newest, evidence.newest_failure())
    if live.unread(Gapped.TOKENS, Gapped.LOGINS) or (newest is None and failure is None):
        return
    working = evidence.working_token()
    if working is not None:
        if failure is not None:
            yield _refused(desired, evidence, failure, working)
    elif newest is not None and failure is None and (renamed := _renamed(evidence, newest)):
        yield _unknown_name(desired, evidence, newest, renamed)
    else:
        yield _down(desired, evidence, newest, failure)


def _failure_since(newest: LoginGroup | None, failure: LoginGroup | None) -> LoginGroup | None:
    """Times are known to the second: a refusal in the same second as a success is taken to be the later one."""
    return failure if failure is not None and (newest is None or failure.last >= newest.last) else None


def _renamed(evidence: Evidence, newest: LoginGroup) -> Token | None:
    """A live token of the same owner and role, when no row has the name that the last login was made under."""
    if any(token.name == newest.token_name for token in evidence.tokens):
        return None
    return next(
        (
            token
            for token in evidence.tokens
            if token.owner_id == newest.user_id and newest.role_id in {"", token.role_id} and evidence.can_log_in(token)
        ),
        None,
    )


def _warning(desired: DesiredIntegration, rule: str, summary: str, detail: str, hint: str) -> Diagnostic:
    return Diagnostic(Severity.WARNING, rule, summary, detail, desired.address, desired.at("application"), hint)


def _down(
    desired: DesiredIntegration, evidence: Evidence, newest: LoginGroup | None, failure: LoginGroup | None
) -> Diagnostic:
    person = evidence.live.person(newest.user_id) if newest else ""
    if newest and newest.user_id and newest.user_id not in evidence.live.employees_by_id:
        person += " (deleted, or hidden from this role)"
    last = f"last logged in as {person} at {shown(newest.last)}" if newest else "never logged in"
    refused = f" Logins are refused, last at {shown(failure.last)}: {_reason(evidence, failure)}." if failure else ""
    asleep = _inactive_one(evidence, newest)
    soonest = (
        f'soonest: Setup > Users/Roles > Access Tokens > Edit beside "{asleep.name}" > clear the box Inactive > Save'
        if asleep
        else "the steps of the plan bring it back; an error that holds them up comes first"
    )
    return _warning(
        desired,
        OUTAGE,
        "The application cannot log in",
        f"{desired.application} {last}; no token that would still be accepted is known to be in use.{refused}",
        soonest,
    )


def _inactive_one(evidence: Evidence, newest: LoginGroup | None) -> Token | None:
    """The token of the last login, when nothing but its Inactive box keeps it from logging in."""
    if newest is None:
        return None
    fitting = (token for token in evidence.tokens if evidence.is_login_of(newest, token))
    return next(
        (token for token in fitting if token.inactive and not token.revoked and evidence.could_log_in(token)), None
    )


def _refused(desired: DesiredIntegration, evidence: Evidence, failure: LoginGroup, working: Token) -> Diagnostic:
    live, why = evidence.live, _why(evidence, failure)
    other = next(
        (token for token in evidence.tokens if token.name == failure.token_name and token.name != working.name), None
    )
    entered = (
        f' They are made with token "{other.name}" of {live.person(other.owner_id)}, which seems to be entered now.'
        if other
        else ""
    )
    return _warning(
        desired,
        "failing-logins",
        "Logins are being refused",
        f"{desired.application} has had refused logins since its last success, last at {shown(failure.last)}: "
        f"{why.told}: {why.todo}.{entered}",
        _what_to_enter(live, working, other),
    )


def _what_to_enter(live: LiveState, working: Token, other: Token | None) -> str:
    """The token that was meant, where one is entered that could be right; its secret is shown only once."""
    accepted = f'token "{working.name}" of {live.person(working.owner_id)} would be accepted'
    if other is None or not other.live:
        return f"{accepted}: enter it again where the application keeps its credentials"
    return (
        f'enter token "{other.name}" again where the application keeps its credentials, both values; if its secret is '
        f"lost, make another token. Meanwhile {accepted}"
    )


def _unknown_name(desired: DesiredIntegration, evidence: Evidence, newest: LoginGroup, token: Token) -> Diagnostic:
    person = evidence.live.person(newest.user_id)
    return _warning(
        desired,
        "unknown-token-name",
        "The token in use has another name now",
        f"{desired.application} last logged in as {person} at {shown(newest.last)} under the token name "
        f'"{newest.token_name}", which no token has. It may be "{token.name}", renamed since; whether it is used shows '
        "at its next login.",
        "do not rename tokens: the audit trail knows them by name alone",
    )


def _reason(evidence: Evidence, failure: LoginGroup) -> str:
    """What to do is left to the hint where steps of the plan do it."""
    why = _why(evidence, failure)
    return why.told if why.planned else f"{why.told}: {why.todo}"


def _why(evidence: Evidence, failure: LoginGroup) -> Refusal:
    return refusal(evidence.live, evidence.tokens, failure)
