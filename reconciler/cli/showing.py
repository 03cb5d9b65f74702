"""`show`: a saved plan once more, as people or pipelines read it."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.attempt import Attempt, Shape, Target, shown
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.formats import PLAN
from reconciler.cli.output import parse_outputs, require_places
from reconciler.cli.reporting import plan_formats
from reconciler.cli.surroundings import sources
from reconciler.render.to_json import plan_document
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.saved_plan import saved_plans


def run(file: Path, output: Sequence[str], link_base: str | None = None) -> ExitCode:
    """Show the plans of the file; it is only read, never carried out."""
    outputs = parse_outputs(output, PLAN)
    attempts = [Attempt(Target(plan.environment, plan.account), plan, (), ExitCode.OK) for plan in saved_plans(file)]
    require_places(outputs, [one.target.environment for one in attempts])
    return shown(attempts, outputs, Shape(plan_to_text, plan_document, plan_formats(sources(link_base))))
