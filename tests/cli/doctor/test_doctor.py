"""`doctor` against the emulator: a healthy account is said to be one, and what a profile lacks is told with the way."""

from itertools import pairwise

import pytest

from tests.cli.conftest import Workspace, a_login
from tests.cli.doctor.conftest import READER_ROLE, doctor, environment
from tests.cli.test_oauth2 import READER
from tests.support.emulator import Emulator

PROFILES = ("look", "people", "owner")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_healthy_account_is_ready_for_everything(workspace: Workspace, emulator: Emulator, profile: str) -> None:
    environment(workspace, emulator)

    told = doctor(workspace, "--profile", profile)

    assert (told.code, told.document["ready"], told.troubles) == (0, True, set())
    assert not [one for one in told.document["doubts"] if one["standing"] == "contradicts"]


def test_each_profile_is_told_at_least_what_the_one_before_it_is(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)

    told = [doctor(workspace, "--profile", profile).verdicts for profile in PROFILES]

    assert all(less.items() <= more.items() for less, more in pairwise(told))


def test_doctor_sends_nothing_that_could_write(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)
    doctor(workspace, "--profile", "owner")

    asked = [(row["method"], row["path"].partition("?")[0]) for row in emulator.requests()]
    assert len(asked) > 40
    others = {(method, path) for method, path in asked if method != "GET"}
    assert others == {("POST", "/services/rest/query/v1/suiteql")}, "how SuiteQL is asked; it only reads"


def test_doctor_writes_nothing_with_certificates_either(workspace: Workspace, emulator: Emulator) -> None:
    from tests.cli.test_oauth2 import WRITER, oauth2_login, registered  # noqa: PLC0415  the one test with keys here
    from tests.support.oauth2_keys import a_key  # noqa: PLC0415  the same

    environment(workspace, emulator, login=oauth2_login(), apply_login=oauth2_login("APPLY_", WRITER))
    registered(workspace, emulator, READER, a_key(), "")
    registered(workspace, emulator, WRITER, a_key(), "APPLY_")

    told = doctor(workspace, "--profile", "owner")

    assert (told.code, told.troubles) == (0, set())
    asked = {(row["method"], row["path"].partition("?")[0]) for row in emulator.requests() if row["method"] != "GET"}
    token = "/services/rest/auth/oauth2/v1/token"
    assert asked == {("POST", "/services/rest/query/v1/suiteql"), ("POST", token)}


@pytest.mark.parametrize(
    "permission",
    [
        "LIST_EMPLOYEE_RECORD",
        "ADMI_MANAGE_OAUTH_TOKENS",
        "ADMI_INTEGRAPP",
        "LIST_INTEGRAPP",
        "LIST_FIND",
        "LIST_SYSTEMNOTES",
        "TRAN_FIND",
        "TRAN_SALESORD",
    ],
)
def test_each_missing_permission_comes_with_the_way_to_grant_it(
    workspace: Workspace, emulator: Emulator, permission: str
) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.act(f"roles/{READER_ROLE}", permissions={permission: None})

    told = doctor(workspace)

    rule = f"permission-{permission}"
    assert told.code == 4
    assert told.verdicts[rule] == "missing"
    assert not {one for one in told.troubles if one.startswith("permission-")} - {rule}
    (way,) = told.finding(rule)["todo"]
    assert way.startswith("Setup > Users/Roles > Manage Roles > Reconciler Reader > Edit > Permissions > ")


@pytest.mark.parametrize("permission", ["ADMI_MANAGEROLES", "ADMI_AUDITLOGIN"])
def test_where_the_own_permissions_are_hidden_the_tables_tell(
    workspace: Workspace, emulator: Emulator, permission: str
) -> None:
    """A table that answers is enough; one that says nothing where it is forbidden is not."""
    environment(workspace, emulator, apply_login=None)
    emulator.act(f"roles/{READER_ROLE}", permissions={permission: None})

    told = doctor(workspace)

    assert told.code == 4
    assert told.verdicts[f"permission-{permission}"] == "missing"
    assert told.verdicts["permission-ADMI_MANAGE_OAUTH_TOKENS"] == "ok"
    assert told.verdicts["permission-LIST_SYSTEMNOTES"] == "unknown"
    assert told.verdicts["login-can-write"] == "unknown"


