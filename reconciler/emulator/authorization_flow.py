"""Steps one and three of the TBA authorization flow: a request token, and the access token it is exchanged for.

Sources: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156338994830.html
and https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156537025868.html;
the names of errors: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_156934879823.html
"""

import hmac
import sqlite3
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from reconciler.emulator import accounts, audit, callbacks, oauth1, request_tokens, tokens
from reconciler.emulator.accounts import Account, World
from reconciler.emulator.login import LOGIN_PERMISSIONS
from reconciler.emulator.oauth1 import Flaw, FlawError
from reconciler.emulator.request_tokens import Pending
from reconciler.emulator.signing import OAuthHeader
from reconciler.emulator.wire import FORM, Answer, RefusedError, Request


class Name(StrEnum):
    """The errors of the flow, word for word."""

    UNKNOWN_INTEGRATION = "UnknownIntegration"
    INTEGRATION_BLOCKED = "IntegrationBlocked"
    AUTHORIZATION_FLOW_REQUIRED = "AuthorizationFlowRequired"
    INVALID_TIMESTAMP = "InvalidTimestamp"
    INVALID_SIGNATURE = "InvalidSignature"
    INVALID_CALLBACK = "InvalidCallback"
    MISSING_PARAMETER = "MissingRequiredParameter"
    NONCE_REJECTED = "NonceRejected"
    NONCE_USED = "NonceUsed"
    TOKEN_REJECTED = "TokenRejected"
    ENTITY_OR_ROLE_DISABLED = "EntityOrRoleDisabled"
    FEATURE_DISABLED = "FeatureDisabled"
    UNKNOWN_ALGORITHM = "UnknownAlgorithm"
    VERSION_REJECTED = "VersionRejected"
    INVALID_VERIFIER = "InvalidVerifier"


FLAWS: Final[Mapping[Flaw, Name]] = {
    # No name of the flow is about a parameter that cannot be read.
    Flaw.MALFORMED: Name.MISSING_PARAMETER,
    Flaw.MISSING: Name.MISSING_PARAMETER,
    Flaw.ALGORITHM: Name.UNKNOWN_ALGORITHM,
    Flaw.VERSION: Name.VERSION_REJECTED,
    Flaw.TIMESTAMP: Name.INVALID_TIMESTAMP,
    Flaw.SHORT_NONCE: Name.NONCE_REJECTED,
    Flaw.USED_NONCE: Name.NONCE_USED,
    Flaw.SIGNATURE: Name.INVALID_SIGNATURE,
}
MESSAGES: Final[Mapping[Name, str]] = {
    Name.UNKNOWN_INTEGRATION: "The integration record could not be found.",
    Name.INTEGRATION_BLOCKED: "The integration record is not enabled.",
    Name.AUTHORIZATION_FLOW_REQUIRED: "The integration does not use the TBA authorization flow.",
    Name.INVALID_TIMESTAMP: "The timestamp is not in the allowed range.",
    Name.INVALID_SIGNATURE: "The signature is incorrect.",
    Name.INVALID_CALLBACK: "The callback URL is not valid.",
    Name.MISSING_PARAMETER: "The request is missing a required parameter.",
    Name.NONCE_REJECTED: "The nonce is not long enough.",
    Name.NONCE_USED: "The combination of nonce and timestamp has been used before.",
    Name.TOKEN_REJECTED: "The token could not be found.",
    Name.ENTITY_OR_ROLE_DISABLED: "The entity or role is not usable.",
    Name.FEATURE_DISABLED: "The Token-based Authentication feature is not enabled.",
    Name.UNKNOWN_ALGORITHM: "The signature method is not supported.",
    Name.VERSION_REJECTED: "The OAuth version must be 1.0.",
    Name.INVALID_VERIFIER: "The verifier is not the one of step two.",
}
# RFC 5849, 3.2: 400 for what cannot be read or is not supported, 401 for what is not believed.
BAD_REQUESTS: Final = frozenset(
    {Name.MISSING_PARAMETER, Name.UNKNOWN_ALGORITHM, Name.VERSION_REJECTED, Name.INVALID_CALLBACK}
)


class FlowError(Exception):
    """The step is refused; the audit trail may say more than the name."""

    def __init__(self, name: Name, detail: str = "") -> None:
        super().__init__(name.value)
        self.name = name
        self.detail = detail or name.value


def request_token(world: World, request: Request) -> Answer:
    return _Step(world, request).answer(_Step.first)


def access_token(world: World, request: Request) -> Answer:
    return _Step(world, request).answer(_Step.third)


