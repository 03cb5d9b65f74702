"""Which page stands at which address, and which permission opens it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.emulator.accounts import MANAGE_OAUTH2, MANAGE_TOKENS, OWN_TOKENS
from reconciler.emulator.pages import (
    audit_trail,
    company,
    connector,
    employees,
    home,
    integrations,
    login,
    mappings,
    orders,
    roles,
    tokens,
    users,
)
from reconciler.emulator.pages.visit import HOME, LOGIN, Reply, Shown


@dataclass(frozen=True, slots=True)
class Page:
    """One address: what it shows, what its form does, and how it shows the form again with what is wrong.

    The functions take a Guest under GUESTS and a Visit under PAGES.
    """

    show: Callable[[Any], Reply]
    act: Callable[[Any], Reply] | None = None
    again: Callable[[Any, str], Shown] | None = None
    needs: tuple[str, ...] = ()  # any of them at View; empty: everybody


GUESTS: Final[Mapping[str, Page]] = {
    LOGIN: Page(login.show, login.choose),
    "/connector/": Page(connector.enter),
    "/connector/netsuite/settings/credentials": Page(connector.show, connector.save),
    "/connector/orders": Page(connector.show_orders, connector.post_order),
    "/connector/clock": Page(connector.go_to_orders, connector.let_time_pass),
}
_EMPLOYEES: Final = ("LIST_EMPLOYEE", "LIST_EMPLOYEE_RECORD")
PAGES: Final[Mapping[str, Page]] = {
    HOME: Page(home.show),
    "/app/center/myroles.nl": Page(login.show_roles),
    "/app/login/secure/logout.nl": Page(home.go_home, login.log_out),
    "/app/common/entity/employeelist.nl": Page(employees.show_list, needs=_EMPLOYEES),
    "/app/common/entity/employee.nl": Page(employees.show, employees.act, employees.again, _EMPLOYEES),
    "/app/setup/listusers.nl": Page(users.show, needs=("ADMI_MANAGEUSERS",)),
    "/app/setup/rolelist.nl": Page(roles.show_list, needs=("ADMI_MANAGEROLES",)),
    "/app/setup/role.nl": Page(roles.show, needs=("ADMI_MANAGEROLES",)),
    "/app/setup/accesstokens.nl": Page(tokens.show_list, needs=(MANAGE_TOKENS,)),
    "/app/setup/accesstoken.nl": Page(tokens.show, tokens.act, tokens.again, (MANAGE_TOKENS, OWN_TOKENS)),
    "/app/setup/accesstokensearch.nl": Page(tokens.show_search, needs=(MANAGE_TOKENS,)),
    "/app/setup/myaccesstokens.nl": Page(tokens.show_own, needs=(OWN_TOKENS,)),
    "/app/setup/myaccesstoken.nl": Page(tokens.show_new_own, tokens.create_own, tokens.own_again, (OWN_TOKENS,)),
    "/app/setup/loginaudit.nl": Page(audit_trail.show, needs=("ADMI_AUDITLOGIN",)),
    "/app/setup/oauth2mappings.nl": Page(mappings.show_list, mappings.revoke, needs=(MANAGE_OAUTH2,)),
    "/app/setup/oauth2mapping.nl": Page(mappings.show_new, mappings.create, mappings.again, (MANAGE_OAUTH2,)),
    "/app/common/integration/integrapplist.nl": Page(integrations.show_list, needs=("LIST_INTEGRAPP",)),
    "/app/common/integration/integrapp.nl": Page(integrations.show, integrations.save, needs=("ADMI_INTEGRAPP",)),
    "/app/common/otherlists/company.nl": Page(company.show, needs=("ADMI_COMPANY",)),
    "/app/accounting/transactions/transactionlist.nl": Page(orders.show_list, needs=("TRAN_SALESORD",)),
    "/app/accounting/transactions/salesord.nl": Page(orders.show, needs=("TRAN_SALESORD",)),
}
