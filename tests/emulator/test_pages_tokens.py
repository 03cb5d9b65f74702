"""Access tokens, own tokens and client credentials mappings in the browser."""

import pytest
import requests

from tests.emulator.browser import Browser
from tests.emulator.clients import CONNECTOR, CONNECTOR_ROLE, Client, Emulator
from tests.emulator.oauth2_clients import certificate, key_for

LIST = "/app/setup/accesstokens.nl"
NEW = "/app/setup/accesstoken.nl"
OWN = "/app/setup/myaccesstokens.nl"
MAPPINGS = "/app/setup/oauth2mappings.nl"
LEE = "lee.wong@example.com"
TIME = "/services/rest/system/v1/serverTime"
ANNS = "NetSuite Connector - Ann Keller, NetSuite Connector Web Services"


@pytest.fixture
def dana_holds_it(emulator: Emulator) -> None:
    emulator.act("employees/dana.ortiz@example.com/roles", {"as": LEE, "add": [CONNECTOR_ROLE]})


def new_token(browser: Browser, user: str, role: str = CONNECTOR_ROLE, name: str = "") -> Browser:
    browser.open(LIST).click("New Access Token")
    browser.choose("Application Name", CONNECTOR).fill("User", user).choose("Role", role).fill("Token Name", name)
    return browser.press("Save")


def tokens(emulator: Emulator) -> dict[str, tuple[bool, bool]]:
    rows = emulator.door("GET", "accounts/1234567/tokens")
    return {row["name"]: (row["inactive"], row["revoked"]) for row in rows}


def test_the_list_shows_revoked_tokens_as_inactive_and_filters_them(lee: Browser) -> None:
    lee.open(LIST)
    assert lee.rows()[0] == [
        "View | Edit", "Token Name", "Application", "User", "Role", "Date Created", "Inactive"
    ]  # fmt: skip
    assert "Filters" in [node.text for node in lee.page.all("legend")]
    assert [(row[3], row[6]) for row in lee.rows()[1:]] == [
        ("Reconciler Admin", "No"), ("Reconciler Reader", "No"), ("Priya Nair", "No"), ("Ann Keller", "No"),
        ("Victor Lund", "Yes"),
    ]  # fmt: skip

    assert [row[3] for row in lee.choose("Revoked", "Yes").press("Refresh").rows()[1:]] == ["Victor Lund"]
    assert "Victor Lund" not in lee.choose("Revoked", "No").press("Refresh").text
    assert len(lee.choose("Revoked", "All").press("Refresh").rows()) == 6


def test_the_filter_may_begin_with_no(lee: Browser, emulator: Emulator) -> None:
    emulator.behave(page_revoked_filter="no")

    assert "Victor Lund" not in lee.open(LIST).text
    assert "Victor Lund" in lee.choose("Revoked", "All").press("Refresh").text


def test_tokens_are_searched_for(lee: Browser) -> None:
    lee.open(LIST).click("Search")
    assert lee.heading == "Access Token Search"

    lee.fill("Application", "connector").fill("User", "ann").press("Submit")

    assert [row[1] for row in lee.rows()[1:]] == [ANNS]
    assert lee.open("/app/setup/accesstokensearch.nl").fill("Application", "%").press("Submit").rows()[1] == [
        "No tokens."
    ]


@pytest.mark.parametrize(
    "user", ["Dana Ortiz (dana.ortiz@example.com)", "Dana Ortiz", "DANA.ortiz@example.com", "4172"]
)
@pytest.mark.usefixtures("dana_holds_it")
def test_a_token_is_made_for_a_user_as_plans_and_people_name_them(lee: Browser, user: str) -> None:
    new_token(lee, user)

    assert lee.answer.status_code == 200
    assert lee.values()["Token Name"] == f"{CONNECTOR} - Dana Ortiz, {CONNECTOR_ROLE}"
    assert lee.values()["User"] == "Dana Ortiz"


def test_the_form_and_its_refusal_ask_for_the_same(lee: Browser) -> None:
    ways = "-mail, internal id or whole name"

    assert f"E{ways}" in lee.open(NEW).text
    new_token(lee, "Nobody")
    assert f"Name one by e{ways}." in lee.message


