"""The expressions of workflows that `init` writes, worked out as GitHub does; any other is refused, not guessed.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import re
from collections.abc import Mapping
from typing import Any

_INSIDE = re.compile(r"\$\{\{(.*?)\}\}")
_COMPARED = re.compile(r"(\S+)\s*(==|!=)\s*(\S+)")
_TEXT = re.compile(r"'([^']*)'")
_PATH = re.compile(r"[a-z]+(?:\.[A-Za-z_][A-Za-z0-9_-]*)+")


class UnknownExpressionError(Exception):
    """It is none that is known here."""


def filled(template: str, contexts: Mapping[str, Any]) -> str:
    """A text with each `${{ … }}` replaced by its value."""
    return _INSIDE.sub(lambda match: evaluated(match[1], contexts), template)


def evaluated(expression: str, contexts: Mapping[str, Any]) -> str:
    """The value of one expression, as text."""
    text = expression.strip()
    if compared := _COMPARED.fullmatch(text):
        # https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators: without case
        one, other = (_value(part, contexts).casefold() for part in (compared[1], compared[3]))
        return "true" if (one == other) == (compared[2] == "==") else "false"
    return _value(text, contexts)


def _value(text: str, contexts: Mapping[str, Any]) -> str:
    if quoted := _TEXT.fullmatch(text):
        return quoted[1]
    if not _PATH.fullmatch(text):
        raise UnknownExpressionError(text)
    root, *keys = text.split(".")
    if root not in contexts:
        raise UnknownExpressionError(text)
    found: Any = contexts[root]
    for key in keys:
        # What is not there is null, which is an empty text.
        found = found.get(key) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return str(found).lower()
    return "" if found is None else str(found)
