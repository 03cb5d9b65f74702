"""The options of `forge`, which pipelines call."""

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.options import Folder
from reconciler.cli.places import ENVIRONMENTS

app = typer.Typer(help="What pipelines do on GitHub and GitLab.", no_args_is_help=True, rich_markup_mode=None)


@app.command(short_help="Comment on the pull request, once for each environment.")
def comment(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Holds what `plan --output markdown=DIR/{environment}.md` and json= wrote."),
    ],
    exit_code: Annotated[int, typer.Option("--exit-code", metavar="N", help="How `plan` ended.")] = 0,
) -> None:
    """Put each plan onto the pull request of this job: one comment for each environment, edited in place."""
    from reconciler.cli.forging import comment as run  # noqa: PLC0415  loaded when it runs

    raise typer.Exit(run(folder, exit_code))


@app.command(short_help="Open, edit or close the one issue about drift.")
def issue(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `drift --output markdown=FILE` wrote.")],
    exit_code: Annotated[int, typer.Option("--exit-code", metavar="N", help="How `drift` ended.")],
) -> None:
    """Keep one issue about drift: opened when there is any, closed only when `drift` ended with 0."""
    from reconciler.cli.forging import issue as run  # noqa: PLC0415  loaded when it runs

    raise typer.Exit(run(file, exit_code))


@app.command(short_help="Compare plans with those on the merged pull request.")
def reviewed(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Holds plans that were made on the merged commit.")],
) -> None:
    """Say whether the plans of a folder are those that the merged pull request showed; 6 when one is not."""
    from reconciler.cli.forging import reviewed as run  # noqa: PLC0415  loaded when it runs

    raise typer.Exit(run(folder))


@app.command(short_help="Fetch the newest approved plan of each environment.")
def approved(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where ENV.json is written.")],
    environments: Folder = ENVIRONMENTS,
) -> None:
    """Fetch for each environment the newest plan that was let through to apply, for a schedule to go on with."""
    from reconciler.cli.forging import approved as run  # noqa: PLC0415  loaded when it runs

    raise typer.Exit(run(folder, environments))
