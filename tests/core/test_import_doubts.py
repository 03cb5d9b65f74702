"""What `import` leaves for a person to decide, each with its own reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reconciler.core.directory import Directory
from reconciler.core.import_doubts import doubts
from reconciler.core.importing import Choice, Imported, drafted
from reconciler.core.live import Gap, Gapped, Identity, IntegrationRecord, IntegrationState
from tests.support.builders import (
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    a_desired_state,
    a_live_state,
    a_token,
    hours,
    logins,
    with_grants,
)

TOKEN = a_token()
USED = logins(TOKEN, *hours(1, 2, 3))


def said(**facts: Any) -> str:
    live = with_grants(
        a_live_state(**({"tokens": (TOKEN,), "logins": (USED,)} | facts)), (ANN, CONNECTOR), (DANA, CONNECTOR)
    )
    return " ".join(doubts(APPLICATION, Directory(live), a_desired_state()))


def record(identifier: str) -> IntegrationRecord:
    return IntegrationRecord(identifier, APPLICATION, IntegrationState.ENABLED)


def test_a_token_in_use_of_an_active_owner_is_clear() -> None:
    assert said() == ""


OTHER = a_token("600", DANA, application_id="8", created=TOKEN.created)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"gaps": (Gap(Gapped.LOGINS, "hidden", "hint"),)}, "could not be read, so nobody knows whether"),
        ({"logins": ()}, "No login with the token was seen"),
        ({"logins": (logins(TOKEN, timedelta(hours=1)),)}, "Too few logins with the token"),
        ({"integrations": (record("7"), record("8"))}, "2 integration records have this name (internal ids 7, 8)"),
        ({"tokens": (TOKEN, OTHER)}, "belong to more than one integration record"),
        ({"tokens": (TOKEN, OTHER)}, "2 tokens are live"),
        (
            {"tokens": (TOKEN, OTHER), "reader": Identity(OTHER.owner_id, OTHER.role_id)},
            f"This tool itself logs in with {OTHER.name}",
        ),
        ({"logins": (USED, logins(OTHER, *hours(0.25, 0.5)))}, "The newest login was made with another token"),
    ],
)
def test_what_is_not_certain_is_told_with_its_reason(facts: dict[str, Any], reason: str) -> None:
    assert reason in said(**facts)


def test_what_a_plan_would_change_is_left_to_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reasons above overlook, planning is the judge."""
    live = with_grants(a_live_state(logins=(USED,)), (ANN, CONNECTOR))
    logged_in = replace(a_desired_state(), integrations=())
    (clear,) = drafted(live, Choice(), logged_in).integrations
    assert clear.doubts == ()

    def overlooked(imported: Imported, *_: object) -> Iterator[tuple[str, tuple[str, ...]]]:
        return ((one.key, ("A plan would update it.",)) for one in imported.integrations if not one.doubts)

    monkeypatch.setattr("reconciler.core.importing._objections", overlooked)
    (left,) = drafted(live, Choice(), logged_in).integrations
    assert left.doubts == ("A plan would update it.",)
