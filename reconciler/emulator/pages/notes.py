"""The subtab System Notes of a record."""

import sqlite3
from typing import Final

from reconciler.emulator.pages.visit import Visit

# The words of the list are not documented for each number; 1, 2 and 4 are what public clients take them for.
TYPES: Final = {1: "Create", 2: "Set", 4: "Change"}
MOST_SHOWN: Final = 200


def of(visit: Visit, record_type: int | None, record: int) -> list[sqlite3.Row]:
    """The newest notes of a record; whoever may view a record may view its notes.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1500043125.html
    """
    return visit.rows(
        "SELECT n.*, COALESCE(e.entityid, '-System-') AS set_by FROM system_notes n"
        " LEFT JOIN employees e ON e.account = n.account AND e.id = n.name"
        " WHERE n.account = ? AND n.record_type IS ? AND n.record_id = ? ORDER BY n.id DESC LIMIT ?",
        record_type,
        record,
        MOST_SHOWN,
    )
