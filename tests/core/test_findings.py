"""What a reader of the plan is told before its steps, and what would be untrue to say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.findings import gap_diagnostics
from reconciler.core.live import Gap, Gapped, LiveState
from reconciler.core.plan_building import build_plan
from tests.support.builders import (
    ANN,
    CONNECTOR,
    DANA,
    LEE,
    NOW,
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
NEW = a_token("600", DANA, created=NOW - timedelta(hours=60))
REFUSED = logins(OLD, *hours(0.5), success=False, detail="consumer_key_refused", role_id="")


def found(live: LiveState, desired: DesiredState | None = None) -> dict[str, Diagnostic]:
    return {item.rule: item for item in build_plan(desired or a_desired_state(), live).diagnostics}


def with_gap(live: LiveState, what: Gapped) -> LiveState:
    return replace(live, gaps=(Gap(what, f"The {what} are hidden.", "add a permission"),))


def test_an_account_that_works_has_nothing_to_tell() -> None:
    assert found(a_live_state()) == {}


def test_an_outage_begins_with_the_last_success_and_what_the_refusals_mean() -> None:
    live = changed(a_live_state(), ANN, active=False)
    outage = found(replace(live, logins=(*live.logins, REFUSED)))["outage"]

    assert outage.severity is Severity.WARNING
    assert outage.position == an_integration().at("application")
    assert "last logged in as ann@example.com at 2026-11-22 11:00 UTC" in outage.detail
    assert 'last at 2026-11-22 11:30 UTC: "consumer_key_refused", which means that the integration' in outage.detail
    assert outage.detail.endswith("record is blocked."), "the steps do it, so that no click is told here"


def test_an_outage_that_no_step_ends_tells_what_to_do() -> None:
    live = changed(a_live_state(), ANN, active=False)
    outage = found(replace(live, logins=(*live.logins, replace(REFUSED, detail="InvalidTimestamp"))))["outage"]

    assert outage.detail.endswith(": set the client's clock.")


def test_an_application_that_only_ever_failed_never_logged_in() -> None:
    assert "never logged in" in found(a_live_state(logins=(REFUSED,)))["outage"].detail


def test_an_application_that_nobody_has_used_has_no_outage() -> None:
    assert found(a_live_state(logins=())) == {}


def test_refusals_beside_a_working_token_are_told() -> None:
    live = a_live_state()
    failing = found(replace(live, logins=(*live.logins, REFUSED)))

    assert list(failing) == ["failing-logins"]
    assert failing["failing-logins"].severity is Severity.WARNING


def test_refusals_before_the_last_success_are_over() -> None:
    live = a_live_state()
    past = replace(REFUSED, first=NOW - timedelta(hours=5), last=NOW - timedelta(hours=1, seconds=1))

    assert found(replace(live, logins=(*live.logins, past))) == {}


def test_a_refusal_without_a_detail_says_so() -> None:
    live = a_live_state(logins=(replace(REFUSED, detail=""),))

    assert '"no detail"' in found(live)["outage"].detail


def test_a_login_without_a_user_is_not_called_by_an_empty_name() -> None:
    live = a_live_state(logins=(logins(OLD, *hours(5, 1), user_id="", role_id=""),))

    assert "last logged in as an unknown user at" in found(live)["outage"].detail


@pytest.mark.parametrize("what", [Gapped.LOGINS, Gapped.TOKENS])
def test_no_outage_is_told_from_half_of_the_facts(what: Gapped) -> None:
    live = changed(a_live_state(), ANN, active=False)

    assert "outage" not in found(with_gap(live, what))


def test_silence_is_told_only_where_the_file_asks_for_it() -> None:
    asking = a_desired_state(an_integration(seen_within=timedelta(hours=2)))
    silent = a_live_state(logins=(logins(OLD, *hours(900, 3)),))

    assert found(silent) == {}
    assert found(a_live_state(), asking) == {}
    detail = found(silent, asking)["not-seen"].detail
    assert "last logged in at 2026-11-22 09:00 UTC; it is declared to be seen within 2h" in detail
    assert "last logged in never" in found(a_live_state(logins=()), asking)["not-seen"].detail


@pytest.mark.parametrize("what", [Gapped.LOGINS, Gapped.AUDIT_CLOCK])
def test_silence_is_not_told_where_it_could_not_be_heard(what: Gapped) -> None:
    asking = a_desired_state(an_integration(seen_within=timedelta(hours=2)))

    assert "not-seen" not in found(with_gap(a_live_state(logins=()), what), asking)


@pytest.mark.parametrize("what", Gapped)
def test_every_gap_is_told_with_what_follows_from_it_and_what_to_do(what: Gapped) -> None:
    gap = found(with_gap(a_live_state(), what))["gap"]

    assert gap.severity is Severity.WARNING
    assert gap.detail.startswith(f"The {what} are hidden. ")
    assert len(gap.detail) > len(f"The {what} are hidden. ")
    assert gap.hint == "add a permission"


def test_an_integration_of_which_nothing_can_be_said_is_an_error() -> None:
    live = with_grants(a_live_state(tokens=(OLD, NEW)), (DANA, CONNECTOR))

    for what in (Gapped.TOKENS, Gapped.LOGINS):
        undecided = found(with_gap(live, what))["undecided"]
        assert undecided.severity is Severity.ERROR
        assert what in undecided.detail
        assert undecided.hint == "add a permission"
    assert "undecided" not in found(with_gap(a_live_state(), Gapped.LOGINS))
    assert "undecided" not in found(with_gap(live, Gapped.AUDIT_CLOCK))


def test_tokens_that_cannot_be_told_apart_are_named() -> None:
    doubt = found(a_live_state(tokens=(OLD, replace(OLD, id="501"))))["cannot-tell-apart"]

    assert "Live tokens 500, 501 of NetSuite Connector" in doubt.detail


def test_others_who_hold_the_role_are_named_and_left_alone() -> None:
    live = with_grants(a_live_state(), (LEE, CONNECTOR))
    plan = build_plan(a_desired_state(), live)
    standby = build_plan(a_desired_state(an_integration(standby=(email("lee.wong@example.com"),))), live)

    (finding,) = [item for item in plan.diagnostics if item.rule == "other-holders"]
    assert finding.detail.startswith("lee.wong@example.com: ")
    assert f"remove-role/{LEE.id}/{CONNECTOR.id}" not in {step.id for step in plan.steps}
    assert "other-holders" not in {item.rule for item in standby.diagnostics}


def test_of_many_others_who_hold_the_role_the_first_are_named_and_the_rest_counted() -> None:
    # Ids run against the names, so that the order of one cannot pass for that of the other.
    many = tuple(
        replace(LEE, id=str(900 - number), entity_id=f"Holder {number}", email=f"h{number}@example.com")
        for number in range(7)
    )
    live = a_live_state(employees=(*a_live_state().employees, *many))
    live = with_grants(live, (DANA, CONNECTOR), *((one, CONNECTOR) for one in many))
    desired = a_desired_state(an_integration(standby=(email("h1@example.com"),)))

    detail = found(live, desired)["other-holders"].detail

    assert detail.startswith(f"{', '.join(f'h{number}@example.com' for number in (0, 2, 3, 4, 5))} and 1 more: ")


def test_one_cause_that_hits_every_read_is_told_once() -> None:
    gaps = tuple(Gap(what, f"{what} was refused.", "the same remedy") for what in list(Gapped)[:6])
    (told,) = [item for item in gap_diagnostics(replace(a_live_state(), gaps=gaps)) if item.rule == "gap"]

    assert "The same goes for 4 more reads." in told.detail


def test_an_application_that_is_silent_for_too_long_is_drift() -> None:
    token = a_token("600", DANA, name="token 600")
    live = without_grants(with_grants(a_live_state(tokens=(token,)), (DANA, CONNECTOR)), (ANN, CONNECTOR))
    live = replace(live, logins=(logins(token, *hours(500, 300)),))
    plan = build_plan(a_desired_state(an_integration(seen_within=timedelta(days=7))), live)

    assert plan.changes == ()
    assert plan.drifted
    assert not build_plan(a_desired_state(), live).drifted
