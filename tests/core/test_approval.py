"""A saved plan stands while only what it predicted moves, and falls with anything else."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.core.approval import Approval
from reconciler.core.desired import DesiredState, GuardSettings
from reconciler.core.diagnostics import has_errors
from reconciler.core.digest import Fact
from reconciler.core.errors import StalePlanError
from reconciler.core.live import IntegrationRecord, IntegrationState, LiveState
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan
from reconciler.core.selection import Selection
from reconciler.core.step import Actor, Status
from tests.core.test_promises import MOST_ROUNDS, foreign_tokens_of_leavers, many
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    FILE,
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
from tests.support.worlds import World, worlds

LIVE = a_live_state()
NEW = a_token("600", DANA, created=NOW - timedelta(hours=1))
GRANTED = with_grants(LIVE, (DANA, CONNECTOR))


def made(live: LiveState = LIVE, desired: DesiredState | None = None) -> Approval:
    return Approval(build_plan(desired or a_desired_state(), live))


def refusals(approval: Approval, live: LiveState, desired: DesiredState | None = None) -> list[str]:
    wanted = desired or a_desired_state()
    try:
        approval.require_unmoved(wanted, live, build_plan(wanted, live))
    except StalePlanError as error:
        return [item.detail for item in error.diagnostics]
    return []


def test_a_step_is_covered_by_its_own_name_alone() -> None:
    approval = made()
    (step,) = approval.plan.ready(Actor.RECONCILER)

    assert approval.covers(step)
    assert not approval.covers(replace(step, id=f"{step.id}0"))


def test_a_plan_of_a_part_approves_no_other_part() -> None:
    address = "integrations.netsuite-connector"
    part = build_plan(a_desired_state(), LIVE, selection=Selection.of([address]))
    with pytest.raises(StalePlanError) as caught:
        Approval(part).require_unmoved(a_desired_state(), LIVE, build_plan(a_desired_state(), LIVE))

    assert [item.detail for item in caught.value.diagnostics] == [
        f"The plan was made for --only {address}, and {FILE} says everything."
    ]


@many
@given(worlds())
def test_a_plan_stands_until_its_handover_is_complete(world: World) -> None:
    account = world.account()
    plan = build_plan(world.desired, account.live)
    assume(not has_errors(plan.diagnostics))
    assume(not foreign_tokens_of_leavers(world))
    approval = Approval(plan)

    for _ in range(MOST_ROUNDS):
        approval.require_unmoved(world.desired, account.live, plan)
        ready = [step for step in plan.steps if step.status is Status.READY]
        for step in ready:
            account.do(step)
            now = build_plan(world.desired, account.live)
            approval.require_unmoved(world.desired, account.live, now)
        if not plan.steps:
            break
        account.idle()
        plan = build_plan(world.desired, account.live)


PROGRESS: dict[str, LiveState] = {
    "the role is granted": GRANTED,
    "the token is made": replace(GRANTED, tokens=(a_token(), NEW)),
    "the token is tried": replace(GRANTED, tokens=(a_token(), NEW), logins=(*LIVE.logins, logins(NEW, *hours(0.5)))),
    "the old token is inactive": replace(
        GRANTED, tokens=(a_token(inactive=True), NEW), logins=(*LIVE.logins, logins(NEW, *hours(0.5, 0.1)))
    ),
    "the old token is revoked": replace(
        GRANTED,
        tokens=(a_token(inactive=True, revoked=True), NEW),
        logins=(*LIVE.logins, logins(NEW, *hours(0.5, 0.1))),
    ),
}


@pytest.mark.parametrize("what", PROGRESS)
def test_predicted_progress_is_never_stale(what: str) -> None:
    assert refusals(made(), PROGRESS[what]) == []


BLOCKED = replace(LIVE, integrations=(IntegrationRecord("7", APPLICATION, IntegrationState.BLOCKED),))
MOVED: dict[str, LiveState] = {
    "employee ann@example.com": changed(LIVE, ANN, active=False),
    "employee ann@example.com ": changed(LIVE, ANN, access=False),
    "employee dana.ortiz@example.com": with_grants(LIVE, (DANA, READER)),
    "employee dana.ortiz@example.com ": without_grants(LIVE, (DANA, ADMIN)),
    "token 500": replace(LIVE, tokens=(a_token(name="renamed"),)),
    "token 601": replace(LIVE, tokens=(a_token(), a_token("601", LEE))),
    "token 602": replace(GRANTED, tokens=(a_token(), a_token("602", DANA, role_id=ADMIN.id))),
    "token 900": replace(LIVE, tokens=(a_token(), a_token("900", ANN, application="x", application_id="9"))),
    f"application {APPLICATION}": BLOCKED,
    "role NetSuite Connector Web Services": replace(
        LIVE, roles=tuple(replace(role, active=role != CONNECTOR) for role in LIVE.roles)
    ),
}


@pytest.mark.parametrize("fact", MOVED)
def test_any_other_fact_that_moved_is_named(fact: str) -> None:
    told = refusals(made(), MOVED[fact])

    assert any(detail.startswith(f"{fact.strip()} ") for detail in told), told


def test_an_application_may_go_over_to_the_token_that_shall_stay_and_to_no_other() -> None:
    stray = a_token("700", LEE, created=NOW - timedelta(days=9))
    before = replace(LIVE, tokens=(a_token(), stray))
    after = replace(with_grants(before, (LEE, CONNECTOR)), logins=(*LIVE.logins, logins(stray, *hours(0.5, 0.1))))
    told = refusals(made(with_grants(before, (LEE, CONNECTOR))), after)

    assert "integrations.netsuite-connector: token in use was: id 500; is now: id 700." in told


def test_a_token_that_was_proven_has_to_stay_so() -> None:
    proven = replace(GRANTED, tokens=(a_token(), NEW), logins=(*LIVE.logins, logins(NEW, *hours(0.5, 0.1))))
    overtaken = replace(proven, logins=(*proven.logins, logins(a_token(), *hours(0.05))))
    told = refusals(made(proven), overtaken)

    assert "integrations.netsuite-connector: token to keep was: id 600, proven; is now: id 600, overtaken." in told


def test_whoever_stands_by_may_not_lose_the_role_meanwhile() -> None:
    desired = a_desired_state(an_integration(standby=(email("lee.wong@example.com"),)))
    approval = made(with_grants(LIVE, (LEE, CONNECTOR)), desired)

    assert any(detail.startswith("employee lee.wong@example.com was") for detail in refusals(approval, LIVE, desired))


def test_what_was_blocked_may_be_enabled_but_not_the_other_way_round() -> None:
    assert refusals(made(BLOCKED), LIVE) == []
    assert refusals(made(LIVE), BLOCKED)


def test_a_token_that_is_kept_may_not_go_and_a_proven_one_not_be_overtaken() -> None:
    proven = PROGRESS["the old token is inactive"]
    approval = made(proven)

    assert refusals(approval, proven) == []
    gone = replace(proven, tokens=(a_token(inactive=True), replace(NEW, inactive=True)))
    assert any(detail.startswith("token 600 was") for detail in refusals(approval, gone)), refusals(approval, gone)
    back = replace(proven, tokens=(a_token(), NEW), logins=(*proven.logins, logins(a_token(), *hours(0.01))))
    assert any("token 500 was" in detail for detail in refusals(approval, back))


DIFFERENT: dict[str, DesiredState] = {
    "another owner": a_desired_state(an_integration(owner=email("lee.wong@example.com"))),
    "a shorter silence": a_desired_state(an_integration(quiet_period=timedelta(hours=1))),
    "more removals": a_desired_state(guards=GuardSettings(max_removals=9)),
    "another account": a_desired_state(account="7654321"),
    "a real account in place of the emulator's": a_desired_state(emulator=True),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_file_that_changed_since_is_another_desired_state(what: str) -> None:
    assert len(refusals(made(), LIVE, DIFFERENT[what])) == 1


@given(st.data())
def test_a_plan_that_was_changed_by_hand_is_refused(data: st.DataObject) -> None:
    plan = made().plan
    number = data.draw(st.integers(0, len(plan.observed) - 1))
    fact = plan.observed[number]
    value = data.draw(st.text().filter(lambda text: text != fact.value))
    observed = (*plan.observed[:number], Fact(fact.fact, value), *plan.observed[number + 1 :])

    assert refusals(Approval(replace(plan, observed=observed)), LIVE)


def test_a_step_that_the_file_does_not_list_is_not_carried_out() -> None:
    plan = made().plan
    approval = Approval(replace(plan, steps=plan.steps[1:]))

    assert refusals(approval, LIVE) == [
        f"The plan has no step to grant {CONNECTOR.name} to dana.ortiz@example.com, which would be next."
    ]
    assert not approval.covers(plan.steps[0])


def test_two_people_of_one_address_are_never_taken_for_each_other() -> None:
    twin = replace(ANN, id="11", active=False)
    approved: Plan = made().plan
    both = replace(LIVE, employees=(*LIVE.employees, twin), tokens=(a_token(), a_token("501", twin, inactive=True)))

    assert any("ann@example.com" in detail for detail in refusals(Approval(approved), both))


def test_what_is_told_is_one_line_each() -> None:
    for live in MOVED.values():
        for detail in refusals(made(), live):
            assert "\n" not in detail
            json.dumps(detail)


def edited(approval: Approval, place: int, **different: Any) -> Approval:
    plan = approval.plan
    steps = tuple(replace(step, **different) if at == place else step for at, step in enumerate(plan.steps))
    return Approval(replace(plan, steps=steps))


@pytest.mark.parametrize(
    "different",
    [
        {"summary": "grant Buyer to tom.becker@example.com"},
        {"actor": Actor.TIME},
        {"kind": "revoke-token"},
        {"id": "revoke-token/500/"},
        {"address": "integrations.other.token"},
        {"needs": ("revoke-token/500", "grant-role/1/2")},
    ],
)
@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_step_that_somebody_rewrote_is_no_approval(place: int, different: dict[str, Any]) -> None:
    approval = made()
    told = refusals(edited(approval, place % len(approval.plan.steps), **different), LIVE)

    assert any("do not lead to that" in detail or "has no step" in detail for detail in told), told


def test_steps_and_changes_that_were_left_out_or_added_are_named() -> None:
    plan = made().plan

    def told(**different: Any) -> str:
        return " ".join(refusals(Approval(replace(plan, **different)), LIVE))

    last = plan.steps[-1].summary
    assert f"The plan does not say: reconciler: {last}" in told(steps=plan.steps[:-1])
    assert f"The plan says: reconciler: {last}" in told(steps=(*plan.steps, plan.steps[-1]))
    change = plan.changes[0]
    assert f"The plan does not say: {change.action} {change.address} from" in told(changes=plan.changes[1:])
    assert "from ann@example.com" in told(changes=tuple(replace(one, after=one.before) for one in plan.changes))
    assert told(steps=plan.steps[::-1], changes=plan.changes[::-1], applyable=False) == "", "order is the file's"


@many
@given(worlds(), st.integers(0, 24 * 90), st.booleans())
def test_a_plan_says_the_same_as_long_as_its_facts_do(world: World, later: int, works: bool) -> None:
    account = world.account()
    # Which of two tokens of one name is at work, logins tell, and these are no facts of a digest: what was approved
    # about the one is refused then, and not carried out on the other.
    named = [(token.application, token.owner_id, token.name) for token in account.live.tokens if token.live]
    assume(len(named) == len(set(named)))
    plan = build_plan(world.desired, account.live)
    assume(not has_errors(plan.diagnostics))
    account.live = replace(account.live, read_at=account.live.read_at + timedelta(hours=later))
    if works:
        account.work()
    now = build_plan(world.desired, account.live)
    assume(frozenset(plan.observed) == frozenset(now.observed))

    Approval(plan).require_unmoved(world.desired, account.live, now)
