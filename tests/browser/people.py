"""People at the browser: who they say they are."""

from selenium.webdriver import Chrome

from tests.browser.hand import Hand
from tests.browser.instructions import Click
from tests.support.emulator import ACCOUNT


def log_in(browser: Chrome, url: str, person: str, role: str = "Administrator") -> Hand:
    """A person in one role, at the home page of the emulated account."""
    hand = Hand(browser, home=f"{url}/{ACCOUNT}/app/center/card.nl", connector=f"{url}/{ACCOUNT}/connector/")
    # Somebody else may have been here before: the cookie of another server on this address means nothing to this one.
    browser.get(url)
    browser.delete_all_cookies()
    browser.get(hand.home)
    hand.do(Click(f"{person} - {role}"))
    return hand
