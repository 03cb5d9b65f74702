"""Reading a scripted account into a LiveState, whole and with parts of it hidden."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reconciler.core.desired import PersonKey, PersonRef
from reconciler.core.errors import LoginRefusedError, NetSuiteError, UnansweredError
from reconciler.core.live import (
    Employee,
    Gapped,
    Grant,
    Identity,
    IntegrationRecord,
    IntegrationState,
    LiveState,
    LoginGroup,
    Role,
    Scope,
    Token,
    TokenUse,
)
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.ports import LiveReader
from tests.netsuite.stub import Asked, Reply, Stub, page, refusal

APP = "NetSuite Connector"
SCOPE = Scope(
    (APP,),
    (PersonRef(PersonKey.EMAIL, "Dana.Ortiz@example.com"), PersonRef(PersonKey.ENTITY_ID, "Lee Wong")),
    ("NetSuite Connector Web Services", "CUSTOMROLE_EXTRA"),
)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
Rows = list[dict[str, object]]


def employee(number: int, name: str, **changes: object) -> dict[str, object]:
    email = f"{name.lower().replace(' ', '.')}@example.com"
    row = {"links": [], "id": str(number), "entityid": name, "email": email, "giveaccess": "T", "isinactive": "F"}
    return row | changes


def token(number: int, owner: int, **changes: object) -> dict[str, object]:
    row = {"id": str(number), "tba_token_name": f"t{number}", "tba_app_name": "7", "application": APP}
    row |= {"entity_name": str(owner), "role_name": "1047", "created": "2026-01-02 13:04:05"}
    return row | {"binactive": "F", "brevoked": "F"} | changes


def login(owner: int, day: str, **changes: object) -> dict[str, object]:
    row = {"oauthappname": APP, "userid": str(owner), "role": "1047", "oauthaccesstokenname": "t1"}
    row |= {"status": "Success", "day": day, "firstat": f"{day} 01:00:00", "lastat": f"{day} 23:59:59"}
    return row | changes


def grant(who: int, role: str) -> dict[str, object]:
    return {"employeeid": str(who), "role": role}


class ScriptedAccount:
    """Answers the reader's queries from lists of rows; `missing` tables are not found, `broken` ones fail."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self.ahead = timedelta(hours=-8)
        self.missing: set[str] = {"integration", "employeeroles"}
        self.broken: dict[str, Reply] = {}
        self.own: Rows | None = None
        self.roles: Rows = [
            {"id": "3", "name": "Administrator", "scriptid": "ADMINISTRATOR", "isinactive": "F"},
            {"id": "1047", "name": "NetSuite Connector Web Services", "scriptid": "customrole_x", "isinactive": "F"},
            {"id": "1048", "name": "Extra", "scriptid": "customrole_extra", "isinactive": "T"},
        ]
        self.employees: Rows = [
            employee(10, "Dana Ortiz"),
            employee(11, "Lee Wong", giveaccess="F", email=None),
            employee(12, "Ann Old"),
            employee(13, "Ada Min"),
            employee(14, "Other Owner", isinactive="T"),
        ]
        self.grants: Rows = [grant(10, "3"), grant(12, "1047"), grant(12, "3"), grant(12, "55"), grant(13, "3")]
        self.tokens: Rows = [token(1, 12), token(2, 14, tba_app_name="8", application="Other", brevoked="T")]
        self.integrations: Rows = [{"id": "7", "name": APP, "state": "2", "statetext": "Enabled"}]
        self.logins: Rows = [login(12, "2026-11-20"), login(0, "2026-11-21", userid=None, status="Failure", detail="x")]
        self.permissions: Rows = [
            {"permkey": key, "permlevel": "1"}
            for key in ("LIST_EMPLOYEE_RECORD", "ADMI_MANAGEROLES", "ADMI_MANAGE_OAUTH_TOKENS", "ADMI_AUDITLOGIN")
        ]
        self.permissions.append({"name": "Integration Application", "permlevel": "1"})
        self.own_role: dict[str, object] = {"id": "1052", "subsidiaryoption": "ALL"}
        self.unknown_columns: set[str] = set()
        stub.otherwise = self.answer

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(200, {"serverTime": "2026-11-22T09:00:00.000Z"})
        if column := next((name for name in self.unknown_columns if re.search(rf"\b{name}\b", asked.body["q"])), None):
            return refusal(400, "INVALID_PARAMETER", f"Search error occurred: Unknown identifier '{column}'.")
        text, params = asked.body["q"], {str(param) for param in asked.body.get("params", [])}
        found = re.search(r"FROM (\w+)", text)
        assert found
        table = found[1]
        if table in self.broken:
            return self.broken[table]
        if table in self.missing:
            return refusal(400, "INVALID_PARAMETER", f"Search error occurred: Record '{table}' was not found.")
        return Reply(200, page(self.rows(table, text, params, asked.headers["User-Agent"])))

    def rows(self, table: str, text: str, params: set[str], user_agent: str) -> Rows:
        if table == "employee":
            column = "id" if "WHERE id IN" in text else "email" if "LOWER(email)" in text else "entityid"
            return [row for row in self.employees if str(row[column]).lower() in {each.lower() for each in params}]
        if table.startswith("employeeroles"):
            column = "role" if "WHERE role IN" in text else "employeeid"
            return [row for row in self.grants if row[column] in params]
        if table == "loginaudit" and "useragent" in text:
            assert params == {user_agent}
            at = (NOW + self.ahead + timedelta(seconds=2)).strftime("%Y-%m-%d %H:%M:%S")
            return [{"userid": "13", "role": "3", "firstat": at}] if self.own is None else self.own
        if table == "rolepermissions":
            return self.permissions
        if table == "role" and "WHERE id = ?" in text:
            return [self.own_role]
        lists = {"role": self.roles, "oauthtoken": self.tokens, "loginaudit": self.logins}
        return lists.get(table, self.integrations)

    def read(self, scope: Scope = SCOPE, *, concurrency: int = 2) -> LiveState:
        with self.stub.reader() as client:
            return NetSuiteReader(client, concurrency=concurrency).read(scope)


