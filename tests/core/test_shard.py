"""The shards of some items are the items, each once, and what belongs together stays together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.errors import UsageError
from reconciler.core.shard import Shard


@given(items=st.lists(st.tuples(st.integers(0, 9), st.integers()), unique=True), of=st.integers(1, 12))
def test_every_item_falls_to_exactly_one_shard_with_all_that_belongs_to_it(
    items: list[tuple[int, int]], of: int
) -> None:
    parts = [Shard(number, of).part(items, lambda item: item[0]) for number in range(1, of + 1)]

    assert sorted(item for part in parts for item in part) == sorted(items)
    assert all(part == [item for item in items if item in part] for part in parts)
    groups = [{group for group, _ in part} for part in parts]
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert max(map(len, groups)) - min(map(len, groups)) <= 1


def test_a_shard_is_written_as_its_number_and_how_many_there_are() -> None:
    assert Shard.parsed("3/16") == Shard(3, 16)


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "-1/2", "1/0", "a/b", "1/2/3", "\uff11/2", " 1/2", "1/2\n"])
def test_what_names_no_part_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="names no part"):
        Shard.parsed(text)
