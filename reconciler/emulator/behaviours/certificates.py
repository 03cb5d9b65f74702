"""Certificates of OAuth 2.0 client credentials, and the endpoint that rotates them."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import TEXT, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, guide, oracle

SETUP: Final = oracle("section_162686838198")
CONDITIONS: Final = oracle("subsect_162755332391")
ROTATION: Final = oracle("article_92130837826")
REASONS: Final = oracle("subsect_158324637123")

CERTIFICATES: Final = (
    Behaviour(
        "second-certificate",
        "a further certificate for the same entity, role and application; no limit but the five is documented",
        Known.LIKELY,
        (SETUP, CONDITIONS, ROTATION),
        "both",
        ("both", "replaces", "refused"),
    ),
    Behaviour(
        "other-integrations-certificate",
        "`detail` for a kid that is a certificate of another integration",
        Known.LIKELY,
        (REASONS,),
        "MissingKey",
        ("MissingKey", "ClientIdMismatch"),
    ),
    Behaviour(
        "revoked-certificate-tokens",
        "access tokens already issued when their certificate is revoked or ends: valid to their end, or TokenRejected",
        Known.UNKNOWN,
        (NOT_FOUND, SETUP),
        "live-on",
        ("live-on", "end"),
    ),
    Behaviour(
        "certificate-dates",
        "how the certificate endpoint prints dates: ISO 8601, or milliseconds since 1970",
        Known.UNKNOWN,
        (NOT_FOUND, ROTATION),
        "iso",
        ("iso", "milliseconds"),
    ),
    Behaviour(
        "own-certificates-permission",
        "the id of the permission Manage own OAuth 2.0 Client Credentials certificates, missing in Oracle's own list",
        Known.UNKNOWN,
        (NOT_FOUND, guide("netsuite-sdf-roles-and-permissions/references/permissions.json")),
        "ADMI_MANAGE_OWN_OAUTH2_CERTIFICATES",
        (TEXT,),
    ),
    Behaviour(
        "certificate-most-active",
        "an integration has at most five active certificates; revoked and ended ones do not count",
        Known.CONFIRMED,
        (SETUP,),
    ),
    Behaviour(
        "certificate-one-combination",
        "one certificate, revoked or not, serves one combination of integration, role and entity",
        Known.CONFIRMED,
        (CONDITIONS, SETUP),
    ),
    Behaviour(
        "certificate-keys",
        "a certificate is X.509 with an RSA key of 3072 or 4096 bits or an EC key of 256, 384 or 521",
        Known.CONFIRMED,
        (CONDITIONS,),
    ),
    Behaviour(
        "certificate-two-years",
        "a longer validity is cut to two years",
        Known.CONFIRMED,
        (CONDITIONS,),
    ),
    Behaviour(
        "certificate-ended",
        "a kid that matches no certificate, or one revoked or ended, is MissingKey",
        Known.CONFIRMED,
        (REASONS,),
    ),
    Behaviour(
        "certificate-mapping",
        "a certificate is mapped by an Administrator or with OAuth 2.0 Authorized Applications Management, and only to "
        "an application that has the client credentials grant",
        Known.CONFIRMED,
        (SETUP,),
    ),
    Behaviour(
        "certificate-mapping-id",
        "the id of that permission is ADMI_MANAGE_OAUTH2_APPLICATIONS",
        Known.UNKNOWN,
        (NOT_FOUND, guide("netsuite-sdf-roles-and-permissions/references/permissions.json")),
    ),
    Behaviour(
        "certificate-for-administrators",
        "only an Administrator maps a certificate to the Administrator role, as with tokens",
        Known.UNKNOWN,
        (NOT_FOUND, SETUP),
    ),
    Behaviour(
        "certificate-endpoint-login",
        "the certificate endpoint wants an access token with the scope of REST web services; a token of TBA is refused",
        Known.CONFIRMED,
        (ROTATION,),
    ),
    Behaviour(
        "certificate-endpoint-own",
        "it lists, adds and revokes the caller's own certificates; another entity or role is refused with 403",
        Known.LIKELY,
        (ROTATION,),
    ),
    Behaviour(
        "certificate-endpoint-level",
        "View of its permission is enough to list, Edit is needed to add and to revoke",
        Known.UNKNOWN,
        (NOT_FOUND, ROTATION),
    ),
    Behaviour(
        "certificate-endpoint-errors",
        "status and o:errorCode of its refusals",
        Known.UNKNOWN,
        (NOT_FOUND, ROTATION),
    ),
)