@pytest.fixture
def scripted(stub: Stub) -> ScriptedAccount:
    return ScriptedAccount(stub)


def gap(live: LiveState, what: Gapped) -> str:
    (found,) = [gap for gap in live.gaps if gap.what is what]
    return f"{found.detail} {found.hint}"


def test_a_whole_account(scripted: ScriptedAccount) -> None:
    live = scripted.read()

    assert live.gaps == ()
    assert (live.account, live.read_at) == ("1234567_SB1", NOW)
    assert live.employees == (
        Employee("10", "Dana Ortiz", "dana.ortiz@example.com", active=True, access=True),
        Employee("11", "Lee Wong", None, active=True, access=False),
        Employee("12", "Ann Old", "ann.old@example.com", active=True, access=True),
        Employee("13", "Ada Min", "ada.min@example.com", active=True, access=True),
        Employee("14", "Other Owner", "other.owner@example.com", active=False, access=True),
    )
    assert Role("1048", "Extra", "customrole_extra", active=False) in live.roles
    assert set(live.grants) == {
        Grant("10", "3"),
        Grant("12", "1047"),
        Grant("12", "3"),
        Grant("12", "55"),
        Grant("13", "3"),
    }
    created = datetime(2026, 1, 2, 21, 4, 5, tzinfo=UTC)
    assert live.tokens[0] == Token("1", "t1", "7", APP, "12", "1047", created, inactive=False, revoked=False)
    assert live.tokens[1].revoked
    assert live.integrations == (IntegrationRecord("7", APP, IntegrationState.ENABLED),)
    assert live.logins[0] == LoginGroup(
        APP,
        "12",
        "1047",
        "t1",
        success=True,
        detail="",
        first=datetime(2026, 11, 20, 9, tzinfo=UTC),
        last=datetime(2026, 11, 21, 7, 59, 59, tzinfo=UTC),
        day=date(2026, 11, 20),
    )
    assert (live.logins[1].user_id, live.logins[1].success, live.logins[1].detail) == ("", False, "x")
    assert live.reader == Identity("13", "3")


def test_the_reader_is_a_live_reader(stub: Stub) -> None:
    reader: LiveReader = NetSuiteReader(stub.reader())

    with pytest.raises(NetSuiteError):
        reader.read(SCOPE)


