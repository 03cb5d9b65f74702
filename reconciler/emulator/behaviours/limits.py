"""Limits on requests."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import NUMBER, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, seen_once

ERRORS: Final = oracle("section_156570709583")
LIMIT: Final = oracle("bridgehead_1500275603")

LIMITS: Final = (
    Behaviour(
        "concurrency-limit",
        "requests in flight per account; 0 is no limit; the smallest that Oracle sells",
        Known.CONFIRMED,
        (LIMIT,),
        "5",
        (NUMBER,),
    ),
    Behaviour(
        "concurrency-answer",
        "the answer to a request beyond the limit; 401 instead of 429, after slow-login-seconds, was seen",
        Known.CONFIRMED,
        (ERRORS, oracle("bridgehead_1525252812"), "https://github.com/julbrs/netsuite-api-client/issues/26"),
        "429",
        ("429", "invalid-login"),
    ),
    Behaviour(
        "retry-after",
        "the header Retry-After of a 429, in seconds; some clients honour it, nobody shows one",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("bridgehead_1509974866"), *seen_once(68968170810, 71282584404)),
        "absent",
        ("absent", NUMBER),
    ),
    Behaviour(
        "concurrency-unallocated",
        "what is allocated to one integration is its alone, and is taken off what all others share",
        Known.CONFIRMED,
        (oracle("bridgehead_156224824287"), oracle("section_0827103226"), LIMIT),
    ),
    Behaviour(
        "concurrency-before-login",
        "a request beyond the limit is refused before its login, and leaves no audit row",
        Known.UNKNOWN,
        (NOT_FOUND, ERRORS),
    ),
    Behaviour(
        "concurrency-of-token-requests",
        "requests to the token endpoint do not count for the limit",
        Known.UNKNOWN,
        (NOT_FOUND, LIMIT),
    ),
    Behaviour(
        "largest-body",
        "a body of more than 4 MiB is refused with 413; NetSuite's own limit is not known",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("subsect_1559222360")),
    ),
    Behaviour(
        "slow-login-seconds",
        "seconds until a request beyond the limit is answered with concurrency-answer=invalid-login",
        Known.LIKELY,
        ("https://github.com/julbrs/netsuite-api-client/issues/26",),
        "60",
        (NUMBER,),
    ),
    Behaviour(
        "restlet-overload",
        "a RESTlet beyond the limit of the one pool that REST and RESTlets share: 400 SSS_REQUEST_LIMIT_EXCEEDED",
        Known.CONFIRMED,
        (oracle("bridgehead_1525252812"),),
    ),
    Behaviour(
        "internal-applications",
        "requests of NetSuite Connector do not count toward the limit, whoever sends them with its consumer key",
        Known.CONFIRMED,
        (oracle("bridgehead_1532590357"), oracle("section_164095787873")),
    ),
)
