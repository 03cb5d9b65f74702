"""The list of behaviours: as text for a terminal or a pipe, in figures, and as JSON."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from reconciler.emulator.behaviours import AREAS, BEHAVIOURS, Behaviour, Known, Switches, UnknownBehaviourError

WIDTH: Final = 80
INDENT: Final = "    "
ASSUMED: Final = frozenset({Known.LIKELY, Known.UNKNOWN})
_WORDS: Final[Mapping[Known, str]] = {Known.CONFIRMED: "known"}  # the others are called as they are
_COLUMNS: Final = ("known", "likely", "unknown", "own", "switch")
_AREA_WIDTH: Final = 40
_CELL_WIDTH: Final = 8


def chosen(names: Sequence[str] = (), *, only_assumed: bool = False) -> list[Behaviour]:
    """The behaviours of these names or patterns, all where none is given.

    Raises:
        UnknownBehaviourError: a name or pattern that fits none.
    """
    for pattern in names:
        if not any(fnmatchcase(each.name, pattern) for each in BEHAVIOURS):
            raise UnknownBehaviourError(f"There is no behaviour {pattern!r}. `behaviours` without a name lists all.")
    return [
        each
        for each in BEHAVIOURS
        if (not names or any(fnmatchcase(each.name, pattern) for pattern in names))
        and (not only_assumed or each.known in ASSUMED)
    ]


def as_json(behaviours: Sequence[Behaviour]) -> str:
    """What the back door lists, at the defaults."""
    names = {each.name for each in behaviours}
    return json.dumps([row for row in Switches().listing() if row["name"] in names], indent=2) + "\n"


def listing(behaviours: Sequence[Behaviour]) -> str:
    """Every behaviour with its sentence and sources, by area, within 80 columns but for addresses."""
    sections = []
    for area, those in _by_area(behaviours):
        entries = ("\n".join(_entry(each)) for each in those)
        sections += [f"{area}\n{'=' * len(area)}", *entries]
    return "\n\n".join([*sections, totals(behaviours)]) + "\n"


def summary(behaviours: Sequence[Behaviour]) -> str:
    """How many there are of each kind, by area."""
    rows = [
        ("", _COLUMNS),
        *((area, (*_numbers(those).values(), _switches(those))) for area, those in _by_area(behaviours)),
    ]
    lines = (f"{area:{_AREA_WIDTH}}" + "".join(f"{cell:>{_CELL_WIDTH}}" for cell in cells) for area, cells in rows)
    return "\n".join([*lines, "", totals(behaviours)]) + "\n"


def totals(behaviours: Sequence[Behaviour]) -> str:
    number = _numbers(behaviours)
    likely, unknown = number[Known.LIKELY], number[Known.UNKNOWN]
    one_or_more = "behaviour" if len(behaviours) == 1 else "behaviours"
    return (
        f"{len(behaviours)} {one_or_more}: {number[Known.CONFIRMED]} confirmed, "
        f"{likely + unknown} assumed ({likely} likely, {unknown} unknown),\n"
        f"{number[Known.OWN]} the emulator's own choice; {_switches(behaviours)} of them can be switched."
    )


def _by_area(behaviours: Sequence[Behaviour]) -> Iterator[tuple[str, list[Behaviour]]]:
    for area, those in AREAS.items():
        shown = [each for each in those if each in behaviours]
        if shown:
            yield area, shown


def _numbers(behaviours: Sequence[Behaviour]) -> dict[Known, int]:
    return {known: sum(each.known is known for each in behaviours) for known in Known}


def _switches(behaviours: Sequence[Behaviour]) -> int:
    return sum(bool(each.values) for each in behaviours)


def _entry(behaviour: Behaviour) -> Iterator[str]:
    yield f"{behaviour.name}: {_WORDS.get(behaviour.known, behaviour.known.value)}"
    yield _wrapped(behaviour.text)
    if behaviour.values:
        yield _wrapped(f"= {behaviour.default}  ({' | '.join(behaviour.values)})")
    for source in behaviour.sources:
        yield _wrapped(source)


def _wrapped(text: str) -> str:
    # An address stays in one piece, however long: it is there to be opened.
    return textwrap.fill(
        text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False
    )
