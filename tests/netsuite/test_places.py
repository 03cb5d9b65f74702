"""How the places of an account close and open again, and that nothing is sent without one."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import requests

from reconciler.netsuite.pool import Pool
from tests.reliability.files import LAST_WORD
from tests.support.in_process import Handler, in_process

TOWN = Path(__file__).parents[1] / "reliability" / "town.yaml"
IN_A_ROW = 8


def answered(pool: Pool, times: int) -> int:
    for _ in range(times):
        pool.answered()
    return pool.open


def test_only_so_many_answers_in_a_row_open_one_more_place() -> None:
    pool = Pool(8)
    pool.full()
    assert answered(pool, IN_A_ROW - 1) == 4
    assert answered(pool, 1) == 5


def test_a_refusal_begins_the_row_anew() -> None:
    pool = Pool(8)
    pool.full()
    answered(pool, IN_A_ROW - 1)
    pool.full()
    assert answered(pool, 1) == 2


def test_a_larger_number_of_another_file_opens_nothing() -> None:
    pool = Pool(2)
    pool.at_most(8)
    assert answered(pool, IN_A_ROW) == 2


def test_every_request_has_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places, sent = [0], [0]
    pools: set[Pool] = set()
    place = Pool.place

    @contextmanager
    def counted(pool: Pool) -> Iterator[None]:
        with place(pool):
            places[0] += 1
            pools.add(pool)
            yield

    def through(request: requests.PreparedRequest, pass_on: Handler) -> requests.Response:
        sent[0] += 1
        assert places[0] >= sent[0]
        return pass_on(request)

    monkeypatch.setattr(Pool, "place", counted)
    with in_process(tmp_path, TOWN) as account:
        account.write("north", LAST_WORD["north"])
        account.wire.through = through
        assert account.run("apply", "north", "--auto-approve").code == 0

    assert places == sent
    assert len(pools) == 1, "reading and writing login share it"
    assert sent[0] > 0


def test_a_share_closes_the_other_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shares: list[int] = []
    monkeypatch.setattr("reconciler.wiring.account.share", lambda *_: nullcontext(1))
    monkeypatch.setattr(Pool, "answered", lambda pool: shares.append(pool.open))
    content = {**LAST_WORD["north"], "netsuite": {**LAST_WORD["north"]["netsuite"], "concurrency": 4}}
    with in_process(tmp_path, TOWN) as account:
        account.write("north", content)
        account.run("verify", "north")

    assert set(shares) == {1}
