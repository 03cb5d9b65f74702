"""The names of everything that can be wrong with a file, each with the one summary it always has."""

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

from reconciler.core.desired import quoted
from reconciler.core.diagnostics import Diagnostic, Position, Severity

# More names than this are no help to anybody.
MANY: Final = 10

SUMMARIES: Mapping[str, str] = {
    # The file itself.
    "unreadable-file": "File cannot be read",
    "file-too-large": "File is too large",
    "outside-repository": "File lies outside the repository",
    "base-not-found": "No such file to extend",
    "extends-cycle": "File extends itself",
    "too-many-bases": "Too many files to extend",
    "environment-name": "File name is not an environment name",
    # YAML.
    "encoding": "File is not UTF-8",
    "forbidden-character": "Character that may not stand in a file",
    "yaml-syntax": "Not valid YAML",
    "directive": "YAML directive",
    "alias": "YAML alias",
    "anchor": "YAML anchor",
    "tag": "YAML tag",
    "merge-key": "YAML merge key",
    "multiple-documents": "More than one document",
    "empty-file": "File is empty",
    "duplicate-key": "Key given twice",
    "key-not-text": "Key is not text",
    "number-too-large": "Number is too large",
    "too-deep": "Nested too deeply",
    "too-many-values": "Too many values",
    "too-many-problems": "Too many problems",
    # Shape.
    "unknown-key": "Unknown key",
    "missing-key": "Missing key",
    "wrong-type": "Wrong type of value",
    "not-allowed": "Value is not one of those allowed",
    "wrong-form": "Value has the wrong form",
    "out-of-range": "Number is out of range",
    "wrong-count": "Wrong number of entries",
    "duplicate-entry": "Entry given twice",
    "schema": "Value does not fit the schema",
    # Trust.
    "literal-secret": "Not a reference to a secret",
    "untrusted-reference": "Reference is not allowed",
    "untrusted-endpoint": "Endpoint is not allowed",
    # Meaning.
    "account-form": "Account is not written as NetSuite writes it",
    "release-preview": "Release Preview is not supported",
    "not-a-date": "No such date",
    "duplicate-application": "Two integrations for one application",
    "duplicate-person": "One person given twice",
    "standby-is-owner": "Standby is the owner",
    "role-repeated": "Token role repeated among the required roles",
    "owner-is-protected": "Owner is a protected employee",
    "owner-contradicts-employees": "Owner contradicts the employees section",
    "standby-contradicts-employees": "Standby contradicts the employees section",
    "login-contradicts-employees": "This tool's own login contradicts the employees section",
    "protected-contradicts-employees": "Protected employee would lose something",
    "inactive-with-access": "Access for somebody who is inactive",
    "no-role-left": "Nobody loses the last role",
    "freeze-order": "Freeze ends before it begins",
    "unknown-address": "Unknown address",
    # Between two revisions.
    "sensitive-change": "Changes what the tool itself rests on",
    "no-trusted-settings": "New environment, not planned",
    "unusable-trusted-settings": "Trusted settings cannot be used",
}


def problem(
    rule: str,
    detail: str,
    *,
    position: Position | None,
    address: str | None = None,
    hint: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    """A diagnostic under one of the rules above, with that rule's summary."""
    return Diagnostic(severity, rule, SUMMARIES[rule], detail, address, position, hint)


def line_of(place: Position, seen_from: Position) -> str:
    """How a text that is shown at one place names another one."""
    return f"line {place.line}" if place.file == seen_from.file else f"{place.file}:{place.line}"


def address_of(path: Sequence[str | int]) -> str | None:
    """A path of keys as an address, keys with a dot in quotes; None for the file as a whole."""
    return ".".join(quoted(str(key)) for key in path) or None


def nearest(word: str, words: Sequence[str]) -> str | None:
    """The one of these words that was probably meant; upper and lower case do not count."""
    by_lower = {candidate.casefold(): candidate for candidate in words}
    found = get_close_matches(word.casefold(), sorted(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, words: Sequence[str]) -> str | None:
    """A hint that names the nearest of these words, else several of them; None where there is none."""
    if not words:
        return None
    meant = nearest(word, words)
    return meaning(meant) if meant else f"known here: {listed(word, words)}"


def meaning(word: str) -> str:
    """The hint that names the word that was probably meant."""
    return f'did you mean "{word}"?'


def listed(word: str, words: Sequence[str]) -> str:
    """The words that are nearest to this one, those first, and how many others there are."""
    matcher = SequenceMatcher(b=word.casefold())

    def distance(candidate: str) -> tuple[float, str]:
        matcher.set_seq1(candidate.casefold())
        return -matcher.ratio(), candidate

    names = ", ".join(sorted(words, key=distance)[:MANY])
    return names if len(words) <= MANY else f"{names} and {len(words) - MANY} more"


def written_as(value: Any) -> str:
    """A value as a file may write it in one line."""
    return value if isinstance(value, str) else json.dumps(value)
