"""Reads a JSON document that a command saved, or says in what way a file is none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconciler.core.errors import ReconcilerError
from reconciler.core.spelling import meaning, nearest

FORMAT: Final = "1"
"""The major number that this version reads; minor ones only add."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A kind of document: what it is called, the error of a file that is none, how one is saved, its greatest size."""

    name: str
    error: type[ReconcilerError]
    hint: str
    most_bytes: int


def read_saved(path: Path, kind: Saved, schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The documents in a file of one or several environments, in its order; those that had failed are left out.

    Raises:
        ReconcilerError: the error of the kind: the file cannot be read, is none, or has a newer format.
    """
    document = _document(path, kind)
    version = str(document.get("format_version", ""))
    if version.partition(".")[0] != FORMAT:
        found = version or "none"
        raise kind.error(f"{path} has format_version {found}, and this version reads {FORMAT}.x.", hint=kind.hint)
    _require_valid(path, kind, document, schema)
    return [one for one in document.get("environments", [document]) if not one.get("errored")]


def _document(path: Path, kind: Saved) -> dict[str, Any]:
    try:
        if path.stat().st_size > kind.most_bytes:
            raise kind.error(f"{path} is larger than any {kind.name}.", hint=kind.hint)
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        near = nearest(path.name, _neighbours(path))
        hint = meaning(str(path.with_name(near))) if near else kind.hint
        raise kind.error(f"There is no file {path}.", hint=hint) from error
    except OSError as error:
        raise kind.error(f"{path} cannot be read: {error.strerror}.", hint=kind.hint) from error
    except (ValueError, RecursionError) as error:
        raise kind.error(f"{path} is not JSON.", hint=kind.hint) from error
    if not isinstance(document, dict):
        raise kind.error(f"{path} is JSON, but no {kind.name}.", hint=kind.hint)
    return document


def _neighbours(path: Path) -> list[str]:
    return [item.name for item in path.parent.glob(f"*{path.suffix}")] if path.suffix else []


def _require_valid(path: Path, kind: Saved, document: dict[str, Any], schema: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  loaded only when there is a file to check
    from jsonschema.exceptions import best_match  # noqa: PLC0415  likewise

    wrong = best_match(Draft202012Validator(schema).iter_errors(document))
    if wrong is not None:
        raise kind.error(f"{path} is no {kind.name}: at {wrong.json_path}, {wrong.message[:200]}.", hint=kind.hint)
