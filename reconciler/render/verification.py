"""Who is at work, as people read it in a terminal and pipelines read it as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from reconciler.core.dependents import Dependent
from reconciler.core.evidence import shown
from reconciler.core.signals import Day, Refusals
from reconciler.core.silence import Silence
from reconciler.core.verification import TokenSeen, Verification, Verified
from reconciler.render.diagnostic_text import diagnostics_to_text, pointer
from reconciler.render.escaping import safe
from reconciler.render.lines import counted, document, table, table_or_records, title, wrapped
from reconciler.render.to_json import FORMAT_VERSION, Document, diagnostic_document, read_as_document

_NUMBERS = frozenset({2, 3, 4})
HEAD = ("day", "who", "logins", "refused", "orders", "notes")


def verification_to_text(found: Verification, width: int | None = None) -> str:
    """For each integration its verdict and the signals below it; then what could not be read, and by which clock."""
    found = safe(found)
    return document(
        "\n".join(wrapped(title(found), "", width)),
        *("\n".join(_integration(one, width)) for one in found.integrations),
        diagnostics_to_text(found.diagnostics, width),
        pointer(found.diagnostics, width),
        "\n".join(wrapped(closing(found), "", width)),
    )


def closing(found: Verification) -> str:
    """Where the days begin, and whether everything could be read."""
    missing = "" if found.complete else "Incomplete: not everything could be read; see above. "
    if not found.integrations:
        return f"{missing}No integration is declared in {found.environment}, so nobody is expected to be at work."
    return f"{missing}{clock_told(found.clock)}"


def clock_told(clock: timedelta | None) -> str:
    """NetSuite's times have no zone; days are those of the clock that the login audit trail was seen to run on."""
    if clock is None:
        return "Days are as NetSuite shows them; by which clock could not be told. All times are taken for UTC."
    minutes = int(clock.total_seconds()) // 60
    zone = f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "UTC"
    return f"Days are those of the login audit trail's clock, {zone}; all times are in UTC."


def _integration(one: Verified, width: int | None) -> Iterator[str]:
    yield f"{one.address}: {one.standing}"
    yield f"  {one.position}"
    yield from wrapped(one.sentence, "  ", width)
    if one.hint:
        yield from wrapped(f"hint: {one.hint}", "  ", width)
    for told in (*map(token_told, one.tokens), *refusals_told(one), *map(depends_told, one.depends)):
        yield from wrapped(told, "  - ", width)
    if one.days:
        yield ""
        in_columns = table([HEAD, *(row(*span) for span in spans(one.days))], "  ", _NUMBERS)
        in_words = (line for span in spans(one.days) for line in wrapped(day_told(*span), "  ", width, hanging=4))
        yield from table_or_records(in_columns, in_words, width)


def token_told(token: TokenSeen) -> str:
    created = f", made {token.created:%Y-%m-%d}" if token.created else ""
    state = "" if token.active else ", inactive"
    return f'token "{token.name}" of {token.owner} in role {token.role}{created}{state}'


def refusals_told(found: Verified) -> Iterator[str]:
    """A line each; a meaning is told once, not where the verdict has told it, and what to do only while it lasts."""
    told = {one.why.what for one in found.refusals if one.why.told in found.sentence}
    for one in found.refusals:
        who = f" for {one.person}" + (f' with token "{one.token_name}"' if one.token_name else "")
        over = "; over since" if one.is_over else ""
        times = "once" if one.number == 1 else f"{one.number} times"
        means = "" if one.why.what in told else f": {one.why.what if one.is_over else one.why.means}"
        told.add(one.why.what)
        yield f'"{one.why.detail}" {times}{who}, last at {shown(one.last)}{over}{means}'


def depends_told(one: tuple[str, Dependent]) -> str:
    person, dependent = one
    return f"{person} also owns {dependent.told}: it stops when that person leaves or loses its role"


_FEWEST_IN_A_SPAN = 3


