"""The page of a plan as people open it: on a laptop, on a phone, in the dark, without a mouse, with a screen reader."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from reconciler.core.permissions import Level, PermissionDifference, PermissionMove
from reconciler.core.plan_building import build_plan
from reconciler.render.part import Part
from reconciler.render.report import apply_report, failure_report, plan_report
from reconciler.render.review_pages import review_to_html
from reconciler.render.sources import Sources
from reconciler.render.to_html import to_html
from tests.browser.screenshot import kept
from tests.core.review.worlds import reviewed, whole
from tests.render.samples import FOUND, REPORTS, SENSITIVE_CHANGES, SOURCES
from tests.support.builders import CONNECTOR, DANA, FILE, a_desired_state, a_live_state, with_grants

LAPTOP, PHONE, SMALL = 1280, 390, 320
MOVES = (
    PermissionMove("Sales Order", Level.FULL, Level.VIEW),
    PermissionMove("SOAP Web Services", Level.NONE, Level.FULL),
)
PLANNED = build_plan(a_desired_state(environment="production"), with_grants(a_live_state(), (DANA, CONNECTOR)))
HANDOVER = replace(
    PLANNED,
    changes=tuple(
        replace(change, declared_at=replace(change.declared_at, file="environments/production.yaml"))
        for change in PLANNED.changes
    ),
    permissions=(PermissionDifference("dana.ortiz@example.com", (CONNECTOR.name,), ("Sales Clerk",), MOVES, ()),),
)
EVERYTHING = [
    *map(plan_report, (FOUND, SENSITIVE_CHANGES, HANDOVER)),
    *map(apply_report, REPORTS.values()),
    failure_report("sandbox", "1234567_SB1", FOUND.diagnostics),
]
# WCAG 2.2, 1.4.3: relative luminance of the colour a text has and of the nearest background that is one.
CONTRASTS = """
const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const light = colour => parts(colour).slice(0, 3).map(channel)
  .reduce((sum, one, index) => sum + one * [.2126, .7152, .0722][index], 0);
const behind = element => {
  for (let one = element; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (parts(colour)[3] !== 0) return colour;
  }
  return 'rgb(255, 255, 255)';
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
  const style = getComputedStyle(element);
  const svg = element.ownerSVGElement;
  const back = svg && element.matches('.number.done')
    ? getComputedStyle(svg.querySelector('circle.done')).fill : behind(element);
  const [low, high] = [light(svg ? style.fill : style.color), light(back)].sort((a, b) => a - b);
  found.push([(high + 0.05) / (low + 0.05), walker.currentNode.data.trim()]);
}
return found;
"""

# The words in the cells of tables that stand on more than one line.
BROKEN = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = [];
while (walker.nextNode()) {
  if (!walker.currentNode.parentElement.closest('td, tbody th')) continue;
  for (const word of walker.currentNode.data.matchAll(/\\d{4}-\\d\\d-\\d\\d|[^\\s-]+/g)) {
    const range = document.createRange();
    range.setStart(walker.currentNode, word.index);
    range.setEnd(walker.currentNode, word.index + word[0].length);
    seen.push([word[0], new Set([...range.getClientRects()].map(one => one.top)).size]);
  }
}
return {seen: seen.length, broken: seen.filter(([, lines]) => lines > 1)};
"""


@pytest.fixture
def page(browser: Chrome) -> Iterator[Chrome]:
    """The browser as it was, whatever a test makes of it."""
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [], "media": ""})


def shown(page: Chrome, folder: Path, html: str, width: int = LAPTOP, scheme: str = "light") -> None:
    file = folder / "plan.html"
    file.write_text(html, encoding="utf-8")
    preferred = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", preferred)
    resized(page, width, 900)
    page.get(file.as_uri())


def resized(page: Chrome, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < LAPTOP}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def everything(folded: bool) -> str:
    html = to_html(EVERYTHING, SOURCES)
    return html if folded else html.replace("<details>", "<details open>")


