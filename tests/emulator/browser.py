"""A person at the emulator's pages, without a browser: reads labels and headings, follows links, fills in forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin

import requests

from tests.emulator.clients import ACCOUNT, Emulator

EMPTY = {"meta", "link", "input", "br", "hr", "img"}


@dataclass(eq=False)
class Node:
    tag: str
    attributes: dict[str, str]
    parent: "Node | None" = None
    parts: list["Node | str"] = field(default_factory=list)

    def all(self, *tags: str) -> list["Node"]:
        found = []
        for part in self.parts:
            if isinstance(part, Node):
                found += [part] if part.tag in tags else []
                found += part.all(*tags)
        return found

    @property
    def text(self) -> str:
        inner = (part.text if isinstance(part, Node) else part for part in self.parts)
        return " ".join("".join(inner).split())

    def above(self, tag: str) -> "Node | None":
        node = self.parent
        while node is not None and node.tag != tag:
            node = node.parent
        return node

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


class _Tree(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self._at = Node("", {})
        self.feed(text)
        self.close()
        assert self._at is self.root, f"<{self._at.tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.parts.append(node)
        if tag not in EMPTY:
            self._at = node

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._at.tag, f"</{tag}> closes <{self._at.tag}>"
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.parts.append(data)


class Browser:
    """One person with cookies of their own; every answer is read as a page."""

    def __init__(self, emulator: Emulator, account: str = ACCOUNT) -> None:
        self.base = f"{emulator.url}/{account}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.answer = requests.Response()
        self.page = Node("", {})
        self._filled: dict[Node, str] = {}

    def close(self) -> None:
        self.session.close()

    def open(self, path: str) -> Self:
        return self._shown(self.session.get(urljoin(self.base + "/", path.lstrip("/")), timeout=10))

    def log_in(self, person: str = "Lee Wong - Administrator") -> Self:
        return self.open("/app/login/secure/login.nl").press(person)

    def _shown(self, answer: requests.Response) -> Self:
        self.answer = answer
        self.page = _Tree(answer.text).root
        self._filled = {}
        return self

    @property
    def heading(self) -> str:
        return self.page.all("h1")[0].text

    @property
    def text(self) -> str:
        return self.page.all("main")[0].text

    @property
    def message(self) -> str:
        return " ".join(node.text for node in self.page.all("p") if "message" in node["class"].split())

    def rows(self, table: int = 0) -> list[list[str]]:
        return [[cell.text for cell in row.all("td", "th")] for row in self.page.all("table")[table].all("tr")]

    def values(self) -> dict[str, str]:
        return {each.all("dt")[0].text: each.all("dd")[0].text for each in self.page.all("div") if each.all("dt")}

    def links(self) -> list[str]:
        return [node.text for node in self.page.all("a")]

    def click(self, text: str, beside: str = "") -> Self:
        found = [node for node in self.page.all("a") if node.text == text and _is_beside(node, beside)]
        assert found, f"no link {text!r} beside {beside!r}: {self.links()}"
        return self._shown(self.session.get(urljoin(self.answer.url, found[0]["href"]), timeout=10))

    def field(self, label: str) -> Node:
        (found,) = [node for node in self.page.all("label") if node.text == label]
        inner = found.all("input")
        if inner:
            return inner[0]
        (named,) = [node for node in self.page.all("input", "select", "textarea") if node["id"] == found["for"]]
        return named

    def fill(self, label: str, value: str) -> Self:
        self._filled[self.field(label)] = value
        return self

    def choose(self, label: str, option: str) -> Self:
        select = self.field(label)
        (found,) = [node for node in select.all("option") if node.text == option]
        self._filled[select] = found.attributes.get("value", found.text)
        return self

    def tick(self, label: str) -> Self:
        self._filled[self.field(label)] = "ticked"
        return self

    def clear(self, label: str) -> Self:
        self._filled[self.field(label)] = ""
        return self

    def press(self, text: str, beside: str = "", **headers: str) -> Self:
        buttons = [node for node in self.page.all("button") if node.text == text and _is_beside(node, beside)]
        assert buttons, f"no button {text!r}: {[node.text for node in self.page.all('button')]}"
        form = buttons[0].above("form")
        assert form is not None
        pairs = self._entries(form)
        if buttons[0]["name"]:
            pairs.append((buttons[0]["name"], buttons[0]["value"]))
        target = urljoin(self.answer.url, buttons[0]["formaction"] or form["action"] or self.answer.url)
        if form["method"] == "post":
            return self._shown(self.session.post(target, pairs, headers=headers, timeout=10))
        target = target.split("?")[0]
        return self._shown(self.session.get(target, params=pairs, headers=headers, timeout=10))

    def _entries(self, form: Node) -> list[tuple[str, str]]:
        pairs = []
        for node in form.all("input", "select", "textarea"):
            value = self._filled.get(node)
            if node["type"] == "checkbox":
                is_ticked = "checked" in node.attributes if value is None else bool(value)
                pairs += [(node["name"], node["value"])] if is_ticked else []
            elif node["name"]:
                pairs.append((node["name"], _value(node) if value is None else value))
        return pairs


def _value(node: Node) -> str:
    if node.tag == "textarea":
        return node.text
    if node.tag == "input":
        return node["value"]
    options = node.all("option")
    selected = next((option for option in options if "selected" in option.attributes), options[0])
    return selected.attributes.get("value", selected.text)


def _is_beside(node: Node, text: str) -> bool:
    if not text:
        return True
    row = node.above("tr") or node.above("li")
    return row is not None and text in row.text
