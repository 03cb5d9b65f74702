"""What is wrong with the account as a whole: administrators, integration records, and what is about to end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from reconciler.core.diagnostics import Severity
from reconciler.core.evidence import shown
from reconciler.core.live import ADMINISTRATOR, NOT_ENABLED
from reconciler.core.review.rule import Found
from reconciler.core.review.subject import Place, Subject
from reconciler.core.tolerances import CERTIFICATE_NOTICE

NO_NEW_INTEGRATIONS = datetime(2027, 1, 1, tzinfo=UTC)
"""From 2027.1 no new integrations may use tokens (netsuite.md 4.3, netsuite-2.md 9)."""
END = datetime(2028, 1, 1, tzinfo=UTC)
"""With 2028.1, tentatively, existing ones stop (the same)."""
_URGENT = timedelta(days=183)
_ACCOUNT = Place("account", None)


def _administrators(subject: Subject) -> list[str]:
    live = subject.live
    return [
        person.label
        for person in live.employees
        if person.active and person.access and live.holds(person.id, ADMINISTRATOR)
    ]


def last_administrator(subject: Subject) -> Iterator[Found]:
    found = _administrators(subject)
    if len(found) <= 1:
        who = f"{found[0]} is the only active administrator" if found else "No active administrator is to be seen"
        yield Found(_ACCOUNT, f"{who} of account {subject.live.account}.")


def few_administrators(subject: Subject) -> Iterator[Found]:
    found, least = _administrators(subject), subject.desired.guards.min_administrators
    if 1 < len(found) < least:
        yield Found(
            Place("guards.min_administrators", subject.desired.guards.positions.get("min_administrators")),
            f"{len(found)} active administrators are to be seen; guards.min_administrators asks for {least}.",
        )


def blocked(subject: Subject) -> Iterator[Found]:
    """Records of declared applications, and of those that have a live token."""
    names = {one.desired.application for one in subject.integrations}
    names |= {token.application for token in subject.foreign_tokens}
    for record in subject.live.integrations:
        if record.name in names and record.state in NOT_ENABLED:
            yield Found(
                subject.place_of_application(record.name),
                f"The State of integration record {record.name} is {record.state}: none of its tokens can log in.",
            )


def ambiguous(subject: Subject) -> Iterator[Found]:
    for one in subject.integrations:
        records = subject.directory.records(one.desired.application)
        if len(records) > 1:
            ids = ", ".join(sorted((record.id for record in records), key=int))
            yield Found(
                one.at("application"),
                f"Account {subject.live.account} has {len(records)} integration records called "
                f"{one.desired.application} (internal ids {ids}).",
            )


def unknown(subject: Subject) -> Iterator[Found]:
    for one in subject.integrations:
        if not subject.directory.records(one.desired.application) and not one.tokens:
            yield Found(
                one.at("application"),
                f"Account {subject.live.account} has no integration record {one.desired.application}.",
            )


def refreshed(subject: Subject) -> Iterator[Found]:
    if subject.live.looks_refreshed and subject.integrations:
        yield Found(
            _ACCOUNT,
            f"Sandbox {subject.live.account} has no token of any application, apart from this tool's own, as after a "
            "refresh: tokens are never copied from production.",
        )


def tokens_end(subject: Subject) -> Iterator[Found]:
    """A note from 2027.1 on, a warning half a year before the tentative end, an error after it."""
    now = subject.now
    if now < NO_NEW_INTEGRATIONS:
        return
    severity = Severity.ERROR if now >= END else Severity.WARNING if END - now <= _URGENT else Severity.INFO
    for one in subject.integrations:
        if one.live_tokens:
            yield Found(
                one.at("application"),
                f"{one.desired.application} logs in with a token. Since 2027.1 no new integration may; with 2028.1, "
                "tentatively, existing ones stop.",
                severity,
            )


def certificate_ends(subject: Subject) -> Iterator[Found]:
    ends = subject.live.certificate_ends
    if ends is not None and ends - subject.now < CERTIFICATE_NOTICE:
        yield Found(
            Place("netsuite.login", None),
            f"The certificate of this tool's login ends at {shown(ends)}; from then on nothing can be read any more.",
        )
