"""`--output FORMAT[=FILE]`: where results go. Data to stdout or files, talk to stderr."""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import get_terminal_size
from typing import Final, Generic, TextIO, TypeVar

from reconciler.cli.formats import PLAIN, Format, named
from reconciler.cli.status_line import STATUS
from reconciler.cli.writing import UnwritableError, require_writable, to_stdout, write_whole
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.errors import ReconcilerError, UsageError

_ENVIRONMENT: Final = "{environment}"
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Output:
    """`file` is None for stdout, and may hold `{environment}`: then each environment gets a file of its own."""

    format: Format
    file: str | None

    @property
    def per_environment(self) -> bool:
        return self.file is not None and _ENVIRONMENT in self.file

    def path(self, environment: str) -> Path | None:
        return None if self.file is None else Path(self.file.replace(_ENVIRONMENT, environment))


@dataclass(frozen=True, slots=True)
class Renderers(Generic[Part]):
    """From the parts of a result, one for each environment, to what stands in one place.

    `text_file` differs from `text` in what goes to stderr beside stdout: a file holds that as well. `others` holds what
    a command offers beside text; what it does not offer was refused when the options were read.
    """

    text: Callable[[Sequence[Part]], str]
    text_file: Callable[[Sequence[Part]], str]
    others: Mapping[Format, Callable[[Sequence[Part]], str]] = field(default_factory=dict)

    def rendered(self, output: Output, parts: Sequence[Part]) -> str:
        if output.format is not Format.TEXT:
            return self.others[output.format](parts)
        return self.text(parts) if output.file is None else self.text_file(parts)


def parse_outputs(values: Sequence[str], offered: Sequence[Format] = PLAIN) -> tuple[Output, ...]:
    """What the options ask for; text on stdout when there is none.

    Args:
        values: `FORMAT[=FILE]`, as often as the option was given.
        offered: what the command can show its result as.

    Raises:
        UsageError: a format that the command does not offer, an unknown placeholder, or two results for one place.
    """
    outputs = tuple(_parse(value, offered) for value in values) or (Output(Format.TEXT, None),)
    _require_once([output.file for output in outputs])
    return outputs


def _parse(value: str, offered: Sequence[Format]) -> Output:
    name, separator, file = value.partition("=")
    if name not in offered:
        known = name in set(Format)
        wrong = f"This command has no output as {name}." if known else f'There is no output format "{name}".'
        raise UsageError(wrong, hint=f"formats here are {named(offered)}")
    if separator and not file:
        raise UsageError(f"No file stands behind {value}", hint=f"write --output {name}=FILE, or --output {name}")
    for placeholder in _PLACEHOLDER.findall(file):
        if placeholder != _ENVIRONMENT:
            raise UsageError(f"{value} holds {placeholder}.", hint=f"the only placeholder is {_ENVIRONMENT}")
    return Output(Format(name), file or None)


def require_places(outputs: Sequence[Output], environments: Sequence[str]) -> None:
    """Find out before any work whether its results can be put where they shall go.

    Raises:
        UsageError: two results would go to one place.
        UnwritableError: a file cannot be written.
    """
    places = [place for output in outputs for place, _ in _split(output, environments, environments)]
    _require_once(places)
    for place in places:
        if place is not None:
            require_writable(place)


def _require_once(places: Sequence[str | Path | None]) -> None:
    for place, times in Counter(places).items():
        if times > 1:
            raise UsageError(
                f"Two outputs go to {place or 'stdout'}.", hint="give all but one of them a file: --output json=FILE"
            )


def deliver(
    outputs: Sequence[Output], environments: Sequence[str], parts: Sequence[Part], renderers: Renderers[Part]
) -> bool:
    """Put every result where it belongs, and say whether that was possible.

    One place that cannot be written keeps nothing from the others; what came of a command is never lost, for the text
    then goes to stderr.

    Args:
        outputs: what is asked for.
        environments: the name of the environment of each part.
        parts: what there is to show.
        renderers: how to show it.
    """
    STATUS.clear()
    failures = [failure for output in outputs for failure in _put(output, environments, parts, renderers)]
    for failure in failures:
        if isinstance(failure, ReconcilerError):
            report(failure)
    # Whoever closed a pipe has seen enough; nothing else may vanish.
    if any(isinstance(failure, ReconcilerError) for failure in failures):
        say(renderers.text(parts).rstrip("\n"))
    return not failures


def _put(
    output: Output, environments: Sequence[str], parts: Sequence[Part], renderers: Renderers[Part]
) -> Iterator[UnwritableError | BrokenPipeError]:
    for place, chosen in _split(output, environments, parts):
        text = renderers.rendered(output, chosen)
        try:
            if place is None:
                to_stdout(_for_terminal(text, sys.stdout) if output.format is Format.TEXT else text)
            else:
                write_whole(place, text)
        except (UnwritableError, BrokenPipeError) as error:
            yield error


def _split(
    output: Output, environments: Sequence[str], parts: Sequence[Part]
) -> Iterator[tuple[Path | None, Sequence[Part]]]:
    if output.per_environment:
        for environment, part in zip(environments, parts, strict=True):
            yield output.path(_one_name(environment)), [part]
    else:
        yield output.path(""), parts


def _one_name(environment: str) -> str:
    """The name, which in a saved plan may be anything, and must not lead out of the folder that was meant.

    Raises:
        UsageError: it would.
    """
    if "/" in environment or "\0" in environment:
        raise UsageError(f'"{environment}" cannot be part of a file name.', hint="give --output a file without {…}")
    return environment


def width(*, in_file: bool = False) -> int | None:
    """Columns of the terminal; None when stdout is none, so that what a file gets does not depend on a window.

    The variable COLUMNS decides where it is set, as it does for other programs.
    """
    on_terminal = not in_file and sys.stdout is not None and sys.stdout.isatty()
    return get_terminal_size().columns if on_terminal or "COLUMNS" in os.environ else None


def talk_width() -> int | None:
    """The same for what is said beside the data; stdout may be a file while somebody reads this on a terminal."""
    if "COLUMNS" in os.environ:
        return get_terminal_size().columns
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    return os.get_terminal_size(sys.stderr.fileno()).columns or None


def _for_terminal(text: str, stream: TextIO | None) -> str:
    """The text in colour where somebody sees it and wants it so (https://no-color.org)."""
    if stream is None or not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    from reconciler.render.colour import coloured  # noqa: PLC0415  only for a terminal

    return coloured(text)


def progress(text: str) -> None:
    """Talk that is only worth it while somebody watches."""
    if sys.stderr is not None and sys.stderr.isatty():
        say(text)


def say(text: str) -> None:
    """Talk to the person, beside the data."""
    STATUS.clear()
    if sys.stderr is not None:
        sys.stderr.write(f"{_for_terminal(text, sys.stderr)}\n")
        sys.stderr.flush()


def report(error: ReconcilerError) -> None:
    """Say everything that is wrong."""
    from reconciler.render.diagnostic_text import pointer  # noqa: PLC0415  only on the way to an error message

    say_all(error.diagnostics)
    # Whoever misspelt an option needs no article on it.
    if not isinstance(error, UsageError) and (told := pointer(error.diagnostics, talk_width())):
        say(told)


def say_all(diagnostics: Sequence[Diagnostic]) -> None:
    """Say what was found, where nothing else tells it."""
    from reconciler.render.diagnostic_text import diagnostic_to_text  # noqa: PLC0415  only on the way to an error message

    for item in diagnostics:
        say(diagnostic_to_text(item, talk_width()))
