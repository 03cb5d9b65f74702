"""Every reason that NetSuite's login audit trail knows is told in words, and the certain causes come first."""

from datetime import timedelta

import pytest

from reconciler.core.errors import (
    CredentialError,
    LoginRefusedError,
    RefusedError,
    UnansweredError,
    UnreadableAnswerError,
)
from reconciler.core.login_failure import SUMMARIES, Circumstances, failure
from tests.netsuite.test_doubts_told import REASONS

# Mistakes in how a request is signed or asked for, which nobody who only sets up a login can make.
OF_THE_TOOL = {
    "MissingTokenPassportRequiredFields", "nonce_rejected", "NonceUsed", "nonce_used", "parameter_rejected",
    "UnknownAlgorithm", "VersionRejected", "AccessTokenExpired", "UnsupportedAlgo", "TokenValidityTooBroad",
    "InvalidTokenType",
}  # fmt: skip
REFUSED = LoginRefusedError("GET x: NetSuite refused the login.", status=401)


@pytest.mark.parametrize("reason", [*REASONS, "temporary_locked", "IntegrationBlocked"])
def test_each_reason_has_a_cause_of_its_own(reason: str) -> None:
    told = failure(REFUSED, Circumstances("1234567", account_known=True, detail=reason))

    assert (told.rule == "login-refused") == (reason in OF_THE_TOOL)
    assert f'"{reason}"' in told.detail
    assert told.summary == SUMMARIES[told.rule]


def test_the_case_of_a_reason_is_no_matter() -> None:
    told = {failure(REFUSED, Circumstances("1", detail=one)).rule for one in ("token_rejected", "Token_Rejected")}

    assert told == {"token-rejected"}


FAR = timedelta(minutes=7)


@pytest.mark.parametrize(
    ("error", "around", "rule"),
    [
        (CredentialError("env:X is not set"), Circumstances("1", ahead=FAR, account_known=False), "reference-unset"),
        (RefusedError("too many", status=429), Circumstances("1", account_known=False), "concurrency-exhausted"),
        (REFUSED, Circumstances("1", ahead=FAR, account_known=False, detail="token_rejected"), "account-unknown"),
        (UnansweredError("nobody", sent=False), Circumstances("1", account_known=False), "account-unknown"),
        (UnansweredError("nobody", sent=False), Circumstances("1", ahead=FAR), "unreachable"),
        (REFUSED, Circumstances("1", ahead=FAR, detail="token_rejected"), "clock-wrong"),
        (REFUSED, Circumstances("1", ahead=-FAR), "clock-wrong"),
        (REFUSED, Circumstances("1", ahead=timedelta(minutes=3)), "login-refused"),
        (REFUSED, Circumstances("1", detail="InvalidTimestamp"), "clock-wrong"),
        (REFUSED, Circumstances("1"), "login-refused"),
        (RefusedError("no", status=403), Circumstances("1"), "rest-forbidden"),
        (RefusedError("no", status=403), Circumstances("1", account_known=False), "account-unknown"),
        (RefusedError("no", status=500), Circumstances("1"), "not-readable"),
        (UnreadableAnswerError("what?"), Circumstances("1"), "not-readable"),
    ],
)
def test_what_is_certain_comes_before_what_is_likely(error: Exception, around: Circumstances, rule: str) -> None:
    assert isinstance(error, (CredentialError, RefusedError, UnansweredError, UnreadableAnswerError))
    assert failure(error, around).rule == rule
