"""One line of a diagnosis."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The value is the word in the list; LOOK is for what works and still deserves a look."""

    OK = "ok"
    LOOK = "look"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Section(StrEnum):
    """The value is the heading."""

    ACCOUNT = "Account"
    LOGIN = "Logins"
    TRAIL = "Login audit trail"
    PERMISSIONS = "What login may see"
    READ_ONLY = "Whether login can write"
    WRITING = "What apply_login may write"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at (`rule`), how it stands, and what to do; live names are not escaped yet."""

    section: Section
    rule: str
    verdict: Verdict
    text: str
    todo: tuple[str, ...] = ()
