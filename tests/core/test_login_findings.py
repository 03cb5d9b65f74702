"""What a plan says about the logins of the tool itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.core.desired import ActsAs
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.live import Gap, Gapped, Identity, LiveState
from reconciler.core.plan_building import build_plan
from tests.support.builders import (
    ADMIN,
    ANN,
    CONNECTOR,
    DANA,
    FILE,
    NOW,
    READER,
    TOOL_ADMIN,
    TOOL_READER,
    a_desired_state,
    a_live_state,
    a_token,
    changed,
    email,
    hours,
    logins,
    with_grants,
    without_grants,
)

PLACE = Position(FILE, 7, 7)
OWN = {"own-certificate-ends", "own-login-inactive", "wrong-reader"}


def found(live: LiveState, **desired: object) -> list[Diagnostic]:
    return [item for item in build_plan(a_desired_state(**desired), live).diagnostics if item.rule in OWN]


def test_logins_that_work_are_not_mentioned() -> None:
    assert found(a_live_state(certificate_ends=NOW + timedelta(days=60))) == []


@pytest.mark.parametrize("days", [59, 1, 0, -3])
def test_a_certificate_is_announced_two_months_before_it_ends(days: int) -> None:
    live = a_live_state(certificate_ends=NOW + timedelta(days=days))

    (finding,) = found(live)

    assert (finding.severity, finding.rule, finding.address) == (
        Severity.WARNING,
        "own-certificate-ends",
        "netsuite.login",
    )
    assert f"{NOW + timedelta(days=days):%Y-%m-%d}" in finding.detail
    assert "nothing can be planned, watched or applied any more" in finding.detail
    assert "OAuth 2.0 Client Credentials (M2M) Setup" in (finding.hint or "")


def test_the_time_that_is_left_does_not_make_a_plan_stale() -> None:
    live = a_live_state(certificate_ends=NOW + timedelta(days=1))

    assert build_plan(a_desired_state(), live).digest == build_plan(a_desired_state(), a_live_state()).digest


def test_a_reader_that_is_somebody_else_is_named_and_planning_goes_on() -> None:
    live = replace(a_live_state(), reader=Identity(TOOL_ADMIN.id, ADMIN.id))

    (finding,) = found(live)

    assert (finding.severity, finding.rule) == (Severity.WARNING, "wrong-reader")
    assert "svc.reader@example.com (Reconciler Reader), but logs in as svc.admin@example.com (Administrator)" in (
        finding.detail
    )
    assert build_plan(a_desired_state(), live).steps


def test_a_reader_that_nobody_declares_or_sees_cannot_be_wrong() -> None:
    live = replace(a_live_state(), reader=Identity(TOOL_ADMIN.id, ADMIN.id))

    assert found(live, reader=None) == []
    assert found(replace(live, reader=None)) == []


@pytest.mark.parametrize(
    ("live", "address", "said"),
    [
        (changed(a_live_state(), TOOL_READER, active=False), "netsuite.login", "is inactive"),
        (changed(a_live_state(), TOOL_READER, access=False), "netsuite.login", "has no access"),
        (
            changed(a_live_state(), TOOL_ADMIN, active=False, access=False),
            "netsuite.apply_login",
            "is inactive and has",
        ),
        (without_grants(a_live_state(), (TOOL_ADMIN, ADMIN)), "netsuite.apply_login", "does not hold Administrator"),
        (changed(replace(a_live_state(), reader=None), TOOL_READER, active=False), "netsuite.login", "is inactive"),
    ],
)
def test_a_login_whose_employee_lost_something_is_named(live: LiveState, address: str, said: str) -> None:
    findings = [item for item in found(live) if item.rule == "own-login-inactive"]

    (finding,) = findings
    assert (finding.severity, finding.address) == (Severity.WARNING, address)
    assert said in finding.detail


def test_grants_that_could_not_be_read_are_not_held_against_a_login() -> None:
    live = without_grants(a_live_state(), (TOOL_ADMIN, ADMIN))

    assert found(replace(live, gaps=(Gap(Gapped.GRANTS, "hidden", "x"),))) == []


def test_a_writer_counts_only_where_there_is_one() -> None:
    assert found(changed(a_live_state(), TOOL_ADMIN, active=False), can_write=False) == []


def test_a_plan_that_would_take_the_role_of_a_login_says_so() -> None:
    new = a_token("600", DANA, created=NOW - timedelta(hours=60))
    old = a_token(inactive=True, revoked=True)
    live = with_grants(a_live_state(tokens=(old, new)), (DANA, CONNECTOR))
    live = replace(live, logins=(logins(old, *hours(2000, 70)), logins(new, *hours(50, 1))))

    (finding,) = found(live, writer=ActsAs(email(ANN.email or ""), CONNECTOR.name))

    assert finding.address == "netsuite.apply_login"
    assert f"would lose {CONNECTOR.name}" in finding.detail
    assert READER.name not in finding.detail


@pytest.mark.parametrize(
    ("key", "acts_as", "said"),
    [
        (
            "reader",
            ActsAs(email("svc.raeder@example.com"), READER.name, PLACE),
            "login is declared to act as svc.raeder",
        ),
        (
            "writer",
            ActsAs(email("svc.admim@example.com"), ADMIN.name, PLACE),
            "apply_login is declared to act as svc.admim",
        ),
        ("writer", ActsAs(email("svc.admin@example.com"), "Administrater", PLACE), "(Administrater)"),
    ],
)
def test_a_login_that_is_declared_to_be_nobody_is_an_error_at_its_line(key: str, acts_as: ActsAs, said: str) -> None:
    desired = a_desired_state(**{key: acts_as})
    (problem,) = [item for item in build_plan(desired, a_live_state()).diagnostics if item.rule == "unknown-login"]

    assert problem.severity is Severity.ERROR
    assert problem.position == PLACE
    assert said in problem.detail


def test_who_could_not_be_read_is_not_called_unknown() -> None:
    live = replace(a_live_state(), employees=(), gaps=(Gap(Gapped.EMPLOYEES, "hidden", "add a permission"),))
    rules = [item.rule for item in build_plan(a_desired_state(), live).diagnostics]

    assert "unknown-login" not in rules
