"""`--only`: a part of a plan does what the whole would do, in the same order, and never anything else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.approval import Approval
from reconciler.core.desired import DesiredEmployee, GuardSettings, quoted
from reconciler.core.diagnostics import Position, Severity
from reconciler.core.errors import StalePlanError, UsageError
from reconciler.core.plan import Plan
from reconciler.core.plan_building import build_plan
from reconciler.core.selection import Part, Selection, glob
from reconciler.core.step import Status
from tests.core.test_promises import many
from tests.support.builders import (
    ADMIN,
    ANN,
    CONNECTOR,
    DANA,
    FILE,
    LEE,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    email,
    with_grants,
)
from tests.support.worlds import World, worlds

INTEGRATION = "integrations.netsuite-connector"
DANAS = 'employees."dana.ortiz@example.com".roles'
ANNS = 'employees."ann@example.com".roles'


def only(*texts: str, **different: object) -> Plan:
    desired = a_desired_state(**different)
    return build_plan(desired, a_live_state(), selection=Selection.of(texts))


def kinds(plan: Plan) -> list[str]:
    return [step.kind for step in plan.steps]


def note(plan: Plan) -> str:
    return next(item.detail for item in plan.diagnostics if item.rule == "selection")


@many
@given(worlds(), st.data())
def test_no_selection_does_what_the_whole_plan_would_not(world: World, data: st.DataObject) -> None:
    whole = build_plan(world.desired, world.live)
    addresses = sorted(
        {one.address for one in whole.changes} | {step.address for step in whole.steps} | {"integrations"}
    )
    chosen = data.draw(st.lists(st.sampled_from(addresses), min_size=1, max_size=3))
    part = build_plan(world.desired, world.live, selection=Selection.of(chosen, is_new=False))

    assert [step for step in whole.steps if step in part.steps] == list(part.steps), "the same steps, as they stand"
    assert {need for step in part.steps for need in step.needs} <= {step.id for step in part.steps}
    assert set(part.changes) <= set(whole.changes)
    assert part.observed == whole.observed
    assert {one.address for one in part.changes} >= {one.address for one in whole.changes} & set(chosen)
    assert not part.applyable or whole.applyable


@many
@given(worlds())
def test_all_addresses_together_are_the_whole(world: World) -> None:
    whole = build_plan(world.desired, world.live)
    part = build_plan(world.desired, world.live, selection=Selection.of(["integrations", "employees"], is_new=False))

    assert (part.steps, part.changes, part.complete) == (whole.steps, whole.changes, whole.complete)
    assert [item for item in part.diagnostics if item.rule != "selection"] == list(whole.diagnostics)
    assert part.digest != whole.digest


def test_what_is_selected_brings_along_what_it_needs_and_says_so() -> None:
    plan = only(INTEGRATION)

    assert kinds(plan) == [
        "grant-role",
        "create-token",
        "enter-credentials",
        "quiet-period",
        "deactivate-token",
        "revoke-token",
    ]
    assert [change.address for change in plan.changes] == [f"{INTEGRATION}.token", DANAS]
    assert note(plan) == (
        f"Only {INTEGRATION}. Not selected, but needed first: grant {CONNECTOR.name} to dana.ortiz@example.com. "
        f"Left out: {ANNS}."
    )


def test_a_removal_comes_with_the_whole_handover_it_waits_for() -> None:
    plan = only(ANNS)

    assert kinds(plan)[-1] == "remove-role"
    assert len(plan.steps) == 7
    assert plan.steps[-1].status is Status.BLOCKED


def test_what_needs_nothing_comes_alone() -> None:
    plan = only(DANAS)

    assert kinds(plan) == ["grant-role"]
    assert [change.address for change in plan.changes] == [DANAS]
    assert plan.applyable


@pytest.mark.parametrize(
    ("text", "address", "fits"),
    [
        ("integrations.*", "integrations.a", True),
        ("integrations.*", "integrations.a.token", True),
        ("integrations.*.token", "integrations.a.token", True),
        ("integrations.*.token", "integrations.a.state", False),
        ("integrations.*.token", "integrations.a", False),
        ("integrations.a", "integrations.ab", False),
        ("integrations.a*", "integrations.ab", True),
        ("integrations.*", 'integrations."a.b".token', True),
        ("*", "integrations.a", True),
        ("*.token", "integrations.a.token", False),
        ("integrations.A", "integrations.a", False),
        ('employees."Dana@example.com"', 'employees."dana@example.com".roles', True),
        ('employees."*@example.com"', 'employees."dana@example.com".roles', True),
        ('employees."*@example.com"', 'employees."dana@example.org".roles', False),
        ("employees.*.roles", 'employees."dana@example.com".roles', True),
        ("employees.*.active", 'employees."dana@example.com".roles', False),
        (r'integrations."a\*b"', 'integrations."a*b"', True),
        (r'integrations."a\*b"', "integrations.axb", False),
        (r'integrations."a\"b"', r'integrations."a\"b"', True),
        ("integrations.a?b", "integrations.axb", False),
        ("integrations.[ab]", "integrations.a", False),
    ],
)
def test_a_star_stands_for_letters_within_one_key(text: str, address: str, fits: bool) -> None:
    assert glob(text).covers(address) is fits


@given(st.text(min_size=1), st.text(min_size=1))
def test_an_address_selects_itself_and_with_its_stars_escaped_nothing_else(key: str, other: str) -> None:
    address = f"integrations.{quoted(key)}"

    assert glob(address).covers(address)
    exact = glob(address.replace("*", r"\*"))
    assert exact.covers(address)
    assert exact.covers(f"integrations.{quoted(other)}.token") is (other == key)


@pytest.mark.parametrize("text", ["", ".", "integrations.", ".token", 'employees."dana', "a b", 'a"b"', '""', "a..b"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="that is no address"):
        Selection.of([text])


def test_a_glob_that_matches_nothing_is_an_error_with_the_nearest_address() -> None:
    with pytest.raises(UsageError, match=r"--only integrations.netsuite-conector: test has no such address") as raised:
        only("integrations.netsuite-conector", "integrations.*")

    assert raised.value.hint == f"did you mean {INTEGRATION}?"


def test_an_address_at_which_nothing_differs_is_there_all_the_same() -> None:
    live = with_grants(a_live_state(tokens=(a_token("600", DANA),), logins=()), (DANA, CONNECTOR))
    desired = a_desired_state(an_integration(standby=(email(LEE.email or ""),)))
    for text in (DANAS, f"{INTEGRATION}.tokens.600", 'employees."lee.wong@example.com"'):
        build_plan(desired, live, selection=Selection.of([text]))


def test_a_saved_part_approves_that_part_only() -> None:
    desired, live = a_desired_state(), a_live_state()
    part, whole = only(DANAS), build_plan(desired, live)

    Approval(part).require_unmoved(desired, live, part)
    for approved, now in ((part, whole), (whole, part), (part, only(INTEGRATION))):
        with pytest.raises(StalePlanError):
            Approval(approved).require_unmoved(desired, live, now)


def test_a_part_that_was_widened_by_hand_is_refused() -> None:
    desired, live = a_desired_state(), a_live_state()
    widened = replace(only(DANAS), only=(INTEGRATION,))

    with pytest.raises(StalePlanError) as raised:
        Approval(widened).require_unmoved(desired, live, only(INTEGRATION))
    assert "its digest does not fit" in raised.value.diagnostics[0].detail


def leavers(count: int) -> tuple[DesiredEmployee, ...]:
    people = (ANN, DANA, LEE)[:count]
    return tuple(
        DesiredEmployee(
            person.email or "", email(person.email or ""), Position(FILE, 40 + n, 3), roles=(), exactly=True
        )
        for n, person in enumerate(people)
    )


def test_guards_count_what_is_due_and_not_what_is_selected() -> None:
    people = leavers(3)
    desired = a_desired_state(employees=people, guards=GuardSettings(max_removals=1, min_administrators=0))
    desired = replace(desired, integrations=())
    live = replace(
        a_live_state(tokens=(), logins=()), last_token_logins={person.id: None for person in (ANN, DANA, LEE)}
    )
    live = with_grants(live, *((person, role) for person in (ANN, DANA, LEE) for role in (ADMIN, CONNECTOR)))
    part = build_plan(desired, live, selection=Selection.of([people[0].address]))

    assert part.refused_by_guard
    assert all(step.status is Status.BLOCKED for step in part.steps)


def test_what_a_guard_holds_back_elsewhere_does_not_refuse_this_part() -> None:
    frozen = a_desired_state(guards=GuardSettings(min_administrators=99))
    whole = build_plan(frozen, a_live_state())

    assert any(item.rule == "min-administrators" for item in whole.diagnostics)
    part = build_plan(frozen, a_live_state(), selection=Selection.of([DANAS]))
    assert not any(item.rule == "min-administrators" for item in part.diagnostics)


def test_an_error_elsewhere_is_counted_and_does_not_make_this_part_incomplete() -> None:
    broken = an_integration(key="other", application="Other", owner=email("nobody@example.com"))
    desired = a_desired_state(an_integration(), broken)
    whole = build_plan(desired, a_live_state())
    part = build_plan(desired, a_live_state(), selection=Selection.of([INTEGRATION]))
    other = build_plan(desired, a_live_state(), selection=Selection.of(["integrations.other"]))

    assert (whole.complete, part.complete, other.complete) == (False, True, False)
    assert not any(item.severity is Severity.ERROR for item in part.diagnostics)
    assert "is about what is left out" in note(part) or "are about what is left out" in note(part)
    assert any(item.severity is Severity.ERROR for item in other.diagnostics)


def test_what_is_said_about_no_address_concerns_every_part() -> None:
    assert Part(Selection.of(["integrations.one"]), ()).concerns(None)