@pytest.mark.parametrize("size", [0, 1, 400])
def test_the_number_of_requests_does_not_depend_on_the_size(scripted: ScriptedAccount, size: int) -> None:
    scripted.employees += [employee(1000 + number, f"Extra {number}") for number in range(size)]
    scripted.grants += [grant(1000 + number, "3") for number in range(size)]
    scripted.tokens += [token(5000 + number, 1000 + number) for number in range(size)]

    live = scripted.read()

    assert len(live.employees) == 5 + size
    assert len(scripted.stub.asked) == 13


def test_only_bound_parameters_carry_what_comes_from_outside(scripted: ScriptedAccount) -> None:
    hostile = "x') OR 1 = 1 --"
    scripted.read(Scope((hostile,), (PersonRef(PersonKey.EMAIL, hostile),), (hostile,)))

    assert all(hostile not in (asked.body or {"q": ""})["q"].lower() for asked in scripted.stub.asked)


def test_an_empty_scope_reads_what_is_left(scripted: ScriptedAccount) -> None:
    live = scripted.read(Scope((), (), ()))

    assert live.gaps == ()
    assert live.tokens
    assert live.reader == Identity("13", "3")


def test_reads_run_in_parallel_each_on_a_session_of_its_own(scripted: ScriptedAccount) -> None:
    together = threading.Barrier(3, timeout=10)
    usual = scripted.answer

    def answer(asked: Asked) -> Reply:
        if asked.body and re.search(r"FROM (role|oauthtoken|integrationapp)\b", asked.body["q"]):
            together.wait()
        return usual(asked)

    scripted.stub.otherwise = answer

    assert scripted.read(concurrency=3).gaps == ()


# What is hidden becomes a gap, and only that


@pytest.mark.parametrize(
    ("table", "what", "permission"),
    [
        ("role", Gapped.ROLES, "Bulk Manage Roles (View)"),
        ("oauthtoken", Gapped.TOKENS, "Access Token Management (View)"),
        ("integrationapp", Gapped.INTEGRATIONS, "Integration Application (View)"),
        ("loginaudit", Gapped.LOGINS, "View Login Audit Trail (View)"),
        ("employee", Gapped.EMPLOYEES, "Employee Record (View)"),
        ("employeerolesforsearch", Gapped.GRANTS, "Employee Record (View)"),
    ],
)
def test_a_hidden_table_is_a_gap_that_names_the_permission(
    scripted: ScriptedAccount, table: str, what: Gapped, permission: str
) -> None:
    scripted.missing.add(table)

    live = scripted.read()

    assert table in gap(live, what)
    assert permission in gap(live, what)
    others = {Gapped.ROLES: {Gapped.GRANTS}, Gapped.LOGINS: {Gapped.IDENTITY, Gapped.AUDIT_CLOCK}}
    assert {found.what for found in live.gaps} == {what} | others.get(what, set())


def test_without_roles_the_holders_are_not_known_either(scripted: ScriptedAccount) -> None:
    scripted.missing.add("role")

    live = scripted.read()

    assert "Who holds the roles" in gap(live, Gapped.GRANTS)
    assert Grant("13", "3") in live.grants


@pytest.mark.parametrize(
    "reply",
    [
        refusal(500, "UNEXPECTED_ERROR", "Error ID: x"),
        refusal(401, "INVALID_LOGIN", "Invalid login attempt."),
        refusal(400, "INVALID_PARAMETER", "Invalid or unsupported search."),
        Reply(200, b"<html>", content_type="text/html"),
        Reply(200, {"items": []}),
        Reply(200, page([{"id": "x"}])),
        Reply(raw=b""),
    ],
)
@pytest.mark.parametrize(
    ("table", "what"),
    [("role", Gapped.ROLES), ("oauthtoken", Gapped.TOKENS), ("employee", Gapped.EMPLOYEES)],
)
def test_a_read_that_fails_is_a_gap_and_the_others_count(
    scripted: ScriptedAccount, reply: Reply, table: str, what: Gapped
) -> None:
    scripted.broken[table] = reply

    live = scripted.read()

    assert live.unread(what)
    assert live.integrations
    assert live.reader == Identity("13", "3")


