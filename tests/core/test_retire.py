"""Who loses a role, who keeps it and why, and what holds an old token or its role back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reconciler.core.change import Reason
from reconciler.core.desired import DesiredState, GuardSettings, PreviousOwner
from reconciler.core.live import Gap, Gapped, Grant, IntegrationRecord, IntegrationState, LiveState
from reconciler.core.outcome import ApplyReport
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan
from reconciler.core.step import Status, Step
from reconciler.render.closing import closing
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    LEE,
    NOW,
    READER,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    changed,
    email,
    hours,
    logins,
    with_grants,
    without_grants,
)

OLD = a_token()
NEW = a_token("600", DANA, created=NOW - timedelta(hours=90))
GONE = replace(OLD, inactive=True, revoked=True)
SHIPPING = "Shipping Hub"


def after(*tokens: Any, old_seen: float = 85, new_seen: tuple[float, ...] = (80, 0.5), **different: Any) -> LiveState:
    """Dana's token is proven; `tokens` are what became of the others."""
    seen = (logins(OLD, *hours(2000, old_seen)), logins(NEW, *hours(*new_seen)))
    live = a_live_state(tokens=(*tokens, NEW), logins=seen, **different)
    return with_grants(live, (DANA, CONNECTOR))


def plan_of(live: LiveState, *integrations: Any, **different: Any) -> Plan:
    return build_plan(a_desired_state(*integrations, **different), live)


def kinds(plan: Plan) -> list[str]:
    return [step.kind for step in plan.steps]


def step(plan: Plan, kind: str) -> Step:
    (one,) = [step for step in plan.steps if step.kind == kind]
    return one


def shipping(**different: Any) -> Any:
    return an_integration(**{"key": "shipping", "application": SHIPPING, **different})


def both_records(live: LiveState) -> LiveState:
    other = IntegrationRecord("8", SHIPPING, IntegrationState.ENABLED)
    return replace(live, integrations=(*live.integrations, other))


def shipping_token(identifier: str, **different: Any) -> Any:
    return a_token(identifier, **{"application": SHIPPING, "application_id": "8", **different})


# --- who loses the role ---


def test_whoever_logged_in_for_the_application_is_a_previous_owner_even_without_a_token() -> None:
    live = with_grants(after(GONE), (LEE, CONNECTOR))
    seen = logins(a_token("1", LEE), *hours(900))

    assert [one.id for one in plan_of(live).steps] == ["remove-role/10/1047"]
    assert "remove-role/30/1047" in [one.id for one in plan_of(replace(live, logins=(*live.logins, seen))).steps]
    for no_owner in (replace(seen, success=False), replace(seen, role_id=READER.id)):
        assert kinds(plan_of(replace(live, logins=(*live.logins, no_owner)))) == ["remove-role"]


def test_any_other_holder_of_the_role_keeps_it() -> None:
    live = with_grants(without_grants(after(GONE), (ANN, CONNECTOR)), (LEE, CONNECTOR))

    assert plan_of(live).steps == ()


def test_a_previous_owner_who_owns_another_integration_keeps_the_role() -> None:
    foreign = shipping_token("800")
    live = both_records(after(GONE, foreign))
    live = replace(live, logins=(*live.logins, logins(foreign, *hours(50, 1))))

    plan = plan_of(live, an_integration(), shipping(owner=email("ann@example.com")))

    assert "remove-role" not in kinds(plan)
    assert "role-still-needed" not in {item.rule for item in plan.diagnostics}


def test_a_previous_owner_who_stands_by_elsewhere_keeps_the_role() -> None:
    token = shipping_token("800", owner=DANA)
    live = both_records(after(GONE, token))
    live = replace(live, logins=(*live.logins, logins(token, *hours(50, 1))))

    assert plan_of(live, an_integration(), shipping(standby=(email("ann@example.com"),))).steps == ()
    assert kinds(plan_of(live, an_integration(), shipping())) == ["remove-role"]


