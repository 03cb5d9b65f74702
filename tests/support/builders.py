"""Builders for small worlds: each test names only what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.core.desired import ActsAs, DesiredIntegration, DesiredState, PersonKey, PersonRef
from reconciler.core.diagnostics import Position
from reconciler.core.live import (
    Employee,
    Grant,
    Identity,
    IntegrationRecord,
    IntegrationState,
    LiveState,
    LoginGroup,
    Role,
    Token,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILE = "environments/test.yaml"
APPLICATION = "NetSuite Connector"
ADMIN = Role("3", "Administrator", None, active=True)
CONNECTOR = Role("1047", "NetSuite Connector Web Services", "customrole_connector", active=True)
READER = Role("1090", "Reconciler Reader", "customrole_reader", active=True)

ANN = Employee("10", "Ann Keller", "ann@example.com", active=True, access=True)
DANA = Employee("20", "Dana Ortiz", "dana.ortiz@example.com", active=True, access=True)
LEE = Employee("30", "Lee Wong", "lee.wong@example.com", active=True, access=True)
TOOL_READER = Employee("90", "svc reader", "svc.reader@example.com", active=True, access=True)
TOOL_ADMIN = Employee("91", "svc admin", "svc.admin@example.com", active=True, access=True)


def email(address: str) -> PersonRef:
    return PersonRef(PersonKey.EMAIL, address)


def an_integration(**different: Any) -> DesiredIntegration:
    keys = ("application", "owner", "token_role", "required_roles", "previous_owner")
    base = DesiredIntegration(
        key="netsuite-connector",
        application=APPLICATION,
        owner=email("dana.ortiz@example.com"),
        token_role=CONNECTOR.name,
        required_roles=(ADMIN.name,),
        position=Position(FILE, 10, 3),
        positions={key: Position(FILE, 11 + line, 5) for line, key in enumerate(keys)},
    )
    return replace(base, **different)


def a_desired_state(*integrations: DesiredIntegration, **different: Any) -> DesiredState:
    base = DesiredState(
        environment="test",
        file=FILE,
        account="1234567",
        emulator=False,
        integrations=integrations or (an_integration(),),
        reader=ActsAs(email("svc.reader@example.com"), READER.name),
        writer=ActsAs(email("svc.admin@example.com"), ADMIN.name),
        can_write=True,
    )
    return replace(base, **different)


def a_token(identifier: str = "500", owner: Employee = ANN, **different: Any) -> Token:
    base = Token(
        id=identifier,
        name=f"token {identifier}",
        application_id="7",
        application=APPLICATION,
        owner_id=owner.id,
        role_id=CONNECTOR.id,
        created=NOW - timedelta(days=100),
        inactive=False,
        revoked=False,
    )
    return replace(base, **different)


def logins(token: Token, *ago: timedelta, **different: Any) -> LoginGroup:
    """A group of rows made with a token; `ago` counts back from NOW."""
    instants = [NOW - one for one in ago]
    base = LoginGroup(
        application=token.application,
        user_id=token.owner_id,
        role_id=token.role_id,
        token_name=token.name,
        success=True,
        detail="",
        first=min(instants),
        last=max(instants),
    )
    return replace(base, **different)


def hours(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(hours=number) for number in numbers)


def grants(*pairs: tuple[Employee, Role]) -> tuple[Grant, ...]:
    return tuple(Grant(employee.id, role.id) for employee, role in pairs)


_USUAL_GRANTS = grants(
    (ANN, ADMIN), (ANN, CONNECTOR), (DANA, ADMIN), (LEE, ADMIN), (TOOL_READER, READER), (TOOL_ADMIN, ADMIN)
)


def a_live_state(**different: Any) -> LiveState:
    """Ann's token is at work; Dana is an Administrator without the Connector's role."""
    token = a_token()
    base = LiveState(
        account="1234567",
        read_at=NOW,
        employees=(ANN, DANA, LEE, TOOL_READER, TOOL_ADMIN),
        roles=(ADMIN, CONNECTOR, READER),
        grants=_USUAL_GRANTS,
        tokens=(token,),
        integrations=(IntegrationRecord("7", APPLICATION, IntegrationState.ENABLED),),
        logins=(logins(token, *hours(2000, 1)),),
        reader=Identity(TOOL_READER.id, READER.id),
    )
    return replace(base, **different)


def with_grants(live: LiveState, *pairs: tuple[Employee, Role]) -> LiveState:
    return replace(live, grants=(*live.grants, *grants(*pairs)))


def without_grants(live: LiveState, *pairs: tuple[Employee, Role]) -> LiveState:
    gone = set(grants(*pairs))
    return replace(live, grants=tuple(grant for grant in live.grants if grant not in gone))


def changed(live: LiveState, employee: Employee, **different: Any) -> LiveState:
    """The same world with one person different."""
    people: Iterable[Employee] = (replace(one, **different) if one.id == employee.id else one for one in live.employees)
    return replace(live, employees=tuple(people))