def test_the_first_request_decides_whether_there_is_a_login(scripted: ScriptedAccount) -> None:
    scripted.stub.script = [refusal(401, "INVALID_LOGIN", "Invalid login attempt.")]
    with pytest.raises(LoginRefusedError):
        scripted.read()

    scripted.stub.script = [Reply(raw=b"")] * 4
    with pytest.raises(UnansweredError):
        scripted.read()


def test_a_holder_who_is_not_visible_is_a_gap(scripted: ScriptedAccount) -> None:
    scripted.employees = [row for row in scripted.employees if row["id"] != "13"]

    live = scripted.read()

    assert "internal ids 13" in gap(live, Gapped.EMPLOYEES)
    assert {found.what for found in live.gaps} == {Gapped.EMPLOYEES}


def test_an_account_without_a_visible_administrator_is_not_seen_whole(scripted: ScriptedAccount) -> None:
    scripted.grants = [row for row in scripted.grants if row["role"] != "3"]

    live = scripted.read()

    assert "No employee with the Administrator role" in gap(live, Gapped.EMPLOYEES)
    assert {found.what for found in live.gaps} == {Gapped.EMPLOYEES, Gapped.GRANTS}


def test_a_result_that_was_cut_is_a_gap(scripted: ScriptedAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.netsuite.suiteql.MOST_ROWS", 2)

    live = scripted.read()

    assert "100,000 rows or more" in gap(live, Gapped.TOKENS)
    assert len(live.tokens) == 2


# Accounts differ


def test_both_names_of_the_grants_table_are_tried(scripted: ScriptedAccount) -> None:
    scripted.missing = {"employeerolesforsearch"}

    live = scripted.read()

    assert Grant("12", "55") in live.grants
    assert live.gaps == ()


def test_both_names_of_the_integration_table_are_tried(scripted: ScriptedAccount) -> None:
    scripted.missing = {"integrationapp"}

    assert scripted.read().integrations == (IntegrationRecord("7", APP, IntegrationState.ENABLED),)


def test_a_state_without_text_is_asked_for_once_more(scripted: ScriptedAccount) -> None:
    usual = scripted.answer
    scripted.integrations = [{"id": "7", "name": APP, "state": "Blocked"}]

    def answer(asked: Asked) -> Reply:
        if asked.body and "BUILTIN.DF(state)" in asked.body["q"]:
            return refusal(400, "INVALID_PARAMETER", "Search error occurred: Invalid or unsupported search.")
        return usual(asked)

    scripted.stub.otherwise = answer

    assert scripted.read().integrations == (IntegrationRecord("7", APP, IntegrationState.BLOCKED),)


@pytest.mark.parametrize("name", [APP, "Elsewhere"])
def test_an_unknown_state_is_a_gap_when_it_matters(scripted: ScriptedAccount, name: str) -> None:
    scripted.integrations = [{"id": "7", "name": name, "statetext": "Aktiviert", "state": "2"}]

    live = scripted.read()

    assert live.integrations[0].state is IntegrationState.UNKNOWN
    assert live.unread(Gapped.INTEGRATIONS) == (name == APP)


@pytest.mark.parametrize("column", ["application", "entity_name", "role_name"])
def test_a_live_token_that_does_not_say_enough_is_a_gap(scripted: ScriptedAccount, column: str) -> None:
    scripted.tokens = [token(1, 12, **{column: None})]
    assert "internal ids 1" in gap(scripted.read(), Gapped.TOKENS)

    scripted.tokens = [token(1, 12, **{column: None, "brevoked": "T"})]
    assert scripted.read().gaps == ()


@pytest.mark.parametrize("column", ["entity_name", "role_name"])
def test_an_inactive_token_that_does_not_say_enough_is_a_gap_where_it_is_to_be_revoked(
    scripted: ScriptedAccount, column: str
) -> None:
    """Without its owner no guard protects them, and their role would not wait for the token to be revoked."""
    scripted.tokens = [token(1, 12, **{column: None, "binactive": "T"})]
    assert "internal ids 1" in gap(scripted.read(), Gapped.TOKENS)

    scripted.tokens = [token(1, 12, **{column: None, "binactive": "T", "application": "Elsewhere"})]
    assert scripted.read().gaps == ()


def test_an_employee_who_does_not_say_whether_they_have_access_is_a_gap(scripted: ScriptedAccount) -> None:
    """Nobody without access can log in, so a token of theirs might go without having been silent."""
    scripted.employees = [employee(12, "Ann Old", giveaccess=None), *scripted.employees[:2], *scripted.employees[3:]]

    assert "internal ids 12" in gap(scripted.read(), Gapped.EMPLOYEES)


# Time and identity


@pytest.mark.parametrize("hours", [-12, -8, -3.5, 0, 1, 5.75, 14])
def test_the_trails_zone_is_found_from_ones_own_row(scripted: ScriptedAccount, hours: float) -> None:
    scripted.ahead = timedelta(hours=hours)
    scripted.logins = [login(12, "2026-11-20")]

    live = scripted.read()

    assert live.gaps == ()
    assert live.logins[0].first == datetime(2026, 11, 20, 1, tzinfo=UTC) - scripted.ahead
    assert live.tokens[0].created == datetime(2026, 1, 2, 13, 4, 5, tzinfo=UTC) - scripted.ahead


@pytest.mark.parametrize("minutes", [-7, 7, 23, 16 * 60])
def test_an_own_row_that_fits_no_zone_is_a_gap(scripted: ScriptedAccount, minutes: int) -> None:
    scripted.ahead = timedelta(minutes=minutes)

    live = scripted.read()

    assert live.unread(Gapped.AUDIT_CLOCK)
    assert live.tokens[0].created is None
    assert live.logins[0].first == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert live.reader == Identity("13", "3")


def test_a_trail_without_ones_own_row_tells_neither_zone_nor_identity(scripted: ScriptedAccount) -> None:
    scripted.own = []

    live = scripted.read()

    assert live.reader is None
    assert {found.what for found in live.gaps} == {Gapped.AUDIT_CLOCK, Gapped.IDENTITY}


@pytest.mark.parametrize("second", [{"userid": "14", "role": "3"}, {"userid": "13"}])
def test_an_identity_that_is_not_certain_is_none(scripted: ScriptedAccount, second: dict[str, object]) -> None:
    first: dict[str, object] = {"userid": "13", "role": "3", "firstat": "2026-11-22 09:00:00"}
    scripted.own = [first, second | {"firstat": "2026-11-22 09:00:01"}]
    certain = "role" not in second

    live = scripted.read()

    assert live.reader == (Identity("13", "3") if certain else None)
    assert live.unread(Gapped.IDENTITY) == (not certain)


def test_the_newest_own_row_does_not_move_the_clock(scripted: ScriptedAccount) -> None:
    """A client that reads for hours is anchored on its first request."""
    with scripted.stub.reader() as client:
        reader = NetSuiteReader(client)
        first = reader.read(SCOPE)
        scripted.stub.script = [Reply(200, {"serverTime": "2026-11-22T13:10:00.000Z"})]
        later = reader.read(SCOPE)

    assert later.read_at - first.read_at == timedelta(hours=4, minutes=10)
    assert later.gaps == ()
    assert later.logins == first.logins


def test_another_login_can_be_recognised(scripted: ScriptedAccount) -> None:
    scripted.own = [{"userid": "13", "role": "3", "firstat": "2026-11-22 09:00:00"}]
    with scripted.stub.reader() as client:
        scripted.stub.script = [Reply(200, page(scripted.own)), Reply(200, page([])), Reply(403, {})]
        reader = NetSuiteReader(client)
        assert reader.identity_of("reconciler/0 (run 1)") == Identity("13", "3")
        assert scripted.stub.asked[0].body["params"] == ["reconciler/0 (run 1)"]
        assert reader.identity_of("reconciler/0 (run 1)") is None
        with pytest.raises(NetSuiteError):
            reader.identity_of("reconciler/0 (run 1)")


# What the own role does not see


def as_lesser_role(scripted: ScriptedAccount) -> None:
    scripted.own = [{"userid": "13", "role": "1052", "firstat": "2026-11-22 01:00:02"}]


def test_a_lesser_role_with_every_permission_sees_everything(scripted: ScriptedAccount) -> None:
    as_lesser_role(scripted)

    assert scripted.read().gaps == ()


@pytest.mark.parametrize(
    ("key", "what", "permission"),
    [
        ("LIST_EMPLOYEE_RECORD", Gapped.EMPLOYEES, "Employee Record (View)"),
        ("ADMI_MANAGEROLES", Gapped.ROLES, "Bulk Manage Roles (View)"),
        ("ADMI_MANAGE_OAUTH_TOKENS", Gapped.TOKENS, "Access Token Management (View)"),
        ("ADMI_AUDITLOGIN", Gapped.LOGINS, "View Login Audit Trail (View)"),
    ],
)
def test_a_table_that_answers_without_its_permission_may_show_a_part(
    scripted: ScriptedAccount, key: str, what: Gapped, permission: str
) -> None:
    as_lesser_role(scripted)
    scripted.permissions = [row for row in scripted.permissions if row.get("permkey") != key]

    live = scripted.read()

    assert f"lacks {permission}" in gap(live, what)
    assert {found.what for found in live.gaps} == {what}


def test_a_level_of_nothing_is_no_permission(scripted: ScriptedAccount) -> None:
    as_lesser_role(scripted)
    scripted.permissions[0]["permlevel"] = "0"

    assert scripted.read().unread(Gapped.EMPLOYEES)


@pytest.mark.parametrize("hidden", ["table", "rows"])
def test_permissions_that_are_not_to_be_seen_are_a_gap_of_their_own(scripted: ScriptedAccount, hidden: str) -> None:
    as_lesser_role(scripted)
    scripted.permissions = []
    if hidden == "table":
        scripted.missing.add("rolepermissions")

    live = scripted.read()

    assert "Bulk Manage Roles (View)" in gap(live, Gapped.PERMISSIONS)
    assert {found.what for found in live.gaps} == {Gapped.PERMISSIONS}


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"subsidiaryoption": "OWN"}, "subsidiaries (OWN)"),
        ({"subsidiaryoption": "SELECTED"}, "subsidiaries (SELECTED)"),
        ({"employeerestriction": "own and subordinates only"}, "employees (own and subordinates only)"),
        ({"employeerestriction": "3"}, "employees (3)"),
        ({"subsidiaryoption": "all", "employeerestriction": "none - no default"}, ""),
        ({"subsidiaryoption": None, "employeerestriction": "F"}, ""),
        ({"subsidiaryoption": " ", "employeerestriction": " "}, ""),
    ],
)
def test_a_restricted_role_may_not_see_everybody(
    scripted: ScriptedAccount, limits: dict[str, object], told: str
) -> None:
    as_lesser_role(scripted)
    scripted.own_role |= limits

    live = scripted.read()

    assert {found.what for found in live.gaps} == ({Gapped.EMPLOYEES, Gapped.GRANTS} if told else set())
    assert not told or told in gap(live, Gapped.EMPLOYEES)


