"""`review`: who may do what in each environment, and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.cli.attempt import Attempt, Shape, attempted, findings, parts, shown
from reconciler.cli.exit_codes import ExitCode, of_review
from reconciler.cli.formats import REVIEW, Format
from reconciler.cli.output import parse_outputs, require_places
from reconciler.cli.planning import surroundings, usable
from reconciler.cli.side_by_side import side_by_side, target
from reconciler.cli.surroundings import sources
from reconciler.core.desired import DesiredState
from reconciler.core.diagnostics import Severity
from reconciler.core.errors import ReconcilerError, UsageError
from reconciler.core.review.comparison import compare
from reconciler.core.review.decisions import Decisions, check_decisions
from reconciler.core.review.review import Review
from reconciler.inspection import reviewed
from reconciler.render.review import review_document, review_to_csv, snapshot
from reconciler.render.review_pages import review_to_html, review_to_markdown
from reconciler.render.review_text import review_to_text
from reconciler.render.sources import Sources
from reconciler.render.to_json import Document
from reconciler.render.to_sarif import to_sarif
from reconciler.wiring.account import session
from reconciler.wiring.configuration import Loaded, load
from reconciler.wiring.reviewing import commit_of, decisions_of, review_of, saved_reviews


@dataclass(frozen=True, slots=True)
class Held:
    """What a review is held against: an earlier one, decisions, and the severity from which on it fails."""

    compare: Path | None = None
    decisions: Path | None = None
    fail_on: str | None = None


def run(names: Sequence[str], folder: Path, output: Sequence[str], held: Held, *, link_base: str | None) -> ExitCode:
    """Review, show, and return the code of the worst that was found."""
    fail_on = _severity(held.fail_on)
    outputs = parse_outputs(output, REVIEW)
    found_in = sources(link_base)
    loaded = load(names, folder)
    require_places(outputs, [path.stem for path, _ in loaded])
    decided = _decisions(held.decisions, loaded)
    earlier = _earlier(held.compare) if held.compare else None
    commit = commit_of(surroundings(loaded[0][0])) if loaded else None

    def attempt(one: tuple[Path, Loaded]) -> Attempt[Review]:
        return attempted(
            target(*one),
            lambda: _reviewed(*one, earlier, decided),
            lambda found: of_review(found, fail_on=fail_on),
        )

    def document(review: Review) -> Document:
        return review_document(review, commit)

    shape = Shape(review_to_text, document, _others(found_in, commit))
    return shown(side_by_side(loaded, attempt), outputs, shape)


def _severity(text: str | None) -> Severity | None:
    """Raises UsageError where it is none."""
    if text is None:
        return None
    if text not in set(Severity):
        raise UsageError(f"--fail-on {text} is no severity.", hint=f"write {', '.join(Severity)}")
    return Severity(text)


def _decisions(file: Path | None, loaded: Sequence[tuple[Path, Loaded]]) -> Decisions | None:
    """Read before any account is, for a mistake in the file should cost no time.

    Raises:
        ConfigurationError: the file is no decisions file.
        UsageError: it is about an environment that is not reviewed.
    """
    if file is None:
        return None
    found = decisions_of(file, surroundings(file))
    if found.environment not in {path.stem for path, _ in loaded}:
        raise UsageError(
            f"{file} is about environment {found.environment}, which is not reviewed here.",
            hint="name that environment, or leave --decisions out",
        )
    return found


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file of earlier reviews: what it holds, or what is wrong with it, which each environment tells."""

    file: Path
    read: Future[list[dict[str, Any]]]

    def review_of(self, desired: DesiredState) -> Document:
        """Raises ReviewFileError where there is none to compare with."""
        return review_of(self.read.result(), self.file, desired.environment, desired.account)


def _earlier(file: Path) -> Earlier:
    """Read once for all environments."""
    read: Future[list[dict[str, Any]]] = Future()
    try:
        read.set_result(saved_reviews(file))
    except ReconcilerError as error:
        read.set_exception(error)
    return Earlier(file, read)


def _reviewed(path: Path, loaded: Loaded, earlier: Earlier | None, decided: Decisions | None) -> Review:
    environment = usable(loaded)
    desired = environment.desired
    # Before the account is read, for the same reason as decisions.
    before = earlier.review_of(desired) if earlier else None
    with session(environment, surroundings(path)) as access:
        review = reviewed(desired, access.reader)
    if decided is not None and decided.environment == desired.environment:
        review = replace(review, decided=check_decisions(decided, review.facts))
    if earlier is None or before is None:
        return review
    compared = compare(snapshot(before), snapshot(review_document(review)), str(earlier.file))
    return replace(review, compared=compared)


def _others(found_in: Sources, commit: str | None) -> Mapping[Format, Callable[[Sequence[Attempt[Review]]], str]]:
    return {
        Format.CSV: lambda chosen: review_to_csv(parts(chosen)),
        Format.MARKDOWN: lambda chosen: review_to_markdown(parts(chosen)),
        Format.HTML: lambda chosen: review_to_html(parts(chosen), found_in, commit),
        # A gap is a finding too.
        Format.SARIF: lambda chosen: to_sarif(
            findings(chosen, lambda review: (*review.gap_findings, *review.counted)), found_in
        ),
    }
