"""What follows from a look: each trouble by a rule of its own, and nothing that was not seen is said to be there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.core.diagnosis import Diagnosis, diagnosis
from reconciler.core.diagnosis_finding import Verdict
from reconciler.core.examination import (
    EDIT,
    FULL,
    VIEW,
    Examination,
    Failure,
    HeldPermission,
    Limits,
    LoginLook,
    TableState,
    TrailLook,
    account_type,
)
from reconciler.core.live import ADMINISTRATOR, Identity
from reconciler.core.login_failure import SUMMARIES
from reconciler.core.profiles import LOOKING, WRITING_PEOPLE, Profile
from reconciler.netsuite.probes import TABLES
from reconciler.render.diagnosis import diagnosis_to_text, report_document

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HELD = tuple(HeldPermission(need.key, need.name, VIEW) for need in LOOKING)
WHO = Identity("10", "1052")
READER = LoginLook(
    "login", "tba", identity=WHO, person="svc@example.com", role="Reader", role_id="1052", permissions=HELD
)
WRITER = LoginLook(
    "apply_login",
    "tba",
    identity=Identity("11", ADMINISTRATOR),
    person="a",
    role="Administrator",
    role_id=ADMINISTRATOR,
)


def seen(**different: Any) -> Examination:
    """A healthy account with two logins."""
    base = Examination(
        environment="test",
        account="1234567",
        emulator=False,
        server_time=NOW,
        clock_ahead=timedelta(seconds=1),
        account_known=True,
        login=READER,
        apply_login=WRITER,
        concurrency=2,
        limits=Limits(10, 5, 5, "Unallocated"),
        tables=dict.fromkeys(TABLES, TableState.ROWS),
        trail=TrailLook(readable=True, found=True, after=timedelta(seconds=1), offset=timedelta(hours=-8)),
        roles_described=True,
    )
    return replace(base, **different)


def told(profile: Profile = Profile.OWNER, **different: Any) -> tuple[Diagnosis, dict[str, Verdict]]:
    found = diagnosis(seen(**different), profile)
    return found, {one.rule: one.verdict for one in found.findings}


def test_a_healthy_account_is_ready() -> None:
    found, verdicts = told()

    assert found.ready
    assert {rule for rule, verdict in verdicts.items() if verdict is not Verdict.OK} == {"roles-by-rest"}


@pytest.mark.parametrize(
    ("different", "rule", "verdict", "ready"),
    [
        ({"account": "1234567_RP"}, "release-preview", Verdict.LOOK, True),
        ({"hosts_differ": ("other.example.com",)}, "hosts-differ", Verdict.LOOK, True),
        ({"account_known": None}, "account", Verdict.OK, True),
        ({"account_known": None, "server_time": None}, "account", Verdict.UNKNOWN, True),
        ({"clock_ahead": None}, "clock", Verdict.UNKNOWN, True),
        ({"clock_ahead": timedelta(minutes=-2)}, "clock", Verdict.LOOK, True),
        ({"clock_ahead": timedelta(minutes=5)}, "clock", Verdict.MISSING, False),
        ({"limits": None}, "concurrency", Verdict.UNKNOWN, True),
        ({"limits": Limits(10, 1, None, "")}, "concurrency", Verdict.LOOK, True),
        ({"trail": TrailLook(readable=True, after=timedelta(seconds=9))}, "trail-delay", Verdict.UNKNOWN, True),
        ({"trail": TrailLook(readable=True, found=True)}, "trail-zone", Verdict.UNKNOWN, True),
        ({"login": replace(READER, limits=("subsidiaries",))}, "role-restricted", Verdict.MISSING, False),
        ({"login": replace(READER, identity=None)}, "login-identity", Verdict.UNKNOWN, False),
        ({"login": replace(READER, declared=Identity("9", "3"))}, "login-wrong-role", Verdict.MISSING, False),
        ({"login": replace(READER, certificate_ends=NOW + timedelta(days=61))}, "login-certificate", Verdict.OK, True),
        ({"login": replace(READER, certificate_ends=NOW + timedelta(days=9))}, "login-certificate", Verdict.LOOK, True),
        ({"login": replace(READER, permissions=None)}, "login-can-write", Verdict.UNKNOWN, False),
        ({"roles_described": None}, "catalog", Verdict.LOOK, True),
        ({"roles_described": False}, "catalog", Verdict.MISSING, False),
        ({"apply_login": None}, "no-apply-login", Verdict.MISSING, False),
        ({"apply_login": replace(WRITER, role_id="1052")}, "not-administrator", Verdict.MISSING, False),
        ({"apply_login": replace(WRITER, role_id=None)}, "not-administrator", Verdict.UNKNOWN, False),
        ({"tables": dict.fromkeys(TABLES, TableState.FAILED)}, "permission-REPO_ANALYTICS", Verdict.MISSING, False),
    ],
)
def test_each_trouble_is_told(different: dict[str, Any], rule: str, verdict: Verdict, *, ready: bool) -> None:
    found, verdicts = told(**different)

    assert verdicts[rule] is verdict
    assert found.ready is ready


@pytest.mark.parametrize("login", ["login", "apply_login"])
def test_a_login_that_was_not_judged_is_told_apart_from_one_that_was_refused(login: str) -> None:
    def unanswered(rule: str, profile: Profile = Profile.OWNER) -> bool:
        shut = LoginLook(login, "tba", failure=Failure(rule, "summary", "detail", ()))
        found, _ = told(profile, **{login: shut})
        assert not found.ready or profile is Profile.LOOK
        return found.unanswered

    assert [rule for rule in SUMMARIES if unanswered(rule)] == ["unreachable", "concurrency-exhausted", "not-readable"]
    assert unanswered("unreachable", Profile.LOOK) == (login == "login"), "looking asks nothing of the other one"


@pytest.mark.parametrize("need", LOOKING, ids=lambda need: need.key)
def test_each_permission_and_each_table_counts(need: Any) -> None:
    rule = f"permission-{need.key}"
    without = tuple(one for one in HELD if one.key != need.key)
    hidden = {name: TableState.HIDDEN if name in need.tables else TableState.ROWS for name in TABLES}

    assert told(login=replace(READER, permissions=without))[1][rule] is Verdict.MISSING
    assert told(tables=hidden)[1][rule] is Verdict.UNKNOWN
    assert told(login=replace(READER, permissions=without), tables=hidden)[1][rule] is Verdict.MISSING
    silent = Verdict.UNKNOWN if need.is_silent else Verdict.OK
    assert told(login=replace(READER, permissions=None))[1][rule] is silent


@pytest.mark.parametrize("need", WRITING_PEOPLE, ids=lambda need: need.key)
@pytest.mark.parametrize(("level", "enough"), [(VIEW, False), (EDIT, True), (FULL, True)])
def test_writing_takes_each_permission_at_edit(need: Any, level: int, *, enough: bool) -> None:
    """Where the feature is on, without which NetSuite does not offer the third of them."""
    held = tuple(HeldPermission(one.key, one.name, level if one is need else FULL) for one in WRITING_PEOPLE)
    writer = replace(WRITER, role_id="1060", role="Writer", permissions=held)

    found, verdicts = told(Profile.PEOPLE, apply_login=writer, features={"advanced_employee_permissions": True})

    assert found.ready is enough
    assert verdicts[f"permission-{need.key}"] is (Verdict.OK if enough else Verdict.MISSING)


def test_looking_asks_nothing_of_the_writing_login() -> None:
    assert told(Profile.LOOK, apply_login=None, roles_described=False)[0].ready


def test_what_is_missing_says_what_to_do() -> None:
    found, _ = told(Profile.PEOPLE, login=replace(READER, permissions=()), apply_login=None)

    assert all(one.todo for one in found.findings if one.verdict is Verdict.MISSING)


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ("1234567", "production"),
        ("1234567_SB1", "sandbox"),
        ("1234567_sb12", "sandbox"),
        ("1234567_RP", "Release Preview"),
        ("TSTDRV1234567", "development or test drive"),
        ("TD1234567", "development or test drive"),
    ],
)
def test_an_account_says_itself_what_it_is(account: str, kind: str) -> None:
    assert account_type(account) == kind


HOSTILE = "\x1b[31mEve\u202e\nok       login works"


def test_names_cannot_paint_on_the_terminal_nor_reach_the_report() -> None:
    held = (*HELD, HeldPermission("CUSTOM_EVE_1", HOSTILE, FULL))
    found, _ = told(login=replace(READER, person=HOSTILE, role=HOSTILE, permissions=held))

    text = diagnosis_to_text(found)
    assert all(line.isprintable() for line in text.splitlines())
    assert text.count("\n  ok       login works") == 1
    report = str(report_document(found))
    assert "Eve" not in report
    assert "CUSTOM_EVE" not in report


def test_a_narrow_terminal_cuts_nothing() -> None:
    found, _ = told(login=replace(READER, permissions=()))

    narrow, wide = diagnosis_to_text(found, 60), diagnosis_to_text(found)

    assert max(len(line) for line in narrow.splitlines()) <= 60
    assert narrow.split() == wide.split()
