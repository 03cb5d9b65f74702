"""The stub, fresh for each test."""

from collections.abc import Iterator

import pytest

from reconciler.netsuite.client import ReadClient, WriteClient
from tests.netsuite.stub import Stub


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as running:
        yield running


@pytest.fixture
def reader(stub: Stub) -> Iterator[ReadClient]:
    with stub.reader() as client:
        yield client


@pytest.fixture
def writer(stub: Stub) -> Iterator[WriteClient]:
    with stub.writer() as client:
        yield client
