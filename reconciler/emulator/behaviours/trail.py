"""The login audit trail."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import NUMBER, Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, permissions_list, seen_once

PAGE: Final = oracle("section_N324233")
TOKENS_IN_TRAIL: Final = oracle("section_1534941538")
ZONES: Final = ("same", "caller", "utc", "account", "pacific")

TRAIL: Final = (
    Behaviour(
        "loginaudit-zone",
        "the time zone of loginaudit.date in SuiteQL; same: that of suiteql-zone",
        Known.UNKNOWN,
        (NOT_FOUND, "https://github.com/salto-io/salto/pull/3778"),
        "same",
        ZONES,
    ),
    Behaviour(
        "loginaudit-token-request",
        "whether a token request that worked makes a row of its own; a refused one always does",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("subsect_158324637123")),
        "failures",
        ("failures", "all"),
    ),
    Behaviour(
        "loginaudit-rows",
        "a Success row for every call, or one per token and user agent in 20 minutes; failures always make a row",
        Known.UNKNOWN,
        (NOT_FOUND, PAGE),
        "every-call",
        ("every-call", "session"),
    ),
    Behaviour(
        "loginaudit-delay",
        "seconds until a row of the login audit trail can be seen by SuiteQL",
        Known.UNKNOWN,
        (NOT_FOUND, PAGE),
        "0",
        (NUMBER,),
    ),
    Behaviour(
        "loginaudit-count",
        "COUNT(*) on loginaudit without GROUP BY: right, or 0 as once seen",
        Known.LIKELY,
        (*seen_once(57937555523),),
        "correct",
        ("correct", "zero"),
    ),
    Behaviour(
        "loginaudit-failed-role",
        "`role` of a failed login whose token is known",
        Known.UNKNOWN,
        (NOT_FOUND, *seen_once(34741085713)),
        "token",
        ("token", "empty"),
    ),
    Behaviour(
        "loginaudit-failed-application",
        "whether a failed login names application and token as far as they are known, also beside an unknown token",
        Known.UNKNOWN,
        (NOT_FOUND, TOKENS_IN_TRAIL),
        "named",
        ("named", "empty"),
    ),
    Behaviour(
        "loginaudit-columns",
        "the columns of loginaudit: no id of its own, and of a token its name alone",
        Known.CONFIRMED,
        (*seen_once(62555308531, 29710897800, 29190441487), TOKENS_IN_TRAIL),
    ),
    Behaviour(
        "loginaudit-permission",
        "loginaudit needs View Login Audit Trail",
        Known.CONFIRMED,
        (permissions_list("output/netsuite_record_catalog.csv"),),
    ),
    Behaviour(
        "loginaudit-seconds",
        "rows are stamped to the second",
        Known.CONFIRMED,
        (*seen_once(29190441487),),
    ),
    Behaviour(
        "loginaudit-requesturi",
        "requesturi is the path without its query",
        Known.UNKNOWN,
        (NOT_FOUND, TOKENS_IN_TRAIL),
    ),
    Behaviour(
        "loginaudit-retention",
        "rows are kept for ever; Oracle's own advice looks twelve months back",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_0525022007")),
    ),
)
