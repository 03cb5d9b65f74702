"""What a safeguard is: a piece of code, and what stands in its place when it is taken out."""

from dataclasses import dataclass
from typing import Final

CORE: Final = "reconciler/core/"
NETSUITE: Final = "reconciler/netsuite/"
STORE: Final = "reconciler/store/"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """`text` stands once in `file`; with `without` in its place the safeguard is gone."""

    file: str
    text: str
    without: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.file.removeprefix('reconciler/')}: {' '.join(self.text.split())}"


def safeguards_of(file: str, tests: tuple[str, ...], *pairs: tuple[str, str]) -> tuple[Safeguard, ...]:
    """Those of one file, each a piece of its code and what to put in its place; the same tests notice all of them."""
    return tuple(Safeguard(file, text, without, tests) for text, without in pairs)