@pytest.mark.usefixtures("dana_holds_it")
def test_the_secret_is_shown_once_and_works(lee: Browser, emulator: Emulator) -> None:
    new_token(lee, "Dana Ortiz", name="Dana's own")
    values, address = lee.values(), lee.answer.url
    row = emulator.server.world.database.row("SELECT * FROM integrations WHERE name = ?", CONNECTOR)
    assert row is not None
    credentials = {
        "consumer_key": row["consumer_key"],
        "consumer_secret": row["consumer_secret"],
        "token_id": values["Token ID"],
        "token_secret": values["Token Secret"],
    }

    assert "never again" in lee.text
    assert lee.answer.headers["Cache-Control"] == "no-store"
    assert Client(emulator.url, credentials, emulator.session).send("GET", TIME).status_code == 200
    for _ in range(2):
        lee.open(address)
        assert "shown once and cannot be shown again" in lee.message
        assert not {"Token ID", "Token Secret"} & set(lee.values())
        assert values["Token Secret"] not in lee.answer.text
    lee.open(LIST).click("View", beside="Dana's own")
    assert values["Token Secret"] not in lee.answer.text


@pytest.mark.usefixtures("dana_holds_it")
def test_a_changed_cookie_makes_a_browser_forget_the_page_with_the_secret(lee: Browser) -> None:
    new_token(lee, "Dana Ortiz")
    assert "-shown=T; Path=/1234567/; HttpOnly; SameSite=Strict" in lee.answer.headers["Set-Cookie"]

    assert "-shown=; " in lee.open(LIST).answer.headers["Set-Cookie"]
    assert "Set-Cookie" not in lee.open(LIST).answer.headers


@pytest.mark.usefixtures("dana_holds_it")
def test_looking_at_the_headers_does_not_use_up_the_secret(lee: Browser) -> None:
    lee.open(LIST).click("New Access Token")
    token = next(node["value"] for node in lee.page.all("input") if node["name"] == "form_token")
    form = {"form_token": token, "application": CONNECTOR, "user": "Dana Ortiz", "role": "1047"}
    moved = lee.session.post(lee.base + NEW, form, allow_redirects=False, timeout=10)
    assert moved.status_code == 303
    address = moved.headers["Location"]

    site = lee.base.removesuffix("/1234567")
    assert lee.session.head(site + address, timeout=10).status_code == 200
    assert lee.open(site + address).values()["Token Secret"]


@pytest.mark.usefixtures("dana_holds_it")
def test_the_secret_of_one_token_is_not_shown_with_another(lee: Browser) -> None:
    lee.open(LIST).click("New Access Token")
    token = next(node["value"] for node in lee.page.all("input") if node["name"] == "form_token")
    form = {"form_token": token, "application": CONNECTOR, "user": "Dana Ortiz", "role": "1047"}
    address = lee.session.post(lee.base + NEW, form, allow_redirects=False, timeout=10).headers["Location"]

    lee.open(f"{NEW}?id=102&{address.partition('&')[2]}")

    assert lee.heading == ANNS
    assert "Token Secret" not in lee.values()


@pytest.mark.parametrize(
    ("user", "role", "words"),
    [
        ("Dana Ortiz", CONNECTOR_ROLE, "Dana Ortiz does not hold the role"),
        ("Nobody", CONNECTOR_ROLE, "There is no employee 'Nobody'"),
        ("Ann Keller (dana.ortiz@example.com)", CONNECTOR_ROLE, "is that of Dana Ortiz, not of Ann Keller"),
        ("Dana Ortiz (d@example.com)", CONNECTOR_ROLE, "There is no employee 'd@example.com'"),
        ("Victor Lund", CONNECTOR_ROLE, "is inactive"),
        ("", CONNECTOR_ROLE, "Please enter value(s) for: User."),
        ("Dana Ortiz", "", "Please enter value(s) for: Role."),
    ],
)
def test_a_token_that_cannot_be_made_says_why_and_keeps_the_form(
    lee: Browser, emulator: Emulator, user: str, role: str, words: str
) -> None:
    before = tokens(emulator)
    new_token(lee, user, role, "kept")

    assert lee.answer.status_code == 400
    assert words in lee.message
    assert lee.field("Token Name")["value"] == "kept"
    assert lee.field("User")["value"] == user
    assert tokens(emulator) == before


