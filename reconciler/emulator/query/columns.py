"""The columns of SuiteQL's tables: what each shows, and how it is kept; sources are in behaviours/tables.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from reconciler.emulator.accounts import PERMISSION_NAMES
from reconciler.emulator.query.values import Kind
from reconciler.emulator.query.zones import Clock, Zones

NUMBER, TEXT, DATE = Kind.NUMBER, Kind.TEXT, Kind.DATE
PERSON_NAME: Final = "(SELECT entityid FROM employees WHERE account = x.account AND id = {column})"
ROLE_NAME: Final = "(SELECT name FROM roles WHERE account = x.account AND id = {column})"
CLASSIFICATION_NAME: Final = (
    "(SELECT name FROM classifications WHERE account = x.account AND kind = '{kind}' AND id = x.{kind})"
)


class Form(Enum):
    """How a column is kept, where that is not how it shows."""

    PLAIN = auto()
    TEXT = auto()  # an empty text is NULL
    MOMENT = auto()  # a moment, shown as the wall-clock time of the query's zone
    DAY = auto()  # a moment, of which the day in that zone is shown


@dataclass(frozen=True, slots=True)
class Column:
    """A column as queries see it, and how it is kept."""

    kind: Kind
    sql: str  # as it is kept
    display: str | None = None  # what BUILTIN.DF gives
    form: Form = Form.PLAIN
    clock: Clock = Clock.USUAL  # of a moment
    is_required: bool = False  # never NULL, so that an index has it in the order of ORDER BY
    lower_index: bool = False  # there is an index on lower(), SQLite's own, which knows ASCII only

    def value(self, zones: Zones) -> str:
        """SQL for the value that a query sees."""
        match self.form:
            case Form.TEXT:
                return f"NULLIF({self.sql}, '')"
            case Form.MOMENT:
                return zones.of(self.clock).local(self.sql)
            case Form.DAY:
                local = zones.of(self.clock).local(self.sql)
                return f"CAST(strftime('%s', {local}, 'unixepoch', 'start of day') AS INTEGER)"
            case _:
                return self.sql


def flag(name: str) -> Column:
    return Column(TEXT, f"CASE WHEN {name} THEN 'T' ELSE 'F' END")


def moment(name: str, clock: Clock = Clock.USUAL, *, is_required: bool = False) -> Column:
    return Column(DATE, name, form=Form.MOMENT, clock=clock, is_required=is_required)


def text(name: str, *, lower_index: bool = False) -> Column:
    return Column(TEXT, name, form=Form.TEXT, lower_index=lower_index)


def internal_id(name: str = "x.id") -> Column:
    return Column(NUMBER, name, is_required=True)


def person(name: str, *, is_required: bool = False) -> Column:
    return Column(NUMBER, name, PERSON_NAME.format(column=name), is_required=is_required)


def role(name: str, *, is_required: bool = False) -> Column:
    return Column(NUMBER, name, ROLE_NAME.format(column=name), is_required=is_required)


def _classified(kind: str) -> Column:
    """A department, class or location of an employee."""
    return Column(NUMBER, f"x.{kind}", CLASSIFICATION_NAME.format(kind=kind))


def nothing(kind: Kind) -> Column:
    """A column that NetSuite has and that nobody fills here."""
    return Column(kind, "NULL")


NO: Final = Column(TEXT, "'F'")
EMPLOYEE: Final[Mapping[str, Column]] = {
    "id": internal_id(),
    "entityid": text("x.entityid"),
    "firstname": text("x.firstname"),
    "lastname": text("x.lastname"),
    "email": text("x.email", lower_index=True),
    "title": text("x.title"),
    "giveaccess": flag("x.access"),
    "isinactive": flag("NOT x.active"),
    "subsidiary": Column(NUMBER, "x.subsidiary", "(SELECT name FROM accounts WHERE id = x.account)"),
    "supervisor": person("x.supervisor"),
    "rolesforsearch": Column(
        TEXT,
        "(SELECT GROUP_CONCAT(role, ', ') FROM"
        " (SELECT role FROM grants WHERE account = x.account AND employee = x.id ORDER BY role))",
    ),
    "middlename": text("x.middlename"),
    "issalesrep": flag("x.issalesrep"),
    "class": _classified("class"),
    "department": _classified("department"),
}
# Each in one source only, which the behaviour employee-more-columns names.
EMPLOYEE_MORE: Final[Mapping[str, Column]] = {
    "datecreated": moment("x.created"),
    "lastmodifieddate": moment("x.modified"),
    "issupportrep": flag("x.issupportrep"),
    "isjobresource": flag("x.isjobresource"),
    "isjobmanager": flag("x.isjobmanager"),
    "hiredate": Column(DATE, "CAST(strftime('%s', x.hiredate) AS INTEGER)"),
    "location": _classified("location"),
    "approver": person("x.approver"),
    "employeestatus": nothing(NUMBER),
    "employeetype": nothing(NUMBER),
    "accountnumber": text("x.accountnumber"),
    "currency": nothing(NUMBER),
    "comments": text("x.comments"),
}
ROLE: Final[Mapping[str, Column]] = {
    "id": internal_id(),
    "name": text("x.name"),
    "scriptid": text("x.scriptid"),
    "isinactive": flag("x.inactive"),
    "centertype": text("x.center_type"),
    "iswebserviceonlyrole": flag("x.web_services_only"),
    "subsidiaryviewingallowed": flag("x.cross_subsidiary"),
    "subsidiaryoption": text("x.subsidiary_option"),
    "effectivesubsidiaries": Column(TEXT, "'1'"),  # the one that every employee is in
    "employeerestriction": nothing(TEXT),
    "employeeselectionunrestricted": NO,
    "restrictbydevice": NO,
    "issalesrole": NO,
    "ispartnerrole": NO,
    "issinglesignononly": NO,
    "coreadminpermission": flag(
        "EXISTS (SELECT 1 FROM permissions WHERE account = x.account AND role = x.id AND key = 'ADMI_KERNEL')"
    ),
}
PERMISSION: Final[Mapping[str, Column]] = {
    "role": role("x.role"),
    "name": Column(
        TEXT,
        "CASE x.key "
        + " ".join(f"WHEN '{key}' THEN '{name}'" for key, name in PERMISSION_NAMES.items())
        + " ELSE x.key END",
    ),
    "permkey": text("x.key"),
    "permlevel": Column(NUMBER, "x.level"),
    "restriction": nothing(TEXT),
}
INTEGRATION_NAME: Final = "(SELECT name FROM application_names WHERE account = x.account AND id = x.integration)"
INTEGRATION: Final[Mapping[str, Column]] = {
    "id": internal_id(),
    "name": text("x.name"),
    "state": Column(TEXT, "x.state", "x.state"),
}
AUDIT: Final[Mapping[str, Column]] = {
    "date": moment("x.at", Clock.AUDIT, is_required=True),
    "status": text("x.status"),
    "oauthappname": text("x.application"),
    "oauthaccesstokenname": text("x.token"),
    "user": person("x.employee"),
    "role": role("x.role"),
    "emailaddress": text("x.email"),
    "ipaddress": text("x.address"),
    "requesturi": text("x.request_uri"),
    "detail": text("x.detail"),
    "secchallenge": nothing(TEXT),
    "useragent": text("x.user_agent"),
}
NOTE: Final[Mapping[str, Column]] = {
    "id": internal_id(),
    "date": moment("x.at", is_required=True),
    "recordtypeid": Column(NUMBER, "x.record_type"),
    "recordid": Column(NUMBER, "x.record_id"),
    "record": text("x.record"),
    # The field codes of integration records, whose type is not known, and of roles are our own: nobody is shown them.
    "field": Column(TEXT, "CASE WHEN COALESCE(x.record_type, -118) = -118 THEN NULL ELSE NULLIF(x.field, '') END"),
    "type": Column(NUMBER, "x.type"),
    "name": person("x.name"),
    "role": role("x.role"),
    "context": text("x.context"),
    "oldvalue": text("x.old"),
    "newvalue": text("x.new"),
}
TRANSACTION: Final[Mapping[str, Column]] = {
    "id": internal_id(),
    "tranid": text("x.tranid"),
    "transactionnumber": text("x.tranid"),
    "type": Column(TEXT, "x.type", "CASE x.type WHEN 'SalesOrd' THEN 'Sales Order' END", Form.TEXT),
    "recordtype": text("x.record_type"),
    "status": Column(
        TEXT,
        "x.status",
        "CASE WHEN x.type = 'SalesOrd' AND x.status = 'B' THEN 'Sales Order : Pending Fulfillment' END",
        Form.TEXT,
    ),
    "trandate": Column(DATE, "x.created", form=Form.DAY),
    "createddate": moment("x.created", is_required=True),
    "createdby": person("x.created_by"),
    "lastmodifieddate": moment("x.modified"),
    "lastmodifiedby": person("x.modified_by"),
    "entity": person("x.entity"),
    "memo": text("x.memo"),
    "posting": NO,
    "voided": NO,
}
ENTITY: Final[Mapping[str, Column]] = {
    "id": internal_id(),
    "type": Column(TEXT, "'Employee'"),
    "entitytitle": text("x.entityid"),
    "altname": text("x.entityid"),
    "isperson": Column(TEXT, "'T'"),
    "parent": nothing(NUMBER),
    "employee": person("x.id"),
    "contact": nothing(NUMBER),
    "customer": nothing(NUMBER),
    "vendor": nothing(NUMBER),
    "project": nothing(NUMBER),
}
