"""A quick second validator that can only say yes: what it does not pass, jsonschema looks at and explains.

It is compiled (the extra `quick`), and takes a hundredth of the time. Where it is not installed, nothing is different
but the time.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from reconciler.config.schema_files import schema_text

# What `\s` means to Python's re and str.isspace; the compiled validator has Unicode's own list, which differs.
_WHITE_SPACE: Final = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


@cache
def quick_validator(name: str) -> Callable[[Any], bool] | None:
    """What says whether a document fits a schema for certain; None where the extra is not installed."""
    try:
        from jsonschema_rs import Draft202012Validator  # noqa: PLC0415  an extra
    except ImportError:
        return None
    validator = Draft202012Validator(_with_python_patterns(json.loads(schema_text(name))))
    fits: Callable[[Any], bool] = validator.is_valid
    return fits


def _with_python_patterns(node: Any) -> Any:
    """The schema, with patterns that mean the same to both regular expression engines.

    `$` is the very end in both (Python's fullmatch, Rust's `$`), and `.` all but a line feed.
    """
    if isinstance(node, list):
        return [_with_python_patterns(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _written_out(item) if key == "pattern" and isinstance(item, str) else _with_python_patterns(item)
        for key, item in node.items()
    }


def _written_out(pattern: str) -> str:
    """A pattern with its white space, which stands in brackets everywhere, written out."""
    return pattern.replace(r"\s", _WHITE_SPACE)
