"""Runs a command and turns whatever comes of it into an exit code; no traceback ever reaches a person by itself."""

# Whatever takes time to load is imported below, where an interruption is already turned into an exit code.
import errno
import os
import sys
from collections.abc import Sequence

_INTERRUPTED = 130
# What the scripts of `--install-completion` set while they ask.
_COMPLETING = "_RECONCILER_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: without the program's name; None takes those of the process.
    """
    try:
        code = _answered(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        _say("Interrupted.")
        if arguments is None:
            # Python would wait for threads that read, and a further Ctrl-C would then end in a traceback.
            os._exit(_INTERRUPTED)
    return code


def _say(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def _answered(given: Sequence[str]) -> int:
    try:
        return _run(given)
    except Exception as error:  # noqa: BLE001  what is not expected is raised again; what tells of errors loads late
        return _failed(error)


def _failed(error: Exception) -> int:
    """Tell of what is expected to go wrong, and return its code; anything else goes on."""
    from reconciler.cli.exit_codes import ExitCode, of_error  # noqa: PLC0415  see above
    from reconciler.cli.output import report  # noqa: PLC0415  see above
    from reconciler.cli.writing import give_up_stdout  # noqa: PLC0415  see above
    from reconciler.core.errors import ReconcilerError  # noqa: PLC0415  see above

    if isinstance(error, ReconcilerError):
        report(error)
        return of_error(error)
    if isinstance(error, BrokenPipeError):
        give_up_stdout()
        return ExitCode.FAILED
    if isinstance(error, OSError):
        # Results tell of their own failures; this is help or the version printed to a full disk, or the like.
        give_up_stdout()
        where = f"{error.filename}: " if error.filename else ""
        report(ReconcilerError(f"The system refused: {where}{error.strerror or error}."))
        return ExitCode.FAILED
    raise error


def _run(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--version"]:
        return _version()
    if arguments[:1] == ["validate"] and _COMPLETING not in os.environ and not any(map(_is_option, arguments[1:])):
        return _validate(arguments[1:])
    if _COMPLETING in os.environ:
        # As if rich were absent: typer would load it to wrap the help of what is offered, and shells take what comes in
        # the second line for more words.
        sys.modules["rich"] = None  # type: ignore[assignment] # how an import is forbidden
    import typer  # noqa: PLC0415  not loaded for what is answered above

    from reconciler.cli.app import app  # noqa: PLC0415  likewise

    command = typer.main.get_command(app)
    try:
        code = command.main(args=list(arguments), prog_name="reconciler", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return _INTERRUPTED
    except typer.TyperException as wrong:
        return _wrong_usage(wrong.format_message(), _asked_for(wrong))
    return int(code or 0)


def _version() -> int:
    """Answered before anything is loaded: it is what scripts ask to see whether the program is there."""
    from reconciler import __version__  # noqa: PLC0415  see above

    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    sys.stdout.write(f"reconciler {__version__}\n")
    sys.stdout.flush()
    return 0


def _is_option(argument: str) -> bool:
    return argument.startswith("-")


def _validate(names: Sequence[str]) -> int:
    """What a hook runs at each commit: with nothing but names there is nothing to parse, so typer is not loaded."""
    from reconciler.cli.places import ENVIRONMENTS  # noqa: PLC0415  see above
    from reconciler.cli.validating import run  # noqa: PLC0415  see above

    return run(names, ENVIRONMENTS, [])


def _asked_for(wrong: Exception) -> str:
    """The command whose options were meant, `reconciler plan`; the program itself where it came to none."""
    return getattr(getattr(wrong, "ctx", None), "command_path", None) or "reconciler"


def _wrong_usage(said: str, command: str) -> int:
    """Typer's own code for wrong usage is 2, which pipelines would read as "changes pending"."""
    from reconciler.cli.exit_codes import ExitCode  # noqa: PLC0415  see above
    from reconciler.cli.output import report  # noqa: PLC0415  see above
    from reconciler.core.errors import UsageError  # noqa: PLC0415  see above

    if said.startswith("Usage:"):
        _say(said)
        return ExitCode.USAGE
    # Where an option is nearly one that there is, typer names it in brackets behind the sentence.
    sentence, _, close = said.removesuffix(")").partition(" (Possible options: ")
    meant = f"did you mean {close}? " if close else ""
    told = sentence if sentence.endswith(".") else f"{sentence}."
    report(UsageError(told, hint=f"{meant}`{command} --help` tells what there is"))
    return ExitCode.USAGE
