"""Step two of the authorization flow: the page on which a person lets an application act in their name.

NetSuite asks for e-mail and password first. There are no passwords here: whoever sits at the screen says who they are.
"""

import re
import sqlite3
from html import escape
from typing import Final
from urllib.parse import urlencode

from reconciler.emulator import accounts, loopback, people, request_tokens
from reconciler.emulator.accounts import World
from reconciler.emulator.request_tokens import Pending
from reconciler.emulator.signing import form_parameters, query_parameters
from reconciler.emulator.wire import ActError, Answer, Request

HTML: Final = "text/html; charset=utf-8"
SUGGESTIONS: Final = 50
_STATE: Final = re.compile(r"[A-Za-z0-9]{0,512}")
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    # No form-action: browsers apply it to the redirect as well, and the callback is another site.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - EMULATOR</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}}
.mark{{background:#b00;color:#fff;padding:.2rem .6rem;font-weight:700}}label{{display:block;margin:1rem 0 .2rem}}
input,select,button{{font:inherit;padding:.3rem .6rem}}</style></head>
<body><p><span class="mark">EMULATOR</span> not NetSuite</p><h1>{title}</h1>
{body}
</body></html>
"""


def answer(world: World, request: Request) -> Answer:
    """The page, or after Allow and Deny the way back to the application."""
    try:
        loopback.check(request, "The page answers")
        with world.database.transaction():
            return _routed(world, request)
    except ActError as error:
        return _page(error.status, "This cannot be authorized", f'<p role="alert">{escape(str(error))}</p>')


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
            return _page(200, "Log in", self._who_form())
        row = self._person(employee)
        return _page(200, f"Allow access to {self._company()}?", self._allow_form(row))

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

    def _who_form(self) -> str:
        rows = self._world.database.rows(
            "SELECT email, entityid FROM employees WHERE account = ? AND active AND access AND email IS NOT NULL"
            " ORDER BY id LIMIT ?",
            self._pending.account,
            SUGGESTIONS,
        )
        options = "".join(f'<option value="{escape(row["email"])}">{escape(row["entityid"])}</option>' for row in rows)
        return f"""<p>{escape(self._application())} asks for access to {escape(self._company())}.</p>
<form method="get" action="{self._path}">{self._hidden()}
<label for="employee">Email</label>
<input id="employee" name="employee" list="people" required autocomplete="off">
<datalist id="people">{options}</datalist>
<button>Log in</button></form>"""

    def _allow_form(self, row: sqlite3.Row) -> str:
        roles = "".join(self._option(role) for role in self._roles(row))
        return f"""<p><strong>{escape(self._application())}</strong> will act as
<strong>{escape(row["entityid"])}</strong> in the role below, until the token is revoked.</p>
<form method="post" action="{self._path}">{self._hidden()}
<input type="hidden" name="employee" value="{row["id"]}">
<label for="role">Change Role</label><select id="role" name="role">{roles}</select>
<p><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></p></form>"""

    def _option(self, role: sqlite3.Row) -> str:
        selected = " selected" if role["id"] == self._pending.wanted_role else ""
        return f'<option value="{role["id"]}"{selected}>{escape(role["name"])}</option>'

    def _hidden(self) -> str:
        values = {"oauth_token": self._pending.token, "state": self._state}
        return "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items())


def _page(status: int, title: str, body: str) -> Answer:
    return Answer(status, PAGE.format(title=escape(title), body=body).encode(), HTML, HEADERS)
