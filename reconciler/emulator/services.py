"""Which request goes where: NetSuite's paths after the login check, everything else refused clearly."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from reconciler.emulator import oauth1, oauth2, restlets
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.concurrency import Pool
from reconciler.emulator.database import iso
from reconciler.emulator.login import Login, login_refused
from reconciler.emulator.record_requests import RECORDS, no_permission
from reconciler.emulator.wire import SINGULAR, Answer, RefusedError, Request, error_answer, json_answer, not_served

# A server shall start quickly, and few are asked for everything: what serves only some paths is loaded with the first
# request to one of them. The parser of queries alone takes a fifth of a second, OpenSSL (for certificates) a tenth.
Service = Callable[[World, Caller, Request, str], Answer]
Route = tuple[str, re.Pattern[str], Service]


REST: Final = "/services/rest/"
SUITEQL: Final = f"{REST}query/v1/suiteql"
OAUTH2: Final = f"{REST}auth/oauth2/v1"
TOKEN_ENDPOINT: Final = f"{OAUTH2}/token"
CERTIFICATES: Final = f"{OAUTH2}/clients/"
GOVERNANCE_LIMITS: Final = f"{REST}system/v1/governanceLimits"
TOKEN_SERVICES: Final = "/rest/"
CONSENT_PAGE: Final = "/app/login/secure/authorizetoken.nl"


def _suiteql(world: World, caller: Caller, request: Request, _key: str) -> Answer:
    from reconciler.emulator.query import service  # noqa: PLC0415 - see above

    return service.answer(world, caller, request)


def _server_time(world: World, _caller: Caller, _request: Request, _key: str) -> Answer:
    return json_answer(200, {"serverTime": iso(world.clock.now())}, SINGULAR)


ROUTES: Final[tuple[Route, ...]] = (
    ("POST", re.compile(SUITEQL), _suiteql),
    ("GET", re.compile(f"{REST}system/v1/serverTime"), _server_time),
)


def _routes(path: str) -> tuple[Route, ...]:
    """All routes that a path may be one of."""
    if path.startswith(RECORDS):
        from reconciler.emulator import record_routes  # noqa: PLC0415 - see above

        return record_routes.ROUTES
    if path.startswith(CERTIFICATES):
        from reconciler.emulator import certificate_endpoint  # noqa: PLC0415 - see above

        return certificate_endpoint.ROUTES
    return ROUTES


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that an account answers below its own host."""

    world: World
    pool: Pool

    @contextmanager
    def place(self, request: Request) -> Iterator[bool]:
        """Hold a place in the account's pool; what concurrency governance does not look at needs none."""
        if not _is_governed(request):
            yield True
            return
        with self.pool.place(*claimed_by(request)) as has_place:
            yield has_place

    def answer(self, request: Request, *, has_place: bool = True) -> Answer:
        try:
            return self._routed(request, has_place=has_place)
        except RefusedError as refused:
            has_envelope = request.path == restlets.PATH or request.path.startswith(TOKEN_SERVICES)
            return (
                restlets.error_answer(request, refused) if has_envelope else error_answer(refused, self.world.switches)
            )

    def slowness(self) -> int:
        """How many seconds a refusal for overload takes: only the one that looks like a failed login is slow."""
        switches = self.world.switches
        is_login = switches.value("concurrency-answer") == "invalid-login"
        return switches.number("slow-login-seconds") if is_login else 0

    def _routed(self, request: Request, *, has_place: bool) -> Answer:
        if not has_place:
            raise self._too_many(request)
        if (request.method, request.path) == ("POST", TOKEN_ENDPOINT):
            from reconciler.emulator import token_endpoint  # noqa: PLC0415 - see above

            return token_endpoint.answer(self.world, request)
        if request.path.startswith(TOKEN_SERVICES):
            from reconciler.emulator import token_services  # noqa: PLC0415 - see above

            return token_services.answer(self.world, request)
        if request.path == CONSENT_PAGE:
            from reconciler.emulator import consent_page  # noqa: PLC0415 - see above

            return consent_page.answer(self.world, request)
        found = self._service(request)
        if isinstance(found, tuple) and found[0] is _suiteql:
            # A query only reads, from one state of the database, and may take long.
            return _suiteql(self.world, caller_of(self.world, request), request, "")
        # One transaction for login and service, which is quicker than two and lets nothing come between them. A refusal
        # ends it well, for the row that the login leaves in the audit trail stays whatever becomes of the request.
        with self.world.database.transaction():
            outcome = self._served(request, found)
        if isinstance(outcome, RefusedError):
            raise outcome
        return outcome

    def _served(self, request: Request, found: tuple[Service, str] | frozenset[str]) -> Answer | RefusedError:
        try:
            caller = caller_of(self.world, request)
            if isinstance(found, frozenset):
                return self._without_service(request, found)
            service, key = found
            _check_preferences(request)
            with self.world.database.savepoint():
                return service(self.world, caller, request, key)
        except RefusedError as refused:
            return refused

    def _service(self, request: Request) -> tuple[Service, str] | frozenset[str]:
        """The service behind a path, or the methods that the path has instead.

        A path under /services/rest is refused only after the login, as in NetSuite; a slash at its end does not count.
        """
        if request.path == restlets.PATH:
            return restlets.run, ""
        if not request.path.startswith(REST):
            raise RefusedError(404, "NOT_FOUND", f"The emulator serves nothing at {request.path}.")
        if (request.method, request.path) == ("GET", GOVERNANCE_LIMITS):
            return self._governance_limits, ""
        path = request.path.removesuffix("/")
        allowed = set()
        for method, pattern, service in _routes(path):
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

    def _governance_limits(self, _world: World, caller: Caller, request: Request, _key: str) -> Answer:
        """One of three answers.

        Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0625010817.html
        """
        if not caller.is_administrator:
            raise no_permission("Administrator")
        limits = self.pool.limits(*claimed_by(request))
        content: dict[str, object] = {
            "accountConcurrencyLimit": limits.account,
            "accountUnallocatedConcurrencyLimit": limits.unallocated,
        }
        if limits.is_internal:
            kind = "internal"
        elif limits.integration:
            kind, content["integrationConcurrencyLimit"] = "integrationSpecific", limits.integration
        else:
            kind = "accountLimit"
        return json_answer(200, {**content, "integrationLimitType": kind}, SINGULAR)

    def _too_many(self, request: Request) -> RefusedError:
        if self.world.switches.value("concurrency-answer") == "invalid-login":
            return login_refused(self.world, request, "token_rejected")
        if request.path == restlets.PATH:
            return RefusedError(HTTPStatus.BAD_REQUEST, "SSS_REQUEST_LIMIT_EXCEEDED", "Request limit exceeded.")
        return RefusedError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked.")


