"""SuiteQL: its language, its tables and what they show."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known

SUITEQL: Final = (
    Behaviour(
        "suiteql-zone",
        "the time zone of datetimes, SYSDATE and CURRENT_DATE in SuiteQL",
        Known.LIKELY,
        ("part 2, 2",),
        "caller",
        ("caller", "utc", "account", "pacific"),
    ),
    Behaviour(
        "suiteql-date-format",
        "how a date without TO_CHAR is printed; that it loses its time is confirmed",
        Known.UNKNOWN,
        ("part 2, 2",),
        "M/D/YYYY",
        ("M/D/YYYY", "D/M/YYYY", "YYYY-MM-DD", "DD.MM.YYYY"),
    ),
    Behaviour(
        "suiteql-params",
        "bound parameters, new in 2026.2",
        Known.CONFIRMED,
        ("part 2, 9",),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "suiteql-row-cap",
        "a query with more than 100,000 rows: the rest cannot be had, or the query is refused",
        Known.UNKNOWN,
        ("6.1",),
        "cut",
        ("cut", "refused"),
    ),
    Behaviour(
        "suiteql-unnamed",
        "an expression without an alias: comes back as expr1, expr2, ..., or is refused",
        Known.UNKNOWN,
        ("6.2",),
        "numbered",
        ("numbered", "refused"),
    ),
    Behaviour(
        "suiteql-display-filter",
        "BUILTIN.DF(...) on oauthtoken in WHERE: unreliable in NetSuite, so refused unless it is to work",
        Known.LIKELY,
        ("6.4",),
        "refused",
        ("refused", "works"),
    ),
    Behaviour(
        "role-assignment-table",
        "which table holds one row per role of an employee",
        Known.CONFIRMED,
        ("6.4",),
        "employeerolesforsearch",
        ("employeerolesforsearch", "employeeroles", "both"),
    ),
    Behaviour(
        "integration-table",
        "under which name integration records can be queried, if at all",
        Known.LIKELY,
        ("part 2, 6",),
        "integrationapp",
        ("integrationapp", "integration", "hidden"),
    ),
    Behaviour(
        "employee-externalid-column",
        "whether SuiteQL's employee has a column externalid; no source shows one",
        Known.UNKNOWN,
        ("part 2, 3",),
        "absent",
        ("absent", "present"),
    ),
    Behaviour(
        "admin-rows-visible",
        "whether SuiteQL shows employees that hold Administrator to lesser roles",
        Known.LIKELY,
        ("part 2, 3 (D11)",),
        "yes",
        ("yes", "no"),
    ),
    Behaviour(
        "revoked-inactive",
        "binactive of a revoked token; NetSuite's list shows it as inactive",
        Known.UNKNOWN,
        ("part 2, 5",),
        "T",
        ("T", "F"),
    ),
)
