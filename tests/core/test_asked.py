"""What the journal learns of steps that people and time do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from reconciler.core.asked import NO_LONGER, Asked, news
from reconciler.core.desired import DesiredState
from reconciler.core.live import Gap, Gapped, LiveState
from reconciler.core.outcome import Outcome
from reconciler.core.plan_building import build_plan
from tests.core.test_promises import many
from tests.support.builders import (
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
)
from tests.support.worlds import World, worlds

LIVE = with_grants(a_live_state(), (DANA, CONNECTOR))
NEW = a_token("600", DANA, created=NOW - timedelta(hours=60))
AT_WORK = replace(LIVE, tokens=(a_token(), NEW), logins=(*LIVE.logins, logins(NEW, *hours(50, 0.1))))
ADDRESS = "integrations.netsuite-connector.token"


def asked(identifier: str, address: str = ADDRESS) -> Asked:
    kind = identifier.split("/", maxsplit=1)[0]
    who = {"create-token": "create a token for dana.ortiz@example.com"}
    who["enter-credentials"] = f"enter the token of dana.ortiz@example.com in {APPLICATION}"
    return Asked(identifier, kind, address, who.get(kind, f"do {identifier}"))


def told(live: LiveState, *before: Asked, desired: DesiredState | None = None) -> dict[str, Outcome]:
    wanted = desired or a_desired_state()
    plan = build_plan(wanted, live)
    return {one.step.id: one.outcome for one in news({one.id: one for one in before}, wanted, plan, live)}


CREATE, ENTER = asked(f"create-token/{APPLICATION}"), asked(f"enter-credentials/{APPLICATION}")
DEACTIVATE, REVOKE = asked("deactivate-token/500"), asked("revoke-token/500")


def test_what_is_new_waits_and_what_waits_already_is_no_news() -> None:
    assert told(LIVE) == {CREATE.id: Outcome.WAITING}
    assert told(LIVE, CREATE) == {}


def test_a_step_that_the_plan_shows_as_done_is_done() -> None:
    assert told(replace(LIVE, tokens=(a_token(), NEW)), CREATE) == {CREATE.id: Outcome.DONE, ENTER.id: Outcome.WAITING}


def test_a_step_that_is_gone_because_it_was_done_is_done() -> None:
    inactive = replace(AT_WORK, tokens=(a_token(inactive=True), NEW))

    assert told(AT_WORK, ENTER)[ENTER.id] is Outcome.DONE
    assert told(inactive, DEACTIVATE)[DEACTIVATE.id] is Outcome.DONE
    revoked = replace(AT_WORK, tokens=(a_token(revoked=True), NEW))
    assert told(revoked, DEACTIVATE, REVOKE) == {DEACTIVATE.id: Outcome.DONE, REVOKE.id: Outcome.DONE}


@pytest.mark.parametrize(
    ("identifier", "live", "is_done"),
    [
        (f"grant-role/{DANA.id}/{CONNECTOR.id}", AT_WORK, True),
        (f"grant-role/{LEE.id}/{CONNECTOR.id}", AT_WORK, False),
        (f"remove-role/{LEE.id}/{CONNECTOR.id}", AT_WORK, True),
        (f"remove-role/{DANA.id}/{CONNECTOR.id}", AT_WORK, False),
        ("remove-role/999/3", AT_WORK, False),
        (f"activate/{LEE.id}", AT_WORK, True),
        (f"inactivate/{LEE.id}", AT_WORK, False),
        (f"inactivate/{LEE.id}", changed(AT_WORK, LEE, active=False), True),
        (f"give-access/{LEE.id}", AT_WORK, True),
        (f"remove-access/{LEE.id}", AT_WORK, False),
        (f"remove-access/{LEE.id}", changed(AT_WORK, LEE, access=False), True),
        (f"enable-integration/{APPLICATION}", AT_WORK, True),
        ("enable-integration/elsewhere", AT_WORK, False),
        ("revoke-token/999", AT_WORK, False),
        ("quiet-period/500", replace(AT_WORK, tokens=(a_token(inactive=True), NEW)), False),
        ("something-new/1", AT_WORK, False),
    ],
)
def test_only_the_fact_itself_makes_a_step_done(identifier: str, live: LiveState, is_done: bool) -> None:
    assert told(live, asked(identifier))[identifier] is (Outcome.DONE if is_done else Outcome.SKIPPED)


def test_a_file_that_asks_for_something_else_makes_nothing_done() -> None:
    other = a_desired_state(an_integration(owner=email(LEE.email or "")))
    gone = replace(a_desired_state(), integrations=())

    assert told(AT_WORK, ENTER, desired=other)[ENTER.id] is Outcome.SKIPPED
    ready = with_grants(AT_WORK, (LEE, CONNECTOR))
    plan = build_plan(other, ready)
    now = [(one.step.id, one.outcome) for one in news({CREATE.id: CREATE}, other, plan, ready)]
    assert now == [(CREATE.id, Outcome.SKIPPED), (CREATE.id, Outcome.WAITING)], "the same step, for Lee"
    assert told(AT_WORK, ENTER, REVOKE, desired=gone) == {ENTER.id: Outcome.SKIPPED, REVOKE.id: Outcome.SKIPPED}
    (one,) = news({ENTER.id: ENTER}, gone, build_plan(gone, AT_WORK), AT_WORK)
    assert one.message == NO_LONGER


def test_what_could_not_be_read_is_no_news_of_what_is_gone() -> None:
    hidden = replace(LIVE, tokens=(), gaps=(Gap(Gapped.TOKENS, "hidden", "add a permission"),))

    assert told(hidden, ENTER, REVOKE) == {}


@many
@given(worlds())
def test_news_is_told_once(world: World) -> None:
    plan = build_plan(world.desired, world.live)
    first = list(news({}, world.desired, plan, world.live))

    assert {one.outcome for one in first} <= {Outcome.WAITING}
    assert list(news({one.step.id: one.step for one in first}, world.desired, plan, world.live)) == []