def _is_governed(request: Request) -> bool:
    return request.path == restlets.PATH or (request.path.startswith(REST) and request.path != TOKEN_ENDPOINT)


def caller_of(world: World, request: Request) -> Caller:
    """Whoever sent a request, let in by the login that its header asks for."""
    is_restlet = request.path == restlets.PATH
    # Nobody manages certificates with a token of TBA.
    if oauth2.is_bearer(request) or request.path.startswith(CERTIFICATES):
        from reconciler.emulator.access_tokens import BearerLogin  # noqa: PLC0415 - see above

        return BearerLogin(world, request, is_restlet=is_restlet).caller()
    if is_restlet:
        restlets.check_scheme(request)
    return Login(world, request, is_restlet=is_restlet).caller()


def claimed_by(request: Request) -> tuple[str, str]:
    """The account and the consumer key or client id that a request says it is of, true or not."""
    if not oauth2.is_bearer(request):
        return oauth1.realm_of(request), oauth1.consumer_key_of(request)
    from reconciler.emulator import access_tokens  # noqa: PLC0415 - see above

    return access_tokens.claimed(request)


def _check_preferences(request: Request) -> None:
    """Asynchronous jobs are not served; X-NetSuite-Idempotency-Key means nothing to any other request."""
    if request.path.startswith(f"{RECORDS}/") and "respond-async" in request.headers.get("prefer", "").lower():
        raise not_served("asynchronous requests", ("o:errorHeader", "Prefer"))
    kind = re.search(r"type=(select-options|create-form|edit-form)", request.headers.get("accept", "").lower())
    if request.path.startswith(f"{RECORDS}/") and kind is not None:
        raise not_served(f"answers of the type {kind.group(1)}", ("o:errorHeader", "Accept"))


def account_named(request: Request) -> str:
    """The account a request says it is for, true or not."""
    return claimed_by(request)[0]
