"""What must hold in every account, for every wish, at every point where a run may stop."""

import random
from dataclasses import replace
from typing import TypeVar

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconciler.core.desired import DesiredState, FreezeWindow, GuardSettings
from reconciler.core.diagnostics import has_errors
from reconciler.core.directory import Directory
from reconciler.core.employees import losing_something
from reconciler.core.guarding import taken_from
from reconciler.core.guards import GUARDS
from reconciler.core.live import Gap, Gapped, LiveState
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan
from reconciler.core.step import GrantRole, Status
from tests.support.builders import NOW
from tests.support.worlds import World, worlds

T = TypeVar("T")
many = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
MOST_ROUNDS = 40


def without_people(world: World) -> DesiredState:
    """The handovers of a world alone: what is asked of people besides waits for silence, not for steps."""
    return replace(world.desired, employees=())


@many
@given(worlds())
def test_no_prefix_of_a_handover_takes_a_working_token_away(world: World) -> None:
    account = world.account()
    before = account.working()

    for step in build_plan(without_people(world), world.live, guards=()).steps:
        if step.status is not Status.DONE:
            account.do(step)
            assert before <= account.working(), f"after {step.id}"


@many
@given(worlds())
def test_whatever_is_ready_can_be_done_in_any_order(world: World) -> None:
    account = world.account()
    before = account.working()
    ready = [step for step in build_plan(world.desired, world.live).steps if step.status is Status.READY]

    for step in sorted(ready, key=lambda step: step.id, reverse=True):
        account.do(step)
        assert before <= account.working(), f"after {step.id}"


def foreign_tokens_of_leavers(world: World) -> bool:
    """Somebody shall lose something, and an application that nobody declares goes on working with their token."""
    owners = {token.id: token.owner_id for token in world.live.tokens}
    declared = {one.application for one in world.desired.integrations}
    at_work = {owners[identifier] for name, identifier in world.in_use if name not in declared}
    directory = Directory(world.live)
    losing = {person.id for one in losing_something(world.desired) for person in directory.people(one.person)}
    return bool(at_work & losing)


@many
@given(worlds())
def test_a_plan_carried_to_its_end_is_followed_by_an_empty_one(world: World) -> None:
    account = world.account()
    plan = build_plan(world.desired, account.live, guards=())
    assume(not has_errors(plan.diagnostics))
    assume("cannot-tell-apart" not in {item.rule for item in plan.diagnostics})
    assume(not foreign_tokens_of_leavers(world))
    before = account.working()

    for _ in range(MOST_ROUNDS):
        if not plan.steps:
            break
        ready = [step for step in plan.steps if step.status is Status.READY]
        for step in ready:
            account.do(step)
        if not ready:
            account.idle()
        account.work()
        assert before <= account.working()
        plan = build_plan(world.desired, account.live, guards=())

    assert plan.changes == ()
    assert plan.steps == ()
    assert {integration.application for integration in world.desired.integrations} <= account.working()


def shuffled(live: LiveState, seed: int) -> LiveState:
    generator = random.Random(seed)  # noqa: S311  a shuffle in a test, not a secret

    def mixed(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(generator.sample(items, len(items)))

    return replace(
        live,
        employees=mixed(live.employees),
        roles=mixed(live.roles),
        grants=mixed(live.grants),
        tokens=mixed(live.tokens),
        integrations=mixed(live.integrations),
        logins=mixed(live.logins),
    )


@many
@given(worlds(), st.integers())
def test_equal_facts_in_another_order_give_the_same_plan(world: World, seed: int) -> None:
    assert build_plan(world.desired, world.live) == build_plan(world.desired, shuffled(world.live, seed))


@many
@given(
    worlds(),
    st.builds(
        GuardSettings,
        max_removals=st.integers(0, 3),
        min_administrators=st.integers(0, 6),
        freeze=st.sampled_from([(), (FreezeWindow(NOW, NOW.replace(year=2027), "year end"),)]),
    ),
)
def test_guards_hold_removals_back_and_never_repairs(world: World, guards: GuardSettings) -> None:
    desired = replace(world.desired, guards=guards)
    free = {step.id: step for step in build_plan(desired, world.live, guards=()).steps}
    guarded = {step.id: step for step in build_plan(desired, world.live).steps}

    assert free.keys() == guarded.keys()
    for identifier, step in guarded.items():
        if step != free[identifier]:
            operation = step.operation
            makes_administrator = isinstance(operation, GrantRole) and operation.makes_an_administrator
            assert taken_from(operation) is not None or makes_administrator
            assert step.status is Status.BLOCKED


def taken_away(plan: Plan) -> set[str]:
    return {step.id for step in plan.steps if step.status is Status.READY and taken_from(step.operation) is not None}


def without(live: LiveState, what: Gapped) -> LiveState:
    """The same account to a role that may not read one table."""
    gapped = replace(live, gaps=(Gap(what, "hidden", "add a permission"),))
    match what:
        case Gapped.EMPLOYEES:
            return replace(gapped, employees=())
        case Gapped.ROLES:
            return replace(gapped, roles=())
        case Gapped.GRANTS:
            return replace(gapped, grants=())
        case Gapped.TOKENS:
            return replace(gapped, tokens=())
        case Gapped.INTEGRATIONS:
            return replace(gapped, integrations=())
        case Gapped.LOGINS:
            return replace(gapped, logins=())
    return gapped


@many
@given(worlds(), st.sampled_from([what for what in Gapped if what is not Gapped.IDENTITY]))
def test_a_table_that_cannot_be_read_never_leads_to_a_removal(world: World, what: Gapped) -> None:
    blind = build_plan(world.desired, without(world.live, what))

    assert taken_away(blind) <= taken_away(build_plan(world.desired, world.live))
    assert not blind.complete


@many
@given(worlds())
def test_the_order_alone_keeps_working_tokens_and_the_second_opinion_never_objects(world: World) -> None:
    rules = {item.rule for item in build_plan(without_people(world), world.live, guards=GUARDS).diagnostics}

    assert "working-token" not in rules
