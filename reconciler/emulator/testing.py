"""Fixtures for pytest, there as soon as `reconciler[emulator]` is installed; nothing is loaded until a test asks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from reconciler.emulator.client import Emulator


@pytest.fixture(scope="session")
def netsuite_emulator_options() -> tuple[str, ...]:
    """Options of `python -m reconciler.emulator serve`, such as ("--seed", "seed.yaml"); override it for your own."""
    return ()


@pytest.fixture(scope="session")
def netsuite_emulator_process(netsuite_emulator_options: tuple[str, ...]) -> Iterator["Emulator"]:
    """One emulator for the whole session: a process of its own, in memory, on a free port of loopback."""
    from reconciler.emulator.client import BEGINNING, serving  # noqa: PLC0415 - only who uses it pays for it

    with serving(*netsuite_emulator_options) as emulator:
        emulator.snapshot(BEGINNING)
        yield emulator


@pytest.fixture
def netsuite_emulator(netsuite_emulator_process: "Emulator") -> "Emulator":
    """The session's emulator, as it was at its start: accounts, clock, switches, no faults, an empty request log."""
    netsuite_emulator_process.reset()
    return netsuite_emulator_process
