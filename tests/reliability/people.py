"""What people do in an account: whatever comes to their mind, or exactly what a plan asks of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.step import (
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Step,
)
from reconciler.emulator.client import ACCOUNT, BackDoorError
from tests.reliability.files import CONNECTOR, CONNECTOR_ROLE, HUB, HUB_ROLE, PRINTER
from tests.support.in_process import InProcess

EVERYBODY: Final = (
    "ann@example.com",
    "dana.ortiz@example.com",
    "lee.wong@example.com",
    "tom.becker@example.com",
    "priya.nair@example.com",
    "marco.silva@example.com",
    "break.glass@example.com",
    "svc.admin@example.com",
    "svc.reader@example.com",
)
ADMINISTRATORS: Final = ("lee.wong@example.com", "dana.ortiz@example.com", "break.glass@example.com")
READER: Final = "svc.reader@example.com"
MERE_STAFF: Final = ("tom.becker@example.com", "priya.nair@example.com", "marco.silva@example.com")
LOGIN_ROLES: Final = (CONNECTOR_ROLE, HUB_ROLE)
SPARE_ROLES: Final = ("Accountant", "Buyer", "Reconciler Reader")
ROLES: Final = (*LOGIN_ROLES, "Administrator", *SPARE_ROLES)
APPLICATIONS: Final = (CONNECTOR, HUB, PRINTER)

_NAMED: Final = re.compile('token "([^"]+)" of .+ would be accepted')


@dataclass(frozen=True)
class People:
    """Everybody at their screens. What NetSuite refuses them is not done, and nobody is told."""

    account: InProcess

    def tokens(self) -> list[Mapping[str, Any]]:
        """Every token with its secret, which whoever made it has kept."""
        rows = self.account.world.database.rows("SELECT * FROM tokens WHERE account = ? ORDER BY id", ACCOUNT)
        return [dict(row) for row in rows]

    def order(self, application: str) -> None:
        self.attempt(lambda: self.account.order(application))

    def act(self, path: str, **body: object) -> None:
        self.attempt(lambda: self.account.act(path, ADMINISTRATORS[0], **body))

    def follow(self, step: Step) -> None:
        """Do what a step asks, by whichever administrator still can."""
        for by in ADMINISTRATORS:
            try:
                self._do(step, by)
            except BackDoorError:
                continue
            return

    def enter_again(self, told: Diagnostic) -> None:
        """Do what the finding on refused logins advises."""
        named = _NAMED.match(told.hint or "")
        if told.rule == "failing-logins" and named:
            application = next(name for name in APPLICATIONS if told.detail.startswith(name))
            fitting = [one for one in self.tokens() if one["name"] == named[1] and not one["inactive"]]
            self.attempt(partial(self.account.enter, application, fitting[0]))

    def _do(self, step: Step, by: str) -> None:
        act = self.account.act
        match step.operation:
            case GrantRole(employee=employee, role=role):
                act(f"employees/{employee.id}/roles", by, add=[role.id])
            case RemoveRole(employee=employee, role=role):
                act(f"employees/{employee.id}/roles", by, remove=[role.id])
            case EnableIntegration(application=application):
                act(f"integrations/{application}", by, state="Enabled")
            case CreateToken(application=application, owner=owner, role=role, token_name=name):
                act("tokens", by, application=application, user=owner.id, role=role.id, name=name)
            case EnterCredentials(application=application, token=token) if token is not None:
                found = next(one for one in self.tokens() if str(one["id"]) == token.id)
                self.account.enter(application, found)
            case DeactivateToken(token=token):
                act(f"tokens/{token.id}/deactivate", by)
            case RevokeToken(token=token):
                act(f"tokens/{token.id}/revoke", by)
            case Activate(employee=employee):
                act(f"employees/{employee.id}", by, active=True)
            case Inactivate(employee=employee):
                act(f"employees/{employee.id}", by, active=False)
            case GiveAccess(employee=employee):
                act(f"employees/{employee.id}", by, access=True)
            case RemoveAccess(employee=employee):
                act(f"employees/{employee.id}", by, access=False)

    @staticmethod
    def attempt(what: Callable[[], object]) -> None:
        try:
            what()
        except BackDoorError:
            return

    def come_to_their_senses(self) -> None:
        """Undo what no plan may undo: nobody is activated, no role made usable, for the sake of an integration."""
        by = next((one for one in ADMINISTRATORS if self._may_act(one)), None)
        if by is None:
            # Nobody is left who could; whoever owns the account calls NetSuite's support.
            self._restore_an_administrator()
            by = ADMINISTRATORS[0]

        def act(path: str, **body: object) -> None:
            self.attempt(lambda: self.account.act(path, by, **body))

        for who in EVERYBODY:
            act(f"employees/{who}", active=True)
        for role in (*LOGIN_ROLES, *SPARE_ROLES):
            act(f"roles/{role}", inactive=False)
        for who in EVERYBODY:
            needed = "Reconciler Reader" if who == READER else "Buyer" if who in MERE_STAFF else "Administrator"
            act(f"employees/{who}/roles", add=[needed])
            act(f"employees/{who}", access=True)
        # Whoever runs the reconcilers gives them a login that works.
        self.account.world.database.run("UPDATE tokens SET inactive = 0, revoked = 0 WHERE id IN (104, 105)")
        self._tell_tokens_apart(by)

    def _tell_tokens_apart(self, by: str) -> None:
        """Of live tokens with one owner, role and name, those that nobody uses are made inactive, as a plan advises."""
        rows = self.account.world.database.rows("SELECT token_id FROM connectors")
        saved = {row["token_id"] for row in rows}
        live = [one for one in self.tokens() if not (one["inactive"] or one["revoked"])]
        kept: set[tuple[object, ...]] = set()
        for one in sorted(live, key=lambda one: (one["token_id"] not in saved, one["id"])):
            known_by = (one["integration"], one["employee"], one["role"], one["name"])
            if known_by in kept:
                self.attempt(partial(self.account.act, f"tokens/{one['id']}/deactivate", by))
            kept.add(known_by)

    def _may_act(self, who: str) -> bool:
        try:
            self.account.act(f"employees/{who}", who, active=True)
        except BackDoorError:
            return False
        held = self.account.door(f"accounts/{ACCOUNT}/employees/{who}")["roles"]
        return any(role["name"] == "Administrator" for role in held)

    def _restore_an_administrator(self) -> None:
        run = self.account.world.database.run
        run("UPDATE employees SET active = 1, access = 1 WHERE email = ?", ADMINISTRATORS[0])
        run("INSERT OR IGNORE INTO grants SELECT account, id, 3 FROM employees WHERE email = ?", ADMINISTRATORS[0])


@dataclass(frozen=True)
class Create:
    application: str
    user: str
    role: str
    name: str

    def __call__(self, people: People) -> None:
        people.act("tokens", application=self.application, user=self.user, role=self.role, name=self.name)


@dataclass(frozen=True)
class Enter:
    """Whichever token it is, and whether or not it is one of this application."""

    application: str
    number: int

    def __call__(self, people: People) -> None:
        tokens = people.tokens()
        people.attempt(lambda: people.account.enter(self.application, tokens[self.number % len(tokens)]))


@dataclass(frozen=True)
class ChangeToken:
    number: int
    what: str

    def __call__(self, people: People) -> None:
        tokens = people.tokens()
        people.act(f"tokens/{tokens[self.number % len(tokens)]['id']}/{self.what}")


@dataclass(frozen=True)
class ChangeRole:
    who: str
    what: str
    role: str

    def __call__(self, people: People) -> None:
        people.act(f"employees/{self.who}/roles", **{self.what: [self.role]})


@dataclass(frozen=True)
class ChangePerson:
    who: str
    what: str
    value: bool

    def __call__(self, people: People) -> None:
        people.act(f"employees/{self.who}", **{self.what: self.value})


@dataclass(frozen=True)
class SetState:
    application: str
    state: str

    def __call__(self, people: People) -> None:
        people.act(f"integrations/{self.application}", state=self.state)


@dataclass(frozen=True)
class SetRole:
    role: str
    inactive: bool

    def __call__(self, people: People) -> None:
        people.act(f"roles/{self.role}", inactive=self.inactive)


Act = Create | Enter | ChangeToken | ChangeRole | ChangePerson | SetState | SetRole
