"""Who changes what while a complete set is written, played through for every order of events."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.role_race import Undone, is_in, undone

ROLES = ("3", "5", "14", "1047")
sets = st.frozensets(st.sampled_from(ROLES))


@given(sets, sets, sets)
def test_what_is_noticed_in_time_is_given_back_and_ours_stays(
    before: frozenset[str], theirs: frozenset[str], ours: frozenset[str]
) -> None:
    """They edit, two looks see it, then our complete set is carried out and takes it back."""
    granted, removed = theirs - before - ours, before & theirs & ours
    edited = (before | granted) - removed
    found = ours

    lost = undone(before, ours, [edited, edited], found)

    if is_in(edited, before, ours):
        return
    assert lost == Undone(granted, removed)
    assert is_in(lost.restored(found), before, ours)
    assert granted <= lost.restored(found)
    assert not removed & lost.restored(found)


@given(sets, sets, st.lists(sets, max_size=4), sets)
def test_our_own_change_is_never_taken_for_somebody_elses(
    before: frozenset[str], ours: frozenset[str], seen: list[frozenset[str]], found: frozenset[str]
) -> None:
    if not is_in(found, before, ours):
        return
    lost = undone(before, ours, seen, found)

    assert is_in(lost.restored(found), before, ours)
    assert lost.granted.isdisjoint(found)
    assert lost.removed | lost.perhaps_removed <= found & before


@given(sets, sets)
def test_nothing_is_given_back_where_nobody_else_acted(before: frozenset[str], ours: frozenset[str]) -> None:
    assert not undone(before, ours, [], ours)
    assert not undone(before, ours, [before, before, ours], ours)


def test_of_several_looks_the_last_one_before_the_write_counts() -> None:
    before, ours = frozenset({"3"}), frozenset({"3", "1047"})
    with_14 = before | {"14"}

    assert undone(before, ours, [with_14, before], ours) == Undone()
    assert undone(before, ours, [before, with_14, ours], ours) == Undone(frozenset({"14"}))
    assert undone(before, ours, [with_14], ours | {"14"}) == Undone()


def test_one_look_alone_is_no_ground_to_take_a_role_away() -> None:
    before, ours = frozenset({"3", "5"}), frozenset({"3", "5", "1047"})

    assert undone(before, ours, [frozenset()], ours) == Undone(perhaps_removed=before)
    assert undone(before, ours, [frozenset({"3"})] * 2, ours) == Undone(removed=frozenset({"5"}))
