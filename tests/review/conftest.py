"""Reviews of accounts that stand at a fixed moment, made by the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.conftest import Desk, desk
from tests.support.emulator import Emulator, serving

__all__ = ["desk"]

HERE = Path(__file__).parent
MOMENT = "2026-11-22T12:00:00Z"


def _serving(name: str) -> Iterator[Emulator]:
    with serving(seed=HERE / f"{name}.yaml") as emulator:
        emulator.door("clock", {"set": MOMENT})
        emulator.snapshot("moment")
        yield emulator


@pytest.fixture(scope="module")
def _healthy() -> Iterator[Emulator]:
    yield from _serving("healthy")


@pytest.fixture(scope="module")
def _troubled() -> Iterator[Emulator]:
    yield from _serving("troubled")


@pytest.fixture
def healthy(_healthy: Emulator, desk: Desk) -> Emulator:
    """An account in which nothing is wrong, as production."""
    return at(desk, _healthy, "healthy")


@pytest.fixture
def troubled(_troubled: Emulator, desk: Desk) -> Emulator:
    """An account in which everything is wrong that a review knows of, as production."""
    return at(desk, _troubled, "troubled")


def at(desk: Desk, emulator: Emulator, name: str) -> Emulator:
    emulator.reset("moment")
    desk.log_in(emulator)
    desk.declare("production", (HERE / f"{name}.environment.yaml").read_text("utf-8"), emulator)
    return emulator
