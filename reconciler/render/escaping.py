"""The one place where data becomes safe to show.

Every text is made visible (`safe`) before lines are made of it; then each medium has its own escape: `markdown` and
`markdown_code`, `workflow_data` and `workflow_property` for GitHub's annotations, `log_line` for whatever a CI log
may read. HTML is escaped by the templates (render/pages.py), JSON and SARIF by the JSON encoder.
"""

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from operator import is_
from typing import Any, Final, TypeVar, cast

from reconciler.core.visible import visible

Data = TypeVar("Data")


def safe(data: Data) -> Data:
    """The same data with every text in it made visible, also in tuples and dataclasses; other values stay."""
    return cast("Data", _safe(data))


def _safe(data: Any) -> Any:
    """The very same object where nothing in it had to change, as in nearly all of a large plan."""
    if isinstance(data, Enum):
        return data
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, tuple):
        items = tuple(map(_safe, data))
        return data if all(map(is_, items, data)) else items
    kind: Any = type(data)
    if names := _fields_of(kind):
        values = {name: getattr(data, name) for name in names}
        changed = {name: new for name, value in values.items() if (new := _safe(value)) is not value}
        return replace(data, **changed) if changed else data
    return data


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none for anything else."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


# Every ASCII punctuation may stand behind a backslash in CommonMark; these are the ones that mean something inside a
# line, a table cell (GitHub Flavored Markdown) or a formula. Entities serve where HTML would read the letter as well.
_MARKS: Final = re.compile(r"[\\`*_\[\]|~$]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;"}
_ENTITY: Final = re.compile(r"[&<]")
_BREAK: Final = "<!-- -->"
"""Shows nothing, is not copied, and keeps what stands around it from being read as one word."""
# What the parsers of Markdown themselves turn into links, each to be broken behind what this finds.
_ADDRESS: Final = r":(?=//)|\bwww(?=\.)|\b(?:mailto|xmpp)(?=:)"
_ADDRESSED: Final = re.compile(_ADDRESS, re.IGNORECASE)
# Also what forges turn into links or notifications: @name (not the @ of an e-mail address), #1, !1, $1, %1, &1, ~label,
# GH-1. They look for it where no element `code` is around
# (https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/banzai/filter/references/reference_filter.rb,
# https://github.com/gjtorikian/html-pipeline).
_LINKED: Final = re.compile(rf"(?<![A-Za-z0-9])@|[#!$%&~](?=\w)|\bGH(?=-\d)|{_ADDRESS}", re.IGNORECASE)
# Headings, quotations, list items, underlines of headings, and the quick actions of GitLab.
_AT_THE_START: Final = re.compile(r"^(\s*)(?:([-+=#/>])|(\d+)([.)]))")


def markdown(text: str) -> str:
    """The text as plain words inside a line, a list item or a table cell of Markdown, GitHub's and GitLab's.

    Nothing in it becomes markup, a link, a mention or a reference to an issue. Line breaks have to be visible already.
    """
    return _plain(text, _LINKED)


def markdown_code(text: str) -> str:
    """The text as something to copy; an element, for a code span cannot hold every text, and less so in a table.

    In it stands nothing that is not needed there, for people copy it out of the Markdown as well.
    """
    return f"<code>{_plain(text, _ADDRESSED)}</code>" if text else ""


def _plain(text: str, linked: re.Pattern[str]) -> str:
    pieces: list[str] = []
    last = 0
    for found in linked.finditer(text):
        pieces += [_marked(text[last : found.end()]), _BREAK]
        last = found.end()
    # Four spaces would make code of it; how many there are nobody sees.
    return _AT_THE_START.sub(_not_a_block, re.sub(r"^ +", " ", "".join([*pieces, _marked(text[last:])])))


def _marked(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], _MARKS.sub(r"\\\g<0>", text))


def _not_a_block(found: re.Match[str]) -> str:
    space, mark, number, behind = found.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{behind}"


def workflow_data(text: str) -> str:
    """The message of a GitHub workflow command, which ends at the end of its line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """The value of a property of a GitHub workflow command, which ends at a comma or a colon."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


_COMMAND: Final = re.compile(r"^(\s*):(?=:)|##(?=\w*\[)")


def log_line(line: str) -> str:
    """A line that no CI takes for a command: `::name::` at its start, or `##[name]` and `##vso[name]` anywhere."""
    return _COMMAND.sub(lambda found: "#\\#" if found[0] == "##" else f"{found[1]}\\:", line)
