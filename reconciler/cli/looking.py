"""The commands for whoever only looks; what they do is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.formats import PLAIN, REVIEW, VERIFY
from reconciler.cli.options import Folder, LinkBase, Names
from reconciler.cli.options import output as output_option
from reconciler.cli.places import ENVIRONMENTS


def verify(
    names: Annotated[list[str], typer.Argument(metavar="ENV...", help="Names or paths of environments.")],
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
