"""Two who write the roles of one person at once: what became of each one's change.

Roles are written as a complete set (netsuite.md 5.5), so a write takes back what somebody else changed between the read
before it and the moment it is carried out. NetSuite tells nothing of that; it shows only in what was seen in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Roles = frozenset[str]


@dataclass(frozen=True, slots=True)
class Undone:
    """Somebody else's change that a write has taken back: roles they had granted, and roles they had removed.

    `perhaps_removed` are roles that one look only did not show: nobody documents that a reader cannot see a record
    while it is being written, and nothing is taken away on that.
    """

    granted: Roles = frozenset()
    removed: Roles = frozenset()
    perhaps_removed: Roles = frozenset()

    def __bool__(self) -> bool:
        return bool(self.roles)

    @property
    def roles(self) -> Roles:
        return self.granted | self.removed | self.perhaps_removed

    def restored(self, found: Roles) -> Roles:
        """The set with their change in it again."""
        return (found | self.granted) - self.removed


def is_in(found: Roles, before: Roles, wanted: Roles) -> bool:
    """Whether the change from `before` to `wanted` is in `found`, whatever else is."""
    return wanted - before <= found and not found & (before - wanted)


def undone(before: Roles, wanted: Roles, seen: Iterable[Roles], found: Roles) -> Undone:
    """What the write from `before` to `wanted` took back.

    Args:
        before: the set that was read before the write.
        wanted: the set that was written.
        seen: the sets that were seen while the write was under way, in that order.
        found: the set that was read after it, with the write in it.
    """
    earlier, theirs = [before, before, *(each for each in seen if not is_in(each, before, wanted))][-2:]
    gone = (before - theirs) & found
    return Undone(theirs - before - found, gone - earlier, gone & earlier)
