"""Decisions of reviewers, held against what is there."""

from datetime import date

import pytest

from reconciler.core.diagnostics import Position, Severity
from reconciler.core.live import LiveState
from reconciler.core.review.decisions import Decided, Decision, Decisions, Item, Verdict, check_decisions, items_of
from tests.core.review.worlds import healthy, reviewed
from tests.support.builders import ADMIN, CONNECTOR, DANA, LEE, READER, changed, without_grants

FILE = "decisions.yaml"
FACTS = reviewed(healthy()).facts
TOKEN = Item("dana.ortiz@example.com", CONNECTOR.name, "NetSuite Connector", "token 600")
LEES = Item("lee.wong@example.com", ADMIN.name)


def decision(item: Item, verdict: Verdict = Verdict.KEEP, line: int = 5, **different: object) -> Decision:
    usual: dict[str, object] = {"reviewer": "ciso@example.com", "reason": "needed", "day": date(2026, 11, 20)}
    return Decision(item, verdict, position=Position(FILE, line, 3), **(usual | different))  # type: ignore[arg-type]


def all_kept(*but: Item) -> list[Decision]:
    return [decision(item) for item in items_of(FACTS) if item not in but]


def checked(*made: Decision, live: LiveState | None = None) -> Decided:
    facts = reviewed(live).facts if live else FACTS
    return check_decisions(Decisions(FILE, "test", None, made), facts)


def test_every_role_of_whoever_has_access_and_every_live_token_is_to_be_decided_on() -> None:
    assert set(items_of(FACTS)) == {
        Item("ann@example.com", ADMIN.name),
        Item("dana.ortiz@example.com", ADMIN.name),
        Item("dana.ortiz@example.com", CONNECTOR.name),
        LEES,
        Item("svc.reader@example.com", READER.name),
        Item("svc.admin@example.com", ADMIN.name),
        TOKEN,
    }


def test_who_has_no_access_has_nothing_to_decide_on() -> None:
    assert LEES not in items_of(reviewed(changed(healthy(), LEE, access=False)).facts)


def test_where_all_is_decided_there_is_nothing_to_say() -> None:
    found = checked(*all_kept())

    assert (found.findings, found.decided, found.items) == ((), 7, 7)


def test_what_nobody_decided_on_is_told() -> None:
    found = checked(*all_kept(TOKEN))

    (finding,) = found.findings
    assert (finding.rule, finding.severity) == ("decision-missing", Severity.WARNING)
    assert str(TOKEN) in finding.detail
    assert (found.decided, found.items) == (6, 7)


def test_what_is_to_be_removed_and_still_there_is_an_error_at_its_line() -> None:
    removal = decision(LEES, Verdict.REMOVE, line=9, reason="left the team")

    (finding,) = checked(*all_kept(LEES), removal).findings

    assert (finding.rule, finding.severity) == ("decision-not-carried-out", Severity.ERROR)
    assert finding.position == Position(FILE, 9, 3)
    assert "ciso@example.com decided on 2026-11-20 to remove role Administrator" in finding.detail
    assert "left the team" in finding.detail


def test_what_was_removed_as_decided_is_well() -> None:
    removal = decision(LEES, Verdict.REMOVE)

    assert checked(*all_kept(LEES), removal, live=without_grants(healthy(), (LEE, ADMIN))).findings == ()


def test_a_later_decision_replaces_an_earlier_one() -> None:
    first = decision(LEES, Verdict.REMOVE, day=date(2026, 11, 1), line=90)
    second = decision(LEES, Verdict.KEEP, day=date(2026, 11, 2))

    assert checked(*all_kept(LEES), first, second).findings == ()
    assert [one.rule for one in checked(*all_kept(LEES), second, decision(LEES, Verdict.REMOVE)).findings] == [
        "decision-not-carried-out"
    ]


def test_a_decision_to_keep_what_is_not_there_is_told() -> None:
    (finding,) = checked(*all_kept(), decision(Item("lee.wong@example.com", "Sales"), line=70)).findings

    assert (finding.rule, finding.position) == ("decision-without-item", Position(FILE, 70, 3))


@pytest.mark.parametrize("reviewer", ["lee.wong@example.com", "Lee.Wong@Example.com"])
def test_nobody_keeps_their_own_access(reviewer: str) -> None:
    (finding,) = checked(*all_kept(LEES), decision(LEES, reviewer=reviewer)).findings

    assert (finding.rule, finding.severity) == ("decision-by-oneself", Severity.ERROR)


def test_anybody_may_give_up_their_own_access() -> None:
    gone = without_grants(healthy(), (LEE, ADMIN))

    assert checked(*all_kept(LEES), decision(LEES, Verdict.REMOVE, reviewer=str(LEE.email)), live=gone).findings == ()


def test_addresses_are_compared_without_case() -> None:
    other = decision(Item("Lee.Wong@EXAMPLE.com", ADMIN.name))

    assert checked(*all_kept(LEES), other).findings == ()


def test_a_token_of_somebody_else_is_another_item() -> None:
    other = Item(str(DANA.email), CONNECTOR.name, "NetSuite Connector", "token 601")

    assert {one.rule for one in checked(*all_kept(TOKEN), decision(other)).findings} == {
        "decision-missing",
        "decision-without-item",
    }
