"""What `import` leaves for a person to decide, each with its own reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reconciler.core.directory import Directory
from reconciler.core.import_doubts import doubts
from reconciler.core.importing import Choice, Imported, drafted
from reconciler.core.live import Gap, Gapped, IntegrationRecord, IntegrationState, Token
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    READER,
    TOOL_ADMIN,
    TOOL_READER,
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
    return " ".join(doubts(APPLICATION, Directory(live)))


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
        ({"logins": (USED, logins(OTHER, *hours(0.25, 0.5)))}, "The newest login was made with another token"),
    ],
)
def test_what_is_not_certain_is_told_with_its_reason(facts: dict[str, Any], reason: str) -> None:
    assert reason in said(**facts)


TOOLS = a_token("700", TOOL_READER, role_id=READER.id)
WRITES = a_token("701", TOOL_ADMIN, role_id=ADMIN.id)


@pytest.mark.parametrize(
    ("tokens", "logins_of", "own", "others"),
    [
        ((TOOLS,), {}, (TOOLS,), ()),
        ((TOOLS, WRITES), {}, (TOOLS, WRITES), ()),
        ((TOOLS, WRITES), {"writer": None}, (TOOLS,), (WRITES,)),
        ((WRITES, TOKEN), {}, (WRITES,), (TOKEN,)),
    ],
    ids=["reads", "reads and writes", "who writes is not declared", "writes beside an integration"],
)
def test_what_this_tool_logs_in_with_is_never_an_entry(
    tokens: tuple[Token, ...], logins_of: dict[str, Any], own: tuple[Token, ...], others: tuple[Token, ...]
) -> None:
    live = a_live_state(tokens=tokens, logins=(USED,))
    found = drafted(live, Choice(employees=True), replace(a_desired_state(), integrations=(), **logins_of))

    assert (found.integrations, found.employees) == ((), ())
    (sentence,) = found.left_out
    logs_in, _, rest = sentence.partition("Its other live tokens")
    assert all(f'"{one.name}" of {live.person(one.owner_id)}' in logs_in for one in own)
    assert all(f'"{one.name}" of {live.person(one.owner_id)}' in rest for one in others)
    assert bool(rest) == bool(others)


def test_a_token_that_is_the_tools_no_longer_hides_nothing() -> None:
    live = a_live_state(tokens=(replace(TOOLS, inactive=True), TOKEN), logins=(USED,))

    assert [one.application for one in drafted(live, Choice(), a_desired_state()).integrations] == [APPLICATION]


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
