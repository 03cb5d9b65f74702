"""`apply --wait`: stay for the people, look again from time to time, and go on by itself."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from reconciler.cli.attempt import Attempt
from reconciler.cli.exit_codes import ExitCode, of_ending
from reconciler.cli.output import say, width
from reconciler.core.ending import Ending
from reconciler.core.outcome import ApplyReport
from reconciler.core.plan import Plan
from reconciler.render.to_text import plan_to_text

GROWTH: Final = 1.5
# What may be over when it is tried again: somebody else applies, or NetSuite is away.
PASSING: Final = frozenset({ExitCode.LOCKED, ExitCode.FAILED})


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between two looks: quick at first and after every change, then with care for the account's limits."""

    first: float = 15.0
    longest: float = 120.0


USUAL: Final = Pauses()


def now() -> float:
    """Seconds that never go back."""
    return time.monotonic()


def rest(seconds: float) -> None:
    """Do nothing; a Ctrl-C ends it at once."""
    threading.Event().wait(seconds)


def waited(
    attempts: list[Attempt[ApplyReport]],
    again: Callable[[int], Attempt[ApplyReport]],
    patience: timedelta,
    *,
    detailed: bool,
    pauses: Pauses = USUAL,
) -> list[Attempt[ApplyReport]]:
    """Apply again whatever waits, until nothing does, the time is over, or somebody interrupts.

    Between two looks nothing is held, the lock neither, so that others can apply meanwhile.

    Args:
        attempts: what came of each environment.
        again: applies the environment at that place once more.
        patience: how long to stay.
        detailed: whether waiting has an exit code of its own.
        pauses: how long between two looks.
    """
    attempts, told = list(attempts), dict[int, str]()
    end = now() + patience.total_seconds()
    pause = pauses.first
    while (waiting := _waiting(attempts)) and (left := end - now()) > 0:
        news = {place: text for place, text in _open(attempts, waiting).items() if told.get(place) != text}
        if news:
            told, pause = told | news, pauses.first
            say("\n".join([*news.values(), f"Looking again every {_shown(pause)} or more, for {_shown(left)}."]))
        try:
            rest(min(pause, left))
            for place in waiting:
                attempts[place] = _joined(attempts[place], again(place), detailed=detailed)
        except KeyboardInterrupt:
            # What was done is told by whoever called; the interruption itself has its own exit code.
            break
        pause = min(pause * GROWTH, pauses.longest)
    return attempts


def _waiting(attempts: list[Attempt[ApplyReport]]) -> list[int]:
    return [
        place
        for place, one in enumerate(attempts)
        if one.result is not None
        and one.result.ending is Ending.WAITING
        and (not one.diagnostics or one.code in PASSING)
    ]


def _open(attempts: list[Attempt[ApplyReport]], waiting: list[int]) -> dict[int, str]:
    return {place: _plan(report.after) for place in waiting if (report := attempts[place].result) is not None}


def _plan(plan: Plan) -> str:
    """The plan without what moves while nobody does anything."""
    return plan_to_text(plan, width()).rstrip("\n")


def _joined(before: Attempt[ApplyReport], now: Attempt[ApplyReport], *, detailed: bool) -> Attempt[ApplyReport]:
    """One report over both rounds; a round that failed takes nothing away from what was done before it."""
    if before.result is None:
        return now
    if now.result is None:
        return replace(before, diagnostics=now.diagnostics, code=now.code)
    report = replace(now.result, before=before.result.before, results=(*before.result.results, *now.result.results))
    return Attempt(now.target, report, (), of_ending(report.ending, detailed=detailed))


def _shown(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
