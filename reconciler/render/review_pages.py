"""An access review as Markdown and as a page."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from reconciler.core.evidence import shown
from reconciler.core.review.review import Review
from reconciler.core.review.sealing import seal
from reconciler.render.escaping import markdown, safe
from reconciler.render.lines import account_told, emulator_told
from reconciler.render.pages import page
from reconciler.render.part import Part
from reconciler.render.review import extract_document
from reconciler.render.review_text import (
    INCOMPLETE,
    PEOPLE,
    RADIUS,
    TOKENS,
    changes,
    changes_heading,
    closing,
    findings_told,
    first_of,
    people_rows,
    people_told,
    token_rows,
    tokens_told,
    waived_told,
)
from reconciler.render.sources import Sources
from reconciler.render.verification_pages import TONE, finding_view, markdown_findings, markdown_table

_MOST_ROWS: Final = 200
"""Of a table in Markdown, which forges cut; the page, JSON and CSV hold every row."""


def review_to_html(parts: Sequence[Part[Review]], sources: Sources, commit: str | None) -> str:
    """One page for all environments; no script, nothing loaded from elsewhere."""
    return page("review.html", {"parts": [_part(part, sources) for part in parts], "commit": commit})


def _part(part: Part[Review], sources: Sources) -> dict[str, Any]:
    checksum = seal(extract_document(part.result)) if part.result else ""
    part = safe(part)
    review = part.result
    if review is None:
        views = [finding_view(item, part.file, sources) for item in part.diagnostics]
        return {"where": part.where, "review": None, "findings": views}
    worst = review.worst()
    return {
        "where": part.where,
        "review": review,
        "title": account_told(review),
        "read_at": shown(review.read_at),
        "tone": "bad" if not review.complete else TONE[worst] if worst else "good",
        "verdict": findings_told(review.counted),
        "incomplete": INCOMPLETE,
        "findings": [
            finding_view(item, part.file, sources)
            for item in (*part.diagnostics, *review.gap_findings, *review.counted)
        ],
        "waived": list(map(waived_told, review.waived)),
        "people_told": people_told(review.facts),
        "people_head": PEOPLE,
        "people": list(people_rows(review)),
        "tokens_told": tokens_told(review.facts),
        "radius": RADIUS,
        "tokens_head": TOKENS,
        "tokens": list(token_rows(review)),
        "changes_heading": changes_heading(review),
        "changes": list(changes(review)),
        "checksum": checksum,
        "closing": closing(review, checksum),
    }


def review_to_markdown(parts: Sequence[Part[Review]]) -> str:
    """Findings first in each environment; long tables are cut, with a count of what is left out."""
    return "\n".join(line for part in parts for line in _markdown(part))


def _markdown(part: Part[Review]) -> Iterator[str]:
    checksum = seal(extract_document(part.result)) if part.result else ""
    part = safe(part)
    review = part.result
    yield f"## Access review: {markdown(part.where)}"
    yield ""
    if review is None:
        yield from markdown_findings(part.diagnostics)
        return
    yield f"{emulator_told(review, '. ')}{markdown(account_told(review))}. Read at {shown(review.read_at)}."
    yield ""
    yield markdown(closing(review, checksum))
    yield ""
    yield from markdown_findings((*part.diagnostics, *review.gap_findings, *review.counted))
    yield from _list("Accepted for a time", map(waived_told, review.waived))
    yield from _list(changes_heading(review), changes(review))
    yield f"### {people_told(review.facts)}"
    yield ""
    yield from _table(PEOPLE, people_rows(review))
    yield f"### {tokens_told(review.facts)}"
    yield ""
    yield RADIUS
    yield ""
    yield from _table(TOKENS, token_rows(review))


def _list(heading: str, told: Iterable[str]) -> Iterator[str]:
    items = list(told)
    if items:
        yield f"### {markdown(heading)}"
        yield ""
        yield from (f"- {markdown(item)}" for item in items)
        yield ""


def _table(head: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    chosen, left = first_of(rows, _MOST_ROWS)
    if chosen:
        yield from markdown_table(head, chosen)
        yield ""
    if left:
        yield f"{left} more rows stand in the other formats."
        yield ""
