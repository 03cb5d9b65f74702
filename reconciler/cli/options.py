"""Options that commands share."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from reconciler.cli import completing
from reconciler.cli.formats import Format, named

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ENV]...",
        help="Names or paths; all of the folder when none is given.",
        autocompletion=completing.environments,
    ),
]
Folder = Annotated[Path, typer.Option("--environments", metavar="DIR", help="Where environment files lie.")]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="GLOB", help="Only these addresses, and what they need first; repeatable."),
]
LinkBase = Annotated[
    str | None,
    typer.Option(
        "--link-base", metavar="URL", help="Where files can be opened: https://HOST/OWNER/REPOSITORY/blob/REVISION."
    ),
]
NoEmulator = Annotated[bool, typer.Option("--no-emulator", help="Leave out environments of the embedded emulator.")]
ShardOption = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="The I-th of N parts, split by account: for a CI job.")
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="Read on a Dask cluster: tcp://HOST:PORT or tls://HOST:PORT."),
]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Tell changes and waiting by the exit code.")]


def output(offered: Sequence[Format]) -> Any:
    """The option that says how a command shows its result."""
    return typer.Option(
        "--output",
        metavar="FORMAT[=FILE]",
        help=f"{named(offered)}, to stdout or a file; repeatable.",
        autocompletion=completing.formats(offered),
    )
