"""The pages as a whole: who may reach them, what they send, and that nothing of them touches NetSuite's services."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from reconciler.emulator.pages.once import NewToken, Once
from tests.emulator.browser import Browser
from tests.emulator.clients import ACCOUNT, Emulator, Start

HOME = "/app/center/card.nl"
LOGIN = f"/{ACCOUNT}/app/login/secure/login.nl"
EVIL = "<script>alert(\"x\" + 'y')</script> & co"


@pytest.fixture
def person(emulator: Emulator) -> Iterator[Browser]:
    browser = Browser(emulator)
    yield browser
    browser.close()


def test_the_first_page_lists_the_accounts(story: Emulator) -> None:
    answer = requests.get(story.url, timeout=10)

    assert answer.status_code == 200
    assert f'href="/{ACCOUNT}{HOME}"' in answer.text
    assert "Ridgeline Outfitters" in answer.text


def test_a_long_list_of_accounts_comes_in_pages_and_is_searched(start: Start, tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    account = {"name": "100% Wool_Works", "roles": [{"id": 3, "name": "Administrator"}], "employees": []}
    seed.write_text(json.dumps({"accounts": {"1": account}, "generate": {"accounts": 120, "template": "1"}}))
    many = start(seed)
    browser = Browser(many, "")

    assert len(browser.open("/").rows()) == 51
    assert "Total: 121 1 - 50" in browser.text
    assert len(browser.click("Last").rows()) == 22
    browser.fill("Search by account ID or company name", "500011").press("Search")
    assert [row[0] for row in browser.rows()[1:]] == [f"500011{last}" for last in range(10)]
    assert len(browser.click("Show all").rows()) == 51
    assert [row[0] for row in browser.open("/?q=100%25+wool_works").rows()[1:2]] == ["1"]
    assert browser.open("/?q=%25+ool").rows()[1] == ["No accounts."]
    browser.close()


def test_every_page_says_that_this_is_the_emulator_and_what_its_clock_shows(
    person: Browser, emulator: Emulator
) -> None:
    emulator.door("POST", "clock", {"set": "2026-12-01T12:00:00Z"})
    for path in ("/app/login/secure/login.nl", "/connector/", "/app/nowhere.nl"):
        banner = person.open(path).page.all("p")[0].text
        assert "EMULATOR This is not NetSuite" in banner
        assert "01-Dec-2026 05:00" in banner
        assert "America/Denver, 01-Dec-2026 12:00:00 UTC" in banner


SHOWN_TIME = re.compile(r"\d\d-[A-Z][a-z]{2}-\d{4}")


def test_every_page_that_shows_a_time_says_once_in_which_zone(lee: Browser, emulator: Emulator) -> None:
    """The commands write UTC, and who compares the two must not have to guess."""
    told = "times here are in America/Denver, the company's time zone. The commands of reconciler write UTC"
    emulator.act("employees/dana.ortiz@example.com/roles", {"as": "lee.wong@example.com", "add": ["Buyer"]})
    with_times = set()
    dana = "/app/common/entity/employee.nl?id=4172"
    seen, left = set[str](), [dana, f"{dana}&e=T", HOME, "/connector/orders"]
    while left:
        path = left.pop(0)
        # One page of each kind: with the same names in its query it is the same page of another record.
        kind = re.sub(r"=[^&]*", "", path.partition("#")[0])
        if kind in seen:
            continue
        seen.add(kind)
        lee.open(path)
        text = lee.page.all("main")[0].text
        if SHOWN_TIME.search(text):
            with_times.add(kind.rpartition("/")[2])
            assert text.count(told) == 1, path
        links = {node["href"].removeprefix(f"/{ACCOUNT}") for node in lee.page.all("a")}
        left += sorted(link for link in links if link.startswith(("/app/", "/connector/")))

    assert with_times >= {
        "accesstokens.nl", "accesstoken.nl?id", "loginaudit.nl", "loginaudit.nl?advanced", "integrapplist.nl",
        "integrapp.nl?id", "employee.nl?id", "employee.nl?id&e", "transactionlist.nl", "salesord.nl?id", "orders",
    }  # fmt: skip


def test_an_account_in_utc_is_in_no_other_zone(start: Start, tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    person = {"id": 1, "entityid": "Kim", "email": "kim@example.com", "access": True, "roles": ["Administrator"]}
    account = {
        "name": "London",
        "time_zone": "UTC",
        "roles": [{"id": 3, "name": "Administrator", "scriptid": "administrator"}],
        "employees": [person],
    }
    seed.write_text(json.dumps({"accounts": {"1": account}}))
    browser = Browser(start(seed), "1")
    browser.open(HOME).press("Kim - Administrator")

    text = browser.open("/app/setup/loginaudit.nl").text

    assert "UTC, " not in browser.page.all("p")[0].text
    assert "times here are in UTC, the company's time zone. So are those that the commands" in text
    browser.close()


def test_a_person_says_who_they_are_and_comes_to_the_page_they_wanted(person: Browser) -> None:
    person.open("/app/setup/accesstokens.nl?revoked=F")
    assert person.heading == "Log In"
    assert "no passwords" in person.text

    person.press("Lee Wong - Administrator")

    assert person.heading == "Access Tokens"
    assert person.answer.url.endswith("/app/setup/accesstokens.nl?revoked=F")


def test_only_who_can_log_in_is_offered_once_for_each_role(person: Browser) -> None:
    offered = [node.text for node in person.open(HOME).page.all("button")]

    assert "Ann Keller - Administrator" in offered
    assert "Ann Keller - NetSuite Connector Web Services" in offered
    assert "Priya Nair - Warehouse Manager" in offered
    assert "Priya Nair - Shipping Hub Web Services" not in offered  # for web services only
    assert not [each for each in offered if each.startswith(("Victor", "Noah"))]  # inactive; without access


def test_the_login_page_counts_the_people_it_offers(person: Browser, emulator: Emulator) -> None:
    def counted() -> tuple[int, int, str]:
        offered = [node.text for node in person.open(HOME).page.all("button") if " - " in node.text]
        total = re.search(r"Total: (.*)", person.text)
        assert total is not None
        return len(offered), len({name.rpartition(" - ")[0] for name in offered}), total[1]

    lines, people, told = counted()
    assert lines > people, "somebody has two roles"
    assert told == f"{people} people, with a line for each of their roles"

    emulator.act(
        "employees/priya.nair@example.com/roles", {"as": "lee.wong@example.com", "remove": ["Warehouse Manager"]}
    )

    fewer_lines, fewer, told = counted()
    assert (fewer_lines, fewer) == (lines - 1, people - 1), "a role for web services only is no way in here"
    assert told.startswith(f"{fewer} people")


def test_people_are_found_by_the_beginning_of_name_last_name_or_email(person: Browser) -> None:
    for text in ("dana", "ORT", "dana.ortiz@"):
        person.open(HOME).fill("Search by name or e-mail", text).press("Search")
        assert [node.text for node in person.page.all("li")] == ["Dana Ortiz - Administrator dana.ortiz@example.com"]
    assert person.open(HOME).fill("Search by name or e-mail", "%").press("Search").text.endswith("can log in.")


@pytest.mark.parametrize("choice", ["4031.1033", "4309.3", "4172.1047", "4210.1060", "x", "", "1.2.3"])
def test_nobody_logs_in_who_may_not(story: Emulator, choice: str) -> None:
    browser = Browser(story).open(HOME)
    tokens = [node["value"] for node in browser.page.all("input") if node["name"] == "form_token"]

    answer = browser.session.post(story.url + LOGIN, {"form_token": tokens[0], "as": choice}, timeout=10)

    assert answer.status_code == 409
    assert "Nobody can log in like that" in answer.text
    assert not browser.session.cookies
    browser.close()


def test_the_choice_ends_when_the_person_may_no_longer_log_in(person: Browser, emulator: Emulator) -> None:
    person.log_in("Priya Nair - Warehouse Manager")
    assert person.heading == "Home"

    emulator.act("employees/priya.nair@example.com", {"as": "lee.wong@example.com", "active": False})

    assert person.open(HOME).heading == "Log In"


def test_a_person_acts_in_one_role_and_changes_it(person: Browser) -> None:
    person.log_in("Ann Keller - NetSuite Connector Web Services")
    assert "Setup" not in [node.text for node in person.page.all("summary")]
    assert person.open("/app/setup/accesstokens.nl").answer.status_code == 403

    person.open(HOME).click("Change Roles").press("Ann Keller - Administrator")

    assert "Ann Keller - Administrator" in person.page.all("header")[0].text
    assert person.open("/app/setup/accesstokens.nl").heading == "Access Tokens"


def test_logins_and_logouts_are_rows_of_the_audit_trail(person: Browser, emulator: Emulator) -> None:
    person.log_in("Ann Keller - Administrator")
    person.click("Change Roles").press("Ann Keller - NetSuite Connector Web Services").press("Log Out")
    assert person.heading == "Log In"
    assert person.open(HOME).heading == "Log In"

    rows = emulator.server.world.database.rows("SELECT * FROM login_audit ORDER BY id DESC LIMIT 4")
    assert [(row["status"], row["detail"], row["role"]) for row in reversed(rows)] == [
        ("Success", "", 3),
        ("Success", "RoleSwitchLogout", 3),
        ("Success", "", 1047),
        ("Success", "ExplicitLogout", 1047),
    ]
    assert {row["email"] for row in rows} == {"ann@example.com"}
    assert rows[-1]["request_uri"] == "/app/login/secure/login.nl"


def test_every_entry_of_the_menus_opens_for_an_administrator(person: Browser) -> None:
    person.log_in()
    (nav,) = person.page.all("nav")
    found = {node.text: node["href"] for node in nav.all("a")}

    assert list(found) == [
        "Home", "List", "Employees", "Company Information", "Manage Integrations",
        "OAuth 2.0 Client Credentials (M2M) Setup", "Manage Users", "Manage Roles", "Access Tokens", "New",
        "View Login Audit Trail",
    ]  # fmt: skip
    for text, address in found.items():
        assert person.open(f"../{address[1:]}").answer.status_code == 200, text


def test_the_menus_read_as_netsuite_names_them(person: Browser) -> None:
    person.log_in()
    paths = {" > ".join(_path(node)) for node in person.page.all("nav")[0].all("a")}

    assert paths == {
        "Home",
        "Setup > Users/Roles > Manage Users",
        "Setup > Users/Roles > Manage Roles",
        "Setup > Users/Roles > Access Tokens",
        "Setup > Users/Roles > Access Tokens > New",
        "Setup > Users/Roles > View Login Audit Trail",
        "Setup > Users/Roles > User Management > Access Tokens",
        "Setup > Users/Roles > User Management > Access Tokens > New",
        "Setup > Users/Roles > User Management > View Login Audit Trail",
        "Setup > Integration > Manage Integrations",
        "Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) Setup",
        "Setup > Company > Company Information",
        "Lists > Employees > Employees",
        "Transactions > Sales > Enter Sales Orders > List",
    }


def _path(link: Any) -> list[str]:
    """The headings above an entry of the menu, and the entry."""
    words, node = [link.text], link.above("li")
    while node is not None:
        above = node.above("li")
        group = node.above("div")
        headings = [part.text for part in group.parts if getattr(part, "tag", "") == "p"] if group else []
        if above is not None and above.all("summary"):
            return [above.all("summary")[0].text, *headings, *words]
        if above is not None:
            words = [next(part.text for part in above.parts if getattr(part, "tag", "") in {"a", "span"}), *words]
        node = above
    return words


def test_menus_leave_out_what_the_role_may_not_open(person: Browser) -> None:
    person.log_in("Reconciler Reader - Reconciler Reader")

    entries = {node.text for node in person.page.all("nav")[0].all("a")}

    assert entries == {
        "Home", "List", "Employees", "Manage Integrations", "Manage Roles", "Access Tokens", "New",
        "View Login Audit Trail",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/app/setup/listusers.nl", "Manage Users"),
        ("/app/setup/rolelist.nl", "Bulk Manage Roles"),
        ("/app/setup/role.nl?id=3", "Bulk Manage Roles"),
        ("/app/setup/accesstokens.nl", "Access Token Management"),
        ("/app/setup/accesstoken.nl", "Access Token Management"),
        ("/app/setup/accesstoken.nl?id=102", "Access Token Management"),
        ("/app/setup/accesstokensearch.nl", "Access Token Management"),
        ("/app/setup/myaccesstokens.nl", "User Access Tokens"),
        ("/app/setup/myaccesstoken.nl", "User Access Tokens"),
        ("/app/setup/loginaudit.nl", "View Login Audit Trail"),
        ("/app/setup/oauth2mappings.nl", "OAuth 2.0 Authorized Applications Management"),
        ("/app/setup/oauth2mapping.nl", "OAuth 2.0 Authorized Applications Management"),
        ("/app/common/entity/employeelist.nl", "Employees"),
        ("/app/common/entity/employee.nl?id=4172", "Employees"),
        ("/app/common/integration/integrapplist.nl", "Integration Applications"),
        ("/app/common/integration/integrapp.nl?id=11", "Integration Application"),
        ("/app/common/otherlists/company.nl", "Company Information"),
        ("/app/accounting/transactions/transactionlist.nl", "Sales Order"),
        ("/app/accounting/transactions/salesord.nl?id=90001", "Sales Order"),
    ],
)
def test_a_page_beyond_the_role_is_a_permission_violation(story: Emulator, path: str, permission: str) -> None:
    browser = Browser(story).log_in("Sofia Lopez - Buyer")

    browser.open(path)

    assert (browser.answer.status_code, browser.heading) == (403, "Permission Violation")
    assert f"You need a higher level of the '{permission}' permission to access this page." in browser.message
    browser.close()


def test_a_form_that_breaks_a_rule_leads_back_to_it(story: Emulator) -> None:
    browser = Browser(story).log_in()
    new = browser.open("/app/setup/accesstoken.nl")
    new.choose("Application Name", "NetSuite Connector").fill("User", "ann@example.com").choose("Role", "Administrator")

    new.press("Save")

    assert (browser.answer.status_code, browser.heading) == (403, "Permission Violation")
    assert browser.click("Go Back").heading == "Access Token"
    browser.close()


def test_a_page_that_is_not_there_leads_home(story: Emulator) -> None:
    browser = Browser(story).log_in()
    for path in ("/app/nowhere.nl", "/app/common/entity/employee.nl?id=99", "/app/common/entity/employee.nl?id=x",
                 "/app/accounting/transactions/salesord.nl?id=5", "/app/setup/accesstoken.nl?id=1"):  # fmt: skip
        assert browser.open(path).answer.status_code == 404, path
        assert browser.click("Home").heading == "Home"
    browser.close()


def test_an_account_that_is_not_there_leads_to_the_accounts(story: Emulator) -> None:
    for path in ("/7654321/", "/7654321/app/center/card.nl", "/pages/other", "/favicon.ico"):
        answer = requests.get(story.url + path, timeout=10)
        assert answer.status_code == 404, path
        assert '<a href="/">Accounts</a>' in answer.text


def test_a_browser_that_is_lost_gets_a_page_and_a_client_netsuites_error(story: Emulator) -> None:
    assert "<h1>" in requests.get(f"{story.url}/nothing", headers={"Accept": "text/html"}, timeout=10).text
    assert "o:errorDetails" in requests.get(f"{story.url}/nothing", timeout=10).json()
    for path, key in (("/services/nothing", "o:errorDetails"), ("/rest/nothing", "error")):
        answer = requests.get(story.url + path, headers={"Accept": "text/html"}, timeout=10)
        assert key in answer.json(), path


def test_pages_carry_the_headers_that_keep_other_sites_out(story: Emulator) -> None:
    browser = Browser(story).log_in()
    for path in (HOME, "/app/setup/accesstoken.nl?id=102", "/connector/", "/app/nowhere.nl"):
        headers = browser.open(path).answer.headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self'; img-src 'self' data:; base-uri 'none';"
            " frame-ancestors 'none'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Type"] == "text/html; charset=utf-8"
    browser.close()


def test_nothing_on_a_page_comes_from_elsewhere_and_nothing_is_a_script(story: Emulator) -> None:
    browser = Browser(story).log_in()
    for path in (HOME, "/app/common/entity/employee.nl?id=4172&e=T", "/app/setup/loginaudit.nl", "/connector/"):
        browser.open(path)
        addresses = [node[name] for node in browser.page.all("a", "link", "form", "img") for name in ("href", "action")]
        assert all(each.startswith(("/", "#", "data:,")) for each in addresses if each), path
        assert not browser.page.all("script", "iframe", "style")
        assert not re.search(r"\son[a-z]+=|\sstyle=", browser.answer.text)
    browser.close()


def test_the_style_is_served(story: Emulator) -> None:
    answer = requests.get(f"{story.url}/pages/style.css", timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "prefers-color-scheme: dark" in answer.text
    assert "@import" not in answer.text
    assert "url(" not in answer.text


def test_head_answers_as_get_does_without_the_page(story: Emulator) -> None:
    browser = Browser(story).log_in()
    got = browser.open(HOME).answer
    head = browser.session.head(got.url, timeout=10)

    assert (head.status_code, head.text) == (200, "")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert requests.head(story.url + LOGIN, timeout=10).status_code == 200
    browser.close()


@pytest.mark.parametrize(
    "headers",
    [{"Host": "attacker.example"}, {"Origin": "http://attacker.example"}, {"Origin": "null"}],
)
@pytest.mark.parametrize("path", ["/", LOGIN, f"/{ACCOUNT}/connector/orders"])
def test_no_page_elsewhere_reaches_these(story: Emulator, path: str, headers: dict[str, str]) -> None:
    for method in ("GET", "POST"):
        answer = requests.request(method, story.url + path, headers=headers, timeout=10)
        assert answer.status_code == 403


def test_a_form_without_this_servers_token_does_nothing(emulator: Emulator, person: Browser) -> None:
    person.log_in()
    before = emulator.act("connectors/NetSuite%20Connector/orders", status=201)
    for form in ({"a": "b"}, {"form_token": ""}, {"form_token": "wrong"}, {"form_token": "ü"}):
        answer = person.session.post(f"{person.base}/connector/orders", form, timeout=10)
        assert answer.status_code == 403
        assert "Load the page again" in answer.text

    after = emulator.act("connectors/NetSuite%20Connector/orders", status=201)
    assert int(after["order"]["id"]) == int(before["order"]["id"]) + 1


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("PUT", {}, "", 405),
        ("DELETE", {}, "", 405),
        ("POST", {"Content-Type": "application/json"}, "{}", 415),
        ("POST", {"Content-Type": "multipart/form-data; boundary=x"}, "--x--", 415),
        ("POST", {"Content-Type": "application/x-www-form-urlencoded"}, "a=" + "x" * 300_000, 413),
        ("POST", {"Content-Type": "application/x-www-form-urlencoded"}, b"form_token=\xff\xfe&%zz", 403),
    ],
)
def test_a_form_out_of_form_is_refused_with_a_page(
    story: Emulator, method: str, headers: dict[str, str], body: str | bytes, status: int
) -> None:
    answer = requests.request(method, story.url + LOGIN, headers=headers, data=body, timeout=10)

    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_a_page_without_a_form_takes_none(person: Browser) -> None:
    person.log_in()
    token = next(node["value"] for node in person.page.all("input") if node["name"] == "form_token")

    answer = person.session.post(f"{person.base}{HOME}", {"form_token": token}, timeout=10)

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "target", ["//attacker.example/", "http://attacker.example/", "/7654321/", f"/{ACCOUNT}/ü", "x"]
)
def test_after_the_login_nobody_is_sent_elsewhere(story: Emulator, target: str) -> None:
    browser = Browser(story).open("/app/login/secure/login.nl")
    token = next(node["value"] for node in browser.page.all("input") if node["name"] == "form_token")

    answer = browser.session.post(
        story.url + LOGIN, {"form_token": token, "as": "4180.3", "next": target}, timeout=10, allow_redirects=False
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/{ACCOUNT}{HOME}")
    cookie = answer.headers["Set-Cookie"]
    assert f"Path=/{ACCOUNT}/; HttpOnly; SameSite=Strict" in cookie
    browser.close()


def test_names_are_shown_as_text_wherever_they_stand(start: Start, a_seed: Callable[[dict[str, Any]], Path]) -> None:
    everything = {"LIST_EMPLOYEE": "Full"}
    seed = a_seed(
        {
            "name": EVIL,
            "roles": [{"id": 3, "name": "Administrator"}, {"id": 4, "name": EVIL, "permissions": everything}],
            "employees": [
                {"id": 1, "entityid": EVIL, "firstname": EVIL, "email": '"x"<y>@example.com', "title": EVIL,
                 "access": True, "roles": ["Administrator", EVIL]},
            ],
            "integrations": [{"id": 1, "name": "NetSuite Connector"}, {"id": 2, "name": EVIL}],
            "tokens": [{"id": 1, "application": EVIL, "user": EVIL, "role": EVIL, "name": EVIL}],
            "login_audit": [{"application": EVIL, "token": EVIL, "at": "-1h", "user_agent": EVIL, "detail": EVIL}],
            "orders": [{"by": EVIL, "role": EVIL, "at": "-1h"}],
        }
    )  # fmt: skip
    browser = Browser(start(seed)).log_in(f"{EVIL} - Administrator")
    for path in (
        HOME, "/app/center/myroles.nl", "/app/common/entity/employeelist.nl?q=%3Cscript", "/app/setup/listusers.nl",
        "/app/common/entity/employee.nl?id=1", "/app/common/entity/employee.nl?id=1&e=T", "/app/setup/rolelist.nl",
        "/app/setup/role.nl?id=4", "/app/setup/accesstokens.nl", "/app/setup/accesstoken.nl",
        "/app/setup/accesstokens.nl?name=%3Cscript", "/app/setup/accesstoken.nl?id=1&e=T",
        "/app/setup/loginaudit.nl?advanced=T&agent=%3Cscript", "/app/accounting/transactions/salesord.nl?id=90001",
        "/app/common/integration/integrapplist.nl", "/app/common/integration/integrapp.nl?id=2&e=T",
        f"/app/login/secure/login.nl?q={EVIL}&next={EVIL}", "/app/setup/oauth2mapping.nl",
        "/connector/orders?posted=<b>",
    ):  # fmt: skip
        browser.open(path)
        assert browser.answer.status_code == 200, path
        assert not browser.page.all("script", "b"), path
        assert EVIL in browser.page.text or "posted" in path or "value=" in browser.answer.text, path
    assert EVIL in browser.open("/app/common/entity/employee.nl?id=1&e=T").field("First Name")["value"]
    browser.close()


def test_the_pages_are_no_requests_of_netsuite(person: Browser, emulator: Emulator) -> None:
    emulator.behave(concurrency_limit="1")
    emulator.door("POST", "faults", {"match": "* .*", "times": 100, "status": 503}, 201)
    person.log_in()
    person.open("/app/setup/accesstokens.nl")

    assert person.answer.status_code == 200
    assert emulator.door("GET", "requests") == []


def test_latency_is_netsuites_and_not_the_pages(start: Start) -> None:
    browser = Browser(start(latency=5)).log_in()

    assert browser.answer.elapsed.total_seconds() < 2.5
    browser.close()


def test_the_template_engine_is_loaded_with_the_first_page() -> None:
    code = (
        "import sys; from reconciler.emulator import __main__ as m;"
        "from reconciler.emulator.behaviours import Switches;"
        "from reconciler.emulator.server import EmulatorServer; from reconciler.emulator.wire import Request;"
        "server = EmulatorServer(m.open_world(None, Switches(), None, '1234567'));"
        "before = 'jinja2' in sys.modules; answer = server.answer(Request('GET', '/', {'host': '127.0.0.1'}));"
        "print(before, 'jinja2' in sys.modules, answer.status)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own

    assert done.stdout.split() == ["False", "True", "200"]


def test_without_the_template_engine_a_page_says_what_to_install(emulator: Emulator, monkeypatch: Any) -> None:
    for name in [name for name in sys.modules if name.startswith("reconciler.emulator.pages")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)

    for path in ("/", "/app/login/secure/authorizetoken.nl?oauth_token=x"):
        answer = requests.get(emulator.url + path, timeout=10)
        assert answer.status_code == 503
        assert "jinja2, which is not installed: install reconciler anew with the extra emulator" in answer.text
    assert emulator.reader.send("GET", "/services/rest/system/v1/serverTime").status_code == 200


def test_two_servers_do_not_mix_up_who_is_logged_in(start: Start) -> None:
    first, second = start(), start()
    browser = Browser(first).log_in()

    assert Browser(second).open(HOME).heading == "Log In"
    browser.base = Browser(second).base
    assert browser.open(HOME).heading == "Log In"
    browser.close()


def test_the_account_alone_leads_home_and_the_address_of_logging_out_logs_nobody_out(story: Emulator) -> None:
    browser = Browser(story).log_in()

    assert browser.open(browser.base).heading == "Home"
    assert browser.open("/app/login/secure/logout.nl").heading == "Home"
    assert browser.open(HOME).heading == "Home"
    browser.close()


def test_what_nobody_came_to_see_is_forgotten() -> None:
    once = Once()
    keys = [once.put(NewToken("1", str(number), "", "")) for number in range(101)]

    assert once.take(keys[0]) is None
    assert once.take(keys[1]) == NewToken("1", "1", "", "")
    assert once.take(keys[1]) is None
