"""What this tool is to do in an account, and what its logins need for it (netsuite.md 8, netsuite-2.md corrections)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reconciler.core.examination import EDIT, LEVELS, VIEW


class Profile(StrEnum):
    """Each includes the one before it."""

    LOOK = "look"
    PEOPLE = "people"
    OWNER = "owner"


PURPOSE: Final[Mapping[Profile, str]] = {
    Profile.LOOK: "look: read, plan, verify",
    Profile.PEOPLE: "people: write the roles of employees who are no administrators",
    Profile.OWNER: "owner: write the roles of administrators too, such as the Connector's owner",
}
_SUBTABS: Final[Mapping[str, str]] = {"ADMI": "Setup", "LIST": "Lists", "TRAN": "Transactions", "REPO": "Reports"}


@dataclass(frozen=True, slots=True)
class Need:
    """One permission: its id, the name NetSuite prints, the least level, what it is for.

    `tables` are those it opens, of which one is enough; `is_silent` says that without it rows are missing and no
    error tells. `only_with` is a feature without which NetSuite does not offer it.
    """

    key: str
    name: str
    level: int
    purpose: str
    tables: tuple[str, ...] = ()
    is_silent: bool = False
    only_with: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({LEVELS[self.level]})"

    def clicks(self, role: str) -> str:
        """The way to grant it."""
        subtab = _SUBTABS[self.key.partition("_")[0]]
        return (
            f"Setup > Users/Roles > Manage Roles > {role} > Edit > Permissions > {subtab}: "
            f"{self.name}, Level {LEVELS[self.level]}, Add; Save"
        )


_GRANTS: Final = ("employeerolesforsearch", "employeeroles")
_RECORDS: Final = ("integrationapp", "integration")
WORKBOOK: Final = Need("REPO_ANALYTICS", "SuiteAnalytics Workbook", EDIT, "SuiteQL, by which everything is read")
LOOKING: Final = (
    Need("LIST_EMPLOYEE_RECORD", "Employee Record", VIEW, "who is active and has access", ("employee",)),
    Need("ADMI_MANAGEROLES", "Bulk Manage Roles", VIEW, "roles and who holds them", ("role", *_GRANTS)),
    Need("ADMI_MANAGE_OAUTH_TOKENS", "Access Token Management", VIEW, "who owns which token", ("oauthtoken",)),
    Need("ADMI_AUDITLOGIN", "View Login Audit Trail", VIEW, "which token is in use", ("loginaudit",)),
    Need("ADMI_INTEGRAPP", "Integration Application", VIEW, "whether an integration is blocked", _RECORDS),
    Need("LIST_INTEGRAPP", "Integration Applications", VIEW, "the same; which of the two counts is unknown", _RECORDS),
    Need("LIST_FIND", "Perform Search", VIEW, "owners who are no employees", ("entity",)),
    Need(
        "LIST_SYSTEMNOTES", "System Notes for Analytics and REST", VIEW, "who set what", ("systemnote",), is_silent=True
    ),
    Need("TRAN_FIND", "Find Transaction", VIEW, "who posts the orders (verify)", ("transaction",)),
    Need("TRAN_SALESORD", "Sales Order", VIEW, "who posts the orders (verify)", ("transaction",), is_silent=True),
)
WRITING_PEOPLE: Final = (
    Need("LIST_EMPLOYEE", "Employees", EDIT, "to change employees"),
    Need("LIST_EMPLOYEE_RECORD", "Employee Record", EDIT, "to change employees by REST"),
    Need(
        "LIST_EMPLOYEE_ACCESS",
        "Employee Access Tab",
        EDIT,
        "to change roles and access",
        only_with="advanced_employee_permissions",
    ),
)

# What a login that only reads may hold above View: none of it changes a record of a person, role or token.
HARMLESS: Final = frozenset({"ADMI_RESTWEBSERVICES", "ADMI_LOGIN_OAUTH", "ADMI_LOGIN_OAUTH2", "REPO_ANALYTICS"})
# Above View these change who may do what.
DANGEROUS: Final = frozenset(
    {
        "LIST_EMPLOYEE", "LIST_EMPLOYEE_RECORD", "LIST_EMPLOYEE_ACCESS", "ADMI_MANAGEROLES", "ADMI_MANAGEUSERS",
        "ADMI_MANAGE_OAUTH_TOKENS", "ADMI_INTEGRAPP", "ADMI_KERNEL", "ADMI_MANAGE_OAUTH2_APPLICATIONS",
    }
)  # fmt: skip
# At any level.
ADMINISTRATIVE: Final = frozenset({"ADMI_KERNEL"})
