"""Which request goes where: NetSuite's paths after the login check, everything else refused clearly."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from reconciler.emulator import employee_writes, employees, oauth2
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import iso
from reconciler.emulator.login import Login, login_refused, realm_of
from reconciler.emulator.wire import SINGULAR, Answer, RefusedError, Request, error_answer, json_answer, not_served

Service = Callable[[World, Caller, Request, str], Answer]


def _suiteql(world: World, caller: Caller, request: Request, _key: str) -> Answer:
    # The parser takes a fifth of a second to load, which a server that is never queried need not spend.
    from reconciler.emulator.query import service  # noqa: PLC0415 - see the line above

    return service.answer(world, caller, request)


def _server_time(world: World, _caller: Caller, _request: Request, _key: str) -> Answer:
    return json_answer(200, {"serverTime": iso(world.clock.now())}, SINGULAR)


def _governance_limits(world: World, caller: Caller, _request: Request, _key: str) -> Answer:
    if not caller.is_administrator:
        raise employees.no_permission("Administrator")
    limit = world.switches.number("concurrency-limit")
    content = {
        "accountConcurrencyLimit": limit,
        "accountUnallocatedConcurrencyLimit": limit,
        "integrationConcurrencyLimit": limit,
        "integrationLimitType": "accountLimit",
    }
    return json_answer(200, content, SINGULAR)


def _list_employees(world: World, caller: Caller, request: Request, _key: str) -> Answer:
    return employees.collection(world, caller, request)


# Signatures by certificate load OpenSSL, which a server without OAuth 2.0 need not: hence the imports in here.
def _list_certificates(world: World, caller: Caller, request: Request, key: str) -> Answer:
    from reconciler.emulator import certificate_endpoint  # noqa: PLC0415 - see above

    return certificate_endpoint.listing(world, caller, request, key)


def _upload_certificate(world: World, caller: Caller, request: Request, key: str) -> Answer:
    from reconciler.emulator import certificate_endpoint  # noqa: PLC0415 - see above

    return certificate_endpoint.upload(world, caller, request, key)


def _revoke_certificate(world: World, caller: Caller, request: Request, key: str) -> Answer:
    from reconciler.emulator import certificate_endpoint  # noqa: PLC0415 - see above

    return certificate_endpoint.revoke(world, caller, request, key)


OAUTH2: Final = "/services/rest/auth/oauth2/v1"
TOKEN_ENDPOINT: Final = f"{OAUTH2}/token"
ROUTES: Final[tuple[tuple[str, re.Pattern[str], Service], ...]] = (
    ("POST", re.compile(r"/services/rest/query/v1/suiteql"), _suiteql),
    ("GET", re.compile(r"/services/rest/system/v1/serverTime"), _server_time),
    ("GET", re.compile(r"/services/rest/system/v1/governanceLimits"), _governance_limits),
    ("GET", re.compile(r"/services/rest/record/v1/employee"), _list_employees),
    ("GET", re.compile(r"/services/rest/record/v1/employee/([^/]+)"), employees.single),
    ("PATCH", re.compile(r"/services/rest/record/v1/employee/([^/]+)"), employee_writes.patch),
    ("GET", re.compile(r"/services/rest/record/v1/employee/([^/]+)/roles"), employees.roles),
    ("GET", re.compile(rf"{OAUTH2}/clients/([^/]+)/certificates"), _list_certificates),
    ("POST", re.compile(rf"{OAUTH2}/clients/([^/]+)/certificates"), _upload_certificate),
    ("POST", re.compile(rf"{OAUTH2}/clients/([^/]+/certificates/[^/]+)/revoke"), _revoke_certificate),
)


@dataclass(frozen=True, slots=True)
class Services:
    world: World
    _in_flight: Counter[str] = field(default_factory=Counter)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Answer:
        try:
            return self._routed(request)
        except RefusedError as refused:
            return error_answer(refused, self.world.switches)

    def _routed(self, request: Request) -> Answer:
        if (request.method, request.path) == ("POST", TOKEN_ENDPOINT):
            from reconciler.emulator import token_endpoint  # noqa: PLC0415 - see above

            return token_endpoint.answer(self.world, request)
        with self.one_of_the_allowed(account_named(request)):
            service, key = self._service(request)
            # One transaction for both, which is quicker than two and lets nothing come between them. A refusal ends
            # it well, for the row that the login leaves in the audit trail stays whatever becomes of the request.
            with self.world.database.transaction():
                outcome = self._served(request, service, key)
        if isinstance(outcome, RefusedError):
            raise outcome
        return outcome

    def _served(self, request: Request, service: Service | None, key: str) -> Answer | RefusedError:
        try:
            caller = self._caller(request)
            who = request.who
            who.employee, who.role, who.application = caller.name, caller.role_name, caller.application
            if service is None:
                raise not_served(f"{request.method} {request.path}")
            with self.world.database.savepoint():
                return service(self.world, caller, request, key)
        except RefusedError as refused:
            return refused

    def _caller(self, request: Request) -> Caller:
        # Nobody manages certificates with a token of TBA.
        if not (oauth2.is_bearer(request) or request.path.startswith(f"{OAUTH2}/clients/")):
            return Login(self.world, request).caller()
        from reconciler.emulator.access_tokens import BearerLogin  # noqa: PLC0415 - see above

        return BearerLogin(self.world, request).caller()

    def _service(self, request: Request) -> tuple[Service | None, str]:
        """The service behind a path. A path under /services/rest is refused only after the login, as in NetSuite."""
        if not request.path.startswith("/services/rest/"):
            raise RefusedError(404, "NOT_FOUND", f"The emulator serves nothing at {request.path}.")
        for method, pattern, service in ROUTES:
            match = pattern.fullmatch(request.path)
            if match is not None and method == request.method:
                return service, unquote(match.group(1)) if match.groups() else ""
        return None, ""

    @contextmanager
    def one_of_the_allowed(self, account: str) -> Iterator[None]:
        """Count a request in flight, or refuse it when the account has too many."""
        limit = self.world.switches.number("concurrency-limit")
        with self._counting:
            self._in_flight[account] += 1
            is_too_many = 0 < limit < self._in_flight[account]
        try:
            if is_too_many:
                raise self._too_many()
            yield
        finally:
            with self._counting:
                self._in_flight[account] -= 1

    def _too_many(self) -> RefusedError:
        if self.world.switches.value("concurrency-answer") == "invalid-login":
            return login_refused(self.world, "too many requests in flight")
        return RefusedError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked.")


def account_named(request: Request) -> str:
    """The account a request says it is for, true or not."""
    if not oauth2.is_bearer(request):
        return realm_of(request)
    from reconciler.emulator import access_tokens  # noqa: PLC0415 - see above

    return access_tokens.account_of(request)
