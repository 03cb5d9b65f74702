"""The employee record, field by field: the one table that reading, writing, filtering and the metadata share.

Sections named in brackets are pages of https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from reconciler.emulator.employee_names import NOT_KEPT


class Kind(Enum):
    """What a field holds; the value is the letter of such a field in system notes."""

    KEY = "K"  # the internal id: text in the record, a number in filters
    TEXT = "S"
    FLAG = "B"
    NUMBER = "M"
    DATE = "D"
    MOMENT = "T"
    ENUM = "N"
    REFERENCE = "R"
    SECRET = "P"  # taken, never kept and never returned


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Names, titles, types and formats are those of NetSuite's REST API Browser, release 2026.1."""

    name: str
    kind: Kind
    title: str
    column: str = ""
    note: str = ""  # what comes after the prefix in `field` of a system note
    writable: bool = True
    filterable: bool = True
    inverted: bool = False  # the column holds the opposite
    target: str = ""  # of a reference: the record type it leads to
    options: tuple[tuple[str, str], ...] = ()  # of an enumeration: the ids, with their labels where those are known
    is_flag: bool = False  # of a secret: true or false instead of a text

    @property
    def sql(self) -> str:
        return f"(NOT e.{self.column})" if self.inverted else f"e.{self.column}"


def _text(name: str, title: str, note: str = "", column: str = "") -> Field:
    return Field(name, Kind.TEXT, title, column or name.lower(), note or f"S{name.upper()}")


def _flag(name: str, title: str) -> Field:
    return Field(name, Kind.FLAG, title, name.lower(), f"B{name.upper()}")


def _number(name: str, title: str) -> Field:
    return Field(name, Kind.NUMBER, title, name.lower(), f"M{name.upper()}")


def _date(name: str, title: str) -> Field:
    return Field(name, Kind.DATE, title, name.lower(), f"D{name.upper()}")


def _moment(name: str, title: str, column: str) -> Field:
    return Field(name, Kind.MOMENT, title, column, writable=False)


def _reference(name: str, title: str, target: str) -> Field:
    return Field(name, Kind.REFERENCE, title, name.lower(), f"K{name.upper()}", target=target)


def _secret(name: str, title: str, *, is_flag: bool = False) -> Field:
    return Field(name, Kind.SECRET, title, filterable=False, is_flag=is_flag)


# Of the four labels only this one is documented (section_1545142146).
SUBSCRIPTION: Final = (("1", ""), ("2", "Soft Opt-Out"), ("3", ""), ("4", ""))
GIVE_ACCESS: Final = Field("giveAccess", Kind.FLAG, "Login Access", "access")
IS_INACTIVE: Final = Field("isInactive", Kind.FLAG, "Is Inactive", "active", "BINACTIVE", inverted=True)
SUBSIDIARY: Final = Field("subsidiary", Kind.REFERENCE, "Subsidiary", "subsidiary", "KSUBSIDIARY", target="subsidiary")
FIELDS: Final[tuple[Field, ...]] = (
    Field("id", Kind.KEY, "Internal ID", "id", writable=False),
    _text("externalId", "External ID", column="external_id"),
    _text("entityId", "Entity ID", "SNAME"),
    _text("salutation", "Mr./Ms..."),
    _text("firstName", "First Name"),
    _text("middleName", "Middle Name"),
    _text("lastName", "Last Name"),
    _text("initials", "Initials"),
    _text("title", "Job Title"),
    _text("jobdescription", "Job Description"),
    _text("email", "Email"),
    _text("phone", "Phone"),
    _text("officePhone", "Office Phone"),
    _text("mobilePhone", "Mobile Phone"),
    _text("homePhone", "Home Phone"),
    _text("fax", "Fax"),
    _text("comments", "Notes"),
    _text("accountNumber", "Account"),
    GIVE_ACCESS,
    IS_INACTIVE,
    _flag("issalesrep", "Sales Rep"),
    _flag("issupportrep", "Support Rep"),
    _flag("isJobResource", "Job Resource"),
    _flag("isJobManager", "Job Manager"),
    _date("hireDate", "Hire Date"),
    _date("releasedate", "Termination/Release Date"),
    _date("lastReviewDate", "Last Review Date"),
    _date("nextReviewDate", "Next Review Date"),
    _number("laborCost", "Labor Cost"),
    _number("expenselimit", "Expense Limit"),
    _number("purchaseorderlimit", "Purchase Limit"),
    Field("globalSubscriptionStatus", Kind.ENUM, "Global Subscription Status", "globalsubscriptionstatus",
          "KGLOBALSUBSCRIPTIONSTATUS", options=SUBSCRIPTION),
    SUBSIDIARY,
    _reference("department", "Department", "department"),
    _reference("class", "Class", "classification"),
    _reference("location", "Location", "location"),
    _reference("supervisor", "Supervisor", "employee"),
    _reference("approver", "Expense Approver", "employee"),
    _moment("dateCreated", "Date Created", "created"),
    _moment("lastModifiedDate", "Last Modified Date", "modified"),
    _secret("password", "Password"),
    _secret("password2", "Confirm Password"),
    _secret("requirePwdChange", "Require Password Change On Next Login", is_flag=True),
    _secret("sendEmail", "Send New Access Notification Email", is_flag=True),
)  # fmt: skip
BY_NAME: Final[Mapping[str, Field]] = {field.name.lower(): field for field in FIELDS}
ROLES: Final = "roles"
# What a line of `roles` has besides selectedRole: told by the role, so taken without a word and never returned.
ROLE_LINE: Final = frozenset(
    {"selectedrole", "billingwarn", "centertype", "deviceidonly", "links", "masterrole", "refname", "ssoonly", "wsonly"}
)
READ_ONLY: Final = frozenset({"links", "refname"}) | {
    field.name.lower() for field in FIELDS if not field.writable
}  # of the record itself


def is_kept_elsewhere(name: str) -> bool:
    """Whether NetSuite's record has a field or sublist of this name, which the emulator does not keep."""
    return name.lower() in NOT_KEPT
