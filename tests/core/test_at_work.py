"""Who is at work: the verdict and its sentence, from logins, orders and tokens."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from reconciler.cli.exit_codes import ExitCode, of_verification
from reconciler.core.at_work import verify
from reconciler.core.live import Gap, Gapped, IntegrationRecord, IntegrationState, LiveState
from reconciler.core.standing import Standing
from reconciler.core.traffic import OrderGroup, Origin, Traffic
from reconciler.core.verification import Verification, Verified
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
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

DAYS = timedelta(days=1)
OLD = a_token("500", ANN)
NEW = a_token("600", DANA, created=NOW - 10 * DAYS)
BY_THE_ROLE = Origin("RST", CONNECTOR.id)
BY_HAND = Origin("UIF", ADMIN.id)


def orders(author: str, ago: timedelta, *origins: Origin, number: int = 1) -> OrderGroup:
    at = NOW - ago
    return OrderGroup(at.date(), author, number, at, at, origins)


def verified(*groups: Any, traffic: Traffic | None = None, since: timedelta = 30 * DAYS, **live: Any) -> Verification:
    seen = {"tokens": (OLD, NEW), "logins": groups} | live
    world: LiveState = with_grants(a_live_state(**seen), (DANA, CONNECTOR))
    return verify(a_desired_state(), world, traffic or Traffic(clock=timedelta()), since)


def one(found: Verification) -> Verified:
    (only,) = found.integrations
    return only


def codes(found: Verification) -> tuple[ExitCode, ExitCode]:
    return of_verification(found, detailed=False), of_verification(found, detailed=True)


ANNS = logins(OLD, *hours(2000, 120))
DANAS = logins(NEW, *hours(100, 90, 1), number=20)


def test_the_declared_owner_is_at_work_since_their_first_login_after_anybody_elses() -> None:
    traffic = Traffic((orders(DANA.id, 2 * DAYS, BY_THE_ROLE),), timedelta())
    found = verified(ANNS, DANAS, traffic=traffic)

    assert one(found).standing is Standing.AT_WORK
    assert one(found).sentence == (
        "dana.ortiz@example.com is at work as declared, since 2026-11-18 08:00 UTC, last at 2026-11-22 11:00 UTC; "
        "the newest order made in this role, at 2026-11-20 12:00 UTC, carries that name; "
        "ann@example.com has been silent since 2026-11-17 12:00 UTC; "
        "the longest silence of the last 90 days was 20h, until 2026-11-18 08:00 UTC."
    )
    assert one(found).others == (("ann@example.com", NOW - timedelta(hours=120)),)
    assert codes(found) == (ExitCode.OK, ExitCode.OK)


def test_an_old_owner_who_is_still_at_work_is_a_contradiction() -> None:
    found = verified(replace(ANNS, last=NOW - timedelta(hours=1)))

    assert one(found).standing is Standing.SOMEBODY_ELSE
    assert one(found).sentence.startswith(
        "ann@example.com is at work, not dana.ortiz@example.com as declared: since at least"
    )
    assert "dana.ortiz@example.com has never logged in for it" in one(found).sentence
    assert (one(found).hint or "").startswith("during a handover this stays so until the new token is entered")
    assert codes(found) == (ExitCode.CONTRADICTED, ExitCode.CONTRADICTED)


def test_the_owner_in_another_role_is_a_contradiction_too() -> None:
    found = verified(replace(DANAS, role_id=ADMIN.id))

    assert one(found).standing is Standing.SOMEBODY_ELSE
    assert "at work in role Administrator, not in NetSuite Connector Web Services as declared" in one(found).sentence


def test_without_traffic_nothing_is_proven_and_nothing_failed() -> None:
    found = verified(ANNS, since=4 * DAYS)

    assert one(found).standing is Standing.NOT_PROVEN
    assert one(found).sentence == (
        "Not proven yet: NetSuite Connector has not logged in for 4d. "
        "The last login was by ann@example.com at 2026-11-17 12:00 UTC."
    )
    assert codes(found) == (ExitCode.OK, ExitCode.WAITING)


def test_an_application_that_never_logged_in_is_not_proven() -> None:
    assert "It has never logged in, as far as the audit trail reaches" in one(verified()).sentence
    assert one(verified()).standing is Standing.NOT_PROVEN


def test_one_login_of_the_new_owner_may_be_the_forms_test() -> None:
    found = verified(ANNS, logins(NEW, *hours(1)))

    assert one(found).standing is Standing.NOT_PROVEN
    assert "a second login proves it" in one(found).sentence


def test_two_logins_in_one_instant_are_two() -> None:
    assert one(verified(ANNS, logins(NEW, *hours(1), number=2))).standing is Standing.AT_WORK


def test_logins_of_two_people_in_one_second_prove_neither() -> None:
    found = verified(replace(ANNS, last=DANAS.last), DANAS)

    assert one(found).standing in {Standing.NOT_PROVEN, Standing.SOMEBODY_ELSE}


def test_the_older_logins_of_a_colleague_do_not_count_for_the_new_spell() -> None:
    """Dana logged in, then Ann again, then Dana once: that once may be a test."""
    before = logins(NEW, *hours(500, 300), number=9)

    found = verified(before, ANNS, logins(NEW, *hours(1)))

    assert one(found).standing is Standing.NOT_PROVEN


def refused(*ago: float, token: Any = NEW, detail: str = "permission_denied") -> Any:
    return logins(token, *hours(*ago), success=False, detail=detail)


def test_refusals_since_the_last_success_are_an_outage_with_its_reason_and_what_to_do() -> None:
    found = verified(ANNS, DANAS, refused(0.75, 0.5))

    assert one(found).standing is Standing.REFUSED
    assert one(found).sentence == (
        "Nobody is at work: logins are refused since 2026-11-22 11:15 UTC, last at 2026-11-22 11:30 UTC, with "
        '"permission_denied", which means that the owner or the role is inactive, the owner has no access or lost the '
        "role, or the role may not log in with tokens; the last success was by dana.ortiz@example.com "
        "at 2026-11-22 11:00 UTC."
    )
    assert one(found).hint == (
        "name an owner who stays, or give this one an active record, access and the role, and the role Log in using "
        "Access Tokens, then verify again"
    ), "no step of a plan gives that permission"
    assert codes(found)[0] is ExitCode.CONTRADICTED
    ((told),) = one(found).refusals
    assert (told.number, told.is_over, told.person) == (2, False, "dana.ortiz@example.com")


def left(live: LiveState, **different: Any) -> Verified:
    """Ann, whose token was at work, is refused, and the file names somebody who stays."""
    desired = different.get("desired", a_desired_state())
    groups = (ANNS, refused(0.5, token=OLD, detail=different.get("detail", "permission_denied")))
    return one(verify(desired, replace(live, logins=groups), Traffic(clock=timedelta()), 30 * DAYS))


ANN_LEFT = changed(a_live_state(), ANN, active=False)
REVOKED = replace(OLD, revoked=True)
BLOCKED = IntegrationRecord("7", APPLICATION, IntegrationState.BLOCKED)
STEPS = "reconciler plan test shows the steps that bring it back"
ANNS_OWN = a_desired_state(an_integration(owner=email("ann@example.com")))


@pytest.mark.parametrize(
    ("found", "why", "hint"),
    [
        (left(ANN_LEFT), "because ann@example.com is inactive; the last success",
         f"{STEPS}; the file names dana.ortiz@example.com already"),
        (left(a_live_state(tokens=(REVOKED,)), detail="token_rejected"),
         'because token "token 500" is revoked; the last success',
         f"{STEPS}; the file names dana.ortiz@example.com already"),
        (left(a_live_state(integrations=(BLOCKED,)), desired=ANNS_OWN, detail="consumer_key_refused"),
         "because the integration record is Blocked; the last success", STEPS),
        (left(without_grants(a_live_state(), (ANN, CONNECTOR)), desired=ANNS_OWN),
         "because ann@example.com does not hold NetSuite Connector Web Services; the last success", STEPS),
        (left(ANN_LEFT, desired=ANNS_OWN), "because ann@example.com is inactive; the last success",
         f"do what the error about integrations.netsuite-connector says; then {STEPS}"),
        (left(a_live_state(), detail="InvalidSignature"), "which means that a secret or the account ID is wrong; ",
         "enter token ID, token secret and account again, then verify again"),
    ],
    ids=["left", "revoked", "blocked", "role lost", "left and still declared", "wrong secret"],
)  # fmt: skip
def test_on_the_bad_day_the_cause_is_named_and_the_plan_that_has_the_clicks(
    found: Verified, why: str, hint: str
) -> None:
    assert found.standing is Standing.REFUSED
    assert why in found.sentence
    assert found.hint == hint


def test_refusals_before_the_last_success_are_over() -> None:
    found = verified(ANNS, DANAS, refused(5, 4))

    assert one(found).standing is Standing.AT_WORK
    assert [told.is_over for told in one(found).refusals] == [True]


def test_the_old_owner_being_refused_is_no_outage() -> None:
    """It is what a deactivated token looks like while somebody still has it."""
    assert one(verified(ANNS, DANAS, refused(0.5, token=OLD))).standing is Standing.AT_WORK


def test_the_declared_owner_being_refused_is_an_outage_whoever_was_there_before() -> None:
    """A wrong secret entered for the new token: orders fail, though the old owner was never refused."""
    found = verified(ANNS, refused(0.5, detail="InvalidSignature"))

    assert one(found).standing is Standing.REFUSED
    assert "the last success was by ann@example.com" in one(found).sentence


def test_where_nobody_ever_succeeded_refusals_are_the_outage() -> None:
    found = verified(refused(3, 1, detail="InvalidSignature"))

    assert one(found).standing is Standing.REFUSED
    assert "it has never logged in, as far as the trail reaches" in one(found).sentence


def test_an_order_typed_in_by_hand_proves_nothing() -> None:
    traffic = Traffic((orders(ANN.id, 1 * DAYS, BY_HAND), orders(DANA.id, 1 * DAYS, BY_HAND)), timedelta())

    found = verified(ANNS, DANAS, traffic=traffic)

    assert one(found).standing is Standing.AT_WORK
    assert "no order was made in this role for 30d" in one(found).sentence


def test_an_order_in_the_role_by_somebody_else_contradicts_the_logins() -> None:
    traffic = Traffic((orders(ANN.id, timedelta(hours=5), BY_THE_ROLE),), timedelta())

    found = verified(ANNS, DANAS, traffic=traffic)

    assert one(found).standing is Standing.SOMEBODY_ELSE
    assert "still carry ann@example.com, the last at 2026-11-22 07:00 UTC" in one(found).sentence


@pytest.mark.parametrize("ago", [timedelta(hours=101), 20 * DAYS])
def test_an_order_from_before_the_handover_contradicts_nothing(ago: timedelta) -> None:
    traffic = Traffic((orders(ANN.id, ago, BY_THE_ROLE),), timedelta())

    assert one(verified(ANNS, DANAS, traffic=traffic)).standing is Standing.AT_WORK


def test_an_order_may_be_another_applications_where_another_one_uses_the_role() -> None:
    other = a_token("700", ANN, application="Shipping Hub", application_id="8")
    traffic = Traffic((orders(ANN.id, timedelta(hours=5), BY_THE_ROLE),), timedelta())

    found = verified(ANNS, DANAS, traffic=traffic, tokens=(OLD, NEW, other))

    assert one(found).standing is Standing.AT_WORK


@pytest.mark.parametrize("what", [Gapped.LOGINS, Gapped.EMPLOYEES, Gapped.ROLES])
def test_what_is_hidden_is_never_called_somebody_else(what: Gapped) -> None:
    left: dict[Gapped, dict[str, Any]] = {Gapped.EMPLOYEES: {"employees": (ANN,)}, Gapped.ROLES: {"roles": ()}}

    found = verified(ANNS, DANAS, gaps=(Gap(what, "hidden.", "add it"),), **left.get(what, {}))

    assert one(found).standing is Standing.UNKNOWN
    assert not found.complete
    assert codes(found)[0] is ExitCode.NO_ACCESS


def test_hidden_orders_leave_the_logins_to_speak() -> None:
    found = verified(ANNS, DANAS, traffic=Traffic(gaps=(Gap(Gapped.ORDERS, "hidden.", "add it"),)))

    assert one(found).standing is Standing.AT_WORK
    assert "orders could not be read in full" in one(found).sentence
    assert not found.complete


def test_what_the_file_names_and_the_account_has_not_is_an_error() -> None:
    desired = a_desired_state(an_integration(owner=email("nobody@example.com")))
    found = verify(desired, with_grants(a_live_state(logins=(DANAS,))), Traffic(), 30 * DAYS)

    assert [item.rule for item in found.diagnostics] == ["unknown-employee"]
    assert codes(found)[0] is ExitCode.CONTRADICTED
    silent = verify(desired, with_grants(a_live_state(logins=())), Traffic(), 30 * DAYS)
    assert codes(silent)[0] is ExitCode.INVALID, "also where nobody else is at work"


def test_what_else_stops_with_either_person_is_told() -> None:
    other = a_token("700", DANA, application="Shipping Hub", application_id="8")

    found = verified(ANNS, DANAS, tokens=(OLD, NEW, other))

    assert [(person, told.token.id) for person, told in one(found).depends] == [("dana.ortiz@example.com", "700")]


def test_days_tell_each_person_and_what_was_refused() -> None:
    today, yesterday = NOW.date(), (NOW - DAYS).date()
    groups = (
        logins(NEW, *hours(3, 1), number=4, day=today),
        logins(OLD, *hours(26, 25), number=2, day=yesterday),
        logins(OLD, *hours(24.5), day=yesterday, success=False, detail="NonceUsed"),
    )
    traffic = Traffic((orders(DANA.id, timedelta(hours=2), BY_THE_ROLE, number=3),), timedelta())

    days = one(verified(*groups, traffic=traffic)).days

    assert [(day.day, day.person, day.is_owner, day.logins, day.refused, day.orders) for day in days] == [
        (today, "dana.ortiz@example.com", True, 4, 0, 3),
        (yesterday, "ann@example.com", False, 2, 1, 0),
    ]
    assert days[1].details == ("NonceUsed",)


def test_what_lies_before_the_time_asked_for_is_not_shown() -> None:
    traffic = Traffic((orders(ANN.id, 9 * DAYS, BY_THE_ROLE),), timedelta())

    found = one(verified(ANNS, DANAS, refused(240), traffic=traffic, since=4 * DAYS))

    assert {day.day for day in found.days} == {date(2026, 11, 18)}
    assert found.refusals == ()


def test_tokens_are_told_with_whether_they_are_the_declared_one() -> None:
    gone, held = replace(OLD, id="501", revoked=True), replace(OLD, inactive=True)

    tokens = one(verified(ANNS, DANAS, tokens=(held, gone, NEW))).tokens

    assert [(token.name, token.active, token.is_declared) for token in tokens] == [
        ("token 500", False, False),
        ("token 600", True, True),
    ]


def test_a_third_person_is_told_as_silent() -> None:
    lees = logins(a_token("400", LEE), *hours(900, 800))

    assert "lee.wong@example.com has been silent since" in one(verified(lees, ANNS, DANAS)).sentence
