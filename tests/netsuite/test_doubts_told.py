"""What a plan says of doubts about the account as a whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.core.audit_detail import meaning
from reconciler.core.findings import gap_diagnostics
from reconciler.core.live import Gap, Gapped, Identity, LiveState
from reconciler.core.plan_building import build_plan
from tests.support.builders import TOOL_READER, a_desired_state, a_live_state, a_token, changed, hours, logins

REASONS = [
    "consumer_key_refused",
    "consumer_key_unknown",
    "FeatureDisabled",
    "MissingTokenPassportRequiredFields",
    "nonce_rejected",
    "NonceUsed",
    "nonce_used",
    "parameter_rejected",
    "permission_denied",
    "InvalidSignature",
    "UnknownAlgorithm",
    "temporary_locked",
    "InvalidTimestamp",
    "token_rejected",
    "VersionRejected",
    "AccessTokenExpired",
    "EntityOrRoleDisabled",
    "TokenRejected",
    "InvalidIntegration",
    "ScopeMismatched",
    "AuthorizationCodeGrantRequired",
    "InvalidScope",
    "IntegrationBlocked",
    "UnsupportedAlgo",
    "TokenValidityTooBroad",
    "TokenBlocked",
    "InvalidTokenType",
    "SignatureValidation",
    "ClientIdMismatch",
    "TokenNotAcceptable",
    "TokenExpired",
    "InvalidIssuer",
    "MissingKeyId",
    "MissingKey",
]


def rules(live: LiveState) -> list[str]:
    return [item.rule for item in gap_diagnostics(live)]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_a_refused_login_has_a_meaning(reason: str) -> None:
    assert "look it up" not in meaning(reason).todo
    assert meaning(reason).todo, "says what to do"


@pytest.mark.parametrize("seconds", [-61, 61, 200])
def test_clocks_that_differ_are_told_before_logins_are_refused(seconds: int) -> None:
    (told,) = gap_diagnostics(a_live_state(clock_ahead=timedelta(seconds=seconds)))

    assert told.rule == "clock-differs"
    assert f"{abs(seconds)} seconds apart" in told.detail


@pytest.mark.parametrize("ahead", [None, timedelta(), timedelta(seconds=-60)])
def test_clocks_that_agree_are_not_worth_a_word(ahead: timedelta | None) -> None:
    assert rules(a_live_state(clock_ahead=ahead)) == []


@pytest.mark.parametrize("what", Gapped)
def test_every_gap_says_what_follows_from_it(what: Gapped) -> None:
    (told,) = gap_diagnostics(a_live_state(gaps=(Gap(what, "It was not read.", "read it"),)))

    assert len(told.detail) > len("It was not read. ")


# A sandbox that was refreshed

SANDBOX = a_live_state(account="1234567_SB1", tokens=())


def test_a_sandbox_without_tokens_was_refreshed_and_says_so_once() -> None:
    plan = build_plan(a_desired_state(), SANDBOX)

    assert [item.rule for item in plan.diagnostics if item.rule in {"sandbox-refreshed", "outage"}] == [
        "sandbox-refreshed"
    ]


def test_the_tools_own_tokens_do_not_count() -> None:
    reader = Identity(TOOL_READER.id, "1090")
    own = a_token("9", TOOL_READER, application="Reconciler", role_id="1090")
    other = a_token("10", TOOL_READER, application="Reconciler", role_id="3")

    assert rules(replace(SANDBOX, tokens=(own, other), reader=reader)) == ["sandbox-refreshed"]
    assert rules(replace(SANDBOX, tokens=(own, a_token()), reader=reader)) == []
    assert rules(replace(SANDBOX, tokens=(own,), reader=None)) == []


@pytest.mark.parametrize(
    "live",
    [
        replace(SANDBOX, account="1234567"),
        replace(SANDBOX, tokens=(a_token(revoked=True),)),
        replace(SANDBOX, gaps=(Gap(Gapped.TOKENS, "hidden", "x"),)),
    ],
)
def test_anything_else_was_not_refreshed(live: LiveState) -> None:
    assert "sandbox-refreshed" not in rules(live)


# Two tokens by turns


@pytest.mark.parametrize(("other", "told"), [((6, 2), True), ((30, 20), False), ((6,), False), ((400, 300), False)])
def test_only_tokens_that_take_turns_lately_are_told(other: tuple[int, ...], told: bool) -> None:
    live = changed(a_live_state(), TOOL_READER)
    keep = a_token("501", replace(live.employees[1]), created=None)
    live = replace(
        live, tokens=(a_token(), keep), logins=(logins(keep, *hours(5, 1)), logins(a_token(), *hours(*other)))
    )

    plan = build_plan(a_desired_state(), live)

    assert ("used-by-turns" in {item.rule for item in plan.diagnostics}) == told
