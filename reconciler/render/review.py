"""An access review as its document (schemas/review.schema.json) and as a table for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from reconciler import __version__
from reconciler.core.diagnostics import Position
from reconciler.core.review.comparison import SeenToken, Snapshot
from reconciler.core.review.facts import ApplicationFact, Person, TokenFact
from reconciler.core.review.review import Review
from reconciler.core.review.sealing import seal
from reconciler.core.review.waiving import Waived
from reconciler.core.visible import visible
from reconciler.render.part import Part
from reconciler.render.to_json import FORMAT_VERSION, Document, diagnostic_document, read_as_document
from reconciler.render.verification import moment


def review_document(review: Review, commit: str | None = None) -> Document:
    """The extract with its checksum, and beside it what is of this run alone."""
    extract = extract_document(review)
    return {
        "format_version": FORMAT_VERSION,
        "environment": review.environment,
        "account": review.account,
        "emulator": review.emulator,
        "complete": review.complete,
        "sha256": seal(extract),
        "extract": extract,
        "decisions": _decisions(review),
        "compared": _compared(review),
        "run": {
            "tool": f"reconciler {__version__}",
            "commit": commit,
            "read_at": moment(review.read_at),
            "queries": [
                {
                    "text": one.text,
                    "params": list(one.params),
                    "rows": one.rows,
                    "after_seconds": round(one.after.total_seconds(), 3),
                }
                for one in review.queries
            ],
            "diagnostics": [diagnostic_document(item) for item in review.gap_findings],
        },
    }


def extract_document(review: Review) -> Document:
    """What the checksum is over: facts and findings, the same whenever the facts are."""
    facts = review.facts
    return {
        "environment": review.environment,
        "account": review.account,
        "complete": review.complete,
        "read_as": read_as_document(review.read_as),
        "gaps": [{"what": gap.what, "detail": gap.detail, "hint": gap.hint} for gap in review.gaps],
        "not_judged": list(review.not_judged),
        "people": [_person(one) for one in facts.people],
        "tokens": [_token(one) for one in facts.tokens],
        "applications": [_application(one) for one in facts.applications],
        "findings": [diagnostic_document(item) for item in review.findings],
        "waived": [_waived(one) for one in review.waived],
        "queries": [{"text": one.text, "params": list(one.params), "rows": one.rows} for one in facts.queries],
    }


def _person(one: Person) -> Document:
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "active": one.active,
        "access": one.access,
        "declared_at": _place(one.declared_at),
        "roles": [
            {"id": role.role_id, "name": role.role, "declared_at": _place(role.declared_at)} for role in one.roles
        ],
        "last_login": moment(one.last_login),
        "reads_now": one.reads_now,
    }


def _token(one: TokenFact) -> Document:
    return asdict(one) | {
        "created": moment(one.created),
        "last_used": moment(one.last_used),
        "declared_at": _place(one.declared_at),
    }


def _application(one: ApplicationFact) -> Document:
    return asdict(one) | {"last_login": moment(one.last_login), "declared_at": _place(one.declared_at)}


def _waived(one: Waived) -> Document:
    waiver = one.waiver
    return diagnostic_document(one.finding) | {
        "waiver": {
            "reason": waiver.reason,
            "owner": waiver.owner,
            "expires": str(waiver.expires),
            "position": asdict(waiver.position),
        }
    }


def _place(position: Position | None) -> Document | None:
    return asdict(position) if position else None


def _decisions(review: Review) -> Document | None:
    decided = review.decided
    if decided is None:
        return None
    return {
        "file": decided.file,
        "extract": decided.extract,
        "items": decided.items,
        "decided": decided.decided,
        "findings": [diagnostic_document(item) for item in decided.findings],
    }


def _compared(review: Review) -> Document | None:
    compared = review.compared
    if compared is None:
        return None
    return {
        "file": compared.file,
        "sha256": compared.sha256,
        "read_at": compared.read_at,
        "differences": [{"kind": one.kind, "what": one.what} for one in compared.differences],
    }


def snapshot(document: Document) -> Snapshot:
    """What of a review's document is compared with another one."""
    extract = document["extract"]
    people = [one for one in extract["people"] if one["active"] and one["access"]]
    return Snapshot(
        environment=document["environment"],
        account=document["account"],
        sha256=document["sha256"],
        read_at=document["run"]["read_at"],
        people={one["id"]: one["email"] or one["name"] for one in people},
        roles={one["id"]: frozenset(role["name"] for role in one["roles"]) for one in people},
        tokens={
            one["id"]: SeenToken(one["application"], one["name"], one["owner"], one["role"], one["active"])
            for one in extract["tokens"]
        },
        states={one["name"]: one["state"] or "unknown" for one in extract["applications"]},
        findings=frozenset((one["rule"], one["address"] or "") for one in extract["findings"]),
    )


COLUMNS: Final = (
    "environment", "account", "kind", "employee", "name", "active", "access", "role", "application", "token",
    "made", "last_used", "declared_at", "complete", "extract",
)  # fmt: skip
# What a spreadsheet takes for the beginning of a formula, also behind spaces; tab and line breaks are visible already.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")


def review_to_csv(parts: Sequence[Part[Review]]) -> str:
    """A line for each role that somebody holds and each token, for a spreadsheet; quoted throughout (RFC 4180).

    A text that a spreadsheet would take for a formula gets an apostrophe before it: `=cmd|...` becomes `'=cmd|...`.
    An environment that could not be read has a line that says so.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for part in parts:
        rows = [(part.where, "", "error")] if part.result is None else _rows(part.result)
        writer.writerows([cell(text) for text in (*row, *[""] * (len(COLUMNS) - len(row)))] for row in rows)
    return out.getvalue()


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = visible(text)
    return f"'{text}" if text.lstrip(" '\"").startswith(_FORMULA) else text


def _rows(review: Review) -> list[tuple[str, ...]]:
    checksum, facts = seal(extract_document(review)), review.facts
    complete = "yes" if review.complete else "no"
    rows: list[tuple[str, ...]] = [
        (
            review.environment, review.account, "role", person.label, person.name, _yes(person.active),
            _yes(person.access), held.role, "", "", "", _last(person), _line(held.declared_at or person.declared_at),
            complete, checksum,
        )
        for person in facts.people
        for held in person.roles
    ]  # fmt: skip
    people = {person.id: person for person in facts.people}
    for token in facts.tokens:
        owner = people.get(token.owner_id)
        rows.append(
            (
                review.environment, review.account, "token", token.owner, owner.name if owner else "",
                _yes(token.active), _yes(owner.access) if owner else "", token.role, token.application, token.name,
                f"{token.created:%Y-%m-%d}" if token.created else "", _last_used(token), _line(token.declared_at),
                complete, checksum,
            )
        )  # fmt: skip
    return rows


def _yes(flag: bool) -> str:  # noqa: FBT001  a fact, not a mode
    return "yes" if flag else "no"


def _line(position: Position | None) -> str:
    return str(position) if position else ""


def _last(person: Person) -> str:
    return "reads now" if person.reads_now else moment(person.last_login) or ""


def _last_used(token: TokenFact) -> str:
    return "reads now" if token.reads_now else moment(token.last_used) or ""
