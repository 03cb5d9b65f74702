"""`show`: a saved plan once more, as people or pipelines read it."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import deliver, parse_outputs, width
from reconciler.render.to_json import plan_document, to_json
from reconciler.render.to_text import plan_to_text
from reconciler.wiring.saved_plan import saved_plans


def run(file: Path, output: Sequence[str]) -> ExitCode:
    """Show the plans of the file; it is only read, never carried out."""
    outputs = parse_outputs(output)
    plans = saved_plans(file)
    deliver(
        outputs,
        {
            "text": lambda: "\n".join(plan_to_text(plan, width()) for plan in plans),
            "json": lambda: to_json([plan_document(plan) for plan in plans]),
        },
    )
    return ExitCode.OK
