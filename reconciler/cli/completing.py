"""What a shell offers while a command is typed. Names only: no file is opened, nothing that takes time is loaded."""

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from reconciler.cli.formats import Format
from reconciler.cli.places import ENVIRONMENTS


def environments(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of environments that begin like the word and stand nowhere before it; for a path the shell offers files."""
    from reconciler.config.discovery import environment_names  # noqa: PLC0415  loaded when it runs

    given = {value for values in ctx.params.values() if isinstance(values, list | tuple) for value in values}
    folder = ctx.params.get("environments") or ENVIRONMENTS
    return [name for name in environment_names(Path(folder)) if name.startswith(incomplete) and name not in given]


def formats(offered: Sequence[Format]) -> Callable[[str], list[str]]:
    """What completes the word behind `--output` of a command that offers these."""

    def complete(incomplete: str) -> list[str]:
        return [form.value for form in offered if form.startswith(incomplete)]

    return complete


def schemas(incomplete: str) -> list[str]:
    from reconciler.config.schema_files import schema_names  # noqa: PLC0415  loaded when it runs

    return [name for name in schema_names() if name.startswith(incomplete)]
