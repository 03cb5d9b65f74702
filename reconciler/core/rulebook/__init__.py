"""What every rule means, why it matters and what to do: findings, errors, guards, reasons and checks by their names.

A rule of the code without an entry here, and an entry that nothing tells, fail tests/core/test_rulebook.py.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final

from reconciler.core.rulebook.account import ACCOUNT
from reconciler.core.rulebook.causes import CAUSES
from reconciler.core.rulebook.decisions import DECISIONS
from reconciler.core.rulebook.doctor import DOCTOR
from reconciler.core.rulebook.entry import Entry
from reconciler.core.rulebook.errors import ERRORS
from reconciler.core.rulebook.files import FILES
from reconciler.core.rulebook.forge import FORGE
from reconciler.core.rulebook.guards import GUARDS
from reconciler.core.rulebook.meaning import MEANING
from reconciler.core.rulebook.reasons import REASONS
from reconciler.core.rulebook.review import REVIEW
from reconciler.core.rulebook.tokens import TOKENS
from reconciler.core.rulebook.values import VALUES

__all__ = ["ENTRIES", "KINDS", "Entry", "find", "kind_of"]

KINDS: Final[Mapping[str, tuple[Entry, ...]]] = MappingProxyType(
    {
        "Files": FILES,
        "Keys and values": VALUES,
        "Contradictions": MEANING,
        "People, roles and applications": ACCOUNT,
        "Tokens and logins": TOKENS,
        "Guards": GUARDS,
        "Access review": (*REVIEW, *DECISIONS),
        "Doctor": DOCTOR,
        "Why a login does not work": CAUSES,
        "Pull requests and pipelines": FORGE,
        "Errors": ERRORS,
        "Reasons for a change": REASONS,
    }
)
"""By the heading of their kind, in the order in which somebody meets them."""
ENTRIES: Final[Mapping[str, Entry]] = MappingProxyType(
    {entry.name: entry for entries in KINDS.values() for entry in entries}
)


def find(name: str) -> Entry | None:
    """The entry of a rule, also of one that a pattern stands for; None when there is none."""
    return ENTRIES.get(name) or next(
        (entry for pattern, entry in ENTRIES.items() if "*" in pattern and fnmatchcase(name, pattern)), None
    )


def kind_of(entry: Entry) -> str:
    """The heading that it stands under."""
    return next(kind for kind, entries in KINDS.items() if entry in entries)
