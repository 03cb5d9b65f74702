"""NetSuite's menus, as far as they lead to what the emulator has."""

from dataclasses import dataclass
from typing import Final

from reconciler.emulator.accounts import VIEW
from reconciler.emulator.pages.routes import PAGES
from reconciler.emulator.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the menu, with a page or with words below it."""

    label: str
    path: str = ""  # empty for a mere heading
    entries: tuple["Entry", ...] = ()


_TOKENS: Final = Entry(
    "Access Tokens", "/app/setup/accesstokens.nl", entries=(Entry("New", "/app/setup/accesstoken.nl"),)
)
_TRAIL: Final = Entry("View Login Audit Trail", "/app/setup/loginaudit.nl")
MENU: Final = (
    Entry(
        "Transactions",
        entries=(
            Entry(
                "Sales",
                entries=(
                    Entry(
                        "Enter Sales Orders",
                        entries=(Entry("List", "/app/accounting/transactions/transactionlist.nl"),),
                    ),
                ),
            ),
        ),
    ),
    Entry("Lists", entries=(Entry("Employees", entries=(Entry("Employees", "/app/common/entity/employeelist.nl"),)),)),
    Entry(
        "Setup",
        entries=(
            Entry("Company", entries=(Entry("Company Information", "/app/common/otherlists/company.nl"),)),
            Entry(
                "Integration",
                entries=(
                    Entry("Manage Integrations", "/app/common/integration/integrapplist.nl"),
                    Entry(
                        "Manage Authentication",
                        entries=(Entry("OAuth 2.0 Client Credentials (M2M) Setup", "/app/setup/oauth2mappings.nl"),),
                    ),
                ),
            ),
            Entry(
                "Users/Roles",
                entries=(
                    Entry("Manage Users", "/app/setup/listusers.nl"),
                    Entry("Manage Roles", "/app/setup/rolelist.nl"),
                    _TOKENS,
                    _TRAIL,
                    Entry("User Management", entries=(_TOKENS, _TRAIL)),
                ),
            ),
        ),
    ),
)


def menu(visit: Visit) -> tuple[Entry, ...]:
    """The menus without what the role may not open, and without headings under which nothing is left."""
    return _allowed(visit, MENU)


def _allowed(visit: Visit, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    left = []
    for entry in entries:
        inner = _allowed(visit, entry.entries)
        if _may_open(visit, entry.path) if entry.path else inner:
            left.append(Entry(entry.label, entry.path, inner))
    return tuple(left)


def _may_open(visit: Visit, path: str) -> bool:
    needs = PAGES[path].needs
    return not needs or any(visit.by.may(key, VIEW) for key in needs)
