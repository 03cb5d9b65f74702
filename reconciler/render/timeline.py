"""The handover of one token as a picture shows it: whose token there is, and who logs in, from step to step.

By position, never by a guessed time: nobody knows when a person will act.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.core.change import Action, Change, TokenHolder
from reconciler.core.outage import OUTAGE
from reconciler.core.plan import Plan
from reconciler.core.step import Status, Step

MOST_STATIONS: Final = 12
_TOKEN: Final = ".token"


@dataclass(frozen=True, slots=True)
class Station:
    """A step, with the number it has in the list of all steps."""

    number: int
    kind: str
    status: Status


@dataclass(frozen=True, slots=True)
class Lane:
    """One token. Places are indexes of stations, and the number of stations stands for the end.

    Args:
        name: whose it is.
        exists: from where to where it is there and could log in.
        logs_in: from where to where the application is meant to log in with it; both may be empty.
        refused: logins with it are refused, so that `logs_in` is empty.
    """

    name: str
    exists: tuple[int, int]
    logs_in: tuple[int, int]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who had the token, what is done, what comes next."""

    address: str
    lanes: tuple[Lane, ...]
    stations: tuple[Station, ...]


def timelines(plan: Plan) -> tuple[Timeline, ...]:
    """One for each integration that gets another token; none for one with more steps than a picture can hold."""
    stations = _stations_by_address(plan.steps)
    down = {item.address for item in plan.diagnostics if item.rule == OUTAGE}
    found: list[Timeline] = []
    for change in plan.changes:
        course = stations.get(change.address, ())
        if change.action in {Action.CREATE, Action.REPLACE} and 1 < len(course) <= MOST_STATIONS:
            address = change.address.removesuffix(_TOKEN)
            lanes = _lanes(change, course, is_down=address in down)
            found.append(Timeline(address, tuple(lanes), tuple(course)))
    return tuple(found)


def _stations_by_address(steps: Sequence[Step]) -> dict[str, list[Station]]:
    """The steps of each token, with the grants they need and the removals that need them."""
    token_steps = {step.id: step.address for step in steps if step.address.endswith(_TOKEN)}
    needed: dict[str, set[str]] = {}
    for step in steps:
        if step.id in token_steps:
            for need in step.needs:
                needed.setdefault(need, set()).add(step.address)
    found: dict[str, list[Station]] = {}
    for number, step in enumerate(steps, 1):
        own = {token_steps[step.id]} if step.id in token_steps else _neighbours(step, needed, token_steps)
        for address in sorted(own):
            found.setdefault(address, []).append(Station(number, step.kind, step.status))
    return found


def _neighbours(step: Step, needed: dict[str, set[str]], token_steps: dict[str, str]) -> set[str]:
    return needed.get(step.id, set()) | {token_steps[need] for need in step.needs if need in token_steps}


def _lanes(change: Change, course: Sequence[Station], *, is_down: bool) -> Iterator[Lane]:
    place: dict[str, int] = {}
    for index, station in enumerate(course):
        place.setdefault(station.kind, index)
    end = len(course)
    made = place.get("create-token", 0)
    entered = place.get("enter-credentials", end)
    if isinstance(change.before, TokenHolder):
        gone = min(place.get(kind, end) for kind in ("deactivate-token", "revoke-token"))
        yield Lane(change.before.owner, (-1, gone), (-1, -1 if is_down else min(entered, gone)), refused=is_down)
    if isinstance(change.after, TokenHolder):
        yield Lane(change.after.owner, (made, end), (entered, end))
