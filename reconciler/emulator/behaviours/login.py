"""The login check of token-based authentication."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import TEXT, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, RFC_5849, oracle, own, seen_once
from reconciler.emulator.behaviours.token_services import TOKEN_SERVICES

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
        "oauth-body-hash",
        "oauth_body_hash in the header, which a public client signs with every body: a parameter as any, or too many",
        Known.LIKELY,
        (
            "https://github.com/jacobsvante/netsuite/pull/26",
            "https://github.com/authlib/authlib/blob/main/authlib/oauth1/rfc5849/client_auth.py",
        ),
        "accepted",
        ("accepted", "refused"),
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
        "nonce and timestamp work once for each user, whichever the token (NonceUsed)",
        Known.CONFIRMED,
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
    Behaviour(
        "oauth-challenge",
        "error in WWW-Authenticate: OAuth of a refused login: always token_rejected as seen, or the trail's detail",
        Known.LIKELY,
        ("public clients' notes, seen in three",),  # X:8442694650, X:30565744419, X:62614115391
        "token_rejected",
        ("token_rejected", "detail", "absent"),
    ),
    Behaviour(
        "oauth-version-parameter",
        "whether a signature needs oauth_version; where it stands it must be 1.0",
        Known.LIKELY,
        (oracle("section_156338994830"), "https://www.rfc-editor.org/rfc/rfc5849#section-3.1"),
        "optional",
        ("optional", "required"),
    ),
    Behaviour(
        "timestamp-order",
        "oauth_timestamp before that of an earlier request of the same user; it should not be, says the documentation",
        Known.LIKELY,
        (oracle("section_156338994830"),),
        "ignored",
        ("ignored", "enforced"),
    ),
    Behaviour(
        "oauth-parameters",
        "OAuth parameters twice, empty, malformed, unknown or in the query are parameter_rejected in the trail; "
        "that and nonce_rejected and VersionRejected are documented for RESTlets, and taken for REST web services too",
        Known.LIKELY,
        (oracle("subsect_156935170194"),),
    ),
    Behaviour(
        "web-services-only-roles",
        "RESTlets answer INVALID_LOGIN_CREDENTIALS to a role for web services only",
        Known.CONFIRMED,
        (oracle("chapter_1529417663"), oracle("chapter_157011522878")),
    ),
    Behaviour(
        "web-services-only-detail",
        "`detail` in the audit trail for a RESTlet called in a role for web services only",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "permission_denied",
        (TEXT,),
    ),
    Behaviour(
        "restlet-unknown-script-status",
        "HTTP status of SSS_INVALID_SCRIPTLET_ID, which every RESTlet gets here, for there are no scripts",
        Known.LIKELY,
        (oracle("section_4634920277"), *seen_once(55483311000)),
        "404",
        ("404", "400"),
    ),
    *TOKEN_SERVICES,
    Behaviour(
        "datacenterurls-error-code",
        "code where the account is unknown; status 400 and the words Company Id is invalid were seen",
        Known.UNKNOWN,
        (*seen_once(29545747503),),
        "INVALID_REQUEST",
        (TEXT,),
    ),
    Behaviour(
        "consumer-secret-reset",
        "Reset Credentials ends the old consumer key and secret; tokens go on, signed with the new pair",
        Known.CONFIRMED,
        (oracle("section_4395597766"),),
    ),
    Behaviour(
        "removed-integration",
        "an integration record goes only with its SuiteApp or bundle; its tokens are revoked and kept",
        Known.CONFIRMED,
        (oracle("section_4429221557"), oracle("bridgehead_4249078810")),
    ),
)
