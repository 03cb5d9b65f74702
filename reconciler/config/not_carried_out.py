"""The keys of the schema that nothing carries out yet: whoever declares one is told, so that nothing is ignored."""

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.config.rules import problem
from reconciler.config.yaml_document import Document
from reconciler.core.diagnostics import Diagnostic, Severity

# To carry one of these out, delete its line.
NOT_CARRIED_OUT: Final[Mapping[str, str]] = {
    "review": "The access review is not built yet.",
    "waivers": "The access review, and with it waivers, is not built yet.",
}


def not_carried_out(document: Document) -> Iterator[Diagnostic]:
    """A warning for each declared key of a file that this version does not carry out."""
    for key in (key for key in NOT_CARRIED_OUT if key in document.value):
        position = document.at_key(key)
        yield problem(
            "not-carried-out", NOT_CARRIED_OUT[key], position=position, address=key, severity=Severity.WARNING
        )
