"""The applies behind a record: those to the account as it is, and earlier ones to what is gone.

A journal goes on where its account does not: the emulator can be reset, and the file can name another account. Ids mean
something else then, so what was applied before is never told as a step of what is there now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.core.evidence import to_the_second
from reconciler.core.journal import Entry, Event, Run


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """An apply that did something for the integration: on which plan, of which commit, and who ran it.

    `gone` says why the account shows nothing of it; empty where it does.
    """

    run: Run
    at: datetime
    ending: str | None
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Lives:
    """The entries of a journal that are about the account as it is, and by run why an earlier one is about another."""

    current: tuple[Entry, ...]
    earlier: tuple[Entry, ...]
    gone: Mapping[str, str]


def lives(entries: Sequence[Entry], account: str, *, emulator: bool) -> Lives:
    """The journal parted by what its applies were carried out on."""
    current: list[Entry] = []
    earlier: list[Entry] = []
    gone: dict[str, str] = {}
    for entry in entries:
        run = entry.run
        if entry.event is Event.RESET:
            gone |= {one.run.id: f"before the emulator was reset at {to_the_second(entry.at)}" for one in current}
            earlier += current
            current = []
        elif (run.account, run.emulator) == (account, emulator):
            current.append(entry)
        else:
            gone[run.id] = f"on account {run.account}" + (" of the emulator" if run.emulator else "")
            earlier.append(entry)
    return Lives(tuple(current), tuple(earlier), gone)


def approvals(
    entries: Iterable[Entry], all_entries: Iterable[Entry], gone: Mapping[str, str]
) -> tuple[ApprovalRecord, ...]:
    """The applies that some entries belong to, oldest first, with how each ended.

    Args:
        entries: those that are about one integration.
        all_entries: those that tell when an apply began and how it ended.
        gone: by run why the account shows nothing of it; nothing of those that it shows.
    """
    runs = {entry.run.id for entry in entries}
    begun: dict[str, Entry] = {}
    endings: dict[str, str | None] = {}
    for entry in all_entries:
        if entry.run.id in runs:
            begun.setdefault(entry.run.id, entry)
            if entry.event is Event.END:
                endings[entry.run.id] = entry.outcome
    return tuple(
        ApprovalRecord(entry.run, entry.at, endings.get(run_id), gone.get(run_id, ""))
        for run_id, entry in begun.items()
    )
