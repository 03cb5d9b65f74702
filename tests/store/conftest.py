"""Whatever keeps lock and journal has to pass on each kind of store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.store.objects import Objects
from reconciler.wiring.places import place_at
from tests.support.stores import gcs, place, s3

__all__ = ["gcs", "place", "s3"]


@pytest.fixture
def open_place(place: str) -> Callable[[], Objects]:
    return lambda: place_at(place, Path())


@pytest.fixture
def objects(open_place: Callable[[], Objects]) -> Objects:
    return open_place()
