"""The clients against the emulator as a process of its own: two readings of the same documents must agree."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.core.desired import PersonKey, PersonRef
from reconciler.core.errors import LoginRefusedError, RefusedError, UnansweredError
from reconciler.core.live import Gapped, Grant, Identity, IntegrationState, LiveState, Scope
from reconciler.core.secret import Secret
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient, WriteClient
from reconciler.netsuite.employee_writer import NetSuiteEmployeeWriter
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials
from tests.support.emulator import ACCOUNT, READER_PERMISSIONS, serving
from tests.support.emulator import Emulator as Served

CONNECTOR_ROLE = "NetSuite Connector Web Services"
ANN, DANA, LEE, ADMIN, READER, PRIYA = "4101", "4172", "4180", "4190", "4191", "4210"
STORY = Scope(
    ("NetSuite Connector",),
    (PersonRef(PersonKey.EMAIL, "Dana.Ortiz@Example.com"),),
    (CONNECTOR_ROLE, "ADMINISTRATOR"),
)


@dataclass(frozen=True, slots=True)
class Emulator(Served):
    """The shared one, with the product's own clients for it."""

    stack: ExitStack = field(default_factory=ExitStack)

    def signer(self, employee: str, **changes: str) -> TokenBasedAuth:
        login = self.door(f"accounts/{ACCOUNT}/login", {"employee": employee}) | changes
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        return TokenBasedAuth(ACCOUNT, TokenCredentials(*(Secret(login[name]) for name in names)))

    def reading(self, employee: str = "svc.reader@example.com", **changes: str) -> ReadClient:
        retries = Retries(sleep=lambda _: None)
        client = ReadClient(Account(ACCOUNT, self.url), self.signer(employee, **changes), retries=retries)
        return self.stack.enter_context(client)

    def writing(self, employee: str = "svc.admin@example.com") -> WriteClient:
        retries = Retries(sleep=lambda _: None)
        client = WriteClient(Account(ACCOUNT, self.url), self.signer(employee), retries=retries)
        return self.stack.enter_context(client)

    def read(self, scope: Scope = STORY, login: str = "svc.reader@example.com") -> LiveState:
        return NetSuiteReader(self.reading(login)).read(scope)


Start = Callable[..., Emulator]


def started(stack: ExitStack, *options: str) -> str:
    """The address of an emulator that lives as long as the stack."""
    return stack.enter_context(serving(*options)).url


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda *options: Emulator(started(stack, *options), stack=stack)


@pytest.fixture
def emulator(start: Start) -> Emulator:
    """One of its own, for a test that changes the account."""
    return start()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ExitStack() as stack:
        yield started(stack)


@pytest.fixture
def shared(address: str) -> Iterator[Emulator]:
    """The story, unchanged, for tests that only read; switches are set back after each."""
    with ExitStack() as stack:
        running = Emulator(address, stack=stack)
        running.door("requests/clear", {})
        before = running.door("behaviours")
        yield running
        running.door("behaviours", {item["name"]: item["value"] for item in before if item["values"]})


def gaps(live: LiveState) -> set[Gapped]:
    return {gap.what for gap in live.gaps}


# Reading


def test_the_story_is_read_whole(shared: Emulator) -> None:
    live = shared.read()

    assert live.gaps == ()
    assert live.reader == Identity(READER, "1052")
    assert live.employees_by_id[DANA].email == "dana.ortiz@example.com"
    assert live.holds(ANN, "3")
    assert live.holds(ANN, "1047")
    assert live.roles_of[PRIYA] == {"1035", "1060"}
    assert {grant.employee_id for grant in live.grants if grant.role_id == "3"} == {ANN, DANA, LEE, ADMIN, "4195"}
    assert [(token.owner_id, token.live) for token in live.tokens] == [
        ("4031", False),
        (ANN, True),
        (PRIYA, True),
        (READER, True),
        (ADMIN, True),
    ]
    assert {record.name: record.state for record in live.integrations}["NetSuite Connector"] is IntegrationState.ENABLED
    assert {login.user_id for login in live.logins} == {ANN}
    age = live.read_at - max(login.last for login in live.logins)
    assert timedelta(hours=2) <= age < timedelta(hours=6)


@pytest.mark.parametrize("zone", ["utc", "account", "pacific"])
def test_times_are_the_same_whatever_zone_the_account_answers_in(shared: Emulator, zone: str) -> None:
    expected = shared.read()
    shared.behave(suiteql_zone=zone)

    live = shared.read()

    assert live.gaps == ()
    assert max(login.last for login in live.logins) == max(login.last for login in expected.logins)


def test_one_row_per_session_is_enough(shared: Emulator) -> None:
    shared.behave(loginaudit_rows="session")

    assert shared.read().gaps == ()


def test_a_trail_that_lags_behind_is_a_gap_and_settles_later(emulator: Emulator) -> None:
    emulator.behave(loginaudit_delay="600")
    reader = NetSuiteReader(emulator.reading())

    assert gaps(reader.read(STORY)) == {Gapped.IDENTITY, Gapped.AUDIT_CLOCK}

    emulator.door("clock", {"advance": "11m"})
    later = reader.read(STORY)

    assert later.gaps == ()
    assert later.reader == Identity(READER, "1052")


