"""The text of every SuiteQL query, and which permission its table needs (netsuite.md 6.4, netsuite-2.md 5 and 6).

A list of queries means alternatives: accounts name some tables differently, and the first that is answered counts.
"""

# ruff: noqa: S608 - every name in a text is one of ours; what comes from outside is a bound parameter
from collections.abc import Sequence

from reconciler.netsuite.suiteql import Query, marks

TIME = "'YYYY-MM-DD HH24:MI:SS'"  # HH alone would be the 12-hour clock (netsuite-2.md 2)

ROLE_PERMISSION = "Bulk Manage Roles (View)"
TOKEN_PERMISSION = "Access Token Management (View)"
AUDIT_PERMISSION = "View Login Audit Trail (View)"
EMPLOYEE_PERMISSION = "Employee Record (View)"
# Which of the two opens the table is not known (netsuite-2.md 6).
INTEGRATION_PERMISSION = "Integration Application (View) and Integration Applications (View)"
# No source names it; these two are what a role that reads assignments was seen with (netsuite.md 6.4).
GRANT_PERMISSION = "Employee Record (View) and Bulk Manage Roles (View)"

# A day, for NetSuite advises narrow ranges; more than a year, for an integration may log in once a month, and Oracle's
# own advice looks back twelve months (netsuite-2.md 5).
_AUDIT_DAYS = 400
_OWN_DAYS = 30
_LOGOUTS = "'ExplicitLogout', 'RoleSwitchLogout', 'SAMLIdPInitiatedLogout'"


def roles() -> list[Query]:
    text = "SELECT id, name, scriptid, isinactive FROM role ORDER BY id ASC"
    return [Query("role", text, ("id",), ROLE_PERMISSION)]


def tokens() -> list[Query]:
    """All tokens of all applications: filters on BUILTIN.DF are unreliable, and the others matter too (6.4)."""
    text = (
        "SELECT id, tba_token_name, tba_app_name, BUILTIN.DF(tba_app_name) AS application, entity_name, role_name, "
        f"TO_CHAR(dcreated, {TIME}) AS created, binactive, brevoked FROM oauthtoken ORDER BY id ASC"
    )
    return [Query("oauthtoken", text, ("id",), TOKEN_PERMISSION)]


def makers_of_tokens(token_ids: Sequence[str]) -> list[Query]:
    """Who made them, with NetSuite's own name for the person where it is to be had (netsuite.md 6.4)."""
    return [
        Query(
            "oauthtoken",
            f"SELECT id, createdby{name} FROM oauthtoken WHERE id IN ({marks(token_ids)}) ORDER BY id ASC",
            ("id",),
            TOKEN_PERMISSION,
            numbers(token_ids),
        )
        for name in (", BUILTIN.DF(createdby) AS createdbyname", "")
    ]


def integrations() -> list[Query]:
    """Sources disagree about the table and about whether its state is text already (netsuite-2.md 6)."""
    columns = ("id, name, state, BUILTIN.DF(state) AS statetext", "id, name, state")
    return [
        Query(table, f"SELECT {names} FROM {table} ORDER BY id ASC", ("id",), INTEGRATION_PERMISSION)
        for table in ("integrationapp", "integration")
        for names in columns
    ]


def own_role(role_id: str) -> list[Query]:
    """What limits the rows that a role sees; an account without subsidiaries need not have all columns."""
    columns = ("id, subsidiaryoption, employeerestriction", "id, employeerestriction", "id, subsidiaryoption", "id")
    return [
        Query(
            "role", f"SELECT {names} FROM role WHERE id = ? ORDER BY id ASC", ("id",), ROLE_PERMISSION, (int(role_id),)
        )
        for names in columns
    ]


def permissions(role_id: str) -> list[Query]:
    text = "SELECT permkey, name, permlevel FROM rolepermissions WHERE role = ? ORDER BY permkey ASC, name ASC"
    return [Query("rolepermissions", text, ("permkey", "name", "permlevel"), ROLE_PERMISSION, (int(role_id),))]


def permissions_of_roles(role_ids: Sequence[str]) -> list[Query]:
    text = (
        f"SELECT role, permkey, name, permlevel FROM rolepermissions WHERE role IN ({marks(role_ids)}) "
        "ORDER BY role ASC, permkey ASC, name ASC"
    )
    key = ("role", "permkey", "name", "permlevel")
    return [Query("rolepermissions", text, key, ROLE_PERMISSION, numbers(role_ids))]


def employees_by_id(ids: Sequence[str]) -> list[Query]:
    return _employees(f"id IN ({marks(ids)})", numbers(ids))


def employees_with_access() -> list[Query]:
    """Whoever can log in; an account may have a hundred times as many employees."""
    return _employees("giveaccess = 'T' AND isinactive = 'F'", ())


def employees_by_email(emails: Sequence[str]) -> list[Query]:
    return _employees(f"LOWER(email) IN ({marks(emails)})", tuple(email.lower() for email in emails))


def employees_by_entity_id(names: Sequence[str]) -> list[Query]:
    return _employees(f"entityid IN ({marks(names)})", tuple(names))


def employees_by_external_id(external_ids: Sequence[str]) -> Query:
    """No source shows this column in SuiteQL; where it is unknown, the record service is asked (netsuite-2.md 3)."""
    condition = f"externalid IN ({marks(external_ids)})"
    return _employees(condition, tuple(external_ids), "externalid, rolesforsearch")[0]