def test_a_role_that_another_integration_requires_of_them_is_kept() -> None:
    token = shipping_token("800", role_id=READER.id)
    live = with_grants(both_records(after(GONE, token)), (ANN, READER))
    live = replace(live, logins=(*live.logins, logins(token, *hours(50, 1))))
    hers = shipping(owner=email("ann@example.com"), token_role=READER.name, required_roles=(CONNECTOR.name,))

    assert plan_of(live, an_integration(), hers).steps == ()
    assert kinds(plan_of(live, an_integration(), replace(hers, required_roles=()))) == ["remove-role"]


def test_one_integration_that_keeps_its_previous_owner_is_enough() -> None:
    used = shipping_token("800", inactive=True, revoked=True)
    token = shipping_token("801", owner=DANA)
    live = both_records(after(GONE, used, token))
    live = replace(live, logins=(*live.logins, logins(token, *hours(50, 1))))

    assert kinds(plan_of(live, an_integration(), shipping())) == ["remove-role"]
    assert plan_of(live, an_integration(), shipping(previous_owner=PreviousOwner.KEEP)).steps == ()


@pytest.mark.parametrize("name", [CONNECTOR.name, "CUSTOMROLE_connector"])
def test_a_role_that_an_unplannable_integration_names_is_left_alone(name: str) -> None:
    broken = shipping(owner=email("nobody@example.com"), token_role=name)

    assert plan_of(after(GONE), an_integration(), broken).steps == ()
    unrelated = replace(broken, token_role=READER.name, required_roles=())
    assert kinds(plan_of(after(GONE), an_integration(), unrelated)) == ["remove-role"]


def test_an_inactive_token_of_an_undeclared_application_does_not_need_the_role() -> None:
    plan = plan_of(after(GONE, shipping_token("800", inactive=True)))

    assert kinds(plan) == ["remove-role"]


def test_a_token_of_another_application_that_is_planned_away_does_not_keep_the_role_but_goes_first() -> None:
    old, new = shipping_token("800"), shipping_token("801", owner=DANA, created=NOW - timedelta(hours=90))
    live = both_records(after(GONE, old, new))
    live = replace(live, logins=(*live.logins, logins(old, *hours(85)), logins(new, *hours(80, 1))))
    plan = plan_of(live, an_integration(), shipping())

    assert step(plan, "remove-role").status is Status.BLOCKED
    assert "revoke-token/800" in step(plan, "remove-role").needs


def test_an_owner_who_is_no_employee_loses_nothing() -> None:
    stranger = replace(GONE, owner_id="4711")
    live = replace(after(stranger), logins=(logins(NEW, *hours(80, 1)),))
    live = replace(live, grants=(*live.grants, Grant("4711", CONNECTOR.id)))

    assert plan_of(live).steps == ()


# --- what holds back ---


def test_the_role_stays_while_the_token_that_shall_stay_cannot_log_in() -> None:
    live = without_grants(after(GONE), (DANA, CONNECTOR))
    removal = step(plan_of(live), "remove-role")

    assert (removal.status, removal.note) == (Status.BLOCKED, "the token that shall stay cannot log in yet")


def test_the_role_stays_while_live_tokens_cannot_be_told_apart() -> None:
    twin = replace(NEW, id="601")
    removal = step(plan_of(after(GONE, twin)), "remove-role")

    assert removal.status is Status.BLOCKED
    assert "cannot be told apart" in (removal.note or "")


def test_an_old_token_stays_while_the_one_to_keep_has_a_twin() -> None:
    plan = plan_of(after(OLD, replace(NEW, id="601")))

    assert "deactivate-token" not in [one.kind for one in plan.steps]
    assert "cannot-tell-apart" in [item.rule for item in plan.diagnostics]


def test_an_old_token_with_a_twin_is_not_touched_while_it_is_not_known_which_is_used() -> None:
    plan = plan_of(after(OLD, replace(OLD, id="501")))

    for one in plan.steps:
        if one.kind in {"deactivate-token", "revoke-token"}:
            assert one.status is Status.BLOCKED
            assert "which one is used cannot be told" in (one.note or "")


