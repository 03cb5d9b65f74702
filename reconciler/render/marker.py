"""The line by which a comment on a forge is found again, so that each environment has one that is edited in place."""

import hashlib
import re
from typing import Final
from urllib.parse import quote, unquote

_KIND: Final = "reconciler"
_LONGEST: Final = 1000
_MARK: Final = re.compile(rf"<!-- {_KIND}: ([^\s<>]*) -->")


def marker(environment: str) -> str:
    """An HTML comment that shows nothing; the last line of what `to_markdown` makes of one environment.

    Whatever the name is, nothing in it ends the comment; one that no file could have stands there as its checksum.
    """
    name = quote(environment, safe="", errors="backslashreplace").replace("--", "-%2D")
    if len(name) > _LONGEST:
        name = hashlib.sha256(name.encode()).hexdigest()
    return f"<!-- {_KIND}: {name} -->"


def is_marked(text: str, environment: str) -> bool:
    """True for a comment of this environment: its last line is the marker, bare, not quoted in an answer."""
    return _last_line(text) == marker(environment)


def marked_for(text: str) -> str | None:
    """The environment whose comment this is; None for a text without a marker as its last line."""
    found = _MARK.fullmatch(_last_line(text))
    return unquote(found[1]) if found else None


def _last_line(text: str) -> str:
    lines = text.rstrip().splitlines()
    return lines[-1].rstrip() if lines else ""
