"""Long lists, one page at a time."""

from dataclasses import dataclass
from typing import Final

from reconciler.emulator.pages.visit import Fields

SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class PageOfList:
    """Which page of a list is shown, of how many."""

    number: int
    total: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * SIZE

    @property
    def last(self) -> int:
        return max((self.total + SIZE - 1) // SIZE, 1)

    @property
    def first_row(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        return min(self.offset + SIZE, self.total)


def page_of(query: Fields, total: int) -> PageOfList:
    """The page that the query names; one behind the end is the last."""
    wanted = PageOfList(query.at_least("page", 1), total)
    return PageOfList(min(wanted.number, wanted.last), total)
