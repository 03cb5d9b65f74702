"""The Login Audit Trail: one row for each login and each refusal, whatever the kind of login."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from reconciler.emulator import accounts
from reconciler.emulator.accounts import World
from reconciler.emulator.wire import Request

SESSION: Final = 20 * 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known about a login: whose it would be, and by which application and token."""

    application: str = ""
    token: str = ""  # empty for OAuth 2.0, where only the application has a name
    employee: int | None = None
    role: int | None = None

    def by(self, owner: sqlite3.Row) -> "Attempt":
        """The same attempt, in the name of a token's or a certificate's owner."""
        return Attempt(self.application, self.token, owner["employee"], owner["role"])


def record(world: World, account: str, request: Request, attempt: Attempt, detail: str = "") -> None:
    """Leave a row; without a detail the login was a success."""
    agent = request.headers.get("user-agent", "")
    if not detail and _continues_session(world, account, attempt, agent):
        return
    owner = accounts.employee(world, account, attempt.employee) if attempt.employee is not None else None
    names_role = not detail or world.switches.value("loginaudit-failed-role") == "token"
    names_application = not detail or world.switches.value("loginaudit-failed-application") == "named"
    world.database.insert(
        "login_audit",
        account=account,
        at=world.clock.now(),
        status="Failure" if detail else "Success",
        application=attempt.application if names_application else "",
        token=attempt.token if names_application else "",
        employee=attempt.employee,
        role=attempt.role if names_role else None,
        email=(owner["email"] or "") if owner is not None else "",
        address=request.address,
        request_uri=request.path,
        detail=detail,
        user_agent=agent,
    )


def record_interface(world: World, account: str, request: Request, owner: tuple[int, int], detail: str = "") -> None:
    """Leave a row of the user interface: a login, or with a detail the end of one, which is a success as well.

    Logouts are rows whose detail is ExplicitLogout or RoleSwitchLogout:
    https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_159282412990.html
    """
    employee, role = owner
    person = accounts.employee(world, account, employee)
    world.database.insert(
        "login_audit",
        account=account,
        at=world.clock.now(),
        status="Success",
        application="",
        token="",
        employee=employee,
        role=role,
        email=(person["email"] or "") if person is not None else "",
        address=request.address,
        # The account stands in the path of a page here, in NetSuite it is the host's.
        request_uri=request.path.removeprefix(f"/{account}"),
        detail=detail,
        user_agent=request.headers.get("user-agent", ""),
    )


def _continues_session(world: World, account: str, attempt: Attempt, agent: str) -> bool:
    if world.switches.value("loginaudit-rows") == "every-call":
        return False
    return bool(
        world.database.number(
            "SELECT COUNT(*) FROM login_audit WHERE account = ? AND at > ? AND status = 'Success'"
            " AND application = ? AND token = ? AND employee = ? AND role = ? AND user_agent = ?",
            account,
            world.clock.now() - SESSION,
            attempt.application,
            attempt.token,
            attempt.employee,
            attempt.role,
            agent,
        )
    )
