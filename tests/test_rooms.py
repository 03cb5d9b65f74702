"""The table of rooms in CONTRIBUTING.md and the import rules that `make rooms` checks are the same."""

import re
import tomllib
from itertools import combinations, permutations, product
from typing import Any

import reconciler
from tests.support.documents import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
NAME = re.compile(r"`(\w+)`")
ROWS: list[tuple[str, str]] = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| .+ \| (.+) \|$", PAGE, re.MULTILINE)
ROOMS = [room for names, _ in ROWS for room in NAME.findall(names)]
RULES: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
PACKAGE = ROOT / reconciler.__name__
# The program begins here: it calls the command line, and nothing imports it.
NO_ROOM = {"__init__", "__main__", "__pycache__"}


def told() -> dict[str, set[str]]:
    """By room the rooms that the page lets it import."""
    may: dict[str, set[str]] = {}
    for names, cell in ROWS:
        for room in NAME.findall(names):
            below = set(ROOMS) - {room, "emulator"} if cell == "everything below" else set()
            may[room] = below | set(NAME.findall(cell))
    return may


def forbidden() -> set[tuple[str, str]]:
    """Who may not import whom, by any of the contracts."""
    found: set[tuple[str, str]] = set()
    for contract in RULES["contracts"]:
        match contract["type"]:
            case "layers":
                layers = [layer.split(" | ") for layer in contract["layers"]]
                found |= {pair for layer in layers for pair in permutations(layer, 2)}
                found |= {pair for upper, lower in combinations(layers, 2) for pair in product(lower, upper)}
            case "forbidden":
                found |= set(product(contract["source_modules"], contract["forbidden_modules"]))
            case "independence":
                found |= set(permutations(contract["modules"], 2))
    return {(one.removeprefix("reconciler."), other.removeprefix("reconciler.")) for one, other in found}


def test_every_room_stands_in_the_table() -> None:
    there = {path.stem for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"}

    assert sorted(ROOMS) == sorted(there - NO_ROOM)


def test_what_the_table_does_not_allow_is_forbidden_and_nothing_else() -> None:
    may = told()
    refused = {(room, other) for room, other in forbidden() if room in may and other in may}

    assert refused == {(room, other) for room, other in permutations(may, 2) if other not in may[room]}
