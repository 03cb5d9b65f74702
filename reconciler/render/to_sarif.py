"""Findings as a SARIF 2.1.0 log (OASIS Standard), which code scanning and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from reconciler import __version__
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.rulebook import find
from reconciler.render.escaping import safe
from reconciler.render.explanation import entry_to_markdown
from reconciler.render.findings import Finding, worst_first
from reconciler.render.sources import NOWHERE, Sources
from reconciler.render.to_json import to_json

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT: Final = "%SRCROOT%"


def to_sarif(findings: Iterable[Finding], sources: Sources = NOWHERE) -> str:
    """One run with each finding as a result, errors first; equal input gives equal bytes."""
    chosen = worst_first(safe(tuple(findings)))
    rules = {finding.diagnostic.rule: finding.diagnostic for finding in reversed(chosen)}
    names = sorted(rules)
    driver = {
        "name": "reconciler",
        "semanticVersion": __version__,
        "rules": [_rule(rules[name]) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(chosen, names, sources)),
    }
    return to_json([{"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}])


def _rule(item: Diagnostic) -> dict[str, Any]:
    """What a viewer tells of the rule beside each of its results."""
    rule: dict[str, Any] = {"id": item.rule, "shortDescription": {"text": item.summary}}
    if entry := find(item.rule):
        rule["fullDescription"] = {"text": entry.means}
        parts = [entry.means, entry.matters, entry.todo, *entry.read]
        rule["help"] = {"text": "\n".join(parts), "markdown": entry_to_markdown(entry, 2)}
    return rule | {"defaultConfiguration": {"level": _LEVEL[item.severity]}}


def _results(findings: Sequence[Finding], rules: Sequence[str], sources: Sources) -> Iterator[dict[str, Any]]:
    place_of = {name: index for index, name in enumerate(rules)}
    seen: Counter[str] = Counter()
    for finding in findings:
        item = finding.diagnostic
        lines = [item.detail, f"Hint: {item.hint}"] if item.hint else [item.detail]
        identity = _identity(finding, sources)
        seen[identity] += 1
        result: dict[str, Any] = {
            "ruleId": item.rule,
            "ruleIndex": place_of[item.rule],
            "level": _LEVEL[item.severity],
            "message": {"text": "\n".join(filter(None, lines)) or item.summary},
            "partialFingerprints": {"reconciler/v1": f"{identity}:{seen[identity]}"},
        }
        if location := _location(finding, sources):
            result["locations"] = [location]
        yield result


def _identity(finding: Finding, sources: Sources) -> str:
    """The same in every run, whatever lines move and however the words change with the facts."""
    item, place = finding.diagnostic, finding.place(sources)
    parts = [item.rule, item.address or "", place.file if place else ""]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _location(finding: Finding, sources: Sources) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if place := finding.place(sources):
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(place.file, errors="replace"), "uriBaseId": _ROOT},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    if finding.diagnostic.address:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.diagnostic.address}]
    return location
