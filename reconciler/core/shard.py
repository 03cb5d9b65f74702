"""A part of what there is, so that several jobs do the whole between them (design.md 7)."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reconciler.core.errors import UsageError

Item = TypeVar("Item")
_FORM = re.compile(r"([0-9]{1,5})/([0-9]{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th of `of` parts, counted from 1."""

    number: int
    of: int

    @staticmethod
    def parsed(text: str) -> "Shard":
        """A shard as it is written on the command line: `3/16`.

        Raises:
            UsageError: it is not written like that, or there is no such part.
        """
        found = _FORM.fullmatch(text)
        number, of = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= number <= of:
            raise UsageError(f"--shard {text!r} names no part.", hint="write it like 3/16: the third of sixteen parts")
        return Shard(number, of)

    def part(self, items: Sequence[Item], together: Callable[[Item], Hashable]) -> list[Item]:
        """What falls to this shard: the parts differ by one group at most, and nothing is in two or in none.

        Args:
            items: all of them, in an order that is the same for every shard.
            together: items for which this is equal fall into the same part, so that what limits them holds.
        """
        numbers: dict[Hashable, int] = {}
        for item in items:
            numbers.setdefault(together(item), len(numbers))
        return [item for item in items if numbers[together(item)] % self.of == self.number - 1]