def test_an_administrators_token_is_made_by_its_own_user_only(lee: Browser, emulator: Emulator) -> None:
    new_token(lee, "Dana Ortiz", "Administrator")
    assert (lee.answer.status_code, lee.heading) == (403, "Permission Violation")
    assert "only by its own user" in lee.message

    new_token(lee, "Lee Wong", "Administrator")
    assert lee.values()["Role"] == "Administrator"


def test_only_roles_that_log_in_with_tokens_are_offered(lee: Browser) -> None:
    lee.open(NEW)

    assert [node.text for node in lee.field("Role").all("option")] == [
        "", "Administrator", CONNECTOR_ROLE, "Reconciler Reader", "Shipping Hub Web Services",
    ]  # fmt: skip
    assert "Dana Ortiz (dana.ortiz@example.com)" in [
        node["value"] for node in lee.page.all("datalist")[0].all("option")
    ]


def test_a_token_is_made_inactive_and_active_again(lee: Browser, emulator: Emulator) -> None:
    lee.open(LIST).click("Edit", beside="Ann Keller").tick("Inactive").press("Save")
    assert (lee.heading, lee.message) == ("Access Tokens", "Confirmation: Access Token successfully Saved")
    assert tokens(emulator)[ANNS] == (True, False)

    lee.click("Edit", beside="Ann Keller").clear("Inactive").press("Save")

    assert tokens(emulator)[ANNS] == (False, False)


def test_revoking_is_final_and_the_row_stays(lee: Browser, emulator: Emulator) -> None:
    lee.open(LIST).click("Edit", beside="Ann Keller")
    edit = lee.answer.url
    lee.press("Revoke")

    assert tokens(emulator)[ANNS] == (False, True)
    assert lee.choose("Revoked", "Yes").press("Refresh").rows()[1][3] == "Ann Keller"
    assert lee.rows()[1][6] == "Yes"
    lee.open(edit)
    assert "can no longer be edited" in lee.message
    assert "Save" not in [node.text for node in lee.page.all("button")]
    assert lee.open(LIST).click("View", beside="Ann Keller").values()["Revoked"] == "Yes"


def test_a_form_that_was_open_while_the_token_was_revoked_is_refused(lee: Browser, emulator: Emulator) -> None:
    lee.open(LIST).click("Edit", beside="Ann Keller").tick("Inactive")
    emulator.act("tokens/102/revoke", {"as": LEE})

    lee.press("Save")

    assert lee.answer.status_code == 400
    assert "a revoked token can no longer be edited" in lee.message
    assert tokens(emulator)[ANNS] == (False, True)


def test_who_may_only_view_tokens_changes_none(emulator: Emulator) -> None:
    reader = Browser(emulator).log_in("Reconciler Reader - Reconciler Reader").open(LIST)
    assert "New Access Token" not in reader.links()

    reader.click("Edit", beside="Ann Keller").press("Revoke")

    assert reader.heading == "Permission Violation"
    assert "Access Token Management" in reader.message
    assert tokens(emulator)[ANNS] == (False, False)
    reader.close()


def test_the_role_that_is_chosen_counts_and_no_other(emulator: Emulator) -> None:
    emulator.run("INSERT INTO permissions VALUES ('1234567', 1034, 'ADMI_MANAGE_OAUTH_TOKENS', 4)")
    emulator.act("employees/marco.silva@example.com/roles", {"as": LEE, "add": ["Buyer"]})
    marco = Browser(emulator).log_in("Marco Silva - Accountant")
    assert marco.open(LIST).heading == "Permission Violation"

    marco.click("Change Roles").press("Marco Silva - Buyer").open(LIST)
    marco.click("Edit", beside="Ann Keller").press("Revoke")

    assert tokens(emulator)[ANNS] == (False, True)
    marco.close()


