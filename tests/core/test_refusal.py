"""Why a login was refused: the cause that the account shows, and else what NetSuite's word may mean."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.core.audit_detail import meaning
from reconciler.core.live import Gap, Gapped, IntegrationRecord, IntegrationState, LiveState, Token
from reconciler.core.refusal import Refusal, refusal
from tests.support.builders import (
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    a_live_state,
    a_token,
    changed,
    hours,
    logins,
    without_grants,
)

OLD = a_token()
ROLE_LOST = f"does not hold {CONNECTOR.name}"
ANYTHING = meaning("permission_denied").what


def why(live: LiveState, detail: str = "permission_denied", *, now: bool = True, **different: Any) -> Refusal:
    login = logins(OLD, *hours(0.5), success=False, **{"detail": detail} | different)
    return refusal(live, live.tokens, login, now=now)


def without_role() -> LiveState:
    return without_grants(a_live_state(), (ANN, CONNECTOR))


def role_inactive() -> LiveState:
    live = a_live_state()
    return replace(live, roles=tuple(replace(one, active=one != CONNECTOR) for one in live.roles))


@pytest.mark.parametrize("detail", ["permission_denied", "EntityOrRoleDisabled"])
@pytest.mark.parametrize(
    ("live", "what"),
    [
        (changed(a_live_state(), ANN, active=False), "ann@example.com is inactive"),
        (changed(a_live_state(), ANN, access=False), "ann@example.com has no access"),
        (without_role(), "ann@example.com does not hold NetSuite Connector Web Services"),
        (changed(without_role(), ANN, active=False, access=False),
         f"ann@example.com is inactive and has no access and {ROLE_LOST}"),
        (role_inactive(), "role NetSuite Connector Web Services is inactive"),
        (replace(changed(without_role(), ANN, active=False), roles=role_inactive().roles),
         f"ann@example.com is inactive and {ROLE_LOST} and role {CONNECTOR.name} is inactive"),
    ],
)  # fmt: skip
def test_of_the_things_that_one_word_may_mean_the_one_that_holds_is_named(
    live: LiveState, what: str, detail: str
) -> None:
    told = why(live, detail)

    assert (told.what, told.seen, told.planned) == (what, True, True)
    assert told.told == f'"{detail}", because {what}'


def test_a_row_without_its_role_has_that_of_its_token() -> None:
    assert why(without_role(), role_id="").what == "ann@example.com does not hold NetSuite Connector Web Services"


@pytest.mark.parametrize(
    "told",
    [
        why(a_live_state()),
        why(changed(a_live_state(), ANN, active=False), now=False),
        why(changed(a_live_state(), ANN, active=False), user_id=""),
        why(replace(without_role(), gaps=(Gap(Gapped.GRANTS, "hidden.", "add it"),))),
        why(replace(without_role(), tokens=()), role_id=""),
    ],
    ids=["all is well now", "over since", "row without a user", "grants unread", "role not known"],
)
def test_where_the_account_shows_no_cause_all_that_the_word_may_mean_is_told(told: Refusal) -> None:
    assert (told.what, told.seen) == (ANYTHING, False)
    assert "lost the role" in told.told
    assert told.told.startswith('"permission_denied", which means that the owner or the role is inactive')


@pytest.mark.parametrize(
    ("token", "word"), [(replace(OLD, revoked=True), "revoked"), (replace(OLD, inactive=True), "inactive")]
)
@pytest.mark.parametrize("user", [ANN.id, ""])
def test_a_token_that_was_taken_away_is_named(token: Token, word: str, user: str) -> None:
    told = why(a_live_state(tokens=(token,)), "token_rejected", user_id=user)

    assert (told.what, told.seen) == (f'token "token 500" is {word}', True)


@pytest.mark.parametrize(
    "live",
    [
        a_live_state(),
        a_live_state(tokens=(replace(OLD, revoked=True), replace(OLD, id="501"))),
        a_live_state(tokens=(replace(OLD, revoked=True, owner_id=DANA.id),)),
        a_live_state(tokens=(replace(OLD, revoked=True),), gaps=(Gap(Gapped.TOKENS, "hidden.", "add it"),)),
        a_live_state(tokens=()),
    ],
    ids=["live", "one of two", "somebody else's", "tokens unread", "none"],
)
def test_a_token_that_may_be_another_one_is_not_named(live: LiveState) -> None:
    assert not why(live, "token_rejected").seen


@pytest.mark.parametrize("state", IntegrationState)
def test_a_record_that_is_not_enabled_is_named(state: IntegrationState) -> None:
    told = why(a_live_state(integrations=(IntegrationRecord("7", APPLICATION, state),)), "consumer_key_refused")

    assert told.seen == (state in {IntegrationState.BLOCKED, IntegrationState.WAITING_FOR_APPROVAL})
    assert not told.seen or told.told.endswith(f"because the integration record is {state}")


def test_what_no_step_of_a_plan_changes_is_not_said_to_be_planned() -> None:
    assert why(a_live_state(), "consumer_key_refused").planned
    assert not why(a_live_state(), "InvalidSignature").planned
    assert why(a_live_state(), "").told.startswith('"no detail", which means that the reason is one that is not known')
