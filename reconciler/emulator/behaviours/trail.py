"""The login audit trail."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import NUMBER, Behaviour, Known

TRAIL: Final = (
    Behaviour(
        "loginaudit-token-request",
        "whether a token request that worked makes a row of its own; a refused one always does",
        Known.UNKNOWN,
        ("part 2, 5",),
        "failures",
        ("failures", "all"),
    ),
    Behaviour(
        "loginaudit-rows",
        "a Success row for every call, or one per token and user agent in 20 minutes; failures always make a row",
        Known.UNKNOWN,
        ("6.5, D7",),
        "every-call",
        ("every-call", "session"),
    ),
    Behaviour(
        "loginaudit-delay",
        "seconds until a row of the login audit trail can be seen by SuiteQL",
        Known.UNKNOWN,
        ("6.5, D7",),
        "0",
        (NUMBER,),
    ),
    Behaviour(
        "loginaudit-count",
        "COUNT(*) on loginaudit without GROUP BY: right, or 0 as once seen",
        Known.LIKELY,
        ("6.4",),
        "correct",
        ("correct", "zero"),
    ),
    Behaviour(
        "loginaudit-failed-role",
        "`role` of a failed login whose token is known",
        Known.UNKNOWN,
        ("part 2, 5",),
        "token",
        ("token", "empty"),
    ),
)
