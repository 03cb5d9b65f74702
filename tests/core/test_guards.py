"""Guards hold back what takes something away, say why, and let everything else through."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from reconciler.core.desired import ActsAs, DesiredState, FreezeWindow, GuardSettings, PersonKey, PersonRef, declared
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.directory import Directory
from reconciler.core.guarding import Situation, guarded
from reconciler.core.guards import GUARDS, is_guard, overridable
from reconciler.core.handover import handover
from reconciler.core.instructions import summary
from reconciler.core.live import Identity, LiveState
from reconciler.core.ordering import Rule
from reconciler.core.plan_building import build_plan
from reconciler.core.resolve import resolve
from reconciler.core.step import (
    KIND,
    Actor,
    CreateToken,
    DeactivateToken,
    EnterCredentials,
    GrantRole,
    Inactivate,
    Operation,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
    step_id,
)
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    LEE,
    NOW,
    READER,
    TOOL_ADMIN,
    TOOL_READER,
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
STRAY = a_token("501", LEE)
SECOND_STRAY = a_token("502", DANA, role_id=READER.id)
REPAIRS: tuple[Operation, ...] = (
    GrantRole(DANA, CONNECTOR, for_token=True),
    CreateToken(APPLICATION, DANA, CONNECTOR, "a name"),
)
REVOKE, REVOKE_STRAY = RevokeToken(APPLICATION, OLD), RevokeToken(APPLICATION, STRAY)


@dataclass(frozen=True)
class Case:
    """`held` are steps that this guard holds back, `free` others that it lets through."""

    held: tuple[Operation, ...]
    free: tuple[Operation, ...]
    says: str
    live: LiveState
    desired: DesiredState
    last_declared: frozenset[str] = frozenset()


def a_case(
    held: Sequence[Operation],
    free: Sequence[Operation],
    says: str,
    live: LiveState | None = None,
    guards: GuardSettings | None = None,
    last_declared: Iterable[str] = (),
) -> Case:
    desired = a_desired_state(guards=guards or GuardSettings())
    return Case(tuple(held), (*free, *REPAIRS), says, live or a_live_state(), desired, frozenset(last_declared))


FREEZE = FreezeWindow(NOW - timedelta(days=1), NOW + timedelta(days=1), "year end")
CASES = {
    "own-access": a_case(
        [
            RevokeToken(APPLICATION, a_token("700", TOOL_READER, role_id=READER.id)),
            RemoveRole(TOOL_READER, READER, (APPLICATION,)),
            DeactivateToken(APPLICATION, a_token("701", TOOL_ADMIN, role_id=ADMIN.id)),
        ],
        [REVOKE, RemoveRole(TOOL_READER, CONNECTOR, (APPLICATION,)), GrantRole(TOOL_READER, ADMIN, for_token=False)],
        "this tool itself logs in with",
    ),
    "min-administrators": a_case(
        [REVOKE, RemoveRole(ANN, CONNECTOR, (APPLICATION,))],
        [GrantRole(LEE, ADMIN, for_token=False)],
        "4 active administrators are visible; guards.min_administrators asks for 5",
        guards=GuardSettings(min_administrators=5),
    ),
    "last-role": a_case(
        [RemoveRole(ANN, CONNECTOR, (APPLICATION,))],
        [REVOKE, RemoveRole(DANA, CONNECTOR, (APPLICATION,)), GrantRole(LEE, READER, for_token=False)],
        "ann@example.com would be left without any role",
        with_grants(without_grants(a_live_state(), (ANN, ADMIN)), (DANA, CONNECTOR)),
    ),
    "protected-employees": a_case(
        [REVOKE, RemoveRole(ANN, CONNECTOR, (APPLICATION,)), GrantRole(ANN, ADMIN, for_token=False)],
        [REVOKE_STRAY, GrantRole(ANN, READER, for_token=False), GrantRole(LEE, ADMIN, for_token=False)],
        "ann@example.com is listed under guards.protected_employees",
        guards=GuardSettings(protected_employees=(email("ANN@example.com"),)),
    ),
    "max-removals": a_case(
        [REVOKE, REVOKE_STRAY],
        [GrantRole(LEE, ADMIN, for_token=False)],
        "2 removals are due at once; guards.max_removals allows 1",
        guards=GuardSettings(max_removals=1),
    ),
    "freeze": a_case(
        [REVOKE, GrantRole(LEE, ADMIN, for_token=False)],
        [],
        "Frozen until 2026-11-23 12:00 UTC: year end",
        guards=GuardSettings(freeze=(FREEZE,)),
    ),
    "declares-less": a_case(
        [REVOKE, GrantRole(LEE, ADMIN, for_token=False)],
        [GrantRole(LEE, READER, for_token=False)],
        "declared 4 applications and people when it was last applied; 3 of them are gone, among them application A.",
        last_declared=(f"application {APPLICATION}", "application A", "application B", "employee c@example.com"),
    ),
    "working-token": a_case(
        [DeactivateToken(APPLICATION, OLD), RemoveRole(ANN, CONNECTOR, (APPLICATION,))],
        [DeactivateToken(APPLICATION, STRAY), RemoveRole(DANA, CONNECTOR, (APPLICATION,))],
        "a token that an application is at work with",
    ),
}


def steps_for(live: LiveState, operations: Sequence[Operation], status: Status = Status.READY) -> tuple[Step, ...]:
    return tuple(
        Step(
            id=step_id(operation),
            kind=KIND[type(operation)],
            actor=Actor.PERSON,
            address=f"address of {step_id(operation)}",
            status=status,
            needs=(),
            summary=summary(operation, live),
            instructions=("do it",),
            done_when="it is done",
            operation=operation,
        )
        for operation in operations
    )


def judged_by(
    rule: str,
    steps: Sequence[Step],
    live: LiveState,
    desired: DesiredState,
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> tuple[tuple[Step, ...], tuple[Diagnostic, ...]]:
    """What one guard alone makes of these steps."""
    directory = Directory(live)
    judged = tuple(handover(one, live) for one in resolve(desired, directory)[0])
    only = [guard for guard in GUARDS if guard.rule == rule]
    before = CASES[rule].last_declared
    return guarded(Situation(desired, live, directory, judged, tuple(steps), before), only, overrides)


def held(rule: str, operations: Sequence[Operation], live: LiveState, desired: DesiredState) -> set[str]:
    steps, _ = judged_by(rule, steps_for(live, operations), live, desired)
    return {step.id for step in steps if step.status is Status.BLOCKED}


def test_every_guard_has_a_case_and_every_case_a_guard() -> None:
    assert sorted(CASES) == sorted(guard.rule for guard in GUARDS)
    assert all(is_guard(rule) for rule in CASES)
    assert not is_guard("outage")


@pytest.mark.parametrize("rule", CASES)
def test_a_guard_holds_back_what_it_is_for_and_lets_the_rest_through(rule: str) -> None:
    case = CASES[rule]

    found = held(rule, [*case.held, *case.free], case.live, case.desired)

    assert found == {step_id(operation) for operation in case.held}


@pytest.mark.parametrize("rule", CASES)
def test_what_a_guard_holds_back_is_blocked_without_instructions_and_names_the_guard(rule: str) -> None:
    case = CASES[rule]
    steps, _ = judged_by(rule, steps_for(case.live, case.held), case.live, case.desired)

    for step in steps:
        assert step.status is Status.BLOCKED
        assert step.instructions == ()
        assert step.note == f"held back by guard {rule}"


@pytest.mark.parametrize("rule", CASES)
def test_a_guard_is_silent_when_nothing_is_taken_away(rule: str) -> None:
    case = CASES[rule]

    assert judged_by(rule, steps_for(case.live, REPAIRS), case.live, case.desired)[1] == ()


@pytest.mark.parametrize("rule", CASES)
def test_the_message_says_why_and_names_each_step_and_what_to_do(rule: str) -> None:
    case = CASES[rule]
    steps = steps_for(case.live, case.held)

    (diagnostic,) = {item.detail.split(" Held back: ")[0]: item for item in guard_says(rule, steps, case)}.values()

    assert diagnostic.rule == rule
    assert diagnostic.summary == next(guard.summary for guard in GUARDS if guard.rule == rule)
    assert case.says in diagnostic.detail
    assert diagnostic.hint
    assert diagnostic.address in {step.address for step in steps}


def guard_says(rule: str, steps: Sequence[Step], case: Case) -> tuple[Diagnostic, ...]:
    found = judged_by(rule, steps, case.live, case.desired)[1]
    told = " ".join(item.detail for item in found)
    assert all(step.summary in told for step in steps)
    return found


@pytest.mark.parametrize("rule", sorted(CASES.keys() - {"max-removals"}))
def test_a_guard_only_warns_of_what_is_to_come(rule: str) -> None:
    case = CASES[rule]
    ready = judged_by(rule, steps_for(case.live, case.held), case.live, case.desired)[1]
    later = judged_by(rule, steps_for(case.live, case.held, Status.BLOCKED), case.live, case.desired)[1]

    assert {item.severity for item in ready} == {Severity.ERROR}
    assert {item.severity for item in later} == {Severity.WARNING}


FINAL = {"own-access", "working-token"}


@pytest.mark.parametrize("rule", sorted(CASES.keys() - FINAL))
def test_a_guard_that_is_overridden_holds_nothing_back_and_tells_the_reason(rule: str) -> None:
    case = CASES[rule]
    steps = steps_for(case.live, case.held)
    after, found = judged_by(rule, steps, case.live, case.desired, {rule: "agreed with the CFO"})

    assert after == steps
    assert found
    assert {item.severity for item in found} == {Severity.WARNING}
    assert all("Overridden (agreed with the CFO), so not held back: " in item.detail for item in found)
    assert rule in overridable()


@pytest.mark.parametrize("rule", sorted(FINAL))
def test_no_reason_overrides_what_keeps_the_tool_and_the_applications_at_work(rule: str) -> None:
    case = CASES[rule]
    steps = steps_for(case.live, case.held)

    told = judged_by(rule, steps, case.live, case.desired)
    assert judged_by(rule, steps, case.live, case.desired, {rule: "because"}) == told
    assert rule not in overridable()


def test_an_override_of_one_guard_leaves_the_others_alone() -> None:
    case = CASES["freeze"]
    steps = steps_for(case.live, case.held)

    told = judged_by("freeze", steps, case.live, case.desired)
    assert judged_by("freeze", steps, case.live, case.desired, {"last-role": "x"}) == told


def test_a_file_that_loses_half_of_few_or_renames_its_addresses_is_no_smaller_one() -> None:
    desired = a_desired_state(an_integration(), an_integration(key="renamed", application="Other"))

    assert declared(desired) == {f"application {APPLICATION}", "application Other"}
    assert declared(replace(desired, integrations=desired.integrations[::-1])) == declared(desired)


def test_removals_that_are_not_due_do_not_count_against_the_limit() -> None:
    case = CASES["max-removals"]
    due = steps_for(case.live, [REVOKE])
    later = steps_for(case.live, [REVOKE_STRAY], Status.BLOCKED)

    assert judged_by("max-removals", [*due, *later], case.live, case.desired) == ((*due, *later), ())
    (error,) = judged_by("max-removals", steps_for(case.live, case.held), case.live, case.desired)[1]
    assert error.severity is Severity.ERROR


@pytest.mark.parametrize("rule", sorted(CASES.keys() - {"working-token"}))
def test_what_is_done_is_not_held_back(rule: str) -> None:
    case = CASES[rule]
    done = steps_for(case.live, case.held, Status.DONE)

    assert judged_by(rule, done, case.live, case.desired) == (done, ())


def test_nothing_is_taken_away_while_nobody_knows_who_the_tool_is() -> None:
    live = a_live_state(reader=None)
    operations = [REVOKE, *REPAIRS]

    assert held("own-access", operations, live, a_desired_state(reader=None)) == {step_id(REVOKE)}
    assert held("own-access", operations, live, a_desired_state(writer=None)) == {step_id(REVOKE)}
    unknown = ActsAs(email("nobody@example.com"), ADMIN.name)
    assert held("own-access", operations, live, a_desired_state(writer=unknown)) == {step_id(REVOKE)}


def test_a_declared_login_is_enough_where_the_account_does_not_show_it() -> None:
    live = a_live_state(reader=None)

    assert held("own-access", [REVOKE], live, a_desired_state()) == set()
    assert held("own-access", [REVOKE], live, a_desired_state(writer=None, can_write=False)) == set()


def test_a_token_beside_the_one_that_reads_may_be_the_one_that_writes() -> None:
    """Where no file says as whom the tool writes, the record of the reading login is all that tells."""
    own = a_token("700", TOOL_READER, role_id=READER.id, application="The Tool")
    beside = a_token("701", TOOL_ADMIN, role_id=ADMIN.id, application="The Tool")
    live = a_live_state(tokens=(OLD, own, beside))
    operations: list[Operation] = [DeactivateToken("The Tool", beside), RevokeToken("The Tool", beside), REVOKE]
    reads_only = a_desired_state(writer=None, can_write=False)

    assert held("own-access", operations, live, reads_only) == {step_id(one) for one in operations[:2]}
    gone = replace(live, tokens=(OLD, replace(own, revoked=True), beside))
    assert held("own-access", operations, gone, reads_only) == set(), "another login reads"
    writer = ActsAs(email(ANN.email or ""), ADMIN.name)
    assert held("own-access", operations, live, a_desired_state(writer=writer)) == set(), "and another one writes"


def test_an_inactive_namesake_does_not_hide_who_the_tool_is() -> None:
    live = a_live_state(reader=None)
    namesake = replace(TOOL_ADMIN, id="92", active=False)
    old_role = replace(READER, id="1091", active=False)
    live = replace(live, employees=(*live.employees, namesake), roles=(*live.roles, old_role))

    assert held("own-access", [REVOKE], live, a_desired_state()) == set()


def test_the_login_that_was_seen_counts_more_than_the_declared_one() -> None:
    live = a_live_state(reader=Identity(ANN.id, CONNECTOR.id))

    assert held("own-access", [REVOKE], live, a_desired_state()) == {step_id(REVOKE)}


def test_administrators_without_access_or_inactive_do_not_count() -> None:
    desired = a_desired_state(guards=GuardSettings(min_administrators=4))

    assert held("min-administrators", [REVOKE], a_live_state(), desired) == set()
    for weak in ({"active": False}, {"access": False}):
        live = changed(a_live_state(), LEE, **weak)
        assert held("min-administrators", [REVOKE], live, desired) == {step_id(REVOKE)}


def test_an_administrator_who_would_be_lost_is_counted_off() -> None:
    live, desired = a_live_state(), a_desired_state(guards=GuardSettings(min_administrators=4))
    demotion = RemoveRole(LEE, ADMIN, (APPLICATION,))
    _, (diagnostic,) = judged_by("min-administrators", steps_for(live, [demotion]), live, desired)

    assert "4 active administrators are visible, 3 would be left" in diagnostic.detail


def test_losing_two_roles_one_after_the_other_is_losing_the_last_one() -> None:
    both = [RemoveRole(ANN, ADMIN, (APPLICATION,)), RemoveRole(ANN, CONNECTOR, (APPLICATION,))]

    assert held("last-role", both, a_live_state(), a_desired_state()) == {step_id(one) for one in both}
    assert held("last-role", both[:1], a_live_state(), a_desired_state()) == set()


def test_whoever_is_given_another_role_first_is_not_left_without() -> None:
    live = without_grants(a_live_state(), (ANN, ADMIN))
    operations: list[Operation] = [
        GrantRole(ANN, READER, for_token=False),
        RemoveRole(ANN, CONNECTOR, (APPLICATION,)),
    ]

    assert held("last-role", operations, live, a_desired_state()) == set()


@pytest.mark.parametrize(
    ("lee", "tool"), [(RemoveAccess(LEE), RemoveAccess(TOOL_READER)), (Inactivate(LEE), Inactivate(TOOL_READER))]
)
def test_leaving_takes_away_every_role_and_every_guard_knows(lee: Operation, tool: Operation) -> None:
    narrow = a_desired_state(guards=GuardSettings(min_administrators=4, max_removals=0))
    shielded = a_desired_state(guards=GuardSettings(protected_employees=(email(LEE.email or ""),)))

    assert held("own-access", [tool, lee], a_live_state(), a_desired_state()) == {step_id(tool)}
    assert held("min-administrators", [lee], a_live_state(), narrow) == {step_id(lee)}
    assert held("max-removals", [lee], a_live_state(), narrow) == {step_id(lee)}
    assert held("protected-employees", [lee], a_live_state(), shielded) == {step_id(lee)}


def test_nobody_leaves_whose_token_is_at_work() -> None:
    assert held("working-token", [Inactivate(ANN)], a_live_state(), a_desired_state()) == {step_id(Inactivate(ANN))}
    assert held("working-token", [RemoveAccess(LEE)], a_live_state(), a_desired_state()) == set()


def test_an_undeclared_token_is_at_work_until_its_owner_is_known_to_be_silent() -> None:
    foreign = a_token("700", LEE, application="Shipping Hub", application_id="8")
    live = a_live_state(tokens=(OLD, foreign))
    silent = replace(live, last_token_logins={LEE.id: None})

    assert held("working-token", [Inactivate(LEE)], live, a_desired_state()) == {step_id(Inactivate(LEE))}
    assert held("working-token", [Inactivate(LEE)], silent, a_desired_state()) == set()


def test_a_protected_person_who_cannot_be_found_holds_back_every_removal() -> None:
    missing = (email("break.glass@example.com"), PersonRef(PersonKey.ENTITY_ID, "Break Glass"))
    desired = a_desired_state(guards=GuardSettings(protected_employees=missing))
    live = a_live_state()
    steps, (diagnostic,) = judged_by("protected-employees", steps_for(live, [REVOKE, *REPAIRS]), live, desired)

    assert [step.status for step in steps] == [Status.BLOCKED, Status.READY, Status.READY]
    assert "break.glass@example.com, entity_id:Break Glass" in diagnostic.detail


def test_an_inactive_person_is_protected_too() -> None:
    desired = a_desired_state(guards=GuardSettings(protected_employees=(email(ANN.email or ""),)))

    assert held("protected-employees", [REVOKE], changed(a_live_state(), ANN, active=False), desired)


def test_a_token_and_its_role_count_once() -> None:
    desired = a_desired_state(guards=GuardSettings(max_removals=1))

    assert held("max-removals", [REVOKE, RemoveRole(ANN, CONNECTOR, ())], a_live_state(), desired) == set()
    assert held("max-removals", [REVOKE, RemoveRole(ANN, ADMIN, ())], a_live_state(), desired)


def test_two_tokens_of_one_person_and_role_count_twice() -> None:
    desired = a_desired_state(guards=GuardSettings(max_removals=1))
    other = RevokeToken("Shipping Hub", a_token("800", ANN, application="Shipping Hub"))

    assert held("max-removals", [REVOKE, other], a_live_state(), desired) == {step_id(REVOKE), step_id(other)}


def test_as_many_removals_as_allowed_may_be_due() -> None:
    desired = a_desired_state(guards=GuardSettings(max_removals=2))

    assert held("max-removals", [REVOKE, REVOKE_STRAY], a_live_state(), desired) == set()


@pytest.mark.parametrize(
    ("start", "end", "frozen"),
    [
        (NOW, NOW + timedelta(seconds=1), True),
        (NOW - timedelta(days=1), NOW, False),
        (NOW + timedelta(seconds=1), NOW + timedelta(days=1), False),
        (NOW - timedelta(days=1), NOW + timedelta(seconds=1), True),
    ],
)
def test_a_freeze_begins_with_its_first_instant_and_ends_before_its_last(
    start: datetime, end: datetime, frozen: bool
) -> None:
    window = replace(FREEZE, start=start, end=end)
    desired = a_desired_state(guards=GuardSettings(freeze=(window,)))

    assert bool(held("freeze", [REVOKE], a_live_state(), desired)) is frozen


def test_entering_the_new_token_frees_the_old_one() -> None:
    new = a_token("600", DANA)
    live, desired = a_live_state(tokens=(OLD, new)), a_desired_state()
    enter = EnterCredentials(APPLICATION, DANA, CONNECTOR, new, "a name", OLD)
    deactivate = DeactivateToken(APPLICATION, OLD)

    assert held("working-token", [enter, deactivate], live, desired) == set()
    assert held("working-token", [deactivate, enter], live, desired) == {step_id(deactivate)}
    then_the_new_one = DeactivateToken(APPLICATION, new)
    assert held("working-token", [enter, then_the_new_one], live, desired) == {step_id(then_the_new_one)}
    not_made_yet = replace(enter, token=None)
    assert held("working-token", [not_made_yet, deactivate], live, desired) == set()


def test_every_live_token_of_an_undeclared_application_counts_as_working() -> None:
    foreign = a_token("800", LEE, application="Shipping Hub", application_id="8")
    removal = RemoveRole(LEE, CONNECTOR, (APPLICATION,))

    assert held("working-token", [removal], a_live_state(tokens=(OLD, foreign)), a_desired_state())
    gone = replace(foreign, inactive=True)
    assert not held("working-token", [removal], a_live_state(tokens=(OLD, gone)), a_desired_state())


def test_with_a_rule_that_is_wrong_the_second_opinion_objects() -> None:
    revoke_first = Rule("backwards", lambda *_: True, (RevokeToken,), (EnterCredentials,))

    plan = build_plan(a_desired_state(), a_live_state(), rules=(revoke_first,))

    assert "working-token" in {item.rule for item in plan.diagnostics}
    assert [step.status for step in plan.steps if step.kind == "revoke-token"] == [Status.BLOCKED]
    assert plan.refused_by_guard


def test_a_guard_that_holds_back_a_due_step_of_a_real_plan_refuses_it() -> None:
    new = a_token("600", DANA, created=NOW - timedelta(hours=60))
    seen = (logins(OLD, *hours(2000, 80)), logins(new, *hours(50, 1)))
    live = with_grants(a_live_state(tokens=(OLD, new), logins=seen), (DANA, CONNECTOR))
    frozen = a_desired_state(an_integration(), guards=GuardSettings(freeze=(FREEZE,)))

    assert not build_plan(a_desired_state(), live).refused_by_guard
    assert build_plan(frozen, live).refused_by_guard
    assert not build_plan(frozen, a_live_state()).refused_by_guard