@pytest.mark.parametrize("width", [LAPTOP, PHONE, SMALL])
def test_nobody_has_to_scroll_sideways(page: Chrome, tmp_path: Path, width: int) -> None:
    shown(page, tmp_path, everything(folded=False), width)

    assert page.execute_script("return document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_no_word_of_a_review_is_broken(page: Chrome, tmp_path: Path, width: int, scheme: str) -> None:
    review = Part("test (account 1234567)", FILE, reviewed(whole(a_live_state())), ())
    shown(page, tmp_path, review_to_html([review], SOURCES, None), width, scheme)
    words = page.execute_script(BROKEN)

    assert words["seen"] > 40
    assert words["broken"] == []
    assert page.execute_script("return document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_every_text_stands_out_from_what_is_behind_it(page: Chrome, tmp_path: Path, width: int, scheme: str) -> None:
    shown(page, tmp_path, everything(folded=False), width, scheme)
    contrasts: list[tuple[float, str]] = page.execute_script(CONTRASTS)

    assert len(contrasts) > 200
    assert [(round(ratio, 2), text) for ratio, text in contrasts if ratio < 4.5] == []
    dark = page.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    assert dark == (scheme == "dark")


def test_a_click_selects_a_value_whole_and_nothing_else(page: Chrome, tmp_path: Path) -> None:
    shown(page, tmp_path, to_html([plan_report(HANDOVER)]))
    selected = []
    for value in page.find_elements(By.CSS_SELECTOR, ".do .copy"):
        value.click()
        selected.append(page.execute_script("return getSelection().toString()"))

    assert selected == [
        "NetSuite Connector",
        "Dana Ortiz",
        "NetSuite Connector Web Services",
        "NetSuite Connector - Dana Ortiz #1",
    ]


def test_the_page_needs_nothing_from_elsewhere(page: Chrome, tmp_path: Path) -> None:
    shown(page, tmp_path, everything(folded=True))

    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_whoever_does_not_see_finds_the_same(page: Chrome, tmp_path: Path) -> None:
    shown(page, tmp_path, to_html([plan_report(HANDOVER)], SOURCES))
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    nodes = [(told(node, "role"), told(node, "name"), node) for node in tree if not node["ignored"]]

    assert {"banner", "main", "contentinfo", "article", "table", "columnheader", "rowheader"} <= {
        one[0] for one in nodes
    }
    headings = [(level(node), name) for role, name, node in nodes if role == "heading"]
    assert [number for number, _ in headings][:3] == [1, 2, 3]
    assert all(later - former <= 1 for (former, _), (later, _) in pairwise(headings))
    (picture,) = [(name, told(node, "description")) for role, name, node in nodes if role in {"img", "image"}]
    assert picture[0].startswith("Handover of integrations.netsuite-connector")
    assert "step 1, role granted: done; step 2, token made: next" in "".join(picture)
    regions = {name for role, name, _ in nodes if role == "region"}
    assert {"Handover", "Changes", "Steps", "Evidence"} <= regions


def told(node: dict[str, Any], what: str) -> str:
    return str(node.get(what, {}).get("value", ""))


def level(node: dict[str, Any]) -> int:
    return next(int(one["value"]["value"]) for one in node["properties"] if one["name"] == "level")


def test_on_a_phone_a_table_is_still_one_for_a_screen_reader(page: Chrome, tmp_path: Path) -> None:
    shown(page, tmp_path, to_html([plan_report(HANDOVER)]), PHONE)
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = [told(node, "role") for node in tree if not node["ignored"]]

    assert roles.count("row") == 1 + len(HANDOVER.changes)
    assert roles.count("rowheader") == len(HANDOVER.changes)


def test_the_keyboard_reaches_links_and_folded_parts_and_shows_where_it_is(page: Chrome, tmp_path: Path) -> None:
    shown(page, tmp_path, to_html([plan_report(HANDOVER)], SOURCES))
    places = page.find_elements(By.CSS_SELECTOR, "a, summary")
    reached = []
    for place in places:
        page.execute_script("arguments[0].focus({focusVisible: true})", place)
        reached.append(page.execute_script("return document.activeElement === arguments[0]", place))

    assert len(places) == 1 + len(HANDOVER.changes) + 2
    assert all(reached)
    assert page.execute_script("return getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_on_paper_it_is_black_on_white(page: Chrome, tmp_path: Path) -> None:
    shown(page, tmp_path, to_html([plan_report(HANDOVER)]), scheme="dark")
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    colours = page.execute_script(
        "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]"
    )

    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize(
    ("name", "width", "height", "scheme"), [("plan", LAPTOP, 1360, "light"), ("plan-on-a-phone", PHONE, 900, "dark")]
)
def test_the_pictures_in_the_documents_show_it(
    page: Chrome, tmp_path: Path, name: str, width: int, height: int, scheme: str
) -> None:
    html = to_html([plan_report(HANDOVER)], Sources(base="https://github.com/example/netsuite/blob/main"))
    shown(page, tmp_path, html, width, scheme)
    resized(page, width, height)

    kept(page, name)
