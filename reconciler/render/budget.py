"""Fitting many items into few characters: whole items only, the important ones first, and a count of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text that can be shortened.

    Args:
        head: what stands before its items.
        items: each with its rank; the lowest ranks stay longest.
        tail: what stands behind its items.
        rest: how to say that so many are hidden: a text with one `{}`.
    """

    head: str
    items: Sequence[tuple[int, str]]
    tail: str = ""
    rest: str = "\n… and {} more.\n"

    @property
    def whole(self) -> str:
        return "".join([self.head, *(text for _, text in self.items), self.tail]) if self.items else ""

    def within(self, room: int) -> str:
        """The block in at most so many characters; nothing at all where not even its head has room."""
        whole = self.whole
        if len(whole) <= room:
            return whole
        left = room - len(self.head) - len(self.tail) - len(self.rest) - len(str(len(self.items)))
        if left < 0:
            return ""
        kept = _chosen([(rank, len(text)) for rank, text in self.items], left)
        items = (text for index, (_, text) in enumerate(self.items) if index in kept)
        return "".join([self.head, *items, self.tail, self.rest.format(len(self.items) - len(kept))])


def _chosen(items: Sequence[tuple[int, int]], room: int) -> set[int]:
    """Which items stay, by rank and then by place; one that is too long does not keep shorter ones out."""
    kept: set[int] = set()
    for index in sorted(range(len(items)), key=lambda index: (items[index][0], index)):
        length = items[index][1]
        if length <= room:
            kept.add(index)
            room -= length
    return kept


def shares(wanted: Sequence[int], room: int) -> list[int]:
    """How much of the room each gets: what it wants where all fit, else no more than what is fair to the others."""
    given = [0] * len(wanted)
    left = len(wanted)
    for index in sorted(range(len(wanted)), key=lambda index: wanted[index]):
        given[index] = min(wanted[index], room // left)
        room -= given[index]
        left -= 1
    return given
