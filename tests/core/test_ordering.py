"""The order of steps follows from rules: each has its own edge, and no set of steps can contradict itself."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.core.ordering import RULES, Rule
from reconciler.core.sorting import in_order
from reconciler.core.step import (
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    Item,
    Operation,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    step_id,
)
from tests.support.builders import ADMIN, ANN, APPLICATION, CONNECTOR, DANA, LEE, READER, a_token

OLD = a_token()
ELSEWHERE = "Shipping Hub"
DAY = timedelta(days=1)
GRANT = GrantRole(DANA, CONNECTOR, for_token=True, applications=(APPLICATION,))
ENABLE = EnableIntegration(APPLICATION)
CREATE = CreateToken(APPLICATION, DANA, CONNECTOR, "a name")
ENTER = EnterCredentials(APPLICATION, DANA, CONNECTOR, None, "a name", None)
QUIET = QuietPeriod(APPLICATION, OLD, DAY)
DEACTIVATE = DeactivateToken(APPLICATION, OLD)
REVOKE = RevokeToken(APPLICATION, OLD)
REMOVE = RemoveRole(ANN, CONNECTOR, (APPLICATION,))
OTHER_TOKEN = a_token("800", LEE, application=ELSEWHERE)

EDGES: dict[str, list[tuple[Operation, Operation, list[Operation]]]] = {
    # rule: first, then, and steps like the second that have nothing to do with the first
    "grant-before-create": [
        (GRANT, CREATE, [replace(CREATE, owner=LEE), replace(CREATE, role=READER)]),
    ],
    "administrator-last": [
        (GRANT, GrantRole(DANA, READER, for_token=False), [GrantRole(LEE, READER, for_token=False)]),
        (
            GrantRole(DANA, READER, for_token=False),
            GrantRole(DANA, ADMIN, for_token=True),
            [GrantRole(LEE, ADMIN, for_token=True)],
        ),
    ],
    "grant-before-enter": [
        (GRANT, ENTER, [replace(ENTER, application=ELSEWHERE)]),
    ],
    "grant-before-touch": [
        (GRANT, DEACTIVATE, [DeactivateToken(ELSEWHERE, OTHER_TOKEN)]),
        (GRANT, REVOKE, [RevokeToken(ELSEWHERE, OTHER_TOKEN)]),
        (GRANT, REMOVE, [replace(REMOVE, applications=(ELSEWHERE,))]),
    ],
    "enable-before-create": [(ENABLE, CREATE, [replace(CREATE, application=ELSEWHERE)])],
    "enable-before-enter": [(ENABLE, ENTER, [replace(ENTER, application=ELSEWHERE)])],
    "create-before-enter": [(CREATE, ENTER, [replace(ENTER, application=ELSEWHERE)])],
    "prove-before-quiet": [(ENTER, QUIET, [QuietPeriod(ELSEWHERE, OTHER_TOKEN, DAY)])],
    "prove-before-touch": [
        (ENTER, DEACTIVATE, [DeactivateToken(ELSEWHERE, OTHER_TOKEN)]),
        (ENTER, REVOKE, [RevokeToken(ELSEWHERE, OTHER_TOKEN)]),
    ],
    "quiet-before-deactivate": [(QUIET, DEACTIVATE, [DeactivateToken(APPLICATION, a_token("501"))])],
    "deactivate-before-revoke": [(DEACTIVATE, REVOKE, [RevokeToken(APPLICATION, a_token("501"))])],
    "revoke-before-remove": [
        # the token of another application stands in the way of its owner's role as well
        (replace(REVOKE, application=ELSEWHERE), REMOVE, [replace(REMOVE, employee=LEE), replace(REMOVE, role=READER)]),
    ],
    "prove-before-remove": [(ENTER, REMOVE, [replace(REMOVE, applications=(ELSEWHERE,))])],
    "activate-before-give": [
        (Activate(DANA), GRANT, [GrantRole(LEE, CONNECTOR, for_token=True)]),
        (Activate(DANA), GiveAccess(DANA), [GiveAccess(LEE)]),
    ],
    "access-before-token": [
        (Activate(DANA), CREATE, [replace(CREATE, owner=LEE)]),
        (GiveAccess(DANA), CREATE, [replace(CREATE, owner=LEE)]),
        (GiveAccess(DANA), ENTER, [replace(ENTER, owner=LEE)]),
        (Activate(DANA), ENTER, [replace(ENTER, owner=LEE)]),
    ],
    "grant-before-access": [(GRANT, GiveAccess(DANA), [GiveAccess(LEE)])],
    "grant-before-remove": [(GRANT, RemoveRole(DANA, READER, ()), [RemoveRole(LEE, READER, ())])],
    "revoke-before-leaving": [
        (REVOKE, RemoveAccess(ANN), [RemoveAccess(LEE)]),
        (REVOKE, Inactivate(ANN), [Inactivate(LEE)]),
    ],
    "access-before-inactive": [(RemoveAccess(ANN), Inactivate(ANN), [Inactivate(LEE)])],
}
CASES = [(rule, *edge) for rule, edges in EDGES.items() for edge in edges]


def needs(operations: Sequence[Operation], rules: Sequence[object] = RULES) -> dict[str, tuple[str, ...]]:
    chosen = [rule for rule in RULES if rule in rules]
    return {step_id(item.operation): needed for item, needed in in_order(items(operations), chosen)}


def items(operations: Sequence[Operation]) -> list[Item]:
    return [Item(operation, f"address {len(step_id(operation)) % 3}") for operation in operations]


def test_every_rule_has_an_edge_and_every_edge_a_rule() -> None:
    assert list(EDGES) == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_there_is_an_edge_for_each_two_kinds_that_a_rule_is_asked_about(rule: Rule) -> None:
    shown = {(type(first), type(then)) for first, then, _ in EDGES[rule.name]}

    assert shown == set(product(rule.first, rule.then))


@pytest.mark.parametrize(("name", "first", "then", "strangers"), CASES)
def test_one_rule_alone_gives_the_edge(
    name: str, first: Operation, then: Operation, strangers: list[Operation]
) -> None:
    others = [rule for rule in RULES if rule.name != name]

    assert needs([then, first])[step_id(then)] == (step_id(first),)
    assert needs([then, first], others)[step_id(then)] == ()
    for stranger in strangers:
        assert needs([stranger, first])[step_id(stranger)] == ()


@pytest.mark.parametrize(("name", "first", "then", "strangers"), CASES)
def test_what_is_needed_comes_first(name: str, first: Operation, then: Operation, strangers: list[Operation]) -> None:
    both = [Item(then, "a"), Item(first, "z")]

    assert [item.operation for item, _ in in_order(both)] == [first, then]


def test_steps_that_need_nothing_are_sorted_by_address() -> None:
    grants = [Item(GrantRole(person, READER, for_token=True), person.label) for person in (LEE, ANN, DANA)]

    assert [item.address for item, _ in in_order(grants)] == sorted(item.address for item in grants)


PEOPLE, ROLES, APPLICATIONS = (ANN, DANA, LEE), (ADMIN, CONNECTOR, READER), (APPLICATION, ELSEWHERE)
TOKENS = tuple(
    a_token(str(500 + number), owner, role_id=role.id, application=application)
    for number, (owner, role, application) in enumerate(
        (owner, role, application) for owner in PEOPLE for role in ROLES for application in APPLICATIONS
    )
)
person, role = st.sampled_from(PEOPLE), st.sampled_from(ROLES)
application, token = st.sampled_from(APPLICATIONS), st.sampled_from(TOKENS)
operations = st.one_of(
    st.builds(GrantRole, person, role, st.booleans(), st.lists(application, unique=True).map(tuple)),
    st.builds(EnableIntegration, application),
    st.builds(CreateToken, application, person, role, st.just("a name")),
    st.builds(EnterCredentials, application, person, role, st.none(), st.just("a name"), st.none()),
    st.builds(Activate, person),
    st.builds(GiveAccess, person),
    st.builds(RemoveAccess, person),
    st.builds(Inactivate, person),
    token.map(lambda one: QuietPeriod(one.application, one, DAY)),
    token.map(lambda one: DeactivateToken(one.application, one)),
    token.map(lambda one: RevokeToken(one.application, one)),
    st.builds(RemoveRole, person, role, st.lists(application, unique=True).map(tuple)),
)
sets_of_operations = st.lists(operations, max_size=14, unique_by=step_id)


@settings(max_examples=150)
@given(sets_of_operations, st.integers())
def test_no_set_of_steps_contradicts_itself_and_the_order_does_not_depend_on_theirs(
    chosen: list[Operation], seed: int
) -> None:
    shuffled = random.Random(seed).sample(chosen, len(chosen))  # noqa: S311  a shuffle in a test, not a secret

    assert in_order(items(chosen)) == in_order(items(shuffled))


@settings(max_examples=150)
@given(sets_of_operations)
def test_the_short_way_to_the_edges_finds_every_one_of_them(chosen: list[Operation]) -> None:
    for then, needed in needs(chosen).items():
        operation = next(one for one in chosen if step_id(one) == then)
        all_pairs = {step_id(one) for one in chosen if any(rule.before(one, operation) for rule in RULES)}
        assert set(needed) == all_pairs


@settings(max_examples=50)
@given(sets_of_operations)
def test_every_step_comes_after_all_it_needs(chosen: list[Operation]) -> None:
    seen: set[str] = set()
    for item, needed in in_order(items(chosen)):
        assert seen.issuperset(needed)
        seen.add(step_id(item.operation))
    assert seen == {step_id(operation) for operation in chosen}


SCRIPT = """
import json
from tests.support.builders import *
from reconciler.core.plan_building import build_plan
strays = tuple(a_token(str(900 + n), LEE, name=f"stray {n}") for n in range(5))
live = a_live_state(tokens=(a_token(), *strays))
plan = build_plan(a_desired_state(), live)
print(json.dumps([[[s.id, s.needs] for s in plan.steps], [repr(c) for c in plan.changes],
                  [repr(d) for d in plan.diagnostics], [repr(f) for f in plan.observed], plan.digest]))
"""


def test_the_order_does_not_depend_on_the_hash_seed() -> None:
    def plan(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        ran = subprocess.run(  # noqa: S603  our own interpreter and a script from above
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
        )
        return ran.stdout

    first = plan("1")
    assert len(json.loads(first)[0]) > 10
    assert first == plan("2") == plan("3")


def test_a_person_with_a_thousand_tokens_is_no_burden() -> None:
    """Comparing each of these steps with each other would take minutes."""
    compared = 0

    def counted(first: Operation, then: Operation) -> bool:
        nonlocal compared
        compared += 1
        return False

    counting = [replace(RULES[0], before=counted)]
    tokens = [a_token(str(number), application=f"application {number}") for number in range(300)]
    in_order(
        [Item(kind(one.application, one), "a") for one in tokens for kind in (DeactivateToken, RevokeToken)], counting
    )
    in_order([Item(DeactivateToken(APPLICATION, one), "a") for one in tokens] + [Item(ENTER, "a")], counting)

    assert compared < 20 * len(tokens)
