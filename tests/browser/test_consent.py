"""Step two of the authorization flow, in a real browser."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.hand import Hand
from tests.browser.instructions import Click, Fill
from tests.emulator.clients import Emulator
from tests.emulator.conftest import running
from tests.emulator.flow_clients import CONSENT, application


class _Callback(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Thank you")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    for start in running():
        yield start()


@pytest.fixture
def callback() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Callback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/callback"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("decision", "is_allowed"), [("Allow", True), ("Deny", False)])
def test_a_person_allows_or_denies_and_comes_back_to_the_application(
    browser: Chrome, emulator: Emulator, callback: str, decision: str, is_allowed: bool
) -> None:
    app = application(emulator)
    asked = dict(parse_qsl(app.first(callback_uri=callback).text))
    hand = Hand(browser, home="", connector="")

    browser.get(f"{emulator.url}{CONSENT}?oauth_token={asked['oauth_token']}")
    hand.do(Fill("Email", "nobody@example.com"))
    hand.do(Click("Log In"))
    hand.do(Fill("Email", "dana.ortiz@example.com"))
    hand.do(Click("Log In"))
    hand.do(Fill("Change Role", "Administrator"))
    hand.do(Click(decision))
    WebDriverWait(browser, 10).until(lambda shown: shown.current_url.startswith(callback))

    told = dict(parse_qsl(urlsplit(browser.current_url).query, keep_blank_values=True))
    assert told["oauth_token"] == asked["oauth_token"]
    assert bool(told["oauth_verifier"]) is is_allowed
    assert (app.third(asked, told["oauth_verifier"]).status_code == 200) is is_allowed
