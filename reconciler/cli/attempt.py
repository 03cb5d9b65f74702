"""What came of one environment, and how several are shown together; one that fails never hides the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reconciler.cli.exit_codes import ExitCode, of_error, worst
from reconciler.cli.output import Output, deliver, say, width
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.errors import ReconcilerError
from reconciler.render.to_json import Document, failure_document, to_json
from reconciler.render.to_text import diagnostics_to_text

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Result]):
    """One environment: its result, or why there is none."""

    environment: str
    result: Result | None
    diagnostics: tuple[Diagnostic, ...]
    code: ExitCode


def attempted(environment: str, work: Callable[[], Result], code: Callable[[Result], ExitCode]) -> Attempt[Result]:
    """Do the work for one environment; what is expected to go wrong becomes data."""
    try:
        result = work()
    except ReconcilerError as error:
        return Attempt(environment, None, error.diagnostics, of_error(error))
    return Attempt(environment, result, (), code(result))


def shown(
    attempts: Sequence[Attempt[Result]],
    outputs: Sequence[Output],
    to_text: Callable[[Result, int | None], str],
    to_document: Callable[[Result], Document],
) -> ExitCode:
    """Put every result and failure where it belongs, and return the code of the worst that happened."""
    for one in attempts:
        if one.result is None:
            say(diagnostics_to_text(one.diagnostics))
    deliver(
        outputs,
        {
            "text": lambda: "\n".join(to_text(one.result, width()) for one in attempts if one.result is not None),
            "json": lambda: to_json([_document(one, to_document) for one in attempts]),
        },
    )
    return worst(one.code for one in attempts)


def _document(one: Attempt[Result], to_document: Callable[[Result], Document]) -> Document:
    return failure_document(one.environment, one.diagnostics) if one.result is None else to_document(one.result)
