"""Guards: pure rules that hold steps back; they never hide the plan.

They hold back what takes something away and what makes an Administrator, never an addition that repairs.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.core.desired import DesiredState, declared
from reconciler.core.employees import recent
from reconciler.core.evidence import shown
from reconciler.core.guarding import EVERY_ROLE, Guard, Held, Removal, Situation, ids_of, removals_of, taken_from
from reconciler.core.identity import declared_identity
from reconciler.core.live import ADMINISTRATOR, Identity, LiveState
from reconciler.core.safety import steps_that_take_away_a_working_token
from reconciler.core.step import (
    DeactivateToken,
    GrantRole,
    Operation,
    RemoveRole,
    RevokeToken,
    Status,
    Step,
)


def _makes_administrator(operation: Operation | None) -> bool:
    return isinstance(operation, GrantRole) and operation.makes_an_administrator


def _own_access(situation: Situation) -> Iterator[Held]:
    removals = removals_of(situation)
    desired, live = situation.desired, situation.live
    reader = live.reader or declared_identity(desired.reader, situation.directory)
    writer = declared_identity(desired.writer, situation.directory)
    if reader is None or (desired.can_write and writer is None):
        if removals:
            yield Held(
                ids_of([step for step, _ in removals]),
                "It could not be seen as whom this tool logs in, so nothing is taken away.",
                "declare acts_as beside the login, and let the login's role see the login audit trail",
            )
        return
    own = {(who.employee_id, who.role_id) for who in (reader, writer) if who is not None}
    own |= {(employee_id, EVERY_ROLE) for employee_id, _ in own}
    hit = [step for step, taken in removals if taken in own]
    if hit:
        yield Held(
            ids_of(hit),
            "The step would take away the role or token that this tool itself logs in with.",
            "give the tool a login of its own",
        )
    if desired.can_write or not removals:
        return
    hit_ids = {step.id for step in hit}
    beside = [step for step in _of_application_of(reader, live, removals) if step.id not in hit_ids]
    if beside:
        yield Held(
            ids_of(beside),
            "The token is of the application that this tool itself reads with, and the file does not say as whom the "
            "tool writes, so it may be the one.",
            "declare apply_login with acts_as; or leave the application out, and take away by hand what nobody uses",
        )


def _of_application_of(reader: Identity, live: LiveState, removals: Sequence[Removal]) -> Iterator[Step]:
    """Steps against tokens of the application that the reading login belongs to."""
    own = {token.application for token in live.tokens if token.live and token.identity == reader}
    for step, _ in removals:
        if isinstance(step.operation, DeactivateToken | RevokeToken) and step.operation.token.application in own:
            yield step


def _min_administrators(situation: Situation) -> Iterator[Held]:
    live, least = situation.live, situation.desired.guards.min_administrators
    visible = {
        employee.id
        for employee in live.employees
        if employee.active and employee.access and live.holds(employee.id, ADMINISTRATOR)
    }
    removals = removals_of(situation)
    lost = {
        employee_id
        for step, (employee_id, role_id) in removals
        if role_id == EVERY_ROLE or (isinstance(step.operation, RemoveRole) and role_id == ADMINISTRATOR)
    }
    if removals and len(visible - lost) < least:
        after = f", {len(visible - lost)} would be left" if visible & lost else ""
        yield Held(
            ids_of([step for step, _ in removals]),
            f"{len(visible)} active administrators are visible{after}; guards.min_administrators asks for {least}.",
            "fewer may be visible than there are: the reading role must see all employees and their roles",
        )


def _last_role(situation: Situation) -> Iterator[Held]:
    lost: dict[str, set[str]] = {}
    steps: dict[str, list[Step]] = {}
    for step, (employee_id, role_id) in removals_of(situation):
        if isinstance(step.operation, RemoveRole):
            lost.setdefault(employee_id, set()).add(role_id)
            steps.setdefault(employee_id, []).append(step)
    given: dict[str, set[str]] = {}
    for step in situation.steps:
        if isinstance(step.operation, GrantRole):
            given.setdefault(step.operation.employee.id, set()).add(step.operation.role.id)
    for employee_id, roles in sorted(lost.items()):
        held = situation.live.roles_of.get(employee_id, frozenset()) | given.get(employee_id, set())
        if held <= roles:
            yield Held(
                ids_of(steps[employee_id]),
                f"{situation.live.person(employee_id)} would be left without any role; "
                "NetSuite asks for at least one where there is access.",
                "give them another role first, or take away their access by hand",
            )


def _protected_employees(situation: Situation) -> Iterator[Held]:
    protected = {
        person.id: person.label
        for ref in situation.desired.guards.protected_employees
        for person in situation.directory.people(ref)
    }
    hit: dict[str, list[Step]] = {}
    for step in situation.steps:
        touched = _touched(step.operation)
        if touched in protected and step.status is not Status.DONE:
            hit.setdefault(touched, []).append(step)
    for employee_id, steps in sorted(hit.items()):
        yield Held(
            ids_of(steps),
            f"{protected[employee_id]} is listed under guards.protected_employees.",
            "take the person off that list in a change of its own",
        )
    yield from _protected_but_not_found(situation)


def _touched(operation: Operation | None) -> str:
    """The id of the person who loses something or becomes an Administrator by the operation, else nothing."""
    if taken := taken_from(operation):
        return taken[0]
    return operation.employee.id if isinstance(operation, GrantRole) and operation.makes_an_administrator else ""


def _protected_but_not_found(situation: Situation) -> Iterator[Held]:
    """A token may belong to somebody whom the reading role does not see; then nobody can tell that it is protected."""
    refs = situation.desired.guards.protected_employees
    unknown = sorted(ref for ref in refs if not situation.directory.people(ref))
    removals = removals_of(situation)
    if unknown and removals:
        yield Held(
            ids_of([step for step, _ in removals]),
            f"{', '.join(str(ref) for ref in unknown)} under guards.protected_employees is unknown, or hidden from "
            "this role, so whom a removal would hit cannot be told.",
            "check the spelling, or take the entry out",
        )


def _max_removals(situation: Situation) -> Iterator[Held]:
    most = situation.desired.guards.max_removals
    ready = [(step, taken) for step, taken in removals_of(situation) if step.status is Status.READY]
    holders = [taken for step, taken in ready if not isinstance(step.operation, RemoveRole)]
    alone = {taken for _, taken in ready}.difference(holders)
    count = len(holders) + len(alone)  # a token and its role count once
    if count > most:
        yield Held(
            ids_of([step for step, _ in ready]),
            f"{count} removals are due at once; guards.max_removals allows {most}.",
            "check that the file is meant this way; then raise the limit, or declare the changes one after the other",
        )


def _freeze(situation: Situation) -> Iterator[Held]:
    now = situation.live.read_at
    for window in situation.desired.guards.freeze:
        held = _what_guards_hold(situation)
        if held and window.start <= now < window.end:
            yield Held(
                ids_of(held),
                f"Frozen until {shown(window.end)}: {window.reason}.",
                "wait for the end of the window; what repairs is carried out all the same",
            )


def _what_guards_hold(situation: Situation) -> list[Step]:
    """Steps that take something away or make an Administrator."""
    return [
        step
        for step in situation.steps
        if step.status is not Status.DONE
        and (taken_from(step.operation) is not None or _makes_administrator(step.operation))
    ]


DECLARES_LESS: Final = "declares-less"
FEWEST_TO_JUDGE: Final = 4
"""Of so few applications and people one more or less says nothing."""


def much_is_gone(before: frozenset[str], desired: DesiredState) -> bool:
    """Whether a file declares less than half of what an earlier one did."""
    return len(before) >= FEWEST_TO_JUDGE and 2 * len(before - declared(desired)) > len(before)


def _declares_less(situation: Situation) -> Iterator[Held]:
    before = situation.last_declared
    gone = before - declared(situation.desired)
    held = _what_guards_hold(situation)
    if held and much_is_gone(before, situation.desired):
        yield Held(
            ids_of(held),
            f"The file declared {len(before)} applications and people when it was last applied; {len(gone)} of them "
            f"are gone, among them {min(gone)}.",
            "check that the file is whole; what is left out is forgotten, and protects nobody's roles any more",
        )


def _working_token(situation: Situation) -> Iterator[Held]:
    """A second opinion on the order: it knows nothing of the rules and plays every step through."""
    within = recent(situation.desired)
    bad = steps_that_take_away_a_working_token(situation.steps, situation.judged, situation.live, within)
    if bad:
        yield Held(
            bad,
            "The step would take away a token that an application is at work with.",
            "hand that token over first; if the application no longer needs it, have it made inactive",
        )


GUARDS: tuple[Guard, ...] = (
    Guard("own-access", "The tool's own access is at stake", _own_access, is_final=True),
    Guard("min-administrators", "Too few administrators", _min_administrators),
    Guard("last-role", "Last role of a person", _last_role),
    Guard("protected-employees", "Protected employee", _protected_employees),
    Guard("max-removals", "Too many removals at once", _max_removals),
    Guard("freeze", "Frozen", _freeze),
    Guard(DECLARES_LESS, "The file declares much less than before", _declares_less),
    Guard("working-token", "A working token would be taken away", _working_token, is_final=True),
)


def is_guard(rule: str) -> bool:
    """True when a diagnostic of this rule comes from a guard."""
    return any(guard.rule == rule for guard in GUARDS)


def overridable() -> tuple[str, ...]:
    """The rules of the guards that a reason may override."""
    return tuple(guard.rule for guard in GUARDS if not guard.is_final)
