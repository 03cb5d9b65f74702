"""What else stops when somebody loses a role or leaves, and that a plan says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reconciler.core.dependents import ALSO_AFFECTED, dependents
from reconciler.core.desired import DesiredEmployee
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.digest import digest
from reconciler.core.live import Gap, Gapped, LiveState, TokenUse
from reconciler.core.plan_building import build_plan
from tests.support.builders import (
    ADMIN,
    ANN,
    CONNECTOR,
    DANA,
    FILE,
    LEE,
    NOW,
    a_desired_state,
    a_live_state,
    a_token,
    email,
    hours,
    logins,
    with_grants,
)

HUB = a_token("700", LEE, application="Shipping Hub", application_id="8", name="hub")
YESTERDAY = TokenUse(LEE.id, "Shipping Hub", CONNECTOR.id, "hub", NOW - timedelta(days=1))


def world(**different: Any) -> LiveState:
    seen = {"tokens": (a_token(), HUB), "token_uses": (YESTERDAY,), "last_token_logins": {LEE.id: YESTERDAY.last}}
    return with_grants(a_live_state(**(seen | different)), (LEE, CONNECTOR))


def found(live: LiveState, **entry: Any) -> list[Diagnostic]:
    leaving = DesiredEmployee("lee", email("lee.wong@example.com"), Position(FILE, 50, 3), **entry)
    plan = build_plan(a_desired_state(employees=(leaving,)), live)
    return [item for item in plan.diagnostics if item.rule == ALSO_AFFECTED]


def test_a_token_depends_on_its_owner_and_on_its_role() -> None:
    live = world()

    assert [one.token for one in dependents(live, LEE.id)] == [HUB]
    assert [one.token for one in dependents(live, LEE.id, CONNECTOR.id)] == [HUB]
    assert dependents(live, LEE.id, ADMIN.id) == ()
    assert dependents(live, DANA.id) == ()
    assert dependents(live, LEE.id, without={HUB.id}) == ()


def test_a_token_that_cannot_log_in_depends_on_nobody() -> None:
    for dead in (replace(HUB, inactive=True), replace(HUB, revoked=True)):
        assert dependents(world(tokens=(dead,)), LEE.id) == ()


def test_it_is_told_when_the_token_was_last_used() -> None:
    (one,) = dependents(world(), LEE.id)

    assert one.told == 'token "hub" of Shipping Hub, last used at 2026-11-21 12:00 UTC'


def test_logins_of_the_application_tell_it_as_well() -> None:
    (one,) = dependents(world(token_uses=(), logins=(logins(HUB, *hours(30, 3)),)), LEE.id)

    assert one.last == NOW - timedelta(hours=3)


def test_the_use_of_another_token_is_not_this_ones() -> None:
    for other in (replace(YESTERDAY, token_name="other"), replace(YESTERDAY, owner_id=ANN.id)):
        (one,) = dependents(world(token_uses=(other,)), LEE.id)
        assert (one.last, one.told) == (None, 'token "hub" of Shipping Hub, not used lately')


def test_a_row_that_lacks_its_role_counts_and_one_of_another_role_does_not() -> None:
    (lacking,) = dependents(world(token_uses=(replace(YESTERDAY, role_id=""),)), LEE.id)
    (another,) = dependents(world(token_uses=(replace(YESTERDAY, role_id=ADMIN.id),)), LEE.id)

    assert (lacking.last, another.last) == (YESTERDAY.last, None)


def test_of_all_uses_the_last_is_told_whatever_tells_it() -> None:
    before = replace(YESTERDAY, last=NOW - timedelta(days=2))
    for uses in ((YESTERDAY, before), (before, YESTERDAY), (before, replace(YESTERDAY, role_id=""))):
        for hour in (3, 60):
            (one,) = dependents(world(token_uses=uses, logins=(logins(HUB, *hours(90, hour)),)), LEE.id)
            assert one.last == max(YESTERDAY.last, NOW - timedelta(hours=hour))


def test_a_refused_login_is_no_use_and_yet_shows_that_the_trail_was_read() -> None:
    refused = replace(logins(HUB, *hours(30, 3)), success=False)
    (one,) = dependents(world(token_uses=(), last_token_logins={}, logins=(refused,)), LEE.id)
    (unseen,) = dependents(world(token_uses=(), last_token_logins={}), LEE.id)

    assert (one.last, one.is_known, unseen.is_known) == (None, True, False)


def test_what_could_not_be_read_is_not_called_unused() -> None:
    (one,) = dependents(world(token_uses=(), gaps=(Gap(Gapped.LOGINS, "hidden.", "add it"),)), LEE.id)

    assert one.told == 'token "hub" of Shipping Hub, whose use is not known'


def test_a_plan_warns_of_the_tokens_that_a_removed_role_stops() -> None:
    (finding,) = found(world(), roles=(ADMIN.name,), exactly=True)

    assert (finding.severity, finding.address) == (Severity.WARNING, "employees.lee.roles")
    assert 'token "hub" of Shipping Hub, last used at 2026-11-21 12:00 UTC' in finding.detail
    assert finding.hint


def test_a_plan_warns_of_the_tokens_of_whoever_leaves() -> None:
    assert len(found(world(), access=False)) == 1
    assert len(found(world(), active=False)) == 1


def test_a_plan_that_takes_nothing_away_warns_of_nothing() -> None:
    assert found(world(), roles=(ADMIN.name,)) == []
    assert found(world(tokens=(a_token(),)), active=False) == []


def test_the_tokens_that_the_handover_itself_ends_are_its_purpose() -> None:
    plan = build_plan(a_desired_state(), world())

    assert [item for item in plan.diagnostics if item.rule == ALSO_AFFECTED] == []


def test_a_plan_is_not_made_stale_by_what_else_depends() -> None:
    """Whether another token was used meanwhile is no fact that the plan rests on."""
    desired = a_desired_state()
    before, after = (build_plan(desired, live) for live in (world(), world(token_uses=())))

    assert (before.digest, before.observed) == (after.digest, after.observed)
    assert before.digest == digest(desired, before.observed)
