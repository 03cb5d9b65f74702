"""`--output FORMAT[=FILE]`: where results go. Data to stdout or files, talk to stderr."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import get_terminal_size

from reconciler.core.errors import ReconcilerError, UsageError

FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Output:
    """`file` is None for stdout."""

    format: str
    file: Path | None


def parse_outputs(values: Sequence[str]) -> tuple[Output, ...]:
    """What the options ask for; text on stdout when there is none.

    Raises:
        UsageError: an unknown format, or two results for one place.
    """
    outputs = tuple(_parse(value) for value in values) or (Output("text", None),)
    places = [output.file for output in outputs]
    for place in places:
        if places.count(place) > 1:
            raise UsageError(
                f"Two outputs go to {place or 'stdout'}.", hint="give all but one of them a file: --output json=FILE"
            )
    return outputs


def _parse(value: str) -> Output:
    name, separator, file = value.partition("=")
    if name not in FORMATS:
        raise UsageError(f'There is no output format "{name}".', hint=f"formats are {', '.join(FORMATS)}")
    if separator and not file:
        raise UsageError(f"No file stands behind {value}", hint=f"write --output {name}=FILE, or --output {name}")
    return Output(name, Path(file) if file else None)


def deliver(outputs: Sequence[Output], renderers: dict[str, Callable[[], str]]) -> None:
    """Render each format that is asked for, once, and put it where it belongs.

    Raises:
        ReconcilerError: a file cannot be written; what was there before stays as it was.
    """
    for output in outputs:
        text = renderers[output.format]()
        if output.file is None:
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            write_whole(output.file, text)


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step, so that nobody ever reads half of it.

    Raises:
        ReconcilerError: the file cannot be written.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise ReconcilerError(f"{path} cannot be written: {error.strerror}.") from error


def width() -> int | None:
    """Columns of the terminal; None when stdout is none, so that what a file gets does not depend on a window.

    The variable COLUMNS decides where it is set, as it does for other programs.
    """
    return get_terminal_size().columns if sys.stdout.isatty() or "COLUMNS" in os.environ else None


def progress(text: str) -> None:
    """Talk that is only worth it while somebody watches."""
    if sys.stderr.isatty():
        say(text)


def say(text: str) -> None:
    """Talk to the person, beside the data."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
