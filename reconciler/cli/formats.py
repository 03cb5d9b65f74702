"""The output formats and which command offers which; help and error messages are made from it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """The value is the word that stands behind `--output`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    SARIF = "sarif"
    CSV = "csv"
    GITHUB = "github"


PLAIN: Final = (Format.TEXT, Format.JSON)
"""What every command offers that offers `--output`."""
VALIDATE: Final = (*PLAIN, Format.SARIF, Format.GITHUB)
PLAN: Final = (*PLAIN, Format.MARKDOWN, Format.HTML, Format.SARIF, Format.GITHUB)
APPLY: Final = (*PLAIN, Format.MARKDOWN, Format.HTML, Format.GITHUB)
VERIFY: Final = (*PLAIN, Format.MARKDOWN, Format.HTML)
REVIEW: Final = (*PLAIN, Format.CSV, Format.MARKDOWN, Format.HTML, Format.SARIF)
EXPLAIN: Final = (*PLAIN, Format.MARKDOWN)


def named(formats: Sequence[Format]) -> str:
    """The formats as a sentence names them: `text (default), json or sarif`."""
    *most, last = (f"{name} (default)" if name is Format.TEXT else str(name) for name in formats)
    return f"{', '.join(most)} or {last}"