@pytest.mark.parametrize(
    "unknown", [{"subsidiaryoption"}, {"employeerestriction"}, {"subsidiaryoption", "employeerestriction"}]
)
def test_an_account_without_a_column_has_no_such_restriction(scripted: ScriptedAccount, unknown: set[str]) -> None:
    as_lesser_role(scripted)
    scripted.unknown_columns = unknown

    assert scripted.read().gaps == ()


def test_an_own_row_that_comes_late_is_looked_for_once_more(scripted: ScriptedAccount) -> None:
    as_lesser_role(scripted)
    scripted.permissions = []
    late, usual = scripted.own, scripted.answer
    scripted.own = []

    def answer(asked: Asked) -> Reply:
        reply = usual(asked)
        if asked.body and "useragent" in asked.body["q"]:
            scripted.own = late
        return reply

    scripted.stub.otherwise = answer

    assert {found.what for found in scripted.read().gaps} == {Gapped.PERMISSIONS}


# Two lists of the same roles


def show_roles(scripted: ScriptedAccount, **different: object) -> None:
    texts: dict[str, object] = {"10": "3", "12": "3,55 , 1047", "13": "3"}
    for row in scripted.employees:
        row["rolesforsearch"] = (texts | different).get(str(row["id"]))


def test_records_that_agree_with_the_assignments(scripted: ScriptedAccount) -> None:
    show_roles(scripted)

    assert scripted.read().gaps == ()


