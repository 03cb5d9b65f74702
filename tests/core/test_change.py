"""What differs is told field by field, and everything that differs is in the table of words."""

from reconciler.core.change import (
    SYMBOL,
    Action,
    Difference,
    HeldRole,
    Reason,
    RecordState,
    TokenHolder,
    differences,
)
from reconciler.core.desired import PreviousOwner
from reconciler.core.plan_building import build_plan
from tests.support.builders import (
    ANN,
    LEE,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    email,
)


def test_an_owner_that_differs_is_one_difference() -> None:
    before, after = TokenHolder("ann@example.com", "Connector", "old"), TokenHolder("dana@example.com", "Connector")

    assert differences(before, after) == (Difference("owner", "ann@example.com", "dana@example.com"),)


def test_several_fields_are_told_in_the_order_of_their_names() -> None:
    before, after = TokenHolder("ann@example.com", "Reader"), TokenHolder("dana@example.com", "Connector")

    assert [difference.field for difference in differences(before, after)] == ["owner", "role"]


def test_the_name_of_a_token_is_not_what_anybody_asked_for() -> None:
    assert differences(TokenHolder("ann", "Connector", "old"), TokenHolder("ann", "Connector", "new")) == ()


def test_states_and_held_roles_are_compared_likewise() -> None:
    assert differences(RecordState("Blocked"), RecordState("Enabled")) == (Difference("state", "Blocked", "Enabled"),)
    assert differences(HeldRole("a", "x"), HeldRole("a", "x")) == ()


def test_names_are_compared_letter_by_letter() -> None:
    assert differences(RecordState("1"), RecordState("1.0")) == (Difference("state", "1", "1.0"),)
    assert differences(RecordState("a'] b"), RecordState("a")) == (Difference("state", "a'] b", "a"),)


def test_every_action_has_a_symbol() -> None:
    assert set(SYMBOL) == set(Action)
    assert len(set(SYMBOL.values())) == len(Action)


def test_tokens_of_one_name_are_each_a_change_of_their_own() -> None:
    strays = tuple(a_token(str(900 + number), LEE, name="same", inactive=number > 0) for number in range(3))
    plan = build_plan(a_desired_state(), a_live_state(tokens=(a_token(), *strays)))
    addresses = [change.address for change in plan.changes if change.reason is Reason.PREVIOUS_TOKEN]

    assert addresses == [f"integrations.netsuite-connector.tokens.{number}" for number in (900, 901, 902)]
    assert len([step for step in plan.steps if step.kind == "revoke-token"]) == 4


def test_a_role_that_two_integrations_ask_for_is_one_change() -> None:
    twin = an_integration(key="twin", application="Shipping Hub", previous_owner=PreviousOwner.KEEP)
    foreign = a_token("800", LEE, application="Shipping Hub", application_id="8")
    plan = build_plan(a_desired_state(an_integration(), twin), a_live_state(tokens=(a_token(), foreign)))

    assert [change.reason for change in plan.changes].count(Reason.TOKEN_ROLE_MISSING) == 1
    assert [step.kind for step in plan.steps].count("grant-role") == 1


def test_every_change_names_the_line_that_asked_for_it() -> None:
    desired = an_integration(required_roles=("Administrator", "Reconciler Reader"), owner=email(LEE.email or ""))
    stray = a_token("700", ANN)
    plan = build_plan(a_desired_state(desired), a_live_state(tokens=(a_token(), stray)))
    lines = {change.reason: change.declared_at.line for change in plan.changes}

    assert lines == {
        Reason.OWNER_DIFFERS: 12,
        Reason.PREVIOUS_TOKEN: 12,
        Reason.TOKEN_ROLE_MISSING: 13,
        Reason.REQUIRED_ROLE_MISSING: 14,
        Reason.PREVIOUS_OWNER: 15,
    }
