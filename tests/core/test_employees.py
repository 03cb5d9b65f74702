"""People that a file lists: what differs, who does it, and what has to be silent before anything is taken away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from reconciler.core.change import Action, Reason
from reconciler.core.desired import DesiredEmployee, PersonKey, PersonRef
from reconciler.core.diagnostics import Position
from reconciler.core.live import Employee, Gap, Gapped, LiveState
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan, scope_of
from reconciler.core.step import Actor, Status
from tests.support.builders import (
    ADMIN,
    ANN,
    CONNECTOR,
    DANA,
    FILE,
    LEE,
    NOW,
    READER,
    a_desired_state,
    a_live_state,
    an_integration,
    changed,
    email,
    with_grants,
    without_grants,
)

PLACES = {
    "active": Position(FILE, 31, 5),
    "access": Position(FILE, 32, 5),
    "roles": Position(FILE, 33, 5),
    "roles.0": Position(FILE, 33, 25),
}


def listed(person: Employee, **wanted: Any) -> DesiredEmployee:
    return DesiredEmployee(
        key=person.email or "",
        person=email(person.email or ""),
        position=Position(FILE, 30, 3),
        positions=PLACES,
        **wanted,
    )


def a_plan(live: LiveState, *employees: DesiredEmployee, **different: Any) -> Plan:
    """A plan of a file that lists people only."""
    desired = replace(a_desired_state(**different), integrations=(), employees=employees)
    return build_plan(desired, live)


def watched(live: LiveState, person: Employee, last: datetime | None = None) -> LiveState:
    return replace(live, last_token_logins={person.id: last})


def steps_of(plan: Plan) -> Sequence[tuple[str, str, str]]:
    return [(step.kind, step.actor.value, step.status.value) for step in plan.steps]


def test_somebody_new_is_activated_given_a_role_and_then_access() -> None:
    live = changed(without_grants(a_live_state(), (LEE, ADMIN)), LEE, active=False, access=False)
    plan = a_plan(live, listed(LEE, active=True, access=True, roles=(READER.name,)))

    assert steps_of(plan) == [
        ("activate", "reconciler", "ready"),
        ("grant-role", "reconciler", "blocked"),
        ("give-access", "person", "blocked"),
    ]
    assert [(change.address, change.action, change.reason, change.declared_at.line) for change in plan.changes] == [
        ('employees."lee.wong@example.com".active', Action.UPDATE, Reason.ACTIVE_DIFFERS, 31),
        ('employees."lee.wong@example.com".access', Action.UPDATE, Reason.ACCESS_DIFFERS, 32),
        ('employees."lee.wong@example.com".roles', Action.CREATE, Reason.ROLE_MISSING, 33),
    ]
    assert "mail or a password" in (plan.steps[2].note or "")


def test_what_is_not_declared_stays_as_it_is() -> None:
    plan = a_plan(a_live_state(), listed(LEE, roles=(ADMIN.name,)))

    assert plan.changes == ()
    assert plan.steps == ()


def test_at_least_takes_nothing_away_and_exactly_does() -> None:
    live = watched(with_grants(a_live_state(), (LEE, READER), (LEE, CONNECTOR)), LEE)

    assert a_plan(live, listed(LEE, roles=(READER.name,))).steps == ()
    plan = a_plan(live, listed(LEE, roles=(ADMIN.name, READER.name), exactly=True))
    assert [step.id for step in plan.steps] == [f"remove-role/{LEE.id}/{CONNECTOR.id}"]
    assert plan.changes[0].reason is Reason.ROLE_NOT_DECLARED
    assert steps_of(plan) == [("remove-role", "reconciler", "ready")]


def test_an_exact_list_grants_before_it_removes() -> None:
    live = watched(without_grants(with_grants(a_live_state(), (LEE, CONNECTOR)), (LEE, ADMIN)), LEE)
    plan = a_plan(live, listed(LEE, roles=(READER.name,), exactly=True))

    assert steps_of(plan) == [("grant-role", "reconciler", "ready"), ("remove-role", "reconciler", "blocked")]
    assert plan.diagnostics == ()


def test_an_exact_list_never_takes_what_an_integration_needs() -> None:
    live = watched(with_grants(a_live_state(), (DANA, CONNECTOR), (LEE, CONNECTOR)), DANA)
    desired = a_desired_state(an_integration(standby=(email("lee.wong@example.com"),)))
    both = replace(
        desired,
        employees=(
            listed(DANA, roles=(CONNECTOR.name,), exactly=True),
            listed(LEE, roles=(ADMIN.name,), exactly=True),
        ),
    )
    removals = [step.id for step in build_plan(both, live).steps if step.kind == "remove-role"]

    assert removals == [f"remove-role/{ANN.id}/{CONNECTOR.id}"]


def test_nothing_is_taken_from_a_person_whose_token_logged_in_lately() -> None:
    live = watched(a_live_state(), LEE, NOW - timedelta(days=6))
    (step,) = a_plan(live, listed(LEE, access=False)).steps

    assert step.status is Status.BLOCKED
    assert "a token of theirs logged in at 2026-11-16 12:00 UTC; waits until 7d" in (step.note or "")
    (step,) = a_plan(watched(live, LEE, NOW - timedelta(days=8)), listed(LEE, access=False)).steps
    assert (step.kind, step.actor, step.status) == ("remove-access", Actor.RECONCILER, Status.READY)


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ({"roles": (ADMIN.name,), "exactly": True}, "remove-role"),
        ({"access": False}, "remove-access"),
        ({"active": False}, "inactivate"),
    ],
)
def test_whatever_is_taken_away_waits_for_the_silence(wanted: dict[str, Any], kind: str) -> None:
    live = with_grants(a_live_state(), (LEE, READER))
    (step,) = a_plan(watched(live, LEE, NOW - timedelta(days=6)), listed(LEE, **wanted)).steps
    (later,) = a_plan(watched(live, LEE, NOW - timedelta(days=8)), listed(LEE, **wanted)).steps

    assert (step.kind, step.status) == (kind, Status.BLOCKED)
    assert (later.kind, later.status) == (kind, Status.READY)


def test_the_longest_seen_within_of_the_file_counts() -> None:
    live = watched(a_live_state(), LEE, NOW - timedelta(days=8))
    desired = a_desired_state(an_integration(seen_within=timedelta(days=30)))
    steps = build_plan(replace(desired, employees=(listed(LEE, access=False),)), live).steps

    assert next(step for step in steps if step.kind == "remove-access").status is Status.BLOCKED


def test_without_the_audit_trail_nothing_is_taken_away() -> None:
    for gap in (Gapped.LOGINS, Gapped.AUDIT_CLOCK, Gapped.PERMISSIONS):
        live = replace(watched(a_live_state(), LEE), gaps=(Gap(gap, "hidden", "add a permission"),))
        (step,) = a_plan(live, listed(LEE, active=False)).steps
        assert step.status is Status.BLOCKED

    (step,) = a_plan(a_live_state(), listed(LEE, active=False)).steps
    assert "cannot be judged" in (step.note or "")


def test_whoever_leaves_loses_access_before_the_record_is_inactive() -> None:
    plan = a_plan(watched(a_live_state(), LEE), listed(LEE, active=False, access=False))

    assert steps_of(plan) == [("remove-access", "reconciler", "ready"), ("inactivate", "reconciler", "blocked")]


def test_the_previous_owner_leaves_only_after_the_handover() -> None:
    live = watched(with_grants(a_live_state(), (DANA, CONNECTOR)), ANN)
    desired = replace(a_desired_state(), employees=(listed(ANN, active=False),))
    *_, revoke, leave, _ = build_plan(desired, live).steps

    assert (leave.kind, leave.status) == ("inactivate", Status.BLOCKED)
    assert revoke.id in leave.needs


def test_the_administrator_role_is_a_persons_in_both_directions() -> None:
    live = watched(with_grants(a_live_state(), (LEE, READER)), LEE)
    plan = a_plan(live, listed(LEE, roles=(READER.name,), exactly=True))

    assert steps_of(plan) == [("remove-role", "person", "ready")]
    assert "Administrator" in plan.steps[0].summary


def test_a_lesser_login_leaves_administrators_to_people() -> None:
    plan = a_plan(watched(a_live_state(), LEE), listed(LEE, active=False), writer=None)

    assert steps_of(plan) == [("inactivate", "person", "blocked")]


def test_without_a_writing_login_everything_is_a_persons() -> None:
    plan = a_plan(watched(a_live_state(), LEE), listed(LEE, active=False), can_write=False, writer=None)

    assert steps_of(plan)[0][:2] == ("inactivate", "person")
    assert "tick Inactive > Save" in plan.steps[0].instructions


def test_an_unknown_person_is_an_error_and_the_others_go_on() -> None:
    nobody = replace(LEE, email="nobody@example.com")
    plan = a_plan(watched(a_live_state(), LEE), listed(nobody, active=True), listed(LEE, access=False))

    (problem,) = [item for item in plan.diagnostics if item.rule == "unknown-employee"]
    assert (problem.address, problem.position) == ('employees."nobody@example.com"', Position(FILE, 30, 3))
    assert [step.kind for step in plan.steps] == ["remove-access"]
    assert plan.unresolved
    assert not plan.complete


def test_an_unknown_role_names_its_line() -> None:
    (problem,) = a_plan(a_live_state(), listed(LEE, roles=("Reconcilr Reader",))).diagnostics

    assert (problem.rule, problem.position, problem.hint) == (
        "unknown-role",
        Position(FILE, 33, 25),
        'did you mean "Reconciler Reader"?',
    )


def test_what_could_not_be_read_leaves_people_alone() -> None:
    live = replace(a_live_state(), grants=(), gaps=(Gap(Gapped.GRANTS, "hidden", "add a permission"),))
    plan = a_plan(live, listed(LEE, roles=(READER.name,), exactly=True))

    assert plan.steps == ()
    assert plan.undecided


def test_the_scope_asks_for_what_the_plan_needs() -> None:
    people = (listed(LEE, active=False), listed(DANA, roles=(READER.name,)), listed(ANN, exactly=True))
    scope = scope_of(replace(a_desired_state(), employees=people))

    assert set(scope.watched) == {email("lee.wong@example.com"), email("ann@example.com")}
    assert set(scope.watched) <= set(scope.people)
    # Nobody else who holds that role has anything to do with the file, and they may be thousands.
    assert READER.name not in scope.roles


def test_the_digest_knows_what_is_asked_of_people() -> None:
    live = watched(a_live_state(), LEE)
    digests = {
        a_plan(live, listed(LEE, **wanted)).digest
        for wanted in ({"active": True}, {"access": True}, {"roles": (ADMIN.name,)}, {"active": None})
    }

    assert len(digests) == 4


def test_a_handover_waits_until_its_owner_is_let_in_as_the_file_asks() -> None:
    live = changed(a_live_state(), DANA, active=False, access=False)
    desired = replace(a_desired_state(), employees=(listed(DANA, active=True, access=True),))
    plan = build_plan(desired, live)

    assert steps_of(plan)[:4] == [
        ("activate", "reconciler", "ready"),
        ("grant-role", "reconciler", "blocked"),
        ("give-access", "person", "blocked"),
        ("create-token", "person", "blocked"),
    ]
    create = next(step for step in plan.steps if step.kind == "create-token")
    assert {f"activate/{DANA.id}", f"give-access/{DANA.id}"} <= set(create.needs)
    assert not plan.unresolved


def test_an_owner_whom_nobody_lets_in_stays_an_error() -> None:
    live = changed(a_live_state(), DANA, active=False, access=False)
    half = replace(a_desired_state(), employees=(listed(DANA, active=True),))

    assert "owner-inactive" in {item.rule for item in build_plan(half, live).diagnostics}


def entry_by_external_id(person: Employee, **wanted: Any) -> DesiredEmployee:
    key = f"external_id:{person.external_id}"
    return DesiredEmployee(
        key,
        PersonRef(PersonKey.EXTERNAL_ID, person.external_id or ""),
        Position(FILE, 40, 3),
        positions=PLACES,
        **wanted,
    )


def test_an_owner_cannot_be_sent_away_by_another_name() -> None:
    dana = replace(DANA, external_id="emp-dana")
    live = watched(changed(a_live_state(), DANA, external_id="emp-dana"), DANA)
    for wanted in ({"active": False}, {"access": False}):
        desired = replace(a_desired_state(), employees=(entry_by_external_id(dana, **wanted),))
        plan = build_plan(desired, live)

        (problem,) = [item for item in plan.diagnostics if item.rule == "owner-contradicts-employees"]
        assert problem.position in PLACES.values()
        assert not {"inactivate", "remove-access"} & {step.kind for step in plan.steps}
        assert plan.unresolved


def test_somebody_listed_twice_by_two_names_is_left_alone() -> None:
    lee = replace(LEE, external_id="emp-lee")
    live = watched(changed(a_live_state(), LEE, external_id="emp-lee"), LEE)
    plan = a_plan(live, entry_by_external_id(lee, active=True), listed(LEE, active=False))

    assert [item.rule for item in plan.diagnostics] == ["duplicate-person", "duplicate-person"]
    assert plan.steps == ()


def test_whoever_owns_a_token_of_an_application_that_could_not_be_planned_stays() -> None:
    nobody = an_integration(owner=email("nobody@example.com"))
    desired = replace(a_desired_state(nobody), employees=(listed(ANN, active=False),))
    (step,) = build_plan(desired, watched(a_live_state(), ANN)).steps

    assert step.status is Status.BLOCKED
    assert step.note == "they own a token of NetSuite Connector, which could not be planned"
