"""The tables SuiteQL can see: their columns, the permission each needs, and the rows a caller may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from reconciler.emulator.accounts import MANAGE_TOKENS, OWN_TOKENS, PERMISSION_NAMES, Caller, World
from reconciler.emulator.query.values import Kind
from reconciler.emulator.query.zones import Zone

NUMBER, TEXT, DATE = Kind.NUMBER, Kind.TEXT, Kind.DATE
PERSON_NAME: Final = "(SELECT entityid FROM employees WHERE account = x.account AND id = {column})"
ROLE_NAME: Final = "(SELECT name FROM roles WHERE account = x.account AND id = {column})"
NO_ADMINISTRATOR: Final = (
    " AND NOT EXISTS (SELECT 1 FROM grants h WHERE h.account = x.account AND h.employee = x.{column} AND h.role = 3)"
)


class Form(Enum):
    """How a column is kept, where that is not how it shows."""

    PLAIN = auto()
    TEXT = auto()  # an empty text is NULL
    MOMENT = auto()  # a moment, shown as the wall-clock time of the query's zone
    DAY = auto()  # a moment, of which the day in that zone is shown


@dataclass(frozen=True, slots=True)
class Column:
    kind: Kind
    sql: str  # as it is kept
    display: str | None = None  # what BUILTIN.DF gives
    form: Form = Form.PLAIN
    is_required: bool = False  # never NULL, so that an index has it in the order of ORDER BY
    lower_index: bool = False  # there is an index on lower(), SQLite's own, which knows ASCII only

    def value(self, zone: Zone) -> str:
        """SQL for the value that a query sees."""
        match self.form:
            case Form.TEXT:
                return f"NULLIF({self.sql}, '')"
            case Form.MOMENT:
                return zone.local(self.sql)
            case Form.DAY:
                return f"CAST(strftime('%s', {zone.local(self.sql)}, 'unixepoch', 'start of day') AS INTEGER)"
            case _:
                return self.sql


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` is the FROM and WHERE that limits a caller's view; :account, :caller, :until are bound by the query."""

    columns: Mapping[str, Column]
    rows: str
    needs: tuple[str, ...] = ()
    filters_by_display: bool = True


def _flag(name: str) -> Column:
    return Column(TEXT, f"CASE WHEN {name} THEN 'T' ELSE 'F' END")


def _moment(name: str, *, is_required: bool = False) -> Column:
    return Column(DATE, name, form=Form.MOMENT, is_required=is_required)


def _text(name: str, *, lower_index: bool = False) -> Column:
    return Column(TEXT, name, form=Form.TEXT, lower_index=lower_index)


def _id(name: str = "x.id") -> Column:
    return Column(NUMBER, name, is_required=True)


def _person(name: str, *, is_required: bool = False) -> Column:
    return Column(NUMBER, name, PERSON_NAME.format(column=name), is_required=is_required)


def _role(name: str, *, is_required: bool = False) -> Column:
    return Column(NUMBER, name, ROLE_NAME.format(column=name), is_required=is_required)


def _nothing(kind: Kind) -> Column:
    """A column that NetSuite has and that nobody fills here."""
    return Column(kind, "NULL")


