"""What the two ends of OAuth 2.0 share: the reasons in the audit trail, and an integration that may use it."""

import sqlite3
from enum import StrEnum

from reconciler.emulator.accounts import Account, World
from reconciler.emulator.wire import RefusedError, Request


class Reason(StrEnum):
    """The column Detail of the Login Audit Trail for OAuth 2.0, word for word.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_158324637123.html
    """

    ACCESS_TOKEN_EXPIRED = "AccessTokenExpired"
    AUTHORIZATION_CODE_GRANT_REQUIRED = "AuthorizationCodeGrantRequired"
    ENTITY_OR_ROLE_DISABLED = "EntityOrRoleDisabled"
    FEATURE_DISABLED = "FeatureDisabled"
    INTEGRATION_BLOCKED = "IntegrationBlocked"
    INVALID_INTEGRATION = "InvalidIntegration"
    INVALID_ISSUER = "InvalidIssuer"
    INVALID_SCOPE = "InvalidScope"
    INVALID_SIGNATURE = "InvalidSignature"
    MISSING_KEY = "MissingKey"
    MISSING_KEY_ID = "MissingKeyId"
    SCOPE_MISMATCHED = "ScopeMismatched"
    SIGNATURE_VALIDATION = "SignatureValidation"
    TOKEN_EXPIRED = "TokenExpired"
    TOKEN_NOT_ACCEPTABLE = "TokenNotAcceptable"
    TOKEN_REJECTED = "TokenRejected"
    TOKEN_VALIDITY_TOO_BROAD = "TokenValidityTooBroad"
    UNSUPPORTED_ALGORITHM = "UnsupportedAlgo"


class OAuth2Error(Exception):
    """The login is refused, for a reason that only the audit trail tells."""

    def __init__(self, reason: Reason, detail: str = "", answer: RefusedError | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail or reason.value
        self.answer = answer  # another than the usual one


def is_bearer(request: Request) -> bool:
    """Whether a request comes with an access token, well written or not."""
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "bearer"


def check_may_use(account: Account, integration: sqlite3.Row) -> None:
    if not account.has("oauth2"):
        raise OAuth2Error(Reason.FEATURE_DISABLED)
    if integration["state"] != "Enabled":
        raise OAuth2Error(Reason.INTEGRATION_BLOCKED)
    if not integration["client_credentials"]:
        # Documented as "The integration application doesn't use OAuth 2.0"; no word names the grant of machines.
        raise OAuth2Error(Reason.AUTHORIZATION_CODE_GRANT_REQUIRED)


def with_client_id(world: World, account: str, client_id: str) -> sqlite3.Row | None:
    return world.database.row("SELECT * FROM integrations WHERE account = ? AND client_id = ?", account, client_id)


def only_account(world: World) -> str:
    """NetSuite's host name says which account is meant; on loopback that is sure only while there is one."""
    found = [str(row["id"]) for row in world.database.rows("SELECT id FROM accounts")]
    return found[0] if len(found) == 1 else ""
