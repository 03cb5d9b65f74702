"""Fields of a forge's answer, which may hold anything whatever its documentation says."""

from collections.abc import Mapping
from typing import Any

from reconciler.forge.model import ForgeError


def number_of(item: Mapping[str, Any], name: str) -> int:
    """A whole number.

    Raises:
        ForgeError: there is none.
    """
    value = item.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ForgeError(f"The forge answered without a number in the field {name}.")
    return value


def text_of(item: Mapping[str, Any], name: str) -> str:
    """A text; empty where there is none."""
    value = item.get(name)
    return value if isinstance(value, str) else ""


def part_of(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within; empty where there is none."""
    value = item.get(name)
    return value if isinstance(value, dict) else {}
