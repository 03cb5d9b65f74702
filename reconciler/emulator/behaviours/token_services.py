"""The flow in which a person makes a token for an application, and the services around tokens."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import NUMBER, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, seen_once

TOKEN_SERVICES: Final = (
    Behaviour(
        "token-flow-code",
        "code of an error of the three-step flow: the name that the trail documents, or INVALID_LOGIN_ATTEMPT for all",
        Known.UNKNOWN,
        (oracle("subsect_156934879823"), NOT_FOUND),
        "name",
        ("name", "generic"),
    ),
    Behaviour(
        "token-flow-status",
        "HTTP status of an error of the three-step flow: by its cause as RFC 5849 has it, or one for all",
        Known.UNKNOWN,
        ("https://www.rfc-editor.org/rfc/rfc5849#section-3.2", NOT_FOUND),
        "by-cause",
        ("by-cause", "400", "401", "403"),
    ),
    Behaviour(
        "token-flow-blocked",
        "step one says IntegrationBlocked only where the request names the account; else step three does",
        Known.CONFIRMED,
        (oracle("subsect_156934879823"),),
    ),
    Behaviour(
        "token-flow-permission",
        "the permission that lets a role make a token by the three-step flow; for issuetoken it is User Access Tokens",
        Known.LIKELY,
        (oracle("bridgehead_4248124361"),),
        "user-access-tokens",
        ("user-access-tokens", "any-token-login"),
    ),
    Behaviour(
        "request-token-life",
        "seconds until a request token of the three-step flow ends, by the machine's clock",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "3600",
        (NUMBER,),
    ),
    Behaviour(
        "revoketoken-permission",
        "whether revoking one's own token takes User Access Tokens, or any login with a token",
        Known.LIKELY,
        (oracle("bridgehead_4248124361"),),
        "user-access-tokens",
        ("user-access-tokens", "any-token-login"),
    ),
    Behaviour(
        "revoketoken-refusal-status",
        "HTTP status where the token to revoke is not the caller's own, or not there",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "403",
        ("403", "400", "401"),
    ),
    Behaviour(
        "revoketoken-body",
        "body of a revocation that worked; clients look at its status alone",
        Known.UNKNOWN,
        ("public clients, seen twice",),  # X:1623249791, X:23157639574
        "empty",
        ("empty", "json"),
    ),
    Behaviour(
        "tokeninfo-names",
        "names in the answer of tokeninfo; that it tells company, role and entity is confirmed",
        Known.LIKELY,
        (oracle("chapter_157017286140"), *seen_once(29753073373)),
        "camel-case",
        ("camel-case", "lower-case"),
    ),
    Behaviour(
        "tokeninfo-ids",
        "whether tokeninfo gives the ids of role and entity as text or as numbers",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "text",
        ("text", "number"),
    ),
)
