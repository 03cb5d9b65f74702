"""SuiteQL for what only an access review asks: what the roles of tokens may do (netsuite.md 6.4)."""

# ruff: noqa: S608 - every name in a text is one of ours; what comes from outside is a bound parameter
from collections.abc import Sequence

from reconciler.netsuite.queries import ROLE_PERMISSION, numbers
from reconciler.netsuite.suiteql import Query, marks


def viewing_of_roles(role_ids: Sequence[str]) -> list[Query]:
    """The box *Allow Cross-Subsidiary Record Viewing*; an account without subsidiaries need not have the column."""
    columns = ("id, subsidiaryviewingallowed", "id")
    return [
        Query(
            "role",
            f"SELECT {names} FROM role WHERE id IN ({marks(role_ids)}) ORDER BY id ASC",
            ("id",),
            ROLE_PERMISSION,
            numbers(role_ids),
        )
        for names in columns
    ]