def _employees(condition: str, params: tuple[str | int, ...], *also: str) -> list[Query]:
    """With the roles that the record itself lists, for comparison, where that column is to be had."""
    return [
        Query(
            "employee",
            f"SELECT id, entityid, email, giveaccess, isinactive{more} FROM employee WHERE {condition} ORDER BY id ASC",
            ("id",),
            EMPLOYEE_PERMISSION,
            params,
        )
        for more in (*(f", {names}" for names in also or ("rolesforsearch",)), "")
    ]


def grants_of_roles(role_ids: Sequence[str]) -> list[Query]:
    return [_grants(table, who, "role", role_ids) for table, who in _GRANT_TABLES]


def grants_of_employees(employee_ids: Sequence[str]) -> list[Query]:
    return [_grants(table, who, who, employee_ids) for table, who in _GRANT_TABLES]


_GRANT_TABLES = (("employeerolesforsearch", "entity"), ("employeeroles", "employee"))


def _grants(table: str, who: str, column: str, ids: Sequence[str]) -> Query:
    condition = f"{column} IN ({marks(ids)})"
    text = f"SELECT {who} AS employeeid, role FROM {table} WHERE {condition} ORDER BY {who} ASC, role ASC"
    return Query(table, text, ("employeeid", "role"), GRANT_PERMISSION, numbers(ids))


_LOGIN_GROUP = ("oauthappname", "loginaudit.user", "role", "oauthaccesstokenname", "status", "detail")
_LOGIN_KEY = ("oauthappname", "userid", "role", "oauthaccesstokenname", "status", "detail")
_DAY = "TO_CHAR(date, 'YYYY-MM-DD')"


def logins(applications: Sequence[str]) -> list[Query]:
    """One row per group and day: the trail has no id to page by, and a busy integration has millions of rows."""
    condition = f"oauthappname IN ({marks(applications)})"
    return [_logins(f"{_DAY} AS day, ", (*_LOGIN_GROUP, _DAY), (*_LOGIN_KEY, "day"), condition, tuple(applications))]


def logins_of_all_applications() -> list[Query]:
    """One row per group, all days together: an account may have many applications, and a review asks for the last."""
    return [_logins("", _LOGIN_GROUP, _LOGIN_KEY, "oauthappname IS NOT NULL", ())]


def _logins(day: str, group: Sequence[str], key: tuple[str, ...], condition: str, params: tuple[str, ...]) -> Query:
    columns = ", ".join(group)
    text = (
        f"SELECT oauthappname, loginaudit.user AS userid, role, oauthaccesstokenname, status, detail, {day}"
        f"TO_CHAR(MIN(date), {TIME}) AS firstat, TO_CHAR(MAX(date), {TIME}) AS lastat, COUNT(*) AS number "
        f"FROM loginaudit WHERE {condition} AND date >= SYSDATE - {_AUDIT_DAYS} "
        f"AND (detail IS NULL OR detail NOT IN ({_LOGOUTS})) GROUP BY {columns} ORDER BY {columns}"
    )
    return Query("loginaudit", text, key, AUDIT_PERMISSION, params)


def token_uses(employee_ids: Sequence[str]) -> list[Query]:
    """When each token of these people last logged in, whatever the application; a login by hand names none."""
    group = "loginaudit.user, oauthappname, role, oauthaccesstokenname"
    text = (
        "SELECT loginaudit.user AS userid, oauthappname, role, oauthaccesstokenname, "
        f"TO_CHAR(MAX(date), {TIME}) AS lastat FROM loginaudit "
        f"WHERE loginaudit.user IN ({marks(employee_ids)}) AND status = 'Success' AND oauthappname IS NOT NULL "
        f"AND date >= SYSDATE - {_AUDIT_DAYS} AND (detail IS NULL OR detail NOT IN ({_LOGOUTS})) "
        f"GROUP BY {group} ORDER BY {group}"
    )
    key = ("userid", "oauthappname", "role", "oauthaccesstokenname")
    return [Query("loginaudit", text, key, AUDIT_PERMISSION, numbers(employee_ids))]


def last_seen(employee_ids: Sequence[str]) -> list[Query]:
    """When people last logged in, by hand or with a token."""
    text = (
        f"SELECT loginaudit.user AS userid, TO_CHAR(MAX(date), {TIME}) AS lastat FROM loginaudit "
        f"WHERE loginaudit.user IN ({marks(employee_ids)}) AND status = 'Success' "
        f"AND date >= SYSDATE - {_AUDIT_DAYS} AND (detail IS NULL OR detail NOT IN ({_LOGOUTS})) "
        "GROUP BY loginaudit.user ORDER BY loginaudit.user"
    )
    return [Query("loginaudit", text, ("userid",), AUDIT_PERMISSION, numbers(employee_ids))]


def own_logins(user_agent: str) -> list[Query]:
    """Who logged in under this user agent, and when first (netsuite.md 6.4)."""
    text = (
        f"SELECT loginaudit.user AS userid, role, TO_CHAR(MIN(date), {TIME}) AS firstat FROM loginaudit "
        f"WHERE useragent = ? AND status = 'Success' AND date >= SYSDATE - {_OWN_DAYS} "
        "GROUP BY loginaudit.user, role ORDER BY loginaudit.user, role"
    )
    return [Query("loginaudit", text, ("userid", "role"), AUDIT_PERMISSION, (user_agent,))]


def numbers(ids: Sequence[str]) -> tuple[int, ...]:
    """Internal ids as parameters."""
    return tuple(int(each) for each in ids)
