"""What a review takes beside the account: an earlier review, decisions, the commit of the files."""

import json
from pathlib import Path
from typing import Any

from reconciler.config.decisions import read_decisions
from reconciler.config.schema_files import schema_text
from reconciler.core.review.decisions import Decisions
from reconciler.store.review_file import read_reviews, review_of
from reconciler.wiring.keeping import commit_of
from reconciler.wiring.logins import Surroundings

__all__ = ["commit_of", "decisions_of", "review_of", "saved_reviews"]


def saved_reviews(path: Path) -> list[dict[str, Any]]:
    """The reviews in a file that an earlier run saved.

    Raises:
        ReviewFileError: it is no such file.
    """
    return read_reviews(path, json.loads(schema_text("review")))


def decisions_of(path: Path, around: Surroundings) -> Decisions:
    """What reviewers decided.

    Raises:
        ConfigurationError: the file is no decisions file.
    """
    return read_decisions(path, around.root)
