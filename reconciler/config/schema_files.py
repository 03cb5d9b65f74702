"""Finds the JSON Schemas that ship with the product."""

from pathlib import Path
from typing import Final

from reconciler.core.errors import UsageError
from reconciler.core.spelling import did_you_mean

_SUFFIX: Final = ".schema.json"
_PACKAGE: Final = Path(__file__).resolve().parent.parent


def _folder() -> Path:
    """A wheel carries the schemas inside the package; an editable install finds the checkout's own."""
    inside = _PACKAGE / "schemas"
    return inside if inside.is_dir() else _PACKAGE.parent / "schemas"


def schema_names() -> tuple[str, ...]:
    """The names of all schemas, in order."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in _folder().glob(f"*{_SUFFIX}")))


def schema_text(name: str) -> str:
    """The text of one schema, such as `environment`.

    Raises:
        UsageError: there is none of that name.
    """
    names = schema_names()
    if name not in names:
        raise UsageError(f'There is no schema "{name}".', hint=did_you_mean(name, names))
    return (_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
