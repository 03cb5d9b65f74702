"""`validate`: what is wrong with environment files."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.output import deliver, parse_outputs, width
from reconciler.core.diagnostics import has_errors
from reconciler.render.to_json import to_json, validation_document
from reconciler.render.to_text import validation_to_text
from reconciler.wiring.configuration import load


def run(names: Sequence[str], folder: Path, output: Sequence[str]) -> ExitCode:
    """Check the files, tell everything that is wrong, and return 0 or 3."""
    outputs = parse_outputs(output)
    loaded = load(names, folder)
    files = [str(path) for path, _ in loaded]
    diagnostics = [item for _, one in loaded for item in one.diagnostics]
    deliver(
        outputs,
        {
            "text": lambda: validation_to_text(diagnostics, files, width()),
            "json": lambda: to_json([validation_document(diagnostics, files)]),
        },
    )
    return ExitCode.INVALID if has_errors(diagnostics) else ExitCode.OK
