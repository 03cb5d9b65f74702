"""SuiteQL: its language, and how it answers."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import (
    ACCESS_TOKEN_QUERIES,
    NOT_FOUND,
    github,
    guide,
    oracle,
    own,
    seen_once,
)
from reconciler.emulator.behaviours.trail import ZONES

CALL: Final = oracle("section_157909186990")
ANSWERS: Final = oracle("section_0210123130")
SYNTAX: Final = oracle("article_0824094533")
FUNCTIONS: Final = oracle("section_3903316302")
CONNECTOR_GUIDE: Final = guide("netsuite-ai-connector-instructions/SKILL.md")

SUITEQL: Final = (
    Behaviour(
        "suiteql-zone",
        "the time zone of datetimes in SuiteQL: that of the calling user, most likely",
        Known.LIKELY,
        (
            "https://github.com/salto-io/salto/pull/3720",
            "https://github.com/salto-io/salto/pull/3778",
            github("salto-io/salto", "packages/netsuite-adapter/src/filters/author_information/system_note.ts"),
        ),
        "caller",
        ZONES[1:],
    ),
    Behaviour(
        "suiteql-sysdate-zone",
        "the time zone of SYSDATE and CURRENT_DATE; same: that of suiteql-zone",
        Known.UNKNOWN,
        (NOT_FOUND, CONNECTOR_GUIDE),
        "same",
        ZONES,
    ),
    Behaviour(
        "suiteql-date-format",
        "how a date without TO_CHAR is printed: in a local format, of the account or of the user",
        Known.UNKNOWN,
        (NOT_FOUND, *seen_once(34741085713)),
        "M/D/YYYY",
        ("M/D/YYYY", "D/M/YYYY", "YYYY-MM-DD", "DD.MM.YYYY"),
    ),
    Behaviour(
        "suiteql-params",
        "bound parameters, new in 2026.2",
        Known.CONFIRMED,
        (CALL, oracle("section_N3950559")),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "suiteql-other-params",
        "null and true or false among bound parameters: refused, or taken as NULL and as T and F, as N/query does",
        Known.UNKNOWN,
        (oracle("section_157960542026"),),
        "refused",
        ("refused", "accepted"),
    ),
    Behaviour(
        "suiteql-content-type",
        "a query whose Content-Type is not JSON: answered all the same, or refused with 415",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "ignored",
        ("ignored", "checked"),
    ),
    Behaviour(
        "suiteql-prefer",
        "a query without Prefer: transient is refused; the words of the refusal are not known",
        Known.CONFIRMED,
        (oracle("section_157909186990"),),
    ),
    Behaviour(
        "paging",
        "limit from 1 to 1000, offset a multiple of limit; the words of the refusals are not known",
        Known.CONFIRMED,
        (oracle("section_156414087576"),),
    ),
    Behaviour(
        "suiteql-missing-record",
        "how a table is refused that does not exist or that the role may not see; both texts were seen",
        Known.CONFIRMED,
        (
            *seen_once(71282584404),
            "https://github.com/julbrs/netsuite-api-client (test for a table that does not exist)",
        ),
        "not-found",
        ("not-found", "invalid-search-type"),
    ),
    Behaviour(
        "suiteql-fetch-first",
        "FETCH FIRST n ROWS ONLY after ORDER BY; no page of Oracle's shows it in SuiteQL",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_156257796125")),
        "served",
        ("served", "refused"),
    ),
    Behaviour(
        "suiteql-row-cap",
        "a query with more than the documented 100,000 rows: the rest cannot be had, or the query is refused",
        Known.UNKNOWN,
        (NOT_FOUND, CALL),
        "cut",
        ("cut", "refused"),
    ),
    Behaviour(
        "suiteql-unnamed",
        "an expression without an alias: comes back as expr1, expr2, ..., or is refused",
        Known.UNKNOWN,
        (NOT_FOUND, CALL),
        "numbered",
        ("numbered", "refused"),
    ),
    Behaviour(
        "suiteql-display-filter",
        "BUILTIN.DF(...) on oauthtoken in WHERE: unreliable in NetSuite, so refused unless it is to work",
        Known.LIKELY,
        (*seen_once(62555308531),),
        "refused",
        ("refused", "works"),
    ),
    Behaviour(
        "suiteql-permissions",
        "a role needs REST Web Services and SuiteAnalytics Workbook",
        Known.CONFIRMED,
        (oracle("article_5085602973"), oracle("article_0320025211")),
    ),
    Behaviour(
        "suiteql-permission-level",
        "View of both is enough to query; Oracle's setup gives Full and Edit",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("article_5085602973")),
    ),
    Behaviour(
        "employee-more-columns",
        "columns of employee that one source each shows: datecreated, lastmodifieddate, issupportrep, isjobresource, "
        "isjobmanager, hiredate, location, approver, employeestatus, employeetype, accountnumber, currency, comments",
        Known.LIKELY,
        (
            *seen_once(34741085713),
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
        (own("What is served"),),
    ),
    Behaviour(
        "role-restriction-columns",
        "role.effectivesubsidiaries, employeeselectionunrestricted and restrictbydevice exist; here no role is "
        "restricted, and there is one subsidiary",
        Known.CONFIRMED,
        ("https://cdn.cdata.com/help/DNM/ado/pg_SuiteQLtable-role.htm", *seen_once(34741085713)),
    ),
    Behaviour(
        "suiteql-functions",
        "functions: those of Oracle's list that can be answered exactly; LISTAGG, CEILING, LEFT and the like are "
        "refused as in NetSuite, the rest is refused and says so",
        Known.CONFIRMED,
        (oracle("section_158513731864"),),
    ),
    Behaviour(
        "suiteql-syntax",
        "refused as in NetSuite: WITH, date literals, a list of more than 1000 after IN, (+) on the left of =, joins "
        "by comma and by JOIN in one query, square brackets",
        Known.CONFIRMED,
        (
            oracle("article_0824094533"),
            oracle("section_156257796125"),
        ),
    ),
    Behaviour(
        "suiteql-joins",
        "inner, cross, left, right and full outer joins, and a left outer join by (+)",
        Known.CONFIRMED,
        (
            oracle("section_160045092035"),
            oracle("subsect_160045333353"),
        ),
    ),
    Behaviour(
        "suiteql-texts",
        "texts compare and sort by their characters' codes, upper case before lower; BUILTIN.DF of a sales order's "
        "status is Sales Order : Pending Fulfillment",
        Known.LIKELY,
        (*seen_once(63245964117), oracle("section_156257796125")),
    ),
    Behaviour(
        "suiteql-string-values",
        "every value is a string, numbers and ids too, and each item has an empty list of links",
        Known.CONFIRMED,
        (CALL, ANSWERS),
    ),
    Behaviour(
        "suiteql-names",
        "names come back in lower case; the documentation promises no case",
        Known.LIKELY,
        (ANSWERS, oracle("section_156257796125")),
    ),
    Behaviour(
        "suiteql-flags",
        "truth is 'T' or 'F'",
        Known.CONFIRMED,
        ("https://timdietrich.me/blog/netsuite-suiteql-employees-supervisors-roles-permissions",),
    ),
    Behaviour(
        "suiteql-nulls",
        "a column without a value is left out of its item",
        Known.LIKELY,
        (*seen_once(70564175074, 62555308531),),
    ),
    Behaviour(
        "suiteql-page-links",
        "the page before is the link `previous`, not `prev` as in collections of records",
        Known.CONFIRMED,
        (ANSWERS,),
    ),
    Behaviour(
        "suiteql-bare-dates",
        "a datetime that nobody formatted loses its time",
        Known.CONFIRMED,
        (*seen_once(34741085713, 70564175074),),
    ),
    Behaviour(
        "suiteql-errors",
        "a wrong query is 400, INVALID_PARAMETER and o:errorQueryParam q, in the words that live answers have",
        Known.CONFIRMED,
        (*seen_once(69087722359, 2525178469, 71282584404),),
    ),
    Behaviour(
        "suiteql-hidden-tables",
        "a table that the role may not see is not found, exactly like one that does not exist",
        Known.CONFIRMED,
        (*seen_once(71010369775, 8215990807),),
    ),
    Behaviour(
        "suiteql-oracle-rules",
        "empty text is NULL, NULL sorts last, text compares with its case, HH is the 12-hour clock, ROWNUM counts "
        "before ORDER BY: Oracle's rules, for Oracle's syntax is the one recommended",
        Known.LIKELY,
        (SYNTAX, oracle("section_156257796125")),
    ),
    Behaviour(
        "suiteql-display",
        "BUILTIN.DF gives the text that the user interface shows for an id",
        Known.CONFIRMED,
        (ACCESS_TOKEN_QUERIES,),
    ),
    Behaviour(
        "suiteql-not-served",
        "what cannot be answered as NetSuite would is refused with its words for an unsupported search; the header "
        "X-Emulator-Reason says what stands in the way",
        Known.OWN,
        (own("What is served"),),
    ),
    Behaviour(
        "suiteql-longest-run",
        "a query that runs for 20 seconds is given up and refused",
        Known.OWN,
        (own("Simpler than NetSuite on purpose"),),
    ),
)
