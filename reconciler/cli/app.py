"""The commands and their options; what they do is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

from reconciler import __version__
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.places import ENVIRONMENTS

app = typer.Typer(
    name="reconciler",
    help="Plan and apply who owns the tokens of NetSuite integrations.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
emulator = typer.Typer(help="A NetSuite in the box.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(emulator, name="emulator")

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[ENV]...", help="Names or paths; all of the folder when none is given.")
]
Folder = Annotated[Path, typer.Option("--environments", metavar="DIR", help="Where environment files lie.")]
Outputs = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FORMAT[=FILE]", help="text (default) or json, to stdout or a file; repeatable."),
]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Tell changes and waiting by the exit code.")]


def _version(wanted: bool) -> None:  # noqa: FBT001  the signature typer calls
    if wanted:
        typer.echo(f"reconciler {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Plan and apply who owns the tokens of NetSuite integrations."""


@app.command()
def validate(names: Names = None, environments: Folder = ENVIRONMENTS, output: Outputs = None) -> None:
    """Check environment files: YAML, schema, references, meaning. Needs neither network nor secrets."""
    from reconciler.cli.validating import run  # noqa: PLC0415  loaded when it runs

    _leave(run(names or [], environments, output or []))


@app.command()
def plan(
    names: Names = None,
    environments: Folder = ENVIRONMENTS,
    output: Outputs = None,
    *,
    detailed_exitcode: Detailed = False,
) -> None:
    """Show what differs from live NetSuite and the steps that lead there. Read-only."""
    from reconciler.cli.planning import run  # noqa: PLC0415  loaded when it runs

    _leave(run(names or [], environments, output or [], detailed=detailed_exitcode))


@app.command()
def apply(
    names: Annotated[list[str], typer.Argument(metavar="ENV...", help="Names or paths of environments.")],
    environments: Folder = ENVIRONMENTS,
    output: Outputs = None,
    *,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask before writing.")] = False,
    detailed_exitcode: Detailed = False,
) -> None:
    """Carry out what can be done now, look again, and say what waits for whom."""
    from reconciler.cli.applying import run  # noqa: PLC0415  loaded when it runs

    _leave(run(names, environments, output or [], auto_approve=auto_approve, detailed=detailed_exitcode))


@app.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan that `plan --output json=FILE` saved.")],
    output: Outputs = None,
) -> None:
    """Show a saved plan."""
    from reconciler.cli.showing import run  # noqa: PLC0415  loaded when it runs

    _leave(run(file, output or []))


@app.command()
def schema(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Which one; a list when none is given.")] = None,
) -> None:
    """Print a JSON Schema."""
    from reconciler.wiring.configuration import schema_names, schema_text  # noqa: PLC0415  loaded when it runs

    typer.echo("\n".join(schema_names()) if name is None else schema_text(name).rstrip("\n"))


@emulator.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def serve(context: typer.Context) -> None:
    """Serve the emulator of an environment, so that people can act between commands.

    `reconciler emulator serve [ENV] [OPTIONS]`: with an environment its own database, else one in memory.
    """
    from reconciler.cli.emulating import serve as run  # noqa: PLC0415  loaded when it runs

    run(context.args)


@emulator.command()
def behaviours() -> None:
    """List what the emulator knows and what it only assumes, with sources."""
    from reconciler.cli.emulating import behaviours as run  # noqa: PLC0415  loaded when it runs

    run()


def _leave(code: ExitCode | int) -> None:
    raise typer.Exit(int(code))
