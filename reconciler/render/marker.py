"""The line by which a comment on a forge is found again, so that each environment has one that is edited in place."""

import hashlib
from typing import Final
from urllib.parse import quote

_KIND: Final = "reconciler"
_LONGEST: Final = 1000


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
    lines = text.rstrip().splitlines()
    return bool(lines) and lines[-1].rstrip() == marker(environment)
