"""What is true in an account, read from the emulator's database past everything that the product reads through."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.core.live import LiveState
from reconciler.emulator.accounts import World
from reconciler.emulator.client import ACCOUNT

ADMINISTRATOR = 3


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    active: bool
    access: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A token."""

    application: str
    owner: int
    role: int
    inactive: bool
    revoked: bool

    @property
    def live(self) -> bool:
        return not (self.inactive or self.revoked)


@dataclass(frozen=True, slots=True)
class Truth:
    """People, grants (employee and role), tokens, and which token each application has saved; by internal id."""

    people: Mapping[int, Person]
    grants: frozenset[tuple[int, int]]
    tokens: Mapping[int, Row]
    saved: Mapping[str, int | None]
    enabled: Mapping[str, bool]
    active_roles: frozenset[int]
    last_login: Mapping[int, int]
    """When any token of a person last logged in, in seconds."""
    now: int

    def working(self) -> frozenset[str]:
        """The applications that could log in now."""
        return frozenset(name for name in self.saved if self._is_accepted(name))

    def _is_accepted(self, application: str) -> bool:
        """Whether what an application has saved would pass the login check now (netsuite.md 1.4)."""
        token = self.tokens.get(self.saved[application] or 0)
        owner = self.people.get(token.owner) if token else None
        return (
            token is not None
            and owner is not None
            and token.live
            and owner.active
            and owner.access
            and token.application == application
            and self.enabled.get(application, False)
            and (token.owner, token.role) in self.grants
            and token.role in self.active_roles
        )

    def administrators(self) -> frozenset[int]:
        return frozenset(
            one for one, person in self.people.items()
            if person.active and person.access and (one, ADMINISTRATOR) in self.grants
        )  # fmt: skip

    def id_of(self, email: str) -> int:
        return next(one for one, person in self.people.items() if person.email == email)


def truth(world: World) -> Truth:
    rows = world.database.rows
    applications = {row["id"]: row["name"] for row in rows("SELECT * FROM integrations WHERE account = ?", ACCOUNT)}
    tokens = rows("SELECT * FROM tokens WHERE account = ?", ACCOUNT)
    by_secret = {(row["token_id"], row["token_secret"]): row["id"] for row in tokens}
    logins = rows(
        "SELECT employee, MAX(at) AS last FROM login_audit WHERE account = ? AND status = 'Success' AND token <> ''"
        " GROUP BY employee",
        ACCOUNT,
    )
    return Truth(
        people={
            row["id"]: Person(row["email"], bool(row["active"]), bool(row["access"]))
            for row in rows("SELECT * FROM employees WHERE account = ?", ACCOUNT)
        },
        grants=frozenset(
            (row["employee"], row["role"]) for row in rows("SELECT * FROM grants WHERE account = ?", ACCOUNT)
        ),
        tokens={
            row["id"]: Row(
                applications[row["integration"]],
                row["employee"],
                row["role"],
                bool(row["inactive"]),
                bool(row["revoked"]),
            )
            for row in tokens
        },
        saved={
            row["application"]: by_secret.get((row["token_id"], row["token_secret"]))
            for row in rows("SELECT * FROM connectors WHERE account = ?", ACCOUNT)
        },
        enabled={
            row["name"]: row["state"] == "Enabled"
            for row in rows("SELECT * FROM integrations WHERE account = ?", ACCOUNT)
        },
        active_roles=frozenset(
            row["id"] for row in rows("SELECT * FROM roles WHERE account = ? AND NOT inactive", ACCOUNT)
        ),
        last_login={row["employee"]: row["last"] for row in logins},
        now=world.clock.now(),
    )


def require_seen(live: LiveState, true: Truth) -> None:
    """What was read without a gap is what is there."""
    # A revoked token may or may not be shown as inactive too.
    seen = {int(one.id): (one.application, int(one.owner_id), int(one.role_id), one.live) for one in live.tokens}
    assert seen == {key: (one.application, one.owner, one.role, one.live) for key, one in true.tokens.items()}
    assert {int(one.id) for one in live.tokens if one.revoked} == {
        key for key, one in true.tokens.items() if one.revoked
    }
    for person in live.employees:
        one = true.people[int(person.id)]
        assert (one.active, one.access) == (person.active, person.access), person
        held = {str(role) for employee, role in true.grants if employee == int(person.id)}
        assert held == live.roles_of.get(person.id, frozenset()), person
    states = {record.name: record.state == "Enabled" for record in live.integrations}
    assert states == {name: true.enabled[name] for name in states}
