"""`show`: a saved plan once more, as people or pipelines read it."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.attempt import delivered_code
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import Renderers, deliver, parse_outputs, require_places, width
from reconciler.core.plan import Plan
from reconciler.render.to_json import plan_document, to_json
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.saved_plan import saved_plans


def run(file: Path, output: Sequence[str]) -> ExitCode:
    """Show the plans of the file; it is only read, never carried out."""
    outputs = parse_outputs(output)
    plans = saved_plans(file)
    names = [plan.environment for plan in plans]
    require_places(outputs, names)
    renderers: Renderers[Plan] = Renderers(
        text=lambda chosen: "\n".join(plan_to_text(plan, width()) for plan in chosen),
        text_file=lambda chosen: "\n".join(plan_to_text(plan, width(in_file=True)) for plan in chosen),
        json=lambda chosen: to_json([plan_document(plan) for plan in chosen]),
    )
    return delivered_code(ExitCode.OK, delivered=deliver(outputs, names, plans, renderers))
