"""The files of several reconcilers of one account: contents that may contradict each other, and the last word."""

from collections.abc import Mapping
from typing import Any, Final

from tests.cli.conftest import a_login
from tests.support.in_process import URL

CONNECTOR, HUB, PRINTER = "NetSuite Connector", "Shipping Hub", "Label Printer"
CONNECTOR_ROLE, HUB_ROLE = "NetSuite Connector Web Services", "Shipping Hub Web Services"
PROTECTED: Final = "break.glass@example.com"
LEAST_ADMINISTRATORS: Final = 3
MOST_REMOVALS: Final = 3
RECENT_DAYS: Final = 7

Content = Mapping[str, Any]

CONNECTOR_OWNERS: Final = ("dana.ortiz@example.com", "lee.wong@example.com", "ann@example.com")
HUB_OWNERS: Final = ("tom.becker@example.com", "priya.nair@example.com", "dana.ortiz@example.com")
# By name of entity: what a file may not say of a login or a protected person by e-mail has to be seen in the account.
EMPLOYEES: Final[tuple[Content, ...]] = (
    {"marco.silva@example.com": {"roles": {"exactly": ["Accountant"]}}},
    {"marco.silva@example.com": {"active": False}},
    {"tom.becker@example.com": {"access": False}},
    {"tom.becker@example.com": {"active": True, "access": True, "roles": {"at_least": ["Accountant"]}}},
    {"dana.ortiz@example.com": {"roles": {"exactly": ["Administrator"]}}, "priya.nair@example.com": {"active": False}},
    {"lee.wong@example.com": {"active": False}, "ann@example.com": {"access": False}},
    {"ann@example.com": {"roles": {"exactly": ["Buyer"]}}},
    {"entity_id:Reconciler Admin": {"access": False}},
    {"entity_id:Reconciler Reader": {"roles": {"exactly": ["Buyer"]}}},
    {"entity_id:Break Glass": {"active": False}},
)


def connector(owner: str, previous_owner: str = "retire", not_before: str | None = None) -> Content:
    entry = {
        "application": CONNECTOR,
        "owner": owner,
        "token_role": CONNECTOR_ROLE,
        "required_roles": ["Administrator"],
        "previous_owner": previous_owner,
        "quiet_period": "2h",
    }
    return {"connector": entry | ({"token_not_before": not_before} if not_before else {})}


def hub(owner: str) -> Content:
    return {"hub": {"application": HUB, "owner": owner, "token_role": HUB_ROLE, "quiet_period": "1h"}}


def a_file(integrations: Content, employees: Content) -> Content:
    writer = {"employee": "svc.admin@example.com", "role": "Administrator"}
    return {
        "version": 1,
        "netsuite": {
            "account": "1234567",
            "endpoint": URL,
            "login": a_login(),
            "apply_login": a_login("APPLY_") | {"acts_as": writer},
            # One after the other, so that what a test does between two requests happens there again.
            "concurrency": 1,
        },
        "integrations": integrations,
        "employees": employees,
        "guards": {
            "protected_employees": [PROTECTED],
            "min_administrators": LEAST_ADMINISTRATORS,
            "max_removals": MOST_REMOVALS,
        },
    }


LAST_WORD: Final[Mapping[str, Content]] = {
    "north": a_file(connector(CONNECTOR_OWNERS[0]), {}),
    "south": a_file(hub(HUB_OWNERS[0]), EMPLOYEES[3]),
}
"""What everybody agrees on in the end."""