def test_what_a_person_does_shows_in_the_next_read(emulator: Emulator) -> None:
    role = f"accounts/{ACCOUNT}/employees/dana.ortiz@example.com/roles"
    emulator.door(role, {"as": "lee.wong@example.com", "add": [CONNECTOR_ROLE]})
    order = {"as": "lee.wong@example.com", "application": "NetSuite Connector", "user": "dana.ortiz@example.com"}
    emulator.door(f"accounts/{ACCOUNT}/tokens", order | {"role": CONNECTOR_ROLE, "name": "Prescribed"})
    emulator.door(f"accounts/{ACCOUNT}/integrations/Shipping%20Hub", {"as": "lee.wong@example.com", "state": "Blocked"})

    live = emulator.read()

    assert live.holds(DANA, "1047")
    (token,) = [token for token in live.tokens if token.name == "Prescribed"]
    assert token.live
    assert token.owner_id == DANA
    assert token.created
    assert abs(token.created - live.read_at) < timedelta(minutes=1)
    assert {record.name: record.state for record in live.integrations}["Shipping Hub"] is IntegrationState.BLOCKED


@pytest.mark.parametrize(
    "switches",
    [
        {"role_assignment_table": "employeeroles"},
        {"integration_table": "integration"},
        {"error_type": "w3.org"},
        {"revoked_inactive": "F"},
    ],
)
def test_accounts_that_differ_are_read_alike(shared: Emulator, switches: dict[str, str]) -> None:
    expected = shared.read()
    shared.behave(**switches)

    live = shared.read()

    assert live.gaps == ()
    assert (live.employees, live.grants, live.integrations) == (
        expected.employees,
        expected.grants,
        expected.integrations,
    )


def test_a_hidden_integration_table_is_a_gap(shared: Emulator) -> None:
    shared.behave(integration_table="hidden")

    live = shared.read()

    assert gaps(live) == {Gapped.INTEGRATIONS}
    assert live.tokens


def test_administrators_that_stay_hidden_are_a_gap(shared: Emulator) -> None:
    shared.behave(admin_rows_visible="no")

    assert gaps(shared.read()) == {Gapped.EMPLOYEES, Gapped.GRANTS}


def seed(tmp_path: Path, people: int, *, tokens: int = 1, without: tuple[str, ...] = ()) -> str:
    """So many Administrators of whom the first owns so many tokens, a reader, and one reader without each of these."""
    readers = {"Reader": READER_PERMISSIONS}
    readers |= {
        f"No {name}": {key: held for key, held in READER_PERMISSIONS.items() if key != name} for name in without
    }
    owners = [f"person {number}" for number in range(people)]
    account = {
        "name": "Sizes",
        "roles": [
            {"id": 3, "name": "Administrator", "scriptid": "administrator"},
            {"id": 1047, "name": CONNECTOR_ROLE, "permissions": {"ADMI_LOGIN_OAUTH": "Full"}},
            *(
                {"id": 1052 + number, "name": name, "permissions": held}
                for number, (name, held) in enumerate(readers.items())
            ),
        ],
        "employees": [
            *(
                {"id": 50 + number, "entityid": name, "access": True, "roles": [name]}
                for number, name in enumerate(readers)
            ),
            *(
                {"id": 100 + number, "entityid": owner, "access": True, "roles": ["Administrator", CONNECTOR_ROLE]}
                for number, owner in enumerate(owners)
            ),
        ],
        "integrations": [{"id": 11, "name": "NetSuite Connector"}, {"id": 21, "name": "Reconciler"}],
        "tokens": [
            *({"application": "Reconciler", "user": name, "role": name} for name in readers),
            *(
                {"application": "NetSuite Connector", "user": owners[0], "role": CONNECTOR_ROLE, "name": f"t{number}"}
                for number in range(tokens)
            ),
        ],
        "logins": [{"employee": name, "role": name, "application": "Reconciler"} for name in readers],
    }
    file = tmp_path / f"seed-{people}-{tokens}.yaml"
    file.write_text(json.dumps({"accounts": {ACCOUNT: account}}))
    return str(file)


def test_the_number_of_requests_does_not_grow_with_the_account(start: Start, tmp_path: Path) -> None:
    counts = []
    for people in (1, 400):
        emulator = start("--seed", seed(tmp_path, people))
        live = emulator.read(login="Reader")
        assert live.gaps == ()
        assert len(live.employees) == people + 1
        counts.append(len(emulator.requests()))

    assert counts == [12, 12]


def test_one_row_more_than_a_page(start: Start, tmp_path: Path) -> None:
    emulator = start("--seed", seed(tmp_path, 1, tokens=1000))

    live = emulator.read(login="Reader")

    assert live.gaps == ()
    assert len({token.id for token in live.tokens}) == 1001
    assert len(emulator.requests()) == 13