NO: Final = Column(TEXT, "'F'")
EMPLOYEE: Final[Mapping[str, Column]] = {
    "id": _id(),
    "entityid": _text("x.entityid"),
    "firstname": _text("x.firstname"),
    "lastname": _text("x.lastname"),
    "email": _text("x.email", lower_index=True),
    "title": _text("x.title"),
    "giveaccess": _flag("x.access"),
    "isinactive": _flag("NOT x.active"),
    "subsidiary": Column(NUMBER, "1"),
    "supervisor": _person("x.supervisor"),
    "rolesforsearch": Column(
        TEXT,
        "(SELECT GROUP_CONCAT(role, ', ') FROM"
        " (SELECT role FROM grants WHERE account = x.account AND employee = x.id ORDER BY role))",
    ),
    "middlename": _nothing(TEXT),
    "issalesrep": NO,
    "class": _nothing(NUMBER),
    "department": _nothing(NUMBER),
}
# Each in one source only: netsuite-2.md 3.
EMPLOYEE_MORE: Final[Mapping[str, Column]] = {
    "datecreated": _moment("x.created"),
    "lastmodifieddate": _moment("x.modified"),
    "issupportrep": NO,
    "isjobresource": NO,
    "isjobmanager": NO,
    "hiredate": _nothing(DATE),
    "location": _nothing(NUMBER),
    "approver": _nothing(NUMBER),
    "employeestatus": _nothing(NUMBER),
    "employeetype": _nothing(NUMBER),
    "accountnumber": _nothing(TEXT),
    "currency": _nothing(NUMBER),
    "comments": _nothing(TEXT),
}
GRANT_ROWS: Final = "grants x WHERE x.account = :account"
ROLE: Final[Mapping[str, Column]] = {
    "id": _id(),
    "name": _text("x.name"),
    "scriptid": _text("x.scriptid"),
    "isinactive": _flag("x.inactive"),
    "centertype": _text("x.center_type"),
    "iswebserviceonlyrole": _flag("x.web_services_only"),
    "subsidiaryviewingallowed": _flag("x.cross_subsidiary"),
    "subsidiaryoption": _text("x.subsidiary_option"),
    "effectivesubsidiaries": Column(TEXT, "'1'"),  # the one that every employee is in
    "employeerestriction": _nothing(TEXT),
    "employeeselectionunrestricted": NO,
    "restrictbydevice": NO,
    "issalesrole": NO,
    "ispartnerrole": NO,
    "issinglesignononly": NO,
    "coreadminpermission": _flag(
        "EXISTS (SELECT 1 FROM permissions WHERE account = x.account AND role = x.id AND key = 'ADMI_KERNEL')"
    ),
}
PERMISSION: Final[Mapping[str, Column]] = {
    "role": _role("x.role"),
    "name": Column(
        TEXT,
        "CASE x.key "
        + " ".join(f"WHEN '{key}' THEN '{name}'" for key, name in PERMISSION_NAMES.items())
        + " ELSE x.key END",
    ),
    "permkey": _text("x.key"),
    "permlevel": Column(NUMBER, "x.level"),
    "restriction": _nothing(TEXT),
}
INTEGRATION_NAME: Final = "(SELECT name FROM integrations WHERE account = x.account AND id = x.integration)"
INTEGRATION: Final[Mapping[str, Column]] = {
    "id": _id(),
    "name": _text("x.name"),
    "state": Column(TEXT, "x.state", "x.state"),
}
AUDIT: Final[Mapping[str, Column]] = {
    "date": _moment("x.at", is_required=True),
    "status": _text("x.status"),
    "oauthappname": _text("x.application"),
    "oauthaccesstokenname": _text("x.token"),
    "user": _person("x.employee"),
    "role": _role("x.role"),
    "emailaddress": _text("x.email"),
    "ipaddress": _text("x.address"),
    "requesturi": _text("x.request_uri"),
    "detail": _text("x.detail"),
    "secchallenge": _nothing(TEXT),
    "useragent": _text("x.user_agent"),
}
NOTE: Final[Mapping[str, Column]] = {
    "id": _id(),
    "date": _moment("x.at", is_required=True),
    "recordtypeid": Column(NUMBER, "x.record_type"),
    "recordid": Column(NUMBER, "x.record_id"),
    "record": _text("x.record"),
    "field": _text("x.field"),
    "type": Column(NUMBER, "x.type"),
    "name": _person("x.name"),
    "role": _role("x.role"),
    "context": _text("x.context"),
    "oldvalue": _text("x.old"),
    "newvalue": _text("x.new"),
}
TRANSACTION: Final[Mapping[str, Column]] = {
    "id": _id(),
    "tranid": _text("x.tranid"),
    "transactionnumber": _text("x.tranid"),
    "type": Column(TEXT, "x.type", "CASE x.type WHEN 'SalesOrd' THEN 'Sales Order' END", Form.TEXT),
    "recordtype": _text("x.record_type"),
    "status": Column(
        TEXT,
        "x.status",
        "CASE WHEN x.type = 'SalesOrd' AND x.status = 'B' THEN 'Sales Order : Pending Fulfillment' END",
        Form.TEXT,
    ),
    "trandate": Column(DATE, "x.created", form=Form.DAY),
    "createddate": _moment("x.created", is_required=True),
    "createdby": _person("x.created_by"),
    "lastmodifieddate": _moment("x.modified"),
    "lastmodifiedby": _person("x.modified_by"),
    "entity": _person("x.entity"),
    "memo": _text("x.memo"),
    "posting": NO,
    "voided": NO,
}
ENTITY: Final[Mapping[str, Column]] = {
    "id": _id(),
    "type": Column(TEXT, "'Employee'"),
    "entitytitle": _text("x.entityid"),
    "altname": _text("x.entityid"),
    "isperson": Column(TEXT, "'T'"),
    "parent": _nothing(NUMBER),
    "employee": _person("x.id"),
    "contact": _nothing(NUMBER),
    "customer": _nothing(NUMBER),
    "vendor": _nothing(NUMBER),
    "project": _nothing(NUMBER),
}


