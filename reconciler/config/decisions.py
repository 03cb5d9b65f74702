"""Reads a decisions file, or tells everything that is wrong with it."""

from pathlib import Path
from typing import Any

from reconciler.config.schema import validate
from reconciler.config.source import RealPaths, read_source
from reconciler.config.values import Reader
from reconciler.config.yaml_document import Document, read_yaml
from reconciler.core.diagnostics import Diagnostic, has_errors
from reconciler.core.errors import ConfigurationError
from reconciler.core.review.decisions import Decision, Decisions, Item, Verdict


def read_decisions(path: Path, root: Path) -> Decisions:
    """What reviewers decided.

    Raises:
        ConfigurationError: the file cannot be read, or is not as schemas/decisions.schema.json says.
    """
    data = read_source(path, root, RealPaths())
    if isinstance(data, Diagnostic):
        raise ConfigurationError((data,))
    document = read_yaml(data, str(path))
    problems = list(document.diagnostics)
    if document.readable:
        problems += validate(document, "decisions")
    if has_errors(problems):
        raise ConfigurationError(tuple(problems))
    reader = Reader(document)
    made = [_decision(document, reader, index, item) for index, item in enumerate(document.value["decisions"])]
    if reader.problems:
        raise ConfigurationError(tuple(reader.problems))
    return Decisions(
        str(path),
        document.value["environment"],
        document.value.get("extract"),
        tuple(one for one in made if one),
    )


def _decision(document: Document, reader: Reader, index: int, item: dict[str, Any]) -> Decision | None:
    day = reader.day(("decisions", index, "date"), item["date"])
    if day is None:
        return None
    return Decision(
        Item(item["employee"], item["role"], item.get("application"), item.get("token")),
        Verdict(item["decision"]),
        item["reviewer"],
        item["reason"],
        day,
        document.at("decisions", index),
    )
