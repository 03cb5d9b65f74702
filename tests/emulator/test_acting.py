"""What a person can do by the back door: every step of a plan, records, preferences, orders; and the lists of it."""

from collections.abc import Callable
from typing import Any, get_args

import pytest

from reconciler.core import step
from tests.emulator.clients import ACCOUNT, CONNECTOR, CONNECTOR_ROLE, Emulator

LEE = "lee.wong@example.com"
PRIYA = "priya.nair@example.com"
DANA = "dana.ortiz@example.com"
ANN = "ann@example.com"
TOM = "tom.becker@example.com"
NEW = {"as": LEE, "entityid": "Nina Falk", "email": "nina.falk@example.com", "firstname": "Nina", "lastname": "Falk"}


def listed(emulator: Emulator, what: str, status: int = 200) -> Any:
    return emulator.door("GET", f"accounts/{ACCOUNT}/{what}", status=status)


def token_of(emulator: Emulator, key: str) -> Any:
    return next(row for row in listed(emulator, "tokens") if row["id"] == key)


def grants(emulator: Emulator) -> bool:
    emulator.act(f"employees/{DANA}/roles", {"as": LEE, "add": [CONNECTOR_ROLE]})
    return CONNECTOR_ROLE in {role["name"] for role in emulator.person(DANA)["roles"]}


def enables(emulator: Emulator) -> bool:
    emulator.act("integrations/Shipping%20Hub", {"as": LEE, "state": "Blocked"})
    emulator.act("integrations/Shipping%20Hub", {"as": LEE, "state": "Enabled"})
    states = {row["name"]: row["state"] for row in listed(emulator, "integrations")}
    return bool(states["Shipping Hub"] == "Enabled")


def creates(emulator: Emulator) -> Any:
    grants(emulator)
    wanted = {"as": LEE, "application": CONNECTOR, "user": DANA, "role": CONNECTOR_ROLE, "name": "New"}
    return emulator.act("tokens", wanted, 201)


def enters(emulator: Emulator) -> bool:
    made = creates(emulator)
    emulator.act("connectors/NetSuite%20Connector/credentials", {k: made[k] for k in ("token_id", "token_secret")})
    return bool(listed(emulator, "connectors")[0]["user"] == DANA)


def waits(emulator: Emulator) -> bool:
    before = emulator.door("GET", "clock")["now"]
    return bool(emulator.door("POST", "clock", {"advance": "25h"})["now"] > before)


def deactivates(emulator: Emulator) -> bool:
    emulator.act("tokens/102/deactivate", {"as": LEE})
    return bool(token_of(emulator, "102")["inactive"])


def revokes(emulator: Emulator) -> bool:
    emulator.act("tokens/102/revoke", {"as": LEE})
    return bool(token_of(emulator, "102")["revoked"])


def removes(emulator: Emulator) -> bool:
    emulator.act(f"employees/{ANN}/roles", {"as": LEE, "remove": [CONNECTOR_ROLE]})
    return CONNECTOR_ROLE not in {role["name"] for role in emulator.person(ANN)["roles"]}


def sets(who: str, **what: bool) -> Callable[[Emulator], bool]:
    def done(emulator: Emulator) -> bool:
        emulator.act(f"employees/{who}", {"as": LEE, **{name: not value for name, value in what.items()}})
        emulator.act(f"employees/{who}", {"as": LEE, **what})
        person = emulator.person(who)
        return all(person[name] is value for name, value in what.items())

    return done


STEPS: dict[type, Callable[[Emulator], Any]] = {
    step.GrantRole: grants,
    step.EnableIntegration: enables,
    step.CreateToken: creates,
    step.EnterCredentials: enters,
    step.QuietPeriod: waits,
    step.DeactivateToken: deactivates,
    step.RevokeToken: revokes,
    step.RemoveRole: removes,
    step.Activate: sets(PRIYA, active=True),
    step.GiveAccess: sets(PRIYA, access=True),
    step.RemoveAccess: sets(PRIYA, access=False),
    step.Inactivate: sets(PRIYA, active=False),
}


def test_a_person_can_do_every_kind_of_step() -> None:
    assert set(get_args(step.Operation)) == set(STEPS)


@pytest.mark.parametrize("kind", STEPS, ids=lambda kind: kind.__name__)
def test_a_step_can_be_done_by_the_back_door(emulator: Emulator, kind: type) -> None:
    assert STEPS[kind](emulator)


