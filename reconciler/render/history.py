"""The journal as people and pipelines read it."""

from dataclasses import asdict
from typing import Any

from reconciler.core.evidence import to_the_second
from reconciler.core.history import RESET, ApplyMade, History, StepTaken
from reconciler.core.visible import visible
from reconciler.render.escaping import safe
from reconciler.render.lines import document, wrapped
from reconciler.render.to_json import FORMAT_VERSION

_SHORT = 12
# So far a step is indented below the word that says what came of it.
_STEP = 10


def history_to_text(told: History, width: int | None = None) -> str:
    """Each apply with its steps, oldest first, then what is damaged."""
    shown = safe(told)
    lines = [line for made in shown.applies for line in _apply(made, width)]
    damaged = (f"Damaged: {one.file}:{one.line}: {one.problem}" for one in shown.damage)
    lines += [line for text in damaged for line in wrapped(text, "", width)]
    return document("\n".join(lines or [f"{shown.environment}: nothing was applied yet."]).rstrip("\n"))


def _apply(made: ApplyMade, width: int | None) -> list[str]:
    run = made.run
    mark = "EMULATOR  " if run.emulator else ""
    was_reset = made.ending == RESET
    what = "reset" if was_reset else "applied"
    when = f"{to_the_second(made.begun)} UTC"
    head = f"{mark}{run.environment}: account {run.account}, {what} {when} by {run.who}, {run.where}"
    if was_reset:
        return [*wrapped(f"{head}; it holds nothing of what is told above", "", width), ""]
    commit = f", commit {run.commit[:_SHORT]}" if run.commit else ""
    why = f": {made.message}" if made.message else ""
    below = [
        *(f"only {text}" for text in run.only),
        *(f"override {visible(guard)}: {visible(reason)}" for guard, reason in sorted(run.overrides.items())),
        *map(_step, made.steps),
        f"ended     {made.ending}{why}; plan {run.digest.removeprefix('sha256:')[:_SHORT]}, run {run.id}",
    ]
    return [
        *wrapped(f"{head}{commit}", "", width),
        *(line for text in below for line in wrapped(text, "  ", width, hanging=_STEP)),
        "",
    ]


def _step(step: StepTaken) -> str:
    return f"{step.outcome:<8}  {step.summary}" + (f": {step.message}" if step.message else "")


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
