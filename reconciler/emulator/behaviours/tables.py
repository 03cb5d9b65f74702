"""The tables SuiteQL can see, and their rows."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import (
    ACCESS_TOKEN_QUERIES,
    NOT_FOUND,
    github,
    guide,
    oracle,
    own,
    permissions_list,
    seen_once,
)
from reconciler.emulator.behaviours.trail import ZONES

CATALOG: Final = permissions_list("output/netsuite_record_catalog.csv")
TABLE_LIST: Final = permissions_list("output/tim_table.csv")

TABLES: Final = (
    Behaviour(
        "role-assignment-table",
        "which table holds one row per role of an employee; neither is in the records catalog",
        Known.CONFIRMED,
        (*seen_once(34741085713, 29278939944, 69393509231, 71010369775),),
        "employeerolesforsearch",
        ("employeerolesforsearch", "employeeroles", "both"),
    ),
    Behaviour(
        "role-assignment-permission",
        "what opens that table: Employee Record and Bulk Manage Roles together, one of them, or nothing",
        Known.UNKNOWN,
        (NOT_FOUND, CATALOG),
        "all",
        ("all", "LIST_EMPLOYEE_RECORD", "ADMI_MANAGEROLES", "none"),
    ),
    Behaviour(
        "integration-table",
        "under which name integration records can be queried, if at all",
        Known.LIKELY,
        (*seen_once(57937555523, 62555308531),),
        "integrationapp",
        ("integrationapp", "integration", "hidden"),
    ),
    Behaviour(
        "integration-permission",
        "what opens that table: Integration Applications and Integration Application together, one, or nothing",
        Known.UNKNOWN,
        (NOT_FOUND, guide("netsuite-sdf-roles-and-permissions/references/permissions.json")),
        "all",
        ("all", "LIST_INTEGRAPP", "ADMI_INTEGRAPP", "none"),
    ),
    Behaviour(
        "employee-externalid-column",
        "whether SuiteQL's employee has a column externalid; no source shows one",
        Known.UNKNOWN,
        (NOT_FOUND, github("fivetran/dbt_netsuite_source", "macros/get_employee_columns.sql")),
        "absent",
        ("absent", "present"),
    ),
    Behaviour(
        "admin-rows-visible",
        "whether SuiteQL shows employees that hold Administrator to lesser roles",
        Known.LIKELY,
        (*seen_once(43073177723, 8215990807),),
        "yes",
        ("yes", "no"),
    ),
    Behaviour(
        "revoked-inactive",
        "binactive of a revoked token; NetSuite's lists show it as inactive",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("bridgehead_4249078810")),
        "T",
        ("T", "F"),
    ),
    Behaviour(
        "token-date-zone",
        "the time zone of oauthtoken.dcreated in SuiteQL; same: that of suiteql-zone",
        Known.UNKNOWN,
        (NOT_FOUND, ACCESS_TOKEN_QUERIES),
        "same",
        ZONES,
    ),
    Behaviour(
        "oauthtoken-columns",
        "oauthtoken: the *_name columns hold ids, with a text by BUILTIN.DF",
        Known.CONFIRMED,
        (ACCESS_TOKEN_QUERIES, *seen_once(62555308531, 57976015615)),
    ),
    Behaviour(
        "oauthtoken-permission",
        "oauthtoken needs Access Token Management, and the feature Token-based Authentication",
        Known.CONFIRMED,
        (CATALOG,),
    ),
    Behaviour(
        "employee-columns",
        "employee: its columns, among them rolesforsearch with the ids of all roles; it needs Employee Record",
        Known.CONFIRMED,
        (oracle("section_0210124841"), CATALOG),
    ),
    Behaviour(
        "role-columns",
        "role: its columns, among them subsidiaryviewingallowed; it needs Bulk Manage Roles",
        Known.CONFIRMED,
        ("https://cdn.cdata.com/help/DNM/ado/pg_SuiteQLtable-role.htm", *seen_once(34741085713), TABLE_LIST),
    ),
    Behaviour(
        "rolepermissions-columns",
        "rolepermissions: permkey, name and permlevel from 1 (View) to 4 (Full); it needs Bulk Manage Roles",
        Known.CONFIRMED,
        (oracle("section_0210123130"), TABLE_LIST),
    ),
    Behaviour(
        "entity-table",
        "entity needs Perform Search and has one row for each employee, as other kinds of people are not served",
        Known.LIKELY,
        (github("fivetran/dbt_netsuite_source", "macros/get_entity_columns.sql"), CATALOG),
    ),
    Behaviour(
        "transaction-columns",
        "transaction: its columns; it needs Find Transaction",
        Known.CONFIRMED,
        (
            *seen_once(71499170836),
            guide("netsuite-finance-analyst/references/query-patterns.md"),
            github("fivetran/dbt_netsuite_source", "macros/get_transactions_columns.sql"),
            CATALOG,
        ),
    ),
    Behaviour(
        "transaction-rows",
        "without the permission Sales Order the rows of sales orders are missing, and nothing says so",
        Known.LIKELY,
        (CATALOG,),
    ),
    Behaviour(
        "integration-columns",
        "the table of integrations: id, name, state in words, and when it was created",
        Known.LIKELY,
        (*seen_once(57937555523, 62555308531),),
    ),
    Behaviour(
        "constant-columns",
        "columns that a seed cannot fill are the same in every row: one subsidiary, no restriction, nothing voided",
        Known.OWN,
        (own("Simpler than NetSuite on purpose"),),
    ),
    Behaviour(
        "no-row-restrictions",
        "employee and subsidiary restrictions of a role hide no rows here, which they do in NetSuite",
        Known.OWN,
        (own("Simpler than NetSuite on purpose"), oracle("article_0320025211")),
    ),
)
