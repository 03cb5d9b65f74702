"""`apply`: carry out what can be done now, one environment after the other."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.exit_codes import ExitCode, of_ending, of_error, worst
from reconciler.cli.output import deliver, parse_outputs, progress, say, width
from reconciler.cli.planning import surroundings, usable
from reconciler.core.diagnostics import Diagnostic, has_errors
from reconciler.core.errors import ConfigurationError, ReconcilerError, UsageError
from reconciler.core.outcome import ApplyReport
from reconciler.core.plan import Plan
from reconciler.pipeline import apply
from reconciler.render.to_json import Document, apply_document, failure_document, to_json
from reconciler.render.to_text import apply_to_text, diagnostics_to_text, plan_to_text, result_to_text
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Environment, load


@dataclass(frozen=True, slots=True)
class Applied:
    """One environment: what was done, or why nothing was."""

    environment: str
    report: ApplyReport | None
    diagnostics: tuple[Diagnostic, ...]
    code: ExitCode

    def document(self) -> Document:
        return apply_document(self.report) if self.report else failure_document(self.environment, self.diagnostics)


def run(names: Sequence[str], folder: Path, output: Sequence[str], *, auto_approve: bool, detailed: bool) -> ExitCode:
    """Apply, show, and return the code of the worst that happened.

    Every named file is checked before anything is written anywhere.
    """
    outputs = parse_outputs(output)
    loaded = load(names, folder)
    if wrong := [item for _, one in loaded if has_errors(one.diagnostics) for item in one.diagnostics]:
        raise ConfigurationError(tuple(wrong))
    checked = [(path, usable(one)) for path, one in loaded]
    applied = [_apply(*one, auto_approve=auto_approve, detailed=detailed) for one in checked]
    for one in applied:
        if one.report is None:
            say(diagnostics_to_text(one.diagnostics))
    deliver(
        outputs,
        {
            "text": lambda: "\n".join(apply_to_text(one.report, width()) for one in applied if one.report),
            "json": lambda: to_json([one.document() for one in applied]),
        },
    )
    return worst(one.code for one in applied)


def _apply(path: Path, environment: Environment, *, auto_approve: bool, detailed: bool) -> Applied:
    try:
        with session(environment, surroundings(path)) as access:
            report = apply(
                environment.desired,
                access.reader,
                access.open_writer,
                approve=lambda plan: auto_approve or _asked(plan),
                tell=lambda result: progress(result_to_text(result)),
            )
    except ReconcilerError as error:
        return Applied(path.stem, None, error.diagnostics, of_error(error))
    return Applied(path.stem, report, (), of_ending(report.ending, detailed=detailed))


def _asked(plan: Plan) -> bool:
    """Show the plan and ask; only `yes` is a yes.

    Raises:
        UsageError: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            "There is something to write, and no terminal to ask on.",
            hint="read the plan, then run apply with --auto-approve",
        )
    say(plan_to_text(plan, width()))
    sys.stderr.write("Carry out the steps that are automatic and ready? Only 'yes' is accepted: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"