def _token_columns(world: World) -> dict[str, Column]:
    revoked_counts = " OR x.revoked" if world.switches.value("revoked-inactive") == "T" else ""
    return {
        "id": _id(),
        "tba_token_name": _text("x.name"),
        "tba_app_name": Column(NUMBER, "x.integration", INTEGRATION_NAME),
        "entity_name": _person("x.employee"),
        "role_name": _role("x.role"),
        "dcreated": _moment("x.created"),
        "createdby": _person("x.created_by"),
        "binactive": _flag(f"(x.inactive{revoked_counts})"),
        "brevoked": _flag("x.revoked"),
    }


def _without_administrators(world: World, caller: Caller, employee_column: str) -> str:
    if caller.is_administrator or world.switches.value("admin-rows-visible") == "yes":
        return ""
    return NO_ADMINISTRATOR.format(column=employee_column)


def visible(world: World, caller: Caller) -> dict[str, Table]:
    """The tables of this caller; one that needs a permission the role lacks is missing, exactly as in NetSuite."""
    tables = {**_people(world, caller), **_assignments(world, caller), **_integrations(world), **_trails(caller)}
    if not caller.account.has("token_based_authentication"):
        tables.pop("oauthtoken")
        tables.pop("useroauthtoken", None)
    return {name: table for name, table in tables.items() if all(caller.may(key) for key in table.needs)}


def _people(world: World, caller: Caller) -> dict[str, Table]:
    columns = dict(EMPLOYEE)
    if world.switches.value("employee-more-columns") == "present":
        columns |= EMPLOYEE_MORE
    if world.switches.value("employee-externalid-column") == "present":
        columns["externalid"] = _text("x.external_id")
    rows = "employees x WHERE x.account = :account" + _without_administrators(world, caller, "id")
    return {
        "employee": Table(columns, rows, ("LIST_EMPLOYEE_RECORD",)),
        "entity": Table(ENTITY, "employees x WHERE x.account = :account", ("LIST_FIND",)),
        "role": Table(ROLE, "roles x WHERE x.account = :account", ("ADMI_MANAGEROLES",)),
        "rolepermissions": Table(PERMISSION, "permissions x WHERE x.account = :account", ("ADMI_MANAGEROLES",)),
    }


def _assignments(world: World, caller: Caller) -> dict[str, Table]:
    """Which permission opens them is not known (6.4); the reader's profile has both of these."""
    wanted = world.switches.value("role-assignment-table")
    rows = GRANT_ROWS + _without_administrators(world, caller, "employee")
    tables = {}
    for name, person in (("employeerolesforsearch", "entity"), ("employeeroles", "employee")):
        if wanted in {name, "both"}:
            columns = {
                person: _person("x.employee", is_required=True),
                "role": _role("x.role", is_required=True),
            }
            tables[name] = Table(columns, rows, ("LIST_EMPLOYEE_RECORD", "ADMI_MANAGEROLES"))
    return tables


def _integrations(world: World) -> dict[str, Table]:
    tables = {
        "oauthtoken": Table(
            _token_columns(world),
            "tokens x WHERE x.account = :account",
            (MANAGE_TOKENS,),
            filters_by_display=world.switches.value("suiteql-display-filter") == "works",
        )
    }
    if world.switches.value("own-token-table") == "present":
        own = "tokens x WHERE x.account = :account AND x.employee = :caller"
        tables["useroauthtoken"] = Table(
            _token_columns(world), own, (OWN_TOKENS,), tables["oauthtoken"].filters_by_display
        )
    name = world.switches.value("integration-table")
    created = {"integrationapp": "createddate", "integration": "datecreated"}.get(name)
    if created is not None:
        columns = {**INTEGRATION, created: _moment("x.created")}
        # Which of the two permissions opens it is not known (part 2, 6), so both are asked for.
        needs = ("LIST_INTEGRAPP", "ADMI_INTEGRAPP")
        tables[name] = Table(columns, "integrations x WHERE x.account = :account", needs)
    return tables


def _trails(caller: Caller) -> dict[str, Table]:
    notes = "system_notes x WHERE x.account = :account"
    if not caller.may("LIST_SYSTEMNOTES"):
        notes += " AND x.name = :caller"
    transactions = "transactions x WHERE x.account = :account"
    if not caller.may("TRAN_SALESORD"):
        transactions += " AND x.type <> 'SalesOrd'"
    return {
        "loginaudit": Table(AUDIT, "login_audit x WHERE x.account = :account AND x.at <= :until", ("ADMI_AUDITLOGIN",)),
        "systemnote": Table(NOTE, notes),
        "transaction": Table(TRANSACTION, transactions, ("TRAN_FIND",)),
    }
