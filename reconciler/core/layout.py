"""From operations to steps: in order, each with who can do it, where it stands, and the words for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.core.desired import DesiredState
from reconciler.core.directory import Directory
from reconciler.core.instructions import Naming, done_when, instructions, summary
from reconciler.core.live import ADMINISTRATOR, Employee, LiveState
from reconciler.core.ordering import Rule
from reconciler.core.sorting import in_order
from reconciler.core.step import (
    KIND,
    Activate,
    Actor,
    CreateToken,
    DeactivateToken,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    Item,
    Operation,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
    step_id,
)


@dataclass(frozen=True, slots=True)
class World:
    """What laying out a step needs to know."""

    desired: DesiredState
    live: LiveState
    writes_as_administrator: bool
    naming: Naming


def world_of(desired: DesiredState, live: LiveState, directory: Directory, items: Iterable[Item]) -> World:
    writer = desired.writer
    roles = [role.id for role in directory.roles(writer.role)] if writer else []
    return World(
        desired=desired,
        live=live,
        writes_as_administrator=roles == [ADMINISTRATOR],
        naming=_naming(items),
    )


def _naming(items: Iterable[Item]) -> Naming:
    applications: set[str] = set()
    tokens: dict[str, set[str]] = {}
    for item in items:
        match item.operation:
            case CreateToken(application=application, owner=owner):
                applications.add(application)
                tokens.setdefault(owner.id, set())
                if not item.done:
                    tokens[owner.id].add(f"new for {application}")
            case EnterCredentials(token=token) if token is not None:
                tokens.setdefault(token.owner_id, set()).add(token.id)
            case (
                DeactivateToken(application=application, token=token)
                | RevokeToken(application=application, token=token)
            ):
                applications.add(application)
                tokens.setdefault(token.owner_id, set()).add(token.id)
    return Naming(len(applications) > 1, frozenset(owner for owner, found in tokens.items() if len(found) > 1))


def laid_out(planned: Sequence[Item], world: World, rules: Sequence[Rule]) -> tuple[Step, ...]:
    done: set[str] = set()
    steps: list[Step] = []
    for item, needs in in_order(planned, rules):
        step = _step(item, needs, _status(item, needs, done), world)
        if step.status is Status.DONE:
            done.add(step.id)
        steps.append(step)
    return tuple(steps)


def _status(item: Item, needs: Iterable[str], done: set[str]) -> Status:
    if item.done:
        return Status.DONE
    if item.hold is not None or not done.issuperset(needs):
        return Status.BLOCKED
    return Status.WAITING if item.waits else Status.READY


def _step(item: Item, needs: tuple[str, ...], status: Status, world: World) -> Step:
    operation = item.operation
    actor = _actor(operation, world)
    by_hand = status is Status.READY and actor is Actor.PERSON
    return Step(
        id=step_id(operation),
        kind=KIND[type(operation)],
        actor=actor,
        address=item.address,
        status=status,
        needs=needs,
        summary=summary(operation, world.live, world.naming),
        instructions=instructions(operation, world.live) if by_hand else (),
        done_when=done_when(operation),
        operation=operation,
        note=item.hold or item.note or _why_a_person(operation, actor, world),
    )


def _actor(operation: Operation, world: World) -> Actor:
    """Who can do it: a token of another person, and the Administrator role, are beyond any API (netsuite.md 0)."""
    match operation:
        case QuietPeriod():
            return Actor.TIME
        case GrantRole(employee=employee, role=role) | RemoveRole(employee=employee, role=role):
            if role.id != ADMINISTRATOR and _may_write(employee, world):
                return Actor.RECONCILER
        case Activate(employee=employee) | RemoveAccess(employee=employee) | Inactivate(employee=employee):
            # Giving access is not among them: it takes a mail or a password (netsuite.md 5.5).
            if _may_write(employee, world):
                return Actor.RECONCILER
    return Actor.PERSON


def _may_write(employee: Employee, world: World) -> bool:
    """Only an Administrator may edit the record of one (netsuite.md 0.1)."""
    administrator = world.live.holds(employee.id, ADMINISTRATOR)
    return world.desired.can_write and (world.writes_as_administrator or not administrator)


def _why_a_person(operation: Operation, actor: Actor, world: World) -> str | None:
    if not world.desired.can_write or actor is not Actor.PERSON:
        return None
    if isinstance(operation, GiveAccess):
        return "giving access takes a mail or a password to the person"
    if not isinstance(operation, GrantRole | RemoveRole | Activate | RemoveAccess | Inactivate):
        return None
    if isinstance(operation, GrantRole | RemoveRole) and operation.role.id == ADMINISTRATOR:
        return "NetSuite lets only a person who is an Administrator change the Administrator role"
    return f"{operation.employee.label} is an Administrator, and apply_login is not: only an Administrator may edit one"
