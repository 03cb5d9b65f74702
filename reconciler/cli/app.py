"""The commands and their options; what they do is imported when they run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reconciler import __version__
from reconciler.cli import completing, first_contact, looking
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.forge_commands import app as forge_commands
from reconciler.cli.formats import APPLY, EXPLAIN, PLAN, VALIDATE
from reconciler.cli.options import Detailed, Folder, LinkBase, Names, Only
from reconciler.cli.options import output as _output
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
app.add_typer(forge_commands, name="forge")


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


@app.command(short_help="Write a repository of environments that works at once.")
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; here when none is given.")] = Path(),
    ci: Annotated[
        str, typer.Option("--ci", metavar="FORGE", help="For which pipelines are written: github, gitlab or none.")
    ] = "github",
    install: Annotated[
        str | None,
        typer.Option(
            "--install", metavar="REQUIREMENT", help="What pipelines install, pinned; none: where this came from."
        ),
    ] = None,
) -> None:
    """Write a repository of environments: the emulator as a first one, pipelines, editor and pre-commit set-up.

    What is there already is kept as it is.
    """
    from reconciler.cli.starting import run  # noqa: PLC0415  loaded when it runs

    _leave(run(folder, ci, install))


@app.command()
def validate(
    names: Names = None,
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, _output(VALIDATE)] = None,
) -> None:
    """Check environment files: YAML, schema, references, meaning. Needs neither network nor secrets."""
    from reconciler.cli.validating import run  # noqa: PLC0415  loaded when it runs

    _leave(run(names or [], environments, output or []))


app.command(short_help="Show what differs and the steps that lead there.")(looking.plan)


@app.command(short_help="Carry out what can be done now; say what waits.")
def apply(  # noqa: PLR0913  each is an option of its own
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ENV...|PLAN.json",
            help="Names or paths of environments; or a saved plan, which is the approval, until its changes are gone.",
            autocompletion=completing.environments,
        ),
    ],
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, _output(APPLY)] = None,
    *,
    only: Only = None,
    link_base: LinkBase = None,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask before writing.")] = False,
    detailed_exitcode: Detailed = False,
    lock_timeout: Annotated[
        str, typer.Option(metavar="LENGTH", help="How long to wait while somebody else applies: 30s, 10m, 1h.")
    ] = "0s",
    wait: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="Stay for the people and go on by itself: 30m, 8h.")
    ] = None,
    override: Annotated[
        list[str] | None,
        typer.Option(metavar="GUARD=REASON", help="Let a guard hold nothing back in this run; repeatable."),
    ] = None,
) -> None:
    """Carry out what can be done now, look again, and say what waits for whom."""
    from reconciler.cli.applying import Options, run  # noqa: PLC0415  loaded when it runs

    given = Options(
        auto_approve=auto_approve,
        detailed=detailed_exitcode,
        only=only or [],
        lock_timeout=lock_timeout,
        override=override or [],
        wait=wait,
        link_base=link_base,
    )
    _leave(run(names, environments, output or [], given))


app.command(short_help="Tell by the exit code whether accounts are as declared.")(looking.drift)
app.command(short_help="Show who is really at work, and since when.")(looking.verify)
app.command(short_help="Show who may do what, and what is wrong with it.")(looking.review)
app.command(short_help="Show what was applied, by whom, on which commit.")(looking.history)


@app.command(short_help="Free the lock of an apply that is gone.")
def unlock(
    name: Annotated[str, typer.Argument(metavar="ENV", help="Whose lock.", autocompletion=completing.environments)],
    lock_id: Annotated[str, typer.Argument(metavar="ID", help="The id that the refused apply told.")],
    environments: Folder = ENVIRONMENTS,
) -> None:
    """Free the lock of an apply that is certainly gone; one that was killed is free by itself after two minutes."""
    from reconciler.cli.remembering import unlock as run  # noqa: PLC0415  loaded when it runs

    run(name, lock_id, environments)


app.command("import", short_help="Write the file that declares an account as it is.")(first_contact.import_)
app.command(short_help="Look what is there and what is missing in an account.")(first_contact.doctor)


@app.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan that `plan --output json=FILE` saved.")],
    output: Annotated[list[str] | None, _output(PLAN)] = None,
    *,
    link_base: LinkBase = None,
) -> None:
    """Show a saved plan."""
    from reconciler.cli.showing import run  # noqa: PLC0415  loaded when it runs

    _leave(run(file, output or [], link_base))


def _rules(incomplete: str) -> list[str]:
    from reconciler.core.rulebook import ENTRIES  # noqa: PLC0415  loaded when somebody presses Tab

    return [name for name in ENTRIES if name.startswith(incomplete) and "*" not in name]


@app.command(short_help="Say what a finding, guard or error means.")
def explain(
    rule: Annotated[
        str | None,
        typer.Argument(
            metavar="[RULE]", help="Its name, as outputs show it; a list when none is given.", autocompletion=_rules
        ),
    ] = None,
    output: Annotated[list[str] | None, _output(EXPLAIN)] = None,
) -> None:
    """Say what a finding, guard, error or reason means, why it matters and what to do. Reads nothing."""
    from reconciler.cli.explaining import run  # noqa: PLC0415  loaded when it runs

    _leave(run(rule, output or []))


@app.command()
def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="Which one; a list when none is given.", autocompletion=completing.schemas
        ),
    ] = None,
) -> None:
    """Print a JSON Schema."""
    from reconciler.cli.writing import to_stdout  # noqa: PLC0415  loaded when it runs
    from reconciler.wiring.configuration import schema_names, schema_text  # noqa: PLC0415  loaded when it runs

    text = "\n".join(schema_names()) if name is None else schema_text(name).rstrip("\n")
    to_stdout(f"{text}\n")


@emulator.command(short_help="Keep the emulator running until stopped.")
def serve(  # noqa: PLR0913  each is an option of its own
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENV]",
            help="Serve its own database; none: one that is in memory.",
            autocompletion=completing.environments,
        ),
    ] = None,
    environments: Folder = ENVIRONMENTS,
    port: Annotated[int, typer.Option(metavar="N", help="Port on 127.0.0.1; 0: a free one.")] = 0,
    seed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What a new database holds; none: the built-in story.")
    ] = None,
    database: Annotated[Path | None, typer.Option(metavar="FILE", help="SQLite file instead of ENV's own.")] = None,
    account: Annotated[
        str | None, typer.Option(metavar="ID", help="Account id of the story, where no ENV says it.")
    ] = None,
    latency: Annotated[int, typer.Option(metavar="MS", help="Milliseconds before every answer.")] = 0,
    concurrency_limit: Annotated[
        int | None, typer.Option(metavar="N", help="Requests in flight per account; 0: no limit.")
    ] = None,
    behaviour: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Sets a switch of `emulator behaviours`; repeatable.")
    ] = None,
    like: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A report of `doctor`: behave like that account.")
    ] = None,
    registration: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON with url and pid while it serves, instead of ENV's own.")
    ] = None,
    ready_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same for others to wait for: absent until it listens.")
    ] = None,
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", help="Stop when standard input ends.")
    ] = False,
) -> None:
    """Serve the emulator of an environment until stopped, so that people can act between commands.

    The first line on stdout is: listening on http://127.0.0.1:PORT
    """
    from reconciler.cli.emulating import serve as run  # noqa: PLC0415  loaded when it runs

    given: dict[str, Sequence[object]] = {
        "--port": [port],
        "--seed": [seed],
        "--database": [database],
        "--account": [account],
        "--latency": [latency],
        "--concurrency-limit": [concurrency_limit],
        "--behaviour": behaviour or [],
        "--like": [like],
        "--registration": [registration],
        "--ready-file": [ready_file],
    }
    options = [part for key, values in given.items() for value in values if value is not None for part in (key, value)]
    flags = ["--until-stdin-closes"] if until_stdin_closes else []
    run(name, environments, [*map(str, options), *flags])


@emulator.command(short_help="Forget what happened; the story begins anew.")
def reset(
    name: Annotated[
        str,
        typer.Argument(metavar="ENV", help="Whose story shall begin anew.", autocompletion=completing.environments),
    ],
    environments: Folder = ENVIRONMENTS,
) -> None:
    """Forget what happened in the emulator of an environment; its next command begins with the story anew."""
    from reconciler.cli.emulating import reset as run  # noqa: PLC0415  loaded when it runs

    run(name, environments)


@emulator.command(short_help="List what is known and what is only assumed.")
def behaviours(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these; * and ? stand for other characters.")
    ] = None,
    *,
    assumed: Annotated[bool, typer.Option("--assumed", help="Only what is likely or unknown.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Only how many there are.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List what the emulator knows and what it only assumes, with sources."""
    from reconciler.cli.emulating import behaviours as run  # noqa: PLC0415  loaded when it runs

    given = {"--assumed": assumed, "--summary": summary, "--json": as_json}
    run(names or [], [option for option, is_given in given.items() if is_given])


def _leave(code: ExitCode | int) -> None:
    raise typer.Exit(int(code))
