"""`validate`: what is wrong with environment files."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.cli.attempt import delivered_code
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.formats import VALIDATE, Format
from reconciler.cli.output import Renderers, deliver, parse_outputs, require_places, width
from reconciler.cli.surroundings import sources
from reconciler.core.diagnostics import Diagnostic, has_errors
from reconciler.render.diagnostic_text import validation_to_text
from reconciler.render.findings import Finding
from reconciler.render.to_json import to_json, validation_document
from reconciler.wiring.configuration import check

Checked = tuple[Path, tuple[Diagnostic, ...]]


def run(names: Sequence[str], folder: Path, output: Sequence[str]) -> ExitCode:
    """Check the files, tell everything that is wrong, and return 0 or 3."""
    outputs = parse_outputs(output, VALIDATE)
    checked = check(names, folder)
    environments = [path.stem for path, _ in checked]
    require_places(outputs, environments)
    renderers: Renderers[Checked] = Renderers(
        text=lambda chosen: validation_to_text(_diagnostics(chosen), _files(chosen), width()),
        text_file=lambda chosen: validation_to_text(_diagnostics(chosen), _files(chosen), width(in_file=True)),
        others={
            Format.JSON: lambda chosen: to_json([validation_document(_diagnostics(chosen), _files(chosen))]),
            Format.SARIF: _sarif,
            Format.GITHUB: _annotations,
        },
    )
    code = ExitCode.INVALID if has_errors(_diagnostics(checked)) else ExitCode.OK
    return delivered_code(code, delivered=deliver(outputs, environments, checked, renderers))


def _sarif(chosen: Sequence[Checked]) -> str:
    from reconciler.render.to_sarif import to_sarif  # noqa: PLC0415  few ask for it, and it takes time to load

    return to_sarif(_findings(chosen), sources())


def _annotations(chosen: Sequence[Checked]) -> str:
    from reconciler.render.to_github import to_github  # noqa: PLC0415  likewise

    return to_github(_findings(chosen), sources())


def _files(chosen: Sequence[Checked]) -> list[str]:
    return [str(path) for path, _ in chosen]


def _diagnostics(chosen: Sequence[Checked]) -> list[Diagnostic]:
    return [item for _, found in chosen for item in found]


def _findings(chosen: Sequence[Checked]) -> list[Finding]:
    return [Finding(item, str(path)) for path, found in chosen for item in found]
