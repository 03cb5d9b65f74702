"""Reads a saved review, to compare with: an extract whose checksum says that nobody changed it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from reconciler.core.errors import ReconcilerError
from reconciler.core.review.sealing import seal
from reconciler.store.saved_file import Saved, read_saved


class ReviewFileError(ReconcilerError):
    """A file that is no review, not one that this version reads, or one that was changed."""

    rule = "review-file"
    summary = "Not a saved review"


_KIND: Final = Saved(
    "review", ReviewFileError, "save one with: reconciler review ENV --output json=FILE", 512 * 1024 * 1024
)


def read_reviews(path: Path, schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The reviews of a file of one or several environments.

    Args:
        path: what `review --output json=FILE` wrote.
        schema: the schema of reviews.

    Raises:
        ReviewFileError: the file cannot be read, or is none.
    """
    return read_saved(path, _KIND, schema)


def review_of(reviews: Iterable[dict[str, Any]], path: Path, environment: str, account: str) -> dict[str, Any]:
    """The review of one environment among those of a file.

    Args:
        reviews: what the file holds.
        path: the file.
        environment: of which environment.
        account: of which account it has to be.

    Raises:
        ReviewFileError: it is not there, is about another account, or was changed.
    """
    chosen = next((one for one in reviews if one["environment"] == environment), None)
    if chosen is None:
        raise ReviewFileError(f"{path} holds no review of {environment}.", hint="name the file of that environment")
    if chosen["account"] != account:
        raise ReviewFileError(
            f"{path} is about account {chosen['account']}, and {environment} about account {account}.",
            hint="compare with a review of the same account",
        )
    if seal(chosen["extract"]) != chosen["sha256"]:
        raise ReviewFileError(
            f"The extract of {environment} in {path} does not fit its checksum: the file was changed after it was "
            "written.",
            hint="take the file from where it is kept safe",
        )
    return dict(chosen)
