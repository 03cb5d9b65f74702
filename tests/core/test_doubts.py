"""doctor knows every doubt that the emulator lists: what is assumed of it, or why it is not to be seen."""

from collections import Counter

from reconciler.core.doubts import DOUBTS, UNSEEN, Standing, judged
from reconciler.emulator.behaviours import BEHAVIOURS, Known

OPEN = {one.name for one in BEHAVIOURS if one.known in {Known.LIKELY, Known.UNKNOWN}}


def test_every_doubt_is_looked_at_or_said_to_be_out_of_sight() -> None:
    looked_at = [one.name for one in DOUBTS]
    out_of_sight = [name for names in UNSEEN.values() for name in names]

    assert [name for name, times in Counter(looked_at + out_of_sight).items() if times > 1] == []
    assert OPEN - {*looked_at, *out_of_sight} == set()
    assert {*looked_at, *out_of_sight} - {one.name for one in BEHAVIOURS} == set()


def test_what_is_assumed_is_what_the_emulator_does() -> None:
    does = {one.name: one.default for one in BEHAVIOURS}

    assert [one.name for one in DOUBTS if does[one.name] not in {"", one.assumed}] == []
    assert sum(does[one.name] != "" for one in DOUBTS) > 20, "the others are no switches"


def test_what_was_not_seen_is_never_said_to_be_as_assumed() -> None:
    assert {one.standing for one in judged({})} == {Standing.NOT_OBSERVABLE}
    assert all(one.why for one in judged({}))


def test_another_value_than_the_assumed_one_contradicts() -> None:
    told = {one.name: one for one in judged({"suiteql-params": "refused", "roles-keyed": "no"})}

    assert told["suiteql-params"].standing is Standing.CONTRADICTS
    assert told["roles-keyed"].standing is Standing.OBSERVED
