"""The plan as a whole: who acts, what is merged, what may be applied, and what half of the facts forbid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.cli.exit_codes import ExitCode, of_drift
from reconciler.core.live import Gap, Gapped, LiveState, LoginGroup
from reconciler.core.plan_building import build_plan, scope_of
from reconciler.core.step import Actor, GrantRole, Status
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    NOW,
    READER,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    email,
    hours,
    logins,
    with_grants,
    without_grants,
)

OLD = a_token()
NEW = a_token("600", DANA, created=NOW - timedelta(hours=90))
SEEN = (logins(OLD, *hours(2000, 85)), logins(NEW, *hours(80, 0.5)))


def both_tokens(*seen: LoginGroup) -> LiveState:
    return with_grants(a_live_state(tokens=(OLD, NEW), logins=seen or SEEN), (DANA, CONNECTOR))


def quiet(live: LiveState) -> Status:
    (one,) = [step for step in build_plan(a_desired_state(), live).steps if step.kind == "quiet-period"]
    return one.status


def test_silence_is_over_only_while_the_new_token_is_in_charge() -> None:
    tried_long_ago = both_tokens(SEEN[0], logins(NEW, *hours(60)))

    assert quiet(both_tokens()) is Status.DONE
    assert quiet(tried_long_ago) is Status.BLOCKED
    assert quiet(without_grants(both_tokens(), (DANA, CONNECTOR))) is Status.WAITING


@pytest.mark.parametrize("what", [Gapped.TOKENS, Gapped.LOGINS])
def test_half_of_the_tokens_or_logins_never_lead_to_a_removal(what: Gapped) -> None:
    """A read that was cut short leaves rows behind; the ones that are missing may be those that matter."""
    live = replace(both_tokens(), gaps=(Gap(what, "cut short", "hint"),))
    revoked = replace(live, tokens=(replace(OLD, inactive=True, revoked=True), NEW))

    for state in (live, revoked):
        plan = build_plan(a_desired_state(), state)
        assert [step.kind for step in plan.steps] == []
        assert not plan.complete


def test_of_two_tokens_that_fit_the_one_in_use_stays() -> None:
    spare = a_token("700", DANA, name="spare", created=NOW - timedelta(hours=30))
    live = both_tokens()
    plan = build_plan(a_desired_state(), replace(live, tokens=(*live.tokens, spare)))

    assert {step.id for step in plan.steps if step.kind == "deactivate-token"} == {
        "deactivate-token/500",
        "deactivate-token/700",
    }
    assert "enter-credentials" not in {step.kind for step in plan.steps}


def test_of_two_tokens_that_nobody_has_used_the_younger_one_stays() -> None:
    """Whoever lost a secret makes another token."""
    spare = a_token("599", DANA, name="spare", created=NOW - timedelta(hours=30))
    live = both_tokens(SEEN[0])
    plan = build_plan(a_desired_state(), replace(live, tokens=(*live.tokens, spare)))
    (enter,) = [step for step in plan.steps if step.kind == "enter-credentials"]

    assert '"spare"' in (enter.note or "")


@pytest.mark.parametrize("turned", [False, True])
def test_a_grant_that_one_integration_needs_for_its_token_is_one_for_a_token(turned: bool) -> None:
    requires = an_integration(token_role=READER.name, required_roles=(CONNECTOR.name,))
    issues = an_integration(key="shipping", application="Shipping Hub", required_roles=())
    foreign = a_token("800", ANN, application="Shipping Hub", application_id="8")
    pair = (issues, requires) if turned else (requires, issues)
    plan = build_plan(a_desired_state(*pair), a_live_state(tokens=(OLD, foreign)))
    granted = {step.operation.role: step.operation for step in plan.steps if isinstance(step.operation, GrantRole)}

    assert granted[CONNECTOR].for_token
    assert granted[READER].for_token


def test_without_a_writing_login_nothing_is_automatic_whoever_it_is_about() -> None:
    live = without_grants(a_live_state(), (DANA, ADMIN))
    plan = build_plan(a_desired_state(can_write=False), live)

    assert Actor.RECONCILER not in {step.actor for step in plan.steps}
    assert not plan.applyable


def test_the_administrator_role_is_a_persons_step_even_for_an_administrators_login() -> None:
    live = without_grants(a_live_state(), (DANA, ADMIN))
    steps = {step.summary: step for step in build_plan(a_desired_state(), live).steps}
    grant = steps["grant Administrator to dana.ortiz@example.com"]

    assert grant.actor is Actor.PERSON
    assert "only a person who is an Administrator" in (grant.note or "")


def test_the_tools_identity_is_no_reason_to_call_a_plan_incomplete() -> None:
    unknown = a_live_state(reader=None, gaps=(Gap(Gapped.IDENTITY, "unknown", "hint"),))

    assert build_plan(a_desired_state(), unknown).complete


def test_the_scope_names_everything_once_and_in_order() -> None:
    twin = an_integration(key="twin", standby=(email("lee.wong@example.com"),))
    scope = scope_of(a_desired_state(an_integration(), twin))

    assert scope.applications == (APPLICATION,)
    assert scope.roles == ("NetSuite Connector Web Services",)
    assert [str(person) for person in scope.people] == [
        "dana.ortiz@example.com",
        "lee.wong@example.com",
        "svc.admin@example.com",
        "svc.reader@example.com",
    ]


@pytest.mark.parametrize("what", sorted(set(Gapped) - {Gapped.IDENTITY}))
def test_whatever_else_was_not_read_makes_a_plan_incomplete(what: Gapped) -> None:
    assert build_plan(a_desired_state(), a_live_state()).complete
    hidden = build_plan(a_desired_state(), a_live_state(gaps=(Gap(what, "hidden", "hint"),)))
    assert not hidden.complete
    assert of_drift(hidden) is ExitCode.NO_ACCESS
