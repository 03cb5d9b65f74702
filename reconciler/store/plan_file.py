"""Reads a saved plan, to show it; what it says is never carried out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from reconciler.core.change import Action, Change, HeldRole, Reason, RecordState, Side, TokenHolder
from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.digest import Fact
from reconciler.core.errors import ReconcilerError
from reconciler.core.permissions import Level, PermissionDifference, PermissionMove
from reconciler.core.plan import Plan, ReadAs
from reconciler.core.step import Actor, Status, Step
from reconciler.store.saved_file import Saved, read_saved

MAX_BYTES: Final = 64 * 1024 * 1024


class PlanFileError(ReconcilerError):
    """A file that is no plan, or not one that this version reads."""

    rule = "plan-file"
    summary = "Not a saved plan"


_KIND: Final = Saved("plan", PlanFileError, "save one with: reconciler plan ENV --output json=PLAN.json", MAX_BYTES)


def read_plans(path: Path, schema: Mapping[str, Any]) -> tuple[Plan, ...]:
    """The plans of a file, in its order; environments that had failed are left out.

    Args:
        path: what `--output json=FILE` wrote.
        schema: the schema of plans.

    Raises:
        PlanFileError: the file cannot be read, is no plan, or has a newer format.
    """
    documents = read_saved(path, _KIND, schema)
    try:
        plans = tuple(map(_plan, documents))
    except ValueError as error:
        raise PlanFileError(f"{path} is no plan: {error}.", hint=_KIND.hint) from error
    _require_whole(path, plans)
    return plans


def _require_whole(path: Path, plans: Iterable[Plan]) -> None:
    """What no schema can say: the steps that others need are there."""
    for plan in plans:
        known = {step.id for step in plan.steps}
        for step in plan.steps:
            if missing := next((need for need in step.needs if need not in known), None):
                message = f"{path} is no plan: step {step.id[:200]} needs {missing[:200]}, which is not there."
                raise PlanFileError(message, hint=_KIND.hint)


def _plan(document: Mapping[str, Any]) -> Plan:
    return Plan(
        environment=document["environment"],
        account=document["account"],
        emulator=document["emulator"],
        digest=document["digest"],
        applyable=document["applyable"],
        complete=document["complete"],
        changes=tuple(_change(change) for change in document["changes"]),
        steps=tuple(_step(step) for step in document["steps"]),
        diagnostics=tuple(_diagnostic(item) for item in document["diagnostics"]),
        observed=tuple(Fact(fact["fact"], fact["value"]) for fact in document["observed"]),
        read_as=_read_as(document.get("read_as")),
        permissions=_permissions(document.get("permissions")),
        only=tuple(document.get("only", ())),
    )


def _permissions(documents: Sequence[Mapping[str, Any]] | None) -> tuple[PermissionDifference, ...] | None:
    return None if documents is None else tuple(map(_difference, documents))


def _difference(document: Mapping[str, Any]) -> PermissionDifference:
    return PermissionDifference(
        person=document["person"],
        gains=tuple(document["gains"]),
        loses=tuple(document["loses"]),
        moves=tuple(
            PermissionMove(move["permission"], Level(move["before"]), Level(move["after"]))
            for move in document["moves"]
        ),
        notes=tuple(document["notes"]),
    )


def _read_as(document: Mapping[str, Any] | None) -> ReadAs | None:
    if document is None:
        return None
    ends = document["certificate_ends"]
    return ReadAs(document["employee"], document["role"], date.fromisoformat(ends) if ends else None)


def _change(document: Mapping[str, Any]) -> Change:
    return Change(
        address=document["address"],
        action=Action(document["action"]),
        before=_side(document["before"]),
        after=_side(document["after"]),
        reason=Reason(document["reason"]),
        declared_at=_position(document["declared_at"]),
    )


_SIDES: Final[tuple[tuple[Callable[..., Side], tuple[str, ...], tuple[str, ...]], ...]] = (
    (TokenHolder, ("owner", "role"), ("owner", "role", "token")),
    (HeldRole, ("role", "purpose"), ("role", "purpose")),
    (RecordState, ("state",), ("state",)),
)
"""What a side may be: the fields it must have, and those it may have. Others are of a later version."""


def _side(document: Mapping[str, Any] | None) -> Side | None:
    if document is None:
        return None
    text = {key: value for key, value in document.items() if isinstance(value, str)}
    kind, fields = next((kind, fields) for kind, required, fields in _SIDES if text.keys() >= set(required))
    return kind(**{name: text[name] for name in fields if name in text})


def _position(document: Mapping[str, Any]) -> Position:
    return Position(document["file"], document["line"], document["column"])


def _step(document: Mapping[str, Any]) -> Step:
    return Step(
        id=document["id"],
        kind=document["kind"],
        actor=Actor(document["actor"]),
        address=document["address"],
        status=Status(document["status"]),
        needs=tuple(document["needs"]),
        summary=document["summary"],
        instructions=tuple(document["instructions"]),
        done_when=document["done_when"],
        operation=None,
        note=document["note"],
    )


def _diagnostic(document: Mapping[str, Any]) -> Diagnostic:
    position = document["position"]
    return Diagnostic(
        severity=Severity(document["severity"]),
        rule=document["rule"],
        summary=document["summary"],
        detail=document["detail"],
        address=document["address"],
        position=None if position is None else _position(position),
        hint=document.get("hint"),
    )
