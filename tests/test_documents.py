"""What the documents show is what really happens."""

import re
from pathlib import Path

import pytest

from reconciler.core.guards import GUARDS
from tests.support.documents import CHECKED, ROOT, refreshed

MOST_LINES = 150


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_output_shown_is_the_real_one(path: Path) -> None:
    shown = path.read_text("utf-8")

    assert refreshed(shown) == shown, "run: python -m tests.support.documents"


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= MOST_LINES


def test_every_link_to_a_file_leads_somewhere() -> None:

    for path in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_guide_to_apply_lists_every_guard_and_who_may_override_it() -> None:
    text = (ROOT / "docs" / "apply.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (yes|no) \|$", text, re.MULTILINE))

    assert listed == {guard.rule: "no" if guard.is_final else "yes" for guard in GUARDS}
