"""The journal as people and pipelines read it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from reconciler.core.history import RESET, ApplyMade, History, StepTaken
from reconciler.core.visible import visible
from reconciler.render.escaping import safe
from reconciler.render.lines import document
from reconciler.render.to_json import FORMAT_VERSION

_SHORT = 12


def history_to_text(told: History) -> str:
    """Each apply with its steps, oldest first, then what is damaged."""
    shown = safe(told)
    lines = [line for made in shown.applies for line in _apply(made)]
    lines += [f"Damaged: {one.file}:{one.line}: {one.problem}" for one in shown.damage]
    return document("\n".join(lines or [f"{shown.environment}: nothing was applied yet."]).rstrip("\n"))


def _apply(made: ApplyMade) -> list[str]:
    run = made.run
    mark = "EMULATOR  " if run.emulator else ""
    if made.ending == RESET:
        when = f"reset {_moment(made.begun)} by {run.who}, {run.where}"
        return [f"{mark}{run.environment}: account {run.account}, {when}; it holds nothing of what is told above", ""]
    commit = f", commit {run.commit[:_SHORT]}" if run.commit else ""
    head = f"{mark}{run.environment}: account {run.account}, applied {_moment(made.begun)} by {run.who}, {run.where}"
    why = f": {made.message}" if made.message else ""
    return [
        f"{head}{commit}",
        *(f"  only {text}" for text in run.only),
        *(f"  override {visible(guard)}: {visible(reason)}" for guard, reason in sorted(run.overrides.items())),
        *(_step(step) for step in made.steps),
        f"  ended     {made.ending}{why}; plan {run.digest.removeprefix('sha256:')[:_SHORT]}, run {run.id}",
        "",
    ]


def _step(step: StepTaken) -> str:
    return f"  {step.outcome:<8}  {step.summary}" + (f": {step.message}" if step.message else "")


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def history_document(told: History) -> dict[str, Any]:
    """The same as data."""
    return {
        "format_version": FORMAT_VERSION,
        "environment": told.environment,
        "applies": [
            asdict(made) | {"begun": made.begun.isoformat(), "ended": made.ended.isoformat() if made.ended else None}
            for made in told.applies
        ],
        "damage": [asdict(one) for one in told.damage],
    }
