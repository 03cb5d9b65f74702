"""What one behaviour of the emulator is, and how sure we are of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Known(StrEnum):
    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    OWN = "own choice"  # about the emulator itself, not about NetSuite


NUMBER: Final = "NUMBER"  # stands in `values` for any whole number that is not negative
TEXT: Final = "TEXT"  # stands in `values` for any text


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that the emulator does; one with `values` is a switch and can be set to do it otherwise."""

    name: str
    text: str
    known: Known  # how sure we are of it, of a switch: of its default
    sources: tuple[str, ...]  # a page's address, or in words where it was seen
    default: str = ""
    values: tuple[str, ...] = ()

    def accepts(self, value: str) -> bool:
        is_number = value.isascii() and value.isdigit()
        return value in self.values or (NUMBER in self.values and is_number) or (TEXT in self.values and value != "")
