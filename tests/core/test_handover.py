"""The handover, stage by stage: each live state shows exactly the next safe steps."""

from dataclasses import replace
from datetime import timedelta

from reconciler.core.change import Action, Reason
from reconciler.core.desired import ActsAs, PreviousOwner
from reconciler.core.live import IntegrationRecord, IntegrationState, LiveState, Role
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan
from reconciler.core.step import Actor, Status
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
    grants,
    hours,
    logins,
    with_grants,
    without_grants,
)

OLD = a_token()
NEW = a_token("600", DANA, name=f"{APPLICATION} - Dana Ortiz #1", created=NOW - timedelta(hours=60))


def steps_of(plan: Plan) -> list[tuple[str, str, str]]:
    return [(step.kind, step.actor.value, step.status.value) for step in plan.steps]


def plan_of(live: LiveState) -> Plan:
    return build_plan(a_desired_state(), live)


def test_at_first_only_the_grant_is_ready() -> None:
    plan = plan_of(a_live_state())

    assert steps_of(plan) == [
        ("grant-role", "reconciler", "ready"),
        ("create-token", "person", "blocked"),
        ("enter-credentials", "person", "blocked"),
        ("quiet-period", "time", "blocked"),
        ("deactivate-token", "person", "blocked"),
        ("revoke-token", "person", "blocked"),
        ("remove-role", "reconciler", "blocked"),
    ]
    assert [(change.address, change.action, change.reason) for change in plan.changes] == [
        ("integrations.netsuite-connector.token", Action.REPLACE, Reason.OWNER_DIFFERS),
        ('employees."dana.ortiz@example.com".roles', Action.CREATE, Reason.TOKEN_ROLE_MISSING),
        ('employees."ann@example.com".roles', Action.DELETE, Reason.PREVIOUS_OWNER),
    ]
    summary = plan.summary
    assert (summary.create, summary.replace, summary.delete) == (1, 1, 1)
    assert (summary.automatic, summary.manual, summary.waiting) == (2, 4, 1)
    assert plan.applyable
    assert plan.complete


def test_each_step_needs_those_before_it() -> None:
    plan = plan_of(a_live_state())
    needs = {step.kind: {need.split("/")[0] for need in step.needs} for step in plan.steps}

    assert needs == {
        "grant-role": set(),
        "create-token": {"grant-role"},
        "enter-credentials": {"grant-role", "create-token"},
        "quiet-period": {"enter-credentials"},
        "deactivate-token": {"grant-role", "enter-credentials", "quiet-period"},
        "revoke-token": {"grant-role", "enter-credentials", "deactivate-token"},
        "remove-role": {"grant-role", "enter-credentials", "revoke-token"},
    }


def granted(live: LiveState) -> LiveState:
    return with_grants(live, (DANA, CONNECTOR))


def test_when_the_role_is_held_the_token_can_be_created() -> None:
    plan = plan_of(granted(a_live_state()))

    assert steps_of(plan)[:3] == [
        ("grant-role", "reconciler", "done"),
        ("create-token", "person", "ready"),
        ("enter-credentials", "person", "blocked"),
    ]
    create = plan.steps[1]
    assert "User: Dana Ortiz (dana.ortiz@example.com)" in create.instructions
    assert f"Token Name: {NEW.name}" in create.instructions


def test_the_prescribed_name_is_one_that_no_row_ever_had() -> None:
    used = a_token("501", DANA, name=f"{APPLICATION} - Dana Ortiz #1", revoked=True)
    seen = logins(a_token("502", DANA, name=f"{APPLICATION} - Dana Ortiz #2"), *hours(900), success=False)
    live = granted(a_live_state(tokens=(OLD, used), logins=(logins(OLD, *hours(2000, 1)), seen)))

    assert f"Token Name: {APPLICATION} - Dana Ortiz #3" in plan_of(live).steps[1].instructions


