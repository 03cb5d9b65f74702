"""Where the parts of a timeline stand in its picture, in units of an SVG as wide as a phone: 360."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.core.step import Status
from reconciler.render.timeline import Lane, Station, Timeline

WIDTH: Final = 360
_MARGIN: Final = 22
_LANE: Final = 40
_TOP: Final = 16
_LONGEST: Final = 48
_WORD: Final = {Status.DONE: "done", Status.READY: "next", Status.WAITING: "waits", Status.BLOCKED: "later"}
_STEP: Final = {
    "grant-role": "role granted",
    "create-token": "token made",
    "enter-credentials": "token entered",
    "quiet-period": "silence",
    "deactivate-token": "old token inactive",
    "revoke-token": "old token revoked",
    "remove-role": "role removed",
    "enable-integration": "integration enabled",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A level line between two stations."""

    left: float
    right: float
    y: float


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A thin line where the token exists, a thick one where the application logs in with it; each may be missing.

    The thin one is broken where logins are `refused`.
    """

    label: str
    label_y: float
    exists: Line | None
    logs_in: Line | None
    refused: bool


@dataclass(frozen=True, slots=True)
class DrawnStation:
    """A station at its place in the picture."""

    number: int
    status: Status
    x: float
    y: float
    word: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws, and the same in words for whoever does not see it."""

    title: str
    words: str
    height: float
    axis: Line
    lanes: tuple[DrawnLane, ...]
    stations: tuple[DrawnStation, ...]


def drawn(timeline: Timeline) -> Picture:
    """The picture of one handover."""
    axis_y = _TOP + _LANE * len(timeline.lanes) + 4
    stations = tuple(
        DrawnStation(one.number, one.status, _x(index, timeline), axis_y, _WORD[one.status])
        for index, one in enumerate(timeline.stations)
    )
    return Picture(
        title=f"Handover of {timeline.address}",
        words=" ".join(_told(timeline)),
        height=axis_y + 34,
        axis=Line(_x(0, timeline), _x(len(timeline.stations) - 1, timeline), axis_y),
        lanes=tuple(_lane(lane, index, timeline) for index, lane in enumerate(timeline.lanes)),
        stations=stations,
    )


def _x(place: int, timeline: Timeline) -> float:
    """Where a station stands; the places before the first and behind the last are the edges."""
    last = len(timeline.stations) - 1
    if place < 0:
        return 2
    if place > last:
        return WIDTH - 2
    return round(_MARGIN + (WIDTH - 2 * _MARGIN) * place / last, 1)


def _lane(lane: Lane, index: int, timeline: Timeline) -> DrawnLane:
    top = _TOP + _LANE * index
    behind = ": cannot log in" if lane.refused else ""
    longest = _LONGEST - len(behind)
    name = lane.name if len(lane.name) <= longest else f"{lane.name[: longest - 1]}…"
    exists, logs_in = (
        Line(_x(start, timeline), _x(end, timeline), top + 12) if start < end else None
        for start, end in (lane.exists, lane.logs_in)
    )
    return DrawnLane(f"token of {name}{behind}", top, exists, logs_in, lane.refused)


def _told(timeline: Timeline) -> Iterator[str]:
    numbers = [one.number for one in timeline.stations]
    for lane in timeline.lanes:
        if lane.refused:
            yield f"The token of {lane.name} cannot log in."
        start, end = lane.logs_in
        since = "now" if start < 0 else f"from step {numbers[start]} on" if start < len(numbers) else ""
        until = f" until step {numbers[end]}" if end < len(numbers) else ""
        if start < end and since:
            yield f"The token of {lane.name} is used {since}{until}."
    yield "; ".join(_station(one) for one in timeline.stations) + "."


def _station(one: Station) -> str:
    return f"step {one.number}, {_STEP.get(one.kind, one.kind)}: {_WORD[one.status]}"
