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
        "suiteql-other-params",
        "null and true or false among bound parameters: refused, or taken as NULL and as T and F, as N/query does",
        Known.UNKNOWN,
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157960542026.html",),
        "refused",
        ("refused", "accepted"),
    ),
    Behaviour(
        "suiteql-content-type",
        "a query whose Content-Type is not JSON: answered all the same, or refused with 415",
        Known.UNKNOWN,
        ("searched for, not found",),
        "ignored",
        ("ignored", "checked"),
    ),
    Behaviour(
        "suiteql-prefer",
        "a query without Prefer: transient is refused; the words of the refusal are not known",
        Known.CONFIRMED,
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html",),
    ),
    Behaviour(
        "paging",
        "limit from 1 to 1000, offset a multiple of limit; the words of the refusals are not known",
        Known.CONFIRMED,
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156414087576.html",),
    ),
    Behaviour(
        "suiteql-missing-record",
        "how a table is refused that does not exist or that the role may not see; both texts were seen",
        Known.CONFIRMED,
        (
            "a public client, seen once (X:71282584404)",
            "https://github.com/julbrs/netsuite-api-client (test for a table that does not exist)",
        ),
        "not-found",
        ("not-found", "invalid-search-type"),
    ),
    Behaviour(
        "suiteql-fetch-first",
        "FETCH FIRST n ROWS ONLY after ORDER BY; no page of Oracle's shows it in SuiteQL",
        Known.LIKELY,
        ("a public set of rules for SuiteQL, seen once; searched for in Oracle's documentation, not found",),
        "served",
        ("served", "refused"),
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
        "employee-more-columns",
        "columns of employee that one source each shows: datecreated, lastmodifieddate, issupportrep, isjobresource, "
        "isjobmanager, hiredate, location, approver, employeestatus, employeetype, accountnumber, currency, comments",
        Known.LIKELY,
        (
            "a public client, seen once (X:34741085713)",
            "https://github.com/fivetran/dbt_netsuite_source/blob/main/macros/get_employee_columns.sql",
        ),
        "present",
        ("present", "absent"),
    ),
    Behaviour(
        "own-token-table",
        "useroauthtoken, the caller's own tokens; that it has the columns of oauthtoken is assumed",
        Known.LIKELY,
        ("https://github.com/iloveitaly/netsuite-permissions (Records Catalog)",),
        "present",
        ("present", "absent"),
    ),
    Behaviour(
        "suiteql-tables-not-served",
        "tables that exist in NetSuite and are refused here like missing ones, for their columns are not known or what "
        "they show is not kept: rolerestrictions, systemnote2, transactionline, customer and all others",
        Known.OWN,
        ("searched for, not found",),
    ),
    Behaviour(
        "role-restriction-columns",
        "role.effectivesubsidiaries, employeeselectionunrestricted and restrictbydevice exist; here no role is "
        "restricted, and there is one subsidiary",
        Known.CONFIRMED,
        ("https://cdn.cdata.com/help/DNM/ado/pg_SuiteQLtable-role.htm", "a public client, seen once (X:34741085713)"),
    ),
    Behaviour(
        "suiteql-functions",
        "functions: those of Oracle's list that can be answered exactly; LISTAGG, CEILING, LEFT and the like are "
        "refused as in NetSuite, the rest is refused and says so",
        Known.CONFIRMED,
        ("https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158513731864.html",),
    ),
    Behaviour(
        "suiteql-syntax",
        "refused as in NetSuite: WITH, date literals, a list of more than 1000 after IN, (+) on the left of =, joins "
        "by comma and by JOIN in one query, square brackets",
        Known.CONFIRMED,
        (
            "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0824094533.html",
            "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156257796125.html",
        ),
    ),
    Behaviour(
        "suiteql-joins",
        "inner, cross, left, right and full outer joins, and a left outer join by (+)",
        Known.CONFIRMED,
        (
            "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_160045092035.html",
            "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_160045333353.html",
        ),
    ),
    Behaviour(
        "suiteql-texts",
        "texts compare and sort by their characters' codes, upper case before lower; BUILTIN.DF of a sales order's "
        "status is Sales Order : Pending Fulfillment",
        Known.LIKELY,
        ("a public client, seen once (X:63245964117)", "for the order of texts: searched for, not found"),
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