def test_own_tokens_are_made_for_the_current_user_and_role(emulator: Emulator) -> None:
    emulator.run("INSERT INTO permissions VALUES ('1234567', 1035, 'ADMI_MANAGE_OWN_OAUTH_TOKENS', 4)")
    priya = Browser(emulator).log_in("Priya Nair - Warehouse Manager")

    priya.click("Manage Access Tokens")
    assert priya.heading == "My Access Tokens"
    assert priya.rows()[1] == ["No tokens."]
    priya.click("New My Access Token")
    assert [node.text for node in priya.page.all("label")] == ["Application Name", "Token Name"]
    assert "Application Name" in priya.press("Save").message
    priya.choose("Application Name", "Shipping Hub").press("Save")

    assert priya.values()["Token Name"] == "Shipping Hub - Priya Nair, Warehouse Manager"
    assert priya.values()["Token Secret"]
    priya.click("Back").click("Edit", beside="Priya Nair").tick("Inactive").press("Save")
    assert priya.heading == "My Access Tokens"
    assert priya.rows()[1][6] == "Yes"
    priya.click("Edit", beside="Priya Nair").press("Revoke")
    assert tokens(emulator)["Shipping Hub - Priya Nair, Warehouse Manager"] == (True, True)
    assert priya.open(f"{NEW}?id=102&e=T").heading == "Permission Violation"
    assert priya.open(NEW).heading == "Permission Violation"
    assert priya.open(f"{NEW}?id=103").heading == "Permission Violation"  # her own, in another role
    priya.close()


def test_home_names_own_tokens_only_to_who_may_have_them(story: Emulator) -> None:
    buyer = Browser(story).log_in("Sofia Lopez - Buyer")

    assert "Manage Access Tokens" not in buyer.links()
    buyer.close()


def pem() -> str:
    return certificate(key_for("ES256"))


def new_mapping(browser: Browser, entity: str, text: str, application: str = "Reconciler") -> Browser:
    browser.open(MAPPINGS).click("Create New").fill("Entity", entity).choose("Role", "Reconciler Reader")
    return browser.choose("Application", application).fill("Certificate", text).press("Save")


def test_a_mapping_is_created_and_revoked(lee: Browser, emulator: Emulator) -> None:
    new_mapping(lee, "Reconciler Reader (svc.reader@example.com)", pem())

    assert lee.heading == "OAuth 2.0 Client Credentials (M2M) Setup"
    (listed,) = emulator.door("GET", "accounts/1234567/certificates")
    assert lee.rows()[1][:4] == [listed["certificate_id"], "Reconciler Reader", "Reconciler Reader", "Reconciler"]

    lee.press("Revoke")

    assert lee.rows()[1][-1] == "Yes"
    assert emulator.door("GET", "accounts/1234567/certificates")[0]["revoked"]


@pytest.mark.parametrize(
    ("entity", "text", "words"),
    [
        ("Reconciler Reader", "nonsense", "certificate"),
        ("Dana Ortiz", "PEM", "does not hold the role"),
        ("Nobody", "PEM", "There is no employee"),
        ("Reconciler Reader", "", "Please enter value(s) for: Certificate."),
        ("", "PEM", "Please enter value(s) for: Entity."),
    ],
)
def test_a_mapping_that_cannot_be_made_says_why(
    lee: Browser, emulator: Emulator, entity: str, text: str, words: str
) -> None:
    new_mapping(lee, entity, pem() if text == "PEM" else text)

    assert lee.answer.status_code == 400
    assert words in lee.message
    assert lee.field("Entity")["value"] == entity
    assert emulator.door("GET", "accounts/1234567/certificates") == []


def test_a_mapping_of_an_administrator_is_made_by_an_administrator(emulator: Emulator) -> None:
    emulator.run("INSERT INTO permissions VALUES ('1234567', 1034, 'ADMI_MANAGE_OAUTH2_APPLICATIONS', 4)")
    sofia = Browser(emulator).log_in("Sofia Lopez - Buyer").open(MAPPINGS).click("Create New")
    sofia.fill("Entity", "Lee Wong").choose("Role", "Administrator").choose("Application", "Reconciler")

    sofia.fill("Certificate", pem()).press("Save")

    assert sofia.heading == "Permission Violation"
    sofia.close()


def test_no_secret_stands_in_the_log_of_requests(lee: Browser, emulator: Emulator) -> None:
    emulator.act("employees/dana.ortiz@example.com/roles", {"as": LEE, "add": [CONNECTOR_ROLE]})
    secret = new_token(lee, "Dana Ortiz").values()["Token Secret"]

    assert secret not in requests.get(f"{emulator.url}/_emulator/requests", timeout=10).text
    assert secret not in lee.answer.url
