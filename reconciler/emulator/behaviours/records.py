"""The REST record service and the system service."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.employee_records import EMPLOYEE_RECORDS
from reconciler.emulator.behaviours.record_filters import RECORD_FILTERS
from reconciler.emulator.behaviours.record_refusals import RECORD_REFUSALS
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, rest_browser, seen_once

ERRORS: Final = oracle("section_156570709583")
FILTERING: Final = oracle("section_1545222128")
LIMITATIONS: Final = oracle("subsect_1544786455")
GETTING: Final = oracle("section_1545141500")
UPDATING: Final = oracle("section_1545142173")
BROWSER: Final = "https://system.netsuite.com/help/helpcenter/en_US/APIs/REST_API_Browser/record/v1/2026.1/index.html"
EMPLOYEE: Final = oracle("section_161886175135")
SAILPOINT: Final = (
    "https://documentation.sailpoint.com/connectors/oracle/netsuite/help/integrating_oracle_netsuite/"
    "administrator_permissions.html"
)

_PUBLIC_CLIENTS: Final = (
    "https://github.com/ehmad11/netsuite-rest/blob/0bcecf9c2ad17b0853122c756b3fcad984071cc9/netsuite-rest.test.js",
    "https://github.com/julbrs/netsuite-api-client/blob/4400936a19cbfede9d5282f15f52f80af8de5f8d/test/request.test.ts",
)

RECORDS: Final = (
    Behaviour(
        "rest-test-request",
        "OPTIONS on any REST path gets 204 after the login; two public clients ask for /services/rest/* to see whether "
        "they get in",
        Known.CONFIRMED,
        _PUBLIC_CLIENTS,
    ),
    Behaviour(
        "collection-trailing-slash",
        "the address of a record collection may end with a slash",
        Known.CONFIRMED,
        _PUBLIC_CLIENTS,
    ),
    Behaviour(
        "write-without-content-type",
        "a record written without the header Content-Type: its body is taken for JSON, or it gets 415",
        Known.LIKELY,
        _PUBLIC_CLIENTS[1:],
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "error-type",
        "which URL stands in `type` of an error: that of answers seen in 2026, or that of the documentation",
        Known.CONFIRMED,
        (*seen_once(69087722359, 55288716456), ERRORS),
        "rfc9110",
        ("rfc9110", "w3.org"),
    ),
    Behaviour(
        "admin-record-status",
        "HTTP status for an administrator's record asked for by a lesser role",
        Known.CONFIRMED,
        (*seen_once(8215990807, 43073177723), LIMITATIONS),
        "400",
        ("400", "403"),
    ),
    Behaviour(
        "admin-record-code",
        "o:errorCode of that refusal; SOAP has INSUFFICIENT_PERMISSION",
        Known.UNKNOWN,
        (NOT_FOUND, LIMITATIONS, *seen_once(67195057885)),
        "USER_ERROR",
        ("USER_ERROR", "INSUFFICIENT_PERMISSION"),
    ),
    Behaviour(
        "error-type-sections",
        "the section in that URL is the one of the status; seen for 400 only",
        Known.LIKELY,
        (*seen_once(69087722359), "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5"),
    ),
    Behaviour(
        "error-shape",
        "an error has type, title, status and o:errorDetails, each detail an o:errorCode and at most one place",
        Known.CONFIRMED,
        (ERRORS,),
    ),
    Behaviour(
        "media-types",
        "answers are application/vnd.oracle.resource+json with type singular, collection or error",
        Known.CONFIRMED,
        (rest_browser("overview.md"), oracle("subsect_164494900632")),
    ),
    Behaviour(
        "record-bad-reference",
        "a reference to nothing is 400 INVALID_CONTENT with o:errorPath, such as roles.items[0].selectedRole",
        Known.CONFIRMED,
        (ERRORS,),
    ),
    Behaviour(
        "record-read-permission",
        "View of Employee Record or of Employees is enough to read",
        Known.LIKELY,
        (EMPLOYEE,),
    ),
    Behaviour(
        "record-write-permission",
        "to change an employee takes Edit of Employees and of Employee Record, and with Advanced Employee Permissions "
        "Edit of Employee Access Tab for roles and access",
        Known.LIKELY,
        (
            oracle("section_1541786744"),
            oracle("section_N896195"),
            SAILPOINT,
        ),
    ),
    Behaviour(
        "record-check-order",
        "of several mistakes the first counts: permission to read, body, record, permission to write, roles, access",
        Known.UNKNOWN,
        (NOT_FOUND, ERRORS),
    ),
    Behaviour(
        "record-field-names",
        "names of fields are taken in any case",
        Known.LIKELY,
        (oracle("section_0413121324"), rest_browser("schemas/employee.md"), *seen_once(21360041711)),
    ),
    Behaviour(
        "record-unknown-field",
        "a field that does not exist is dropped, unless X-NetSuite-PropertyNameValidation is Error",
        Known.CONFIRMED,
        (ERRORS,),
    ),
    Behaviour(
        "record-patched",
        "PATCH answers 204 with Location, and leaves fields alone that it does not name",
        Known.CONFIRMED,
        (rest_browser("records/employee.md"), UPDATING),
    ),
    Behaviour(
        "record-empty-fields",
        "an empty field is left out of a record",
        Known.LIKELY,
        (GETTING,),
    ),
    Behaviour(
        "record-sublists",
        "sublists are links unless expandSubResources asks for them; fields= names body fields",
        Known.CONFIRMED,
        (GETTING, oracle("section_1545141947")),
    ),
    Behaviour(
        "record-roles-sublist",
        "the roles of an employee can be read at .../roles, and each of its lines at .../roles/<key>",
        Known.LIKELY,
        (oracle("section_159894563219"), rest_browser("schemas/employee.md")),
    ),
    Behaviour(
        "record-external-id",
        "eid:... stands for an id wherever the URL has one",
        Known.CONFIRMED,
        (oracle("section_156334828635"),),
    ),
    Behaviour(
        "record-datetimes",
        "datetimes of the record and system services are in UTC",
        Known.CONFIRMED,
        (oracle("section_157305090645"), oracle("article_0528010158")),
    ),
    Behaviour(
        "collection-items",
        "a collection of records has ids and links only, and the page before is the link `prev`",
        Known.CONFIRMED,
        (LIMITATIONS, FILTERING, oracle("section_156414087576")),
    ),
    Behaviour(
        "collection-filter",
        "q takes conditions, brackets, and AND before OR",
        Known.CONFIRMED,
        (FILTERING,),
    ),
    Behaviour(
        "collection-administrators",
        "a collection lists administrators to lesser roles too; only their records are refused",
        Known.LIKELY,
        (*seen_once(43073177723),),
    ),
    Behaviour(
        "server-time",
        "serverTime needs no permission beyond the login",
        Known.CONFIRMED,
        (oracle("article_0528010158"),),
    ),
    Behaviour(
        "governance-limits",
        "governanceLimits is for Administrators",
        Known.CONFIRMED,
        (oracle("article_0625010817"),),
    ),
    Behaviour(
        "governance-limits-refused",
        "anybody else gets 403 INSUFFICIENT_PERMISSION",
        Known.LIKELY,
        (oracle("article_0625010817"),),
    ),
    *RECORD_REFUSALS,
    Behaviour(
        "read-only-fields",
        "a read-only field (id, dateCreated, lastModifiedDate, links, refName) in the body of a write",
        Known.UNKNOWN,
        (NOT_FOUND, f"{oracle('section_1545142173')} (that they are read-only)"),
        "ignored",
        ("ignored", "refused"),
    ),
    Behaviour(
        "unknown-parameter",
        "a query parameter, or a name in `fields`, that NetSuite does not know there",
        Known.UNKNOWN,
        (NOT_FOUND,),
        "refused",
        ("refused", "ignored"),
    ),
    Behaviour(
        "page-beyond-last",
        "a page of records beyond the thousandth, or beyond 100,000 results",
        Known.UNKNOWN,
        (f"{oracle('section_156414087576')} (that there are no more)",),
        "refused",
        ("refused", "served"),
    ),
    *EMPLOYEE_RECORDS,
    *RECORD_FILTERS,
    Behaviour(
        "catalog-describes",
        "where the link `describes` of the metadata catalog leads: to the record, or to the catalog as printed",
        Known.LIKELY,
        (*seen_once(68823971121), f"{oracle('section_1540810174')} (the other)"),
        "record",
        ("record", "catalog"),
    ),
    Behaviour(
        "employee-fields",
        "names, titles, types and formats of the employee record's fields",
        Known.CONFIRMED,
        (f"{BROWSER}#tag-employee",),
    ),
    Behaviour(
        "concurrency-error-shape",
        "the body of 429: as documented with the title Bad Request and o:errorCode USER_ERROR above, or as all others",
        Known.CONFIRMED,
        (oracle("section_156570709583"),),
        "documented",
        ("documented", "as-others"),
    ),
)