def spans(days: Sequence[Day]) -> Iterator[tuple[str, Sequence[Day]]]:
    """What a row tells: its date or dates, and the days it stands for.

    Days in a row on which one and the same person worked and nothing was refused are one.
    """
    runs: list[list[Day]] = []
    crowded = {one.day for one, other in pairwise(days) if one.day == other.day}
    for one in days:
        if runs and _continues(runs[-1][-1], one, crowded):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        if len(run) < _FEWEST_IN_A_SPAN:
            yield from ((str(one.day), [one]) for one in run)
        else:
            yield f"{run[-1].day} to {run[0].day}", run


def _continues(newer: Day, older: Day, crowded: set[date]) -> bool:
    return (
        newer.day - older.day == timedelta(days=1)
        and newer.person == older.person
        and not newer.refused
        and not older.refused
        and not {newer.day, older.day} & crowded
    )


def row(when: str, days: Sequence[Day]) -> tuple[str, ...]:
    """The cells below HEAD."""
    numbers = (str(number) for number in _numbers(days))
    notes = [*(f"orders {way}" for way in _ways(days)), *(f'refused: "{detail}"' for detail in _details(days))]
    return (when, days[0].person, *numbers, "; ".join(notes))


def day_told(when: str, days: Sequence[Day]) -> str:
    """The same in words, without what did not happen."""
    logins, refused, orders = _numbers(days)
    told = [counted(logins, "login")] if logins else []
    if refused:
        told.append(f"{refused} refused" + "".join(f' "{detail}"' for detail in _details(days)))
    if orders:
        told.append(f"{counted(orders, 'order')} {' and '.join(_ways(days))}".rstrip())
    return f"{when}, {days[0].person}: {', '.join(told)}"


def _numbers(days: Sequence[Day]) -> tuple[int, int, int]:
    return sum(one.logins for one in days), sum(one.refused for one in days), sum(one.orders for one in days)


def _ways(days: Sequence[Day]) -> list[str]:
    return sorted({one.made for one in days if one.made is not None})


def _details(days: Sequence[Day]) -> list[str]:
    return sorted({detail for one in days for detail in one.details})


def verification_document(found: Verification) -> Document:
    """The same as data (schemas/verification.schema.json)."""
    return {
        "format_version": FORMAT_VERSION,
        "environment": found.environment,
        "account": found.account,
        "emulator": found.emulator,
        "read_as": read_as_document(found.read_as),
        "read_at": moment(found.read_at),
        "since": moment(found.read_at - found.looked_back),
        "days_by_clock": None if found.clock is None else int(found.clock.total_seconds()) // 60,
        "complete": found.complete,
        "integrations": [_verified(one) for one in found.integrations],
        "diagnostics": [diagnostic_document(item) for item in found.diagnostics],
    }


def _verified(one: Verified) -> Document:
    return {
        "address": one.address,
        "position": asdict(one.position),
        "application": one.application,
        "declared": {"owner": one.owner, "role": one.role},
        "standing": one.standing,
        "sentence": one.sentence,
        "hint": one.hint,
        "at_work": one.at_work,
        "since": moment(one.since),
        "last": moment(one.last),
        "longest_silence": _silence(one.silence),
        "tokens": [asdict(token) | {"created": moment(token.created)} for token in one.tokens],
        "days": [asdict(day) | {"day": str(day.day)} for day in one.days],
        "refused": [_refusals(refused) for refused in one.refusals],
        "others": [{"person": person, "last": moment(last)} for person, last in one.others],
        "depends": [dependent_document(person, dependent) for person, dependent in one.depends],
    }


def _refusals(one: Refusals) -> Document:
    return {
        "detail": one.why.detail,
        "means": one.why.means,
        "person": one.person,
        "token_name": one.token_name,
        "number": one.number,
        "last": moment(one.last),
        "is_over": one.is_over,
    }


def dependent_document(person: str, dependent: Dependent) -> Document:
    token = dependent.token
    return {
        "person": person,
        "application": token.application,
        "token": token.name,
        "last": moment(dependent.last),
        "use_known": dependent.is_known or dependent.last is not None,
    }


def _silence(silence: Silence | None) -> Document | None:
    if silence is None:
        return None
    return {
        "from": moment(silence.start),
        "until": moment(silence.end),
        "seconds": int(silence.length.total_seconds()),
        "open": silence.is_open,
    }


def moment(at: datetime | None) -> Any:
    """A time in UTC as JSON holds it, to the second; null for None."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
