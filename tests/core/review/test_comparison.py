"""What changed from one review to the next: everything, each by its own word, and nothing else."""

from dataclasses import replace

import pytest

from reconciler.core.live import IntegrationRecord, IntegrationState, LiveState
from reconciler.core.review.comparison import Kind, compare
from reconciler.core.review.review import Review
from reconciler.render.review import review_document, snapshot
from tests.core.review.worlds import DANAS, healthy, reviewed
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    LEE,
    NOW,
    changed,
    with_grants,
    without_grants,
)


def differences(before: LiveState, after: LiveState) -> list[tuple[Kind, str]]:
    was, is_now = (snapshot(review_document(reviewed(one))) for one in (before, after))
    return [(one.kind, one.what) for one in compare(was, is_now, "old.json").differences]


def test_the_same_account_did_not_change() -> None:
    assert differences(healthy(), healthy()) == []


LEES = replace(DANAS, id="601", owner_id=LEE.id, name="another")

TOLD = f'"token 600" of {APPLICATION}, owned by {DANA.label} in role {CONNECTOR.name}'

CHANGES: dict[str, tuple[LiveState, set[tuple[Kind, str]]]] = {
    "access lost": (changed(healthy(), ANN, access=False), {(Kind.ACCESS_LOST, "ann@example.com")}),
    "role gained": (
        with_grants(healthy(), (ANN, CONNECTOR)),
        {
            (Kind.ROLE_GAINED, "NetSuite Connector Web Services: ann@example.com"),
            (Kind.FINDING_NEW, "stray-role-holder at integrations.netsuite-connector"),
        },
    ),
    "role lost": (without_grants(healthy(), (LEE, ADMIN)), {(Kind.ROLE_LOST, "Administrator: lee.wong@example.com")}),
    "token inactive": (
        healthy(tokens=(replace(DANAS, inactive=True),)),
        {
            (
                Kind.TOKEN_CHANGED,
                f"{TOLD} -> {TOLD}, inactive",
            ),
            (Kind.FINDING_NEW, "no-live-token at integrations.netsuite-connector"),
        },
    ),
    "record blocked": (
        healthy(integrations=(IntegrationRecord("7", APPLICATION, IntegrationState.BLOCKED),)),
        {
            (Kind.APPLICATION_CHANGED, "NetSuite Connector: Enabled -> Blocked"),
            (Kind.FINDING_NEW, "integration-blocked at integrations.netsuite-connector"),
        },
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_told(name: str) -> None:
    after, expected = CHANGES[name]

    assert set(differences(healthy(), after)) == expected


def test_what_came_went_when_it_is_looked_at_the_other_way_round() -> None:
    more = with_grants(healthy(tokens=(DANAS, LEES)), (LEE, CONNECTOR))
    forth, back = differences(healthy(), more), differences(more, healthy())

    assert {kind for kind, _ in forth} == {Kind.TOKEN_MADE, Kind.ROLE_GAINED, Kind.FINDING_NEW}
    assert {kind for kind, _ in back} == {Kind.TOKEN_GONE, Kind.ROLE_LOST, Kind.FINDING_GONE}
    assert {what for _, what in forth} == {what for _, what in back}


def test_whoever_gains_access_is_told_with_every_role() -> None:
    gained = differences(changed(healthy(), DANA, access=False), healthy())

    assert gained[:3] == [
        (Kind.ACCESS_GAINED, "dana.ortiz@example.com"),
        (Kind.ROLE_GAINED, "Administrator: dana.ortiz@example.com"),
        (Kind.ROLE_GAINED, "NetSuite Connector Web Services: dana.ortiz@example.com"),
    ]


def test_a_review_names_what_it_was_compared_with() -> None:
    before: Review = reviewed(healthy())
    document = review_document(before)

    found = compare(snapshot(document), snapshot(document), "old.json")

    assert (found.file, found.sha256, found.read_at) == ("old.json", document["sha256"], f"{NOW:%Y-%m-%dT%H:%M:%SZ}")
