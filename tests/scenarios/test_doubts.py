"""The list of doubts speaks of tests that exist."""

import re
from pathlib import Path

import pytest

from reconciler.emulator.behaviours import BEHAVIOURS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "doubts.md").read_text("utf-8")
DEFINED = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
}
KNOWN = {each.name for each in BEHAVIOURS}
ALL_ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| what ")]
TO_SETTLE = [line for line in TEXT.partition("\n## Refused logins")[0].splitlines() if line in ALL_ROWS]
ROWS = [line for line in ALL_ROWS if line not in TO_SETTLE]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", TEXT))))
def test_every_test_it_names_exists(name: str) -> None:
    assert name in DEFINED


@pytest.mark.parametrize("folder", sorted(set(re.findall(r"`tests/scenarios/([\w-]+)`", TEXT))))
def test_every_scenario_it_names_exists(folder: str) -> None:
    assert (ROOT / "tests" / "scenarios" / folder / "plan.txt").is_file()


def test_every_scenario_is_named() -> None:
    named = set(re.findall(r"`tests/scenarios/([\w-]+)`", TEXT))

    assert {file.parent.name for file in (ROOT / "tests" / "scenarios").glob("*/seed.yaml")} == named


@pytest.mark.parametrize("row", ROWS)
def test_every_row_says_what_shows_it(row: str) -> None:
    *_, shown, _ = row.split("|")
    assert "`test" in shown


def test_every_address_is_named_and_used() -> None:
    body, _, last = TEXT.partition("\n[errors]: ")
    addresses = re.findall(r"^\[([^\]]+)\]: (\S+)$", f"[errors]: {last}", re.MULTILINE)

    # What is in backticks, as `[C]` is, names no address.
    used = set(re.findall(r"\[([^\]`]+)\]", re.sub(r"`[^`]*`", "", body)))
    assert used == {name for name, _ in addresses}
    assert all(address.startswith("https://") for _, address in addresses)


@pytest.mark.parametrize("row", [row for row in ALL_ROWS if "`[C]`" in row or "`[L]`" in row])
def test_whatever_is_confirmed_or_likely_has_a_source(row: str) -> None:
    doubt = row.split("|")[1]
    assert re.search(r"\[[^\]`]+\]|seen (once|twice)", re.sub(r"`[^`]*`", "", doubt))


def test_there_are_doubts_to_settle() -> None:
    assert len(TO_SETTLE) >= 10


@pytest.mark.parametrize("row", TO_SETTLE)
def test_every_doubt_to_settle_says_how_and_where_the_emulator_shows_it(row: str) -> None:
    _, assumed, settled_by, shown, _ = (cell.strip() for cell in row.split("|"))

    assert re.search(r"`\[[CLU]\]`", assumed), "how sure we are"
    assert settled_by
    assert shown
    for name in re.findall(r"`([a-z0-9-]+)`", shown):
        assert name in KNOWN, name


def test_no_number_is_left_that_only_this_project_knows() -> None:
    assert not re.findall(r"\bD[0-9]+\b|\bX:[0-9]+", TEXT)