def test_a_role_that_may_not_ask_at_all(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.act(f"roles/{READER_ROLE}", permissions={"REPO_ANALYTICS": None})

    told = doctor(workspace)

    assert told.code == 4
    assert told.verdicts["permission-REPO_ANALYTICS"] == "missing"


@pytest.mark.parametrize(
    ("permissions", "rule"),
    [
        ({"LIST_EMPLOYEE": "Full"}, "login-can-write"),
        ({"ADMI_KERNEL": "View"}, "login-can-write"),
        ({"ADMI_MANAGE_OAUTH_TOKENS": "Create"}, "login-can-write"),
        ({"TRAN_SALESORD": "Edit"}, "login-can-write-records"),
    ],
)
def test_a_reading_login_that_could_write_is_told(
    workspace: Workspace, emulator: Emulator, permissions: dict[str, str], rule: str
) -> None:
    environment(workspace, emulator, apply_login=None)
    assert doctor(workspace).verdicts["login-cannot-write-access"] == "ok"
    emulator.act(f"roles/{READER_ROLE}", permissions=permissions)

    told = doctor(workspace)

    assert told.code == 0, "it works, and deserves a look"
    assert told.verdicts[rule] == "look"
    assert ("login-cannot-write-access" in told.verdicts) == (rule == "login-can-write-records")


def test_people_need_three_permissions_and_administrators_their_own_role(
    workspace: Workspace, emulator: Emulator
) -> None:
    # The same login for both, so that the role that shall write is the reader's.
    environment(workspace, emulator, apply_login=a_login() | {"acts_as": {"employee": READER[0], "role": READER[1]}})
    told = doctor(workspace, "--profile", "people")
    assert told.code == 4
    assert told.troubles == {"permission-LIST_EMPLOYEE", "permission-LIST_EMPLOYEE_RECORD"}
    assert told.verdicts["permission-LIST_EMPLOYEE_ACCESS"] == "look", "it goes with a feature that may be off"
    given = {"LIST_EMPLOYEE": "Full", "LIST_EMPLOYEE_RECORD": "Full", "LIST_EMPLOYEE_ACCESS": "Full"}
    emulator.act(f"roles/{READER_ROLE}", permissions=given)

    assert doctor(workspace, "--profile", "people").code == 0
    assert doctor(workspace, "--profile", "owner").troubles == {"not-administrator"}
    assert doctor(workspace).document["profile"] == "people", "for which its login is made"


def test_a_file_that_only_looks_is_not_ready_to_write(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)

    assert doctor(workspace).document["profile"] == "look"
    assert doctor(workspace, "--profile", "people").troubles == {"no-apply-login"}


def test_an_administrator_who_reads_is_told_to_be_one(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, login=a_login("APPLY_"), apply_login=None)

    told = doctor(workspace)

    assert (told.code, told.troubles) == (0, set())
    assert told.verdicts["login-can-write"] == "look"
    assert told.verdicts["concurrency"] == "ok"


def test_more_requests_than_the_account_allows(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, concurrency=20)

    told = doctor(workspace)

    assert told.verdicts["concurrency"] == "look"
    (what,) = told.finding("concurrency")["todo"]
    assert what.startswith("write concurrency: ")


def test_rows_that_come_late(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.behave(loginaudit_delay="600")

    told = doctor(workspace)

    assert told.code == 4
    assert {"trail-delay", "login-identity"} <= told.troubles


def test_wrong_usage(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)

    assert workspace.run("doctor", "production", "--profile", "everything").code == 64
    assert workspace.run("doctor", "production", "--report", "not/there/report.json").code == 1
    assert workspace.run("doctor", "elsewhere").code == 64
    assert emulator.requests() == []


def test_a_query_that_was_answered_counts_more_than_a_level(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.act(f"roles/{READER_ROLE}", permissions={"REPO_ANALYTICS": "View"})

    told = doctor(workspace)

    assert (told.code, told.troubles) == (0, set())


def test_the_login_has_a_name_though_no_token_leads_to_it(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator, apply_login=None)
    emulator.act(f"roles/{READER_ROLE}", permissions={"ADMI_MANAGE_OAUTH_TOKENS": None})

    assert READER[0] in doctor(workspace).finding("login")["text"]


def test_what_a_login_is_declared_to_be_decides_while_it_fails(workspace: Workspace, emulator: Emulator) -> None:
    environment(workspace, emulator)
    emulator.act("tokens/105/deactivate")

    assert doctor(workspace).document["profile"] == "owner"
