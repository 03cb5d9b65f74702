"""The commands for an account that nobody has looked at yet; what they do is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli import completing
from reconciler.cli.formats import PLAIN
from reconciler.cli.options import Folder
from reconciler.cli.options import output as output_option
from reconciler.cli.places import ENVIRONMENTS


def import_(  # noqa: PLR0913  each is an option of its own
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENV]",
            help="Name or path of a file that has at least netsuite:.",
            autocompletion=completing.environments,
        ),
    ] = None,
    environments: Folder = ENVIRONMENTS,
    account: Annotated[str | None, typer.Option(metavar="ID", help="An account that no file describes yet.")] = None,
    login: Annotated[str | None, typer.Option(metavar="METHOD", help="How to log in to it: tba or oauth2.")] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=REF", help="Where a part of that login is, if not in env:NETSUITE_<KEY>; repeatable."
        ),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="emulator, or a server on this machine; none: NetSuite.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Only these addresses: integrations.shop-*; repeatable.")
    ] = None,
    employees: Annotated[
        bool, typer.Option("--employees", help="Declare access and roles of token owners too.")
    ] = False,
    without_tokens: Annotated[
        bool, typer.Option("--without-tokens", help="Take applications too that have no token.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file; nothing is ever overwritten.")] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what differs from the file that is there.")] = False,
) -> None:
    """Write the file that declares an account as it is. Read-only; what is not clear is left for a person to decide."""
    from reconciler.cli.importing import Described, Wanted, run  # noqa: PLC0415  loaded when it runs

    described = Described(account, login, reference or [], endpoint)
    wanted = Wanted(only or [], employees, without_tokens, out, diff)
    raise typer.Exit(int(run(name, environments, described, wanted)))


def doctor(
    name: Annotated[
        str,
        typer.Argument(metavar="ENV", help="Name or path of an environment.", autocompletion=completing.environments),
    ],
    environments: Folder = ENVIRONMENTS,
    output: Annotated[list[str] | None, output_option(PLAIN)] = None,
    *,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT",
            help="look, people (write their roles), owner (administrators too); none: what ENV is for.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write what was seen, without anybody's data, as JSON.")
    ] = None,
) -> None:
    """Look what is there and what is missing: logins, permissions, clocks, and what nobody documents. Read-only."""
    from reconciler.cli.examining import run  # noqa: PLC0415  loaded when it runs

    raise typer.Exit(int(run(name, environments, output or [], profile=profile, report=report)))
