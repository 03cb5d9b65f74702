"""The list of behaviours as text for a terminal or a pipe, and as JSON."""

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


def catalogue(names: Sequence[str] = (), *, only_assumed: bool = False, as_json: bool = False) -> str:
    """The behaviours of these names or patterns, all where none is given.

    Raises:
        UnknownBehaviourError: a name or pattern that fits none.
    """
    for pattern in names:
        if not any(fnmatchcase(each.name, pattern) for each in BEHAVIOURS):
            raise UnknownBehaviourError(f"There is no behaviour {pattern!r}. `behaviours` without a name lists all.")
    chosen = {
        each.name: each
        for each in BEHAVIOURS
        if (not names or any(fnmatchcase(each.name, pattern) for pattern in names))
        and (not only_assumed or each.known in ASSUMED)
    }
    if as_json:
        rows = [row for row in Switches().listing() if row["name"] in chosen]
        return json.dumps(rows, indent=2) + "\n"
    return "\n".join((*_sections(chosen), summary(tuple(chosen.values())), ""))


def summary(behaviours: Sequence[Behaviour]) -> str:
    """How many there are, how sure they are, and how many are switches."""
    number = {known: sum(each.known is known for each in behaviours) for known in Known}
    assumed = f"{number[Known.LIKELY] + number[Known.UNKNOWN]} assumed"
    kinds = f"{assumed} ({number[Known.LIKELY]} likely, {number[Known.UNKNOWN]} unknown)"
    switches = sum(bool(each.values) for each in behaviours)
    return (
        f"{len(behaviours)} behaviours: {number[Known.CONFIRMED]} confirmed, {kinds},\n"
        f"{number[Known.OWN]} the emulator's own choice; {switches} of them are switches."
    )


def _sections(chosen: Mapping[str, Behaviour]) -> Iterator[str]:
    for area, behaviours in AREAS.items():
        shown = [each for each in behaviours if each.name in chosen]
        if shown:
            yield f"{area}\n{'=' * len(area)}\n"
        for behaviour in shown:
            yield "\n".join((*_entry(behaviour), ""))


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
