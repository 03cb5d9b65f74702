"""What a record of a handover claims: only what the journal or NetSuite says, with the bounds that are known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.asked import Asked, Seen
from reconciler.core.at_work import verify
from reconciler.core.ending import Ending
from reconciler.core.handover_record import HandoverRecord, Recorded, handover_records
from reconciler.core.journal import Damage, Entry, Event, Remembered, Run, begun, ended, remembered, reset, seen
from reconciler.core.live import Employee, Gap, Gapped, LiveState, Token
from reconciler.core.outcome import Outcome
from reconciler.core.record_steps import StepRecord
from reconciler.core.signals import Made
from reconciler.core.step import KIND
from reconciler.core.traffic import OrderGroup, Origin, Traffic
from reconciler.core.verification import REACH
from tests.core.test_promises import many
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
    hours,
    logins,
    with_grants,
    without_grants,
)

OLD = a_token(inactive=True)
NEW = a_token("600", DANA, created=NOW - timedelta(hours=60))
LIVE = replace(
    with_grants(a_live_state(), (DANA, CONNECTOR)),
    tokens=(OLD, NEW),
    logins=(logins(OLD, *hours(2000, 55)), logins(NEW, *hours(50, 0.1))),
)
LIVE_WITHOUT = without_grants(LIVE, (DANA, CONNECTOR))
RUN = Run("0123456789ab", "test", "1234567", False, "ann", "laptop", "8e70124c", "sha256:" + "0" * 64, {})
PERSON = "deactivate-token/500"


def ago(number: float) -> datetime:
    return NOW - timedelta(hours=number)


def saw(step: str, outcome: Outcome, number: float, **different: Any) -> Entry:
    kind = step.split("/", maxsplit=1)[0]
    return seen(replace(RUN, **different), Seen(Asked(step, kind, "somewhere", f"do {step}"), outcome), ago(number))


def ours(step: str, number: float, outcome: str | None, **different: Any) -> list[Entry]:
    kind = step.split("/", maxsplit=1)[0]
    base = Entry(0, ago(number), Event.STEP, replace(RUN, **different), step, kind, "somewhere", f"do {step}")
    return [base, *([replace(base, event=Event.RESULT, outcome=outcome)] if outcome else [])]


def the_record(
    entries: Sequence[Entry] = (),
    live: LiveState = LIVE,
    makers: dict[str, str] | None = None,
    orders: Sequence[OrderGroup] = (),
    **integration: Any,
) -> HandoverRecord:
    desired = a_desired_state(an_integration(**integration))
    traffic = Traffic(orders=tuple(orders))
    facts = Recorded(live, traffic, makers or {}, entries)
    (record,) = handover_records(desired, facts, verify(desired, live, traffic, REACH)).records
    return record


def the_step(record: HandoverRecord, kind: str) -> StepRecord:
    (step,) = [one for one in record.steps if one.kind == kind]
    return step


def bounds(step: StepRecord) -> tuple[datetime | None, datetime | None]:
    return step.earliest, step.latest


def test_who_made_a_token_and_when_is_what_netsuite_says_or_is_said_to_be_missing() -> None:
    told = the_step(the_record(makers={"600": "lee"}), "create-token")
    assert (told.who, bounds(told), told.note) == ("lee", (NEW.created, NEW.created), "")

    untold = the_step(the_record(live=replace(LIVE, tokens=(OLD, replace(NEW, created=None)))), "create-token")
    assert (untold.who, bounds(untold)) == (None, (None, None))
    assert untold.note == "NetSuite does not say who made it nor when it was made"


def test_a_token_is_inactive_after_its_last_login_where_no_apply_saw_it() -> None:
    step = the_step(the_record(), "deactivate-token")

    assert bounds(step) == (ago(55), NOW)
    assert (step.who, step.source) == (None, "NetSuite")


def test_two_applies_bound_when_a_person_did_it() -> None:
    entries = [saw(PERSON, Outcome.WAITING, 20), saw(PERSON, Outcome.WAITING, 15), saw(PERSON, Outcome.DONE, 10)]
    step = the_step(the_record(entries), "deactivate-token")

    assert bounds(step) == (ago(20), ago(10))
    assert (step.outcome, step.who, step.source) == ("done", None, "journal")


def test_only_the_last_of_two_times_counts() -> None:
    told = [(9, Outcome.WAITING), (8, Outcome.DONE), (5, Outcome.WAITING), (4, Outcome.DONE)]
    entries = [saw(PERSON, outcome, number) for number, outcome in told]

    assert bounds(the_step(the_record(entries), "deactivate-token")) == (ago(5), ago(4))


def test_a_revoked_row_does_not_say_that_it_was_made_inactive_before() -> None:
    revoked = replace(LIVE, tokens=(replace(OLD, revoked=True), NEW))

    assert [one.kind for one in the_record(live=revoked).steps] == ["create-token", "enter-credentials", "revoke-token"]
    entries = [saw(PERSON, Outcome.WAITING, 20), saw(PERSON, Outcome.DONE, 10)]
    assert bounds(the_step(the_record(entries, revoked), "deactivate-token")) == (ago(20), ago(10))


def test_what_is_waited_for_is_told_until_it_is_no_longer_asked_for() -> None:
    step = f"quiet-period/{OLD.id}"
    waits = the_step(the_record([saw(step, Outcome.WAITING, 3)]), "quiet-period")

    assert (waits.outcome, waits.earliest, waits.latest) == ("waiting", ago(3), None)
    gone = the_record([saw(step, Outcome.WAITING, 3), saw(step, Outcome.SKIPPED, 2)])
    assert all(one.kind != "quiet-period" for one in gone.steps)


@pytest.mark.parametrize(
    ("outcome", "told", "at"),
    [("done", "done", ago(5)), ("failed", "failed", None), (None, "unknown", None), ("unknown", "unknown", None)],
)
def test_our_own_steps_are_told_with_their_last_word(outcome: str | None, told: str, at: datetime | None) -> None:
    step = the_step(the_record(ours(f"grant-role/{DANA.id}/{CONNECTOR.id}", 5, outcome)), "grant-role")

    assert (step.outcome, step.who, bounds(step)) == (told, "ann", (at, at))


@pytest.mark.parametrize(("kind", "who", "there"), [("grant-role", DANA, True), ("remove-role", DANA, False)])
def test_what_came_of_a_step_that_nobody_saw_end_is_what_netsuite_shows(kind: str, who: Employee, there: bool) -> None:
    entries = ours(f"{kind}/{who.id}/{CONNECTOR.id}", 5, None)
    seen_done = {
        holds: the_step(the_record(entries, LIVE if holds else LIVE_WITHOUT), kind).note for holds in (True, False)
    }

    assert seen_done[there].endswith("not written down; NetSuite shows it done by now")
    assert seen_done[not there].endswith("not written down")


def test_what_the_journal_says_of_others_is_left_out() -> None:
    strange = ["revoke-token/999", f"grant-role/{LEE.id}/{CONNECTOR.id}", f"grant-role/{DANA.id}/77"]
    strange += ["enable-integration/Other", f"inactivate/{ANN.id}", "unheard-of/500"]
    record = the_record([entry for step in strange for entry in ours(step, 5, "done")])

    assert record.approvals == ()
    assert all(one.source == "NetSuite" for one in record.steps)


def test_approvals_are_the_applies_that_did_something_for_it() -> None:
    mine, other, cut = (replace(RUN, id=f"{number:012x}") for number in range(3))
    grant = f"grant-role/{DANA.id}/{ADMIN.id}"
    entries = [
        begun(mine, ago(9)),
        *ours(grant, 8.9, "done", id=mine.id),
        ended(mine, Ending.WAITING, "", ago(8.8)),
        begun(other, ago(7)),
        *ours("grant-role/1/2", 6.9, "done", id=other.id),
        ended(other, Ending.DONE, "", ago(6.8)),
        begun(cut, ago(5)),
        *ours(grant, 4.9, None, id=cut.id),
    ]

    approvals = the_record(entries).approvals
    assert [(one.run.id, one.at, one.ending) for one in approvals] == [
        (mine.id, ago(9), "waiting"),
        (cut.id, ago(5), None),
    ]


def test_what_was_applied_to_what_is_gone_is_told_apart_and_makes_no_step() -> None:
    grant = f"grant-role/{DANA.id}/{ADMIN.id}"
    old, elsewhere, new = (replace(RUN, id=f"{number:012x}") for number in range(3))
    before = [
        begun(old, ago(9)),
        *ours(grant, 8.9, "done", id=old.id),
        saw(PERSON, Outcome.WAITING, 8.9, id=old.id),
        ended(old, Ending.WAITING, "", ago(8.8)),
    ]
    other = [
        begun(replace(elsewhere, account="7654321"), ago(7)),
        *ours(grant, 6.9, "done", id=elsewhere.id, account="7654321"),
    ]
    after = [begun(new, ago(5)), *ours(grant, 4.9, "done", id=new.id)]
    record = the_record([*before, reset(replace(RUN, id="f" * 12), ago(8)), *other, *after])

    assert [one.run.id for one in record.approvals] == [new.id]
    assert [(one.run.id, one.ending, one.gone) for one in record.earlier] == [
        (old.id, "waiting", f"before the emulator was reset at {ago(8):%Y-%m-%d %H:%M:%S}"),
        (elsewhere.id, None, "on account 7654321"),
    ]
    assert record.steps == the_record(after).steps
    assert the_record(after).earlier == ()


def test_what_waited_before_a_reset_is_asked_for_no_more() -> None:
    waits = saw(PERSON, Outcome.WAITING, 9, declared=("a",))

    assert set(remembered([waits]).waiting) == {PERSON}
    assert remembered([waits, reset(replace(RUN, declared=("a",)), ago(8))]) == Remembered(frozenset({"a"}), {})


def test_a_renamed_address_keeps_its_record() -> None:
    entries = ours(f"grant-role/{DANA.id}/{ADMIN.id}", 5, "done")

    assert the_record(entries).steps == the_record(entries, key="another-name").steps


def test_owners_before_are_told_with_their_last_login_the_last_one_first() -> None:
    never = a_token("400", LEE, revoked=True)
    record = the_record(live=replace(LIVE, tokens=(never, *LIVE.tokens)))

    assert record.old_owners == (("ann@example.com", ago(55)), ("lee.wong@example.com", None))
    assert record.new_owner == "dana.ortiz@example.com"


def test_a_token_tells_its_life_and_what_was_refused() -> None:
    failed = logins(NEW, *hours(0.3, 0.2), success=False, detail="x", user_id="", role_id="")
    others = logins(NEW, *hours(0.2, 0.1), success=False, detail="x", user_id=LEE.id)
    record = the_record(live=replace(LIVE, logins=(*LIVE.logins, failed, others)), makers={"600": "lee"})
    (told,) = [one for one in record.tokens if one.id == NEW.id]

    assert (told.state, told.created, told.created_by) == ("live", NEW.created, "lee")
    assert (told.first, told.last) == (ago(50), ago(0.1))
    assert (told.refused, told.last_refused) == (failed.least, ago(0.2))


def test_orders_since_the_new_one_is_at_work_are_told_by_whose_name_they_carry() -> None:
    def orders(author: str, number: int, begin: float, end: float, *origins: Origin) -> OrderGroup:
        return OrderGroup(ago(end).date(), author, number, ago(begin), ago(end), origins)

    by_role = Origin("RST", CONNECTOR.id)
    record = the_record(
        orders=[
            orders(ANN.id, 9, 60, 51, by_role),
            orders(DANA.id, 3, 40, 30, by_role),
            orders(DANA.id, 2, 20, 10),
            orders(ANN.id, 1, 5, 5, Origin("UIF", ADMIN.id)),
            orders(LEE.id, 4, 4, 4),
        ]
    )

    assert [(one.author, one.number, one.last, one.made) for one in record.orders] == [
        ("ann@example.com", 1, ago(5), (Made.BY_HAND,)),
        ("dana.ortiz@example.com", 5, ago(10), (Made.BY_THE_ROLE, Made.NOT_KNOWN)),
    ]


def test_damage_and_gaps_make_the_whole_incomplete() -> None:
    desired = a_desired_state()

    def complete(live: LiveState, *damage: Damage) -> bool:
        facts = Recorded(live, Traffic(), {}, (), damage)
        return handover_records(desired, facts, verify(desired, live, Traffic(), REACH)).complete

    assert complete(LIVE)
    assert not complete(LIVE, Damage("a", 1, "cut"))
    assert not complete(replace(LIVE, gaps=(Gap(Gapped.TOKENS, "not read", ""),)))


entries_of_a_journal = st.lists(
    st.builds(
        lambda step, event, outcome, number: Entry(
            0, ago(number), event, RUN, step, step.split("/")[0], "somewhere", f"do {step}", outcome
        ),
        st.sampled_from(
            [
                *(f"{kind}/{which}" for kind in KIND.values() for which in ("500", "600", APPLICATION, "")),
                *(f"{kind}/{who}/{role}" for kind in KIND.values() for who in ("10", "20") for role in ("3", "1047")),
            ]
        ),
        st.sampled_from(Event),
        st.sampled_from(Outcome),
        st.floats(0, 100),
    ),
    max_size=12,
)


@many
@given(entries_of_a_journal, st.lists(st.sampled_from([OLD, NEW, replace(NEW, id="601", revoked=True)]), unique=True))
def test_whatever_a_journal_holds_nothing_is_claimed_that_nobody_said(
    entries: list[Entry], tokens: list[Token]
) -> None:
    entries = sorted(entries, key=lambda entry: entry.at)
    record = the_record(entries, replace(LIVE, tokens=tuple(tokens)))

    for step in record.steps:
        assert step.earliest is None or step.latest is None or step.earliest <= step.latest
        assert step.source == "NetSuite" or any(entry.kind == step.kind for entry in entries)
        assert step.who is None or any(entry.run.who == step.who for entry in entries)
        assert step.source == "journal" or step.kind in {
            "create-token", "enter-credentials", "deactivate-token", "revoke-token"
        }  # fmt: skip
