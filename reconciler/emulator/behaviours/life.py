"""The life of tokens and mappings: what they outlive, and what ends them."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, seen_once

TOKENS: Final = oracle("bridgehead_4249078810")
NEW_TOKEN: Final = oracle("bridgehead_4254081947")
SETUP: Final = oracle("section_162686838198")

LIFE: Final = (
    Behaviour(
        "token-role-removed",
        "a token whose user lost its role stays active and cannot be used until the role is given back",
        Known.CONFIRMED,
        (TOKENS,),
    ),
    Behaviour(
        "token-revoked",
        "a revoked token stays in the list, as Inactive; it can be viewed, and never be edited again",
        Known.CONFIRMED,
        (TOKENS,),
    ),
    Behaviour(
        "token-inactive",
        "an inactive token can be made active again",
        Known.CONFIRMED,
        (TOKENS,),
    ),
    Behaviour(
        "token-never-expires",
        "tokens of TBA do not expire",
        Known.CONFIRMED,
        (NEW_TOKEN,),
    ),
    Behaviour(
        "token-shown-once",
        "id and secret of a token are shown once, on the page that confirms that it was made",
        Known.CONFIRMED,
        (NEW_TOKEN,),
    ),
    Behaviour(
        "token-default-name",
        "a token without a name is called after application, user and role: `Application - User, Role`",
        Known.LIKELY,
        (NEW_TOKEN, *seen_once(57937555523)),
    ),
    Behaviour(
        "employee-deleted",
        "a deleted employee's tokens are deleted",
        Known.CONFIRMED,
        (TOKENS,),
    ),
    Behaviour(
        "employee-deleted-mappings",
        "and so are the mappings of certificates",
        Known.LIKELY,
        (NOT_FOUND, TOKENS),
    ),
    Behaviour(
        "employee-deleted-self",
        "nobody deletes their own record",
        Known.UNKNOWN,
        (NOT_FOUND, TOKENS),
    ),
    Behaviour(
        "employee-inactive",
        "an inactive employee keeps the roles",
        Known.CONFIRMED,
        (oracle("section_1525773325"),),
    ),
    Behaviour(
        "sandbox-refresh-tokens",
        "a sandbox refresh leaves no token, and nothing says so",
        Known.CONFIRMED,
        (NEW_TOKEN, oracle("section_1515141510")),
    ),
    Behaviour(
        "sandbox-refresh-mappings",
        "it leaves no mapping of a certificate either",
        Known.CONFIRMED,
        (SETUP,),
    ),
    Behaviour(
        "sandbox-refresh-access-tokens",
        "access tokens issued before it are InvalidSignature: the account signs with a new key",
        Known.UNKNOWN,
        (NOT_FOUND, SETUP),
    ),
)