def test_an_employee_is_created_then_given_roles_and_access(emulator: Emulator) -> None:
    made = emulator.act("employees", NEW, 201)
    emulator.act(f"employees/{made['id']}/roles", {"as": LEE, "add": ["Buyer"]})
    person = emulator.act(f"employees/{made['id']}", {"as": LEE, "access": True})

    assert (person["entityid"], person["active"], person["access"]) == ("Nina Falk", True, True)
    assert emulator.person("nina.falk@example.com") == person
    notes = emulator.admin.items(
        "SELECT type, name, role, context FROM systemnote WHERE recordtypeid = -9 AND recordid = ?", made["id"]
    )
    assert notes == [{"type": "1", "name": "4180", "role": "3", "context": "UIF"}]
    assert emulator.admin.items("SELECT email FROM employee WHERE id = ?", made["id"]) == [{"email": NEW["email"]}]


def test_of_two_who_share_an_address_only_an_id_names_one(emulator: Emulator) -> None:
    emulator.act("employees", {**NEW, "email": "dana.ortiz@example.com"}, 201)

    refused = emulator.act("employees/dana.ortiz@example.com", {"as": LEE, "access": True}, 404)

    assert refused["error"] == (
        "There are several employees 'dana.ortiz@example.com' in account 1234567. Name one by internal id."
    )


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        ({**NEW, "as": TOM}, 403, "lacks the permission Employees"),
        ({**NEW, "entityid": ""}, 400, "entityid is missing"),
        ({**NEW, "entityid": "Dana Ortiz"}, 409, "already"),
        ({**NEW, "roles": ["Buyer"]}, 400, "Unknown keys: roles"),
        ({**NEW, "title": 1}, 400, "title must be a text"),
        ({**NEW, "as": ""}, 400, "Say who"),
    ],
)
def test_an_employee_who_cannot_be_created(
    story: Emulator, content: dict[str, Any], status: int, words: str
) -> None:  # fmt: skip
    assert words in story.act("employees", content, status)["error"]


def test_each_changed_field_leaves_a_note_of_the_person(emulator: Emulator) -> None:
    changed = {"email": "p.nair@example.com", "title": "Head of Warehouse", "lastname": "Nair-Shah"}
    person = emulator.act(f"employees/{PRIYA}", {"as": LEE, **changed, "firstname": "Priya"})

    assert {name: person[name] for name in changed} == changed
    notes = emulator.admin.items(
        "SELECT field, oldvalue, newvalue, context FROM systemnote WHERE recordid = 4210 AND type = 4 ORDER BY id"
    )
    assert {"field": "ENTITY.SEMAIL", "oldvalue": PRIYA, "newvalue": "p.nair@example.com", "context": "UIF"} in notes
    assert {row["field"] for row in notes} == {"ENTITY.SEMAIL", "ENTITY.STITLE", "ENTITY.SLASTNAME"}


@pytest.mark.parametrize(
    ("who", "content", "status", "words"),
    [
        (PRIYA, {"email": ""}, 409, "needs an e-mail"),
        (PRIYA, {"entityid": "Dana Ortiz"}, 409, "already"),
        (PRIYA, {"entityid": ""}, 409, "needs an entityid"),
        (PRIYA, {"email": "x@example.com", "as": TOM}, 403, "lacks the permission Employees"),
        (PRIYA, {"time_zone": "UTC"}, 400, "Unknown keys: time_zone"),
    ],
)
def test_a_field_that_cannot_be_changed(
    story: Emulator, who: str, content: dict[str, Any], status: int, words: str
) -> None:
    assert words in story.act(f"employees/{who}", {"as": LEE, **content}, status)["error"]


def test_a_refused_change_changes_nothing(emulator: Emulator) -> None:
    emulator.act("employees/omar.haddad@example.com", {"as": LEE, "title": "X", "access": True}, 409)

    assert emulator.person("omar.haddad@example.com")["title"] != "X"


def test_only_an_administrator_changes_the_fields_of_one(emulator: Emulator) -> None:
    emulator.run("INSERT INTO permissions VALUES ('1234567', 1035, 'LIST_EMPLOYEE', 4)")

    told = emulator.act(f"employees/{DANA}", {"as": PRIYA, "email": "x@example.com"}, 403)

    assert "administrator record" in told["error"]


def test_a_preferred_time_zone_is_everybodys_own(emulator: Emulator) -> None:
    path = f"employees/{PRIYA}/preferences"
    assert emulator.act(path, {"as": PRIYA, "time_zone": "Asia/Tokyo"})["time_zone"] == "Asia/Tokyo"
    assert emulator.act(path, {"as": PRIYA})["time_zone"] is None

    assert "own" in emulator.act(path, {"as": LEE, "time_zone": "Asia/Tokyo"}, 403)["error"]
    assert "no time zone" in emulator.act(path, {"as": PRIYA, "time_zone": "Mars/Base"}, 400)["error"]


