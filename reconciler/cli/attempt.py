"""What came of one environment, and how several are shown together; one that fails never hides the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from reconciler.cli.exit_codes import ExitCode, of_error, worst
from reconciler.cli.formats import Format
from reconciler.cli.output import Output, Renderers, deliver, say, talk_width, width
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.errors import ReconcilerError
from reconciler.render.diagnostic_text import diagnostics_to_text, pointer
from reconciler.render.findings import Finding
from reconciler.render.part import Part
from reconciler.render.to_json import Document, failure_document, to_json

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Target:
    """An environment as people tell it from others; the account is None where its file does not tell."""

    environment: str
    account: str | None
    file: str | None = None

    def __str__(self) -> str:
        return f"{self.environment} (account {self.account})" if self.account else self.environment


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Result]):
    """One environment: its result, or why there is none; both where a later round failed (`apply --wait`)."""

    target: Target
    result: Result | None
    diagnostics: tuple[Diagnostic, ...]
    code: ExitCode


def attempted(target: Target, work: Callable[[], Result], code: Callable[[Result], ExitCode]) -> Attempt[Result]:
    """Do the work for one environment; what is expected to go wrong becomes data."""
    try:
        result = work()
    except ReconcilerError as error:
        return Attempt(target, None, error.diagnostics, of_error(error))
    except KeyboardInterrupt:
        return interrupted(target, "Nothing was written there.")
    return Attempt(target, result, (), code(result))


def parts(attempts: Sequence[Attempt[Result]]) -> list[Part[Result]]:
    """The attempts as renderers take them."""
    return [Part(str(one.target), one.target.file, one.result, one.diagnostics) for one in attempts]


def interrupted(target: Target, how_far: str) -> Attempt[Result]:
    """An environment that an interruption left without a result."""
    diagnostic = Diagnostic(Severity.ERROR, "interrupted", "Interrupted", how_far)
    return Attempt(target, None, (diagnostic,), ExitCode.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Shape(Generic[Result]):
    """How the results of a command are shown.

    Args:
        text: one result, in so many columns.
        document: one result as JSON.
        others: all attempts in each further format the command offers; these show what failed as well.
    """

    text: Callable[[Result, int | None], str]
    document: Callable[[Result], Document]
    others: Mapping[Format, Callable[[Sequence[Attempt[Result]]], str]] = field(default_factory=dict)


def shown(attempts: Sequence[Attempt[Result]], outputs: Sequence[Output], shape: Shape[Result]) -> ExitCode:
    """Put every result and failure where it belongs, and return the code of the worst that happened."""
    for one in attempts:
        if one.result is None or one.diagnostics:
            say(_failure(one, talk_width()))
    if told := pointer((item for one in attempts for item in one.diagnostics), talk_width()):
        say(told)

    def text(chosen: Sequence[Attempt[Result]]) -> str:
        return "\n".join(shape.text(one.result, width()) for one in chosen if one.result is not None)

    def text_file(chosen: Sequence[Attempt[Result]]) -> str:
        columns = width(in_file=True)
        return "\n".join(
            f"{_failure(one, columns)}\n" if one.result is None else shape.text(one.result, columns) for one in chosen
        )

    def json(chosen: Sequence[Attempt[Result]]) -> str:
        return to_json([_document(one, shape.document) for one in chosen])

    names = [one.target.environment for one in attempts]
    renderers = Renderers(text, text_file, {Format.JSON: json, **shape.others})
    delivered = deliver(outputs, names, attempts, renderers)
    return delivered_code(worst(one.code for one in attempts), delivered=delivered)


def delivered_code(code: ExitCode, *, delivered: bool) -> ExitCode:
    """What happened decides; a result that could not be put anywhere is no success."""
    return code if delivered or code is not ExitCode.OK else ExitCode.FAILED


def _failure(one: Attempt[Result], columns: int | None) -> str:
    return diagnostics_to_text(one.diagnostics, columns, where=str(one.target))


def _document(one: Attempt[Result], to_document: Callable[[Result], Document]) -> Document:
    if one.result is None:
        return failure_document(one.target.environment, one.diagnostics)
    return to_document(one.result)


def findings(chosen: Sequence[Attempt[Result]], found: Callable[[Result], Sequence[Diagnostic]]) -> list[Finding]:
    """What is wrong or worth knowing, also where it kept an environment from having a result."""
    return [
        Finding(item, one.target.file)
        for one in chosen
        for item in (*one.diagnostics, *(found(one.result) if one.result is not None else ()))
    ]
