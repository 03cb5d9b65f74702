"""What has to be done, by whom, and how far it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reconciler.core.live import ADMINISTRATOR, Employee, Role, Token


class Actor(StrEnum):
    RECONCILER = "reconciler"
    PERSON = "person"
    TIME = "time"


class Status(StrEnum):
    READY = "ready"
    BLOCKED = "blocked"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class GrantRole:
    """`for_token`: the role is the one a token is issued for, so a token can only be made once it is held.

    `applications`: those whose owner needs the role.
    """

    employee: Employee
    role: Role
    for_token: bool
    applications: tuple[str, ...] = ()

    @property
    def makes_an_administrator(self) -> bool:
        return self.role.id == ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class EnableIntegration:
    """A person enables an integration record."""

    application: str


@dataclass(frozen=True, slots=True)
class CreateToken:
    """A person makes a token, whose secret is shown once."""

    application: str
    owner: Employee
    role: Role
    token_name: str
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class EnterCredentials:
    """The point of no return.

    Args:
        application: where the token is entered.
        owner: whose token it is.
        role: its role.
        token: its row, once it exists.
        spare_name: a token name that is free, should another one be needed.
        way_back: the live token that it takes over from, if there is one.
    """

    application: str
    owner: Employee
    role: Role
    token: Token | None
    spare_name: str
    way_back: Token | None


@dataclass(frozen=True, slots=True)
class QuietPeriod:
    """An old token has to stay unused for so long before it is touched."""

    application: str
    token: Token
    length: timedelta


@dataclass(frozen=True, slots=True)
class DeactivateToken:
    """A person makes an old token inactive, which can be undone."""

    application: str
    token: Token


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """A person revokes an old token, for good."""

    application: str
    token: Token


@dataclass(frozen=True, slots=True)
class RemoveRole:
    """`applications`: those whose previous owner this is."""

    employee: Employee
    role: Role
    applications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Activate:
    """An inactive employee becomes active."""

    employee: Employee


@dataclass(frozen=True, slots=True)
class GiveAccess:
    """A person gives an employee access, for which a password is needed."""

    employee: Employee


@dataclass(frozen=True, slots=True)
class RemoveAccess:
    """An employee loses access."""

    employee: Employee


@dataclass(frozen=True, slots=True)
class Inactivate:
    """An active employee becomes inactive."""

    employee: Employee


Operation = (
    Activate
    | GrantRole
    | GiveAccess
    | EnableIntegration
    | CreateToken
    | EnterCredentials
    | QuietPeriod
    | DeactivateToken
    | RevokeToken
    | RemoveRole
    | RemoveAccess
    | Inactivate
)

KIND: dict[type[Operation], str] = {
    Activate: "activate",
    GrantRole: "grant-role",
    GiveAccess: "give-access",
    EnableIntegration: "enable-integration",
    CreateToken: "create-token",
    EnterCredentials: "enter-credentials",
    QuietPeriod: "quiet-period",
    DeactivateToken: "deactivate-token",
    RevokeToken: "revoke-token",
    RemoveRole: "remove-role",
    RemoveAccess: "remove-access",
    Inactivate: "inactivate",
}


@dataclass(frozen=True, slots=True)
class Item:
    """An operation with what live facts say of it, before it is put in order.

    Args:
        operation: what is to be done.
        address: the address it belongs to.
        done: the fact that ends it has been observed.
        waits: it is under way and needs nobody to act, only more evidence or time; `note` says for what.
        hold: why it may not be done now even when everything before it is, or None.
        note: a sentence about where it stands.
    """

    operation: Operation
    address: str
    done: bool = False
    waits: bool = False
    hold: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """An item in its place: `needs` are the ids of the steps that must be observed as done before it.

    `operation` is None in a plan that was read from a file: what a file says is never carried out.
    """

    id: str
    kind: str
    actor: Actor
    address: str
    status: Status
    needs: tuple[str, ...]
    summary: str
    instructions: tuple[str, ...]
    done_when: str
    operation: Operation | None
    note: str | None = None


def step_id(operation: Operation) -> str:
    """A name that is the same in every run until the step is done."""
    kind = KIND[type(operation)]
    match operation:
        case GrantRole(employee=employee, role=role) | RemoveRole(employee=employee, role=role):
            return f"{kind}/{employee.id}/{role.id}"
        case QuietPeriod(token=token) | DeactivateToken(token=token) | RevokeToken(token=token):
            return f"{kind}/{token.id}"
        case EnableIntegration(application=application) | CreateToken(application=application):
            return f"{kind}/{application}"
        case EnterCredentials(application=application):
            return f"{kind}/{application}"
        case Activate(employee=employee) | GiveAccess(employee=employee):
            return f"{kind}/{employee.id}"
        case RemoveAccess(employee=employee) | Inactivate(employee=employee):
            return f"{kind}/{employee.id}"
