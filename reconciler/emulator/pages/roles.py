"""Setup > Users/Roles > Manage Roles, to look at only."""

from typing import Final

from reconciler.emulator.accounts import LEVELS, PERMISSION_NAMES
from reconciler.emulator.pages.visit import Shown, Visit

_LEVEL_NAMES: Final = {number: name for name, number in LEVELS.items()}


def show_list(visit: Visit) -> Shown:
    has_inactive = "inactive" in visit.query
    rows = visit.rows(
        "SELECT r.*, (SELECT COUNT(*) FROM permissions p WHERE p.account = r.account AND p.role = r.id) AS permissions"
        " FROM roles r WHERE r.account = ? AND (r.inactive = 0 OR ?) ORDER BY r.name COLLATE NOCASE, r.id",
        int(has_inactive),
    )
    return Shown("roles.html", {"rows": rows, "has_inactive": has_inactive})


def show(visit: Visit) -> Shown:
    row = visit.row("SELECT * FROM roles WHERE account = ? AND id = ?", visit.query.number("id"))
    levels = visit.rows("SELECT key, level FROM permissions WHERE account = ? AND role = ?", row["id"])
    listed = sorted(
        (PERMISSION_NAMES.get(each["key"], each["key"]), each["key"], _LEVEL_NAMES.get(each["level"], ""))
        for each in levels
    )
    return Shown("role.html", {"row": row, "permissions": listed})