@pytest.mark.parametrize("text", ["3, 55", "3, 55, 1047, 9", None, "Administrator"])
def test_records_that_differ_from_the_assignments_name_the_person(scripted: ScriptedAccount, text: object) -> None:
    show_roles(scripted, **{"12": text})

    live = scripted.read()

    assert "ann.old@example.com (assignments 3, 55, 1047, own record" in gap(live, Gapped.GRANTS)
    assert {found.what for found in live.gaps} == {Gapped.GRANTS}


def test_a_grant_that_is_hidden_from_one_list_is_seen_in_the_other(scripted: ScriptedAccount) -> None:
    show_roles(scripted)
    scripted.grants.remove(grant(12, "55"))

    assert "ann.old@example.com" in gap(scripted.read(), Gapped.GRANTS)


def test_only_a_few_of_many_are_named(scripted: ScriptedAccount) -> None:
    scripted.employees += [employee(1000 + number, f"Extra {number}", rolesforsearch="3, 5") for number in range(9)]
    scripted.grants += [grant(1000 + number, "3") for number in range(9)]
    show = {str(1000 + number): "3, 5" for number in range(9)}
    show_roles(scripted, **show)

    assert gap(scripted.read(), Gapped.GRANTS).count("@example.com") == 5


def test_an_account_without_that_column_is_read_without_it(scripted: ScriptedAccount) -> None:
    scripted.unknown_columns = {"rolesforsearch"}

    live = scripted.read()

    assert live.gaps == ()
    assert len(live.employees) == 5


