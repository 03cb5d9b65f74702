"""OAuth 2.0: the token endpoint and access tokens."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import NUMBER, TEXT, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, github, guide, oracle, own, seen_once

REASONS: Final = oracle("subsect_158324637123")
ENDPOINT: Final = oracle("section_162755359851")
ASSERTION: Final = oracle("section_162790605110")
ACCESS_TOKEN: Final = oracle("section_158255317571")
# Of the authorization code grant; for client credentials there is no such page.
ERROR_WORDS: Final = oracle("subsect_158521832417")

OAUTH2: Final = (
    Behaviour(
        "assertion-fractions",
        "iat and exp with a fraction of a second, which a JWT may have and a published client sends",
        Known.LIKELY,
        (
            "https://www.rfc-editor.org/rfc/rfc7519#section-2",
            "https://pypi.org/project/netsuite-python/ (2.1.5, netsuite/Netsuite.py: get_jwt)",
        ),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "access-token-clock",
        "the clock an OAuth 2.0 access token ends by; with the account's, moving that clock ends tokens already issued",
        Known.OWN,
        (own("Time"),),
        "machine",
        ("machine", "account"),
    ),
    Behaviour(
        "access-token-life",
        "seconds an access token is valid, also said as expires_in",
        Known.CONFIRMED,
        (ENDPOINT,),
        "3600",
        (NUMBER,),
    ),
    Behaviour(
        "access-token-algorithm",
        "how access tokens are signed; the documentation's sample says RS256, the table above it PS256",
        Known.LIKELY,
        (ACCESS_TOKEN,),
        "RS256",
        ("RS256", "PS256"),
    ),
    Behaviour(
        "token-type",
        "token_type in the answer of the token endpoint; both stand in the documentation",
        Known.CONFIRMED,
        (ENDPOINT,),
        "Bearer",
        ("Bearer", "bearer"),
    ),
    Behaviour(
        "token-expires-in",
        "whether expires_in is a JSON number, as in the documentation's sample, or the same number as text",
        Known.CONFIRMED,
        (ENDPOINT,),
        "number",
        ("number", "text"),
    ),
    Behaviour(
        "token-error",
        "the error word for a refused assertion: by its cause, or one for all; documented for another grant only",
        Known.UNKNOWN,
        (NOT_FOUND, ERROR_WORDS),
        "by-cause",
        ("by-cause", "invalid_request", "invalid_client", "invalid_grant"),
    ),
    Behaviour(
        "token-wrong-algorithm",
        "HTTP status for an assertion signed with RS256 or any other algorithm that is not taken; 500 was seen",
        Known.LIKELY,
        (ERROR_WORDS, github("Krashnicov/n8n-nodes-netsuite", "PR_DESCRIPTION.md")),
        "400",
        ("400", "500"),
    ),
    Behaviour(
        "assertion-life",
        "the longest time from iat to exp, in seconds; the trail's TokenValidityTooBroad speaks of two hours (7200)",
        Known.CONFIRMED,
        (ASSERTION, REASONS),
        "3600",
        (NUMBER,),
    ),
    Behaviour(
        "assertion-skew",
        "seconds by which iat may lie in the future; its clock is that of signature-clock",
        Known.UNKNOWN,
        (NOT_FOUND, REASONS),
        "0",
        (NUMBER,),
    ),
    Behaviour(
        "assertion-replay",
        "an assertion that was used before and has not expired: works again, or TokenRejected",
        Known.UNKNOWN,
        (NOT_FOUND, ASSERTION),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "assertion-audience-check",
        "whether `aud` has to be the URL of the token endpoint; a published client sends it inside other text",
        Known.UNKNOWN,
        (
            "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162790605110.html",
            "https://pypi.org/project/netsuite-python/ (2.1.5, netsuite/Netsuite.py: access_token_url is a tuple)",
        ),
        "checked",
        ("checked", "ignored"),
    ),
    Behaviour(
        "assertion-audience-detail",
        "`detail` in the audit trail for an assertion made for another URL (aud); no documented word is about it",
        Known.UNKNOWN,
        (NOT_FOUND, REASONS),
        "TokenNotAcceptable",
        (TEXT,),
    ),
    Behaviour(
        "assertion-algorithms",
        "an assertion is signed with PS256, PS384, PS512, ES256, ES384 or ES512, else UnsupportedAlgo",
        Known.CONFIRMED,
        (ASSERTION, guide("netsuite-sdf-safe-guide/references/05-security-privacy.md")),
    ),
    Behaviour(
        "assertion-claims",
        "iss is the client id, kid in the header the certificate id, aud the URL of the token endpoint",
        Known.CONFIRMED,
        (ASSERTION,),
    ),
    Behaviour(
        "assertion-scope",
        "scope is a list, as in Oracle's sample, or a text separated by commas or blanks",
        Known.CONFIRMED,
        (ENDPOINT, ASSERTION),
    ),
    Behaviour(
        "assertion-scope-of-rest",
        "a scope without rest_webservices is ScopeMismatched: integrations here have that one scope ticked",
        Known.OWN,
        (own("OAuth 2.0"),),
    ),
    Behaviour(
        "assertion-check-order",
        "of several mistakes the first counts, in the order of docs/emulator-reference.md",
        Known.UNKNOWN,
        (NOT_FOUND, REASONS),
    ),
    Behaviour(
        "assertion-details",
        "`detail` for each refused assertion: the documented word whose meaning is nearest to the cause",
        Known.LIKELY,
        (REASONS,),
    ),
    Behaviour(
        "token-request-form",
        "the token endpoint takes a form: grant_type=client_credentials, client_assertion_type, client_assertion",
        Known.CONFIRMED,
        (ENDPOINT,),
    ),
    Behaviour(
        "token-error-shape",
        'a refusal is {"error": word} with 400; invalid_client has 401 and WWW-Authenticate: Basic realm="..."',
        Known.LIKELY,
        (ERROR_WORDS,),
    ),
    Behaviour(
        "token-request-out-of-form",
        "a form or an assertion that cannot be read leaves no row in the audit trail",
        Known.UNKNOWN,
        (NOT_FOUND, REASONS),
    ),
    Behaviour(
        "token-no-refresh",
        "client credentials give no refresh token; after its end one asks for another access token",
        Known.CONFIRMED,
        (ENDPOINT,),
    ),
    Behaviour(
        "access-token-claims",
        "an access token is a JWT: sub is role;entity, aud the application with its account and the client id",
        Known.CONFIRMED,
        (ACCESS_TOKEN,),
    ),
    Behaviour(
        "access-token-challenge",
        'a refused one gets 401 and WWW-Authenticate: Bearer ... error="invalid_token", a malformed header 400',
        Known.CONFIRMED,
        (oracle("subsect_158521885412"),),
    ),
    Behaviour(
        "access-token-refusal-body",
        "the body beside that header is the error of every refused login",
        Known.LIKELY,
        (oracle("section_156570709583"),),
    ),
    Behaviour(
        "access-token-rechecked",
        "integration, employee and role are checked with each request, not only when the token is issued",
        Known.LIKELY,
        (REASONS,),
    ),
    Behaviour(
        "oauth2-permission",
        "a role logs in with Log in using OAuth 2.0 Access Tokens; managing applications alone is not enough",
        Known.CONFIRMED,
        (oracle("section_157771510070"),),
    ),
    Behaviour(
        "oauth2-grant-missing",
        "an integration without the client credentials grant is AuthorizationCodeGrantRequired and unauthorized_client",
        Known.LIKELY,
        (REASONS, ERROR_WORDS),
    ),
    Behaviour(
        "oauth2-audit-row",
        "audit rows of OAuth 2.0 name the application and no token",
        Known.LIKELY,
        (*seen_once(29190441487), oracle("section_161243804050")),
    ),
)
