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
)
