"""Limits on requests."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import NUMBER, Behaviour, Known

LIMITS: Final = (
    Behaviour(
        "concurrency-limit",
        "requests in flight per account; 0 is no limit; the Connector does not count",
        Known.CONFIRMED,
        ("7",),
        "5",
        (NUMBER,),
    ),
    Behaviour(
        "concurrency-answer",
        "the answer to a request beyond the limit; 401 instead of 429 is likely at times",
        Known.CONFIRMED,
        ("2.3, 7",),
        "429",
        ("429", "invalid-login"),
    ),
    Behaviour(
        "retry-after",
        "the header Retry-After of a 429, in seconds",
        Known.UNKNOWN,
        ("7",),
        "absent",
        ("absent", NUMBER),
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
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_1525252812.html",),
    ),
    Behaviour(
        "internal-applications",
        "requests of NetSuite Connector do not count toward the limit, whoever sends them with its consumer key",
        Known.CONFIRMED,
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/bridgehead_1532590357.html",),
    ),
)
