"""The extract of a review: the same bytes for the same facts, and other ones for any other fact."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.access import QueryRead
from reconciler.core.desired import ActsAs
from reconciler.core.live import Gap, Gapped, Identity
from reconciler.core.review.sealing import seal
from reconciler.render.review import review_document
from tests.core.review.worlds import DANAS, healthy, reviewed, whole
from tests.support.builders import (
    ADMIN,
    ANN,
    CONNECTOR,
    DANA,
    NOW,
    READER,
    TOOL_READER,
    a_desired_state,
    a_token,
    changed,
    hours,
    logins,
    with_grants,
)

QUERIES = (QueryRead("SELECT id FROM employee", (), 5, timedelta(seconds=1)), QueryRead("SELECT 1 FROM role", (3,), 1))


def sealed(seen: Any, **desired: Any) -> str:
    return str(review_document(reviewed(seen, a_desired_state(**desired)))["sha256"])


def test_time_of_the_run_commit_and_speed_are_beside_the_extract() -> None:
    later = healthy(read_at=NOW + timedelta(minutes=7))
    one = review_document(reviewed(whole(healthy(), queries=QUERIES)), "abc")
    slower = tuple(replace(query, after=timedelta(seconds=9)) for query in QUERIES)
    other = review_document(reviewed(whole(later, queries=slower)), "def")

    assert one["extract"] == other["extract"]
    assert one["sha256"] == other["sha256"]
    assert one["run"] != other["run"]
    assert (one["run"]["commit"], one["run"]["read_at"]) == ("abc", "2026-11-22T12:00:00Z")
    assert [(query["rows"], query["after_seconds"]) for query in one["run"]["queries"]] == [(5, 1.0), (1, 0.0)]


def test_the_login_that_reads_does_not_change_what_it_reads() -> None:
    """Its own last use moves with every look."""
    own = a_token("800", TOOL_READER, application="Reconciler", application_id="21", role_id=READER.id)
    desired = {"reader": ActsAs(a_desired_state().reader.employee, READER.name)}  # type: ignore[union-attr]

    def seen(hour: float) -> Any:
        live = healthy(tokens=(DANAS, own), logins=(logins(DANAS, *hours(600, 1)), logins(own, *hours(hour))))
        return whole(live, last_seen={TOOL_READER.id: NOW - timedelta(hours=hour), ANN.id: NOW - timedelta(days=3)})

    assert sealed(seen(3), **desired) == sealed(seen(0), **desired)


OTHERS: dict[str, Any] = {
    "another role": with_grants(healthy(), (ANN, CONNECTOR)),
    "another address": changed(healthy(), ANN, email="anne@example.com"),
    "nobody's access": changed(healthy(), ANN, access=False),
    "another token": healthy(tokens=(DANAS, replace(DANAS, id="601", name="second"))),
    "another day it was made": healthy(tokens=(replace(DANAS, created=NOW - timedelta(days=31)),)),
    "another login": healthy(logins=(logins(DANAS, *hours(600, 2)),)),
    "another reader": healthy(reader=Identity(DANA.id, ADMIN.id)),
    "a gap": healthy(gaps=(Gap(Gapped.ROLES, "hidden.", "add it"),)),
    "another last login": whole(healthy(), last_seen={ANN.id: NOW}),
    "another number of rows": whole(healthy(), queries=(replace(QUERIES[0], rows=6),)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_fact_gives_another_checksum(name: str) -> None:
    assert sealed(OTHERS[name]) != sealed(whole(healthy(), queries=()))


def test_other_declarations_give_another_checksum() -> None:
    assert sealed(healthy(), environment="other") != sealed(healthy())


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none(), st.booleans()), max_size=4))
def test_the_checksum_is_that_of_the_sorted_json(content: dict[str, Any]) -> None:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert seal(content) == f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    assert seal(dict(reversed(content.items()))) == seal(content)


def test_an_incomplete_review_says_so_in_what_is_sealed() -> None:
    extract = review_document(reviewed(OTHERS["a gap"]))["extract"]

    assert extract["complete"] is False
    assert extract["gaps"] == [{"what": "roles", "detail": "hidden.", "hint": "add it"}]
    assert "token-role-inactive" in extract["not_judged"]