def test_an_old_token_stays_while_the_new_one_cannot_log_in() -> None:
    live = without_grants(after(OLD), (DANA, CONNECTOR))

    assert step(plan_of(live), "deactivate-token").note == "the token that shall stay cannot log in yet"


def test_an_old_token_that_cannot_log_in_is_not_touched_while_the_new_one_cannot_either() -> None:
    live = without_grants(changed(after(OLD), ANN, active=False), (DANA, CONNECTOR))

    assert step(plan_of(live), "deactivate-token").status is Status.BLOCKED


@pytest.mark.parametrize(
    ("what", "why"),
    [(Gapped.AUDIT_CLOCK, "zone of the login audit trail"), (Gapped.PERMISSIONS, "shows all its rows is not known")],
)
def test_without_all_rows_of_the_audit_trail_or_their_zone_silence_is_not_judged(what: Gapped, why: str) -> None:
    gap = (Gap(what, "unknown", "hint"),)
    quiet = step(plan_of(after(OLD, gaps=gap)), "quiet-period")
    revoke = step(plan_of(after(replace(OLD, inactive=True), gaps=gap)), "revoke-token")

    assert (quiet.status, revoke.status) == (Status.BLOCKED, Status.BLOCKED)
    assert why in (quiet.note or "")
    assert why in (revoke.note or "")


def test_a_token_that_cannot_log_in_anyway_needs_no_clock() -> None:
    live = changed(after(OLD, gaps=(Gap(Gapped.AUDIT_CLOCK, "unknown.", "hint"),)), ANN, active=False)
    plan = plan_of(live)
    (gap,) = [item for item in plan.diagnostics if item.rule == "gap"]

    assert step(plan, "deactivate-token").status is Status.READY
    assert "none that could still log in is taken away" in gap.detail


def test_credentials_cannot_be_seen_to_be_entered_without_the_audit_trail() -> None:
    live = with_grants(a_live_state(gaps=(Gap(Gapped.LOGINS, "hidden", "hint"),), logins=()), (DANA, CONNECTOR))
    enter = step(plan_of(live), "enter-credentials")

    assert enter.status is Status.BLOCKED
    assert "could not be read" in (enter.note or "")


def test_an_inactive_token_of_somebody_who_left_waits_for_a_login_after_its_last_attempt() -> None:
    live = changed(after(replace(OLD, inactive=True)), ANN, active=False)
    attempt = logins(OLD, *hours(0.2), success=False, user_id="", role_id="")

    assert step(plan_of(live), "revoke-token").status is Status.READY
    late = step(plan_of(replace(live, logins=(*live.logins, attempt))), "revoke-token")
    assert (late.status, late.note) == (
        Status.BLOCKED,
        f"waits for the next login of {APPLICATION}; none was seen since the last attempt with the old token",
    )


def test_an_inactive_token_waits_for_the_silence_and_for_a_login_after_it() -> None:
    inactive = replace(OLD, inactive=True)
    noisy = step(plan_of(after(inactive, old_seen=23)), "revoke-token")
    idle = step(plan_of(after(inactive, old_seen=85, new_seen=(80, 57))), "revoke-token")
    over = step(plan_of(after(inactive, old_seen=85, new_seen=(80, 55))), "revoke-token")

    assert "has to be silent until" in (noisy.note or "")
    assert f"waits for the next login of {APPLICATION}; none was seen since" in (idle.note or "")
    assert (noisy.status, idle.status, over.status) == (Status.BLOCKED, Status.BLOCKED, Status.READY)


def test_an_apply_that_waits_for_a_login_closes_with_whose() -> None:
    plan = plan_of(after(replace(OLD, inactive=True), old_seen=85, new_seen=(80, 57)))
    last = closing(ApplyReport(plan, plan))

    assert last.startswith(f"Not yet: revoke the token of ann@example.com (waits for the next login of {APPLICATION};")
    assert last.endswith("); then apply again.")


