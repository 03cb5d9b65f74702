"""What a person may do more or less when roles come and go, given the other roles they hold.

In NetSuite somebody acts in one role at a time and may change between theirs, so what they may do at most is, for each
permission, the highest level of any of their roles (netsuite.md 6.4: View, Create, Edit, Full). Permissions that an
employee record carries itself (the feature Global Permissions) are not among them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from reconciler.core.live import ADMINISTRATOR, LiveState
from reconciler.core.step import GrantRole, RemoveRole, Status, Step


class Level(StrEnum):
    """How far a permission goes; the value is the word in JSON."""

    NONE = "none"
    VIEW = "view"
    CREATE = "create"
    EDIT = "edit"
    FULL = "full"


RANK: Final = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class RolePermissions:
    """The level of each permission of one role; `unread` says why it is not known, or None."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class PermissionMove:
    """What a change of roles does to one permission of a person."""

    permission: str
    before: Level
    after: Level

    @property
    def gained(self) -> bool:
        return RANK[self.after] > RANK[self.before]


@dataclass(frozen=True, slots=True)
class PermissionDifference:
    """What changes for one person once all steps are done; `notes` say what the moves do not show."""

    person: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    moves: tuple[PermissionMove, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Moved:
    """The roles of one person, by internal id."""

    person: str
    before: frozenset[str]
    after: frozenset[str]

    @property
    def gains(self) -> frozenset[str]:
        return self.after - self.before

    @property
    def loses(self) -> frozenset[str]:
        return self.before - self.after

    @property
    def whole(self) -> bool:
        """Nothing is to be compared where somebody may do everything, before or after."""
        return ADMINISTRATOR in self.before | self.after


def roles_to_read(steps: Sequence[Step], live: LiveState) -> tuple[str, ...]:
    """Internal ids of the roles whose permissions decide what the open steps change for anybody."""
    roles = {role for one in _moved(steps, live) if not one.whole for role in one.before | one.after}
    return tuple(sorted(roles, key=lambda role: (len(role), role)))


def permission_differences(
    steps: Sequence[Step], live: LiveState, permissions: Mapping[str, RolePermissions]
) -> tuple[PermissionDifference, ...]:
    """What the open steps change, person by person in the order of their names.

    Args:
        steps: those of a plan that was just made, with their operations.
        live: the facts it was made from.
        permissions: by internal id those of `roles_to_read`.
    """
    return tuple(_difference(one, live, permissions) for one in _moved(steps, live))


def _moved(steps: Sequence[Step], live: LiveState) -> list[_Moved]:
    gains: dict[str, set[str]] = {}
    loses: dict[str, set[str]] = {}
    for step in steps:
        if step.status is Status.DONE:
            continue
        match step.operation:
            case GrantRole(employee=employee, role=role):
                gains.setdefault(employee.id, set()).add(role.id)
            case RemoveRole(employee=employee, role=role):
                loses.setdefault(employee.id, set()).add(role.id)
    held = {who: _active(live.roles_of.get(who, frozenset()), live) for who in {*gains, *loses}}
    moved = (
        _Moved(live.person(who), before, before.union(gains.get(who, ())).difference(loses.get(who, ())))
        for who, before in held.items()
    )
    return sorted((one for one in moved if one.gains or one.loses), key=lambda one: one.person)


def _active(roles: frozenset[str], live: LiveState) -> frozenset[str]:
    """Nobody can act in an inactive role; one that is not to be seen counts, for it may be active."""
    return frozenset(role for role in roles if role not in live.roles_by_id or live.roles_by_id[role].active)


def _difference(one: _Moved, live: LiveState, permissions: Mapping[str, RolePermissions]) -> PermissionDifference:
    gains, loses = (tuple(sorted(map(live.role_name, roles))) for roles in (one.gains, one.loses))
    if one.whole:
        return PermissionDifference(one.person, gains, loses, (), (_about_an_administrator(one),))
    moves = tuple(_moves(_highest(one.before, permissions), _highest(one.after, permissions)))
    return PermissionDifference(one.person, gains, loses, moves, tuple(_unread(one, live, permissions)))


def _about_an_administrator(one: _Moved) -> str:
    if ADMINISTRATOR not in one.before:
        return "Becomes an Administrator, who may do everything."
    if ADMINISTRATOR not in one.after:
        return "Is an Administrator no longer; before, they could do everything."
    return "Is an Administrator and stays one, who may do everything; so nothing changes in effect."


def _highest(roles: frozenset[str], permissions: Mapping[str, RolePermissions]) -> dict[str, Level]:
    highest: dict[str, Level] = {}
    for role in roles:
        for name, level in permissions.get(role, RolePermissions()).levels.items():
            if RANK[level] > RANK[highest.get(name, Level.NONE)]:
                highest[name] = level
    return highest


def _moves(before: Mapping[str, Level], after: Mapping[str, Level]) -> Iterator[PermissionMove]:
    for name in sorted({*before, *after}):
        move = PermissionMove(name, before.get(name, Level.NONE), after.get(name, Level.NONE))
        if move.before is not move.after:
            yield move


def _unread(one: _Moved, live: LiveState, permissions: Mapping[str, RolePermissions]) -> Iterator[str]:
    for role in sorted(one.before | one.after, key=lambda role: (len(role), role)):
        known = permissions.get(role, RolePermissions(unread="they were not read"))
        if known.unread is not None:
            yield f"The permissions of {live.role_name(role)} are not known: {known.unread}"