def test_a_token_from_the_future_is_in_another_zone_and_its_age_unknown(scripted: ScriptedAccount) -> None:
    scripted.tokens = [token(1, 12, created="2026-11-22 02:00:00")]

    assert scripted.read().tokens[0].created is None


# External ids

EXTERNAL = Scope(
    (APP,), (PersonRef(PersonKey.EXTERNAL_ID, "emp-dana"), PersonRef(PersonKey.EXTERNAL_ID, "emp-lee")), ()
)
EMPLOYEES = "/services/rest/record/v1/employee"


def by_records(scripted: ScriptedAccount, reply: Callable[[Asked], Reply]) -> None:
    """SuiteQL does not know the column, and the record service answers like this."""
    usual = scripted.answer
    scripted.unknown_columns = {"externalid"}
    scripted.stub.otherwise = lambda asked: reply(asked) if asked.path.startswith(EMPLOYEES) else usual(asked)


def collection(*ids: str) -> Reply:
    return Reply(200, {"items": [{"id": one} for one in ids], "hasMore": False, "count": len(ids)})


def test_suiteql_finds_external_ids_where_it_knows_them(scripted: ScriptedAccount) -> None:
    scripted.employees[0]["externalid"] = "emp-dana"
    usual = scripted.rows

    def found(table: str, text: str, params: set[str], user_agent: str) -> Rows:
        if "externalid IN" in text:
            return [row for row in scripted.employees if row.get("externalid") in params]
        return usual(table, text, params, user_agent)

    scripted.rows = found  # type: ignore[method-assign]  # the test's own account

    live = scripted.read(EXTERNAL)

    assert live.gaps == ()
    assert {(one.id, one.external_id) for one in live.employees if one.external_id} == {("10", "emp-dana")}


def test_the_record_service_finds_them_elsewhere(scripted: ScriptedAccount) -> None:
    by_records(scripted, lambda asked: collection("10") if "emp-dana" in asked.query["q"] else collection())

    live = scripted.read(EXTERNAL)

    assert live.gaps == ()
    assert live.employees_by_id["10"].external_id == "emp-dana"
    asked = [asked.query["q"] for asked in scripted.stub.asked if asked.path == EMPLOYEES]
    assert asked == ['externalId IS "emp-dana"', 'externalId IS "emp-lee"']


