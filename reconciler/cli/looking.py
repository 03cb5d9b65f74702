"""The commands for whoever only looks; what they do is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli import completing
from reconciler.cli.formats import PLAIN, PLAN, REVIEW, VERIFY
from reconciler.cli.options import Detailed, Folder, LinkBase, Names, NoEmulator, Only, Scheduler, ShardOption
from reconciler.cli.options import output as output_option
from reconciler.cli.places import ENVIRONMENTS


def plan(  # noqa: PLR0913  each is an option of its own
    names: Names = None,
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, output_option(PLAN)] = None,
    *,
    only: Only = None,
    link_base: LinkBase = None,
    detailed_exitcode: Detailed = False,
    changed_since: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Only environments whose configuration changed since git revision REV."),
    ] = None,
    trusted: Annotated[
        str | None,
        typer.Option(
            metavar="REV", help="Take netsuite, guards, waivers and store from REV; say what would change there."
        ),
    ] = None,
    no_emulator: NoEmulator = False,
    shard: ShardOption = None,
    scheduler: Scheduler = None,
) -> None:
    """Show what differs from live NetSuite and the steps that lead there. Read-only."""
    from reconciler.cli.choosing import choice_of  # noqa: PLC0415  loaded when it runs
    from reconciler.cli.planning import Options, run  # noqa: PLC0415  likewise

    choice = choice_of(since=changed_since, trusted=trusted, emulated=not no_emulator, shard=shard)
    given = Options(
        detailed=detailed_exitcode, only=only or [], link_base=link_base, choice=choice, scheduler=scheduler
    )
    raise typer.Exit(int(run(names or [], environments, output or [], given)))


def drift(
    names: Names = None,
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, output_option(PLAN)] = None,
    *,
    link_base: LinkBase = None,
    no_emulator: NoEmulator = False,
    shard: ShardOption = None,
    scheduler: Scheduler = None,
) -> None:
    """Tell whether accounts are as declared, for schedules: the plan, and an exit code.

    0 in sync, 2 drift, 10 when only a handover under way differs, 4 when something could not be read. Read-only.
    """
    from reconciler.cli.choosing import choice_of  # noqa: PLC0415  loaded when it runs
    from reconciler.cli.planning import Options  # noqa: PLC0415  likewise
    from reconciler.cli.planning import drift as run  # noqa: PLC0415  likewise

    choice = choice_of(emulated=not no_emulator, shard=shard)
    given = Options(link_base=link_base, choice=choice, scheduler=scheduler)
    raise typer.Exit(int(run(names or [], environments, output or [], given)))


def verify(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ENV...", help="Names or paths of environments.", autocompletion=completing.environments
        ),
    ],
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, output_option(VERIFY)] = None,
    *,
    since: Annotated[str, typer.Option(metavar="LENGTH", help="How far to look back: 24h, 30d.")] = "30d",
    detailed_exitcode: Annotated[bool, typer.Option("--detailed-exitcode", help="10 where nothing is proven yet.")] = (
        False
    ),
    link_base: LinkBase = None,
) -> None:
    """Show who is really at work, by logins and authors of orders; 9 when it is not the declared owner. Read-only."""
    from reconciler.cli.verifying import run  # noqa: PLC0415  loaded when it runs

    code = run(names, environments, output or [], since=since, detailed=detailed_exitcode, link_base=link_base)
    raise typer.Exit(int(code))


def review(
    names: Names = None,
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, output_option(REVIEW)] = None,
    *,
    compare: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An earlier review as JSON: show what changed since.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What reviewers decided: hold it against the account.")
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(metavar="SEVERITY", help="Exit 1 from error, warning or info on.")
    ] = None,
    link_base: LinkBase = None,
) -> None:
    """Show everybody with access, their roles and tokens, and what is wrong with them. Read-only."""
    from reconciler.cli.reviewing import Held, run  # noqa: PLC0415  loaded when it runs

    held = Held(compare, decisions, fail_on)
    raise typer.Exit(int(run(names or [], environments, output or [], held, link_base=link_base)))


def history(
    names: Names = None,
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, output_option(PLAIN)] = None,
    *,
    handover: Annotated[
        bool, typer.Option("--handover", help="Read NetSuite too, and join both into one record per integration.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="GLOB", help="With --handover: these addresses; repeatable.")
    ] = None,
) -> None:
    """Show what was applied: each step, who did it, on which commit and plan. Reads the journal only.

    With --handover it logs in to NetSuite, read-only, and tells each handover as one record.
    """
    from reconciler.cli.remembering import tell, tell_handovers  # noqa: PLC0415  loaded when it runs

    if handover:
        raise typer.Exit(int(tell_handovers(names or [], environments, output or [], only or [])))
    if only:
        raise typer.BadParameter("it belongs to --handover", param_hint="--only")
    raise typer.Exit(int(tell(names or [], environments, output or [])))
