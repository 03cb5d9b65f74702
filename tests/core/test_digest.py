"""The digest moves with every fact the plan rests on, and with nothing else."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.core.desired import (
    DesiredEmployee,
    DesiredIntegration,
    DesiredState,
    FreezeWindow,
    GuardSettings,
    PreviousOwner,
)
from reconciler.core.diagnostics import Position
from reconciler.core.live import Gap, Gapped, Identity, IntegrationRecord, IntegrationState, LiveState
from reconciler.core.plan_building import build_plan
from tests.support.builders import (
    ADMIN,
    ANN,
    APPLICATION,
    CONNECTOR,
    DANA,
    LEE,
    NOW,
    READER,
    TOOL_ADMIN,
    TOOL_READER,
    a_desired_state,
    a_live_state,
    a_token,
    an_integration,
    changed,
    email,
    hours,
    logins,
    with_grants,
    without_grants,
)

OLD = a_token()
NEW = a_token("600", DANA, created=NOW - timedelta(hours=60))
SEEN = (logins(OLD, *hours(2000, 30)), logins(NEW, *hours(20, 1)))
LIVE = with_grants(a_live_state(tokens=(OLD, NEW), logins=SEEN), (DANA, CONNECTOR))
PLACE = Position("environments/production.yaml", 1, 1)
OTHER = an_integration(key="other", application="Shipping Hub", owner=email("lee.wong@example.com"))
RECORDS = (*LIVE.integrations, IntegrationRecord("8", "Shipping Hub", IntegrationState.ENABLED))


def digest(live: LiveState = LIVE, desired: DesiredState | None = None) -> str:
    return build_plan(desired or a_desired_state(), live).digest


def wanting(**different: Any) -> DesiredState:
    return a_desired_state(an_integration(**different))


def test_a_digest_is_a_named_checksum() -> None:
    name, value = digest().split(":")

    assert (name, len(value)) == ("sha256", 64)
    assert int(value, 16)


UNMOVED: dict[str, tuple[LiveState, DesiredState]] = {
    "the time of reading": (replace(LIVE, read_at=NOW + timedelta(hours=1)), a_desired_state()),
    "when the token was made": (
        replace(LIVE, tokens=(OLD, replace(NEW, created=NOW - timedelta(hours=50)))),
        wanting(),
    ),
    "more logins": (replace(LIVE, logins=(*SEEN, logins(NEW, *hours(5, 0.5)))), a_desired_state()),
    "refused logins": (replace(LIVE, logins=(*SEEN, logins(OLD, *hours(5), success=False))), a_desired_state()),
    "the order of rows": (
        replace(
            LIVE,
            tokens=LIVE.tokens[::-1],
            grants=LIVE.grants[::-1],
            employees=LIVE.employees[::-1],
            roles=LIVE.roles[::-1],
            logins=LIVE.logins[::-1],
        ),
        a_desired_state(),
    ),
    "who reads": (replace(LIVE, reader=Identity(LEE.id, ADMIN.id)), a_desired_state(reader=None)),
    "who writes": (LIVE, a_desired_state(writer=None)),
    "whether anybody writes": (LIVE, a_desired_state(can_write=False, writer=None)),
    "where it is declared": (LIVE, a_desired_state(an_integration(position=Position("x.yaml", 99, 1)), file="x.yaml")),
    "the case of an address": (LIVE, wanting(owner=email("Dana.Ortiz@EXAMPLE.com"))),
    "people whom the plan does not touch": (changed(LIVE, LEE, active=False), a_desired_state()),
    "roles of people whom the plan does not touch": (with_grants(LIVE, (LEE, READER)), a_desired_state()),
    "tokens of other applications in other roles": (
        replace(LIVE, tokens=(OLD, NEW, a_token("900", ANN, application="x", application_id="9", role_id=READER.id))),
        a_desired_state(),
    ),
}


@pytest.mark.parametrize("what", UNMOVED)
def test_what_the_plan_does_not_rest_on_leaves_the_digest_alone(what: str) -> None:
    assert digest(*UNMOVED[what]) == digest()


def token(**different: Any) -> LiveState:
    return replace(LIVE, tokens=(replace(OLD, **different), NEW))


MOVED: dict[str, Callable[[], str]] = {
    "a token is made inactive": lambda: digest(token(inactive=True)),
    "a token is revoked": lambda: digest(token(inactive=True, revoked=True)),
    "a token has another owner": lambda: digest(token(owner_id=LEE.id)),
    "a token has another role": lambda: digest(token(role_id=READER.id)),
    "a token has another name": lambda: digest(token(name="renamed")),
    "a token is gone": lambda: digest(replace(LIVE, tokens=(NEW,))),
    "a token is new": lambda: digest(replace(LIVE, tokens=(OLD, NEW, a_token("601", LEE)))),
    "a role is granted": lambda: digest(with_grants(LIVE, (DANA, READER))),
    "a role is taken": lambda: digest(without_grants(LIVE, (ANN, ADMIN))),
    "the owner is inactive": lambda: digest(changed(LIVE, DANA, active=False)),
    "the previous owner is inactive": lambda: digest(changed(LIVE, ANN, active=False)),
    "the previous owner has no access": lambda: digest(changed(LIVE, ANN, access=False)),
    "the role is inactive": lambda: digest(
        replace(LIVE, roles=tuple(replace(role, active=role != CONNECTOR) for role in LIVE.roles))
    ),
    "the application is blocked": lambda: digest(
        replace(LIVE, integrations=(IntegrationRecord("7", APPLICATION, IntegrationState.BLOCKED),))
    ),
    "the application is another record": lambda: digest(
        replace(LIVE, integrations=(IntegrationRecord("70", APPLICATION, IntegrationState.ENABLED),))
    ),
    "another token is in use": lambda: digest(replace(LIVE, logins=(*SEEN, logins(OLD, *hours(0.5))))),
    "a second login proves the token": lambda: digest(
        replace(LIVE, logins=(SEEN[0], replace(SEEN[1], first=SEEN[1].last)))
    ),
    "somebody else logged in": lambda: digest(replace(LIVE, logins=(*SEEN, logins(a_token("1", LEE), *hours(999))))),
    "an undeclared token needs the role": lambda: digest(
        replace(LIVE, tokens=(OLD, NEW, a_token("900", ANN, application="x", application_id="9")))
    ),
    "something is not read": lambda: digest(replace(LIVE, gaps=(Gap(Gapped.TOKENS, "hidden", "hint"),))),
    "another owner is wanted": lambda: digest(desired=wanting(owner=email("lee.wong@example.com"))),
    "another role is wanted": lambda: digest(desired=wanting(token_role=READER.name)),
    "other roles are required": lambda: digest(desired=wanting(required_roles=())),
    "the previous owner is kept": lambda: digest(desired=wanting(previous_owner=PreviousOwner.KEEP)),
    "somebody stands by": lambda: digest(desired=wanting(standby=(email("lee.wong@example.com"),))),
    "a younger token is wanted": lambda: digest(
        desired=wanting(token_not_before=datetime(2026, 1, 1, tzinfo=UTC).date())
    ),
    "it has to be quiet for longer": lambda: digest(desired=wanting(quiet_period=timedelta(hours=25))),
    "it has to be seen": lambda: digest(desired=wanting(seen_within=timedelta(days=7))),
    "another application is meant": lambda: digest(desired=wanting(application="NetSuite Connecter")),
    "the address is another": lambda: digest(desired=wanting(key="renamed")),
    "another account is meant": lambda: digest(desired=a_desired_state(account="7654321")),
    "another environment is meant": lambda: digest(desired=a_desired_state(environment="production")),
    "one more integration is declared": lambda: digest(desired=a_desired_state(an_integration(), OTHER)),
}


@pytest.mark.parametrize("what", MOVED)
def test_every_fact_that_the_plan_rests_on_moves_the_digest(what: str) -> None:
    assert MOVED[what]() != digest()


def test_a_name_that_was_cut_in_the_middle_of_a_character_is_a_fact_like_others() -> None:
    tokens = (replace(OLD, name="Connector \ud83d"), NEW), (replace(OLD, name="Connector \ud83e"), NEW)
    one, other = (digest(replace(LIVE, tokens=each)) for each in tokens)

    assert len({one, other, digest()}) == 3


FROZEN = FreezeWindow(NOW, NOW + timedelta(days=1), "closing")
OTHERWISE: dict[type, dict[str, Any]] = {
    DesiredIntegration: {
        "key": "renamed",
        "application": "NetSuite Connecter",
        "owner": email("lee.wong@example.com"),
        "token_role": READER.name,
        "required_roles": (READER.name,),
        "previous_owner": PreviousOwner.KEEP,
        "standby": (email("lee.wong@example.com"),),
        "token_not_before": NOW.date(),
        "quiet_period": timedelta(hours=25),
        "seen_within": timedelta(days=7),
    },
    DesiredEmployee: {
        "person": email("dana.ortiz@example.com"),
        "active": True,
        "access": True,
        "roles": (READER.name,),
        "exactly": True,
    },
    GuardSettings: {
        "max_removals": 9,
        "min_administrators": 1,
        "protected_employees": (email("lee.wong@example.com"),),
        "freeze": (FROZEN,),
    },
}
# Where something stands moves nothing, and the key of a person is their name once more.
UNTOLD = {(DesiredEmployee, "key"), *((kind, name) for kind in OTHERWISE for name in ("position", "positions"))}


@pytest.mark.parametrize(
    ("kind", "name"), [pair for kind in OTHERWISE for one in fields(kind) if (pair := (kind, one.name)) not in UNTOLD]
)
def test_all_that_a_file_says_of_these_moves_the_digest(kind: type, name: str) -> None:
    lee = DesiredEmployee("lee.wong@example.com", email("lee.wong@example.com"), PLACE, roles=(ADMIN.name,))
    said: dict[type, Any] = {DesiredIntegration: an_integration(), DesiredEmployee: lee, GuardSettings: GuardSettings()}

    def of(parts: dict[type, Any]) -> str:
        desired = a_desired_state(parts[DesiredIntegration], guards=parts[GuardSettings])
        return digest(desired=replace(desired, employees=(parts[DesiredEmployee],)))

    assert of(said | {kind: replace(said[kind], **{name: OTHERWISE[kind][name]})}) != of(said)


def test_the_order_of_integrations_and_lists_in_the_file_does_not_matter() -> None:
    live = replace(LIVE, integrations=RECORDS)
    roles, people = (ADMIN.name, READER.name), (email(ANN.email or ""), email(LEE.email or ""))
    one = an_integration(required_roles=roles, standby=people)
    turned = an_integration(required_roles=roles[::-1], standby=people[::-1])

    assert digest(live, a_desired_state(one, OTHER)) == digest(live, a_desired_state(OTHER, turned))


def test_the_facts_are_sorted_name_ids_and_hold_no_time() -> None:
    facts = build_plan(a_desired_state(), LIVE).observed
    told = {fact.fact: fact.value for fact in facts}

    assert list(facts) == sorted(facts)
    assert told["token 500"] == '"token 500" of NetSuite Connector, owner 10, role 1047, live'
    assert told["employee ann@example.com"] == "id 10, active, access, roles 3, 1047"
    assert told["integrations.netsuite-connector: token in use"] == "id 600"
    assert told["integrations.netsuite-connector: token to keep"] == "id 600, proven"
    assert not any("2026" in fact.value for fact in facts)
    assert not any(person.label in told for person in (TOOL_READER, TOOL_ADMIN))