def test_a_token_nobody_has_used_is_to_be_entered_and_says_what_to_do_when_its_secret_is_lost() -> None:
    live = granted(a_live_state(tokens=(OLD, NEW)))
    enter = plan_of(live).steps[2]

    assert (enter.kind, enter.status) == ("enter-credentials", Status.READY)
    assert "nobody has used it" in (enter.note or "")
    assert any("secret lost?" in line for line in enter.instructions)
    assert any("the way back" in line and "ann@example.com" in line for line in enter.instructions)


def test_one_login_with_the_new_token_is_not_yet_proof() -> None:
    live = granted(a_live_state(tokens=(OLD, NEW), logins=(logins(OLD, *hours(2000, 3)), logins(NEW, *hours(1)))))
    plan = plan_of(live)

    assert ("enter-credentials", "person", "waiting") in steps_of(plan)
    assert ("quiet-period", "time", "blocked") in steps_of(plan)


def test_a_later_login_with_the_old_token_undoes_the_proof() -> None:
    live = granted(a_live_state(tokens=(OLD, NEW), logins=(logins(OLD, *hours(2000, 1)), logins(NEW, *hours(5, 4)))))
    enter = next(step for step in plan_of(live).steps if step.kind == "enter-credentials")

    assert enter.status is Status.READY
    assert "last logged in as ann@example.com" in (enter.note or "")


def test_a_login_older_than_the_token_proves_nothing() -> None:
    live = granted(a_live_state(tokens=(OLD, NEW), logins=(logins(OLD, *hours(2000, 90)), logins(NEW, *hours(70, 65)))))

    assert ("enter-credentials", "person", "ready") in steps_of(plan_of(live))


def proven(old_last_seen: float, new_first: float = 50, new_last: float = 0.5) -> LiveState:
    seen = (logins(OLD, *hours(2000, old_last_seen)), logins(NEW, *hours(new_first, new_last)))
    return granted(a_live_state(tokens=(OLD, NEW), logins=seen))


def test_the_old_token_is_not_touched_before_it_was_silent_for_the_whole_quiet_period() -> None:
    plan = plan_of(proven(old_last_seen=23))

    assert steps_of(plan) == [
        ("quiet-period", "time", "waiting"),
        ("deactivate-token", "person", "blocked"),
        ("revoke-token", "person", "blocked"),
        ("remove-role", "reconciler", "blocked"),
    ]
    assert plan.steps[0].note == (
        "last heard of at 2026-11-21 13:00 UTC, first login with the new one at 2026-11-20 10:00 UTC; "
        "over at 2026-11-22 13:00 UTC"
    )


def test_the_quiet_period_counts_from_the_first_login_with_the_new_token_too() -> None:
    assert steps_of(plan_of(proven(old_last_seen=100, new_first=23)))[0] == ("quiet-period", "time", "waiting")


def test_a_refused_login_with_the_old_token_breaks_the_silence_too() -> None:
    live = proven(old_last_seen=49)
    refused = logins(OLD, *hours(2), success=False, detail="token_rejected", user_id="", role_id="")

    assert steps_of(plan_of(replace(live, logins=(*live.logins, refused))))[0] == ("quiet-period", "time", "waiting")


def test_after_the_quiet_period_the_old_token_is_made_inactive_first() -> None:
    plan = plan_of(proven(old_last_seen=49))

    assert steps_of(plan) == [
        ("quiet-period", "time", "done"),
        ("deactivate-token", "person", "ready"),
        ("revoke-token", "person", "blocked"),
        ("remove-role", "reconciler", "blocked"),
    ]
    assert [change.action for change in plan.changes] == [Action.DELETE, Action.DELETE]


def deactivated(live: LiveState) -> LiveState:
    return replace(live, tokens=(replace(OLD, inactive=True), NEW))


def test_revoking_waits_for_a_login_after_the_silence() -> None:
    too_early = deactivated(proven(old_last_seen=49, new_first=49, new_last=25.5))
    late_enough = deactivated(proven(old_last_seen=49, new_first=49, new_last=24.5))

    assert steps_of(plan_of(too_early))[0] == ("revoke-token", "person", "blocked")
    assert steps_of(plan_of(late_enough))[0] == ("revoke-token", "person", "ready")


