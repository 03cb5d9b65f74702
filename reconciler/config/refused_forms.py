"""Texts that a pattern of the schema refuses for reasons of their own: what is wrong with them, and what to write."""

import re
from collections.abc import Callable
from typing import Final

from reconciler.config.endpoints import account_form, untrusted_endpoint
from reconciler.config.references import Refusal, parse_reference
from reconciler.core.diagnostics import Position

_UNTRUSTED_PATH = re.compile(r"[/~]|.*[\\:]")


def _path_to_extend(name: str) -> Refusal:
    """What is wrong with the path of a file to extend, which does not match its pattern."""
    hint = "put the file into the repository, as in base/defaults.yaml"
    if _UNTRUSTED_PATH.match(name):
        detail = "A file to extend is named by its path from this file: no URL, no absolute path, no ~, no backslash."
        return Refusal("untrusted-reference", detail, hint)
    return Refusal("wrong-form", "The path of a file to extend ends in .yaml.", hint)


def no_reference() -> Refusal:
    """What is wrong with a value in the place of a secret that is no text."""
    nothing = parse_reference("", Position("", 1, 1))
    assert isinstance(nothing, Refusal)  # noqa: S101  # an empty text is no reference
    return nothing


def _reference_refusal(text: str) -> Refusal | None:
    found = parse_reference(text, Position("", 1, 1))
    return found if isinstance(found, Refusal) else None


# What a pattern that does not match means, by the title of the schema it stands in.
SPECIAL: Final[dict[str, Callable[[str], Refusal | None]]] = {
    "Account ID": account_form,
    "Path of a YAML file": _path_to_extend,
    "Reference to a secret": _reference_refusal,
    '"emulator" or a loopback URL': untrusted_endpoint,
    "SuiteTalk URL": lambda _: untrusted_endpoint(None),
    "RESTlets URL": lambda _: untrusted_endpoint(None),
}
