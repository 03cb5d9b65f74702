"""The words for each step: what it is, where a person does it, and which fact ends it.

Menu paths and labels are NetSuite's own (netsuite-2.md 4 and netsuite.md 1.1, from Oracle's help).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.core.evidence import length_shown
from reconciler.core.live import Employee, LiveState, Role, Token
from reconciler.core.step import (
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    Operation,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
)

_TOKENS = "Setup > Users/Roles > Access Tokens"
_ACCESS = "Lists > Employees > Employees > Edit beside {person} > Access"
CREDENTIAL_FORMS: Mapping[str, str] = {
    "NetSuite Connector": "app.farapp.com > NetSuite > Settings > Credentials",
    # Accounts set up with the old bundle know the Connector under its former name (netsuite-2.md 4).
    "FarApp": "app.farapp.com > NetSuite > Settings > Credentials",
}


@dataclass(frozen=True, slots=True)
class Naming:
    """What has to be named for a step to be told from its neighbours.

    `applications`: the plan is about several. `owners`: ids of people of whom the plan touches several tokens.
    """

    applications: bool = False
    owners: frozenset[str] = frozenset()


_ALONE = Naming()


def summary(operation: Operation, live: LiveState, naming: Naming = _ALONE) -> str:
    """One line, in the imperative, that says what the step does."""
    match operation:
        case GrantRole(employee=employee, role=role):
            return f"grant {role.name} to {employee.label}"
        case EnableIntegration(application=application):
            return f"enable the integration record {application}"
        case CreateToken(application=application, owner=owner):
            what = f"a token of {application}" if naming.applications else "a token"
            return f"create {what} for {owner.label}"
        case EnterCredentials(application=application, owner=owner, token=token):
            named = token is not None and owner.id in naming.owners
            what = _token(token, live, naming) if token and named else f"the token of {owner.label}"
            return f"enter {what} in {application}"
        case QuietPeriod(token=token, length=length):
            return f"wait until {_token(token, live, naming)} was silent for {length_shown(length)}"
        case DeactivateToken(token=token):
            return f"make {_token(token, live, naming)} inactive"
        case RevokeToken(token=token):
            return f"revoke {_token(token, live, naming)}"
        case RemoveRole(employee=employee, role=role):
            return f"remove {role.name} from {employee.label}"
        case Activate(employee=employee):
            return f"activate {employee.label}"
        case GiveAccess(employee=employee):
            return f"give access to {employee.label}"
        case RemoveAccess(employee=employee):
            return f"remove the access of {employee.label}"
        case Inactivate(employee=employee):
            return f"inactivate {employee.label}"


def _token(token: Token, live: LiveState, naming: Naming) -> str:
    owner = live.person(token.owner_id)
    if token.owner_id in naming.owners:
        return f"token {_named(token)} of {owner}"
    return f"the token of {owner} in {token.application}" if naming.applications else f"the token of {owner}"


def done_when(operation: Operation) -> str:
    """The fact in NetSuite that ends the step; the tool looks for it in every run."""
    match operation:
        case GrantRole(employee=employee, role=role):
            return f"{employee.label} holds {role.name}, is active and has access"
        case EnableIntegration(application=application):
            return f"the State of integration record {application} is Enabled"
        case CreateToken(application=application, owner=owner, role=role, not_before=not_before):
            since = f", made on {not_before} or later," if not_before else ""
            return f"an active token of {application} for {owner.label} with role {role.name}{since} exists"
        case EnterCredentials(application=application, owner=owner):
            return (
                f"the newest successful login of {application} is by {owner.label} with the new token, "
                "and it is at least the second one"
            )
        case QuietPeriod(token=token, length=length):
            return f"the login audit trail has no row for token {_named(token)} for {length_shown(length)}"
        case DeactivateToken(token=token):
            return f"token {_named(token)} is inactive"
        case RevokeToken(token=token):
            return f"token {_named(token)} is revoked"
        case RemoveRole(employee=employee, role=role):
            return f"{employee.label} no longer holds {role.name}"
        case Activate(employee=employee):
            return f"{employee.label} is active"
        case GiveAccess(employee=employee):
            return f"{employee.label} has access"
        case RemoveAccess(employee=employee):
            return f"{employee.label} has no access"
        case Inactivate(employee=employee):
            return f"{employee.label} is inactive"


def instructions(operation: Operation, live: LiveState) -> tuple[str, ...]:
    """What a person does, line by line; empty for what nobody has to do by hand."""
    match operation:
        case GrantRole(employee=employee, role=role):
            return _grant(employee, role)
        case EnableIntegration(application=application):
            return (
                "Setup > Integration > Manage Integrations; tick Show Inactives > Refresh: blocked records are hidden",
                f"{application} > Edit > State: Enabled > Save",
            )
        case CreateToken():
            return _create(operation)
        case EnterCredentials():
            return _enter(operation, live)
        case QuietPeriod():
            return ()
        case DeactivateToken(token=token):
            return (
                f"{_TOKENS} > Edit beside {_row_of(token, live)}",
                "tick Inactive > Save; to undo it, clear the box",
            )
        case RevokeToken(token=token):
            return (
                f"{_TOKENS}, Filters: Revoked = No > Edit beside {_row_of(token, live)}",
                "Revoke; this is final, the row stays for audit",
            )
        case RemoveRole(employee=employee, role=role):
            return (
                _ACCESS.format(person=_known_as(employee)),
                f"Roles: click {role.name} > Remove > Save",
            )
        case Activate(employee=employee):
            return (
                "Lists > Employees > Employees; tick Show Inactives > Refresh: inactive people are hidden",
                f"Edit beside {_known_as(employee)}; clear the box Inactive > Save",
            )
        case GiveAccess(employee=employee):
            return (
                _ACCESS.format(person=_known_as(employee)),
                "tick Give Access; tick Send New Access Notification Email for a link to set a password > Save",
            )
        case RemoveAccess(employee=employee):
            return (_ACCESS.format(person=_known_as(employee)), "clear the box Give Access > Save; roles stay listed")
        case Inactivate(employee=employee):
            return (f"Lists > Employees > Employees > Edit beside {_known_as(employee)}", "tick Inactive > Save")


def _grant(employee: Employee, role: Role) -> tuple[str, ...]:
    return (
        _ACCESS.format(person=_known_as(employee)),
        f"Roles > Role: {role.name} > Add > Save",
    )


def _create(operation: CreateToken) -> tuple[str, ...]:
    return (
        f"{_TOKENS} > New Access Token",
        f"Application Name: {operation.application}",
        f"User: {_known_as(operation.owner)}",
        f"Role: {operation.role.name}",
        f"Token Name: {operation.token_name}",
        "Save, and keep the page open: Token ID and Token Secret are shown this once, and the next step needs them",
    )


def _enter(operation: EnterCredentials, live: LiveState) -> tuple[str, ...]:
    form = CREDENTIAL_FORMS.get(operation.application)
    where = form or f"the settings of {operation.application} where its NetSuite credentials stand"
    lines = [
        where,
        f"NetSuite Account ID: {live.account}",
        "NetSuite Token ID and NetSuite Token Secret: from the page on which the token was created",
        "Save and Test Connection" if form else "save, and test the connection",
        f"from here on everything is posted as {operation.owner.label}",
    ]
    if operation.token is not None:
        lines.append(
            "secret lost? Create another token with the same Application, User and Role and with "
            f"Token Name: {operation.spare_name}"
        )
    if operation.way_back is not None:
        lines.append(
            f"the way back: the token of {live.person(operation.way_back.owner_id)} stays active until the quiet "
            "period is over; enter it again, or, where nobody has its secret, another one for the same user and role"
        )
    return tuple(lines)


def _named(token: Token) -> str:
    return f'"{token.name}"' if token.name else f"no. {token.id}"


def _row_of(token: Token, live: LiveState) -> str:
    """A token as NetSuite's list shows it: users by name, not by e-mail."""
    owner = live.employees_by_id.get(token.owner_id)
    return f"{_named(token)} ({owner.entity_id if owner else live.person(token.owner_id)})"


def _known_as(employee: Employee) -> str:
    return f"{employee.entity_id} ({employee.email})" if employee.email else employee.entity_id
