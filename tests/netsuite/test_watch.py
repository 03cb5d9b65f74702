"""The looks while something is written: none ends the others, and none is made where an account takes one request."""

import threading
from pathlib import Path
from typing import Any

import pytest

from reconciler.core.errors import NetSuiteError
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.employee_writer import LOOK_EVERY, NetSuiteEmployeeWriter
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.watch import Watch
from tests.reliability.files import LAST_WORD
from tests.support.in_process import in_process

TOWN = Path(__file__).parents[1] / "reliability" / "town.yaml"


def test_a_look_that_fails_does_not_end_the_watch() -> None:
    enough = threading.Event()
    calls: list[int] = []

    def look() -> int:
        calls.append(len(calls))
        if len(calls) == 1:
            raise NetSuiteError("no answer came")
        if len(calls) > 3:
            enough.set()
        return calls[-1]

    with Watch(look, 0.001) as watch:
        assert enough.wait(30)

    assert watch.seen[:2] == [1, 2]


@pytest.mark.parametrize(("concurrency", "expected"), [(1, None), (2, LOOK_EVERY)])
def test_there_are_looks_where_the_account_has_a_second_place_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, concurrency: int, expected: float | None
) -> None:
    made: list[float | None] = []

    def noted(*given: Any, look_every: float | None) -> NetSuiteEmployeeWriter:
        made.append(look_every)
        return NetSuiteEmployeeWriter(*given, look_every=None)

    def one_after_the_other(client: ReadClient, *, concurrency: int) -> NetSuiteReader:
        """The account lives in this process, and answers one request at a time."""
        return NetSuiteReader(client, concurrency=min(concurrency, 1))

    monkeypatch.setattr("reconciler.netsuite.employee_writer.NetSuiteEmployeeWriter", noted)
    monkeypatch.setattr("reconciler.wiring.account.NetSuiteReader", one_after_the_other)
    content = {**LAST_WORD["north"], "netsuite": {**LAST_WORD["north"]["netsuite"], "concurrency": concurrency}}
    with in_process(tmp_path, TOWN) as account:
        account.write("north", content)
        assert account.run("apply", "north", "--auto-approve").code == 0

    assert made == [expected]
