"""Integrations, the login audit trail, sales orders and NetSuite Connector in the browser."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator.database import LATEST, iso
from tests.emulator.browser import Browser
from tests.emulator.clients import ACCOUNT, CONNECTOR, CONNECTOR_ROLE, Emulator, Start

TRAIL = "/app/setup/loginaudit.nl"
INTEGRATIONS = "/app/common/integration/integrapplist.nl"
CREDENTIALS = "/connector/netsuite/settings/credentials"
LEE = "lee.wong@example.com"
WORKED = "The connection to NetSuite works."
FAILED = "The connection to NetSuite failed. Check the values and try again."


def danas_token(emulator: Emulator) -> dict[str, str]:
    emulator.act("employees/dana.ortiz@example.com/roles", {"as": LEE, "add": [CONNECTOR_ROLE]})
    wanted = {"as": LEE, "application": CONNECTOR, "user": "dana.ortiz@example.com", "role": CONNECTOR_ROLE}
    made: dict[str, str] = emulator.act("tokens", wanted, 201)
    return made


def enter(browser: Browser, token: dict[str, str], account: str = ACCOUNT) -> Browser:
    browser.open("/connector/").fill("NetSuite Account ID", account)
    browser.fill("NetSuite Token ID", token["token_id"]).fill("NetSuite Token Secret", token["token_secret"])
    return browser.press("Save and Test Connection")


def test_the_state_of_an_integration_is_edited(lee: Browser, emulator: Emulator) -> None:
    lee.open(INTEGRATIONS).click(CONNECTOR).click("Edit")
    assert [node.text for node in lee.field("State").all("option")] == ["Enabled", "Blocked", "Waiting for Approval"]
    lee.choose("State", "Blocked").fill("Note", "closed <for now>").press("Save")

    values = lee.values()
    assert (values["State"], values["Note"], values["Last State Change By"]) == (
        "Blocked", "closed <for now>", "Lee Wong",
    )  # fmt: skip
    assert values["Last State Change"]
    assert lee.rows()[1][1:2] + lee.rows()[1][3:] == ["Lee Wong", "Change", "Enabled", "Blocked"]
    assert emulator.act("connectors/NetSuite%20Connector/orders")["detail"] == "consumer_key_refused"


def test_blocked_integrations_appear_with_show_inactives_and_refresh(lee: Browser) -> None:
    lee.open(INTEGRATIONS).click(CONNECTOR).click("Edit").choose("State", "Blocked").press("Save")
    assert CONNECTOR not in [row[0] for row in lee.open(INTEGRATIONS).rows()]

    lee.tick("Show Inactives").press("Refresh").click(CONNECTOR).click("Edit").choose("State", "Enabled").press("Save")

    assert lee.values()["State"] == "Enabled"
    assert CONNECTOR in [row[0] for row in lee.open(INTEGRATIONS).rows()]


def test_saving_an_unchanged_state_leaves_no_note(lee: Browser) -> None:
    lee.open(INTEGRATIONS).click(CONNECTOR).click("Edit").press("Save")

    assert "No system notes." in lee.text
    assert lee.values()["Last State Change"] == ""


def test_who_may_only_view_integrations_edits_none(emulator: Emulator) -> None:
    reader = Browser(emulator).log_in("Reconciler Reader - Reconciler Reader").open(INTEGRATIONS).click(CONNECTOR)
    assert "Edit" not in reader.links()

    reader.open("/app/common/integration/integrapp.nl?id=11&e=T").choose("State", "Blocked").press("Save")

    assert reader.heading == "Permission Violation"
    reader.close()


def test_a_state_that_does_not_exist_is_refused(lee: Browser) -> None:
    lee.open("/app/common/integration/integrapp.nl?id=11&e=T").fill("State", "Off").press("Save")

    assert lee.answer.status_code == 400
    assert "state must be one of" in lee.message


def test_the_audit_trail_has_netsuites_filters_and_shows_the_newest_first(looker: Browser) -> None:
    looker.open(TRAIL)

    labels = {node.text for node in looker.page.all("label")} | {node.text for node in looker.page.all("span")}
    assert {
        "User", "Role", "Date Range", "Email Address", "IP Address", "User Agent", "Request URI", "Status",
        "Token-based Application Name", "Token-based Access Token Name",
    } <= labels  # fmt: skip
    assert [node.text for node in looker.field("Status").all("option")] == ["Either", "Success", "Failure"]
    dates = [time.strptime(row[0], "%d-%b-%Y %H:%M:%S") for row in looker.rows()[1:]]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 50


def test_detail_and_token_names_come_with_advanced_search(looker: Browser) -> None:
    extra = ["Detail", "Token-based Application Name", "Token-based Access Token Name"]
    looker.open(TRAIL)
    assert not set(extra) & set(looker.rows()[0])

    looker.click("Use Advanced Search").fill("Token-based Application Name", "shipping").press("Submit")

    assert looker.rows()[0][-3:] == extra
    assert {tuple(row[-2:]) for row in looker.rows()[1:]} == {
        ("Shipping Hub", "Shipping Hub - Priya Nair, Shipping Hub Web Services")
    }
    assert not set(extra) & set(looker.click("Use Simple Search").rows()[0])


def test_every_row_is_reached_page_by_page_and_none_twice(looker: Browser, story: Emulator) -> None:
    wanted = "SELECT COUNT(*) FROM login_audit WHERE application = ?"
    looker.open(TRAIL).fill("Token-based Application Name", CONNECTOR).press("Submit")
    seen = [row[0] for row in looker.rows()[1:]]
    while "Older" in looker.links():
        looker.click("Older")
        seen += [row[0] for row in looker.rows()[1:] if row != ["No rows."]]

    assert len(seen) == story.server.world.database.number(wanted, CONNECTOR)
    assert looker.click("Newest").rows()[1][0] == seen[0]


def test_rows_of_one_second_are_not_lost_between_pages(lee: Browser, emulator: Emulator) -> None:
    emulator.run(
        "INSERT INTO login_audit (account, at, status, application, token, email, address, request_uri, detail,"
        " user_agent) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)"
        " SELECT '1234567', 1700000000, 'Failure', '', '', '', '', '', '', '' FROM n"
    )
    emulator.run("DELETE FROM login_audit WHERE at <> 1700000000")
    lee.open(TRAIL)
    shown = [len(lee.rows()) - 1]
    while "Older" in lee.links():
        shown.append(len(lee.click("Older").rows()) - 1)

    assert shown == [50, 50, 20]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("User", "Ann Keller (ann@example.com)"),
        ("Email Address", "ANN@"),
        ("User Agent", "netsuite-conn"),
        ("Token-based Access Token Name", "Ann Keller"),
    ],
)
def test_the_audit_trail_is_filtered(looker: Browser, label: str, value: str) -> None:
    looker.open(TRAIL).fill(label, value).press("Submit")

    assert {row[1] for row in looker.rows()[1:]} == {"Ann Keller"}
    assert looker.field(label)["value"] == value


def test_the_audit_trail_is_filtered_by_role_status_and_days(lee: Browser, emulator: Emulator) -> None:
    emulator.act("tokens/102/deactivate", {"as": LEE})
    emulator.act("connectors/NetSuite%20Connector/orders")

    lee.open(TRAIL).choose("Status", "Failure").press("Submit")
    assert [row[4] for row in lee.rows()[1:]] == ["Failure"]
    lee.open(TRAIL).choose("Role", "Administrator").press("Submit")
    assert {row[2] for row in lee.rows()[1:]} == {"Administrator"}
    emulator.door("POST", "clock", {"set": "2027-01-02T05:00:00Z"})  # still the first in Denver
    emulator.act("connectors/NetSuite%20Connector/orders")
    lee.open(TRAIL).fill("From", "2027-01-01").fill("To", "2027-01-01").press("Submit")
    (_, only) = lee.rows()
    assert only[0].startswith("01-Jan-2027 22:00:")
    assert lee.open(TRAIL).fill("From", "2027-01-02").press("Submit").rows()[1] == ["No rows."]


@pytest.mark.parametrize(
    ("query", "status"),
    [("from=soon", 400), ("to=9999-12-31", 400), ("to=0001-01-01", 200), ("user=nobody", 404), ("before=x", 200),
     ("before=9" + "9" * 40, 200), ("role=x", 200), ("status=x", 200)],
)  # fmt: skip
def test_filters_out_of_form_get_a_page(looker: Browser, query: str, status: int) -> None:
    assert looker.open(f"{TRAIL}?{query}").answer.status_code == status


def test_a_filter_that_is_wrong_is_told_and_stays_on_the_page(looker: Browser) -> None:
    looker.open(TRAIL).fill("User", "Zed").fill("User Agent", "Hub").press("Submit")

    assert looker.heading == "Login Audit Trail"
    assert "There is no employee 'Zed'" in looker.message
    assert (looker.field("User")["value"], looker.field("User Agent")["value"]) == ("Zed", "Hub")
    assert looker.rows()[1] == ["No rows."]


def test_a_million_rows_of_the_audit_trail_are_not_scanned(lee: Browser, emulator: Emulator) -> None:
    emulator.run(
        "INSERT INTO login_audit (account, at, status, application, token, email, address, request_uri, detail,"
        " user_agent) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
        " SELECT '1234567', 1500000000 + i, 'Success', 'Bulk', '', '', '', '', '', '' FROM n"
    )
    for path in (TRAIL, f"{TRAIL}?before=1500500000.1", f"{TRAIL}?status=Failure"):
        took = []
        for _ in range(3):
            started = time.perf_counter()
            assert lee.open(path).answer.status_code == 200
            took.append(time.perf_counter() - started)
        assert min(took) < 0.3, path
    assert "No rows among the 20000 looked at." in lee.text
    assert "Older" in lee.links()


def test_an_order_shows_who_set_it_in_its_system_notes(lee: Browser, emulator: Emulator) -> None:
    order = emulator.act("connectors/NetSuite%20Connector/orders", status=201)["order"]
    lee.open("/app/accounting/transactions/transactionlist.nl")
    assert lee.rows()[1][2] == order["tranid"]

    lee.click("View", beside=order["tranid"])

    assert {"System Information", "System Notes"} <= set(lee.links())
    assert (lee.values()["Order #"], lee.values()["Created By"]) == (order["tranid"], "Ann Keller")
    assert lee.rows()[0] == ["Date/Time", "Set by", "Field", "Type", "Old Value", "New Value"]
    assert lee.rows()[1][1:] == ["Ann Keller", "", "Create", "", ""]


def test_the_connector_logs_in_with_what_is_entered_and_goes_on_with_it(lee: Browser, emulator: Emulator) -> None:
    token = danas_token(emulator)

    enter(lee, token)

    assert (lee.heading, lee.message) == ("Credentials", WORKED)
    assert "Credentials are saved" in lee.text
    audit = emulator.newest_audit()
    assert (audit["status"], audit["token"], audit["user_agent"]) == ("Success", token["name"], "NetSuite-Connector")
    lee.click("Orders").press("Post an Order Now")
    assert "was posted" in lee.message
    assert lee.rows()[1][2] == "Dana Ortiz"


def test_a_day_and_an_hour_pass_when_somebody_says_so(lee: Browser, emulator: Emulator) -> None:
    emulator.door("POST", "clock", {"set": "2026-12-01T12:00:00Z"})

    lee.open("/connector/orders").press("Let 25 Hours Pass")

    assert (lee.heading, lee.message) == ("Orders", "A day and an hour have passed.")
    assert emulator.door("GET", "clock")["now"].startswith("2026-12-02T13:00")
    assert lee.open("/connector/clock").heading == "Orders", "to open it moves nothing"
    assert emulator.door("GET", "clock")["now"].startswith("2026-12-02T13:00")


def test_the_clock_goes_no_further_than_its_end(lee: Browser, emulator: Emulator) -> None:
    emulator.door("POST", "clock", {"set": iso(LATEST).replace(".000Z", "Z")})

    lee.open("/connector/orders").press("Let 25 Hours Pass")

    assert lee.answer.status_code == 400
    assert f"to {iso(LATEST)}" in lee.text


def test_the_connector_never_shows_what_was_entered(lee: Browser, emulator: Emulator) -> None:
    token = danas_token(emulator)
    for secret in (token["token_secret"], "wrong-secret-1"):
        enter(lee, {**token, "token_secret": secret})
        assert secret not in lee.answer.text
        assert token["token_id"] not in lee.answer.text
        assert secret not in lee.answer.url
    assert lee.field("NetSuite Token Secret")["type"] == "password"


@pytest.mark.parametrize("account", ["7654321", "1234567_SB1", '1"2', "ü", "1234567-sb1"])
def test_another_account_fails_the_test(lee: Browser, emulator: Emulator, account: str) -> None:
    assert enter(lee, danas_token(emulator), account).message.startswith(FAILED)


def test_another_account_of_this_server_fails_the_test_too(
    start: Start, a_seed: Callable[[dict[str, Any]], Path], tmp_path: Path
) -> None:
    one = {
        "name": "One",
        "roles": [{"id": 3, "name": "Administrator"}],
        "employees": [{"id": 1, "entityid": "A", "email": "a@example.com", "access": True, "roles": ["Administrator"]}],
        "integrations": [{"id": 1, "name": CONNECTOR, "consumer_key": "k" * 64, "consumer_secret": "s" * 64}],
        "tokens": [{"id": 1, "application": CONNECTOR, "user": "A", "role": "Administrator"}],
    }
    path = tmp_path / "two.json"
    path.write_text(json.dumps({"accounts": {"1234567": one, "7654321": one}}), "utf-8")
    emulator = start(path)
    row = emulator.server.world.database.row("SELECT * FROM tokens WHERE account = '7654321'")
    assert row is not None
    browser = Browser(emulator)

    assert enter(browser, dict(row), "7654321").message.startswith(FAILED)
    assert enter(browser, dict(row), "1234567").message.startswith(FAILED)
    other = Browser(emulator, "7654321")
    assert enter(other, dict(row), "7654321").message == WORKED
    browser.close()
    other.close()


@pytest.mark.parametrize(("position", "author"), [("saves", None), ("keeps", "Ann Keller")])
def test_a_failed_test_saves_or_keeps(lee: Browser, emulator: Emulator, position: str, author: str | None) -> None:
    emulator.behave(connector_failed_test=position)

    enter(lee, {"token_id": "x" * 64, "token_secret": "y" * 64})

    assert lee.message.startswith(FAILED)
    assert ("What was saved before stays." in lee.message) is (position == "keeps")
    assert ("The values were saved all the same" in lee.message) is (position == "saves")
    lee.click("Orders").press("Post an Order Now")
    assert (lee.rows()[1][2] if lee.message.startswith("Sales order") else None) == author


def test_an_account_entered_wrongly_is_saved_wrongly(lee: Browser, emulator: Emulator) -> None:
    enter(lee, danas_token(emulator), "7654321")

    lee.click("Orders").press("Post an Order Now")

    assert "NetSuite refused the login" in lee.message


def test_the_connector_asks_for_all_three(lee: Browser) -> None:
    lee.open(CREDENTIALS).fill("NetSuite Token ID", "x").press("Save and Test Connection")

    assert lee.answer.status_code == 400
    assert lee.message == "Please fill in: NetSuite Account ID, NetSuite Token Secret."


def test_the_connector_has_its_own_menu_and_needs_no_login(story: Emulator) -> None:
    browser = Browser(story).open("/connector/")

    assert [node.text for node in browser.page.all("summary")] == ["NetSuite"]
    assert browser.heading == "Credentials"
    assert browser.links()[:3] == ["Skip to the page", "Credentials", "Orders"]
    browser.close()


@pytest.mark.parametrize(
    ("names", "connectors", "shown"),
    [
        (["App", "FarApp"], [], "FarApp"),
        (["FarApp", CONNECTOR], [], CONNECTOR),
        (["App"], [], ""),
        (["App"], ["App"], "App"),
        (["App", CONNECTOR], ["App"], CONNECTOR),
        (["FarApp", CONNECTOR], ["FarApp"], "FarApp"),
    ],
)
def test_the_connector_is_the_integration_it_comes_with(
    start: Start, a_seed: Callable[[dict[str, Any]], Path], names: list[str], connectors: list[str], shown: str
) -> None:
    seed = a_seed(
        {
            "roles": [{"id": 3, "name": "Administrator"}],
            "employees": [{"id": 1, "entityid": "A", "email": "a@example.com", "access": True,
                           "roles": ["Administrator"]}],
            "integrations": [{"id": number, "name": name} for number, name in enumerate(names, 1)],
            "tokens": [{"application": name, "user": "A", "role": "Administrator", "name": name}
                       for name in connectors],
            "connectors": [{"application": name, "token": name} for name in connectors],
        }
    )  # fmt: skip
    browser = Browser(start(seed)).open("/connector/")

    assert (browser.page.all("strong")[-1].text if browser.page.all("form") else "") == shown
    if not shown:
        assert "no integration record" in browser.message
        assert "no integration record" in browser.open("/connector/orders").text
    browser.close()


def test_a_connector_without_credentials_posts_nothing(start: Start, a_seed: Callable[[dict[str, Any]], Path]) -> None:
    browser = Browser(start(a_seed({"integrations": [{"id": 1, "name": CONNECTOR}]}))).open("/connector/orders")

    browser.press("Post an Order Now")

    assert browser.answer.status_code == 409
    assert "has no credentials" in browser.message
    browser.close()


def test_a_form_for_an_account_without_the_connector_is_refused(
    start: Start, a_seed: Callable[[dict[str, Any]], Path]
) -> None:
    browser = Browser(start(a_seed({"roles": []}))).open("/app/login/secure/login.nl")
    token = next(node["value"] for node in browser.page.all("input") if node["name"] == "form_token")
    form = {"form_token": token, "account_id": ACCOUNT, "token_id": "x", "token_secret": "y"}

    answer = browser.session.post(browser.base + CREDENTIALS, form, timeout=10)

    assert answer.status_code == 404
    assert "no integration record of NetSuite Connector" in answer.text
    browser.close()
