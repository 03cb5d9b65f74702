"""A small account that can be acted on: people and time do the steps, applications log in with what they were given.

It knows the truth that the audit trail only shows: which token each application really has.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from reconciler.core.live import Employee, Grant, IntegrationState, LiveState, LoginGroup, Token
from reconciler.core.step import (
    Activate,
    CreateToken,
    DeactivateToken,
    EnableIntegration,
    EnterCredentials,
    GiveAccess,
    GrantRole,
    Inactivate,
    QuietPeriod,
    RemoveAccess,
    RemoveRole,
    RevokeToken,
    Step,
)


@dataclass
class Account:
    live: LiveState
    in_use: dict[str, str] = field(default_factory=dict)
    """Token id by application: what each application really logs in with."""

    def working(self) -> set[str]:
        """The applications that could log in now."""
        tokens = {token.id: token for token in self.live.tokens}
        return {name for name, identifier in self.in_use.items() if self._accepted(tokens[identifier])}

    def _accepted(self, token: Token) -> bool:
        live = self.live
        owner = live.employees_by_id.get(token.owner_id)
        role = live.roles_by_id.get(token.role_id)
        states = {record.name: record.state for record in live.integrations}
        return (
            token.live
            and owner is not None
            and owner.active
            and owner.access
            and role is not None
            and role.active
            and live.holds(token.owner_id, token.role_id)
            and states.get(token.application, IntegrationState.ENABLED) is IntegrationState.ENABLED
        )

    def do(self, step: Step) -> None:
        """Carry a step out, whoever its actor is, and let the applications work on for a while."""
        operation = step.operation
        match operation:
            case GrantRole(employee=employee, role=role):
                self._grants({*self.live.grants, Grant(employee.id, role.id)})
            case RemoveRole(employee=employee, role=role):
                self._grants({*self.live.grants} - {Grant(employee.id, role.id)})
            case EnableIntegration(application=application):
                self._enable(application)
            case CreateToken():
                self._create(operation)
            case EnterCredentials():
                self._enter(operation)
            case QuietPeriod(length=length):
                self._pass(length)
            case DeactivateToken(token=token):
                self._change(token.id, inactive=True)
            case RevokeToken(token=token):
                self._change(token.id, inactive=True, revoked=True)
            case Activate(employee=employee):
                self._person(employee, active=True)
            case Inactivate(employee=employee):
                self._person(employee, active=False)
            case GiveAccess(employee=employee):
                self._person(employee, access=True)
            case RemoveAccess(employee=employee):
                self._person(employee, access=False)
        self.work()

    def idle(self) -> None:
        """A day passes in which nobody acts."""
        self._pass(timedelta(days=1))
        self.work()

    def work(self) -> None:
        """An hour passes, and every application logs in twice."""
        self._pass(timedelta(minutes=30))
        self._log_in()
        self._pass(timedelta(minutes=30))
        self._log_in()

    def _pass(self, length: timedelta) -> None:
        self.live = replace(self.live, read_at=self.live.read_at + length)

    def _grants(self, grants: set[Grant]) -> None:
        self.live = replace(self.live, grants=tuple(sorted(grants)))

    def _enable(self, application: str) -> None:
        records = tuple(
            replace(record, state=IntegrationState.ENABLED) if record.name == application else record
            for record in self.live.integrations
        )
        self.live = replace(self.live, integrations=records)

    def _create(self, operation: CreateToken) -> None:
        number = max([1000, *(int(token.id) for token in self.live.tokens)]) + 1
        record = next((record for record in self.live.integrations if record.name == operation.application), None)
        token = Token(
            id=str(number),
            name=operation.token_name,
            application_id=record.id if record else None,
            application=operation.application,
            owner_id=operation.owner.id,
            role_id=operation.role.id,
            created=self.live.read_at,
            inactive=False,
            revoked=False,
        )
        self.live = replace(self.live, tokens=(*self.live.tokens, token))

    def _enter(self, operation: EnterCredentials) -> None:
        mine = [
            token
            for token in self.live.tokens
            if token.application == operation.application
            and token.owner_id == operation.owner.id
            and token.role_id == operation.role.id
            and token.live
            and (operation.token is None or token.id == operation.token.id)
        ]
        self.in_use[operation.application] = max(mine, key=lambda token: int(token.id)).id

    def _change(self, identifier: str, **different: Any) -> None:
        tokens = tuple(replace(token, **different) if token.id == identifier else token for token in self.live.tokens)
        self.live = replace(self.live, tokens=tokens)

    def _person(self, employee: Employee, **different: Any) -> None:
        people = tuple(replace(one, **different) if one.id == employee.id else one for one in self.live.employees)
        self.live = replace(self.live, employees=people)

    def _log_in(self) -> None:
        tokens = {token.id: token for token in self.live.tokens}
        rows = []
        for application, identifier in sorted(self.in_use.items()):
            token = tokens[identifier]
            accepted = self._accepted(token)
            rows.append(
                LoginGroup(
                    application=application,
                    user_id=token.owner_id,
                    role_id=token.role_id if accepted else "",
                    token_name=token.name,
                    success=accepted,
                    detail="" if accepted else "token_rejected",
                    first=self.live.read_at,
                    last=self.live.read_at,
                )
            )
        watched = self.live.last_token_logins
        logged_in = {row.user_id: row.last for row in rows if row.success and row.user_id in watched}
        self.live = replace(
            self.live,
            logins=(*self.live.logins, *rows),
            last_token_logins={**watched, **logged_in},
        )