def test_a_refused_attempt_with_the_deactivated_token_holds_the_revocation_back() -> None:
    live = deactivated(proven(old_last_seen=80))
    refused = logins(OLD, *hours(2), success=False, detail="token_rejected")
    plan = plan_of(replace(live, logins=(*live.logins, refused)))

    assert steps_of(plan)[0] == ("revoke-token", "person", "blocked")
    assert "silent until" in (plan.steps[0].note or "")


def revoked(live: LiveState) -> LiveState:
    return replace(live, tokens=(replace(OLD, inactive=True, revoked=True), NEW))


def test_the_role_goes_last() -> None:
    plan = plan_of(revoked(proven(old_last_seen=80)))

    assert steps_of(plan) == [("remove-role", "reconciler", "ready")]
    assert plan.steps[0].summary == "remove NetSuite Connector Web Services from ann@example.com"


def test_at_the_end_nothing_is_left() -> None:
    plan = plan_of(without_grants(revoked(proven(old_last_seen=80)), (ANN, CONNECTOR)))

    assert plan.changes == ()
    assert plan.steps == ()
    assert plan.complete
    assert not plan.applyable


def test_a_previous_owner_may_be_kept() -> None:

    desired = a_desired_state(an_integration(previous_owner=PreviousOwner.KEEP))

    assert build_plan(desired, revoked(proven(old_last_seen=80))).steps == ()


def test_the_role_stays_while_an_undeclared_token_needs_it() -> None:
    live = revoked(proven(old_last_seen=80))
    other = a_token("700", ANN, application="Shipping Hub", application_id="8")
    plan = plan_of(replace(live, tokens=(*live.tokens, other)))

    assert plan.steps == ()
    assert [item.rule for item in plan.diagnostics] == ["role-still-needed"]


def test_a_standby_keeps_the_role() -> None:

    desired = a_desired_state(an_integration(standby=(email("ann@example.com"),)))

    assert build_plan(desired, revoked(proven(old_last_seen=80))).steps == ()


def test_a_lost_role_is_only_given_back() -> None:
    live = without_grants(
        with_grants(a_live_state(tokens=(NEW,), logins=(logins(NEW, *hours(50, 9)),))), (ANN, CONNECTOR)
    )
    plan = plan_of(live)

    assert steps_of(plan) == [("grant-role", "reconciler", "ready")]
    assert [item.rule for item in plan.diagnostics] == ["outage"]


def test_an_old_token_is_not_touched_while_the_new_owner_lacks_a_required_role() -> None:
    """Once Administrator is back nothing else has to happen; until then the old token is the way back."""
    plan = plan_of(without_grants(proven(old_last_seen=80), (DANA, ADMIN)))

    grant = next(step for step in plan.steps if step.kind == "grant-role")
    taking = [step for step in plan.steps if step.kind in {"deactivate-token", "revoke-token", "remove-role"}]
    assert grant.status is Status.READY
    assert {step.status for step in taking} == {Status.BLOCKED}
    assert all(grant.id in step.needs for step in taking)


def test_a_grant_for_one_integration_does_not_hold_up_another() -> None:
    shipping = Role("1060", "Shipping", "customrole_shipping", active=True)
    other = an_integration(key="other", application="Shipping Hub", token_role=shipping.name, required_roles=())
    records = (
        IntegrationRecord("7", APPLICATION, IntegrationState.ENABLED),
        IntegrationRecord("8", "Shipping Hub", IntegrationState.ENABLED),
    )
    live = granted(a_live_state(tokens=(OLD, NEW), integrations=records))
    live = replace(live, roles=(*live.roles, shipping))
    plan = build_plan(a_desired_state(an_integration(), other), live)

    enter = next(step for step in plan.steps if step.id == f"enter-credentials/{APPLICATION}")
    assert enter.status is Status.READY


