"""The JSON back door under /_emulator/: act as a person, move the clock, inject faults, read the request log."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote

from reconciler import __version__
from reconciler.emulator import account_setup, accounts, certificates, connector, loopback, people, tokens
from reconciler.emulator.accounts import World
from reconciler.emulator.behaviours import UnknownBehaviourError
from reconciler.emulator.database import iso
from reconciler.emulator.faults import Faults, RequestLog, fault
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import ActError, Answer, Request, json_answer, json_object

PREFIX: Final = "/_emulator/"
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
Body = dict[str, object]
Handler = Callable[["BackDoor", Request, Body, tuple[str, ...]], Answer]


@dataclass(frozen=True, slots=True)
class BackDoor:
    world: World
    faults: Faults
    log: RequestLog

    def answer(self, request: Request) -> Answer:
        """Errors come back as `{"error": "<sentence>"}`."""
        try:
            loopback.check(request, "The back door answers")
            with self.world.database.transaction():
                return self._routed(request)
        except ActError as error:
            return json_answer(error.status, {"error": str(error)})

    def _routed(self, request: Request) -> Answer:
        path = request.path[len(PREFIX) :]
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
        if allowed:
            raise ActError(405, f"{request.path} takes {' or '.join(sorted(allowed))}, not {request.method}.")
        raise ActError(404, f"The back door has no {request.path}.")

    def _check_account(self, account: str) -> None:
        if accounts.account(self.world, account) is None:
            known = [row["id"] for row in self.world.database.rows("SELECT id FROM accounts ORDER BY id")]
            raise ActError(404, f"There is no account {account!r}. There are: {', '.join(known)}.")

    def health(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        known = [row["id"] for row in self.world.database.rows("SELECT id FROM accounts ORDER BY id")]
        now = iso(self.world.clock.now())
        return json_answer(200, {"emulator": True, "version": __version__, "accounts": known, "now": now})

    def login(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "employee", "role")
        return json_answer(200, tokens.login(self.world, words[0], _text(body, "employee"), _text(body, "role")))

    def list_tokens(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        return json_answer(200, tokens.listing(self.world, words[0]))

    def create_token(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as", "application", "user", "role", "name")
        wanted = tokens.TokenRequest(
            _needed(body, "application"), _needed(body, "user"), _needed(body, "role"), _text(body, "name")
        )
        return json_answer(201, tokens.create(self.world, words[0], self._actor(words[0], body), wanted))

    def change_token(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as")
        account, key, what = words
        return json_answer(200, tokens.change(self.world, account, self._actor(account, body), key, what))

    def list_certificates(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        return json_answer(200, certificates.listing(self.world, words[0]))

    def create_certificate(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        names = ("application", "employee", "role", "certificate")
        _known(body, "as", *names)
        wanted = certificates.MappingRequest(*(_needed(body, name) for name in names))
        return json_answer(201, certificates.create(self.world, words[0], self._actor(words[0], body), wanted))

    def revoke_certificate(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as")
        account, key = words
        return json_answer(200, certificates.revoke_as(self.world, account, self._actor(account, body), key))

    def read_employee(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        account, key = words
        row = people.find_employee(self.world, account, key)
        return json_answer(200, people.describe(self.world, account, row))

    def change_roles(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as", "add", "remove")
        account, key = words
        row = people.find_employee(self.world, account, key)
        by = self._actor(account, body)
        people.change_roles(self.world, account, by, row, _texts(body, "add"), _texts(body, "remove"))
        return json_answer(200, people.describe(self.world, account, row))

    def change_employee(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as", "active", "access")
        account, key = words
        row = people.find_employee(self.world, account, key)
        by = self._actor(account, body)
        people.change_employee(self.world, account, by, row, active=_flag(body, "active"), access=_flag(body, "access"))
        return json_answer(200, people.describe(self.world, account, row))

    def delete_employee(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as")
        account, key = words
        row = people.find_employee(self.world, account, key)
        people.delete_employee(self.world, account, self._actor(account, body), row)
        return json_answer(200, {"deleted": str(row["id"])})

    def change_integration(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as", "state")
        account, name = words
        row = people.find_integration(self.world, account, name)
        people.change_integration(self.world, account, self._actor(account, body), row, body.get("state"))
        return json_answer(200, {"id": str(row["id"]), "name": name, "state": body.get("state")})

    def remove_integration(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as")
        account, name = words
        row = people.find_integration(self.world, account, name)
        return json_answer(200, account_setup.remove_integration(self.world, account, self._actor(account, body), row))

    def reset_credentials(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as")
        account, name = words
        row = people.find_integration(self.world, account, name)
        return json_answer(200, account_setup.reset_credentials(self.world, account, self._actor(account, body), row))

    def change_role(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "as", "inactive", "permissions")
        account, name = words
        row = people.find_role(self.world, account, name)
        changed = account_setup.change_role(
            self.world,
            account,
            self._actor(account, body),
            row,
            inactive=_flag(body, "inactive"),
            permissions=_levels(body),
        )
        return json_answer(200, changed)

    def change_features(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        wanted = {name: _flag(body, name) for name in body if name != "as"}
        chosen = {name: value for name, value in wanted.items() if value is not None}
        by = self._actor(words[0], body)
        return json_answer(200, account_setup.change_features(self.world, words[0], by, chosen))

    def save_credentials(self, _request: Request, body: Body, words: tuple[str, ...]) -> Answer:
        _known(body, "token_id", "token_secret")
        account, application = words
        wanted = connector.Credentials(_needed(body, "token_id"), _needed(body, "token_secret"))
        return json_answer(200, connector.save_and_test(self.world, account, application, wanted))

    def post_order(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        account, application = words
        status, content = connector.post_order(self.world, account, application)
        return json_answer(status, content)

    def refresh(self, _request: Request, _body: Body, words: tuple[str, ...]) -> Answer:
        wiped = certificates.refresh(self.world, words[0])
        return json_answer(200, {"tokens_wiped": tokens.refresh(self.world, words[0]), "certificates_wiped": wiped})

    def read_clock(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        return json_answer(200, {"now": iso(self.world.clock.now())})

    def move_clock(self, _request: Request, body: Body, _words: tuple[str, ...]) -> Answer:
        _known(body, "advance", "set")
        if ("advance" in body) == ("set" in body):
            raise ActError(400, 'Give either {"advance": "24h"} or {"set": "2026-11-22T09:00:00Z"}.')
        if "advance" in body:
            moment = self.world.clock.now() + _duration(_needed(body, "advance"))
        else:
            moment = _moment(_needed(body, "set"))
        self.world.clock.move_to(moment)
        return json_answer(200, {"now": iso(self.world.clock.now())})

    def requests(self, request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        since = dict(query_parameters(request.query)).get("since", "0")
        if not re.fullmatch(r"[0-9]{1,12}", since):
            raise ActError(400, "since must be a whole number.")
        return json_answer(200, [asdict(row) for row in self.log.since(int(since))])

    def clear_requests(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        self.log.clear()
        return json_answer(200, {"cleared": True})

    def add_fault(self, _request: Request, body: Body, _words: tuple[str, ...]) -> Answer:
        self.faults.add(fault(body))
        return json_answer(201, {"added": True})

    def clear_faults(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        self.faults.clear()
        return json_answer(200, {"cleared": True})

    def list_behaviours(self, _request: Request, _body: Body, _words: tuple[str, ...]) -> Answer:
        return json_answer(200, self.world.switches.listing())

    def choose_behaviours(self, _request: Request, body: Body, _words: tuple[str, ...]) -> Answer:
        try:
            self.world.switches.choose_all({name: _text(body, name) for name in body})
        except UnknownBehaviourError as error:
            raise ActError(400, str(error)) from error
        return json_answer(200, self.world.switches.listing())

    def _actor(self, account: str, body: Body) -> people.Actor:
        return people.actor(self.world, account, body.get("as"))


def _known(body: Body, *names: str) -> None:
    if unknown := set(body) - set(names):
        raise ActError(400, f"Unknown keys: {', '.join(sorted(unknown))}. Known: {', '.join(names)}.")


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ActError(400, f"{name} must be a text.")
    return value or ""


def _needed(body: Body, name: str) -> str:
    value = _text(body, name)
    if not value:
        raise ActError(400, f"{name} is missing.")
    return value


def _texts(body: Body, name: str) -> list[str]:
    value = body.get(name, [])
    if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
        raise ActError(400, f"{name} must be a list of texts.")
    return value


def _levels(body: Body) -> dict[str, str | None]:
    value = body.get("permissions", {})
    if not isinstance(value, dict) or any(level is not None and not isinstance(level, str) for level in value.values()):
        raise ActError(400, "permissions must be an object of levels, with null to take a permission away.")
    return value


def _flag(body: Body, name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise ActError(400, f"{name} must be true or false.")
    return value


def _duration(text: str) -> int:
    match = re.fullmatch(r"(-?[0-9]{1,7})([smhd])", text)
    if match is None:
        raise ActError(400, f"{text!r} is no duration. Write a number and s, m, h or d, such as 24h.")
    return int(match.group(1)) * UNITS[match.group(2)]


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ActError(400, f"{text!r} is no time. Write it as 2026-11-22T09:00:00Z.") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


_ACCOUNT: Final = "accounts/([^/]+)"
ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "health", BackDoor.health),
    ("POST", f"{_ACCOUNT}/login", BackDoor.login),
    ("GET", f"{_ACCOUNT}/tokens", BackDoor.list_tokens),
    ("POST", f"{_ACCOUNT}/tokens", BackDoor.create_token),
    ("POST", f"{_ACCOUNT}/tokens/([^/]+)/(deactivate|activate|revoke)", BackDoor.change_token),
    ("GET", f"{_ACCOUNT}/certificates", BackDoor.list_certificates),
    ("POST", f"{_ACCOUNT}/certificates", BackDoor.create_certificate),
    ("POST", f"{_ACCOUNT}/certificates/([^/]+)/revoke", BackDoor.revoke_certificate),
    ("POST", f"{_ACCOUNT}/employees/([^/]+)/roles", BackDoor.change_roles),
    ("GET", f"{_ACCOUNT}/employees/([^/]+)", BackDoor.read_employee),
    ("POST", f"{_ACCOUNT}/employees/([^/]+)", BackDoor.change_employee),
    ("DELETE", f"{_ACCOUNT}/employees/([^/]+)", BackDoor.delete_employee),
    ("POST", f"{_ACCOUNT}/integrations/([^/]+)", BackDoor.change_integration),
    ("DELETE", f"{_ACCOUNT}/integrations/([^/]+)", BackDoor.remove_integration),
    ("POST", f"{_ACCOUNT}/integrations/([^/]+)/reset-credentials", BackDoor.reset_credentials),
    ("POST", f"{_ACCOUNT}/roles/([^/]+)", BackDoor.change_role),
    ("POST", f"{_ACCOUNT}/features", BackDoor.change_features),
    ("POST", f"{_ACCOUNT}/connectors/([^/]+)/credentials", BackDoor.save_credentials),
    ("POST", f"{_ACCOUNT}/connectors/([^/]+)/orders", BackDoor.post_order),
    ("POST", f"{_ACCOUNT}/refresh", BackDoor.refresh),
    ("GET", "clock", BackDoor.read_clock),
    ("POST", "clock", BackDoor.move_clock),
    ("GET", "requests", BackDoor.requests),
    ("POST", "requests/clear", BackDoor.clear_requests),
    ("POST", "faults", BackDoor.add_fault),
    ("DELETE", "faults", BackDoor.clear_faults),
    ("GET", "behaviours", BackDoor.list_behaviours),
    ("POST", "behaviours", BackDoor.choose_behaviours),
)
