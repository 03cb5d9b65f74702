"""Why a login does not work: each cause by a rule of its own, the certain ones first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from reconciler.core.audit_detail import meaning
from reconciler.core.errors import (
    LoginRefusedError,
    NetSuiteError,
    ReconcilerError,
    RefusedError,
    UnansweredError,
)
from reconciler.core.examination import Failure
from reconciler.core.tolerances import CLOCKS_TOO_FAR

# What the Detail column of the login audit trail says (netsuite.md 2.4, netsuite-2.md 5), by our word for the cause.
_OF_DETAIL: Final[Mapping[str, str]] = {
    "consumer_key_refused": "integration-blocked",
    "integrationblocked": "integration-blocked",
    "consumer_key_unknown": "consumer-key-unknown",
    "invalidintegration": "consumer-key-unknown",
    "invalidissuer": "consumer-key-unknown",
    "clientidmismatch": "consumer-key-unknown",
    "token_rejected": "token-rejected",
    "tokenrejected": "token-rejected",
    "tokenblocked": "token-rejected",
    "permission_denied": "person-or-role-refused",
    "entityorroledisabled": "person-or-role-refused",
    "invalidsignature": "secret-wrong",
    "signaturevalidation": "key-and-certificate-differ",
    "missingkey": "certificate-ended-or-unknown",
    "missingkeyid": "certificate-ended-or-unknown",
    "featuredisabled": "feature-disabled",
    "invalidtimestamp": "clock-wrong",
    "tokenexpired": "clock-wrong",
    "tokennotacceptable": "clock-wrong",
    "authorizationcodegrantrequired": "grant-missing",
    "invalidscope": "grant-missing",
    "scopemismatched": "grant-missing",
    "temporary_locked": "user-locked",
}
UNANSWERED: Final = frozenset({"unreachable", "not-readable", "concurrency-exhausted"})
"""Causes that say nothing about the login, for it was not judged."""
SUMMARIES: Final[Mapping[str, str]] = {
    "reference-unset": "A part of the login is not there",
    "clock-wrong": "The clock of this machine is wrong",
    "account-unknown": "NetSuite knows no such account",
    "unreachable": "NetSuite does not answer",
    "concurrency-exhausted": "Too many requests at once in this account",
    "integration-blocked": "The integration record is blocked",
    "consumer-key-unknown": "The consumer key or client id is of no integration record",
    "token-rejected": "The token is not accepted",
    "person-or-role-refused": "The person or the role may not log in",
    "secret-wrong": "A secret of the login is wrong",
    "key-and-certificate-differ": "The private key does not belong to the certificate",
    "certificate-ended-or-unknown": "The certificate has ended, was revoked or is unknown",
    "feature-disabled": "The way to log in is switched off for the account",
    "grant-missing": "The integration record does not allow this way to log in",
    "user-locked": "The user is locked for half an hour",
    "login-refused": "The login is refused",
    "rest-forbidden": "The login may not use REST web services",
    "not-readable": "The answer is none of NetSuite's",
}
_LET_REST_IN: Final = (
    "Setup > Users/Roles > Manage Roles > the role > Edit > Permissions > Setup > REST Web Services (Full) > Save. "
    "Where it is there, look at Setup > Company > Enable Features > SuiteCloud > REST Web Services, and whether a "
    "proxy answered."
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the refusal itself.

    `detail` is what the login audit trail says of it, where another login could look it up; `user_agent` is what to
    filter by for whoever looks by hand.
    """

    account: str
    ahead: timedelta | None = None
    account_known: bool | None = None
    detail: str | None = None
    user_agent: str = ""


def failure(error: ReconcilerError, around: Circumstances) -> Failure:
    """The cause of a login that did not work."""
    rule = _rule(error, around)
    if rule == "reference-unset":
        # Each part on a line of its own, with its place and what to do.
        parts = tuple("; ".join(filter(None, (item.detail, item.hint))) for item in error.diagnostics)
        return Failure(rule, SUMMARIES[rule], "", parts)
    detail, hint = _told(rule, error, around)
    return Failure(rule, SUMMARIES[rule], detail, (hint,) if hint else ())


def _rule(error: ReconcilerError, around: Circumstances) -> str:
    if not isinstance(error, NetSuiteError):
        return "reference-unset"
    if isinstance(error, RefusedError) and error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return "concurrency-exhausted"
    if around.account_known is False:
        return "account-unknown"
    if isinstance(error, UnansweredError):
        return "unreachable"
    if isinstance(error, LoginRefusedError):
        if around.ahead is not None and abs(around.ahead) > CLOCKS_TOO_FAR:
            return "clock-wrong"
        return _OF_DETAIL.get((around.detail or "").lower(), "login-refused")
    if isinstance(error, RefusedError) and error.status == HTTPStatus.FORBIDDEN:
        return "rest-forbidden"
    return "not-readable"


def _told(rule: str, error: ReconcilerError, around: Circumstances) -> tuple[str, str]:
    hint = error.hint or ""
    if rule == "clock-wrong" and around.ahead is not None and abs(around.ahead) > CLOCKS_TOO_FAR:
        minutes = round(abs(around.ahead).total_seconds() / 60)
        direction = "behind" if around.ahead > timedelta() else "ahead of"
        detail = f"This machine's clock is {minutes} minutes {direction} NetSuite's; beyond 5 every login is refused."
        return detail, "Set the clock, best by a time service."
    if rule == "account-unknown":
        detail = f"To anybody who asks, NetSuite says that {around.account} is none."
        return detail, "Write the Account ID of Setup > Company > Company Information: upper case, _SB1 for a sandbox."
    if rule == "concurrency-exhausted":
        return error.message, (
            "Run again when less is going on, or lower concurrency. The limits: Setup > Integration > Integration "
            "Management > Integration Governance."
        )
    if rule == "rest-forbidden":
        return error.message, _LET_REST_IN
    if around.detail:
        detail = f'NetSuite refused the login. The login audit trail says "{around.detail}": {meaning(around.detail)}.'
        return detail, "" if rule != "login-refused" else hint
    if rule == "login-refused" and around.user_agent:
        hint = f"{hint} Filter the trail by User Agent: {around.user_agent}.".strip()
    return error.message, hint
