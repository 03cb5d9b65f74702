"""A person at the browser who does what the plan's instructions say, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException, WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser import instructions
from tests.browser.instructions import Action, Click, ClickBeside, EnterSecret, Fill, KeepSecret, Menu, Tick

MOST_TRIES = 20
LEFT = "does not belong to the document"  # Chromium's words for what was on the page before
PATIENCE = 10  # seconds until what has to appear counts as missing
WORDS = "a, button, summary, input[type=submit], [role=tab]"
HEADINGS = "summary, .heading"
SENDING = frozenset({"Save", "Save and Test Connection", "Revoke"})


@dataclass
class Hand:
    browser: Chrome
    home: str  # where a person of the account begins, logged in
    connector: str  # the same of the Connector
    kept: dict[str, str] = field(default_factory=dict)

    def follow(self, lines: list[str]) -> None:
        """Carry out all lines of one step."""
        for line in lines:
            for action in instructions.read(line):
                self.do(action)

    def do(self, action: Action) -> None:
        """Carry out one action, on the page that comes where one is just being left."""
        for _ in range(MOST_TRIES):
            try:
                self._do(action)
            except WebDriverException as error:
                if not _is_of_a_page_left(error):
                    raise
            else:
                return
        raise AssertionError(f"the page never held still for {action}")

    def _do(self, action: Action) -> None:
        match action:
            case Menu(path=path):
                self._walk(path)
            case Click(word=word):
                self._click(word)
            case ClickBeside(word=word, row=row):
                self._click(word, self._row(row))
            case Fill(label=label, value=value):
                self._fill(label, value)
            case Tick(label=label, on=on):
                box = self._field(label)
                if box.is_selected() != on:
                    self._press(box)
            case KeepSecret():
                self.kept = {name: self._shown(name) for name in ("Token ID", "Token Secret")}
            case EnterSecret():
                for name, value in self.kept.items():
                    self._fill(f"NetSuite {name}", value)

    def _walk(self, path: tuple[str, ...]) -> None:
        if path[0] == "app.farapp.com":
            self.browser.get(self.connector)
            path = path[1:]
        else:
            self.browser.get(self.home)
        place = self.browser.find_element(By.CSS_SELECTOR, "nav")
        for word in path[:-1]:
            # The next word stands under this one, not under one of the same name elsewhere.
            found = self._found(word, place, HEADINGS)
            place = found.find_element(By.XPATH, "..")
            if found.tag_name == "summary":
                self._press(found)
        self._press(self._found(path[-1], place, "a"))

    def _click(self, word: str, within: WebElement | None = None) -> None:
        found = self._found(word, within)
        self._press(found)
        if word in SENDING:
            # A click is over before what it sends has arrived, and what others do would come in between.
            WebDriverWait(self.browser, PATIENCE).until(lambda _: _is_left(found))

    def _press(self, found: WebElement) -> None:
        """Scroll there, as a person does: what stays at the top of the page may cover it."""
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
        found.click()

    def _found(self, word: str, within: WebElement | None, kinds: str = WORDS) -> WebElement:
        """The first visible thing that bears the word, in a part of the page or in what the page is about."""

        def look(browser: Chrome) -> WebElement | None:
            part = within or browser.find_element(By.TAG_NAME, "main")
            bearing = [each for each in part.find_elements(By.CSS_SELECTOR, kinds) if _word_of(each) == word]
            shown = [each for each in bearing if each.is_displayed()]
            return shown[0] if shown else None

        return self._seen(look, f"something that says {word!r}")

    def _seen(self, look: Callable[[Chrome], WebElement | None], what: str) -> WebElement:
        """What comes into view within the time a person would wait; a page that is being left does not count."""
        waiting = WebDriverWait(self.browser, PATIENCE, ignored_exceptions=[StaleElementReferenceException])
        try:
            found = waiting.until(look)
        except TimeoutException:
            page = self.browser.find_element(By.TAG_NAME, "body").text
            raise AssertionError(f"there is not {what} on {self.browser.current_url}:\n{page}") from None
        assert found is not None  # `until` ends only with something, or with an error
        return found

    def _row(self, texts: tuple[str, ...]) -> WebElement:
        """The one row of a list that shows all of this."""

        def look(browser: Chrome) -> WebElement | None:
            rows = browser.find_elements(By.CSS_SELECTOR, "main tbody tr")
            fitting = [row for row in rows if all(text in row.text for text in texts)]
            return fitting[0] if len(fitting) == 1 else None

        return self._seen(look, f"exactly one row that shows {texts}")

    def _field(self, label: str) -> WebElement:
        """The field whose label says exactly this."""

        def look(browser: Chrome) -> WebElement | None:
            for found in browser.find_elements(By.XPATH, f"//label[normalize-space()={_quoted(label)}]"):
                target = found.get_attribute("for")
                inner = found.find_elements(By.CSS_SELECTOR, "input, select, textarea")
                if target or inner:
                    return browser.find_element(By.ID, target) if target else inner[0]
            return None

        return self._seen(look, f"a field labelled {label!r}")

    def _fill(self, label: str, value: str) -> None:
        where = self._field(label)
        if where.tag_name == "select":
            Select(where).select_by_visible_text(value)
        else:
            where.clear()
            where.send_keys(value)

    def _shown(self, name: str) -> str:
        """A value the page shows beside its name."""
        path = f"//dt[normalize-space()={_quoted(name)}]/following-sibling::dd[1]"

        def look(browser: Chrome) -> WebElement | None:
            return next(iter(browser.find_elements(By.XPATH, path)), None)

        return str(self._seen(look, f"a value beside {name!r}").text.strip())


def _is_of_a_page_left(error: WebDriverException) -> bool:
    return isinstance(error, StaleElementReferenceException) or LEFT in str(error)


def _is_left(pressed: WebElement) -> bool:
    """Whether the page of what was pressed is gone."""
    try:
        pressed.is_enabled()
    except WebDriverException as error:
        if _is_of_a_page_left(error):
            return True
        raise
    return False


def _word_of(element: WebElement) -> str:
    return (element.text or element.get_attribute("value") or "").strip()


def _quoted(text: str) -> str:
    """A text as XPath writes it, which has no escapes."""
    return json.dumps(text) if '"' not in text else f"'{text}'"
