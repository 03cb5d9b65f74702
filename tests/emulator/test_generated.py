"""What a seed makes up by number: right, the same each time, and as if somebody had written it out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import seed, seed_generated
from tests.emulator.clients import ACCOUNT, Client, Emulator, Start

Seed = Callable[[dict[str, Any]], Path]
TIME = "/services/rest/system/v1/serverTime"
APP_TOKEN = {"application": "App", "user": "A", "role": "Administrator", "name": "T"}
WHOLE: dict[str, Any] = {
    "roles": [{"id": 3, "name": "Administrator"}, {"id": 1001, "name": "Buyer", "permissions": {"LIST_FIND": "View"}}],
    "employees": [{"id": 1, "entityid": "A", "email": "a@example.com", "access": True, "roles": ["Administrator"]}],
    "integrations": [{"id": 1, "name": "App"}, {"id": 2, "name": "Other"}],
    "tokens": [{**APP_TOKEN, "application": "Other"}, APP_TOKEN],
    "logins": [{"employee": "A", "role": "Administrator", "application": "App", "default": True}],
    "connectors": [{"application": "App", "token": "T"}],
}


def test_made_up_people_hold_roles_and_have_access_where_asked(start: Start, a_seed: Seed) -> None:
    emulator = start(seed=a_seed({**WHOLE, "generate": {"employees": 30, "roles": ["Buyer"], "access": True}}))

    assert emulator.person("employee.000030@example.com")["access"] is True
    rows = emulator.login("a@example.com").items(
        "SELECT COUNT(*) AS n FROM employeerolesforsearch g JOIN role r ON r.id = g.role WHERE r.name = 'Buyer'"
    )
    assert rows == [{"n": "30"}]


def test_audit_rows_are_spread_evenly_in_the_name_of_the_right_token(start: Start, a_seed: Seed) -> None:
    wanted = [{"application": "App", "token": "T", "rows": 48, "days": 2, "user_agent": "x/1"}]
    emulator = start(seed=a_seed({**WHOLE, "generate": {"login_audit": wanted}}))

    rows = emulator.door("GET", f"accounts/{ACCOUNT}/login_audit?limit=100")

    assert len(rows) == 48
    assert {(row["application"], row["token"], row["user"], row["role"]) for row in rows} == {
        ("App", "T", "a@example.com", "Administrator")
    }
    hours = [row["date"][11:13] for row in rows]
    assert sorted(hours[:24]) == [f"{hour:02}" for hour in range(24)]


def test_times_are_spread_over_the_days_until_now() -> None:
    assert list(seed_generated.evenly(4, 1, 86_400)) == [21_600, 43_200, 64_800, 86_400]
    assert list(seed_generated.evenly(1, 9, 5)) == [5]


def test_made_up_orders_stand_among_the_others_by_time_each_with_its_note(start: Start, a_seed: Seed) -> None:
    order = {"by": "A", "role": "Administrator"}
    account = {**WHOLE, "orders": [{**order, "at": "-12h"}], "generate": {"orders": [{**order, "rows": 4, "days": 4}]}}
    emulator = start(seed=a_seed(account))

    rows = emulator.door("GET", f"accounts/{ACCOUNT}/orders")

    assert [row["tranid"] for row in rows] == ["SO10005", "SO10004", "SO10003", "SO10002", "SO10001"]
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)
    assert {(row["set_by"], row["context"]) for row in rows} == {("A", "WEBSERVICES")}
    notes = emulator.login("a@example.com").items("SELECT record FROM systemnote WHERE recordtypeid = -30 ORDER BY id")
    assert [row["record"] for row in notes] == [f"Sales Order #SO1000{number}" for number in range(1, 6)]


def served(start: Start, tmp_path: Path, number: int = 20, **changed: Any) -> Emulator:
    path = tmp_path / "many.json"
    account = {"name": "Template", **WHOLE, "generate": {"employees": 2, "roles": ["Buyer"]}, **changed}
    path.write_text(
        json.dumps({"accounts": {ACCOUNT: account}, "generate": {"accounts": number, "template": ACCOUNT}})
    )  # fmt: skip
    return start(seed=path)


def client_of(emulator: Emulator, account: str, credentials: dict[str, str] | None = None) -> Client:
    login = credentials or emulator.door("POST", f"accounts/{account}/login", {})
    return Client(emulator.url, login, emulator.session, account=account)


def test_copies_of_an_account_are_accounts_of_their_own(start: Start, tmp_path: Path) -> None:
    emulator = served(start, tmp_path)
    ids = emulator.door("GET", "health")["accounts"]
    assert ids == [ACCOUNT, *(str(number) for number in range(5_000_001, 5_000_021))]

    logins = {key: emulator.door("POST", f"accounts/{key}/login", {}) for key in ids}
    for name in ("consumer_key", "consumer_secret", "token_id", "token_secret"):
        assert len({login[name] for login in logins.values()}) == len(ids)
    copy = client_of(emulator, "5000007")
    assert copy.items("SELECT COUNT(*) AS n FROM employee") == [{"n": "3"}]
    assert copy.send("GET", TIME).status_code == 200
    assert client_of(emulator, "5000007", logins["5000008"]).send("GET", TIME).status_code == 401
    path = f"accounts/5000007/employees/{PERSON}"
    emulator.door("POST", path, {"as": "a@example.com", "title": "Changed"})
    assert emulator.door("GET", path)["title"] == "Changed"
    assert emulator.door("GET", f"accounts/5000008/employees/{PERSON}")["title"] == ""


PERSON = "employee.000001@example.com"


def test_the_connector_of_a_copy_has_its_own_token(start: Start, tmp_path: Path) -> None:
    emulator = served(start, tmp_path)

    answer = emulator.door("POST", "accounts/5000003/connectors/App/orders", {}, 201)

    assert (answer["posted"], answer["set_by"]) == (True, "A")
    assert len(emulator.door("GET", "accounts/5000003/orders")) == 1
    assert emulator.door("GET", "accounts/5000004/orders") == []


def test_credentials_that_the_seed_gives_are_those_of_every_copy(start: Start, tmp_path: Path) -> None:
    integration = {"id": 1, "name": "App", "consumer_key": "k", "consumer_secret": "s", "client_credentials": True}
    token = {**APP_TOKEN, "token_id": "i", "token_secret": "t"}
    emulator = served(start, tmp_path, integrations=[integration], tokens=[token])
    known = {"consumer_key": "k", "consumer_secret": "s", "token_id": "i", "token_secret": "t"}

    for key in (ACCOUNT, "5000001", "5000020"):
        assert client_of(emulator, key, known).send("GET", TIME).status_code == 200
    ids = emulator.server.world.database.rows("SELECT DISTINCT client_id FROM integrations")
    assert len(ids) == 21


def test_two_servers_make_up_the_same(start: Start, tmp_path: Path) -> None:
    fixed = {"created": "2026-01-01"}
    audit = [{"application": "App", "token": "T", "at": "2026-01-02"}]

    def content() -> list[str]:
        emulator = served(start, tmp_path, 5, login_audit=audit, tokens=[{**APP_TOKEN, **fixed}])
        emulator.run("UPDATE employees SET created = 0, modified = 0")
        emulator.run("UPDATE integrations SET consumer_key = '', consumer_secret = '', client_id = '', created = 0")
        emulator.run("UPDATE tokens SET token_id = id, token_secret = ''")
        emulator.run("DELETE FROM connectors")
        with emulator.server.world.database.exclusive() as connection:
            return list(connection.iterdump())

    assert content() == content()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"generate": {"accounts": 5}}, "generate: 'template' is a required property"),
        ({"generate": {"accounts": 0, "template": ACCOUNT}}, "generate.accounts: 0 is less"),
        ({"generate": {"accounts": 5, "template": "77"}}, "generate.template: '77' is no account of this seed"),
        (
            {"generate": {"accounts": 5, "template": ACCOUNT, "first": "1234565"}},
            "generate: '1234567' would stand twice",
        ),
        ({"generate": {"accounts": 5, "template": ACCOUNT, "first": "x"}}, "generate.first: 'x' does not match"),
    ],
)
def test_a_mistake_in_copies_is_told(tmp_path: Path, changed: dict[str, Any], problem: str) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"accounts": {ACCOUNT: {"name": "x", **WHOLE}}, **changed}))

    with pytest.raises(seed.SeedError) as caught:
        seed.read(path)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("made_up", "problem"),
    [
        ({"roles": ["Buyer"]}, "generate: 'employees' is a dependency of 'roles'"),
        ({"employees": 1, "roles": ["None"]}, "generate.roles: 'None' is not a role"),
        (
            {"login_audit": [{"application": "None", "rows": 1, "days": 1}]},
            "generate.login_audit[0].application: 'None'",
        ),
        ({"login_audit": [{"application": "App", "token": "x", "rows": 1, "days": 1}]}, "has no token named 'x'"),
        ({"login_audit": [{"application": "App", "rows": 0, "days": 1}]}, "generate.login_audit[0].rows: 0 is less"),
        (
            {"orders": [{"by": "B", "role": "Buyer", "rows": 1, "days": 1}]},
            "generate.orders[0].by: 'B' is not declared",
        ),
        ({"orders": [{"by": "A", "role": "B", "rows": 1, "days": 1}]}, "generate.orders[0].role: 'B' is not declared"),
        ({"orders": [{"by": "A", "role": "Buyer", "rows": 1}]}, "generate.orders[0]: 'days' is a required property"),
    ],
)
def test_a_mistake_in_what_is_made_up_is_told(a_seed: Seed, made_up: dict[str, Any], problem: str) -> None:
    with pytest.raises(seed.SeedError) as caught:
        seed.read(a_seed({**WHOLE, "generate": made_up}))

    assert problem in str(caught.value)
