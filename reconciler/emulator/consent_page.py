"""Step two of the authorization flow: the page on which a person lets an application act in their name.

NetSuite asks for e-mail and password first. There are no passwords here: whoever sits at the screen says who they are.
"""

import re
import sqlite3
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from reconciler.emulator import accounts, loopback, people, request_tokens
from reconciler.emulator.accounts import World
from reconciler.emulator.request_tokens import Pending
from reconciler.emulator.signing import form_parameters, query_parameters
from reconciler.emulator.wire import ActError, Answer, Request, without_pages

HTML: Final = "text/html; charset=utf-8"
SUGGESTIONS: Final = 50
_STATE: Final = re.compile(r"[A-Za-z0-9]{0,512}")
HEADERS: Final = {
    "Cache-Control": "no-store",
    # With no referrer at all a browser would not tell the origin of the form, and Allow would be refused.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    # No form-action: browsers apply it to the redirect as well, and the callback is another site.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
_REFUSED: Final = "This cannot be authorized"


def answer(world: World, request: Request) -> Answer:
    """The page, or after Allow and Deny the way back to the application."""
    try:
        loopback.check(request, "The page answers")
        with world.database.transaction():
            return _routed(world, request)
    except ActError as error:
        return _page(world, "", error.status, {"title": _REFUSED, "error": str(error)})


def _routed(world: World, request: Request) -> Answer:
    if request.method == "GET":
        return _Consent(world, request, dict(query_parameters(request.query))).page()
    if request.method == "POST":
        return _Consent(world, request, dict(form_parameters(request))).decided()
    raise ActError(405, "This page takes GET or POST.")


class _Consent:
    """One request token and what was entered so far."""

    def __init__(self, world: World, request: Request, entered: dict[str, str]) -> None:
        self._world = world
        self._path = request.path
        self._entered = entered
        self._state = entered.get("state", "")
        if not _STATE.fullmatch(self._state):
            raise ActError(400, "state may hold up to 512 letters and digits, and nothing else.")
        pending = request_tokens.find(world, entered.get("oauth_token", ""))
        if pending is None:
            raise ActError(400, "The request token is unknown, was used, or has ended. Begin with step one again.")
        self._pending: Pending = pending

    def page(self) -> Answer:
        employee = self._entered.get("employee", "")
        if not employee:
            return self._shown("Log In", {"people": self._suggested()})
        try:
            row = self._person(employee)
        except ActError as error:
            return self._shown("Log In", {"people": self._suggested(), "error": str(error)}, error.status)
        values = {"row": row, "roles": self._roles(row), "wanted": self._pending.wanted_role}
        return self._shown(f"Allow access to {self._company()}?", values)

    def _shown(self, title: str, values: Mapping[str, object], status: int = HTTPStatus.OK) -> Answer:
        common = {
            "title": title,
            "error": "",
            "path": self._path,
            "application": self._application(),
            "company": self._company(),
            "hidden": {"oauth_token": self._pending.token, "state": self._state},
        }
        return _page(self._world, self._pending.account, status, {**common, **values})

    def decided(self) -> Answer:
        row = self._person(self._entered.get("employee", ""))
        role = self._role(row, self._entered.get("role", ""))
        verifier = ""
        if self._entered.get("decision") == "allow":
            verifier = request_tokens.authorize(self._world, self._pending, row["id"], role)
        elif self._entered.get("decision") == "deny":
            request_tokens.forget(self._world, self._pending.token)
        else:
            raise ActError(400, "decision must be allow or deny.")
        return self._back(row["id"], role, verifier)

    def _back(self, employee: int, role: int, verifier: str) -> Answer:
        parameters = {
            "oauth_token": self._pending.token,
            "oauth_verifier": verifier,
            "company": self._pending.account,
            "role": str(role),
            "entity": str(employee),
        }
        if self._state:
            parameters["state"] = self._state
        callback = self._pending.callback
        mark = "&" if "?" in callback else "?"
        return Answer(302, b"", HTML, {**HEADERS, "Location": f"{callback}{mark}{urlencode(parameters)}"})

    def _person(self, key: str) -> sqlite3.Row:
        row = people.find_employee(self._world, self._pending.account, key)
        people.actor(self._world, self._pending.account, str(row["id"]))
        return row

    def _roles(self, row: sqlite3.Row) -> list[sqlite3.Row]:
        held = accounts.roles_of(self._world, self._pending.account, row["id"])
        return [role for role in held if not role["inactive"]]

    def _role(self, row: sqlite3.Row, wanted: str) -> int:
        held = {str(role["id"]): int(role["id"]) for role in self._roles(row)}
        if wanted not in held:
            raise ActError(400, f"{row['entityid']} does not hold the role {wanted!r}.")
        return held[wanted]

    def _company(self) -> str:
        account = accounts.account(self._world, self._pending.account)
        return account.name if account else self._pending.account

    def _application(self) -> str:
        row = self._world.database.row(
            "SELECT name FROM application_names WHERE account = ? AND id = ?",
            self._pending.account,
            self._pending.integration,
        )
        return str(row["name"]) if row else ""

    def _suggested(self) -> list[sqlite3.Row]:
        return self._world.database.rows(
            "SELECT email, entityid FROM employees WHERE account = ? AND active AND access AND email IS NOT NULL"
            " ORDER BY id LIMIT ?",
            self._pending.account,
            SUGGESTIONS,
        )


def _page(world: World, account_id: str, status: int, values: Mapping[str, object]) -> Answer:
    """The page in the look of all others, though not in a session of theirs."""
    try:
        from reconciler.emulator.pages import bare  # noqa: PLC0415 - few servers are looked at by a person
    except ModuleNotFoundError as error:
        return without_pages(error)
    return Answer(status, bare(world, account_id, "consent.html", values), HTML, HEADERS)
