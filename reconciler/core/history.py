"""What a journal tells: each apply with its steps and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.journal import Damage, Entry, Event, Run
from reconciler.core.outcome import Outcome

NO_RESULT = "it was begun, and what came of it was not written down; the next plan shows it"
NO_END = "cut short"
RESET = "reset"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of an apply, with the last word on it."""

    id: str
    address: str
    summary: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class ApplyMade:
    """One apply; `ended` is None, and `ending` says so, where it was killed. Times are in UTC.

    A reset of the emulator stands among them, with that for its `ending`.
    """

    run: Run
    begun: datetime
    ended: datetime | None
    ending: str
    message: str
    steps: tuple[StepTaken, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All applies of an environment, oldest first, and the lines of its journal that are damaged."""

    environment: str
    applies: tuple[ApplyMade, ...]
    damage: tuple[Damage, ...]


def history(environment: str, entries: Iterable[Entry], damage: Iterable[Damage]) -> History:
    """The story that a journal's entries tell."""
    by_run: dict[str, list[Entry]] = {}
    for entry in entries:
        by_run.setdefault(entry.run.id, []).append(entry)
    return History(environment, tuple(_apply(of_one) for of_one in by_run.values()), tuple(damage))


def _apply(entries: list[Entry]) -> ApplyMade:
    steps: dict[str, StepTaken] = {}
    for entry in entries:
        if entry.event is Event.STEP:
            steps[entry.step or ""] = _step(entry, Outcome.UNKNOWN, NO_RESULT)
        elif entry.event in {Event.RESULT, Event.SEEN}:
            steps[entry.step or ""] = _step(entry, entry.outcome or Outcome.UNKNOWN, entry.message)
    last = entries[-1]
    if last.event is Event.RESET:
        return ApplyMade(run=last.run, begun=last.at, ended=last.at, ending=RESET, message="", steps=())
    is_ended = last.event is Event.END
    return ApplyMade(
        run=last.run,
        begun=entries[0].at,
        ended=last.at if is_ended else None,
        ending=(last.outcome or "") if is_ended else NO_END,
        message=last.message if is_ended else "",
        steps=tuple(steps.values()),
    )


def _step(entry: Entry, outcome: str, message: str) -> StepTaken:
    return StepTaken(entry.step or "", entry.address or "", entry.summary or "", str(outcome), message)
