"""Waivers accept a finding until their day, and are findings themselves when they are over or for nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from reconciler.core.desired import Waiver
from reconciler.core.diagnostics import Position, Severity
from tests.core.review.worlds import healthy, reviewed
from tests.support.builders import ANN, CONNECTOR, FILE, NOW, a_desired_state, with_grants

STRAY = with_grants(healthy(), (ANN, CONNECTOR))
WAIVER = Waiver(
    "stray-role-holder",
    "integrations.netsuite-connector",
    "handover in January",
    "it@example.com",
    NOW.date() + timedelta(days=1),
    Position(FILE, 60, 5),
)


def test_what_is_accepted_does_not_count_and_is_shown_with_who_accepts_it() -> None:
    found = reviewed(STRAY, a_desired_state(waivers=(WAIVER,)))

    assert found.findings == ()
    ((finding, waiver),) = ((one.finding, one.waiver) for one in found.waived)
    assert (finding.rule, waiver) == ("stray-role-holder", WAIVER)


@pytest.mark.parametrize("days", [0, -1])
def test_from_its_last_day_on_a_waiver_accepts_nothing_and_is_an_error_at_its_line(days: int) -> None:
    waiver = replace(WAIVER, expires=NOW.date() + timedelta(days=days))

    found = reviewed(STRAY, a_desired_state(waivers=(waiver,)))

    assert [one.rule for one in found.findings] == ["waiver-expired", "stray-role-holder"]
    expired = found.findings[0]
    assert (expired.severity, expired.position) == (Severity.ERROR, Position(FILE, 60, 5))
    assert f"by it@example.com until {waiver.expires}: handover in January" in expired.detail
    assert found.waived == ()


def test_an_expired_waiver_is_told_also_where_its_finding_is_gone() -> None:
    found = reviewed(healthy(), a_desired_state(waivers=(replace(WAIVER, expires=date(2026, 1, 1)),)))

    assert [one.rule for one in found.findings] == ["waiver-expired"]


@pytest.mark.parametrize(
    "other", [{"finding": "token-age"}, {"address": "integrations.netsuite"}, {"address": "integrations.other"}]
)
def test_a_waiver_for_something_else_accepts_nothing_and_says_so(other: dict[str, Any]) -> None:
    found = reviewed(STRAY, a_desired_state(waivers=(replace(WAIVER, **other),)))

    assert [(one.rule, one.severity) for one in found.findings] == [
        ("stray-role-holder", Severity.WARNING),
        ("waiver-unused", Severity.INFO),
    ]


def test_a_waiver_of_a_whole_section_accepts_what_is_below() -> None:
    found = reviewed(STRAY, a_desired_state(waivers=(replace(WAIVER, address="integrations"),)))

    assert (found.findings, len(found.waived)) == ((), 1)