def test_a_permission_that_is_missing_leaves_a_gap_and_the_rest(start: Start, tmp_path: Path) -> None:
    expected = {
        "ADMI_MANAGE_OAUTH_TOKENS": {Gapped.TOKENS},
        "ADMI_AUDITLOGIN": {Gapped.LOGINS, Gapped.IDENTITY, Gapped.AUDIT_CLOCK},
        "LIST_EMPLOYEE_RECORD": {Gapped.EMPLOYEES, Gapped.GRANTS},
        "ADMI_MANAGEROLES": {Gapped.ROLES, Gapped.GRANTS},
    }
    emulator = start("--seed", seed(tmp_path, 2, without=tuple(expected)))

    for permission, what in expected.items():
        live = emulator.read(login=f"No {permission}")
        assert gaps(live) == what, permission
        assert live.integrations
        assert all(gap.hint for gap in live.gaps)


# Logins


@pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "token_id", "token_secret"])
@pytest.mark.parametrize("code", ["INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT"])
def test_a_login_with_one_wrong_part_is_refused_at_once(shared: Emulator, name: str, code: str) -> None:
    shared.behave(login_error_code=code)
    reader = NetSuiteReader(shared.reading(**{name: "wrong"}))

    with pytest.raises(LoginRefusedError) as raised:
        reader.read(STORY)

    assert raised.value.code == code
    assert len(shared.requests()) == 1


def test_a_failed_login_does_not_blind_the_next_one(shared: Emulator) -> None:
    with pytest.raises(LoginRefusedError):
        shared.reading(token_secret="wrong").ping()

    assert shared.read().gaps == ()


def test_the_writing_login_is_recognised_by_the_reading_one(shared: Emulator) -> None:
    reader = NetSuiteReader(shared.reading())

    assert NetSuiteEmployeeWriter(shared.writing(), reader.identity_of).identity() == Identity(ADMIN, "3")


# Writing


def test_an_administrator_gives_a_role_and_takes_it_back(shared: Emulator) -> None:
    roles = NetSuiteEmployeeWriter(shared.writing())

    roles.set_roles(DANA, frozenset({"3"}), frozenset({"3", "1047"}))
    assert Grant(DANA, "1047") in shared.read().grants

    roles.set_roles(DANA, frozenset({"3", "1047"}), frozenset({"3"}))
    assert Grant(DANA, "1047") not in shared.read().grants


@pytest.mark.parametrize("status", ["400", "403"])
def test_a_lesser_login_cannot_touch_an_administrator(shared: Emulator, status: str) -> None:
    shared.behave(admin_record_status=status)
    roles = NetSuiteEmployeeWriter(shared.writing("svc.reader@example.com"))

    with pytest.raises(RefusedError) as raised:
        roles.set_roles(DANA, frozenset({"3"}), frozenset({"3", "1047"}))

    assert raised.value.status == int(status)
    assert shared.read().roles_of[DANA] == {"3"}


def test_roles_that_somebody_changed_meanwhile_stay(emulator: Emulator) -> None:
    change = {"as": "lee.wong@example.com", "add": ["Accountant"]}
    emulator.door(f"accounts/{ACCOUNT}/employees/dana.ortiz@example.com/roles", change)

    with pytest.raises(RefusedError, match="expected 3, found 3, 1031"):
        NetSuiteEmployeeWriter(emulator.writing()).set_roles(DANA, frozenset({"3"}), frozenset({"3", "1047"}))

    assert emulator.read().roles_of[DANA] == {"3", "1031"}


def test_a_role_that_does_not_exist_is_refused(shared: Emulator) -> None:
    with pytest.raises(RefusedError):
        NetSuiteEmployeeWriter(shared.writing()).set_roles(DANA, frozenset({"3"}), frozenset({"3", "99999"}))

    assert shared.read().roles_of[DANA] == {"3"}


def test_an_account_that_takes_no_roles_says_so(shared: Emulator) -> None:
    shared.behave(roles_patch="refused")

    with pytest.raises(RefusedError):
        NetSuiteEmployeeWriter(shared.writing()).set_roles(DANA, frozenset({"3"}), frozenset({"3", "1047"}))


def test_a_dropped_answer_after_the_write_is_settled(emulator: Emulator) -> None:
    emulator.door("faults", {"match": "PATCH .*", "drop": True, "after": True})

    NetSuiteEmployeeWriter(emulator.writing()).set_roles(DANA, frozenset({"3"}), frozenset({"3", "1047"}))

    assert emulator.read().roles_of[DANA] == {"3", "1047"}


def test_a_dropped_answer_before_the_write_stays_unknown(shared: Emulator) -> None:
    shared.door("faults", {"match": "PATCH .*", "drop": True})

    with pytest.raises(UnansweredError, match="unchanged so far"):
        NetSuiteEmployeeWriter(shared.writing()).set_roles(DANA, frozenset({"3"}), frozenset({"3", "1047"}))

    assert [row["method"] for row in shared.requests()].count("PATCH") == 1


def test_a_busy_account_is_asked_again(shared: Emulator) -> None:
    busy = {"title": "Bad Request", "status": 429, "o:errorCode": "USER_ERROR"}
    shared.door("faults", {"match": "* .*", "times": 2, "status": 429, "body": busy, "headers": {"Retry-After": "1"}})

    assert shared.read().gaps == ()
