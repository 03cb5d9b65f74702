"""Each rule of the access review finds what it is for, alone; and nothing is found where nothing is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from reconciler.core.access import Access, RoleDetail
from reconciler.core.desired import ActsAs, DesiredEmployee, DesiredState, GuardSettings, ReviewSettings
from reconciler.core.diagnostics import Position, Severity
from reconciler.core.live import Gap, Gapped, IntegrationRecord, IntegrationState, LiveState, Role, Token
from reconciler.core.review.rules import RULES
from tests.core.review.worlds import DANAS, MAY, healthy, reviewed, whole
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    FILE,
    LEE,
    NOW,
    READER,
    TOOL_ADMIN,
    a_desired_state,
    a_token,
    an_integration,
    changed,
    email,
    hours,
    logins,
    with_grants,
    without_grants,
)

ADDRESS = "integrations.netsuite-connector"
OTHER = "Shipping Hub"
OTHERS = a_token("700", LEE, application=OTHER, application_id="8", created=NOW - timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Case:
    """A trouble: what is there, what is declared, where the finding is, words of it; `also` follows from it."""

    live: Callable[[], LiveState | Access]
    words: str
    address: str = ADDRESS
    line: int | None = None
    desired: DesiredState | None = None
    also: frozenset[str] = frozenset()
    severity: Severity | None = None


def account(**different: Any) -> Callable[[], LiveState]:
    return lambda: healthy(**different)


def with_tokens(*tokens: Any) -> LiveState:
    return healthy(tokens=tokens, logins=tuple(logins(token, *hours(600, 1)) for token in tokens))


def two_applications(**different: Any) -> DesiredState:
    hub = an_integration(
        key="hub",
        application=OTHER,
        owner=email("lee.wong@example.com"),
        required_roles=(),
        position=Position(FILE, 30, 3),
        positions={},
    )
    return a_desired_state(an_integration(), replace(hub, **different))


def of_this_tool(days: int) -> Token:
    made = NOW - timedelta(days=days)
    return a_token("900", TOOL_ADMIN, application="Reconciler", application_id="21", role_id=ADMIN.id, created=made)


def granted(live: LiveState) -> LiveState:
    return with_grants(live, (LEE, CONNECTOR))


CASES: dict[str, Case] = {
    "owner-inactive": Case(
        lambda: changed(healthy(), DANA, active=False), "is inactive", line=12
    ),
    "owner-without-access": Case(
        lambda: changed(healthy(), DANA, access=False), "has no access", line=12
    ),
    "owner-without-token-role": Case(
        lambda: without_grants(healthy(), (DANA, CONNECTOR)), "does not hold its role NetSuite Connector", line=13
    ),
    "owner-without-administrator": Case(
        lambda: without_grants(healthy(), (DANA, ADMIN)), "does not hold Administrator", line=14
    ),
    "owner-without-required-role": Case(
        account(), "does not hold Reconciler Reader", line=14,
        desired=a_desired_state(an_integration(required_roles=(READER.name,))),
    ),
    "owner-unknown": Case(
        lambda: with_tokens(DANAS, replace(OTHERS, owner_id="4711")), "internal id 4711",
        address=f'applications."{OTHER}"', also=frozenset({"undeclared-application"}),
    ),
    "shared-owner": Case(
        lambda: with_tokens(DANAS, replace(OTHERS, owner_id=DANA.id)), f"NetSuite Connector and {OTHER}",
        address='employees."dana.ortiz@example.com"', desired=two_applications(owner=email("dana.ortiz@example.com")),
    ),
    "token-on-undeclared-owner": Case(
        lambda: with_grants(with_tokens(a_token("600", ANN)), (ANN, CONNECTOR)),
        "belongs to ann@example.com; declared is dana.ortiz@example.com", line=12,
    ),
    "token-role-missing": Case(
        lambda: with_grants(with_tokens(replace(DANAS, role_id="1999")), (DANA, Role("1999", "", None, active=True))),
        "internal id 1999, which is gone", line=13,
    ),
    "token-role-inactive": Case(
        lambda: replace(healthy(), roles=(ADMIN, replace(CONNECTOR, active=False), READER)), "is inactive", line=13,
    ),
    "token-role-without-token-login": Case(
        lambda: whole(healthy(), role_details={CONNECTOR.id: RoleDetail(frozenset({"ADMI_RESTWEBSERVICES"}), True)}),
        "lacks Log in using Access Tokens", line=13,
    ),
    "token-role-without-rest": Case(
        lambda: whole(healthy(), role_details={CONNECTOR.id: RoleDetail(frozenset({"ADMI_LOGIN_OAUTH"}), True)}),
        "lacks REST Web Services", line=13,
    ),
    "token-role-without-cross-subsidiary": Case(
        lambda: whole(healthy(), role_details={CONNECTOR.id: replace(MAY, cross_subsidiary=False)}),
        "may not view records of other subsidiaries", line=13,
    ),
    "stray-role-holder": Case(
        lambda: with_grants(healthy(), (ANN, CONNECTOR)), "ann@example.com holds NetSuite Connector", line=13
    ),
    "token-unused": Case(
        account(logins=(logins(DANAS, timedelta(days=29)),)), "last used at 2026-10-24", line=11,
        desired=a_desired_state(review=ReviewSettings(unused=timedelta(days=28))),
    ),
    "token-age": Case(
        account(), "made on 2026-10-23: more than 29d ago", line=11,
        desired=a_desired_state(review=ReviewSettings(token_age=timedelta(days=29))),
    ),
    "several-live-tokens": Case(
        lambda: with_tokens(DANAS, replace(DANAS, id="601", name="second")),
        'has 2 live tokens: "token 600" (dana.ortiz@example.com), "second"', line=11,
    ),
    "cannot-tell-apart": Case(
        lambda: with_tokens(DANAS, replace(DANAS, id="601")), "internal ids 600, 601", line=11,
        also=frozenset({"several-live-tokens"}),
    ),
    "no-live-token": Case(
        lambda: with_tokens(replace(DANAS, inactive=True)), "no live token (1 that are inactive or revoked)", line=11
    ),
    "administrator-token": Case(
        lambda: with_tokens(DANAS, replace(OTHERS, role_id=ADMIN.id)), "may do everything",
        address="integrations.hub", desired=two_applications(token_role=ADMIN.name), line=30,
    ),
    "undeclared-application": Case(
        lambda: granted(with_tokens(DANAS, OTHERS)), f"{OTHER} can log in with a token of lee.wong@example.com",
        address=f'applications."{OTHER}"',
    ),
    "failing-logins": Case(
        account(logins=(
            logins(DANAS, *hours(600, 9)), logins(DANAS, *hours(8, 1), success=False, detail="permission_denied"),
        )),
        'with "permission_denied", which means that the owner or the role is inactive', line=11,
    ),
    "last-administrator": Case(
        lambda: without_grants(healthy(), (ANN, ADMIN), (LEE, ADMIN), (TOOL_ADMIN, ADMIN)),
        "dana.ortiz@example.com is the only active administrator", address="account",
    ),
    "few-administrators": Case(
        account(), "4 active administrators are to be seen; guards.min_administrators asks for 5",
        address="guards.min_administrators", line=40,
        desired=a_desired_state(guards=GuardSettings(
            min_administrators=5, positions={"min_administrators": Position(FILE, 40, 3)}
        )),
    ),
    "integration-blocked": Case(
        account(integrations=(IntegrationRecord("7", APPLICATION, IntegrationState.BLOCKED),)),
        "is Blocked: none of its tokens can log in", line=11,
    ),
    "ambiguous-application": Case(
        account(integrations=tuple(
            IntegrationRecord(one, APPLICATION, IntegrationState.ENABLED) for one in ("7", "9")
        )),
        "has 2 integration records called NetSuite Connector (internal ids 7, 9)", line=11,
    ),
    "unknown-application": Case(
        lambda: with_tokens(DANAS), f"no integration record {OTHER}", address="integrations.hub", line=30,
        desired=two_applications(owner=email("dana.ortiz@example.com")), also=frozenset({"no-live-token"}),
    ),
    "sandbox-refreshed": Case(
        account(account="1234567_SB1", tokens=(), logins=()), "Sandbox 1234567_SB1 has no token", address="account",
        desired=a_desired_state(account="1234567_SB1"),
    ),
    "tba-ends": Case(
        account(read_at=NOW + timedelta(days=270), logins=(logins(DANAS, -timedelta(days=269)),)),
        "Since 2027.1 no new integration may", line=11, severity=Severity.WARNING,
    ),
    "own-certificate-ends": Case(
        account(certificate_ends=NOW + timedelta(days=59)), "ends at 2027-01-20", address="netsuite.login"
    ),
}  # fmt: skip


def test_a_healthy_account_gives_no_finding() -> None:
    found = reviewed(healthy())

    assert (found.findings, found.waived, found.not_judged, found.complete) == ((), (), (), True)


@pytest.mark.parametrize("name", CASES)
def test_each_trouble_is_told_by_its_own_rule(name: str) -> None:
    case, rule = CASES[name], next(rule for rule in RULES if rule.name == name)

    found = reviewed(case.live(), case.desired).findings

    (finding,) = (one for one in found if one.rule == name)
    assert {one.rule for one in found} == {name} | case.also
    assert case.words in finding.detail
    assert (finding.address, finding.position.line if finding.position else None) == (case.address, case.line)
    assert (finding.severity, finding.summary, finding.hint) == (
        case.severity or rule.severity,
        rule.summary,
        rule.hint,
    )


def test_every_rule_has_a_case_and_a_name_of_its_own() -> None:
    names = [rule.name for rule in RULES]

    assert sorted(names) == sorted(CASES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.needs], ids=lambda rule: rule.name)
def test_what_could_not_be_read_is_not_judged(rule: Any) -> None:
    """Neither found nor denied: the review says that it did not judge."""
    case = CASES[rule.name]
    seen = case.live()
    access = seen if isinstance(seen, Access) else whole(seen)
    for what in rule.needs:
        live = replace(access.live, gaps=(Gap(what, "hidden.", "add it"),))
        found = reviewed(replace(access, live=live), case.desired)

        assert rule.name in found.not_judged
        assert rule.name not in {one.rule for one in found.findings}
        assert not found.complete


def test_the_tools_own_tokens_are_no_trouble() -> None:
    """They are needed to look; one of an Administrator is how it writes, and nobody declares them."""
    own = of_this_tool(days=10)

    assert reviewed(with_tokens(DANAS, own)).findings == ()


def test_an_old_or_unused_token_is_told_of_this_tool_as_well() -> None:
    """Somebody may have copied it."""
    own = of_this_tool(days=400)

    assert {one.rule for one in reviewed(healthy(tokens=(DANAS, own))).findings} == {"token-age", "token-unused"}


def test_standbys_and_listed_employees_hold_the_token_role_by_right() -> None:
    live = with_grants(healthy(), (ANN, CONNECTOR), (LEE, CONNECTOR))
    listed = DesiredEmployee("ann", email("ann@example.com"), Position(FILE, 50, 3), roles=(CONNECTOR.name,))
    desired = a_desired_state(an_integration(standby=(email("lee.wong@example.com"),)), employees=(listed,))

    assert reviewed(live, desired).findings == ()


@pytest.mark.parametrize("holder", [{"active": False}, {"access": False}])
def test_who_cannot_log_in_holds_no_role_to_speak_of(holder: dict[str, bool]) -> None:
    live = changed(with_grants(healthy(), (ANN, CONNECTOR)), ANN, **holder)

    assert reviewed(live).findings == ()


def test_an_unused_token_is_counted_from_the_day_it_was_made() -> None:
    desired = a_desired_state(review=ReviewSettings(unused=timedelta(days=28)))

    (finding,) = reviewed(healthy(logins=()), desired).findings

    assert finding.rule == "token-unused"
    assert "was made on 2026-10-23 and never used" in finding.detail


def test_a_login_in_a_row_without_a_role_is_a_use_of_the_token() -> None:
    """The column is missing for some kinds of login (netsuite-2.md 5)."""
    seen = healthy(logins=(logins(DANAS, *hours(600, 1), role_id=""),))

    assert reviewed(seen, a_desired_state(review=ReviewSettings(unused=timedelta(days=1)))).findings == ()


def test_a_refusal_that_a_success_followed_is_over() -> None:
    refused = logins(DANAS, *hours(9, 8), success=False, detail="nonce_rejected")

    assert reviewed(healthy(logins=(refused, logins(DANAS, *hours(600, 1))))).findings == ()


def test_each_reason_for_refusals_is_told_on_its_own() -> None:
    refused = [logins(DANAS, *hours(3, 1), success=False, detail=one) for one in ("token_rejected", "InvalidTimestamp")]

    found = reviewed(healthy(logins=(logins(DANAS, *hours(600, 9)), *refused))).findings

    assert [one.rule for one in found] == ["failing-logins", "failing-logins"]
    assert {"token is unknown" in one.detail for one in found} == {True, False}


def test_permissions_that_are_hidden_are_not_missing() -> None:
    unread = whole(healthy(), role_details={CONNECTOR.id: RoleDetail(None, None)})

    assert reviewed(unread).findings == ()


@pytest.mark.parametrize(
    ("day", "severity"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), Severity.INFO),
        (date(2027, 7, 1), Severity.INFO),
        (date(2027, 7, 3), Severity.WARNING),
        (date(2028, 1, 1), Severity.ERROR),
    ],
)
def test_the_end_of_tokens_is_told_louder_as_it_comes_nearer(day: date, severity: Severity | None) -> None:
    at = NOW.replace(year=day.year, month=day.month, day=day.day)
    token = replace(DANAS, created=at - timedelta(days=1))

    found = reviewed(healthy(read_at=at, tokens=(token,))).findings

    assert [one.severity for one in found if one.rule == "tba-ends"] == ([] if severity is None else [severity])


def test_an_owner_of_another_application_needs_no_administrator() -> None:
    live = granted(with_tokens(DANAS, OTHERS))
    live = without_grants(live, (LEE, ADMIN))

    assert reviewed(live, two_applications()).findings == ()


def test_the_tool_is_recognised_by_the_file_where_the_account_does_not_tell() -> None:
    own = of_this_tool(days=10)
    desired = a_desired_state(writer=ActsAs(email("svc.admin@example.com"), ADMIN.name))

    assert reviewed(replace(with_tokens(DANAS, own), reader=None), desired).findings == ()
    assert {one.rule for one in reviewed(with_tokens(DANAS, own), replace(desired, writer=None)).findings} == {
        "administrator-token",
        "undeclared-application",
    }


def test_gaps_of_other_things_leave_a_rule_judged() -> None:
    live = replace(changed(healthy(), DANA, active=False), gaps=(Gap(Gapped.ORDERS, "hidden.", "add it"),))

    found = reviewed(live)

    assert "owner-inactive" in {one.rule for one in found.findings}
    assert found.not_judged == ()


def test_a_declared_role_that_is_gone_is_told_once_and_so_is_one_that_is_inactive() -> None:
    gone = reviewed(healthy(), a_desired_state(an_integration(token_role="Gone"))).findings
    inactive = replace(healthy(), roles=(ADMIN, CONNECTOR, replace(READER, active=False)))
    unused = reviewed(inactive, a_desired_state(an_integration(required_roles=(READER.name,))))

    assert [one.rule for one in gone] == ["token-role-missing"]
    assert "role-inactive" in {one.rule for one in unused.findings}