def test_before_any_login_nobody_is_told_to_wait_for_the_year_one() -> None:
    live = with_grants(a_live_state(tokens=(replace(OLD, inactive=True), NEW), logins=()), (DANA, CONNECTOR))
    revoke = step(plan_of(live), "revoke-token")

    assert revoke.status is Status.BLOCKED
    assert revoke.note == f"waits for a login of {APPLICATION} with the token that shall stay"


def test_an_inactive_token_of_the_name_in_use_is_judged_by_refused_attempts_alone() -> None:
    """Every success under the name is the live one's, for an inactive token cannot log in."""
    live = after(replace(NEW, id="400", inactive=True))
    refused = logins(NEW, *hours(2), success=False, detail="token_rejected")

    assert step(plan_of(live), "revoke-token").status is Status.READY
    held = step(plan_of(replace(live, logins=(*live.logins, refused))), "revoke-token")
    assert held.status is Status.BLOCKED
    assert "silent until" in (held.note or "")


def test_a_token_of_the_same_name_in_another_role_becomes_silent() -> None:
    wrong = replace(NEW, id="400", role_id=READER.id, created=NOW - timedelta(days=90))
    live = with_grants(after(GONE, wrong), (DANA, READER))

    assert step(plan_of(live), "quiet-period").status is Status.DONE
    assert step(plan_of(live), "deactivate-token").status is Status.READY


def test_an_inactive_token_of_the_owner_is_not_taken_for_the_one_to_keep() -> None:
    asleep = replace(NEW, id="400", name="asleep", inactive=True)
    plan = plan_of(with_grants(a_live_state(tokens=(OLD, asleep)), (DANA, CONNECTOR)))

    assert step(plan, "create-token").status is Status.READY
    assert [one.status for one in plan.steps if one.kind == "revoke-token"] == [Status.BLOCKED, Status.BLOCKED]


# --- unusual roles ---


def administrators() -> DesiredState:
    integration = an_integration(token_role=ADMIN.name, required_roles=(ADMIN.name,))
    return a_desired_state(integration, guards=GuardSettings(min_administrators=1))


def test_the_administrator_role_may_be_the_role_of_the_token() -> None:
    token = replace(OLD, role_id=ADMIN.id)
    live = without_grants(a_live_state(tokens=(token,), logins=(logins(token, *hours(50, 1)),)), (DANA, ADMIN))
    plan = build_plan(administrators(), live)

    assert kinds(plan)[0] == "grant-role"
    assert kinds(plan).count("grant-role") == 1
    assert [change.reason for change in plan.changes].count(Reason.TOKEN_ROLE_MISSING) == 1
    assert step(plan, "grant-role").actor.value == "person"
    assert "remove-role" not in kinds(plan), "Administrator is never taken away as the role of a token"


def test_a_required_role_that_is_the_role_of_the_token_is_asked_for_once() -> None:
    twice = an_integration(required_roles=(CONNECTOR.name, "customrole_connector"))

    assert kinds(plan_of(a_live_state(), twice)).count("grant-role") == 1


def test_people_and_roles_that_are_not_seen_are_named_by_their_ids() -> None:
    odd = a_token("x-1", name="", owner_id="abc", role_id="-7", application_id=None, created=None)
    plan = plan_of(a_live_state(tokens=(OLD, odd)))
    summaries = [one.summary for one in plan.steps]

    assert "revoke the token of employee abc" in summaries
    assert f"integrations.netsuite-connector.tokens.{odd.id}" in [change.address for change in plan.changes]


def test_nobody_loses_the_role_while_a_standby_could_not_be_told() -> None:
    desired = a_desired_state(an_integration(standby=(email("x@example.com"),)))
    plan = build_plan(desired, after(replace(OLD, inactive=True, revoked=True)))

    assert "remove-role" not in [one.kind for one in plan.steps]
