"""Which request goes where: NetSuite's paths after the login check, everything else refused clearly."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from reconciler.emulator import employee_collection, employee_writes, employees, oauth2
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.database import iso
from reconciler.emulator.login import Login, login_refused, realm_of
from reconciler.emulator.record_requests import RECORDS, no_permission
from reconciler.emulator.wire import SINGULAR, Answer, RefusedError, Request, error_answer, json_answer, not_served

Service = Callable[[World, Caller, Request, str], Answer]


def _suiteql(world: World, caller: Caller, request: Request, _key: str) -> Answer:
    # The parser takes a fifth of a second to load, which a server that is never queried need not spend.
    from reconciler.emulator.query import service  # noqa: PLC0415 - see the line above

    return service.answer(world, caller, request)


def _server_time(world: World, _caller: Caller, _request: Request, _key: str) -> Answer:
    return json_answer(200, {"serverTime": iso(world.clock.now())}, SINGULAR)


def _governance_limits(world: World, caller: Caller, _request: Request, _key: str) -> Answer:
    """The answer for an integration without a limit of its own, which has no integrationConcurrencyLimit.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0625010817.html
    """
    if not caller.is_administrator:
        raise no_permission("Administrator")
    limit = world.switches.number("concurrency-limit")
    content = {
        "accountConcurrencyLimit": limit,
        "accountUnallocatedConcurrencyLimit": limit,
        "integrationLimitType": "accountLimit",
    }
    return json_answer(200, content, SINGULAR)


def _catalog(world: World, caller: Caller, request: Request, key: str) -> Answer:
    # What describes the records is needed by few, and a server shall start quickly.
    from reconciler.emulator import metadata_catalog  # noqa: PLC0415 - see the line above

    return metadata_catalog.answer(world, caller, request, key)


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
_EMPLOYEE: Final = f"{RECORDS}/(?i:employee)"
ROUTES: Final[tuple[tuple[str, re.Pattern[str], Service], ...]] = (
    ("POST", re.compile(r"/services/rest/query/v1/suiteql"), _suiteql),
    ("GET", re.compile(r"/services/rest/system/v1/serverTime"), _server_time),
    ("GET", re.compile(r"/services/rest/system/v1/governanceLimits"), _governance_limits),
    ("GET", re.compile(rf"{RECORDS}/metadata-catalog(?:/([^/]+))?"), _catalog),
    ("GET", re.compile(_EMPLOYEE), employee_collection.collection),
    ("POST", re.compile(_EMPLOYEE), employee_writes.create),
    *((method, re.compile(_EMPLOYEE), employee_writes.batch) for method in ("PATCH", "PUT", "DELETE")),
    ("GET", re.compile(f"{_EMPLOYEE}/([^/]+)"), employees.single),
    ("PATCH", re.compile(f"{_EMPLOYEE}/([^/]+)"), employee_writes.patch),
    ("PUT", re.compile(f"{_EMPLOYEE}/([^/]+)"), employee_writes.upsert),
    ("DELETE", re.compile(f"{_EMPLOYEE}/([^/]+)"), employee_writes.delete),
    ("POST", re.compile(f"{_EMPLOYEE}/([^/]+/!transform/[^/]+)"), employee_writes.transform),
    ("GET", re.compile(f"{_EMPLOYEE}/([^/]+/[^!/][^/]*(?:/[^/]+)*)"), employees.part),
    *(
        (
            method,
            re.compile(rf"{RECORDS}/(?!(?i:employee|metadata-catalog)(?:/|$))([^/]+)(?:/.*)?"),
            employees.other_record,
        )
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE")
    ),
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
            found = self._service(request)
            caller = self._caller(request)
            if isinstance(found, frozenset):
                return self._without_service(request, found)
            service, key = found
            _check_preferences(request)
            with self.world.database.transaction():
                return service(self.world, caller, request, key)

    def _caller(self, request: Request) -> Caller:
        # Nobody manages certificates with a token of TBA.
        if not (oauth2.is_bearer(request) or request.path.startswith(f"{OAUTH2}/clients/")):
            return Login(self.world, request).caller()
        from reconciler.emulator.access_tokens import BearerLogin  # noqa: PLC0415 - see above

        return BearerLogin(self.world, request).caller()

    def _service(self, request: Request) -> tuple[Service, str] | frozenset[str]:
        """The service behind a path, or the methods that the path has instead.

        A path under /services/rest is refused only after the login, as in NetSuite; a slash at its end does not count.
        """
        if not request.path.startswith("/services/rest/"):
            raise RefusedError(404, "NOT_FOUND", f"The emulator serves nothing at {request.path}.")
        path = request.path.removesuffix("/")
        allowed = set()
        for method, pattern, service in ROUTES:
            match = pattern.fullmatch(path)
            if match is not None and method == request.method:
                return service, unquote(match.group(1) or "") if match.groups() else ""
            if match is not None:
                allowed.add(method)
        return frozenset(allowed)

    def _without_service(self, request: Request, allowed: frozenset[str]) -> Answer:
        headers = {"Allow": ", ".join(sorted(allowed))}
        if request.method == "OPTIONS":
            return Answer(204, headers=headers)
        if not allowed:
            raise not_served(f"{request.method} {request.path}")
        code = self.world.switches.value("wrong-method-code")
        detail = f"The method {request.method} is not allowed here."
        raise RefusedError(405, code, detail, ("o:errorUrl", request.path), headers=headers)

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


def _check_preferences(request: Request) -> None:
    """Asynchronous jobs are not served; X-NetSuite-Idempotency-Key means nothing to any other request."""
    if request.path.startswith(f"{RECORDS}/") and "respond-async" in request.headers.get("prefer", "").lower():
        raise not_served("asynchronous requests", ("o:errorHeader", "Prefer"))
    kind = re.search(r"type=(select-options|create-form|edit-form)", request.headers.get("accept", "").lower())
    if request.path.startswith(f"{RECORDS}/") and kind is not None:
        raise not_served(f"answers of the type {kind.group(1)}", ("o:errorHeader", "Accept"))


def account_named(request: Request) -> str:
    """The account a request says it is for, true or not."""
    if not oauth2.is_bearer(request):
        return realm_of(request)
    from reconciler.emulator import access_tokens  # noqa: PLC0415 - see above

    return access_tokens.account_of(request)