def test_an_old_token_is_not_touched_while_the_new_owner_has_lost_the_role() -> None:
    live = without_grants(proven(old_last_seen=80), (DANA, CONNECTOR))
    plan = plan_of(live)

    assert ("deactivate-token", "person", "blocked") in steps_of(plan)
    assert not any(step.status is Status.READY and step.kind != "grant-role" for step in plan.steps)


def test_a_missing_token_is_a_plain_creation() -> None:
    plan = plan_of(without_grants(granted(a_live_state(tokens=(), logins=())), (ANN, CONNECTOR)))

    assert [change.action for change in plan.changes] == [Action.CREATE]
    assert steps_of(plan) == [
        ("grant-role", "reconciler", "done"),
        ("create-token", "person", "ready"),
        ("enter-credentials", "person", "blocked"),
    ]


def test_a_token_of_the_wrong_role_is_replaced() -> None:
    token = a_token("500", DANA, role_id=READER.id)
    live = with_grants(
        a_live_state(tokens=(token,), logins=(logins(token, *hours(90, 1)),)), (DANA, CONNECTOR), (DANA, READER)
    )
    plan = plan_of(without_grants(live, (ANN, CONNECTOR)))

    assert [(change.action, change.reason) for change in plan.changes] == [(Action.REPLACE, Reason.ROLE_DIFFERS)]


def test_a_token_that_is_too_old_is_replaced_for_the_same_owner() -> None:
    desired = a_desired_state(an_integration(token_not_before=(NOW - timedelta(days=1)).date()))
    live = without_grants(granted(a_live_state(tokens=(NEW,), logins=(logins(NEW, *hours(50, 1)),))), (ANN, CONNECTOR))
    plan = build_plan(desired, live)

    assert [(change.action, change.reason) for change in plan.changes] == [(Action.REPLACE, Reason.TOKEN_TOO_OLD)]
    assert [step.kind for step in plan.steps][-2:] == ["deactivate-token", "revoke-token"]


def test_a_rotation_that_is_still_to_come_asks_for_nothing_yet() -> None:
    tomorrow = (NOW + timedelta(days=1)).date()
    desired = a_desired_state(an_integration(token_not_before=tomorrow))
    live = without_grants(granted(a_live_state(tokens=(NEW,), logins=(logins(NEW, *hours(50, 1)),))), (ANN, CONNECTOR))

    assert build_plan(desired, live).steps == ()


def test_steps_on_several_tokens_of_one_person_name_them() -> None:
    """Else "make the token of dana inactive" would stand beside "enter the token of dana"."""
    stray = a_token("700", DANA, name="made by mistake", created=NOW - timedelta(hours=59))
    live = granted(a_live_state(tokens=(OLD, NEW, stray), logins=(logins(OLD, *hours(9, 2)), logins(NEW, *hours(1)))))
    summaries = [step.summary for step in plan_of(live).steps]

    assert f'enter token "{NEW.name}" of dana.ortiz@example.com in NetSuite Connector' in summaries
    assert 'make token "made by mistake" of dana.ortiz@example.com inactive' in summaries
    assert "make the token of ann@example.com inactive" in summaries
    assert len(summaries) == len(set(summaries))


def test_a_token_that_cannot_log_in_needs_no_quiet_period() -> None:
    plan = plan_of(changed(a_live_state(), ANN, active=False))

    assert "quiet-period" not in [step.kind for step in plan.steps]
    assert [item.rule for item in plan.diagnostics] == ["outage"]
    assert "ann@example.com" in plan.diagnostics[0].detail


def test_an_outage_tells_what_the_refusals_mean() -> None:
    live = changed(a_live_state(), ANN, access=False)
    refused = logins(OLD, *hours(0.2), success=False, detail="permission_denied", role_id="")
    plan = plan_of(replace(live, logins=(*live.logins, refused)))

    assert plan.diagnostics[0].rule == "outage"
    assert '"permission_denied", because ann@example.com has no access.' in plan.diagnostics[0].detail


