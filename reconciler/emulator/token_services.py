"""The services under /rest/ beside RESTlets: the token endpoints, and the discovery of an account's addresses."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Final

from reconciler.emulator import accounts, authorization_flow, oauth2, tokens
from reconciler.emulator.accounts import Caller, World
from reconciler.emulator.authorization_flow import MESSAGES, Name
from reconciler.emulator.login import Login, wrong_credentials
from reconciler.emulator.signing import query_parameters
from reconciler.emulator.wire import Answer, RefusedError, Request, json_answer

NO_PASSWORDS: Final = "The emulator keeps no passwords, so nobody can log in with one."
TOKEN_INFO_NAMES: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "camel-case": ("companyName", "companyId", "roleName", "roleId", "entityId"),
    "lower-case": ("companyname", "companyid", "rolename", "roleid", "entityid"),
}


def answer(world: World, request: Request) -> Answer:
    methods = {method: service for (method, path), service in SERVICES.items() if path == request.path}
    if not methods:
        raise RefusedError(404, "NOT_FOUND", f"The emulator serves nothing at {request.path}.")
    if request.method not in methods:
        raise RefusedError(405, "INVALID_REQUEST", f"The request method {request.method} is not valid.")
    return methods[request.method](world, request)


def _needs_password(_world: World, _request: Request) -> Answer:
    """Calls for user credentials (NLAuth): refused as a wrong password would be."""
    raise wrong_credentials(NO_PASSWORDS)


def _revoke_token(world: World, request: Request) -> Answer:
    """Revoke one of the caller's own tokens; any other is as good as not there.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_157017286140.html
    """
    if request.headers.get("authorization", "").partition(" ")[0].lower() == "nlauth":
        raise wrong_credentials(NO_PASSWORDS)
    caller = Login(world, request).caller()
    wanted = dict(query_parameters(request.query))
    if not wanted.get("consumerKey") or not wanted.get("token"):
        raise RefusedError(400, Name.MISSING_PARAMETER.value, MESSAGES[Name.MISSING_PARAMETER])
    needs_permission = world.switches.value("revoketoken-permission") == "user-access-tokens"
    if needs_permission and not caller.may(accounts.OWN_TOKENS):
        raise RefusedError(403, "INSUFFICIENT_PERMISSION", "You need the User Access Tokens permission.")
    with world.database.transaction():
        row = _own_token(world, caller, wanted["consumerKey"], wanted["token"])
        if row is None:
            status = int(world.switches.value("revoketoken-refusal-status"))
            raise RefusedError(status, Name.TOKEN_REJECTED.value, MESSAGES[Name.TOKEN_REJECTED])
        tokens.revoke(world, caller.account.id, row["id"])
    return Answer(200) if world.switches.value("revoketoken-body") == "empty" else json_answer(200, {"success": True})


def _own_token(world: World, caller: Caller, consumer_key: str, token_id: str) -> sqlite3.Row | None:
    return world.database.row(
        "SELECT t.id FROM tokens t JOIN integrations i ON i.account = t.account AND i.id = t.integration"
        " WHERE t.account = ? AND t.token_id = ? AND t.employee = ? AND i.consumer_key = ? AND NOT t.revoked",
        caller.account.id,
        token_id,
        caller.employee,
        consumer_key,
    )


def _token_info(world: World, request: Request) -> Answer:
    """Who the caller's own token stands for."""
    caller = _token_holder(world, request)
    as_text = world.switches.value("tokeninfo-ids") == "text"
    role, entity = (str(caller.role), str(caller.employee)) if as_text else (caller.role, caller.employee)
    values = (caller.account.name, caller.account.id, caller.role_name, role, entity)
    names = TOKEN_INFO_NAMES[world.switches.value("tokeninfo-names")]
    return json_answer(200, dict(zip(names, values, strict=True)))


def _token_holder(world: World, request: Request) -> Caller:
    if not oauth2.is_bearer(request):
        return Login(world, request).caller()
    # Signatures by certificate load OpenSSL, which a server without OAuth 2.0 need not.
    from reconciler.emulator.access_tokens import BearerLogin  # noqa: PLC0415 - see above

    return BearerLogin(world, request).caller()


def _data_center_urls(world: World, request: Request) -> Answer:
    """The addresses of an account, for anybody; here all of them are the one the caller used."""
    wanted = dict(query_parameters(request.query)).get("account", "")
    if accounts.account(world, wanted) is None:
        code = world.switches.value("datacenterurls-error-code")
        raise RefusedError(400, code, "Company Id is invalid")
    domains = ("restDomain", "systemDomain", "webservicesDomain")
    return json_answer(200, dict.fromkeys(domains, request.base_url))


SERVICES: Final[Mapping[tuple[str, str], Callable[[World, Request], Answer]]] = {
    ("POST", "/rest/requesttoken"): authorization_flow.request_token,
    ("POST", "/rest/accesstoken"): authorization_flow.access_token,
    ("GET", "/rest/issuetoken"): _needs_password,
    ("GET", "/rest/revoketoken"): _revoke_token,
    ("GET", "/rest/tokeninfo"): _token_info,
    ("GET", "/rest/datacenterurls"): _data_center_urls,
    ("GET", "/rest/roles"): _needs_password,
}
