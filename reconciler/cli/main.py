"""Runs a command and turns whatever comes of it into an exit code; no traceback ever reaches a person by itself."""

import sys
from collections.abc import Sequence

from reconciler.cli.exit_codes import ExitCode, of_error
from reconciler.cli.output import say
from reconciler.core.errors import ReconcilerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: without the program's name; None takes those of the process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from reconciler import __version__  # noqa: PLC0415  answered before typer is loaded

        sys.stdout.write(f"reconciler {__version__}\n")
        return ExitCode.OK
    try:
        return _run(given)
    except ReconcilerError as error:
        _report(error)
        return of_error(error)
    except KeyboardInterrupt:
        say("Interrupted.")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python would complain again when it flushes at exit.
        sys.stderr.close()
        return ExitCode.FAILED


def _run(arguments: Sequence[str]) -> int:
    import typer  # noqa: PLC0415  not loaded for --version

    from reconciler.cli.app import app  # noqa: PLC0415  likewise

    command = typer.main.get_command(app)
    try:
        code = command.main(args=list(arguments), prog_name="reconciler", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        say("Interrupted.")
        return ExitCode.INTERRUPTED
    except typer.TyperException as wrong:
        # Its own code for wrong usage is 2, which pipelines would read as "changes pending".
        said = wrong.format_message()
        say(said if said.startswith("Usage:") else f"Error: {said}\n  hint: `reconciler --help` tells what there is")
        return ExitCode.USAGE
    return int(code or 0)


def _report(error: ReconcilerError) -> None:
    from reconciler.render.to_text import diagnostic_to_text  # noqa: PLC0415  only on the way to an error message

    for item in error.diagnostics:
        say(diagnostic_to_text(item))
