"""Seeds: what they may hold, how mistakes are told, and the built-in story."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.emulator import seed
from tests.emulator.clients import ACCOUNT, Client, Emulator, Start

Seed = Callable[[dict[str, Any]], Path]
ROLE = {"id": 3, "name": "Administrator"}
PERSON = {"id": 1, "entityid": "A", "email": "a@example.com", "access": True, "roles": ["Administrator"]}
APP = {"id": 1, "name": "App"}
TOKEN = {"application": "App", "user": "A", "role": "Administrator"}
WHOLE = {"roles": [ROLE], "employees": [PERSON], "integrations": [APP], "tokens": [TOKEN]}


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        ({"rolls": []}, "accounts.1234567: Additional properties are not allowed ('rolls' was unexpected)"),
        ({"roles": [{"id": "3", "name": "x"}]}, "accounts.1234567.roles[0].id: '3' is not of type 'integer'"),
        ({"roles": [ROLE, ROLE]}, "accounts.1234567.roles[1].id: 3 stands twice"),
        ({"roles": [{**ROLE, "permissions": {"LIST_FIND": "view"}}]}, "roles[0].permissions.LIST_FIND: 'view' is not"),
        ({"employees": [PERSON]}, "accounts.1234567.employees[0].roles: 'Administrator' is not a role"),
        ({**WHOLE, "tokens": [{**TOKEN, "user": "B"}]}, "accounts.1234567.tokens[0].user: 'B' is not declared"),
        ({**WHOLE, "tokens": [{**TOKEN, "application": "B"}]}, "tokens[0].application: 'B' is not declared"),
        ({**WHOLE, "logins": [{"employee": "A", "role": "B", "application": "App"}]}, "logins[0].role: 'B' is not"),
        ({**WHOLE, "connectors": [{"application": "App", "token": "x"}]}, "'App' has no token named 'x'"),
        ({**WHOLE, "login_audit": [{"application": "App", "at": "now", "token": "x"}]}, "login_audit[0].token: 'App'"),
        ({**WHOLE, "login_audit": [{"application": "App"}]}, "login_audit[0]: "),
        ({**WHOLE, "login_audit": [{"application": "App", "at": "2026-13-01"}]}, "'2026-13-01' is no time"),
        ({**WHOLE, "orders": [{"by": "A", "role": "Administrator", "at": "soon"}]}, "orders[0].at: 'soon' does not"),
        ({"time_zone": "Mars/Base"}, "time_zone: 'Mars/Base' is no time zone"),
        ({"employees": [{"id": 1, "entityid": "A", "time_zone": "../x"}]}, "employees[0].time_zone: '../x' is no"),
        ({**WHOLE, "employees": [{**PERSON, "supervisor": "B"}]}, "employees[0].supervisor: 'B' is not declared"),
        ({**WHOLE, "employees": [{**PERSON, "approver": "B"}]}, "employees[0].approver: 'B' is not declared"),
        ({**WHOLE, "employees": [{**PERSON, "department": "B"}]}, "employees[0].department: 'B' is not declared"),
        ({**WHOLE, "employees": [{**PERSON, "hiredate": "2023-02-30"}]}, "hiredate: '2023-02-30' is no day"),
        ({"departments": [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}]}, "departments[1].id: 1 stands twice"),
        ({"generate": {"employees": 0}}, "generate.employees: 0 is less than the minimum of 1"),
    ],
)
def test_a_mistake_is_told_with_its_place(a_seed: Seed, account: dict[str, Any], problem: str) -> None:
    path = a_seed(account)

    with pytest.raises(seed.SeedError) as caught:
        seed.read(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert problem in str(caught.value)


TWIN = {**PERSON, "id": 2, "entityid": "B"}


def test_two_people_may_share_an_address_but_nothing_may_refer_to_them_by_it(a_seed: Seed) -> None:
    both = {**WHOLE, "employees": [PERSON, TWIN]}

    assert seed.read(a_seed(both))
    with pytest.raises(seed.SeedError, match="is several employees; name one by entityid"):
        seed.read(a_seed({**both, "tokens": [{**TOKEN, "user": "a@example.com"}]}))


def test_all_mistakes_are_told_at_once(a_seed: Seed) -> None:
    with pytest.raises(seed.SeedError) as caught:
        seed.read(a_seed({"employees": [{"id": i, "entityid": f"E{i}", "roles": ["none"]} for i in range(30)]}))

    assert str(caught.value).count("\n") == 20
    assert str(caught.value).endswith("... and 10 more")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "accounts: [",
        "accounts: {1234567: {name: x}}",
        "a: !!python/object:os.x {}",
        'accounts: {"1": {name: x, name: y}}',
        "[" * 5000,
    ],
)
def test_what_is_no_seed_at_all_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(text)

    with pytest.raises(seed.SeedError):
        seed.read(path)


def test_a_seed_of_our_own_is_served(start: Start, a_seed: Seed) -> None:
    failure = {"application": "App", "at": "2026-01-02T03:04:05Z"}
    account = {
        **WHOLE,
        "logins": [{"employee": "A", "role": "Administrator", "application": "App", "default": True}],
        "login_audit": [{**failure, "status": "Failure", "detail": "NonceUsed"}],
        "time_zone": "UTC",
    }
    emulator = start(seed=a_seed(account))

    rows = emulator.login("a@example.com").items(
        "SELECT status, detail, TO_CHAR(date, 'YYYY-MM-DD HH24:MI:SS') AS at FROM loginaudit WHERE user IS NULL"
    )
    assert rows == [{"status": "Failure", "detail": "NonceUsed", "at": "2026-01-02 03:04:05"}]


def test_ten_thousand_people_can_be_generated(start: Start, a_seed: Seed) -> None:
    emulator = start(seed=a_seed({**WHOLE, "generate": {"employees": 10_000}}))

    assert emulator.person("employee.010000@example.com") == {
        "id": "110000",
        "entityid": "Employee 010000",
        "firstname": "Employee",
        "lastname": "010000",
        "email": "employee.010000@example.com",
        "title": "",
        "external_id": "generated-010000",
        "time_zone": None,
        "active": True,
        "access": False,
        "roles": [],
    }


def test_the_story_begins_with_ann_at_work_and_everything_in_order(story: Emulator) -> None:
    people = {row["email"]: row for row in story.reader.items("SELECT email, isinactive, giveaccess FROM employee")}
    assert len(people) == 24
    assert sum(row["isinactive"] == "T" for row in people.values()) == 1
    tokens = [row for row in story.door("GET", f"accounts/{ACCOUNT}/tokens") if not row["revoked"]]
    assert {row["application"]: row["user"] for row in tokens if row["application"] != "Reconciler"} == {
        "NetSuite Connector": "ann@example.com",
        "Shipping Hub": "priya.nair@example.com",
    }
    history = story.reader.items(
        "SELECT user, COUNT(*) AS n FROM loginaudit WHERE oauthappname = 'NetSuite Connector' GROUP BY user"
    )
    assert history == [{"user": "4101", "n": "180"}]
    orders = story.reader.items("SELECT DISTINCT createdby FROM transaction WHERE type = 'SalesOrd'")
    assert orders == [{"createdby": "4101"}]


def test_the_story_is_a_valid_seed_with_another_account_id() -> None:
    assert set(seed.story("7654321_SB2")["accounts"]) == {"7654321_SB2"}
    with pytest.raises(seed.SeedError):
        seed.story("1234567_sb1")


def test_the_story_holds_no_secret() -> None:
    text = seed.STORY.read_text()

    assert not any(word in text for word in ("token_secret", "consumer_secret", "token_id", "consumer_key"))
    assert yaml.safe_load(text)["accounts"].keys() == {ACCOUNT}


def test_times_need_no_quotation_marks(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    integrations = "[{id: 1, name: App, created: 2026-01-01}, {id: 2, name: B, created: 2026-01-02T03:04:05Z}]"
    path.write_text(f'accounts: {{"1": {{name: x, integrations: {integrations}}}}}')

    assert seed.read(path)["accounts"]["1"]["integrations"][0]["created"] == "2026-01-01"


def test_one_server_holds_several_accounts(start: Start, tmp_path: Path) -> None:
    login = {"employee": "A", "role": "Administrator", "application": "App", "default": True}
    one = {"name": "One", **WHOLE, "logins": [login]}
    two = {**one, "name": "Two", "employees": [{**PERSON, "entityid": "A", "email": "other@example.com"}]}
    path = tmp_path / "seed.yaml"
    path.write_text(yaml.safe_dump({"accounts": {"1234567": one, "1234567_SB1": two}}, sort_keys=False))
    emulator = start(seed=path)
    assert emulator.door("GET", "health")["accounts"] == ["1234567", "1234567_SB1"]

    credentials = emulator.door("POST", "accounts/1234567_SB1/login", {})
    sandbox = Client(emulator.url, credentials, emulator.session, account="1234567_SB1")
    query = "SELECT email, BUILTIN.DF(g.role) AS role FROM employee e JOIN employeerolesforsearch g ON g.entity = e.id"

    assert sandbox.items(query) == [{"email": "other@example.com", "role": "Administrator"}]
    assert emulator.login("a@example.com").items(query) == [{"email": "a@example.com", "role": "Administrator"}]
    assert sandbox.with_(account="1234567").send("GET", "/services/rest/system/v1/serverTime").status_code == 401
