"""Random accounts with random wishes, for the promises that must hold in all of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from reconciler.core.desired import (
    DesiredEmployee,
    DesiredIntegration,
    DesiredState,
    GuardSettings,
    PersonRef,
    PreviousOwner,
)
from reconciler.core.diagnostics import Position
from reconciler.core.live import (
    ADMINISTRATOR,
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
from tests.support.builders import ADMIN, FILE, NOW, READER, TOOL_ADMIN, TOOL_READER, a_desired_state, email
from tests.support.simulation import Account

ROLES = (
    ADMIN,
    Role("11", "Connector", "customrole_connector", active=True),
    Role("12", "Shipping", "customrole_shipping", active=True),
    Role("90", READER.name, "customrole_reader", active=True),
)
APPLICATIONS = ("Connector", "Shipping Hub", "Undeclared")
PEOPLE = tuple(
    Employee(str(number), f"Person {number}", f"p{number}@example.com", active=True, access=True)
    for number in range(1, 5)
)


@dataclass(frozen=True)
class World:
    desired: DesiredState
    live: LiveState
    in_use: tuple[tuple[str, str], ...]

    def account(self) -> Account:
        return Account(self.live, dict(self.in_use))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    people = draw(_people())
    grants = draw(_grants())
    tokens = draw(_tokens())
    in_use = draw(_in_use(tokens))
    live = LiveState(
        account="1234567",
        read_at=NOW,
        employees=(*people, TOOL_READER, TOOL_ADMIN),
        roles=ROLES,
        grants=grants,
        tokens=tokens,
        integrations=draw(_records()),
        logins=draw(_logins(tokens, dict(in_use))),
        reader=Identity(TOOL_READER.id, "90"),
    )
    desired = draw(_desired(people))
    return World(desired, replace(live, last_token_logins=_last_logins(desired, live, in_use)), in_use)


def _last_logins(
    desired: DesiredState, live: LiveState, in_use: tuple[tuple[str, str], ...]
) -> dict[str, datetime | None]:
    """For everybody: what reading would have given for watched people. An undeclared application worked just now."""
    last: dict[str, datetime | None] = {employee.id: None for employee in live.employees}
    for group in sorted(live.logins, key=lambda group: group.last):
        last[group.user_id] = group.last
    owners = {token.id: token.owner_id for token in live.tokens}
    return last | {owners[identifier]: NOW for name, identifier in in_use if name == "Undeclared"}


@st.composite
def _in_use(draw: st.DrawFn, tokens: tuple[Token, ...]) -> tuple[tuple[str, str], ...]:
    found = []
    for application in APPLICATIONS:
        candidates = [token for token in tokens if token.application == application and not token.revoked]
        has_one = draw(st.booleans())
        if candidates and has_one:
            found.append((application, draw(st.sampled_from(candidates)).id))
    return tuple(found)


@st.composite
def _people(draw: st.DrawFn) -> tuple[Employee, ...]:
    def one(employee: Employee) -> Employee:
        weak = draw(st.integers(0, 9))
        return Employee(employee.id, employee.entity_id, employee.email, active=weak != 0, access=weak not in {0, 1})

    return tuple(one(employee) for employee in PEOPLE)


@st.composite
def _grants(draw: st.DrawFn) -> tuple[Grant, ...]:
    pairs = [Grant(employee.id, role.id) for employee in PEOPLE for role in ROLES[:3]]
    chosen = draw(st.sets(st.sampled_from(pairs)))
    return tuple(sorted({*chosen, Grant(TOOL_ADMIN.id, ADMINISTRATOR), Grant(TOOL_READER.id, "90")}))


@st.composite
def _tokens(draw: st.DrawFn) -> tuple[Token, ...]:
    def one(number: int) -> Token:
        application = draw(st.sampled_from(APPLICATIONS))
        state = draw(st.sampled_from(["live", "live", "live", "inactive", "revoked"]))
        return Token(
            id=str(100 + number),
            name=f"{application} {draw(st.integers(1, 2)) if draw(st.integers(0, 5)) == 0 else number}",
            application_id=str(APPLICATIONS.index(application)),
            application=application,
            owner_id=draw(st.sampled_from(PEOPLE)).id,
            role_id=draw(st.sampled_from(ROLES[1:3])).id,
            created=NOW - timedelta(days=draw(st.integers(1, 50))),
            inactive=state != "live",
            revoked=state == "revoked",
        )

    return tuple(one(number) for number in range(draw(st.integers(0, 5))))


@st.composite
def _records(draw: st.DrawFn) -> tuple[IntegrationRecord, ...]:
    states = st.sampled_from([IntegrationState.ENABLED, IntegrationState.ENABLED, IntegrationState.BLOCKED])
    return tuple(IntegrationRecord(str(index), name, draw(states)) for index, name in enumerate(APPLICATIONS))


@st.composite
def _logins(draw: st.DrawFn, tokens: tuple[Token, ...], in_use: dict[str, str]) -> tuple[LoginGroup, ...]:
    """Each application's newest success, if it has any, is by the token it has; others may have logged in before."""
    groups = []
    for token in tokens:
        if token.application == "Undeclared":
            continue
        newest = in_use.get(token.application) == token.id
        if newest or (draw(st.booleans()) and token.application in in_use):
            last = timedelta(hours=draw(st.integers(1, 5)) if newest else draw(st.integers(6, 500)))
            first = last + timedelta(hours=draw(st.integers(0, 30)))
            groups.append(
                LoginGroup(
                    application=token.application,
                    user_id=token.owner_id,
                    role_id=token.role_id,
                    token_name=token.name,
                    success=True,
                    detail="",
                    first=NOW - first,
                    last=NOW - last,
                )
            )
    return tuple(groups)