class _Step:
    """One step on its way through the check."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self._request = request
        self._known = audit.Attempt()

    def answer(self, step: Callable[["_Step", Account], dict[str, str]]) -> Answer:
        """The token, as a form; or the error, with its row in the audit trail where the account is known."""
        failure = FlowError(Name.UNKNOWN_INTEGRATION)
        with self._world.database.transaction():
            account = self._account()
            if account is not None:
                try:
                    form = step(self, account)
                except (FlowError, FlawError) as error:
                    failure = FlowError(FLAWS[error.flaw]) if isinstance(error, FlawError) else error
                    audit.record(self._world, account.id, self._request, self._known, failure.detail)
                else:
                    if self._world.switches.value("loginaudit-token-request") == "all":
                        audit.record(self._world, account.id, self._request, self._known)
                    return Answer(200, urlencode(form).encode(), FORM)
        raise self._refusal(failure.name)

    def _account(self) -> Account | None:
        """The account of the realm; without a realm that of the consumer key, as long as it has only one."""
        if realm := oauth1.realm_of(self._request):
            return accounts.account(self._world, realm)
        key = oauth1.consumer_key_of(self._request)
        rows = self._world.database.rows("SELECT account FROM integrations WHERE consumer_key = ?", key)
        return accounts.account(self._world, rows[0]["account"]) if len(rows) == 1 else None

    def _refusal(self, name: Name) -> RefusedError:
        chosen = self._world.switches.value("token-flow-status")
        by_cause = 400 if name in BAD_REQUESTS else 401
        status = by_cause if chosen == "by-cause" else int(chosen)
        if self._world.switches.value("token-flow-code") == "generic":
            return RefusedError(status, "INVALID_LOGIN_ATTEMPT", "Invalid login attempt.")
        return RefusedError(status, name.value, MESSAGES[name])

    def first(self, account: Account) -> dict[str, str]:
        """Step one: signed with the consumer secret alone, for there is no token yet."""
        self._check_feature(account)
        header = oauth1.header(self._world, self._request, ("oauth_callback",), ("role",))
        integration = self._integration(account, header)
        # Blocked is said only to a request that names the company; one that does not learns it in step three.
        if header.realm and integration["state"] != "Enabled":
            raise FlowError(Name.INTEGRATION_BLOCKED)
        self._check_flow(integration)
        callback = header.parameters["oauth_callback"]
        if not callbacks.fits(integration["callback_url"], callback):
            raise FlowError(Name.INVALID_CALLBACK, f"{Name.INVALID_CALLBACK} {callback}")
        oauth1.check_signature(self._request, header, (integration["consumer_secret"], ""))
        oauth1.use_nonce(self._world, account.id, f"application {integration['id']}", header)
        wanted = self._wanted_role(account, header)
        made = request_tokens.new(self._world, account.id, integration["id"], callback, wanted)
        role = {"role": str(wanted)} if wanted is not None else {}
        return {
            "oauth_token": made.token,
            "oauth_token_secret": made.secret,
            "oauth_callback_confirmed": "true",
            **role,
        }

    def _check_feature(self, account: Account) -> None:
        if not account.has("token_based_authentication"):
            raise FlowError(Name.FEATURE_DISABLED)

    def _integration(self, account: Account, header: OAuthHeader) -> sqlite3.Row:
        row = accounts.with_consumer_key(self._world, account.id, header.parameters["oauth_consumer_key"])
        if row is None:
            raise FlowError(Name.UNKNOWN_INTEGRATION)
        self._known = audit.Attempt(row["name"])
        return row

    def _check_flow(self, integration: sqlite3.Row) -> None:
        if not integration["authorization_flow"]:
            raise FlowError(Name.AUTHORIZATION_FLOW_REQUIRED)

    def _wanted_role(self, account: Account, header: OAuthHeader) -> int | None:
        wanted = header.parameters.get("role")
        if wanted is None:
            return None
        is_id = wanted.isascii() and wanted.isdigit() and len(wanted) < len(str(2**63))
        if not is_id or accounts.role(self._world, account.id, int(wanted)) is None:
            # A role that nobody could choose; the page lists this name for roles that cannot be used.
            raise FlowError(Name.ENTITY_OR_ROLE_DISABLED)
        return int(wanted)

    def third(self, account: Account) -> dict[str, str]:
        """Step three: signed with the secret of step one too; the request token is used up by it."""
        self._check_feature(account)
        header = oauth1.header(self._world, self._request, ("oauth_token", "oauth_verifier"))
        integration = self._integration(account, header)
        if integration["state"] != "Enabled":
            raise FlowError(Name.INTEGRATION_BLOCKED)
        self._check_flow(integration)
        pending = self._pending(account, integration, header)
        oauth1.check_signature(self._request, header, (integration["consumer_secret"], pending.secret))
        oauth1.use_nonce(self._world, account.id, f"application {integration['id']}", header)
        if not _is_verified(pending, header.parameters["oauth_verifier"]):
            raise FlowError(Name.INVALID_VERIFIER)
        owner = self._owner(account, integration, pending)
        self._known = audit.Attempt(integration["name"], "", *owner)
        request_tokens.forget(self._world, pending.token)
        wanted = tokens.Issue(integration["id"], *owner, created_by=owner[0])
        made = tokens.issue(self._world, account.id, wanted)
        return {"oauth_token": made.token_id, "oauth_token_secret": made.token_secret}

    def _pending(self, account: Account, integration: sqlite3.Row, header: OAuthHeader) -> Pending:
        pending = request_tokens.find(self._world, header.parameters["oauth_token"])
        if pending is None or (pending.account, pending.integration) != (account.id, integration["id"]):
            raise FlowError(Name.TOKEN_REJECTED)
        return pending

    def _owner(self, account: Account, integration: sqlite3.Row, pending: Pending) -> tuple[int, int]:
        owner = (pending.employee or 0, pending.role or 0)
        self._known = audit.Attempt(integration["name"], "", *owner)
        needed = (
            (accounts.OWN_TOKENS,)
            if self._world.switches.value("token-flow-permission") == "user-access-tokens"
            else LOGIN_PERMISSIONS
        )
        if accounts.caller(self._world, account, owner, needed, integration["name"]) is None:
            raise FlowError(Name.ENTITY_OR_ROLE_DISABLED)
        return owner


def _is_verified(pending: Pending, verifier: str) -> bool:
    return bool(pending.verifier) and hmac.compare_digest(pending.verifier.encode(), verifier.encode())
