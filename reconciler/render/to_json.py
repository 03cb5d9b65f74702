"""A plan and an apply as the published JSON documents (schemas/plan.schema.json)."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from reconciler.core.diagnostics import Diagnostic, Position

if TYPE_CHECKING:
    # Slow to load, and `validate` tells of none of them.
    from reconciler.core.change import Change, Side
    from reconciler.core.outcome import ApplyReport, StepResult
    from reconciler.core.permissions import PermissionDifference
    from reconciler.core.plan import Plan, ReadAs
    from reconciler.core.step import Step

FORMAT_VERSION = "1.0"
"""Additions keep the major number; a removal or another meaning raises it."""

Document = dict[str, Any]


def plan_document(plan: "Plan") -> Document:
    """A plan as the contract's document."""
    document = {
        "format_version": FORMAT_VERSION,
        "environment": plan.environment,
        "account": plan.account,
        "emulator": plan.emulator,
        "read_as": read_as_document(plan.read_as),
        "digest": plan.digest,
        "applyable": plan.applyable,
        "complete": plan.complete,
        "summary": asdict(plan.summary),
        "changes": [_change(change) for change in plan.changes],
        "steps": [_step(step) for step in plan.steps],
        "diagnostics": [diagnostic_document(item) for item in plan.diagnostics],
        "observed": [asdict(fact) for fact in plan.observed],
        **({"only": list(plan.only)} if plan.only else {}),
    }
    if plan.permissions is not None:
        document["permissions"] = [_difference(one) for one in plan.permissions]
    return document


def apply_document(report: "ApplyReport") -> Document:
    """An apply: the plan a fresh read gave afterwards, with what was tried and how it ended."""
    return plan_document(report.after) | {
        "ending": report.ending,
        "results": [_result(result) for result in report.results],
        "unverified": report.unverified,
    }


def failure_document(environment: str, diagnostics: Sequence[Diagnostic]) -> Document:
    """An environment that could not be planned at all."""
    return {
        "format_version": FORMAT_VERSION,
        "environment": environment,
        "errored": True,
        "diagnostics": [diagnostic_document(item) for item in diagnostics],
    }


def to_json(documents: Sequence[Document]) -> str:
    """One document as it is, several under `environments`; equal input gives equal bytes."""
    whole = documents[0] if len(documents) == 1 else {"format_version": FORMAT_VERSION, "environments": [*documents]}
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    # What is no text, a stray byte of a file name, could not be written; this is the escape that JSON has for it.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def diagnostic_document(item: Diagnostic) -> Document:
    return {
        "severity": item.severity,
        "rule": item.rule,
        "summary": item.summary,
        "detail": item.detail,
        "hint": item.hint,
        "address": item.address,
        "position": _position(item.position),
    }


def validation_document(diagnostics: Sequence[Diagnostic], files: Sequence[str]) -> Document:
    """What `validate` found."""
    errors = sum(item.severity == "error" for item in diagnostics)
    return {
        "format_version": FORMAT_VERSION,
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": sum(item.severity == "warning" for item in diagnostics),
        "files": list(files),
        "diagnostics": [diagnostic_document(item) for item in diagnostics],
    }


def _difference(one: "PermissionDifference") -> Document:
    return {
        "person": one.person,
        "gains": list(one.gains),
        "loses": list(one.loses),
        "moves": [asdict(move) for move in one.moves],
        "notes": list(one.notes),
    }


def read_as_document(login: "ReadAs | None") -> Document | None:
    if login is None:
        return None
    ends = login.certificate_ends
    return {"employee": login.employee, "role": login.role, "certificate_ends": ends.isoformat() if ends else None}


def _change(change: "Change") -> Document:
    return {
        "address": change.address,
        "action": change.action,
        "before": _side(change.before),
        "after": _side(change.after),
        "reason": change.reason,
        "declared_at": _position(change.declared_at),
    }


def _side(side: "Side | None") -> Document | None:
    return None if side is None else {key: value for key, value in asdict(side).items() if value is not None}


def _position(position: Position | None) -> Document | None:
    return None if position is None else asdict(position)


def _step(step: "Step") -> Document:
    return {
        "id": step.id,
        "kind": step.kind,
        "actor": step.actor,
        "address": step.address,
        "status": step.status,
        "needs": list(step.needs),
        "summary": step.summary,
        "instructions": list(step.instructions),
        "done_when": step.done_when,
        "note": step.note,
    }


def _result(result: "StepResult") -> Document:
    # A step that is done leaves the plan, so what it was has to stand here.
    step = result.step
    about = {"id": step.id, "kind": step.kind, "address": step.address, "summary": step.summary}
    return {**about, "outcome": result.outcome, "message": result.message}
