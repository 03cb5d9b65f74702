"""The steps of one handover as they happened: ours from the journal, those of people from what NetSuite shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from reconciler.core.evidence import Evidence
from reconciler.core.journal import Entry, Event
from reconciler.core.live import LiveState, Token
from reconciler.core.outcome import Outcome
from reconciler.core.step import KIND


class Source(StrEnum):
    """Whose word it is; the value is the word in every output."""

    JOURNAL = "journal"
    NETSUITE = "NetSuite"


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a handover.

    Args:
        kind: as in a plan.
        summary: what was done.
        outcome: what came of it.
        who: who did it; None where nobody records that.
        earliest: when it was done at the earliest (UTC); equal to `latest` where the moment is known.
        latest: when at the latest; None where it has not been done, or nothing tells.
        source: whose word it is.
        note: what this rests on.
    """

    kind: str
    summary: str
    outcome: str
    who: str | None
    earliest: datetime | None
    latest: datetime | None
    source: Source
    note: str = ""


_KNOWN_TO_THE_JOURNAL: Final = frozenset({"grant-role", "remove-role", "enable-integration", "quiet-period"})
_ORDER: Final = tuple(KIND.values())
_ROLES: Final = "who changes a role stands in NetSuite under Employee > Access > History"
_FORM: Final = "nobody records who enters a token; this is its first login"
_ROW: Final = "NetSuite tells neither who did it nor when"


def steps_of(
    entries: Sequence[Entry], evidence: Evidence, owner_id: str | None, makers: Mapping[str, str]
) -> tuple[StepRecord, ...]:
    """In the order of a handover, and of time within it.

    Args:
        entries: those lines of the journal that are about this integration.
        evidence: what NetSuite shows of its application.
        owner_id: the declared owner; None where nobody can tell who that is.
        makers: by the id of a token who made it.
    """
    found = [*_ours(entries, evidence.live), *_of_people(entries, evidence, owner_id, makers)]
    return tuple(sorted(found, key=_place))


def _place(step: StepRecord) -> tuple[int, float, str]:
    return _ORDER.index(step.kind), step.earliest.timestamp() if step.earliest else 0.0, step.summary


def _ours(entries: Sequence[Entry], live: LiveState) -> Iterator[StepRecord]:
    """Each step that an apply wrote, with the last word on it."""
    last: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.event in {Event.STEP, Event.RESULT}:
            last[entry.run.id, entry.step or ""] = entry
    for entry in last.values():
        known = entry.event is Event.RESULT
        at = entry.at if known and entry.outcome == Outcome.DONE else None
        yield StepRecord(
            kind=entry.kind or "",
            summary=entry.summary or "",
            outcome=(entry.outcome or "") if known else Outcome.UNKNOWN,
            who=entry.run.who,
            earliest=at,
            latest=at,
            source=Source.JOURNAL,
            note=_note(entry, live),
        )


def _note(entry: Entry, live: LiveState) -> str:
    """What was said of it; where nobody knew what came of it, also whether NetSuite shows it by now."""
    note = entry.message if entry.event is Event.RESULT else "it was begun, and what came of it was not written down"
    is_known = entry.event is Event.RESULT and entry.outcome != Outcome.UNKNOWN
    subject, _, role_id = (entry.step or "").removeprefix(f"{entry.kind}/").partition("/")
    if is_known or live.holds(subject, role_id) is not (entry.kind == "grant-role"):
        return note
    return f"{note}; NetSuite shows it done by now" if note else "NetSuite shows it done by now"


def _of_people(
    entries: Sequence[Entry], evidence: Evidence, owner_id: str | None, makers: Mapping[str, str]
) -> Iterator[StepRecord]:
    asked = _Asked(entries)
    for token in evidence.tokens:
        if token.owner_id == owner_id:
            yield _created(token, makers)
            if first := evidence.proof(token).first:
                what = f'first login of {evidence.live.person(token.owner_id)} with token "{token.name}"'
                yield StepRecord("enter-credentials", what, Outcome.DONE, None, first, first, Source.NETSUITE, _FORM)
        # A revoked row does not say whether it was made inactive before that.
        if (token.inactive and not token.revoked) or asked.saw("deactivate-token", token):
            yield asked.seen("deactivate-token", f'token "{token.name}" made inactive', token, evidence)
        if token.revoked:
            yield asked.seen("revoke-token", f'token "{token.name}" revoked', token, evidence)
    yield from asked.others()


def _created(token: Token, makers: Mapping[str, str]) -> StepRecord:
    who = makers.get(token.id)
    unsaid = [words for words, is_there in (("who made it", who), ("when it was made", token.created)) if not is_there]
    note = f"NetSuite does not say {' nor '.join(unsaid)}" if unsaid else ""
    what, at = f'token "{token.name}" made', token.created
    return StepRecord("create-token", what, Outcome.DONE, who, at, at, Source.NETSUITE, note)


class _Asked:
    """Steps of people, as applies saw them: when each was first asked for, and when it was seen done."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._waiting: dict[str, Entry] = {}
        self._rounds: dict[str, list[tuple[Entry | None, Entry]]] = {}
        for entry in entries:
            step = entry.step or ""
            if entry.event is not Event.SEEN:
                continue
            if entry.outcome == Outcome.WAITING:
                self._waiting.setdefault(step, entry)
                continue
            before = self._waiting.pop(step, None)
            if entry.outcome == Outcome.DONE:
                self._rounds.setdefault(step, []).append((before, entry))

    def saw(self, kind: str, token: Token) -> bool:
        """Whether an apply saw it done."""
        return f"{kind}/{token.id}" in self._rounds

    def seen(self, kind: str, summary: str, token: Token, evidence: Evidence) -> StepRecord:
        """What is true of a token now, with the bounds that the journal sets, else those that its logins set."""
        step = f"{kind}/{token.id}"
        self._waiting.pop(step, None)
        for before, after in self._rounds.get(step, [])[-1:]:
            begin = before.at if before else None
            note = f"asked for, then seen done; {_ROW}"
            return StepRecord(kind, summary, Outcome.DONE, None, begin, after.at, Source.JOURNAL, note)
        own = [group.last for group in evidence.logins if group.success and evidence.is_login_of(group, token)]
        last = max(own, default=None)
        note = f"after its last login; {_ROW}" if last else _ROW
        return StepRecord(kind, summary, Outcome.DONE, None, last, evidence.live.read_at, Source.NETSUITE, note)

    def others(self) -> Iterator[StepRecord]:
        """What the journal alone knows: what people granted, removed or enabled, what was waited for, and still is."""
        for before, after in (one for rounds in self._rounds.values() for one in rounds):
            if after.kind in _KNOWN_TO_THE_JOURNAL:
                note = _ROLES if after.kind in {"grant-role", "remove-role"} else "asked for, then seen done"
                yield _seen(after, Outcome.DONE, before.at if before else None, after.at, note)
        for entry in self._waiting.values():
            yield _seen(entry, Outcome.WAITING, entry.at, None, "")


def _seen(entry: Entry, outcome: Outcome, earliest: datetime | None, latest: datetime | None, note: str) -> StepRecord:
    return StepRecord(entry.kind or "", entry.summary or "", outcome, None, earliest, latest, Source.JOURNAL, note)
