"""What the parameter q of a collection of records means."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, seen_once

RECORD_FILTERS: Final = (
    Behaviour(
        "filter-case",
        "whether text in q is compared with the case of its letters (of ASCII only)",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "insensitive",
        ("insensitive", "sensitive"),
    ),
    Behaviour(
        "filter-not-empty",
        "whether a _NOT operator in q also matches a field that holds nothing",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "matches",
        ("matches", "skips"),
    ),
    Behaviour(
        "filter-date-format",
        "how a date is written in q: the account's preference, not ISO",
        Known.CONFIRMED,
        (oracle("section_1545222128"), oracle("section_157305090645")),
        "M/D/YYYY",
        ("M/D/YYYY", "D/M/YYYY", "YYYY-MM-DD", "DD.MM.YYYY"),
    ),
    Behaviour(
        "filter-day",
        "a day in q is its first moment: ON_OR_BEFORE a day leaves out the rest of it",
        Known.CONFIRMED,
        ("two public clients",),  # X:57692609471, X:62512091846
    ),
    Behaviour(
        "filter-zone",
        "the time zone of dates in q",
        Known.LIKELY,
        (*seen_once(57692609471),),
        "account",
        ("account", "caller", "utc"),
    ),
    Behaviour(
        "filter-times",
        "a time of day after a date in q, such as 8/4/2026 11:39 pm",
        Known.LIKELY,
        ("refused: a public client", "accepted in some accounts: a public client"),  # X:57692609471, X:62512091846
        "refused",
        ("refused", "accepted"),
    ),
    Behaviour(
        "filter-quotes",
        "single quotes in q make it no valid query",
        Known.CONFIRMED,
        ("two public clients have it from live answers",),  # X:21360928386, X:62512091846
    ),
)
