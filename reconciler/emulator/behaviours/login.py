"""The login check of token-based authentication."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, RFC_5849, oracle, own, seen_once

REASONS: Final = oracle("subsect_156935170194")
SIGNING: Final = oracle("section_1534941088")
PERMISSIONS: Final = oracle("bridgehead_4248124361")

LOGIN: Final = (
    Behaviour(
        "login-error-code",
        "o:errorCode of a refused login; the documented one, or one that clients report",
        Known.CONFIRMED,
        (oracle("section_156570709583"), *seen_once(71032175230, 70564175074)),
        "INVALID_LOGIN",
        ("INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT"),
    ),
    Behaviour(
        "signature-clock",
        "the clock of oauth_timestamp, iat and exp; the account's clock can be moved, and then nobody could sign",
        Known.OWN,
        (own("Time"),),
        "machine",
        ("machine", "account"),
    ),
    Behaviour(
        "login-generic-answer",
        "every refused login gets the same 401, which never says why; the reason stands in the Login Audit Trail",
        Known.CONFIRMED,
        (oracle("section_156570709583"), REASONS),
    ),
    Behaviour(
        "login-realm-form",
        "the realm is the account id in upper case with _; written otherwise it names no account",
        Known.CONFIRMED,
        ("https://github.com/fylein/netsuite-sdk-py/issues/29",),
    ),
    Behaviour(
        "login-unknown-realm",
        "a realm that names no account leaves no row in any audit trail",
        Known.UNKNOWN,
        (NOT_FOUND, REASONS),
    ),
    Behaviour(
        "login-signature",
        "the signature is checked over RFC 5849's base string, key and encoding; a wrong one is InvalidSignature",
        Known.CONFIRMED,
        (SIGNING, RFC_5849, REASONS),
    ),
    Behaviour(
        "login-signed-query",
        "parameters of the URL are part of the signature, a JSON body is not",
        Known.CONFIRMED,
        (oracle("section_157651396916"), RFC_5849),
    ),
    Behaviour(
        "login-algorithm",
        "HMAC-SHA256 alone is taken; anything else is UnknownAlgorithm",
        Known.CONFIRMED,
        (REASONS,),
    ),
    Behaviour(
        "login-timestamp",
        "a timestamp more than five minutes off is InvalidTimestamp",
        Known.CONFIRMED,
        (REASONS,),
    ),
    Behaviour(
        "login-nonce-once",
        "nonce and timestamp work once for each token (NonceUsed); the documentation says: for each user",
        Known.LIKELY,
        (REASONS,),
    ),
    Behaviour(
        "login-nonce-of-refused-request",
        "a request with a wrong signature uses up no nonce",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_156338994830")),
    ),
    Behaviour(
        "login-missing-parameter",
        "a header without a required parameter is MissingTokenPassportRequiredFields",
        Known.CONFIRMED,
        (REASONS,),
    ),
    Behaviour(
        "login-empty-parameter",
        "a parameter without a value counts as missing; for RESTlets parameter_rejected is documented",
        Known.LIKELY,
        (REASONS,),
    ),
    Behaviour(
        "login-details-of-restlets",
        "nonce_rejected (under six characters), parameter_rejected (sent twice, out of form, unknown) and "
        "VersionRejected stand in the trail of REST web services too; they are documented for RESTlets",
        Known.LIKELY,
        (REASONS,),
    ),
    Behaviour(
        "login-unknown-consumer-key",
        "a consumer key of no integration record is consumer_key_unknown",
        Known.CONFIRMED,
        (REASONS,),
    ),
    Behaviour(
        "login-blocked-integration",
        "an integration that is Blocked, or Waiting for Approval, is consumer_key_refused",
        Known.CONFIRMED,
        (REASONS, oracle("section_156537025868")),
    ),
    Behaviour(
        "login-token-rejected",
        "a token that is unknown, inactive, revoked or of another application is token_rejected",
        Known.CONFIRMED,
        (REASONS, oracle("bridgehead_4249078810")),
    ),
    Behaviour(
        "login-permission-denied",
        "permission_denied: employee inactive or without access; role inactive, not held or without token login",
        Known.CONFIRMED,
        (REASONS, oracle("bridgehead_4249078810")),
    ),
    Behaviour(
        "login-permissions",
        "Log in using Access Tokens or User Access Tokens lets a role log in; Access Token Management alone does not",
        Known.CONFIRMED,
        (PERMISSIONS,),
    ),
    Behaviour(
        "login-of-administrators",
        "the Administrator role logs in by token without either permission",
        Known.LIKELY,
        (PERMISSIONS,),
    ),
    Behaviour(
        "login-feature",
        "in an account without Token-based Authentication every token is refused: FeatureDisabled",
        Known.CONFIRMED,
        (REASONS,),
    ),
    Behaviour(
        "login-check-order",
        "of several mistakes the first counts: feature, header, consumer key, token, signature, nonce, entity and role",
        Known.UNKNOWN,
        (NOT_FOUND, REASONS),
    ),
    Behaviour(
        "login-before-path",
        "a path under /services/rest that is not served is refused only after the login",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_156570709583")),
    ),
)
