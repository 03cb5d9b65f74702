"""Every position of every switch of the emulator: what NetSuite may do, the plan survives, or says what it misses."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.core.errors import LoginRefusedError
from reconciler.core.guards import taken_from
from reconciler.core.plan import Plan
from reconciler.core.secret import Secret
from reconciler.core.step import Status
from reconciler.netsuite.account import Account
from reconciler.netsuite.client import ReadClient
from reconciler.netsuite.live_state import NetSuiteReader
from reconciler.netsuite.retries import Retries
from reconciler.netsuite.signing import TokenBasedAuth, TokenCredentials
from reconciler.planning import look
from reconciler.wiring.configuration import load
from tests.scenarios.conftest import PARTS, READER
from tests.support.emulator import ACCOUNT, CONNECTOR, Emulator, serving

ROLE = "NetSuite Connector Web Services"
NUMBERS = {"loginaudit-delay": ("0", "600"), "concurrency-limit": ("0", "1", "5"), "retry-after": ("absent", "0", "1")}
TEXTS = {"web-services-context": ("WEBSERVICES", "RST")}
# What only makes sense together.
TOGETHER: tuple[dict[str, str], ...] = (
    {"concurrency-limit": "1", "concurrency-answer": "invalid-login", "slow-login-seconds": "0"},
    {"concurrency-limit": "1", "concurrency-answer": "429", "retry-after": "1"},
    {"suiteql-params": "refused", "integration-table": "integration", "role-assignment-table": "employeeroles"},
    {"loginaudit-rows": "session", "loginaudit-delay": "600"},
    {"loginaudit-zone": "account", "token-date-zone": "utc", "suiteql-sysdate-zone": "pacific"},
    {"loginaudit-zone": "utc", "token-date-zone": "pacific", "suiteql-sysdate-zone": "account"},
    {"role-assignment-permission": "none", "integration-permission": "none", "admin-rows-visible": "no"},
)
FILE = f"""
version: 1
netsuite:
  account: "{ACCOUNT}"
  endpoint: EMULATOR
  login: {{method: tba, {", ".join(f"{name}: env:NETSUITE_{name.upper()}" for name in PARTS)}}}
integrations:
  netsuite-connector:
    application: {CONNECTOR}
    owner: {{external_id: emp-dana-ortiz}}
    token_role: {ROLE}
    required_roles: [Administrator]
guards: {{max_removals: 10}}
"""


class Story:
    """An emulator at some point of the story, and the file that asks for Dana."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        (folder / "environments").mkdir()
        (folder / "environments" / "story.yaml").write_text(FILE.replace("EMULATOR", emulator.url), "utf-8")
        ((_, loaded),) = load([], folder / "environments")
        assert loaded.environment is not None, loaded.diagnostics
        self.desired = loaded.environment.desired
        login = emulator.credentials(*READER)
        self._signer = TokenBasedAuth(ACCOUNT, TokenCredentials(*(Secret(login[name]) for name in PARTS)))
        self.usual = self.plan()

    def plan(self) -> Plan:
        retries = Retries(sleep=lambda _: None)
        with ReadClient(Account(ACCOUNT, self.emulator.url), self._signer, retries=retries) as client:
            return look(self.desired, NetSuiteReader(client)).plan

    def under(self, switches: dict[str, str]) -> Plan:
        before = {item["name"]: item["default"] for item in self.emulator.door("behaviours") if item["values"]}
        self.emulator.door("behaviours", switches)
        try:
            return self.plan()
        finally:
            self.emulator.door("behaviours", before)


def play_until_only_removals_are_left(emulator: Emulator) -> None:
    """Dana's token has taken over, Ann's was silent for days and is inactive."""
    emulator.act("employees/dana.ortiz@example.com/roles", add=[ROLE])
    token = emulator.act("tokens", application=CONNECTOR, user="dana.ortiz@example.com", role=ROLE, name="Dana's")
    emulator.later("10m")
    emulator.enter(token)
    for _ in range(3):
        emulator.later("30h")
        emulator.order()
    rows = emulator.door(f"accounts/{ACCOUNT}/tokens")
    (old,) = [row for row in rows if row["user"] == "ann@example.com" and not row["revoked"]]
    emulator.act(f"tokens/{old['id']}/deactivate")
    emulator.later("1h")
    emulator.order()


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with serving() as emulator:
        yield Story(emulator, tmp_path_factory.mktemp("beginning"))


