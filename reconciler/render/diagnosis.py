"""A diagnosis as people read it, as data, and as the report that holds nobody's data."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from reconciler.core.diagnosis import Diagnosis
from reconciler.core.diagnosis_finding import Finding, Section
from reconciler.core.doubts import Standing
from reconciler.core.examination import LEVELS, Examination, LoginLook, account_type
from reconciler.core.live import ADMINISTRATOR
from reconciler.core.profiles import PURPOSE, Profile
from reconciler.render.escaping import safe
from reconciler.render.lines import wrapped
from reconciler.render.to_json import FORMAT_VERSION, Document

# NetSuite's own permissions; what a company made itself could name it.
_STANDARD = re.compile(r"(ADMI|LIST|TRAN|REPO|REGT|GRAP)_[A-Z0-9_]{1,60}")
_LONGEST = 7


def diagnosis_to_text(found: Diagnosis, width: int | None = None) -> str:
    """A calm list: what is there, what is missing, what cannot be told, and what to do.

    Args:
        found: what to show.
        width: columns of the terminal; None puts every sentence on one line.
    """
    found = safe(found)
    seen = found.examination
    mark = "EMULATOR, not NetSuite  " if seen.emulator else ""
    lines = [*wrapped(f"{mark}{seen.environment}: account {seen.account}, profile {PURPOSE[found.profile]}", "", width)]
    for section in Section:
        findings = [one for one in found.findings if one.section is section]
        if findings:
            lines += ["", section.value, *_listed(findings, width)]
    if seen.login.works:
        lines += ["", "What this account shows of what nobody documents", *_doubts(found, width)]
    lines += ["", *wrapped(_closing(found), "", width)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _listed(findings: Sequence[Finding], width: int | None) -> Iterator[str]:
    for one in findings:
        yield from wrapped(one.text, f"  {one.verdict:<{_LONGEST}}  ", width, hanging=0)
        for what in one.todo:
            yield from wrapped(what, " " * (_LONGEST + 6), width)


def _doubts(found: Diagnosis, width: int | None) -> Iterator[str]:
    for one in found.doubts:
        if one.standing is Standing.CONTRADICTS:
            text = f"otherwise than assumed: {one.text} ({one.name}) is {one.value}, not {one.assumed}"
            yield from wrapped(text, "  ", width)
    counted = Counter(one.standing for one in found.doubts)
    text = f"as assumed: {counted[Standing.OBSERVED]}; not to be seen from here: {counted[Standing.NOT_OBSERVABLE]}"
    yield from wrapped(f"{text} (--report FILE lists them)", "  ", width)


_READY = {
    Profile.LOOK: "Ready to look.",
    Profile.PEOPLE: "Ready to write the roles of employees who are no administrators.",
    Profile.OWNER: "Ready to write the roles of every employee.",
}


def _closing(found: Diagnosis) -> str:
    if found.ready:
        return _READY[found.profile]
    missing, unknown = len(found.missing), len(found.open)
    parts = [f"{missing} missing"] if missing else []
    parts += [f"{unknown} not known"] if unknown else []
    return f"Not ready: {', '.join(parts)}."


def diagnosis_document(found: Diagnosis) -> Document:
    """A diagnosis as data, with the names of the account."""
    seen = found.examination
    return {
        "format_version": FORMAT_VERSION,
        "environment": seen.environment,
        "account": seen.account,
        "emulator": seen.emulator,
        "profile": found.profile,
        "ready": found.ready,
        "findings": [
            {
                "section": one.section,
                "rule": one.rule,
                "verdict": one.verdict,
                "text": one.text,
                "todo": list(one.todo),
            }
            for one in found.findings
        ],
        "doubts": _doubt_documents(found),
    }


def _doubt_documents(found: Diagnosis) -> list[Document]:
    told = ("name", "standing", "assumed", "value", "why")
    return [{name: getattr(one, name) for name in told if getattr(one, name)} for one in found.doubts]


def report_document(found: Diagnosis) -> Document:
    """The report of `--report`: switches, permissions and counts; no name, no id, no text of the account.

    `reconciler emulator serve --like FILE` makes an emulator that behaves as the account does.
    """
    seen = found.examination
    logins = [one for one in (seen.login, seen.apply_login) if one is not None]
    return {
        "format_version": FORMAT_VERSION,
        "account_type": account_type(seen.account),
        "emulator": seen.emulator,
        "profile": found.profile,
        "ready": found.ready,
        "logins": {one.key: _login(one) for one in logins},
        "features": dict(sorted(seen.features.items())),
        "concurrency": _limits(seen),
        "clock": {
            "ahead_minutes": _minutes(seen.clock_ahead),
            "trail_offset_minutes": _minutes(seen.trail.offset),
            "sysdate_offset_minutes": _minutes(seen.sysdate_offset),
        },
        "tables": {name: state.value for name, state in sorted(seen.tables.items())},
        "counts": dict(sorted(seen.counts.items())),
        "behaviours": {name: value for name, value in sorted(seen.seen.items()) if _is_plain(value)},
        "doubts": [
            {name: value for name, value in one.items() if _is_plain(str(value))} for one in _doubt_documents(found)
        ],
        "findings": [{"rule": one.rule, "verdict": one.verdict} for one in found.findings],
    }


def _login(look: LoginLook) -> Document:
    held = look.permissions or ()
    return {
        "method": look.method,
        "works": look.works,
        "failure": look.failure.rule if look.failure else None,
        "administrator": look.role_id == ADMINISTRATOR,
        "identified": look.identity is not None,
        "restricted": bool(look.limits),
        "permissions": {
            one.key: LEVELS[one.level]
            for one in sorted(held, key=lambda one: one.key)
            if one.level in LEVELS and _STANDARD.fullmatch(one.key)
        },
    }


def _limits(seen: Examination) -> Document | None:
    limits = seen.limits
    if limits is None:
        return None
    return {"account": limits.account, "unallocated": limits.unallocated, "integration": limits.integration}


def _is_plain(value: str) -> bool:
    """Words and sentences of our own, and codes of NetSuite: nothing an account could have put a name into."""
    return re.fullmatch(r"[A-Za-z0-9 .,_/()*-]{0,120}", value) is not None


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds() / 60)
