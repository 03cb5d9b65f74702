"""Identity before diff: whatever a file names is found once and active, or the error says where and what to do."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from reconciler.core.desired import PersonKey, PersonRef
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.directory import Directory
from reconciler.core.live import Gap, Gapped, IntegrationRecord, IntegrationState, LiveState
from reconciler.core.plan_building import build_plan
from reconciler.core.resolve import Resolved, people_named, resolve
from reconciler.core.spelling import nearest
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    FILE,
    LEE,
    READER,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    changed,
    email,
)

PLACES = {
    "owner": Position(FILE, 12, 5),
    "application": Position(FILE, 11, 5),
    "token_role": Position(FILE, 13, 5),
    "required_roles.0": Position(FILE, 14, 23),
    "required_roles.1": Position(FILE, 14, 38),
    "standby.0": Position(FILE, 16, 15),
}


def resolving(live: LiveState, **different: Any) -> tuple[tuple[Resolved, ...], tuple[Diagnostic, ...]]:
    integration = an_integration(**{"positions": PLACES, **different})
    return resolve(a_desired_state(integration), Directory(live))


def found(live: LiveState, **different: Any) -> Resolved:
    (one,), problems = resolving(live, **different)
    assert problems == ()
    return one


def with_roles(*roles: Any) -> LiveState:
    return a_live_state(roles=(ADMIN, CONNECTOR, READER, *roles))


def with_record(*records: IntegrationRecord, **different: Any) -> LiveState:
    return a_live_state(integrations=records, **different)


def a_record(identifier: str = "7", name: str = APPLICATION) -> IntegrationRecord:
    return IntegrationRecord(identifier, name, IntegrationState.ENABLED)


@dataclass(frozen=True)
class Refused:
    rule: str
    key: str
    detail: str
    hint: str
    live: LiveState
    different: dict[str, Any]


def refused(rule: str, key: str, detail: str, hint: str, live: LiveState | None = None, **different: Any) -> Refused:
    return Refused(rule, key, detail, hint, live or a_live_state(), different)


TWIN = replace(DANA, id="21", entity_id="Dana Ortiz-Two")
REFUSED = {
    "an unknown owner": refused(
        "unknown-employee",
        "owner",
        "is nobody@example.com: unknown, or hidden",
        "Employee Record",
        owner=email("nobody@example.com"),
    ),
    "an owner known by a name nobody has": refused(
        "unknown-employee",
        "owner",
        "is entity_id:Nobody:",
        "spelling",
        owner=PersonRef(PersonKey.ENTITY_ID, "Nobody"),
    ),
    "two owners of one address": refused(
        "ambiguous-employee",
        "owner",
        "fits 2 employees of account 1234567 (internal ids 20, 21)",
        "entity_id",
        a_live_state(employees=(DANA, TWIN, ANN)),
    ),
    "an inactive owner": refused(
        "owner-inactive",
        "owner",
        'Integration "netsuite-connector" is to be owned by dana.ortiz@example.com, who is inactive',
        "name an active employee",
        changed(a_live_state(), DANA, active=False),
    ),
    "an owner without access": refused(
        "owner-without-access",
        "owner",
        "dana.ortiz@example.com may not log in",
        "ask for it under employees",
        changed(a_live_state(), DANA, access=False),
    ),
    "an inactive standby": refused(
        "employee-inactive",
        "standby.0",
        "lee.wong@example.com is inactive",
        "take the entry out",
        changed(a_live_state(), LEE, active=False),
        standby=(email("lee.wong@example.com"),),
    ),
    "an unknown standby": refused(
        "unknown-employee", "standby.0", "x@example.com", "spelling", standby=(email("x@example.com"),)
    ),
    "an unknown token role": refused(
        "unknown-role",
        "token_role",
        'has no role "Netsuite Connector Web Service"',
        'did you mean "NetSuite Connector Web Services"?',
        token_role="Netsuite Connector Web Service",
    ),
    "an unknown required role": refused(
        "unknown-role",
        "required_roles.1",
        'has no role "Zebra"',
        "Manage Roles",
        required_roles=(ADMIN.name, "Zebra"),
    ),
    "two roles of one name": refused(
        "ambiguous-role",
        "token_role",
        "has 2 active roles called",
        "script id",
        with_roles(replace(CONNECTOR, id="2000", script_id="customrole_other")),
    ),
    "an inactive token role": refused(
        "role-inactive",
        "token_role",
        "is inactive in account 1234567",
        "activate it",
        a_live_state(roles=(ADMIN, replace(CONNECTOR, active=False))),
    ),
    "an unknown application": refused(
        "unknown-application",
        "application",
        'no integration record "NetSuite Conector"',
        'did you mean "NetSuite Connector"?',
        application="NetSuite Conector",
    ),
    "an application like no other": refused(
        "unknown-application", "application", 'record "Zebra"', "Show Inactives", application="Zebra"
    ),
    "two integration records of one name": refused(
        "ambiguous-application",
        "application",
        "has 2 integration records",
        "rename one",
        with_record(a_record("7"), a_record("8")),
    ),
    "tokens of a second record of that name which is hidden": refused(
        "ambiguous-application",
        "application",
        "(internal ids 7, 8)",
        "rename one",
        with_record(a_record("7"), tokens=(a_token(), a_token("501", LEE, application_id="8"))),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_found_is_an_error_at_its_line_that_says_what_to_do(case: str) -> None:
    expected = REFUSED[case]
    resolved, problems = resolving(expected.live, **expected.different)

    # Somebody who only stands by keeps nobody from handing over; what they may lose waits until they are found.
    assert [one.standby_known for one in resolved] == ([False] if expected.key.startswith("standby") else [])
    (problem,) = problems
    assert (problem.severity, problem.rule) == (Severity.ERROR, expected.rule)
    assert problem.address == "integrations.netsuite-connector"
    assert problem.position == PLACES[expected.key]
    assert expected.detail in problem.detail
    assert expected.hint in (problem.hint or "")


def test_addresses_of_people_are_compared_without_case() -> None:
    assert found(a_live_state(), owner=email("DANA.Ortiz@Example.com")).owner == DANA


def test_people_are_found_by_entity_id_too() -> None:
    assert found(a_live_state(), owner=PersonRef(PersonKey.ENTITY_ID, "Dana Ortiz")).owner == DANA


def test_an_inactive_namesake_is_not_meant() -> None:
    live = a_live_state(employees=(replace(TWIN, active=False), DANA, ANN))

    assert found(live).owner == DANA


@pytest.mark.parametrize("name", ["customrole_connector", "CUSTOMROLE_Connector", CONNECTOR.name])
def test_roles_are_found_by_name_or_by_script_id_in_any_case(name: str) -> None:
    assert found(a_live_state(), token_role=name).token_role == CONNECTOR


def test_an_inactive_role_of_the_same_name_is_not_meant() -> None:
    live = with_roles(replace(CONNECTOR, id="2000", script_id="customrole_old", active=False))

    assert found(live).token_role == CONNECTOR


def test_a_role_is_told_from_its_namesake_by_script_id() -> None:
    twin = replace(CONNECTOR, id="2000", script_id="customrole_other")

    assert found(with_roles(twin), token_role="customrole_other").token_role == twin


def test_a_record_that_is_hidden_does_not_matter_while_its_tokens_are_seen() -> None:
    one = found(with_record())

    assert one.record is None
    assert [token.id for token in one.tokens] == ["500"]


def test_records_that_could_not_be_read_are_not_missing() -> None:
    live = with_record(tokens=(), gaps=(Gap(Gapped.INTEGRATIONS, "hidden", "add a permission"),))

    assert found(live).record is None


def test_revoked_tokens_of_a_deleted_record_of_the_same_name_do_not_make_it_ambiguous() -> None:
    gone = a_token("400", LEE, application_id="3", revoked=True)

    assert [token.id for token in found(a_live_state(tokens=(gone, a_token()))).tokens] == ["400", "500"]


def test_tokens_are_found_by_the_record_when_they_show_another_name() -> None:
    live = a_live_state(tokens=(a_token(application="former name"),))

    assert [token.id for token in found(live).tokens] == ["500"]


def test_an_application_whose_name_looks_like_an_id_gets_its_own_tokens_only() -> None:
    live = a_live_state(integrations=(a_record(), a_record("9", "#7")))

    assert found(live, application="#7").tokens == ()


def test_one_bad_integration_never_hides_another() -> None:
    bad = an_integration(
        key="bad", owner=email("nobody@example.com"), token_role="Zebra", required_roles=("Lion",), application="Ape"
    )
    resolved, problems = resolve(a_desired_state(bad, an_integration()), Directory(a_live_state()))

    assert [one.desired.key for one in resolved] == ["netsuite-connector"]
    assert [item.rule for item in problems] == [
        "unknown-employee",
        "unknown-role",
        "unknown-role",
        "unknown-application",
    ]
    plan = build_plan(a_desired_state(bad, an_integration()), a_live_state())
    assert plan.steps
    assert not plan.complete


@pytest.mark.parametrize("what", [Gapped.EMPLOYEES, Gapped.ROLES, Gapped.GRANTS])
def test_what_could_not_be_read_is_never_called_unknown(what: Gapped) -> None:
    live = a_live_state(employees=(), roles=(), grants=(), gaps=(Gap(what, "hidden.", "add a permission"),))
    resolved, (problem,) = resolving(live)

    assert resolved == ()
    assert problem.severity is Severity.ERROR
    assert what in problem.detail
    assert problem.hint == "the findings named gap say why, and what to do"
    assert build_plan(a_desired_state(), live).changes == ()


def test_only_the_first_of_many_unknown_names_get_a_suggestion() -> None:
    """Each look among thousands of names takes time, and nobody reads a thousand suggestions."""
    many = [an_integration(key=f"k{number}", application=f"NetSuite Conector {number:03}") for number in range(200)]
    _, problems = resolve(a_desired_state(*many), Directory(a_live_state()))
    suggested = [item for item in problems if "did you mean" in (item.hint or "")]

    assert len(problems) == 200
    assert 1 <= len(suggested) <= 50
    assert all(item.hint for item in problems)


def test_the_nearest_name_ignores_case_and_is_none_when_nothing_is_near() -> None:
    assert nearest("administrater", ["Accountant", "Administrator"]) == "Administrator"
    assert nearest("zebra", ["Administrator"]) is None
    assert nearest("zebra", []) is None


def test_everybody_whom_a_file_names_is_looked_for() -> None:
    desired = a_desired_state(an_integration(standby=(email("lee.wong@example.com"),)))

    assert [str(one) for one in people_named(desired)] == [
        "dana.ortiz@example.com",
        "lee.wong@example.com",
        "svc.reader@example.com",
        "svc.admin@example.com",
    ]