def test_a_blocked_integration_is_enabled_first() -> None:
    live = granted(a_live_state(integrations=(IntegrationRecord("7", APPLICATION, IntegrationState.BLOCKED),)))
    plan = plan_of(live)

    assert ("enable-integration", "person", "ready") in steps_of(plan)
    assert ("create-token", "person", "blocked") in steps_of(plan)


def test_tokens_that_cannot_be_told_apart_are_left_alone() -> None:
    twin = replace(OLD, id="501")
    live = proven(old_last_seen=80)
    plan = plan_of(replace(live, tokens=(OLD, twin, NEW)))

    assert [item.rule for item in plan.diagnostics] == ["cannot-tell-apart", "role-still-needed"]
    assert plan.steps == ()
    assert plan.changes == ()
    assert not plan.complete


def test_without_a_writing_login_every_step_is_a_persons() -> None:
    plan = build_plan(a_desired_state(can_write=False, writer=None), a_live_state())

    assert {step.actor for step in plan.steps} == {Actor.PERSON, Actor.TIME}
    assert not plan.applyable
    assert plan.steps[0].instructions == (
        "Lists > Employees > Employees > Edit beside Dana Ortiz (dana.ortiz@example.com) > Access",
        "Roles > Role: NetSuite Connector Web Services > Add > Save",
    )


def test_the_plan_says_beforehand_what_a_lesser_login_may_not_do() -> None:

    desired = a_desired_state(writer=ActsAs(email("lee.wong@example.com"), READER.name))
    plan = build_plan(desired, a_live_state())

    assert plan.steps[0].actor is Actor.PERSON
    assert "only an Administrator may edit one" in (plan.steps[0].note or "")


def test_a_lesser_login_grants_what_it_can_before_a_person_makes_an_administrator() -> None:

    desired = a_desired_state(writer=ActsAs(email("lee.wong@example.com"), READER.name))
    live = without_grants(a_live_state(), (DANA, ADMIN), (LEE, ADMIN))
    first, second, *_ = build_plan(desired, live).steps

    assert (first.kind, first.actor, first.status) == ("grant-role", Actor.RECONCILER, Status.READY)
    assert first.summary == "grant NetSuite Connector Web Services to dana.ortiz@example.com"
    assert (second.kind, second.actor, second.status) == ("grant-role", Actor.PERSON, Status.BLOCKED)
    assert second.summary == "grant Administrator to dana.ortiz@example.com"


def test_two_integrations_that_swap_owners_keep_both_roles() -> None:
    other = an_integration(key="other", application="Shipping Hub", owner=an_integration().owner)
    token = a_token("800", LEE, application="Shipping Hub", application_id="8")
    records = (
        IntegrationRecord("7", APPLICATION, IntegrationState.ENABLED),
        IntegrationRecord("8", "Shipping Hub", IntegrationState.ENABLED),
    )
    live = a_live_state(
        tokens=(OLD, token), integrations=records, logins=(logins(OLD, *hours(9, 1)), logins(token, *hours(9, 1)))
    )
    live = replace(live, grants=(*live.grants, *grants((LEE, CONNECTOR))))
    plan = build_plan(a_desired_state(an_integration(), other), live)

    removals = [step.id for step in plan.steps if step.kind == "remove-role"]
    assert removals == ["remove-role/10/1047", "remove-role/30/1047"]
    assert len([step for step in plan.steps if step.kind == "grant-role"]) == 1


def test_a_token_that_gave_way_to_a_wrong_one_after_its_first_login_is_to_be_entered_again() -> None:
    """Waiting would never end: whoever is asked to wait has to enter it once more."""
    refused = logins(OLD, *hours(0.5), success=False, detail="token_rejected", role_id="")
    live = granted(a_live_state(tokens=(replace(OLD, inactive=True), NEW)))
    plan = plan_of(replace(live, logins=(logins(OLD, *hours(2000, 70)), logins(NEW, *hours(1)), refused)))
    (step,) = (step for step in plan.steps if step.kind == "enter-credentials")

    assert step.status is Status.READY
    assert step.note is not None
    assert step.note.endswith("last at 2026-11-22 11:30 UTC: enter it again")
