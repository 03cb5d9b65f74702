"""Reads a decisions file, or tells everything that is wrong with it."""

from datetime import date
from pathlib import Path
from typing import Any

from reconciler.config.rules import address_of, problem
from reconciler.config.schema import validate
from reconciler.config.source import RealPaths, read_source
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
    made = [_decision(document, index, item) for index, item in enumerate(document.value["decisions"])]
    wrong = tuple(one for one in made if isinstance(one, Diagnostic))
    if wrong:
        raise ConfigurationError(wrong)
    return Decisions(
        str(path),
        document.value["environment"],
        document.value.get("extract"),
        tuple(one for one in made if isinstance(one, Decision)),
    )


def _decision(document: Document, index: int, item: dict[str, Any]) -> Decision | Diagnostic:
    path = ("decisions", index, "date")
    try:
        day = date.fromisoformat(item["date"])
    except ValueError:
        return problem(
            "not-a-date",
            f"There is no {item['date']} in the calendar.",
            position=document.at(*path),
            address=address_of(path),
            hint="write a day that exists",
        )
    return Decision(
        Item(item["employee"], item["role"], item.get("application"), item.get("token")),
        Verdict(item["decision"]),
        item["reviewer"],
        item["reason"],
        day,
        document.at("decisions", index),
    )
