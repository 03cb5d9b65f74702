"""Reads the instructions of a plan the way a person does: which word is clicked, which field gets which value.

Nothing is guessed: a line that cannot be read word for word is an error, so that an instruction whose words do not
lead through the pages cannot pass.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

# Sentences that tell a person something and ask for nothing.
REMARKS = (
    re.compile(r"from here on everything is posted as \S+"),
    re.compile(r"secret lost\? Create another token with the same Application, User and Role and with Token Name: .+"),
    re.compile(r"the way back: .+"),
    re.compile(r"to undo it, clear the box"),
    re.compile(r"this is final, the row stays for audit"),
    re.compile(r"roles stay listed"),
)
MENUS = ("Setup", "Lists", "app.farapp.com")
SHOWN_ONCE = "Save, and keep the page open: Token ID and Token Secret are shown this once, and the next step needs them"
FROM_THAT_PAGE = "NetSuite Token ID and NetSuite Token Secret: from the page on which the token was created"
REFRESH = re.compile(r"Refresh: (blocked records|inactive people) are hidden")
FOR_A_LINK = "tick Send New Access Notification Email for a link to set a password"
BUTTONS = frozenset({"Save", "Add", "Remove", "Refresh", "Revoke", "Save and Test Connection", "New Access Token"})
TABS = frozenset({"Access", "Roles", "Edit"})


@dataclass(frozen=True)
class Menu:
    """Walk through the menu to a page."""

    path: tuple[str, ...]


@dataclass(frozen=True)
class Click:
    """Click what bears exactly this word: a link, a tab or a button."""

    word: str


@dataclass(frozen=True)
class ClickBeside:
    """Click a word in the row of a list that holds all of these texts."""

    word: str
    row: tuple[str, ...]


@dataclass(frozen=True)
class Fill:
    """Give a field this value: type it, or choose it where the field is a list."""

    label: str
    value: str


@dataclass(frozen=True)
class Tick:
    label: str
    on: bool


@dataclass(frozen=True)
class KeepSecret:
    """Read the Token ID and the Token Secret, which are shown this once."""


@dataclass(frozen=True)
class EnterSecret:
    """Type what was kept into NetSuite Token ID and NetSuite Token Secret."""


Action = Menu | Click | ClickBeside | Fill | Tick | KeepSecret | EnterSecret


def read(line: str) -> list[Action]:
    """What one line asks a person to do, in order; nothing for a remark.

    Raises:
        ValueError: a part of the line says nothing that a person could do or should know.
    """
    if _is_remark(line):
        return []
    if line == SHOWN_ONCE:
        return [Click("Save"), KeepSecret()]
    if line == FROM_THAT_PAGE:
        return [EnterSecret()]
    # Values are free text, so a line that only fills a field is taken whole.
    if whole := re.fullmatch(r"(Application Name|User|Role|Token Name|NetSuite Account ID): (.+)", line):
        return [Fill(*whole.groups())]
    actions: list[Action] = []
    for part in _outside_quotes(line, "; "):
        if not _is_remark(part):
            actions += _path(part)
    return actions


def _is_remark(text: str) -> bool:
    return any(remark.fullmatch(text) for remark in REMARKS)


def _path(part: str) -> list[Action]:
    words = [word for place in _outside_quotes(part, " > ") for word in _outside_quotes(place, ", ")]
    menu = tuple(takewhile(_is_place, words)) if words[0] in MENUS else ()
    actions = [action for word in words[len(menu) :] for action in _word(word)]
    return [Menu(menu), *actions] if menu else actions


def _is_place(word: str) -> bool:
    return not (word in BUTTONS | TABS or word.startswith(("Edit beside ", "tick ", "clear ", "Filters: ")))


def _word(word: str) -> list[Action]:
    if word in BUTTONS | TABS:
        return [Click(word)]
    if REFRESH.fullmatch(word):
        return [Click("Refresh")]
    if word == FOR_A_LINK:
        return [Tick("Send New Access Notification Email", on=True)]
    if found := re.fullmatch(r"Edit beside (.+)", word):
        return [ClickBeside("Edit", _in_row(found[1]))]
    if found := re.fullmatch(r"(tick|clear the box) ([A-Z][A-Za-z ]+)", word):
        return [Tick(found[2], on=found[1] == "tick")]
    if found := re.fullmatch(r"Filters: ([A-Z][a-z]+) = (.+)", word):
        return [Fill(*found.groups())]
    if found := re.fullmatch(r"Roles: click (.+)", word):
        return [Click("Roles"), Click(found[1])]
    if found := re.fullmatch(r"(Role|State): (.+)", word):
        return [Fill(*found.groups())]
    if re.fullmatch(r"[A-Z][\w ]+", word):
        return [Click(word)]  # the name of a record in the list that is open
    raise ValueError(f"no person could carry out: {word!r}")


def _in_row(text: str) -> tuple[str, ...]:
    """`"token name" (owner)` or `Name (e-mail)`: what the row has to show."""
    if quoted := re.fullmatch(r'"(.+)" \((.+)\)', text):
        return quoted.groups()
    if named := re.fullmatch(r"(.+) \((\S+@\S+)\)", text):
        return named.groups()
    return (text,)


def _outside_quotes(text: str, separator: str) -> list[str]:
    parts = [""]
    is_quoted = False
    position = 0
    while position < len(text):
        if not is_quoted and text.startswith(separator, position):
            parts.append("")
            position += len(separator)
            continue
        is_quoted ^= text[position] == '"'
        parts[-1] += text[position]
        position += 1
    return parts
