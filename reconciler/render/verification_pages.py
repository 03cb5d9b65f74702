"""Who is at work, as Markdown and as a page with a picture."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.evidence import shown
from reconciler.core.standing import Standing
from reconciler.core.verification import Verification, Verified
from reconciler.render.day_chart import day_chart
from reconciler.render.diagnostic_text import HEADING
from reconciler.render.escaping import markdown, markdown_code, safe
from reconciler.render.findings import Finding
from reconciler.render.lines import account_told, emulator_told
from reconciler.render.pages import page
from reconciler.render.part import Part
from reconciler.render.sources import Sources
from reconciler.render.verification import HEAD, closing, depends_told, refusals_told, row, spans, token_told

_TONE: Final = {
    Standing.AT_WORK: "good",
    Standing.SOMEBODY_ELSE: "bad",
    Standing.REFUSED: "bad",
    Standing.NOT_PROVEN: "warn",
    Standing.UNKNOWN: "warn",
}
TONE: Final = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: ""}


def verification_to_html(parts: Sequence[Part[Verification]], sources: Sources) -> str:
    """One page for all environments; no script, nothing loaded from elsewhere."""
    return page("verify.html", {"parts": [_part(safe(part), sources) for part in parts]})


def _part(part: Part[Verification], sources: Sources) -> dict[str, Any]:
    found = part.result
    items = (*part.diagnostics, *(found.diagnostics if found else ()))
    views = [finding_view(item, part.file, sources) for item in items]
    told = {"where": part.where, "result": found, "findings": views}
    if found is None:
        return told
    return told | {
        "title": account_told(found),
        "read_at": shown(found.read_at),
        "closing": closing(found),
        "integrations": [_integration(one, found, sources) for one in found.integrations],
    }


def _integration(one: Verified, found: Verification, sources: Sources) -> dict[str, Any]:
    began = one.since if one.others and one.standing is not Standing.NOT_PROVEN else None
    clock = found.clock
    today = found.read_at if clock is None else found.read_at + clock
    picture = day_chart(
        one.days, today.date(), found.looked_back, began if began is None or clock is None else began + clock
    )
    return {
        "told": one,
        "tone": _TONE[one.standing],
        "url": sources.url(one.position),
        "chart": picture,
        "rows": [row(str(day.day), [day]) for day in one.days],
        "facts": list(_facts(one)),
    }


def _facts(one: Verified) -> Iterator[str]:
    yield from map(token_told, one.tokens)
    yield from refusals_told(one)
    yield from map(depends_told, one.depends)


def finding_view(item: Diagnostic, file: str | None, sources: Sources) -> dict[str, Any]:
    """A diagnostic as the macro `findings` of parts.html takes it."""
    place = Finding(item, file).place(sources) if item.position else None
    return {
        "tone": TONE[item.severity],
        "heading": HEADING[item.severity],
        "summary": item.summary,
        "rule": item.rule,
        "place": str(place) if place else item.address,
        "url": sources.url(item.position) if item.position else None,
        "detail": item.detail,
        "hint": item.hint,
    }


def verification_to_markdown(parts: Sequence[Part[Verification]]) -> str:
    """Verdicts first in each environment, then the signals as a table."""
    return "\n".join(line for part in parts for line in _markdown(safe(part)))


def _markdown(part: Part[Verification]) -> Iterator[str]:
    found = part.result
    yield f"## Who is at work: {markdown(part.where)}"
    yield ""
    if found is None:
        yield from markdown_findings(part.diagnostics)
        return
    yield f"{emulator_told(found, '. ')}{markdown(account_told(found))}. Read at {shown(found.read_at)}."
    yield ""
    for one in found.integrations:
        yield f"### {markdown(one.address)}: {one.standing}"
        yield ""
        yield markdown(one.sentence)
        yield ""
        if one.hint:
            yield f"**What to do:** {markdown(one.hint)}"
            yield ""
        yield from (f"- {markdown(fact)}" for fact in _facts(one))
        yield ""
        if one.days:
            yield from markdown_table(HEAD, [row(*span) for span in spans(one.days)])
            yield ""
    yield from markdown_findings((*part.diagnostics, *found.diagnostics))
    yield markdown(closing(found))
    yield ""


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *([markdown(cell) for cell in cells] for cells in rows)):
        yield f"| {' | '.join(cells)} |"


def markdown_findings(items: Sequence[Diagnostic]) -> Iterator[str]:
    for item in items:
        place = f" ({markdown(str(item.position or item.address))})" if item.position or item.address else ""
        hint = f" *What to do:* {markdown(item.hint)}" if item.hint else ""
        rule = markdown_code(item.rule)
        yield f"- **{HEADING[item.severity]}: {item.summary}** {rule}{place}: {markdown(item.detail)}{hint}"
    if items:
        yield from ("", "`reconciler explain NAME` says what a finding of that name means.", "")
