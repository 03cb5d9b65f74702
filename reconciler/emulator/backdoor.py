"""The JSON back door under /_emulator/: act as a person, move the clock, inject faults, read the request log."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from reconciler import __version__
from reconciler.emulator import (
    account_setup,
    accounts,
    certificates,
    connector,
    door_accounts,
    door_tests,
    fields,
    loopback,
    people,
    tokens,
)
from reconciler.emulator.accounts import World
from reconciler.emulator.behaviours import UnknownBehaviourError
from reconciler.emulator.database import iso
from reconciler.emulator.door_accounts import ACCOUNT
from reconciler.emulator.faults import Faults
from reconciler.emulator.fields import Body
from reconciler.emulator.request_log import RequestLog
from reconciler.emulator.state import Snapshots
from reconciler.emulator.wire import ActError, Answer, Request, json_answer, json_object

MOST_NAMED: Final = 20
Handler = Callable[["BackDoor", Request, Body, tuple[str, ...]], Answer]


@dataclass(frozen=True, slots=True)
class BackDoor:
    """What tests do to an emulator beside the protocol."""

    world: World
    faults: Faults
    log: RequestLog
    snapshots: Snapshots = field(default_factory=Snapshots)

    def answer(self, request: Request) -> Answer:
        """Errors come back as `{"error": "<sentence>"}`."""
        try:
            loopback.check(request, "The back door answers")
            for method, pattern, handler in door_tests.ROUTES:
                match = re.fullmatch(pattern, request.path[len(loopback.BACK_DOOR) :])
                if match is not None and method == request.method:
                    # These wait, or replace the database: not within a transaction.
                    return handler(self, request, tuple(unquote(word) for word in match.groups()))
            with self.world.database.transaction():
                return self._routed(request)
        except ActError as error:
            return json_answer(error.status, {"error": str(error)})

    def _routed(self, request: Request) -> Answer:
        path = request.path[len(loopback.BACK_DOOR) :]
        allowed = set()
        for method, pattern, handler in ROUTES:
            match = re.fullmatch(pattern, path)
            if match is None:
                continue
            if method == request.method:
                words = tuple(unquote(word) for word in match.groups())
                if pattern.startswith("accounts/"):
                    self._check_account(words[0])
                return handler(self, request, json_object(request.body), words)
            allowed.add(method)
        allowed |= {method for method, pattern, _ in door_tests.ROUTES if re.fullmatch(pattern, path)}
        if allowed:
            raise ActError(405, f"{request.path} takes {' or '.join(sorted(allowed))}, not {request.method}.")
        raise ActError(404, f"The back door has no {request.path}.")

    def _check_account(self, account: str) -> None:
        if accounts.account(self.world, account) is None:
            known = self._account_ids()
            listed = ", ".join(known[:MOST_NAMED]) + (" and more" if len(known) > MOST_NAMED else "")
            raise ActError(404, f"There is no account {account!r}. There are: {listed}.")

    def _account_ids(self) -> list[str]:
        return [row["id"] for row in self.world.database.rows("SELECT id FROM accounts ORDER BY id")]

    def health(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        known, now = self._account_ids(), iso(self.world.clock.now())
        return json_answer(200, {"emulator": True, "version": __version__, "accounts": known, "now": now})

    def login(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "employee", "role")
        return json_answer(
            200, tokens.login(self.world, words[0], fields.text(body, "employee"), fields.text(body, "role"))
        )

    def create_token(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as", "application", "user", "role", "name")
        wanted = tokens.TokenRequest(
            fields.needed(body, "application"),
            fields.needed(body, "user"),
            fields.needed(body, "role"),
            fields.text(body, "name"),
        )
        return json_answer(201, tokens.create(self.world, words[0], self.actor(words[0], body), wanted))

    def change_token(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as")
        account, key, what = words
        return json_answer(200, tokens.change(self.world, account, self.actor(account, body), key, what))

    def list_certificates(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        return json_answer(200, certificates.listing(self.world, words[0]))

    def create_certificate(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        names = ("application", "employee", "role", "certificate")
        fields.known(body, "as", *names)
        wanted = certificates.MappingRequest(*(fields.needed(body, name) for name in names))
        return json_answer(201, certificates.create(self.world, words[0], self.actor(words[0], body), wanted))

    def revoke_certificate(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as")
        account, key = words
        return json_answer(200, certificates.revoke_as(self.world, account, self.actor(account, body), key))

    def read_employee(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        account, key = words
        row = people.find_employee(self.world, account, key)
        return json_answer(200, people.describe(self.world, account, row))

    def change_roles(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as", "add", "remove")
        account, key = words
        row = people.find_employee(self.world, account, key)
        by = self.actor(account, body)
        people.change_roles(self.world, account, by, row, fields.texts(body, "add"), fields.texts(body, "remove"))
        return json_answer(200, people.describe(self.world, account, row))

    def delete_employee(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as")
        account, key = words
        row = people.find_employee(self.world, account, key)
        people.delete_employee(self.world, account, self.actor(account, body), row)
        return json_answer(200, {"deleted": str(row["id"])})

    def change_integration(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as", "state")
        account, name = words
        row = people.find_integration(self.world, account, name)
        people.change_integration(self.world, account, self.actor(account, body), row, body.get("state"))
        return json_answer(200, {"id": str(row["id"]), "name": name, "state": body.get("state")})

    def remove_integration(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as")
        account, name = words
        row = people.find_integration(self.world, account, name)
        return json_answer(200, account_setup.remove_integration(self.world, account, self.actor(account, body), row))

    def reset_credentials(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as")
        account, name = words
        row = people.find_integration(self.world, account, name)
        return json_answer(200, account_setup.reset_credentials(self.world, account, self.actor(account, body), row))

    def change_role(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "as", "inactive", "permissions")
        account, name = words
        row = people.find_role(self.world, account, name)
        changed = account_setup.change_role(
            self.world,
            account,
            self.actor(account, body),
            row,
            inactive=fields.flag(body, "inactive"),
            permissions=fields.levels(body),
        )
        return json_answer(200, changed)

    def change_features(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        wanted = {name: fields.flag(body, name) for name in body if name != "as"}
        chosen = {name: value for name, value in wanted.items() if value is not None}
        by = self.actor(words[0], body)
        return json_answer(200, account_setup.change_features(self.world, words[0], by, chosen))

    def save_credentials(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        fields.known(body, "token_id", "token_secret")
        account, application = words
        wanted = connector.Credentials(fields.needed(body, "token_id"), fields.needed(body, "token_secret"))
        return json_answer(200, connector.save_and_test(self.world, account, application, wanted))

    def refresh(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        wiped = certificates.refresh(self.world, words[0])
        return json_answer(200, {"tokens_wiped": tokens.refresh(self.world, words[0]), "certificates_wiped": wiped})

    def read_clock(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        return json_answer(200, {"now": iso(self.world.clock.now())})

    def move_clock(self, _request: Request, body: Body, _words: tuple[str, ...]) -> Answer:
        fields.known(body, "advance", "set")
        if ("advance" in body) == ("set" in body):
            raise ActError(400, 'Give either {"advance": "24h"} or {"set": "2026-11-22T09:00:00Z"}.')
        if "advance" in body:
            moment = self.world.clock.now() + fields.duration(fields.needed(body, "advance"))
        else:
            moment = fields.moment(fields.needed(body, "set"))
        try:
            self.world.clock.move_to(moment)
        except ValueError as error:
            raise ActError(400, str(error)) from error
        return json_answer(200, {"now": iso(self.world.clock.now())})

    def list_behaviours(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        return json_answer(200, self.world.switches.listing())

    def choose_behaviours(self, _request: Request, body: Body, _words: tuple[str, ...]) -> Answer:
        try:
            self.world.switches.choose_all({name: fields.text(body, name) for name in body})
        except UnknownBehaviourError as error:
            raise ActError(400, str(error)) from error
        return json_answer(200, self.world.switches.listing())

    def actor(self, account: str, body: Body) -> people.Actor:
        return people.actor(self.world, account, body.get("as"))


ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "health", BackDoor.health),
    ("POST", f"{ACCOUNT}/login", BackDoor.login),
    ("POST", f"{ACCOUNT}/tokens", BackDoor.create_token),
    ("POST", f"{ACCOUNT}/tokens/([^/]+)/(deactivate|activate|revoke)", BackDoor.change_token),
    ("GET", f"{ACCOUNT}/certificates", BackDoor.list_certificates),
    ("POST", f"{ACCOUNT}/certificates", BackDoor.create_certificate),
    ("POST", f"{ACCOUNT}/certificates/([^/]+)/revoke", BackDoor.revoke_certificate),
    ("POST", f"{ACCOUNT}/employees/([^/]+)/roles", BackDoor.change_roles),
    ("GET", f"{ACCOUNT}/employees/([^/]+)", BackDoor.read_employee),
    ("DELETE", f"{ACCOUNT}/employees/([^/]+)", BackDoor.delete_employee),
    ("POST", f"{ACCOUNT}/integrations/([^/]+)", BackDoor.change_integration),
    ("DELETE", f"{ACCOUNT}/integrations/([^/]+)", BackDoor.remove_integration),
    ("POST", f"{ACCOUNT}/integrations/([^/]+)/reset-credentials", BackDoor.reset_credentials),
    ("POST", f"{ACCOUNT}/roles/([^/]+)", BackDoor.change_role),
    ("POST", f"{ACCOUNT}/features", BackDoor.change_features),
    ("POST", f"{ACCOUNT}/connectors/([^/]+)/credentials", BackDoor.save_credentials),
    ("POST", f"{ACCOUNT}/refresh", BackDoor.refresh),
    ("GET", "clock", BackDoor.read_clock),
    ("POST", "clock", BackDoor.move_clock),
    ("GET", "behaviours", BackDoor.list_behaviours),
    ("POST", "behaviours", BackDoor.choose_behaviours),
    *door_accounts.ROUTES,
)
