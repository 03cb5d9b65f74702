"""The longest silence, as far as the days of the logins tell."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.live import LoginGroup
from reconciler.core.silence import length_told, longest_silence
from tests.support.builders import NOW, a_token, logins

TOKEN = a_token()
WITHIN = timedelta(days=90)


def at(*ago: float, number: int = 0) -> LoginGroup:
    return logins(TOKEN, *(timedelta(hours=one) for one in ago), number=number)


def test_without_logins_there_is_no_silence_to_speak_of() -> None:
    assert longest_silence([], NOW, WITHIN) is None
    assert longest_silence([logins(TOKEN, timedelta(hours=1), success=False)], NOW, WITHIN) is None


def test_a_silence_that_goes_on_is_open() -> None:
    found = longest_silence([at(30, 20, number=9)], NOW, WITHIN)

    assert found is not None
    assert (found.length, found.is_open, found.end) == (timedelta(hours=20), True, NOW)


def test_between_two_days_it_is_from_the_last_to_the_first_login() -> None:
    found = longest_silence([at(10, 1, number=50), at(60, 50, number=50)], NOW, WITHIN)

    assert found is not None
    assert (found.length, found.is_open) == (timedelta(hours=40), False)


def test_the_only_two_logins_of_a_day_have_silence_between_them() -> None:
    two, many = (longest_silence([at(23, 1, number=number)], NOW, WITHIN) for number in (2, 3))

    assert two is not None
    assert many is not None
    assert (two.length, many.length) == (timedelta(hours=22), timedelta(hours=1))


def test_another_token_at_work_in_between_ends_a_silence() -> None:
    found = longest_silence([at(23, 1, number=2), at(12, number=1)], NOW, WITHIN)

    assert found is not None
    assert found.length < timedelta(hours=12)


def test_a_silence_counts_with_its_whole_length_when_it_reaches_into_the_time() -> None:
    found = longest_silence([at(24 * 100, number=1), at(24 * 80, number=1), at(24 * 79, 1, number=999)], NOW, WITHIN)

    assert found is not None
    assert found.length == timedelta(days=20)


def test_a_silence_before_the_time_does_not_count() -> None:
    found = longest_silence([at(24 * 200, number=1), at(24 * 91, 1, number=99)], NOW, WITHIN)

    assert found is not None
    assert (found.length, found.is_open) == (timedelta(hours=1), True)


@given(st.lists(st.integers(0, 24 * 60 * 89), min_size=1, max_size=30, unique=True), st.integers(1, 5))
def test_it_is_never_told_longer_than_it_was(minutes: list[int], of_a_day: int) -> None:
    """Rows are grouped in some way; what is told is a real time between two logins in a row, or to now."""
    ago = sorted(minutes)
    groups = [
        at(*(one / 60 for one in ago[start : start + of_a_day]), number=len(ago[start : start + of_a_day]))
        for start in range(0, len(ago), of_a_day)
    ]
    truly = max([ago[0], *(later - sooner for sooner, later in pairwise(ago))])

    found = longest_silence(groups, NOW, WITHIN)

    assert (found.length if found else timedelta()) <= timedelta(minutes=truly)
    if of_a_day == 1:
        assert (found.length if found else timedelta()) == timedelta(minutes=truly)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(), "0m"),
        (timedelta(seconds=59), "0m"),
        (timedelta(minutes=12), "12m"),
        (timedelta(hours=4, minutes=5), "4h 5m"),
        (timedelta(days=3, hours=4, minutes=5), "3d 4h"),
        (timedelta(days=3, minutes=5), "3d"),
    ],
)
def test_lengths_are_told_by_their_two_largest_units(length: timedelta, told: str) -> None:
    assert length_told(length) == told
