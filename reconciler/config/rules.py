"""The names of everything that can be wrong with a file, each with the one summary it always has."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.core.desired import quoted
from reconciler.core.diagnostics import Diagnostic, Position, Severity

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


def written_as(value: Any) -> str:
    """A value as a file may write it in one line."""
    return value if isinstance(value, str) else json.dumps(value)