def test_a_field_that_cannot_be_filtered_by_is_looked_up_one_by_one(scripted: ScriptedAccount) -> None:
    def reply(asked: Asked) -> Reply:
        if asked.path == EMPLOYEES:
            return refusal(400, "INVALID_PARAMETER", "externalId is not filterable")
        dana = asked.path.endswith("eid:emp-dana")
        return Reply(200, {"id": "10"}) if dana else refusal(404, "NONEXISTENT_ID", "Record does not exist.")

    by_records(scripted, reply)

    live = scripted.read(EXTERNAL)

    assert live.gaps == ()
    assert live.employees_by_id["10"].external_id == "emp-dana"


@pytest.mark.parametrize(
    "reply",
    [
        refusal(403, "INSUFFICIENT_PERMISSION", "no"),
        refusal(400, "USER_ERROR", "only an administrator is allowed to edit an administrator record."),
        refusal(404, "NOT_FOUND", "no such service"),
        Reply(200, {"items": [{"id": "x"}], "hasMore": False}),
        Reply(200, {"items": [], "hasMore": True}),
        Reply(200, {"id": 7}),
        Reply(200, []),
    ],
)
def test_an_external_id_that_cannot_be_looked_up_is_a_gap(scripted: ScriptedAccount, reply: Reply) -> None:
    by_records(scripted, lambda _: reply)

    live = scripted.read(EXTERNAL)

    assert {found.what for found in live.gaps} == {Gapped.EMPLOYEES}
    assert any("external_id:emp-dana" in found.detail for found in live.gaps)


def test_an_external_id_with_odd_characters_is_never_sent(scripted: ScriptedAccount) -> None:
    by_records(scripted, lambda _: collection("10"))

    live = scripted.read(Scope((), (PersonRef(PersonKey.EXTERNAL_ID, 'x" OR id IS "1'),), ()))

    assert live.unread(Gapped.EMPLOYEES)
    assert not any(asked.path == EMPLOYEES for asked in scripted.stub.asked)


@pytest.mark.parametrize("broken", [Reply(403, {}), Reply(200, [])])
def test_a_look_up_by_query_that_fails_is_a_gap(scripted: ScriptedAccount, broken: Reply) -> None:
    usual = scripted.answer
    scripted.stub.otherwise = lambda asked: (
        broken if asked.body and "externalid IN" in asked.body["q"] else usual(asked)
    )

    assert scripted.read(EXTERNAL).unread(Gapped.EMPLOYEES)


# Who logged in lately

WATCHED = (PersonRef(PersonKey.EMAIL, "Dana.Ortiz@example.com"), PersonRef(PersonKey.ENTITY_ID, "Lee Wong"))


def test_the_last_login_of_watched_people_is_read_and_never_is_not_unknown(scripted: ScriptedAccount) -> None:
    usual = scripted.rows

    def last(table: str, text: str, params: set[str], user_agent: str) -> Rows:
        if "oauthappname IS NOT NULL" in text:
            assert params == {"10", "11"}
            return [
                {"userid": "10", "oauthappname": "A", "role": "3", "lastat": "2026-11-20 01:00:00"},
                {"userid": "10", "oauthappname": "B", "oauthaccesstokenname": "t", "lastat": "2026-11-19 01:00:00"},
            ]
        return usual(table, text, params, user_agent)

    scripted.rows = last  # type: ignore[method-assign]  # the test's own account

    live = scripted.read(replace(SCOPE, watched=WATCHED))

    assert live.last_token_logins == {"10": datetime(2026, 11, 20, 9, tzinfo=UTC), "11": None}
    assert live.token_uses == (
        TokenUse("10", "A", "3", "", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        TokenUse("10", "B", "", "t", datetime(2026, 11, 19, 9, tzinfo=UTC)),
    )
    assert scripted.read().last_token_logins == {}


def test_a_trail_that_cannot_be_read_tells_of_no_last_login(scripted: ScriptedAccount) -> None:
    scripted.missing.add("loginaudit")

    live = scripted.read(replace(SCOPE, watched=WATCHED))

    assert live.last_token_logins == {}
    assert live.unread(Gapped.LOGINS)