def test_orders_typed_in_by_a_person_come_from_the_user_interface(emulator: Emulator) -> None:
    made = emulator.act("orders", {"as": LEE, "count": 3}, 201)
    emulator.act("connectors/NetSuite%20Connector/orders", status=201)

    newest = listed(emulator, "orders?limit=4")

    assert [row["set_by"] for row in newest] == ["Ann Keller", "Lee Wong", "Lee Wong", "Lee Wong"]
    assert [row["context"] for row in newest] == ["WEBSERVICES", "UIF", "UIF", "UIF"]
    assert [row["id"] for row in newest[1:]] == [row["id"] for row in reversed(made)]
    assert "lacks the permission Sales Order" in emulator.act("orders", {"as": TOM}, 403)["error"]


def test_a_person_orders_in_the_role_that_allows_it(emulator: Emulator) -> None:
    emulator.run("INSERT OR REPLACE INTO permissions VALUES ('1234567', 1035, 'TRAN_SALESORD', 2)")

    (order,) = emulator.act("orders", {"as": PRIYA}, 201)

    rows = emulator.admin.items(
        "SELECT name, role FROM systemnote WHERE recordtypeid = -30 AND recordid = ?", order["id"]
    )
    assert rows == [{"name": "4210", "role": "1035"}]


def test_the_connector_posts_many_orders_at_once(emulator: Emulator) -> None:
    many = emulator.act("connectors/NetSuite%20Connector/orders", {"count": 5})

    assert [row["posted"] for row in many] == [True] * 5
    assert len({row["order"]["tranid"] for row in many}) == 5
    emulator.act("tokens/102/revoke", {"as": LEE})
    assert emulator.act("connectors/NetSuite%20Connector/orders", {"count": 2}) == [
        {"posted": False, "status": 401, "detail": "token_rejected"}
    ] * 2  # fmt: skip


@pytest.mark.parametrize("path", ["orders", "connectors/NetSuite%20Connector/orders"])
@pytest.mark.parametrize("count", [0, 1001, "3", True])
def test_a_number_of_orders_out_of_bounds(story: Emulator, path: str, count: object) -> None:
    body = {"count": count} | ({"as": LEE} if path == "orders" else {})
    assert "count must be" in story.act(path, body, 400)["error"]


def test_tokens_are_listed_by_application_and_owner(story: Emulator) -> None:
    everything = listed(story, "tokens")

    assert {row["application"] for row in listed(story, "tokens?application=Reconciler")} == {"Reconciler"}
    assert [row["id"] for row in listed(story, "tokens?user=ANN@example.com")] == [
        row["id"] for row in everything if row["user"] == ANN
    ]  # fmt: skip
    assert listed(story, "tokens?user=Ann%20Keller") == listed(story, "tokens?user=ann@example.com")
    assert listed(story, "tokens?user=nobody") == []


def test_the_login_audit_trail_is_listed_newest_first(emulator: Emulator) -> None:
    emulator.reader.with_(wrong={"client_secret": "wrong"}).send("GET", "/services/rest/system/v1/serverTime")

    newest = listed(emulator, "login_audit?limit=2")
    assert (newest[0]["status"], newest[0]["detail"], newest[0]["user"]) == (
        "Failure", "InvalidSignature", "svc.reader@example.com",
    )  # fmt: skip
    assert newest[0]["date"] >= newest[1]["date"]
    failures = listed(emulator, "login_audit?status=Failure&application=Reconciler&user=svc.reader@example.com")
    assert newest[0] in failures
    assert {row["application"] for row in listed(emulator, "login_audit?application=Shipping%20Hub")} == {
        "Shipping Hub"
    }


def test_employees_are_listed_page_by_page(story: Emulator) -> None:
    pages, after = [], "0"
    while page := listed(story, f"employees?limit=10&after={after}"):
        pages.append(page)
        after = page[-1]["id"]

    assert [len(page) for page in pages] == [10, 10, 4]
    assert len({row["id"] for page in pages for row in page}) == 24


def test_integrations_and_connectors_are_listed_without_secrets(story: Emulator) -> None:
    names = [row["name"] for row in listed(story, "integrations")]
    assert {"NetSuite Connector", "Reconciler", "Shipping Hub"} == set(names)
    assert set(listed(story, "integrations")[0]) == {"id", "name", "state", "created", "client_credentials"}
    assert listed(story, "connectors") == [
        {"application": CONNECTOR, "token": "102", "token_name": token_of(story, "102")["name"], "user": ANN}
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["orders?limit=0", "orders?limit=x", "orders?limit=10001", "login_audit?since=1", "tokens?owner=x",
     "employees?after=x", "integrations?x=1", "connectors?x=1"],
)  # fmt: skip
def test_a_listing_with_a_wrong_parameter_is_refused(story: Emulator, path: str) -> None:
    assert listed(story, path, 400)["error"]
