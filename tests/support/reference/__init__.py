"""Pages of docs/reference, each made from the code; `python -m tests.support.documents` writes them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.support.reference.behaviours import behaviours_page
from tests.support.reference.commands import commands_page
from tests.support.reference.configuration import configuration_page
from tests.support.reference.formats import formats_page
from tests.support.reference.rules import rules_page

FOLDER: Final = Path(__file__).parents[3] / "docs" / "reference"
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "commands.md": commands_page,
    "configuration.md": configuration_page,
    "emulator-behaviours.md": behaviours_page,
    "formats.md": formats_page,
    "rules.md": rules_page,
}


def write_pages() -> None:
    """Write every page as the code is now."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