@pytest.fixture(scope="module")
def end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with serving() as emulator:
        play_until_only_removals_are_left(emulator)
        yield Story(emulator, tmp_path_factory.mktemp("end"))


def positions() -> list[dict[str, str]]:
    """Every value of every switch that the emulator lists, and those that only show together."""
    with serving() as emulator:
        listed: list[dict[str, Any]] = emulator.door("behaviours")
    single = [{item["name"]: value} for item in listed for value in values_of(item)]
    return [*single, *TOGETHER]


def values_of(item: dict[str, Any]) -> tuple[str, ...]:
    named = tuple(value for value in item["values"] if value not in {"NUMBER", "TEXT"})
    if len(named) == len(item["values"]):
        return named
    more = NUMBERS if "NUMBER" in item["values"] else TEXTS
    return tuple(dict.fromkeys((*named, item["default"], *more.get(item["name"], ()))))


def taken_away(plan: Plan) -> set[str]:
    return {step.id for step in plan.steps if step.status is Status.READY and taken_from(step.operation) is not None}


def shape(plan: Plan) -> list[tuple[str, str]]:
    return [(step.id, step.status) for step in plan.steps]


def judge(story: Story, switches: dict[str, str]) -> None:
    plan = story.under(switches)

    assert taken_away(plan) <= taken_away(story.usual), switches
    if shape(plan) != shape(story.usual) or plan.changes != story.usual.changes:
        more = set(plan.diagnostics) - set(story.usual.diagnostics)
        assert more, switches
        assert all(item.detail and item.summary for item in more)
        assert not plan.complete or any(item.rule != "gap" for item in more), switches


def test_the_stories_are_where_they_should_be(beginning: Story, end: Story) -> None:
    assert beginning.usual.complete
    assert not taken_away(beginning.usual)
    assert any("revoke-token" in step for step in taken_away(end.usual))


@pytest.mark.parametrize("at", ["beginning", "end"])
def test_every_position_of_every_switch(at: str, request: pytest.FixtureRequest) -> None:
    story: Story = request.getfixturevalue(at)

    for switches in positions():
        if at == "end" and switches == {"signature-clock": "account"}:
            # That account's clock was moved by days, so that no signature is in time.
            with pytest.raises(LoginRefusedError, match="never says why"):
                story.under(switches)
        else:
            judge(story, switches)


@pytest.mark.parametrize(
    "switches", [{"suiteql-params": "refused"}, {"employee-externalid-column": "present"}, {"error-type": "w3.org"}]
)
@pytest.mark.parametrize("at", ["beginning", "end"])
def test_what_has_another_way_leads_to_the_same_plan(
    at: str, switches: dict[str, str], request: pytest.FixtureRequest
) -> None:
    story: Story = request.getfixturevalue(at)

    plan = story.under(switches)

    assert shape(plan) == shape(story.usual)
    assert plan.complete == story.usual.complete


@pytest.mark.parametrize("first", [switch for switch in TOGETHER if "concurrency-limit" in switch])
def test_overload_again_and_again_never_takes_anything_away(end: Story, first: dict[str, str]) -> None:
    for plan in itertools.islice((end.under(first) for _ in itertools.count()), 5):
        assert taken_away(plan) <= taken_away(end.usual)


def test_overload_makes_no_storm_of_logins(end: Story) -> None:
    end.emulator.door("requests/clear", {})
    end.under({"concurrency-limit": "1", "concurrency-answer": "invalid-login", "slow-login-seconds": "0"})
    # Every query is asked once, what depends on a refused one not at all, and only one refusal is followed by a retry.
    asked = len(end.emulator.door("requests"))
    end.emulator.door("requests/clear", {})
    end.plan()
    assert asked <= len(end.emulator.door("requests")) + 1
