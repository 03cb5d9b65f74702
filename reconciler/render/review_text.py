"""An access review as people read it in a terminal, and the words that its other outputs share."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice

from reconciler.core.diagnostics import Diagnostic, Position, Severity
from reconciler.core.evidence import shown
from reconciler.core.live import Gapped
from reconciler.core.review.facts import Facts
from reconciler.core.review.review import Review
from reconciler.core.review.sealing import seal
from reconciler.core.review.waiving import Waived
from reconciler.render.diagnostic_text import HEADING, diagnostics_to_text, pointer
from reconciler.render.escaping import safe
from reconciler.render.lines import counted, document, table, table_or_records, title, wrapped
from reconciler.render.review import extract_document

PersonRow = tuple[str, str, str, str]
TokenRow = tuple[str, str, str, str, str, str, str]
PEOPLE = ("who", "role", "declared at", "last login")
TOKENS = ("application", "token", "owner", "role", "made", "last used", "declared at")
READS_NOW = "reads now"
NOT_DECLARED = "not declared"
INCOMPLETE = "Incomplete: this is no review of everybody, for not everything could be read; see above."
RADIUS = "A token stops when its owner leaves, loses access or loses its role."


def review_to_text(review: Review, width: int | None = None) -> str:
    """Findings first, then who may do what, then what changed; the last line counts them and names the extract."""
    checksum = seal(extract_document(review))
    review = safe(review)
    facts = review.facts
    return document(
        "\n".join(wrapped(title(review), "", width)),
        diagnostics_to_text(review.gap_findings, width),
        diagnostics_to_text(review.counted, width),
        pointer((*review.gap_findings, *review.counted), width),
        "\n".join(_section("Accepted for a time", map(waived_told, review.waived), width)),
        "\n".join([f"{people_told(facts)}:", *_people(list(people_rows(review)), width)]),
        "\n".join([*wrapped(f"{tokens_told(facts)}. {RADIUS}", "", width), *_tokens(list(token_rows(review)), width)]),
        "\n".join(_section(changes_heading(review), changes(review), width)),
        "\n".join(_section("Not judged, for what they rest on could not be read", review.not_judged, width)),
        "\n".join(wrapped(closing(review, checksum), "", width)),
    )


def _section(heading: str, told: Iterable[str], width: int | None) -> list[str]:
    lines = [line for one in told for line in wrapped(one, "  ", width)]
    return [heading, *lines] if lines else []


def _people(rows: Sequence[PersonRow], width: int | None) -> Iterator[str]:
    """Each row is a role; as records, each person stands above their roles."""
    return table_or_records(table([PEOPLE, *rows], "  "), _people_told(rows, width), width)


def _people_told(rows: Sequence[PersonRow], width: int | None) -> Iterator[str]:
    for (who, last), held in groupby(rows, key=lambda row: (row[0], row[3])):
        yield from wrapped(f"{who}, {_last('login', last)}", "  ", width, hanging=4)
        for _, role, declared, _ in held:
            yield from wrapped(f"{role}, {_declared(declared)}", "    ", width)


def _tokens(rows: Sequence[TokenRow], width: int | None) -> Iterator[str]:
    """Each row is a token; as records, what is known of each stands below its application."""
    if rows:
        yield from table_or_records(table([TOKENS, *rows], "  "), _tokens_told(rows, width), width)


def _tokens_told(rows: Sequence[TokenRow], width: int | None) -> Iterator[str]:
    for application, name, owner, role, made, last, declared in rows:
        yield from wrapped(f"{application}: {name}", "  ", width, hanging=4)
        yield from wrapped(f"owner {owner}, role {role}", "    ", width)
        yield from wrapped(f"made {made}, {_last('used', last)}, {_declared(declared)}", "    ", width)


def _last(what: str, told: str) -> str:
    return told if told == READS_NOW else f"last {what}: {told}"


def _declared(told: str) -> str:
    return told if told == NOT_DECLARED else f"declared at {told}"


def people_told(facts: Facts) -> str:
    number = sum(one.active and one.access for one in facts.people)
    told = "1 person has access" if number == 1 else f"{number} people have access"
    more = len(facts.people) - number
    return f"{told}, {more} more {'owns' if more == 1 else 'own'} a token" if more else told


def tokens_told(facts: Facts) -> str:
    live = sum(one.active for one in facts.tokens)
    return f"{counted(live, 'live token')} of {counted(len({one.application for one in facts.tokens}), 'application')}"


def people_rows(review: Review) -> Iterator[PersonRow]:
    """A row for each role; whoever holds none has one too."""
    unseen = _unseen(review, "not seen")
    for person in review.facts.people:
        state = "" if person.active and person.access else " (inactive)" if not person.active else " (no access)"
        last = READS_NOW if person.reads_now else when(person.last_login, unseen)
        who = f"{person.label}{state}"
        for held in person.roles:
            yield who, held.role, place(held.declared_at), last
        if not person.roles:
            yield who, "no role", place(person.declared_at), last


def token_rows(review: Review) -> Iterator[TokenRow]:
    unseen = _unseen(review, "never seen")
    for one in review.facts.tokens:
        name = one.name if one.active else f"{one.name} (inactive)"
        made = f"{one.created:%Y-%m-%d}" if one.created else "not known"
        last = READS_NOW if one.reads_now else when(one.last_used, unseen)
        yield one.application, name, one.owner, one.role, made, last, place(one.declared_at)


def _unseen(review: Review, words: str) -> str:
    """Of a trail that could not be read nobody can say that a login is not in it."""
    return "not read" if any(gap.what is Gapped.LOGINS for gap in review.gaps) else words


def place(position: Position | None) -> str:
    return str(position) if position else NOT_DECLARED


def when(at: datetime | None, never: str) -> str:
    return shown(at) if at else never


def waived_told(one: Waived) -> str:
    finding, waiver = one.finding, one.waiver
    return (
        f"{finding.rule} at {finding.address}: {finding.detail} Accepted by {waiver.owner} until {waiver.expires}: "
        f"{waiver.reason}. {waiver.position}"
    )


def changes_heading(review: Review) -> str:
    compared = review.compared
    return f"Changed since {compared.read_at} ({compared.file})" if compared else ""


def changes(review: Review) -> Iterator[str]:
    if review.compared is not None:
        yield from (f"{one.kind}: {one.what}" for one in review.compared.differences)
        if not review.compared.differences:
            yield "nothing"


def closing(review: Review, checksum: str) -> str:
    """How many findings there are, how far decisions go, whether it is complete, and the extract's checksum."""
    parts = [f"Review: {findings_told(review.counted)}"]
    if review.waived:
        parts.append(f"{len(review.waived)} accepted")
    if review.decided is not None:
        parts.append(f"{review.decided.decided} of {review.decided.items} decided")
    state = "" if review.complete else f" {INCOMPLETE}"
    return f"{', '.join(parts)}.{state} Extract {checksum}"


def findings_told(findings: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; without any it is said that nothing was found."""
    numbers = Counter(one.severity for one in findings)
    told = [counted(numbers[one], HEADING[one].lower()) for one in Severity if numbers[one]]
    return ", ".join(told) or "no findings"


def first_of(rows: Iterable[tuple[str, ...]], most: int) -> tuple[list[tuple[str, ...]], int]:
    """So many rows, and how many are left out."""
    everything = iter(rows)
    chosen = list(islice(everything, most))
    return chosen, sum(1 for _ in everything)