@st.composite
def _desired(draw: st.DrawFn, people: tuple[Employee, ...]) -> DesiredState:
    owners = [person for person in people if person.active and person.access] or list(people)
    count = draw(st.integers(1, 2))

    def one(index: int) -> DesiredIntegration:
        return DesiredIntegration(
            key=f"integration-{index}",
            application=APPLICATIONS[index],
            owner=email(draw(st.sampled_from(owners)).email or ""),
            token_role=draw(st.sampled_from(ROLES[1:3])).name,
            required_roles=draw(st.sampled_from([(), (ADMIN.name,)])),
            position=Position(FILE, 10 + index, 3),
            previous_owner=draw(st.sampled_from(PreviousOwner)),
            token_not_before=draw(st.sampled_from([None, (NOW - timedelta(days=10)).date()])),
        )

    desired = a_desired_state(
        *(one(index) for index in range(count)),
        guards=GuardSettings(max_removals=100, min_administrators=1),
    )
    return replace(desired, employees=draw(_listed({one.owner for one in desired.integrations})))


@st.composite
def _listed(draw: st.DrawFn, owners: set[PersonRef]) -> tuple[DesiredEmployee, ...]:
    """People of whom something is asked; of owners nothing that a file may not ask."""

    def one(person: Employee) -> DesiredEmployee:
        ref = email(person.email or "")
        is_owner = ref in owners
        flags = st.sampled_from([None, True]) if is_owner else st.sampled_from([None, None, True, False])
        active = draw(flags)
        return DesiredEmployee(
            key=str(ref),
            person=ref,
            position=Position(FILE, 50 + int(person.id), 3),
            active=active,
            access=draw(flags) if active is not False else draw(st.sampled_from([None, False])),
            roles=draw(st.sampled_from([(), (ROLES[1].name,), (ROLES[2].name, ADMIN.name)])),
            exactly=False,
        )

    chosen = draw(st.sets(st.sampled_from(PEOPLE), max_size=2))
    people = [one(person) for person in sorted(chosen)]
    return tuple(
        replace(person, exactly=bool(person.roles) and person.person not in owners and draw(st.booleans()))
        for person in people
    )
