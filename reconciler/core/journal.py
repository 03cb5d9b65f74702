"""The journal of applied changes: what was done, by whom, on whose approval; a chain that shows what is missing."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from reconciler.core.asked import Asked, Seen
from reconciler.core.desired import DesiredState, declared
from reconciler.core.ending import Ending
from reconciler.core.guards import DECLARES_LESS, much_is_gone
from reconciler.core.outcome import Outcome, StepResult
from reconciler.core.plan import Plan
from reconciler.core.step import Step

FORMAT_VERSION: Final = "1.0"
NOTHING_BEFORE: Final = "sha256:" + "0" * 64
"""Stands for the line before the first one."""


class Event(StrEnum):
    BEGIN = "begin"
    STEP = "step"
    """Written before a step is carried out."""
    RESULT = "result"
    """Written after it."""
    SEEN = "seen"
    """What a fresh read showed of a step that a person or time does, where that is news."""
    END = "end"
    RESET = "reset"
    """The emulator's account began anew: what was applied before is not in it. A run of its own, without a plan."""


@dataclass(frozen=True, slots=True)
class Run:
    """One apply: who, where, on which commit and on the approval of which plan."""

    id: str
    environment: str
    account: str
    emulator: bool
    who: str
    where: str
    commit: str | None
    digest: str
    overrides: Mapping[str, str]
    declared: tuple[str, ...] = ()
    """What the file is about (`core.desired.declared`), sorted."""
    only: tuple[str, ...] = ()
    """The globs that selected a part of the plan; none where it was the whole."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `number` counts from 1; `previous` and `hash` are `sha256:` and 64 hexadecimal digits.

    `outcome` is that of a step, or at the end of a run the word for how it ended.
    """

    number: int
    at: datetime
    event: Event
    run: Run
    step: str | None = None
    kind: str | None = None
    address: str | None = None
    summary: str | None = None
    outcome: str | None = None
    message: str = ""
    previous: str = NOTHING_BEFORE
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """A line that is not as it was written, or does not follow the one before it; `line` counts from 1 in `file`."""

    file: str
    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an apply needs to know of earlier ones: what was declared, and by id the steps that were told to wait."""

    declared: frozenset[str] = frozenset()
    waiting: Mapping[str, Asked] = field(default_factory=dict)


def remembered(entries: Sequence[Entry]) -> Remembered:
    """What the entries of a journal, oldest first, say to the next apply."""
    waiting: dict[str, Asked] = {}
    for entry in entries:
        if entry.event is Event.RESET:
            waiting.clear()
        if entry.event is Event.SEEN:
            step = Asked(entry.step or "", entry.kind or "", entry.address or "", entry.summary or "")
            waiting.pop(step.id, None)
            if entry.outcome == Outcome.WAITING:
                waiting[step.id] = step
    return Remembered(frozenset(entries[-1].run.declared) if entries else frozenset(), waiting)


def reset(run: Run, at: datetime) -> Entry:
    return Entry(0, at, Event.RESET, run)


def declared_since(
    before: frozenset[str], desired: DesiredState, plan: Plan, overrides: Collection[str]
) -> tuple[str, ...]:
    """What the next apply compares its file with, sorted.

    That is what this file declares. All that was declared before counts as well where only a part of the plan is
    applied, or the file is much smaller and nobody overrides the guard: neither says that the smaller file is meant.
    """
    is_doubtful = plan.only or (much_is_gone(before, desired) and DECLARES_LESS not in overrides)
    return tuple(sorted(declared(desired) | (before if is_doubtful else frozenset())))


def begun(run: Run, at: datetime) -> Entry:
    return Entry(0, at, Event.BEGIN, run)


def about_to(run: Run, step: Step, at: datetime) -> Entry:
    return Entry(0, at, Event.STEP, run, step.id, step.kind, step.address, step.summary)


def came_of(run: Run, result: StepResult, at: datetime) -> Entry:
    step = result.step
    return Entry(
        0, at, Event.RESULT, run, step.id, step.kind, step.address, step.summary, result.outcome, result.message
    )


def seen(run: Run, news: Seen, at: datetime) -> Entry:
    step = news.step
    return Entry(0, at, Event.SEEN, run, step.id, step.kind, step.address, step.summary, news.outcome, news.message)


def ended(run: Run, ending: Ending | Outcome, message: str, at: datetime) -> Entry:
    return Entry(0, at, Event.END, run, outcome=ending, message=message)


def chained(entry: Entry, last: Entry | None) -> Entry:
    """The entry as the one after `last`."""
    number, previous = (last.number + 1, last.hash) if last else (1, NOTHING_BEFORE)
    placed = replace(entry, number=number, previous=previous, hash="")
    return replace(placed, hash=_checksum(_document(placed)))


def line_of(entry: Entry) -> str:
    """One line of JSON, without its end."""
    return json.dumps(_document(entry) | {"hash": entry.hash}, separators=(",", ":"))


def entry_of(line: str) -> Entry:
    """The entry that a line holds.

    Raises:
        ValueError: it is no such line, or it was changed since it was written.
    """
    try:
        document = json.loads(line)
        told = document.pop("hash")
        if not isinstance(told, str) or _checksum(document) != told:
            raise ValueError("it is not what was written: its checksum does not fit")
        document.pop("format_version")
        at, event = datetime.fromisoformat(document.pop("at")), Event(document.pop("event"))
        run = document.pop("run")
        run |= {key: tuple(run.get(key, ())) for key in ("declared", "only")}
        return Entry(at=at, event=event, run=Run(**run), hash=told, **document)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("it is no line of a journal") from error


def read_lines(lines: Iterable[tuple[str, int, str]]) -> tuple[tuple[Entry, ...], tuple[Damage, ...]]:
    """All entries that can be read, and what is wrong with the others; one bad line never hides the rest.

    Args:
        lines: the lines in the order they were written, each with its file and its number in there.
    """
    entries: list[Entry] = []
    damage: list[Damage] = []
    for file, number, line in lines:
        try:
            entry = entry_of(line)
        except ValueError as error:
            is_ours = str(error).startswith("it is")
            damage.append(Damage(file, number, str(error) if is_ours else "it is not JSON; it may be cut short"))
            continue
        last = entries[-1] if entries else None
        if (entry.number, entry.previous) != ((last.number + 1, last.hash) if last else (1, NOTHING_BEFORE)):
            before = f"entry {last.number}" if last else "the beginning"
            damage.append(Damage(file, number, f"it is entry {entry.number} and does not follow {before}"))
        entries.append(entry)
    return tuple(entries), tuple(damage)


def _document(entry: Entry) -> dict[str, Any]:
    content = asdict(entry)
    del content["hash"]
    content["at"] = entry.at.astimezone(UTC).isoformat()
    return {"format_version": FORMAT_VERSION, **content}


def _checksum(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
